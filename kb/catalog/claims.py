"""Who reads which source? Whoever has claimed it, for as long as the lease holds and the process lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb import processes
from kb.catalog.sources import Sources, source_from
from kb.catalog.tables import sources
from kb.errors import KBError, ReadingBrokenOff
from kb.model import Source, SourceState

SUSPECT = 2
"""How often reading must have been broken off for a source to be read alone: it may take others with it."""

# How often, for it to be set aside; and how long it waits before it is read again.
_MOST = 4
_WAITS = (timedelta(0), timedelta(seconds=10), timedelta(minutes=1))


class Claims:
    """The claims on sources, in one transaction."""

    def __init__(self, connection: Connection, known: Sources) -> None:
        self._connection = connection
        self._sources = known

    def take(self, *, lease: timedelta, source_id: str | None = None, alone: bool = True) -> Source | None:
        """Take one waiting source to read it, for as long as the lease holds; None when there is none.

        A source whose reader has ended, or whose lease has run out, is free again, after a while if that
        happens again and again. One that is asked for by its id does not wait. Suspect ones are only taken
        when the caller reads nothing else.
        """
        now = datetime.now(UTC)
        self._take_back(now)
        query = sources.select().where(sources.c.state == SourceState.PENDING)
        if source_id is not None:
            query = query.where(sources.c.id == source_id)
        else:
            query = query.where(sa.or_(sources.c.not_before.is_(None), sources.c.not_before <= now))
        if not alone:
            query = query.where(sources.c.attempts < SUSPECT)
        row = self._connection.execute(
            query.order_by(sources.c.changed_at, sources.c.id).limit(1).with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        self._sources.change(
            row.id,
            state=SourceState.READING,
            leased_until=now + lease,
            leased_by=processes.me(),
            attempts=sources.c.attempts + 1,
            not_before=None,
        )
        return self._sources.get(row.id)

    def _take_back(self, now: datetime) -> None:
        """Make free what nobody reads any more, and set aside what ended its readers too often."""
        reading = sources.select().where(sources.c.state == SourceState.READING)
        for row in self._connection.execute(reading.with_for_update(skip_locked=True)).all():
            ends = row.leased_until
            if not (ends is None or ends < now or processes.is_gone(row.leased_by or "")):
                continue
            if row.attempts >= _MOST:
                told = f"reading was broken off {row.attempts} times, the last time by the end of the reader"
                self._sources.failed(row.id, ReadingBrokenOff(told))
            else:
                self._wait(row.id, now, attempts=row.attempts)

    def _wait(self, source_id: str, now: datetime, *, attempts: int) -> None:
        wait = _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]
        self._sources.change(
            source_id,
            state=SourceState.PENDING,
            leased_until=None,
            leased_by=None,
            not_before=now + wait if wait else None,
        )

    def holds(self, claimed: Source) -> bool:
        """Tell whether a source that was claimed is still its claimer's: nobody took or changed it since."""
        now = self._sources.find(claimed.id)
        return (
            now is not None
            and now.state is SourceState.READING
            and now.attempts == claimed.attempts
            and now.waiting_revision_id == claimed.waiting_revision_id
        )

    def release(self, claimed: Source) -> None:
        """Give a claimed source back unread, so that another worker takes it at once."""
        if self.holds(claimed):
            self._sources.change(
                claimed.id,
                state=SourceState.PENDING,
                leased_until=None,
                leased_by=None,
                attempts=claimed.attempts - 1,
            )

    def postpone(self, claimed: Source, error: KBError) -> None:
        """Give a claimed source back because of an error that passes; it is read again after a while."""
        self._wait(claimed.id, datetime.now(UTC), attempts=claimed.attempts + 1)
        self._sources.change(
            claimed.id,
            # However often it happens: what passes is no reason to suspect the document.
            attempts=min(claimed.attempts, SUSPECT - 1),
            error_code=error.code,
            error=str(error),
            remedy=error.remedy,
        )

    def postponed(self) -> list[Source]:
        """Return the sources that wait to be read once more after something went wrong."""
        waits = sa.and_(sources.c.state == SourceState.PENDING, sources.c.not_before.is_not(None))
        rows = self._connection.execute(sources.select().where(waits).order_by(sources.c.not_before))
        return [source_from(row) for row in rows]

    def release_all(self) -> None:
        """Give back every claimed source: whoever held them is not here, in a catalog that was restored."""
        self._connection.execute(
            sources.update()
            .where(sources.c.state == SourceState.READING)
            .values(state=SourceState.PENDING, leased_until=None, leased_by=None, attempts=0)
        )
