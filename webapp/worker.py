"""Who reads what is pending and keeps the index up to date? A loop that makes the catalog's state true.

Kill it anywhere and start it again: what it had finished is kept, what it had begun is done anew.
"""

from __future__ import annotations

import logging
import os
import threading
import time

from index.sync import sync
from kb.errors import KBError, SearchIndexError
from webapp.ordered import fulfil_next
from webapp.wiring import Services

log = logging.getLogger("kb.worker")

# Seconds of reading before what was read is indexed, so that a long batch shows up as it goes.
READ_FOR = 2.0
# Seconds to wait after an unexpected error, so that a broken disk does not fill the log.
BACK_OFF = 5.0


class Worker:
    """Reads pending sources and syncs the index until told to stop."""

    def __init__(self, services: Services, *, parent: int | None = None) -> None:
        self._services = services
        self._parent = parent
        self._stop = threading.Event()
        self._synced: int | None = None

    def stop(self) -> None:
        """Ask the loop to end after the document at hand. Safe to call from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped, or until the parent process is gone."""
        pause = self._services.settings.worker_interval
        while not self._stop.is_set() and not self._orphaned():
            try:
                busy = self.step()
            except KBError as error:
                log.error("%s. %s", error, error.remedy)
                self._stop.wait(BACK_OFF)
            except Exception:
                log.exception("unexpected error; trying again in %.0f seconds", BACK_OFF)
                self._stop.wait(BACK_OFF)
            else:
                if not busy:
                    self._stop.wait(pause)

    def step(self) -> bool:
        """Read for a while, then sync; tell whether there was anything to do."""
        read = fulfil_next(self._services) or self._read_some()
        with self._services.catalog.reading() as transaction:
            last = transaction.passages.last_sequence()
        if last == 0 or (last == self._synced and self._index_is_named()):
            return read
        sync(self._services.catalog, self._services.generations, wait=self._services.settings.lock_wait)
        self._synced = last
        return True

    def _index_is_named(self) -> bool:
        try:
            return self._services.generations.live() is not None
        except SearchIndexError:
            return False

    def _read_some(self) -> bool:
        began = time.monotonic()
        read = False
        while not self._stop.is_set() and time.monotonic() - began < READ_FOR:
            outcome = self._services.pipeline.read_next()
            if outcome is None:
                break
            read = True
            log.info("%s %s %s", outcome.kind.value, outcome.uri, outcome.reason)
        return read

    def _orphaned(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent
