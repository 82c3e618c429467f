"""What do the files of sources look like from outside, and which are gone?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog.tables import documents, sources
from kb.model import SourceState


@dataclass(frozen=True, slots=True)
class Served:
    """A source that serves what its file held when it had this stamp, as this reader read it."""

    source_id: str
    title: str
    stamp: str
    reader: str
    missing: bool


class Files:
    """The files of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, source_id: str, stamp: str | None) -> None:
        """Record that a source's file is there, and its stamp; None when the next look must read it."""
        # Only where something changes: a transaction that writes nothing does not wait for the disk.
        differs = sa.or_(sources.c.stamp.is_distinct_from(stamp), sources.c.missing_since.is_not(None))
        known = sa.and_(sources.c.id == source_id, differs)
        self._connection.execute(sources.update().where(known).values(stamp=stamp, missing_since=None))

    def found(self, source_ids: Sequence[str]) -> None:
        """Record that files are there again, as they were; a thousand at most."""
        known = sources.c.id.in_(source_ids)
        self._connection.execute(sources.update().where(known).values(missing_since=None))

    def taken_out(self, uris: Sequence[str], *, collection: str) -> set[str]:
        """Return those of the URIs whose sources a person removed, though the file may be there."""
        query = sa.select(sources.c.uri).where(
            sources.c.uri.in_(uris),
            sources.c.collection == collection,
            sources.c.state == SourceState.REMOVED,
            sources.c.missing_since.is_(None),
        )
        return {row.uri for row in self._connection.execute(query)}

    def served(self, uris: Sequence[str], *, collection: str) -> dict[str, Served]:
        """Return, by URI, the sources whose file was taken in whole and has a stamp; a thousand at most.

        Those that others came in are left out: whether there is something to do for these, a stamp can't say.
        """
        children = sources.alias()
        query = (
            sa.select(
                sources.c.uri,
                sources.c.id,
                sources.c.title,
                sources.c.stamp,
                documents.c.reader,
                sources.c.missing_since,
            )
            .join(documents, documents.c.id == sources.c.document_id)
            .where(sources.c.uri.in_(uris), sources.c.collection == collection)
            .where(sources.c.state == SourceState.READY, sources.c.stamp.is_not(None))
            .where(~sa.exists().where(children.c.parent_id == sources.c.id))
        )
        return {
            row.uri: Served(row.id, row.title, row.stamp, row.reader, row.missing_since is not None)
            for row in self._connection.execute(query)
        }

    def below(self, folder_uri: str, *, collection: str | None) -> list[tuple[str, str]]:
        """Return id and URI of the sources whose files stand below a folder; its URI ends with a slash.

        Without a collection, those of all.
        """
        query = sa.select(sources.c.id, sources.c.uri).where(
            sources.c.uri.startswith(folder_uri, autoescape=True),
            sources.c.state != SourceState.REMOVED,
            sources.c.parent_id.is_(None),
        )
        query = query if collection is None else query.where(sources.c.collection == collection)
        return [(row.id, row.uri) for row in self._connection.execute(query.order_by(sources.c.id))]

    def missed(self, source_ids: Iterable[str], *, since: datetime) -> None:
        """Record that files are gone; those known to be gone keep the time when it was noticed."""
        for source_id in source_ids:
            known = sa.and_(sources.c.id == source_id, sources.c.missing_since.is_(None))
            self._connection.execute(sources.update().where(known).values(missing_since=since))

    def missing(self, folder_uri: str, *, collection: str, before: datetime) -> list[str]:
        """Return the ids of the sources below a folder whose files were gone already at a time."""
        query = sa.select(sources.c.id).where(
            sources.c.uri.startswith(folder_uri, autoescape=True),
            sources.c.collection == collection,
            sources.c.state != SourceState.REMOVED,
            sources.c.missing_since <= before,
        )
        return [row.id for row in self._connection.execute(query.order_by(sources.c.id))]

    def count_missing(self) -> int:
        """Count the sources whose files are gone and that are not removed yet."""
        query = sa.select(sa.func.count()).where(
            sources.c.missing_since.is_not(None), sources.c.state != SourceState.REMOVED
        )
        return int(self._connection.execute(query).scalar_one())
