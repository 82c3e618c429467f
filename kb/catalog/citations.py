"""What goes with a passage: source, revision, document? The queries that ask, and what their rows mean."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from kb.catalog import seals
from kb.catalog.documents import revision_of
from kb.catalog.prepared import WANTED, Prepared
from kb.catalog.sources import source_of
from kb.catalog.tables import UtcTime, documents, passages, revisions, sources
from kb.model import Change, Citation, Passage, Revision, Source

_TABLES = {"": passages, "s_": sources, "r_": revisions}
_COLUMNS = {
    **{f"{prefix}{column.name}": column for prefix, table in _TABLES.items() for column in table.c},
    "document_title": documents.c.title,
    "document_dated": documents.c.dated,
}
_NAMES = tuple(_COLUMNS)
# These come first in a row.
_OF_PASSAGE = tuple(column.name for column in passages.c)
_TIMES = frozenset(name for name, column in _COLUMNS.items() if isinstance(column.type, UtcTime))
_OF_SOURCE, _OF_REVISION = (
    slice(start, start + len(_TABLES[prefix].c))
    for prefix, start in (("s_", len(passages.c)), ("r_", len(passages.c) + len(sources.c)))
)
# Rows of passages that were shown last: with their texts some 4 KB each.
_REMEMBERED = 4_000


def _as_kept(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column as the database keeps it: what it means is made out once for equal rows."""
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text)
    return sa.type_coerce(column, sa.types.NullType())


_WITH_ORIGINS = (
    passages.join(sources, sources.c.id == passages.c.source_id)
    .join(documents, documents.c.id == passages.c.document_id)
    .join(revisions, revisions.c.id == documents.c.revision_id)
)
_CITATIONS = sa.select(*(_as_kept(column).label(name) for name, column in _COLUMNS.items())).select_from(
    _WITH_ORIGINS
)
_WANTED: sa.BindParameter[Any] = sa.bindparam(WANTED, expanding=True)
CITED = Prepared(_CITATIONS.where(passages.c.id.in_(_WANTED)))
SAYING = Prepared(
    _CITATIONS.where(passages.c.text_hash.in_(_WANTED), passages.c.retired_at.is_(None)).order_by(
        revisions.c.fetched_at.desc(), passages.c.id
    )
)


@functools.lru_cache(maxsize=_REMEMBERED)
def citation_of(row: tuple[Any, ...]) -> Citation | None:
    """Return the passage in a row of CITED or SAYING; None if it is not what was written.

    Remembered by all that stands in the row, so a row that has changed is read anew.
    """
    columns = dict(zip(_OF_PASSAGE, row, strict=False))
    columns["headings"] = json.loads(columns["headings"])
    if not seals.is_whole(passages, columns):
        return None
    title, dated = row[-2:]
    return Citation(
        passage=_passage(columns),
        source=_source_of(row[_OF_SOURCE]),
        revision=_revision_of(row[_OF_REVISION]),
        document_id=columns["document_id"],
        document_title=title,
        prefix=columns["prefix"],
        suffix=columns["suffix"],
        text_hash=columns["text_hash"],
        retired_at=_time(columns["retired_at"]),
        dated=_day(dated),
    )


# Passages of one document share these.
@functools.lru_cache(maxsize=_REMEMBERED // 4)
def _source_of(row: tuple[Any, ...]) -> Source:
    return source_of(_with_times(_NAMES[_OF_SOURCE], row), prefix="s_")


@functools.lru_cache(maxsize=_REMEMBERED // 4)
def _revision_of(row: tuple[Any, ...]) -> Revision:
    return revision_of(_with_times(_NAMES[_OF_REVISION], row), prefix="r_")


def _with_times(names: Sequence[str], row: tuple[Any, ...]) -> dict[str, Any]:
    return {name: _time(value) if name in _TIMES else value for name, value in zip(names, row, strict=True)}


def _time(kept: datetime | str | None) -> datetime | None:
    """Return a time as ``UtcTime`` does; SQLite keeps it as text."""
    found = datetime.fromisoformat(kept) if isinstance(kept, str) else kept
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _day(kept: date | str | None) -> date | None:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


def change_query() -> sa.Select[Any]:
    """Return the query for what an index must know of passages."""
    return sa.select(
        passages,
        sources.c.collection,
        documents.c.title,
        documents.c.dated,
        revisions.c.media_type,
        revisions.c.fetched_at,
    ).select_from(_WITH_ORIGINS)


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
    return _passage(row._mapping)


def _passage(columns: Mapping[Any, Any]) -> Passage:
    return Passage(
        id=columns["id"],
        source_id=columns["source_id"],
        ordinal=columns["ordinal"],
        start=columns["start"],
        end=columns["end"],
        text=columns["text"],
        headings=tuple(columns["headings"]),
        language=columns["language"],
        first_page=columns["first_page"],
        last_page=columns["last_page"],
        page_label=columns["page_label"],
    )
