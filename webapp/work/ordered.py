"""How does the worker do what a person ordered from the pages: rebuild, roll back, verify?

In a thread of its own, so that documents are read and become searchable meanwhile. A worker that ends leaves
its order as it stands; the next one goes on with it.
"""

from __future__ import annotations

import logging
import threading
import time

from index.rebuild import rebuild, roll_back
from index.verify import verify
from kb.catalog.orders import Work
from kb.errors import KBError, UnexpectedError
from webapp.commands.evaluating import floors_check
from webapp.wiring import Services

log = logging.getLogger("kb.worker")

# Seconds between two notes of how far a rebuild is: often enough for a bar that moves.
_NOTE_EVERY = 0.5


class BrokenOff(Exception):
    """The worker is to end before the order is done."""


class Fulfilling:
    """Does orders one after another, beside what else the worker does. For one thread to use."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def go_on(self) -> bool:
        """Begin with the oldest order that waits, if none is being done; tell whether one is."""
        if self._thread is not None and self._thread.is_alive():
            return True
        self._thread = None
        work = _taken(self._services)
        if work is None:
            return False
        self._thread = threading.Thread(target=self._fulfil, args=(work,), name="order", daemon=True)
        self._thread.start()
        return True

    def wait(self, seconds: float) -> None:
        """Wait for the order that is being done, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Break off what is being done, at the next place where nothing is lost by it."""
        self._stop.set()

    def _fulfil(self, work: Work) -> None:
        try:
            fulfil(self._services, work, stop=self._stop)
        except KBError as error:
            log.error("%s: %s. %s", work.value, error, error.remedy)


def _taken(services: Services) -> Work | None:
    with services.catalog.reading() as transaction:
        if not transaction.orders.all():
            return None
    with services.catalog.writing() as transaction:
        return transaction.orders.take()


def fulfil(services: Services, work: Work, *, stop: threading.Event) -> None:
    """Do what was ordered; how it ended stands in the catalog, unless it was broken off."""
    log.info("ordered: %s", work.value)
    try:
        report, failed = _fulfil(services, work, stop)
    except BrokenOff:
        log.info("%s is broken off; the next worker goes on with it", work.value)
        return
    except KBError as error:
        report, failed = [f"{error}. {error.remedy}"], True
    except Exception as error:
        log.exception("unexpected error while doing what was ordered: %s", work.value)
        report, failed = [f"unexpected error: {error!r}. {UnexpectedError.remedy}"], True
    with services.catalog.writing() as transaction:
        transaction.orders.end(work, failed=failed, report=report)


def _fulfil(services: Services, work: Work, stop: threading.Event) -> tuple[list[str], bool]:
    wait = services.settings.lock_wait
    if work is Work.VERIFY:
        faults = verify(services.catalog, services.blobs, services.generations)
        return [fault.text for fault in faults], bool(faults)
    if work is Work.ROLL_BACK:
        number = roll_back(services.catalog, services.generations, wait=wait)
    else:
        notes, check = _Notes(services, stop), floors_check(services)
        number = rebuild(services.catalog, services.generations, wait=wait, progress=notes, check=check)
    return [f"index {number} is live"], False


class _Notes:
    """Writes down how many passages a rebuild has indexed, of how many; breaks it off when told to stop."""

    def __init__(self, services: Services, stop: threading.Event) -> None:
        self._services, self._stop = services, stop
        self._noted = 0.0
        with services.catalog.reading() as transaction:
            self._total = transaction.passages.count()

    def __call__(self, done: int) -> None:
        if self._stop.is_set():
            raise BrokenOff
        now = time.monotonic()
        if now - self._noted >= _NOTE_EVERY:
            self._noted = now
            with self._services.catalog.writing() as transaction:
                transaction.orders.progress(Work.REBUILD, done, total=self._total)
