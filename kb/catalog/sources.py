"""Which sources are there, and how far has each come?

A source's state is the whole job queue: ``pending`` is work to do; who does it, ``kb.catalog.claims`` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kb.catalog import seals
from kb.catalog.prepared import WANTED, Prepared
from kb.catalog.tables import revisions, sources
from kb.errors import KBError, SourceUnknown
from kb.model import Revision, Source, SourceState

WAITING = (SourceState.PENDING, SourceState.READING)

_TITLES = Prepared(
    sa.select(sources.c.id, sources.c.title).where(sources.c.id.in_(sa.bindparam(WANTED, expanding=True)))
)


# Made once: to put one together takes SQLAlchemy longer than the database to do it.
_WHICH: sa.BindParameter[str] = sa.bindparam("which")
_GET = sources.select().where(sources.c.id == _WHICH)
_ADD, _UPDATE = sources.insert(), sources.update().where(sources.c.id == _WHICH)
_ADD_REVISION = revisions.insert()
_LATEST = revisions.select().where(revisions.c.source_id == _WHICH).order_by(revisions.c.id.desc()).limit(1)


class Sources:
    """The sources of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, source_id: str) -> Source:
        """Return a source, or raise SourceUnknown."""
        found = self.find(source_id)
        if found is None:
            raise SourceUnknown(f"no source has the id {source_id}")
        return found

    def some(self, source_ids: Sequence[str]) -> dict[str, Source]:
        """Return some sources by their ids; one that is not known is left out."""
        query = sources.select().where(sources.c.id.in_(source_ids))
        return {row.id: source_from(row) for row in self._connection.execute(query)}

    def find(self, source_id: str) -> Source | None:
        """Return a source, or None."""
        row = self._connection.execute(_GET, {"which": source_id}).one_or_none()
        return None if row is None else source_from(row)

    def at(self, uri: str) -> list[Source]:
        """Return the sources that stand at a place now, removed ones too."""
        rows = self._connection.execute(sources.select().where(sources.c.uri == uri).order_by(sources.c.id))
        return [source_from(row) for row in rows]

    def children(self, source_id: str) -> list[Source]:
        """Return the sources that came in another one, but for removed ones, in order of place."""
        query = sources.select().where(
            sources.c.parent_id == source_id, sources.c.state != SourceState.REMOVED
        )
        return [source_from(row) for row in self._connection.execute(query.order_by(sources.c.place))]

    def below(self, source_id: str) -> list[Source]:
        """Return the sources that came in another one, and in those, but for removed ones."""
        tree = sa.select(sources.c.id).where(sources.c.parent_id == source_id).cte(recursive=True)
        tree = tree.union_all(sa.select(sources.c.id).join(tree, sources.c.parent_id == tree.c.id))
        query = sources.select().where(
            sources.c.id.in_(sa.select(tree.c.id)), sources.c.state != SourceState.REMOVED
        )
        return [source_from(row) for row in self._connection.execute(query.order_by(sources.c.place))]

    def above(self, source_id: str) -> list[Source]:
        """Return the sources that a source came in, the innermost first."""
        source = self.get(source_id)
        return [] if source.parent_id is None else [self.get(source.parent_id), *self.above(source.parent_id)]

    def all(
        self,
        *,
        collection: str | None = None,
        states: Iterable[SourceState] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Source]:
        """Return sources in order of collection and place; without ``states`` all but removed ones."""
        query = _chosen(sources.select(), collection, states)
        query = query.order_by(sources.c.collection, sources.c.place).limit(limit).offset(offset)
        return [source_from(row) for row in self._connection.execute(query)]

    def count(self, *, collection: str | None = None, states: Iterable[SourceState] = ()) -> int:
        """Count the sources that ``all`` would return."""
        query = _chosen(sa.select(sa.func.count()).select_from(sources), collection, states)
        return int(self._connection.execute(query).scalar_one())

    def titles(self, source_ids: Sequence[str]) -> dict[str, str]:
        """Return the titles of some sources, in the order asked."""
        found: dict[str, str] = dict(_TITLES.rows(self._connection, source_ids))
        return {source_id: found[source_id] for source_id in source_ids if source_id in found}

    def states(self) -> dict[SourceState, int]:
        """Count the sources in each state."""
        query = sa.select(sources.c.state, sa.func.count()).group_by(sources.c.state)
        return {SourceState(state): count for state, count in self._connection.execute(query)}

    def collections(self) -> dict[str, int]:
        """Count the sources that are not removed in each collection."""
        query = sa.select(sources.c.collection, sa.func.count()).group_by(sources.c.collection)
        query = query.where(sources.c.state != SourceState.REMOVED).order_by(sources.c.collection)
        return {collection: count for collection, count in self._connection.execute(query)}

    def accept(self, source: Source, revision: Revision) -> None:
        """Record what was found at a source and make it pending; the source is added if its id is new.

        What is served now goes on being served until the revision has been read. Finding the same bytes
        as last time adds no revision, and leaves alone a reader that is at work on them.
        """
        known = self._put(source)
        latest = self._latest_revision(source.id)
        if latest is None or latest.sha256 != revision.sha256:
            revision_id = self._add_revision(revision)
        elif known is not None and known.state in WAITING and known.waiting_revision_id == latest.id:
            return
        else:
            revision_id = latest.id
        self.change(
            source.id,
            state=SourceState.PENDING,
            waiting_revision_id=revision_id,
            changed_at=revision.fetched_at,
            leased_until=None,
            leased_by=None,
            attempts=0,
            not_before=None,
        )

    def refuse(self, source: Source, error: KBError) -> None:
        """Record a source whose bytes were not kept, and why; what it served before stays served."""
        self._put(source)
        self.change(source.id, changed_at=source.changed_at, waiting_revision_id=None)
        self.failed(source.id, error)

    def move(self, source_id: str, uri: str) -> None:
        """Record that a source, with all that is in it, stands elsewhere now; ids and links stay."""
        before = self.get(source_id).uri
        if before == uri:
            return
        for source in self.below(source_id):
            self.change(source.id, uri=uri + source.uri.removeprefix(before))
        self.change(source_id, uri=uri)

    def read_again(self, source_id: str) -> bool:
        """Make a source pending once more with the newest revision kept of it; tell whether there is one.

        What is served now goes on being served meanwhile.
        """
        latest = self._latest_revision(source_id)
        if latest is None:
            return False
        self.change(
            source_id,
            state=SourceState.PENDING,
            waiting_revision_id=latest.id,
            leased_until=None,
            leased_by=None,
            attempts=0,
            not_before=None,
        )
        return True

    def ready(self, source_id: str, *, document_id: int | None, title: str) -> None:
        """Record that the waiting revision has been read and its document, if any, is served from now on."""
        self.change(
            source_id,
            state=SourceState.READY,
            document_id=document_id,
            title=title,
            waiting_revision_id=None,
            **_SETTLED,
        )

    def failed(self, source_id: str, error: KBError) -> None:
        """Record why the waiting revision could not be read; the last good document stays served."""
        self.change(
            source_id,
            state=SourceState.FAILED,
            leased_until=None,
            leased_by=None,
            error_code=error.code,
            error=str(error),
            remedy=error.remedy,
        )

    def removed(self, source_id: str) -> None:
        """Record that a source is gone; its passages are retired by ``passages.retire_all``."""
        self.change(
            source_id,
            state=SourceState.REMOVED,
            document_id=None,
            waiting_revision_id=None,
            changed_at=datetime.now(UTC),
            **_SETTLED,
        )

    def _put(self, source: Source) -> Source | None:
        """Add a source, or note where a known one stands now; return what was known."""
        known = self.find(source.id)
        if known is not None:
            self.change(source.id, uri=source.uri)
            return known
        row = {
            "id": source.id,
            "collection": source.collection,
            "place": source.place,
            "uri": source.uri,
            "title": source.title,
            "state": SourceState.PENDING,
            "added_at": source.added_at,
            "changed_at": source.changed_at,
            "parent_id": source.parent_id,
            "attempts": 0,
        }
        self._connection.execute(_ADD, row)
        return None

    def _latest_revision(self, source_id: str) -> Any:
        return self._connection.execute(_LATEST, {"which": source_id}).first()

    def _add_revision(self, revision: Revision) -> int:
        row = {
            "source_id": revision.source_id,
            "sha256": revision.sha256,
            "media_type": revision.media_type,
            "size": revision.size,
            "fetched_at": revision.fetched_at,
            "encoding": revision.encoding,
        }
        row["seal"] = seals.seal(revisions, row)
        made = self._connection.execute(_ADD_REVISION, row)
        seals.counted(self._connection, revisions, 1)
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])

    def change(self, source_id: str, **columns: Any) -> None:
        """Write some columns of a source, as values or as what the database computes."""
        computed = {name: value for name, value in columns.items() if isinstance(value, sa.ClauseElement)}
        given = {name: value for name, value in columns.items() if name not in computed}
        self._connection.execute(
            _UPDATE.values(**computed) if computed else _UPDATE, {"which": source_id, **given}
        )


