"""How long are earlier versions kept? As long as the settings say; the worker lets the rest go, once a day.

Two steps, a day apart: first the catalog lets go of a version, then the bytes go that nothing else has, with
the pictures of their pages. So a backup that is under way finds what its copy of the catalog names. Killed
anywhere, it goes on the next time.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from webapp.wiring import Services

log = logging.getLogger("kb.retention")

# Versions in one transaction: enough to go on, few enough that others need not wait.
_TOGETHER = 200
# Longer than a backup takes, and than bytes that were put wait to be named by a revision.
_QUIET = timedelta(days=1)
_LONGEST = 50_000


class Retaining:
    """Lets go of what need not be kept."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._done: date | None = None

    def step(self, now: datetime) -> bool:
        """Let go of some versions, then of bytes that nobody needs; tell whether more is to be done today."""
        if self._done == now.date():
            return False
        if self._services.settings.keep_days and self._shed_some(now):
            return True
        self._discard(now)
        self._done = now.date()
        return False

    def _shed_some(self, now: datetime) -> bool:
        settings = self._services.settings
        before = now - timedelta(days=min(settings.keep_days, _LONGEST))
        with self._services.catalog.writing() as transaction:
            outdated = transaction.retention.outdated(
                before=before, most=settings.keep_versions, limit=_TOGETHER
            )
            transaction.retention.shed(outdated, at=now)
            transaction.retention.shed_unread(before=before, at=now)
        if outdated:
            log.info("%d earlier versions are not kept any longer", len(outdated))
        return bool(outdated)

    def _discard(self, now: datetime) -> None:
        blobs = self._services.blobs
        blobs.bring_back(needed=self._needed)
        with self._services.catalog.reading() as transaction:
            unneeded = transaction.retention.unneeded(before=now - _QUIET)
        gone = sum(
            blobs.discard(sha256, needed=lambda sha256=sha256: self._needed(sha256), quiet=_QUIET)  # type: ignore[misc]
            for sha256 in unneeded
        )
        if gone:
            log.info("%d stored documents that nothing needs were removed", gone)
        # All that lack bytes, not those of today: one that is killed here leaves them to the next day.
        if pictures := self._services.pictures.drop_those_without_bytes():
            log.info("%d pictures of their pages were removed", pictures)

    def _needed(self, sha256: str) -> bool:
        with self._services.catalog.reading() as transaction:
            return transaction.retention.is_needed(sha256)
