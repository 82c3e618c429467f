"""What goes with a passage: source, revision, document? The queries that ask, and what their rows mean."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from kb.catalog.documents import revision_from
from kb.catalog.sources import source_from
from kb.catalog.tables import documents, passages, prefixed, revisions, sources
from kb.model import Change, Citation, Passage


def citation_query() -> sa.Select[Any]:
    """Return the query for passages with their proof."""
    return (
        sa.select(
            passages,
            documents.c.title.label("document_title"),
            documents.c.dated.label("document_dated"),
            *prefixed(sources, "s_"),
            *prefixed(revisions, "r_"),
        )
        .join(sources, sources.c.id == passages.c.source_id)
        .join(documents, documents.c.id == passages.c.document_id)
        .join(revisions, revisions.c.id == documents.c.revision_id)
    )


# Made once: to put one together takes SQLAlchemy longer than the database to answer it.
_WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)
CITED = citation_query().where(passages.c.id.in_(_WANTED))
SAYING = (
    citation_query()
    .where(passages.c.text_hash.in_(_WANTED), passages.c.retired_at.is_(None))
    .order_by(revisions.c.fetched_at.desc(), passages.c.id)
)


def citation_from(row: Row[Any]) -> Citation:
    """Return the passage in a row of ``citation_query``."""
    return Citation(
        passage=passage_from(row),
        source=source_from(row, prefix="s_"),
        revision=revision_from(row, prefix="r_"),
        document_id=row.document_id,
        document_title=row.document_title,
        prefix=row.prefix,
        suffix=row.suffix,
        text_hash=row.text_hash,
        retired_at=row.retired_at,
        dated=row.document_dated,
    )


def change_query() -> sa.Select[Any]:
    """Return the query for what an index must know of passages."""
    return (
        sa.select(
            passages,
            sources.c.collection,
            documents.c.title,
            documents.c.dated,
            revisions.c.media_type,
            revisions.c.fetched_at,
        )
        .join(sources, sources.c.id == passages.c.source_id)
        .join(documents, documents.c.id == passages.c.document_id)
        .join(revisions, revisions.c.id == documents.c.revision_id)
    )


def change_from(row: Row[Any]) -> Change:
    """Return the change in a row of ``change_query``."""
    return Change(
        sequence=row.sequence,
        passage=passage_from(row),
        retired=row.retired_at is not None,
        title=row.title,
        collection=row.collection,
        media_type=row.media_type,
        day=row.dated or row.fetched_at.date(),
    )


def passage_from(row: Row[Any]) -> Passage:
    """Return the passage in a row of any query that has its columns."""
    return Passage(
        id=row.id,
        source_id=row.source_id,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        text=row.text,
        headings=tuple(row.headings),
        language=row.language,
        first_page=row.first_page,
        last_page=row.last_page,
        page_label=row.page_label,
    )
