"""Which index is live? Generations stand side by side in numbered folders; a small file names the live one.

index/
  live            the number of the generation that answers, and its checksum
  write.lock      held by the one process that writes the live generation, or makes another one live
  build.lock      held by the one process that builds a generation beside it
  00000001/       manifest.json and the engine's files; the file building, as long as it is not finished
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
import zlib
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
_BUILDING = "building"


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
        number, _, checksum = text.partition(" ")
        # The first format had no checksum.
        if not number.isdigit() or (checksum and checksum != _checksum(number)):
            raise IndexIncompatible("the file that names the live index is damaged")
        return int(number)

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

    def finished(self) -> list[int]:
        """Return the numbers of the generations that were built to the end, lowest first."""
        return [number for number in self.all() if not (self.path(number) / _BUILDING).exists()]

    def unfinished(self) -> int | None:
        """Return the generation that a rebuild which was broken off had begun, or None."""
        begun = set(self.all()) - set(self.finished())
        return max((number for number in begun if number > self._last_live()), default=None)

    def create(self, *, building: bool = False) -> tuple[int, Engine]:
        """Make an empty generation beside the others and open it; ``building``: it stays so until swapped."""
        number = max([0, self._last_live(), *self.all()]) + 1
        path = self.path(number)
        path.mkdir(mode=0o700, parents=True)
        if building:
            (path / _BUILDING).touch()
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
        """Return the generation that opens and reflects most, for when the name of the live one is lost."""
        sound = []
        for number in self.finished():
            try:
                engine = self.open(number)
            except SearchIndexError:
                continue
            sound.append((engine.sequence, number))
            engine.close()
        return max(sound)[1] if sound else None

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
            file.write(f"{number} {_checksum(str(number))}")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.folder / "live")
        fsync_folder(self.folder)
        (self.path(number) / _BUILDING).unlink(missing_ok=True)

    def previous(self) -> int | None:
        """Return the finished generation before the live one, or None."""
        live = self.live() or 0
        return max((number for number in self.finished() if number < live), default=None)

    def prune(self) -> None:
        """Remove the generations that are neither live nor the one before it."""
        kept = (self.live(), self.previous())
        for number in self.all():
            if number not in kept:
                self.drop(number)

    def size(self, number: int) -> int:
        """Return how many bytes a generation takes."""
        return sum(path.stat().st_size for path in self.path(number).glob("**/*") if path.is_file())

    def drop(self, number: int) -> None:
        """Remove a generation that is not live."""
        shutil.rmtree(self.path(number), ignore_errors=True)

    @contextmanager
    def lock(self, *, wait: float) -> Iterator[None]:
        """Hold the right to write, or raise IndexBusy after ``wait`` seconds; it ends with the process.

        What the disk refuses meanwhile becomes a StorageError.
        """
        with self._held("write.lock", "another process is writing the index", wait=wait):
            yield

    @contextmanager
    def building(self, *, wait: float) -> Iterator[None]:
        """Hold the right to build a generation beside the live one, which others go on writing."""
        with self._held("build.lock", "another process is building the index anew", wait=wait):
            yield

    @contextmanager
    def _held(self, name: str, taken: str, *, wait: float) -> Iterator[None]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.folder / name, timeout=wait):
                yield
        except Timeout:
            raise IndexBusy(taken) from None
        except OSError as error:
            raise StorageError(f"the index cannot be written: {error.strerror or error}") from error


def _checksum(number: str) -> str:
    return f"{zlib.crc32(number.encode()):08x}"


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
