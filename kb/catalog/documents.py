"""Which revisions were found, and what did readers see in them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kb.catalog import dialect, seals
from kb.catalog.tables import documents, prefixed, revisions, sources
from kb.errors import CatalogError
from kb.model import Block, BlockKind, Box, Document, Page, Revision, SourceState, StoredDocument, Version

VERIFY = "Ask whoever runs this service to run `kb verify --repair`."
"""What helps when a row is not what was written."""


_ADD = documents.insert()
_ONE = (
    sa.select(documents, *prefixed(revisions, "r_"))
    .join(revisions, revisions.c.id == documents.c.revision_id)
    .where(documents.c.id == sa.bindparam("wanted"))
)


class Documents:
    """The revisions and documents of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revision(self, revision_id: int) -> Revision:
        """Return a revision, or raise CatalogError."""
        row = self._connection.execute(revisions.select().where(revisions.c.id == revision_id)).one_or_none()
        if row is None:
            raise CatalogError(f"the catalog has no revision {revision_id}")
        return revision_from(row)

    def revisions(self, source_id: str) -> list[Revision]:
        """Return the revisions of a source, the newest first."""
        query = revisions.select().where(revisions.c.source_id == source_id).order_by(revisions.c.id.desc())
        return [revision_from(row) for row in self._connection.execute(query)]

    def all_hashes(self) -> Iterable[str]:
        """Yield the SHA-256 of every revision that is kept."""
        kept = sa.select(revisions.c.sha256).where(revisions.c.shed_at.is_(None))
        for row in self._connection.execute(kept.distinct()):
            yield row.sha256

    def uris_with_hash(self, sha256: str) -> list[str]:
        """Return where the sources stand that had these bytes at one time."""
        query = (
            sa.select(sources.c.uri)
            .join(revisions, revisions.c.source_id == sources.c.id)
            .where(revisions.c.sha256 == sha256)
            .distinct()
            .order_by(sources.c.uri)
        )
        return [row.uri for row in self._connection.execute(query)]

    def served_with_hash(self, sha256: str, *, other_than: str) -> list[str]:
        """Return the ids of other sources whose served document was read from the same bytes."""
        query = (
            sa.select(sources.c.id)
            .select_from(revisions)
            .join(documents, documents.c.revision_id == revisions.c.id)
            .join(sources, sources.c.id == revisions.c.source_id)
            .where(revisions.c.sha256 == sha256, sources.c.id != other_than)
            .where(documents.c.id == _NOW, sources.c.state != SourceState.REMOVED)
            .order_by(sources.c.id)
        )
        return [row.id for row in self._connection.execute(query)]

    def served_with_words(self, words: str, *, other_than: str, most: int) -> list[int]:
        """Return the ids of documents that other sources serve and that have these very characters in them.

        Looks through all texts: a hundred megabytes take a tenth of a second.
        """
        query = (
            sa.select(documents.c.id)
            .join(sources, sources.c.document_id == documents.c.id)
            .where(sources.c.id != other_than, sources.c.state != SourceState.REMOVED)
            .where(dialect.position(self._connection, documents.c.text, words) > 0)
            .order_by(documents.c.id.desc())
            .limit(most)
        )
        return [row.id for row in self._connection.execute(query)]

    def sizes(self, source_ids: Iterable[str]) -> int:
        """Return the bytes of the newest revisions of some sources together."""
        newest = sa.select(sa.func.max(revisions.c.id)).where(revisions.c.source_id.in_(tuple(source_ids)))
        query = sa.select(sa.func.sum(revisions.c.size))
        query = query.where(revisions.c.id.in_(newest.group_by(revisions.c.source_id)))
        return int(self._connection.execute(query).scalar() or 0)

    def add(self, revision_id: int, document: Document, *, reader: str, cut_into: int = 0) -> int:
        """Keep what a reader saw in a revision, cut into so many passages; return the document's id."""
        row = {
            "revision_id": revision_id,
            "reader": reader,
            "read_at": datetime.now(UTC),
            "title": document.title,
            "language": document.language,
            "text": document.text,
            "blocks": [_packed(block) for block in document.blocks],
            "pages": [[page.number, page.label, page.width, page.height] for page in document.pages],
            "boxes": [[getattr(box, name) for name in Box.__slots__] for box in document.boxes],
            "author": document.author,
            "dated": document.dated,
            "url": document.url,
            "particulars": [list(pair) for pair in document.particulars],
            "warnings": list(document.warnings),
            "cut_into": cut_into,
        }
        row["seal"] = seals.seal(documents, row)
        made = self._connection.execute(_ADD, row)
        seals.counted(self._connection, documents, 1)
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])

    def get(self, document_id: int) -> StoredDocument:
        """Return a document with its revision, or raise CatalogError if it is missing or damaged."""
        row = self._connection.execute(_ONE, {"wanted": document_id}).one_or_none()
        if row is None:
            raise CatalogError(f"the catalog has no document {document_id}")
        return _stored(row)

    def versions(self, source_id: str) -> list[Version]:
        """Return every document that was read from a source, the newest first; none of an archive."""
        query = _version_query().where(revisions.c.source_id == source_id)
        return [_version_from(row) for row in self._connection.execute(query)]

    def latest_versions(self, *, collection: str | None = None, limit: int) -> list[Version]:
        """Return the documents that were read last, the newest first, of sources that are not removed."""
        query = _version_query().join(sources, sources.c.id == revisions.c.source_id)
        query = query.where(sources.c.state != SourceState.REMOVED).limit(limit)
        if collection is not None:
            query = query.where(sources.c.collection == collection)
        return [_version_from(row) for row in self._connection.execute(query)]

    def read_since(self, moment: datetime) -> tuple[int, datetime | None]:
        """Count the documents that were read since a moment; also return when the first of them was."""
        columns = sa.select(sa.func.count(), sa.func.min(documents.c.read_at))
        count, first = self._connection.execute(columns.where(documents.c.read_at >= moment)).one()
        return int(count), first

    def day(self, document_id: int) -> date | None:
        """Return the day that a document states of itself, else the day on which it was fetched."""
        query = (
            sa.select(documents.c.dated, revisions.c.fetched_at)
            .join(revisions, revisions.c.id == documents.c.revision_id)
            .where(documents.c.id == document_id)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else row.dated or row.fetched_at.date()

    def languages(self, document_ids: Iterable[int]) -> dict[int, str]:
        """Return the language of each document."""
        query = sa.select(documents.c.id, documents.c.language)
        return {
            row.id: row.language
            for row in self._connection.execute(query.where(documents.c.id.in_(tuple(document_ids))))
        }

    def served(self, source_id: str) -> tuple[str, str] | None:
        """Return the SHA-256 and the reader of what a source serves, or None.

        Of an archive, which serves no document, those of what was read in it last.
        """
        query = (
            sa.select(revisions.c.sha256, documents.c.reader)
            .select_from(sources)
            .join(documents, documents.c.id == _NOW)
            .join(revisions, revisions.c.id == documents.c.revision_id)
            .where(sources.c.id == source_id)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else (row.sha256, row.reader)


def _newest() -> sa.ScalarSelect[int]:
    read, of = documents.alias(), revisions.alias()
    query = sa.select(sa.func.max(read.c.id)).join_from(read, of, of.c.id == read.c.revision_id)
    return query.where(of.c.source_id == sources.c.id).correlate(sources).scalar_subquery()


# The document that a source serves, else the newest that was read: an archive has one without words.
_NOW = sa.func.coalesce(sources.c.document_id, _newest())


def _stored(row: Row[Any]) -> StoredDocument:
    if not seals.is_whole(documents, row._mapping):
        raise CatalogError(f"document {row.id} is damaged in the catalog", remedy=VERIFY)
    revision = revision_from(row, prefix="r_")
    document = Document(
        title=row.title,
        language=row.language,
        text=row.text,
        blocks=tuple(map(block_from, row.blocks)),
        media_type=revision.media_type,
        pages=tuple(Page(*packed) for packed in row.pages),
        boxes=tuple(Box(*packed) for packed in row.boxes),
        author=row.author,
        dated=row.dated,
        url=row.url,
        particulars=tuple((name, value) for name, value in row.particulars),
        warnings=tuple(row.warnings),
    )
    return StoredDocument(row.id, document, revision, row.reader, row.read_at)


def revision_from(row: Row[Any], *, prefix: str = "") -> Revision:
    """Return the revision that a row holds; its columns may stand behind a prefix."""
    return revision_of(row._mapping, prefix=prefix)


def revision_of(columns: Mapping[Any, Any], *, prefix: str = "") -> Revision:
    """Return the revision that some columns hold, which may stand behind a prefix."""
    return Revision(
        id=columns[f"{prefix}id"],
        source_id=columns[f"{prefix}source_id"],
        sha256=columns[f"{prefix}sha256"],
        media_type=columns[f"{prefix}media_type"],
        size=columns[f"{prefix}size"],
        fetched_at=columns[f"{prefix}fetched_at"],
        encoding=columns[f"{prefix}encoding"],
    )


def _version_query() -> sa.Select[Any]:
    columns = (documents.c.id, documents.c.title, documents.c.reader, documents.c.read_at)
    return (
        sa.select(*columns, *prefixed(revisions, "r_"))
        .join(revisions, revisions.c.id == documents.c.revision_id)
        # What was read in an archive is kept without words: that is no version of anything.
        # No more is one whose text is not kept any longer.
        .where(documents.c.text != "")
        .order_by(documents.c.id.desc())
    )


def _version_from(row: Row[Any]) -> Version:
    return Version(row.id, row.title, row.reader, row.read_at, revision_from(row, prefix="r_"))


def _packed(block: Block) -> list[Any]:
    packed = [block.kind.value, block.start, block.end, block.level, block.language, block.page]
    return [*packed, list(block.headers)] if block.headers else packed


def block_from(packed: list[Any]) -> Block:
    """Return the block that a list in a row of documents stands for."""
    kind, start, end, level, language, page, *headers = packed
    named = tuple(headers[0]) if headers else ()
    return Block(BlockKind(kind), start, end, level=level, language=language, page=page, headers=named)
