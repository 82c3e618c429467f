"""Which earlier versions need not be kept any longer, and which stored bytes does nobody need?

What a link or a receipt cites is kept for ever: the words of its passage, the title, and which revision they
were read from. What may go is the whole text of an earlier version, and the bytes that it was read from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog import seals
from kb.catalog.tables import documents, passages, revisions, sources

# Values in one statement; databases limit them.
_TOGETHER = 1_000


class Retention:
    """The earlier versions of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def outdated(self, *, before: datetime, most: int, limit: int) -> list[int]:
        """Return documents that were replaced before a moment and are not among the newest of their source.

        ``most`` is how many of each source are kept however old they are, with the one that is served.
        """
        of, newest_first = revisions.c.source_id, documents.c.id.desc()
        replaced_at = sa.func.lag(documents.c.read_at).over(partition_by=of, order_by=newest_first)
        ranked = (
            sa.select(
                documents.c.id,
                revisions.c.source_id,
                documents.c.shed_at,
                sa.func.row_number().over(partition_by=of, order_by=newest_first).label("age"),
                replaced_at.label("replaced_at"),
            )
            .join(revisions, revisions.c.id == documents.c.revision_id)
            .subquery()
        )
        query = (
            sa.select(ranked.c.id)
            .join(sources, sources.c.id == ranked.c.source_id)
            .where(ranked.c.age > max(most, 1), ranked.c.replaced_at < before, ranked.c.shed_at.is_(None))
            .where(sources.c.document_id.is_distinct_from(ranked.c.id))
            .order_by(ranked.c.id)
            .limit(limit)
        )
        return [row.id for row in self._connection.execute(query)]

    def shed(self, document_ids: Sequence[int], *, at: datetime) -> None:
        """Let go of the texts of documents, and of revisions that no other document was read from.

        A document that a passage cites stays with all that the citation says of it.
        """
        chosen = documents.c.id.in_(document_ids)
        of = sa.select(documents.c.revision_id).where(chosen)
        revision_ids = [row.revision_id for row in self._connection.execute(of.distinct())]
        cited = sa.exists().where(passages.c.document_id == documents.c.id)
        empty: dict[str, Any] = {"text": "", "blocks": [], "pages": [], "boxes": []}
        for row in list(seals.rows(self._connection, documents, where=sa.and_(chosen, cited))):
            # One that is not what was written is not sealed anew, as if it were.
            left = {**empty, "seal": seals.seal(documents, {**row, **empty})}
            if seals.is_whole(documents, row):
                which = documents.c.id == row["id"]
                self._connection.execute(documents.update().where(which).values(**left, shed_at=at))
        gone = self._connection.execute(documents.delete().where(chosen, ~cited)).rowcount
        seals.counted(self._connection, documents, -gone)
        self._let_go(revision_ids, at)

    def shed_unread(self, *, before: datetime, at: datetime) -> None:
        """Let go of revisions that no reader could read and that others replaced before a moment."""
        newer = revisions.alias()
        read = sa.exists().where(documents.c.revision_id == revisions.c.id)
        replaced = sa.exists().where(
            newer.c.source_id == revisions.c.source_id,
            newer.c.id > revisions.c.id,
            newer.c.fetched_at < before,
        )
        query = sa.select(revisions.c.id).where(~read, replaced, revisions.c.shed_at.is_(None))
        self._let_go([row.id for row in self._connection.execute(query.limit(_TOGETHER))], at)

    def _let_go(self, revision_ids: Sequence[int], at: datetime) -> None:
        """Mark revisions whose bytes nobody will read again: neither the newest of a source nor waiting."""
        newer = revisions.alias()
        read = sa.exists().where(documents.c.revision_id == revisions.c.id, documents.c.shed_at.is_(None))
        needed = sa.or_(
            read,
            sa.exists().where(sources.c.waiting_revision_id == revisions.c.id),
            ~sa.exists().where(newer.c.source_id == revisions.c.source_id, newer.c.id > revisions.c.id),
        )
        chosen = sa.and_(revisions.c.id.in_(revision_ids), ~needed, revisions.c.shed_at.is_(None))
        self._connection.execute(revisions.update().where(chosen).values(shed_at=at))

    def unneeded(self, *, before: datetime) -> list[str]:
        """Return the SHA-256 of bytes that only revisions had which were let go of before a moment.

        Bytes that this catalog never had are not among them, whoever they belong to.
        """
        query = (
            sa.select(revisions.c.sha256)
            .group_by(revisions.c.sha256)
            .having(sa.func.count() == sa.func.count(revisions.c.shed_at))
            .having(sa.func.max(revisions.c.shed_at) < before)
            .order_by(revisions.c.sha256)
        )
        return [row.sha256 for row in self._connection.execute(query)]

    def is_needed(self, sha256: str) -> bool:
        """Tell whether a revision that was not let go of has these bytes."""
        query = sa.select(revisions.c.id).where(revisions.c.sha256 == sha256, revisions.c.shed_at.is_(None))
        return self._connection.execute(query.limit(1)).first() is not None