_SETTLED: dict[str, Any] = {
    "leased_until": None,
    "leased_by": None,
    "attempts": 0,
    "not_before": None,
    "error_code": None,
    "error": None,
    "remedy": None,
}


def _chosen(query: Any, collection: str | None, states: Iterable[SourceState]) -> Any:
    chosen: Sequence[SourceState] = tuple(states)
    query = query.where(sources.c.state.in_(chosen) if chosen else sources.c.state != SourceState.REMOVED)
    return query if collection is None else query.where(sources.c.collection == collection)


def source_from(row: Row[Any]) -> Source:
    """Return the source that a row holds."""
    return source_of(row._mapping)


def source_of(columns: Mapping[Any, Any], *, prefix: str = "") -> Source:
    """Return the source that some columns hold, which may stand behind a prefix."""
    return Source(
        id=columns[f"{prefix}id"],
        collection=columns[f"{prefix}collection"],
        place=columns[f"{prefix}place"],
        uri=columns[f"{prefix}uri"],
        title=columns[f"{prefix}title"],
        state=SourceState(columns[f"{prefix}state"]),
        added_at=columns[f"{prefix}added_at"],
        changed_at=columns[f"{prefix}changed_at"],
        document_id=columns[f"{prefix}document_id"],
        waiting_revision_id=columns[f"{prefix}waiting_revision_id"],
        parent_id=columns[f"{prefix}parent_id"],
        error_code=columns[f"{prefix}error_code"],
        error=columns[f"{prefix}error"],
        remedy=columns[f"{prefix}remedy"],
        attempts=columns[f"{prefix}attempts"],
        not_before=columns[f"{prefix}not_before"],
    )
