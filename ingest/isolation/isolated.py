"""How are documents read so that a bad one harms nothing? In processes of their own, kept for the next one.

A process that crashes, hangs or takes too much is ended and replaced; the others go on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from ingest.isolation.process import ReaderProcess
from ingest.parts import FoundPart, LostPart
from ingest.reading import Limits, Seen, Sight, Task, gathered, the_picture, the_texts
from kb.blobs import BlobStore
from kb.errors import KBError, SourceError

_CHILD = "ingest.isolation.child"

Found = Iterator[Sight | FoundPart | LostPart]
Answer = TypeVar("Answer")


class Isolated:
    """Reads in as many processes as there are callers at the same time; the first starts with the first."""

    def __init__(self, limits: Limits | None = None, *, module: str = _CHILD) -> None:
        self.limits = limits or Limits()
        self._module = module
        self._lock = threading.Lock()
        self._idle: list[ReaderProcess] = []
        self._busy: set[ReaderProcess] = set()
        self._closed = False

    def read(self, task: Task, blobs: BlobStore) -> Seen:
        """Read kept bytes; see ``Reading``.

        When a process that has read others before comes to its end, that may be their doing: then a fresh
        one tries again, unless it was time that ran out.
        """
        return self._asked(task, blobs, then=lambda found: gathered(found, blobs))

    def picture(self, task: Task, blobs: BlobStore) -> bytes:
        """Return the picture of a page; see ``Reading``."""
        return self._asked(task, blobs, then=the_picture)

    def texts(self, task: Task, blobs: BlobStore) -> list[str]:
        """Return the texts that may hold links; see ``Reading``."""
        return self._asked(replace(task, for_links=True), blobs, then=the_texts)

    def _asked(self, task: Task, blobs: BlobStore, *, then: Callable[[Found], Answer]) -> Answer:
        with self._process() as process:
            before = process.answered
            try:
                return then(process.ask(task, self.limits, folder=blobs.folder))
            except KBError:
                if not before or process.answered > before or process.timed_out or self._closed:
                    raise
        with self._process(fresh=True) as process:
            return then(process.ask(task, self.limits, folder=blobs.folder))

    def close(self) -> None:
        """End all processes; reading that is under way fails."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for process in idle:
            process.close()
        for process in busy:
            process.end(SourceError("reading was broken off"))

    @contextmanager
    def _process(self, *, fresh: bool = False) -> Iterator[ReaderProcess]:
        process = self._taken(fresh=fresh)
        answered = process.answered
        try:
            yield process
        finally:
            # What was not answered to the end has left something in the stream, or has ended.
            whole = process.answered > answered and process.alive
            # Memory is seldom given back, and half of what a document may take is too little for the next.
            fit = whole and process.memory_mb() < self.limits.memory_mb / 2
            with self._lock:
                self._busy.discard(process)
                keep = fit and not self._closed
                if keep:
                    self._idle.append(process)
            if not keep:
                process.close()

    def _taken(self, *, fresh: bool) -> ReaderProcess:
        with self._lock:
            if self._closed:
                raise SourceError("reading was broken off")
            process = self._idle.pop() if self._idle and not fresh else ReaderProcess(self._module)
            self._busy.add(process)
        return process
