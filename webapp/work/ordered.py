"""How does the worker do what a person ordered from the pages: rebuild, roll back, verify?"""

from __future__ import annotations

import logging
import time

from index.rebuild import rebuild, roll_back
from index.verify import verify
from kb.catalog.orders import Work
from kb.errors import KBError
from webapp.wiring import Services

log = logging.getLogger("kb.worker")

# Seconds between two notes of how far a rebuild is: often enough for a bar that moves.
_NOTE_EVERY = 0.5


def fulfil_next(services: Services) -> bool:
    """Do the oldest order that waits; tell whether there was one. How it ended stands in the catalog."""
    with services.catalog.reading() as transaction:
        if not transaction.orders.all():
            return False
    with services.catalog.writing() as transaction:
        work = transaction.orders.take()
    if work is None:
        return False
    log.info("ordered: %s", work.value)
    try:
        report, failed = _fulfil(services, work)
    except KBError as error:
        report, failed = [f"{error}. {error.remedy}"], True
    with services.catalog.writing() as transaction:
        transaction.orders.end(work, failed=failed, report=report)
    return True


def _fulfil(services: Services, work: Work) -> tuple[list[str], bool]:
    wait = services.settings.lock_wait
    if work is Work.VERIFY:
        faults = verify(services.catalog, services.blobs, services.generations)
        return [fault.text for fault in faults], bool(faults)
    if work is Work.ROLL_BACK:
        number = roll_back(services.generations, wait=wait)
    else:
        number = rebuild(services.catalog, services.generations, wait=wait, progress=_Notes(services))
    return [f"index {number} is live"], False


class _Notes:
    """Writes down how many passages a rebuild has indexed, of how many."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._noted = 0.0
        with services.catalog.reading() as transaction:
            self._total = transaction.passages.count()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now - self._noted >= _NOTE_EVERY:
            self._noted = now
            with self._services.catalog.writing() as transaction:
                transaction.orders.progress(Work.REBUILD, done, total=self._total)
