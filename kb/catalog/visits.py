"""When was each source on the web last asked for, and which is to be asked for next?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kb.catalog.tables import sources, visits
from kb.model import SourceState, Visit


class Visits:
    """The visits of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, url: str, *, collection: str) -> Visit | None:
        """Return the visit that asked for an address, or was led to it, in a collection; removed ones too."""
        query = (
            visits.select()
            .join(sources, sources.c.id == visits.c.source_id)
            .where(sources.c.collection == collection, sa.or_(visits.c.asked == url, visits.c.url == url))
            .order_by(visits.c.asked != url, visits.c.source_id)
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return None if row is None else _visit_from(row)

    def of(self, source_id: str) -> Visit | None:
        """Return the last visit to a source, or None."""
        row = self._connection.execute(visits.select().where(visits.c.source_id == source_id)).first()
        return None if row is None else _visit_from(row)

    def keep(self, visit: Visit) -> None:
        """Record a visit in the place of the one before it."""
        values = asdict(visit)
        known = visits.c.source_id == visit.source_id
        if self._connection.execute(visits.update().where(known).values(**values)).rowcount == 0:
            self._connection.execute(visits.insert().values(**values))

    def claim_due(self, every: timedelta) -> Visit | None:
        """Take the visit that is due for longest, so that nobody else makes it; None when none is.

        It counts as made from now on: a process that dies leaves it for the next time.
        """
        now = datetime.now(UTC)
        query = (
            visits.select()
            .join(sources, sources.c.id == visits.c.source_id)
            .where(
                sources.c.state != SourceState.REMOVED,
                visits.c.checked_at <= now - every,
                sa.or_(visits.c.not_before.is_(None), visits.c.not_before <= now),
            )
            .order_by(visits.c.checked_at, visits.c.source_id)
            .limit(1)
        )
        row = self._connection.execute(query.with_for_update(skip_locked=True, of=visits)).first()
        if row is None:
            return None
        self._connection.execute(
            visits.update().where(visits.c.source_id == row.source_id).values(checked_at=now)
        )
        return _visit_from(row)


def _visit_from(row: Row[Any]) -> Visit:
    return Visit(**{name: row._mapping[name] for name in Visit.__slots__})
