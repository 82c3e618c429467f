"""Where do the pictures of pages come from? Drawn once, within limits, and kept for a while."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from ingest.reading import Reading, Task
from kb.blobs import BlobStore
from kb.model import Revision

WIDTHS = (800, 1600)
"""Dots that a picture may be wide: enough for a page on a plain screen, and zoomed or on a dense one."""

# Pages drawn at the same time: readers that turn pages fast must not take both cores from those who search.
_AT_ONCE = 2
# What is left when the pictures take too much space: so they are not counted again with each new one.
_KEEP = 0.8
# Seconds after which what was being written belongs to a process that was killed over it.
_WRITTEN_WITHIN = 3600.0


class Pictures:
    """Pictures of the pages of PDFs, kept in a folder that takes ``most_bytes`` at most."""

    def __init__(self, folder: Path, *, reading: Reading, blobs: BlobStore, most_bytes: int) -> None:
        self._folder = folder
        self._reading = reading
        self._blobs = blobs
        self._most_bytes = most_bytes
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._sweep = threading.Lock()

    def page(self, revision: Revision, number: int, *, width: int) -> bytes:
        """Return a page as a PNG so many dots wide; raise SourceError when it cannot be drawn."""
        path = self._folder / revision.sha256[:2] / f"{revision.sha256}-{number}-{width}.png"
        if (kept := _kept(path)) is not None:
            return kept
        with self._turn:
            if (kept := _kept(path)) is not None:
                return kept
            task = Task(revision.sha256, f"{number}.png", revision.media_type, 1, 1, page=number, width=width)
            drawn = self._reading.picture(task, self._blobs)
        # A disk that is full keeps no pictures, and nobody needs to know.
        with suppress(OSError):
            _write(path, drawn)
            self._make_room()
        return drawn

    def drop_those_without_bytes(self) -> int:
        """Remove the pictures of documents whose bytes are gone; return how many there were."""
        dropped = 0
        for path in self._folder.glob("*/*.png"):
            if not self._blobs.path(path.name.partition("-")[0]).exists():
                path.unlink(missing_ok=True)
                dropped += 1
        for path in self._folder.glob("*/.new-*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _WRITTEN_WITHIN:
                    path.unlink()
        return dropped

    def close(self) -> None:
        """End the processes that draw."""
        self._reading.close()

    def _make_room(self) -> None:
        """Drop the pictures that were not looked at for longest once all take more than they may."""
        with self._sweep:
            found = [(path, path.stat()) for path in self._folder.glob("*/*.png")]
            size = sum(stat.st_size for _, stat in found)
            if size <= self._most_bytes:
                return
            for path, stat in sorted(found, key=lambda one: one[1].st_mtime):
                if size <= self._most_bytes * _KEEP:
                    return
                path.unlink(missing_ok=True)
                size -= stat.st_size


def _kept(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return content


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(temporary, path)
