"""Which index is live? Generations stand side by side in numbered folders; a small file names the live one.

index/
  live            the number of the generation that answers
  write.lock      held by the one process that writes
  00000001/       manifest.json and the engine's files
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index import manifest
from index.engine import Engine
from index.engines import ENGINES, open_engine
from kb.blobs import fsync_folder
from kb.errors import IndexBusy, IndexIncompatible, IndexMissing, SearchIndexError, StorageError

log = logging.getLogger("kb.index")

# Seconds between two looks at which generation is live.
_LOOK_AGAIN = 1.0


class Generations:
    """The folder of index generations."""

    def __init__(self, folder: Path, *, catalog_id: str) -> None:
        self.folder = folder
        self.catalog_id = catalog_id

    def live(self) -> int | None:
        """Return the number of the live generation, or None before the first.

        Raises IndexIncompatible when the file that says so is damaged.
        """
        try:
            text = (self.folder / "live").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexIncompatible("the file that names the live index cannot be read") from error
        if not text.isdigit():
            raise IndexIncompatible("the file that names the live index is damaged")
        return int(text)

    def all(self) -> list[int]:
        """Return the numbers of the generations there are, lowest first."""
        if not self.folder.is_dir():
            return []
        return sorted(
            int(path.name) for path in self.folder.iterdir() if path.name.isdigit() and path.is_dir()
        )

    def path(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.folder / f"{number:08d}"

    def create(self) -> tuple[int, Engine]:
        """Make an empty generation beside the others and open it."""
        number = max([0, self._last_live(), *self.all()]) + 1
        path = self.path(number)
        path.mkdir(mode=0o700, parents=True)
        engine = open_engine(ENGINES[0], path)
        manifest.Manifest.today(engine=ENGINES[0], catalog_id=self.catalog_id).write(path)
        return number, engine

    def _last_live(self) -> int:
        """Return the number that was last live: readers may hold it open though its folder is gone."""
        try:
            return self.live() or 0
        except IndexIncompatible:
            return 0

    def newest_sound(self) -> int | None:
        """Return the newest generation that opens, for when the file that names the live one is lost."""
        for number in reversed(self.all()):
            try:
                self.open(number).close()
            except SearchIndexError:
                continue
            return number
        return None

    def open(self, number: int) -> Engine:
        """Open a generation, or raise IndexIncompatible."""
        path = self.path(number)
        found = manifest.read(path)
        found.check(catalog_id=self.catalog_id)
        return open_engine(found.engine, path)

    def swap(self, number: int) -> None:
        """Make a generation the live one; at every moment searches find the old one or this one."""
        temporary = self.folder / ".live"
        with temporary.open("w", encoding="ascii") as file:
            file.write(str(number))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.folder / "live")
        fsync_folder(self.folder)

    def prune(self) -> None:
        """Remove the generations that are neither live nor the one before it."""
        live = self.live() or 0
        older = [number for number in self.all() if number < live]
        for number in self.all():
            if number != live and number not in older[-1:]:
                shutil.rmtree(self.path(number), ignore_errors=True)

    @contextmanager
    def lock(self, *, wait: float) -> Iterator[None]:
        """Hold the right to write, or raise IndexBusy after ``wait`` seconds; it ends with the process.

        What the disk refuses meanwhile becomes a StorageError.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / "write.lock", timeout=wait):
                yield
        except Timeout:
            raise IndexBusy("another process is writing the index") from None
        except OSError as error:
            raise StorageError(f"the index cannot be written: {error.strerror or error}") from error


class LiveIndex:
    """The live generation, held open; follows swaps within a second. Safe to share between threads."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._number: int | None = None
        self._engine: Engine | None = None
        self._looked_at = float("-inf")

    def engine(self) -> tuple[Engine, int]:
        """Return the live engine and its generation; raise IndexMissing or IndexIncompatible."""
        with self._lock:
            now = time.monotonic()
            if self._engine is None or now - self._looked_at >= _LOOK_AGAIN:
                self._follow()
                self._looked_at = now
            assert self._engine is not None
            assert self._number is not None
            return self._engine, self._number

    def folder(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self._generations.path(number)

    def _follow(self) -> None:
        try:
            number = self._generations.live()
            if number is None:
                raise IndexMissing("no document has been indexed yet")
            if number != self._number:
                # The old engine is not closed: another thread may search it; it goes with its last user.
                self._engine = self._generations.open(number)
                self._number = number
        except SearchIndexError as error:
            # Whatever happened to the files, the generation that is open goes on answering.
            if self._engine is None:
                raise
            log.error("%s; generation %s goes on answering", error, self._number)
