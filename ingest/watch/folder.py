"""What has changed in a watched folder, and what does the library make of it?

What the system tells of changes are hints where to look: what counts is what is found there. A full pass
finds what no hint told of. So the same is done whatever was missed, and at every start.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from ingest.batch import accept_file
from ingest.children import Step, failed
from ingest.fetch import Found, Unreachable, collection_of, found_below, walk
from ingest.pipeline import Pipeline, file_at
from ingest.unchanged import skim
from ingest.watch.settling import Settling
from kb.errors import FolderVanished, SourceForbidden
from kb.model import Outcome

# Below this many, that most files are gone is an everyday thing.
_FEW = 10
# Paths asked for in one query.
_TOGETHER = 500


class WatchedFolder:
    """One folder and the collection that its documents are in.

    ``quiet`` is how many seconds a file must stay as it is before it is taken in; ``grace`` how long its
    source stays after the file is gone.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        root: Path,
        *,
        collection: str | None = None,
        max_bytes: int,
        quiet: float,
        grace: timedelta,
    ) -> None:
        self._pipeline = pipeline
        self._catalog = pipeline.catalog
        self.root = Path(os.path.abspath(root.expanduser()))
        self.collection = collection_of(self.root, collection)
        self._max_bytes = max_bytes
        self._settling = Settling(quiet)
        self._grace = grace

    @property
    def identity(self) -> tuple[int, int] | None:
        """Return what changes when another folder or drive comes to stand here; None when nothing does."""
        try:
            status = os.stat(self.root)
        except OSError:
            return None
        return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None

    def hint(self, path: Path, now: float) -> None:
        """Note that something happened at a path; for a folder below the root, at all that is in it."""
        path = self._as_named(path)
        if path == self.root or found_below(self.root, path, collection=self.collection) is None:
            return
        if path.is_dir() and not path.is_symlink():
            for found in walk(path):
                if isinstance(found, Found):
                    self._settling.note(found.path, now)
        else:
            self._settling.note(path, now)

    def look_through(self, now: float, at: datetime) -> Iterator[Outcome]:
        """Compare all that is there with what is known; yield what could not be looked at.

        Files that are new or look changed are noted, as are those that are gone.
        """
        if self.identity is None:
            return
        seen: set[str] = set()
        closed: list[str] = []
        for found in skim(self._catalog, walk(self.root, collection=self.collection)):
            seen.add(found.uri)
            if isinstance(found, Unreachable):
                closed.append(f"{found.uri.rstrip('/')}/")
                yield failed(found.uri, found.error)
            elif isinstance(found, Found) and self._leads_out(found.path):
                yield failed(found.uri, _led_out(found.path))
            elif isinstance(found, Found):
                self._settling.note(found.path, now)
        absent = [
            source_id
            for source_id, uri in self._known()
            if uri not in seen and not uri.startswith(tuple(closed)) and is_gone(file_at(uri))
        ]
        self._miss(absent, at)

    def take_settled(self, now: float, at: datetime) -> Iterator[Step]:
        """Accept the files that are written to the end, and note those that are gone.

        Yields as ``accept_all`` does. What is not consumed is found again by the next full pass.
        """
        settled = self._settling.settled(now)
        for start in range(0, len(settled), _TOGETHER):
            paths = settled[start : start + _TOGETHER]
            there = [path for path in paths if path.is_file()]
            # New files first: one that was moved takes its source along before that is missed.
            files = [found for path in there if (found := self._found(path)) is not None]
            for step in skim(self._catalog, self._wanted(files)):
                if isinstance(step, Found):
                    yield from accept_file(self._pipeline, step, max_bytes=self._max_bytes)
                elif isinstance(step, Outcome):
                    yield step
            self._miss_below([path for path in paths if is_gone(path)], at)

    def remove_missing(self, at: datetime) -> list[str]:
        """Take out the sources whose files have been gone for longer than the grace; return their ids.

        Raises FolderVanished, and removes nothing, when so much is gone that it looks like an accident.
        """
        before = at - self._grace
        with self._catalog.reading() as transaction:
            overdue = transaction.files.missing(self._uri, collection=self.collection, before=before)
        if not overdue:
            return []
        self.check()
        removed = []
        known = dict(self._known())
        for source_id in overdue:
            # Looked at once more: it may have come back a moment ago.
            if source_id in known and is_gone(file_at(known[source_id])):
                self._pipeline.remove(source_id)
                removed.append(source_id)
        return removed

    def check(self) -> None:
        """Raise FolderVanished when the folder is missing, empty, or more than half of its files are gone."""
        known = self._known()
        if not known:
            return
        if self.identity is None:
            raise FolderVanished(
                f"the folder {self.root} is not there; its {len(known):,} documents are kept"
            )
        gone = sum(is_gone(file_at(uri)) for _, uri in known)
        if gone == len(known) and not any(isinstance(found, Found) for found in walk(self.root)):
            raise FolderVanished(f"the folder {self.root} is empty; its {len(known):,} documents are kept")
        if gone >= _FEW and gone * 2 > len(known):
            raise FolderVanished(
                f"{gone:,} of {len(known):,} files in {self.root} are gone; their documents are kept"
            )

    @property
    def _uri(self) -> str:
        return f"{self.root.as_uri()}/"

    def _known(self) -> list[tuple[str, str]]:
        with self._catalog.reading() as transaction:
            return transaction.files.below(self._uri, collection=self.collection)

    def _as_named(self, path: Path) -> Path:
        """Return a path below the root as we know it; some systems tell the one behind symbolic links."""
        if path.is_relative_to(self.root):
            return path
        real = self.root.resolve()
        return self.root / path.relative_to(real) if path.is_relative_to(real) else path

    def _found(self, path: Path) -> Found | None:
        found = found_below(self.root, path, collection=self.collection)
        return None if found is None or self._leads_out(path) else found

    def _leads_out(self, path: Path) -> bool:
        """Tell whether a path is a link to a file that is not in the folder.

        Whoever may write to a shared folder must not choose what else of this machine is found by everyone.
        """
        try:
            return path.is_symlink() and not path.resolve().is_relative_to(self.root.resolve())
        except OSError:
            return True

    def _wanted(self, files: list[Found]) -> Iterable[Found]:
        """Leave out the files whose documents a person took out: those come back only when asked for."""
        with self._catalog.reading() as transaction:
            out = transaction.files.taken_out([file.uri for file in files], collection=self.collection)
        return (file for file in files if file.uri not in out)

    def _miss(self, source_ids: list[str], at: datetime) -> None:
        if source_ids:
            with self._catalog.writing() as transaction:
                transaction.files.missed(source_ids, since=at)

    def _miss_below(self, paths: list[Path], at: datetime) -> None:
        """Note as missing what stood at these paths, or below them where they were folders."""
        if not paths or self.identity is None:
            return
        gone = {path.as_uri() for path in paths}
        absent = [
            source_id
            for source_id, uri in self._known()
            if not gone.isdisjoint(_upwards(uri)) and is_gone(file_at(uri))
        ]
        self._miss(absent, at)


def _led_out(path: Path) -> SourceForbidden:
    return SourceForbidden(
        f"{path} is a link to a file outside the watched folder",
        remedy="Put the file itself into the folder, or take it in with `kb ingest`.",
    )


def _upwards(uri: str) -> Iterator[str]:
    """Yield a URI and those of the folders that it is in."""
    while uri:
        yield uri
        uri = uri.rpartition("/")[0]


def is_gone(path: Path) -> bool:
    """Tell whether it is certain that no file stands at a path: a drive that gives errors proves nothing."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
