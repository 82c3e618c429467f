"""What goes on beside the reading? Watched folders are followed, and pages are asked whether they changed."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from ingest.watch.folder import WatchedFolder
from kb.errors import KBError
from kb.model import Outcome, OutcomeKind
from webapp.wiring import Services

log = logging.getLogger("kb.recheck")

# Seconds between two looks for pages that are due.
_LOOK_EVERY = 30.0
# Seconds that a thread gets to end; what it has not done is done at the next start.
_END_WITHIN = 2.0


def named_folders(setting: str) -> list[tuple[str | None, Path]]:
    """Return collection and path of each folder in KB_WATCH: ``/srv/laws`` or ``rules=/srv/documents``."""
    found: list[tuple[str | None, Path]] = []
    for entry in setting.split(os.pathsep):
        name, equals, path = entry.strip().partition("=")
        if equals and not set(name) & {"/", "\\"}:
            found.append((name.strip() or None, Path(path.strip())))
        elif entry.strip():
            found.append((None, Path(entry.strip())))
    return found


def watched(services: Services, folders: Sequence[tuple[str | None, Path]]) -> list[WatchedFolder]:
    """Return the folders as they are to be watched by the settings."""
    settings = services.settings
    return [
        WatchedFolder(
            services.pipeline,
            path,
            collection=collection,
            max_bytes=settings.max_file_mb * 1_000_000,
            quiet=settings.watch_quiet,
            grace=timedelta(seconds=settings.watch_grace),
        )
        for collection, path in folders
    ]


@contextmanager
def beside(services: Services, folders: Sequence[WatchedFolder]) -> Iterator[None]:
    """Follow the folders and the pages of the library in threads, as long as the block runs."""
    stop = threading.Event()
    rechecks = Rechecks(services)
    tasks: list[tuple[str, Callable[[], None]]] = []
    if folders:
        # Imported here: watchfiles brings an event loop, which costs every other command a tenth of a second.
        from ingest.watch.watching import Watching  # noqa: PLC0415

        watching = Watching(folders, stop, rescan=services.settings.watch_rescan)
        tasks.append(("watch", watching.run))
    if services.settings.recheck_hours:
        tasks.append(("recheck", lambda: rechecks.run(stop)))
    threads = [threading.Thread(target=task, name=name, daemon=True) for name, task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        rechecks.close()
        for thread in threads:
            thread.join(_END_WITHIN)


class Rechecks:
    """Asks the pages of the library, one by one, whether they have changed since the last visit."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._asking = False

    def run(self, stop: threading.Event) -> None:
        """Visit what is due until told to stop."""
        while not stop.is_set():
            try:
                busy = self.step()
            except KBError as error:
                log.error("%s. %s", error, error.remedy)
                busy = False
            except Exception:
                log.exception("unexpected error while asking for pages; trying again later")
                busy = False
            if not busy:
                stop.wait(_LOOK_EVERY)

    def step(self) -> bool:
        """Visit the page that is due for longest; tell whether there was one."""
        every = timedelta(hours=self._services.settings.recheck_hours)
        with self._services.catalog.writing() as transaction:
            visit = transaction.visits.claim_due(every)
        if visit is None:
            return False
        self._asking = True
        for step in self._services.web.revisit(visit):
            if isinstance(step, Outcome) and step.kind is OutcomeKind.FAILED:
                log.warning("failed: %s: %s. %s", step.uri, step.reason, step.remedy)
        return True

    def close(self) -> None:
        """Break off a visit that is under way."""
        if self._asking:
            self._services.web.close()
