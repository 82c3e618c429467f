"""By which reader, and from which kind of file, was each source read last?"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog.tables import documents, revisions, sources
from kb.model import SourceState


@dataclass(frozen=True, slots=True)
class LastReading:
    """The newest revision of a source, and who read the newest document; ``reader`` is empty before any."""

    source_id: str
    collection: str
    failed: bool
    media_type: str
    reader: str


class Readings:
    """The last readings of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[LastReading]:
        """Return the last reading of each source of which a revision is kept, but for removed ones."""
        newest = sa.select(sa.func.max(revisions.c.id)).group_by(revisions.c.source_id)
        last = sa.select(revisions.c.source_id, sa.func.max(documents.c.id).label("document_id"))
        last_read = last.join_from(documents, revisions).group_by(revisions.c.source_id).subquery()
        columns = (
            sources.c.id,
            sources.c.collection,
            sources.c.state,
            revisions.c.media_type,
            documents.c.reader,
        )
        query = (
            sa.select(*columns)
            .select_from(sources)
            .join(revisions, revisions.c.source_id == sources.c.id)
            .outerjoin(last_read, last_read.c.source_id == sources.c.id)
            .outerjoin(documents, documents.c.id == last_read.c.document_id)
            .where(revisions.c.id.in_(newest), sources.c.state != SourceState.REMOVED)
            .order_by(sources.c.collection, sources.c.place)
        )
        return [
            LastReading(
                row.id, row.collection, row.state == SourceState.FAILED, row.media_type, row.reader or ""
            )
            for row in self._connection.execute(query)
        ]
