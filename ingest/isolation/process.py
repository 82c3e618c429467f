"""How is one reading process started, asked, watched and ended?"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from ingest.isolation import wire
from ingest.parts import FoundPart, LostPart
from ingest.reading import Limits, Sight, Task
from kb.errors import ReaderCrashed, SourceError, SourceTooLarge, UnexpectedError

log = logging.getLogger("kb.reading")

# Seconds between two looks at a process that reads.
_LOOK_EVERY = 0.05
# What Python, the readers and what finds sentences take by themselves: 171 MB were measured, with all readers
# loaded (of the model that tells languages, only what is touched counts).
_OWN_MB = 200
# Seconds that a process whose line is cut gets to say with which code it ended.
_END_WITHIN = 10.0
# Bytes of the frame that says that a process is ready.
_MOST_TOLD = 1_000
_ROOT = Path(__file__).parents[2]


class ReaderProcess:
    """A process that reads one task at a time. Not to be shared between threads, but for ``end``."""

    def __init__(self, module: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kb-reading-")
        # -P: a file that lies in the current folder and is named like a module of Python's is not run.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(self._folder.name),
            # Ctrl+C is for the parent, and ending this process ends what its readers have started.
            start_new_session=True,
        )
        self._started = False
        self._over = False
        self._ended_for: SourceError | None = None
        self._most_mb = 0.0
        self.answered = 0
        self.timed_out = False

    def ask(self, task: Task, limits: Limits, *, folder: Path) -> Iterator[Sight | FoundPart | LostPart]:
        """Yield what the process sees; raise a KBError when it sees nothing, or comes to its end over it."""
        assert self._process.stdin is not None
        self._await_start()
        with self._watched(limits):
            try:
                wire.send(self._process.stdin, wire.task_frame(task, limits, folder=str(folder)))
                yield from self._answers(limits)
            except OverflowError:
                self.end()
                raise _too_large(limits) from None
            except (EOFError, OSError, ValueError, KeyError, TypeError) as error:
                raise self._failure(error, limits) from error
        self.answered += 1

    def _await_start(self) -> None:
        """Wait until the process has loaded what it needs, which is no document's time."""
        if self._started:
            return
        assert self._process.stdout is not None
        try:
            wire.receive(self._process.stdout, most=_MOST_TOLD)
        except (EOFError, OSError, ValueError, OverflowError) as error:
            self.end()
            if self._ended_for is not None:
                raise self._ended_for from error
            raise UnexpectedError("a reading process could not be started; its errors stand above") from error
        self._started = True

    def _answers(self, limits: Limits) -> Iterator[Sight | FoundPart | LostPart]:
        assert self._process.stdout is not None
        while True:
            frame = wire.receive(self._process.stdout, most=int(limits.output_mb * 1_000_000))
            if "sight" in frame:
                yield wire.sight_from(frame["sight"])
            elif "part" in frame:
                most = int(limits.file_mb * 1_000_000)
                content = wire.content_after(self._process.stdout, frame, most=most)
                yield FoundPart(str(frame["part"]), str(frame["media_type"]), content)
            elif "lost" in frame:
                yield LostPart(str(frame["lost"]), wire.source_error_from(frame))
            else:
                self._close_task(frame, limits)
                return

    def _close_task(self, frame: dict[str, Any], limits: Limits) -> None:
        failed = frame.get("failed")
        if failed is None:
            return
        if failed == "memory":
            self.end()
            raise _too_hungry(limits)
        if failed == "known":
            error = wire.error_from(frame)
            # Any other error may be the doing of what was read before: files left open, say.
            self.answered += isinstance(error, SourceError)
            raise error
        log.error("unexpected error in a reader: %s\n%s", frame["error"], frame["trace"])
        raise UnexpectedError(f"unexpected error while reading: {frame['error']}")

    def _failure(self, error: Exception, limits: Limits) -> SourceError:
        """End the process and return why it ended, as far as that is known."""
        if isinstance(error, EOFError | OSError):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_WITHIN)
        code = self._process.poll()
        self.end()
        if self._ended_for is not None:
            return self._ended_for
        if code is not None and _manner(code) == "SIGALRM":
            self.timed_out = True
            return _too_slow(limits)
        if code is not None and _manner(code) == "SIGABRT" and self._most_mb > limits.memory_mb / 3:
            # A library that is given no more memory by the system ends the process.
            return _too_hungry(limits)
        log.warning("a reading process ended with code %s: %r", code, error)
        return ReaderCrashed(f"the reader came to a sudden end over it ({_manner(code)})")

    @property
    def alive(self) -> bool:
        """Tell whether the process can be asked."""
        return self._process.poll() is None

    def memory_mb(self) -> float:
        """Return the memory that the process takes beyond what it needs for itself; 0 when it has ended."""
        with suppress(psutil.Error):
            return float(psutil.Process(self._process.pid).memory_info().rss) / 1_000_000 - _OWN_MB
        return 0.0

    def end(self, reason: SourceError | None = None) -> None:
        """End the process at once, and what its readers have started. Safe to call from any thread."""
        if reason is not None:
            self._ended_for = reason
        if self._over:
            # The number may be another process's by now.
            return
        self._over = True
        with suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process and let go of its streams and its folder for temporary files."""
        self.end()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(OSError):
                stream.close()
        with suppress(OSError):
            self._folder.cleanup()

    @contextmanager
    def _watched(self, limits: Limits) -> Iterator[None]:
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(limits, done), daemon=True)
        watch.start()
        try:
            yield
        finally:
            done.set()
            watch.join()

    def _watch(self, limits: Limits, done: threading.Event) -> None:
        until = time.monotonic() + limits.seconds
        while not done.wait(_LOOK_EVERY):
            if time.monotonic() > until:
                self.timed_out = True
                self.end(_too_slow(limits))
            self._most_mb = max(self._most_mb, memory := self.memory_mb())
            if memory > limits.memory_mb:
                self.end(_too_hungry(limits))


def _environment(folder: str) -> dict[str, str]:
    """Return the variables of a reading process: none of our settings, which may hold passwords."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    own = {"PYTHONPATH": os.pathsep.join(paths), "TMPDIR": folder, "TEMP": folder, "TMP": folder}
    # The processes share the cores already.
    return {**kept, **own, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


def _manner(code: int | None) -> str:
    if code is None:
        return "it sent what is no answer"
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _too_slow(limits: Limits) -> SourceTooLarge:
    return SourceTooLarge(
        f"reading it took longer than the limit of {limits.seconds:g} seconds",
        remedy="Split the document, or raise KB_READ_SECONDS.",
    )


def _too_hungry(limits: Limits) -> SourceTooLarge:
    return SourceTooLarge(
        f"reading it took more memory than the limit of {limits.memory_mb:,.0f} MB",
        remedy="Split the document, or raise KB_READ_MEMORY_MB.",
    )


def _too_large(limits: Limits) -> SourceTooLarge:
    return SourceTooLarge(
        f"what was read in it is larger than the limit of {limits.output_mb:g} MB",
        remedy="Split the document, or raise KB_READ_OUTPUT_MB.",
    )
