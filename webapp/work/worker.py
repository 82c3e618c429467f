"""Who reads what is pending and keeps the index up to date? A loop that makes the catalog's state true.

Kill it anywhere and start it again: what it had finished is kept, what it had begun is done anew.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

from index.sync import Syncing, note
from ingest.pool import ReadingPool
from kb.errors import KBError, SearchIndexError
from kb.model import Outcome
from webapp.wiring import Services
from webapp.work.ordered import Fulfilling
from webapp.work.retaining import Retaining

log = logging.getLogger("kb.worker")

# Seconds of reading before what was read is indexed, so that a long batch shows up as it goes.
READ_FOR = 2.0
# Seconds to wait after an unexpected error, so that a broken disk does not fill the log.
BACK_OFF = 5.0
# Seconds that an order which is being done gets to come to a place where it can be broken off.
_END_WITHIN = 2.0
# Seconds after which a worker that was told to stop ends wherever it is; 5 are promised.
_STOP_WITHIN = 4.5
# Days that nobody outlives, and that a date can be moved by.
_LONGEST_KEPT = 50_000
# Seconds to wait for a document before looking whether to stop, and whether there are others to read.
_LOOK_UP = 0.25
# Passages that are noted before there is a look at what else is to be done: a tenth of a second's worth, for
# which a document that changes meanwhile waits.
_NOTED = 100


class Worker:
    """Reads pending sources and syncs the index until told to stop."""

    def __init__(self, services: Services, *, parent: int | None = None) -> None:
        self._services = services
        self._parent = parent
        self._stop = threading.Event()
        self._synced: int | None = None
        self._noted: int | None = None
        self._forgot: date | None = None
        self._pool = ReadingPool(services.pipeline, readers=services.settings.readers)
        self._syncing = Syncing(services.catalog, services.generations)
        self._orders = Fulfilling(services)
        self._retaining = Retaining(services)

    def stop(self) -> None:
        """Ask the loop to end; what is being read is given back. Safe to call from a signal handler."""
        self._stop.set()

    def stop_in_time(self) -> None:
        """Ask the loop to end; end the process if that takes too long, as it may be killed at any moment."""
        self.stop()
        last = threading.Timer(_STOP_WITHIN, self._leave)
        last.daemon = True
        last.start()

    def _leave(self) -> None:
        log.warning("what is being done takes long, and is broken off; the next worker goes on with it")
        # Processes that read would go on until they are done with their document.
        self._services.reading.close()
        os._exit(0)

    def run(self) -> None:
        """Work until stopped, or until the parent process is gone."""
        with closing(self):
            self._run()

    def run_once(self) -> None:
        """Do what there is to do, unless stopped before."""
        with closing(self):
            while not self._stop.is_set() and self.step():
                pass

    def close(self) -> None:
        """Give back what is being read, and break off what was ordered."""
        self._orders.close()
        self._pool.close()
        self._orders.wait(_END_WITHIN)
        self._syncing.close()

    def _run(self) -> None:
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
        """Read for a while, then sync; tell whether there was anything to do. What takes longer goes on."""
        self._forget_questions(datetime.now(UTC).date())
        retaining = self._retaining.step(datetime.now(UTC))
        ordered, read = self._orders.go_on(), self._read_some()
        if ordered and not read:
            self._orders.wait(_LOOK_UP)
        with self._services.catalog.reading() as transaction:
            last = transaction.passages.last_sequence()
        if last == 0 or (last == self._synced and self._index_is_named()):
            return read or ordered or retaining or self._note()
        self._syncing.sync(wait=self._services.settings.lock_wait)
        self._synced = last
        return True

    def _note(self) -> bool:
        """Note what answers need of some passages that lack it; tell whether there were any."""
        if self._noted == self._synced:
            return False
        wait = self._services.settings.lock_wait
        if note(self._services.catalog, self._services.generations, wait=wait, most=_NOTED):
            return True
        self._noted = self._synced
        return False

    def _forget_questions(self, today: date) -> None:
        """Remove what was asked too long ago, once a day."""
        if self._forgot == today:
            return
        oldest = today - timedelta(days=min(self._services.settings.question_days, _LONGEST_KEPT))
        with self._services.catalog.writing() as transaction:
            gone = transaction.questions.forget(before=oldest)
        self._forgot = today
        if gone:
            log.info("%d questions from before %s were removed", gone, oldest)

    def _index_is_named(self) -> bool:
        try:
            return self._services.generations.live() is not None
        except SearchIndexError:
            return False

    def _read_some(self) -> bool:
        until = time.monotonic() + READ_FOR
        read = self._pool.busy
        while not self._stop.is_set() and time.monotonic() < until:
            while not self._pool.full and self._pool.start():
                read = True
            if not self._pool.busy:
                break
            for step in self._pool.settled(timeout=_LOOK_UP):
                if isinstance(step, Outcome):
                    log.info("%s %s %s", step.kind.value, step.uri, step.reason)
        return read

    def _orphaned(self) -> bool:
        return self._parent is not None and os.getppid() != self._parent
