"""What does a reading process do? It reads what it is asked to, one task after another, and may die of it.

It ends when its parent does: one thread listens to the parent all the time and ends the process at the end
of the line; where a reader keeps that thread from running, the system's timer ends it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from ingest import segment
from ingest.isolation import wire
from ingest.parts import FoundPart, LostPart
from ingest.readers.text import plaintext
from ingest.reading import Limits, Sight, Task, sights
from kb.blobs import BlobStore
from kb.errors import KBError, SourceUnreadable

# Bytes of a frame that the parent may send: a task.
_MOST_ASKED = 1_000_000
# Seconds that the system's timer gives above those of the parent's clock.
_GRACE = 2.0
_MOST_OPEN_FILES = 256
_TRACE = 4_000


def main() -> None:
    """Answer tasks on the streams that the parent opened until it closes them."""
    warnings.simplefilter("ignore")
    answers = _private_output()
    asked: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    warm_up()
    wire.send(answers, {"ready": True})
    task, limits, folder = wire.task_from(asked.get())
    limit_process(limits)
    while _answer(answers, task, limits, folder=Path(folder)):
        task, limits, folder = wire.task_from(asked.get())
    # Not by returning: the thread that listens holds a lock that Python would wait for.
    os._exit(0)


def warm_up() -> None:
    """Load what every document needs, so that it counts against no document's limits.

    The model that tells languages is unpacked, the first time, to files as large as small limits.
    """
    segment.segment(plaintext.read(b"The first words of all. They load what finds sentences."))


def _answer(answers: IO[bytes], task: Task, limits: Limits, *, folder: Path) -> bool:
    """Send the frames that answer a task; tell whether this process can go on."""
    healthy = True
    with _timer(limits.seconds + _GRACE):
        for frame, content in _frames(task, limits, folder):
            wire.send(answers, frame, content)
            healthy = frame.get("failed") != "memory"
    return healthy


def _private_output() -> IO[bytes]:
    """Return the stream to the parent; what readers and their libraries print goes nowhere instead."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return answers


def _listen(stream: IO[bytes], asked: queue.SimpleQueue[dict[str, Any]]) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked.put(wire.receive(stream, most=_MOST_ASKED))
    os._exit(0)


def _frames(task: Task, limits: Limits, folder: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the frames that answer a task and their bytes; the last one says how it ended."""
    try:
        for found in sights(BlobStore(folder).get(task.sha256), task, limits=limits):
            yield _frame(found)
        yield {"end": True}, b""
    except KBError as error:
        yield {"failed": "known", **wire.error_frame(error)}, b""
    except MemoryError:
        yield {"failed": "memory"}, b""
    except RecursionError:
        deep = SourceUnreadable("its parts are nested too deeply in one another to be followed")
        yield {"failed": "known", **wire.error_frame(deep)}, b""
    except (Exception, SystemExit) as error:  # noqa: BLE001  # the edge of this process: the parent says what it was
        trace = traceback.format_exc()[-_TRACE:]
        yield {"failed": "unexpected", "error": repr(error)[:_TRACE], "trace": trace}, b""


def _frame(found: Sight | FoundPart | LostPart) -> tuple[dict[str, Any], bytes]:
    if isinstance(found, FoundPart):
        return {"part": found.name, "media_type": found.media_type}, found.content
    if isinstance(found, LostPart):
        return {"lost": found.name, **wire.error_frame(found.error)}, b""
    return {"sight": wire.sight_frame(found)}, b""


@contextlib.contextmanager
def _timer(seconds: float) -> Iterator[None]:
    """End this process after so many seconds, whatever it is doing, where the system can (not Windows)."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    # The default action: the kernel ends the process, even in C code that never comes back to Python.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def limit_process(limits: Limits) -> None:
    """Hold this process to its memory, file sizes and open files, where the system can (not Windows)."""
    try:
        import resource  # noqa: PLC0415  # there is none on Windows
    except ImportError:
        return
    memory = _address_space() + int(limits.memory_mb * 1_000_000)
    unpacked = int(limits.unpacked_mb * 1_000_000)
    # macOS knows RLIMIT_AS but does not hold to it; there the parent's watch is what there is.
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, unpacked),
        (resource.RLIMIT_NOFILE, _MOST_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(what)
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (most, most))


def _address_space() -> int:
    """Return the bytes of addresses that are taken before any document is read."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 1_000_000_000
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
