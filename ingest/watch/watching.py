"""When are the watched folders looked into? When the system tells of a change, and now and then anyway."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import watchfiles

from ingest.children import Step
from ingest.watch.folder import WatchedFolder
from kb.errors import FolderVanished, KBError
from kb.model import Outcome, OutcomeKind

log = logging.getLogger("kb.watch")

# Milliseconds between two looks at the clock, and for which changes are gathered.
_TICK = 250
# Seconds between two searches for files that have been gone for long enough.
_REMOVE_EVERY = 5.0
# Seconds to wait after a fault of the disk or the database.
_BACK_OFF = 5.0


def now_utc() -> datetime:
    """Return the time that the catalog records."""
    return datetime.now(UTC)


class Watching:
    """Watches several folders until ``stop`` is set.

    ``rescan`` is the number of seconds between two full passes, which find what the system did not tell of:
    changes on network drives, behind symbolic links, or too many at once. ``clock`` counts seconds, ``today``
    gives the time that the catalog records.
    """

    def __init__(
        self,
        folders: Sequence[WatchedFolder],
        stop: threading.Event,
        *,
        rescan: float,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = now_utc,
    ) -> None:
        self._folders = folders
        self._stop = stop
        self._rescan = rescan
        self._clock = clock
        self._today = today
        self._pass_due = {folder.root: 0.0 for folder in folders}
        self._remove_due = 0.0
        self._told: dict[Path, str] = {}

    def run(self) -> None:
        """Watch until told to stop. Folders that are not there are waited for."""
        while not self._stop.is_set():
            standing = self._standing()
            try:
                for changes in _changes([root for root, here in standing.items() if here], self._stop):
                    paths = [Path(path) for _, path in changes]
                    self.tick(paths)
                    # A drive came or went, or a folder was made anew (its number may be that of the old one):
                    # what was watched is no longer what stands there.
                    if self._standing() != standing or not standing.keys().isdisjoint(paths):
                        break
            except KBError as error:
                log.error("%s. %s", error, error.remedy)
                self._stop.wait(_BACK_OFF)
            except Exception:
                log.exception("unexpected error while watching; trying again in %.0f seconds", _BACK_OFF)
                self._stop.wait(_BACK_OFF)
            for folder in self._folders:
                self._pass_due[folder.root] = 0.0

    def tick(self, changed: Iterable[Path] = ()) -> None:
        """Do what is due now: follow the hints, pass through the folders, take in, remove."""
        for path in changed:
            for folder in self._folders:
                folder.hint(path, self._clock())
        for folder in self._folders:
            self._pass(folder)
            for step in folder.take_settled(self._clock(), self._today()):
                _tell(step)
                if self._stop.is_set():
                    return
        if self._clock() >= self._remove_due:
            self._remove_due = self._clock() + _REMOVE_EVERY
            for folder in self._folders:
                self._remove(folder)

    def _pass(self, folder: WatchedFolder) -> None:
        if self._clock() < self._pass_due[folder.root]:
            return
        self._pass_due[folder.root] = self._clock() + self._rescan
        for outcome in folder.look_through(self._clock(), self._today()):
            _tell(outcome)
        try:
            folder.check()
        except FolderVanished as error:
            self._complain(folder, error)
        else:
            if self._told.pop(folder.root, ""):
                log.info("the folder %s is as it should be again", folder.root)

    def _remove(self, folder: WatchedFolder) -> None:
        try:
            removed = folder.remove_missing(self._today())
        except FolderVanished as error:
            self._complain(folder, error)
            return
        if removed:
            log.info("%s: %d documents whose files are gone were taken out", folder.root, len(removed))

    def _complain(self, folder: WatchedFolder, error: FolderVanished) -> None:
        """Say what is wrong with a folder, once for each thing that is."""
        if self._told.get(folder.root) != str(error):
            log.error("%s. %s", error, error.remedy)
            self._told[folder.root] = str(error)

    def _standing(self) -> dict[Path, tuple[int, int] | None]:
        return {folder.root: folder.identity for folder in self._folders}


def _changes(roots: Sequence[Path], stop: threading.Event) -> Iterable[set[tuple[watchfiles.Change, str]]]:
    """Yield what changed below the roots, or an empty set at every tick, until ``stop`` is set.

    Where the system cannot tell of changes, only the ticks are left, and the full passes find them.
    """
    if roots:
        try:
            yield from watchfiles.watch(
                *roots,
                watch_filter=None,
                debounce=_TICK,
                rust_timeout=_TICK,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            )
        except OSError as error:
            log.warning(
                "the system tells of no changes (%s); the folders are looked through from time to time. "
                "On Linux, raising fs.inotify.max_user_watches may help",
                error,
            )
    while not stop.wait(_TICK / 1000):
        yield set()


def _tell(step: Step) -> None:
    if isinstance(step, Outcome) and step.kind is OutcomeKind.FAILED:
        log.warning("failed: %s: %s. %s", step.uri, step.reason, step.remedy)
