"""Which rows that are not what was written can be made so again, and proved to be by their seals?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb import ids
from kb.catalog import seals
from kb.catalog.tables import documents, passages, revisions, sources
from kb.selectors import CONTEXT

_MOST_PLACES = 1_000


def mend(connection: Connection, source_id: str) -> bool:
    """Mend the rows of a source, and make room for what must be read again; tell whether it must be."""
    again = _mend_passages(connection, source_id)
    return _mend_documents(connection, source_id) or again


def make_room(connection: Connection, source_id: str) -> None:
    """Count the lost rows of a source as gone that reading it again will make anew."""
    source = connection.execute(sources.select().where(sources.c.id == source_id)).one_or_none()
    if source is None or source.document_id is None:
        return
    query = sa.select(documents.c.cut_into).where(documents.c.id == source.document_id)
    served = connection.execute(query).one_or_none()
    if served is None:
        _count_off(connection, documents, 1)
        return
    live = sa.select(sa.func.count()).where(
        passages.c.source_id == source_id, passages.c.retired_at.is_(None)
    )
    there = int(connection.execute(live).scalar_one())
    _count_off(connection, passages, (served.cut_into or there) - there)


def _count_off(connection: Connection, table: sa.Table, rows: int) -> None:
    seals.counted(connection, table, -max(0, min(rows, seals.missing_rows(connection, table))))


def recount(connection: Connection) -> None:
    """Count the rows that nobody counted: each has a seal, so it was written by us."""
    for table in seals.SEALED:
        seals.counted(connection, table, max(0, -seals.missing_rows(connection, table)))


def _mend_passages(connection: Connection, source_id: str) -> bool:
    again = False
    for row in list(seals.rows(connection, passages, where=passages.c.source_id == source_id)):
        if seals.is_whole(passages, row):
            continue
        right = next(
            (each for each in _quoted_again(connection, row) if seals.is_whole(passages, each)), None
        )
        which = passages.c.id == row["id"]
        if right is not None:
            names = ("start", "end", "text", "text_hash", "prefix", "suffix")
            connection.execute(passages.update().where(which).values({name: right[name] for name in names}))
        elif connection.execute(passages.delete().where(which, passages.c.retired_at.is_(None))).rowcount:
            seals.counted(connection, passages, -1)
            again = True
    return again


def _quoted_again(connection: Connection, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a passage would be at the places in its document where it may have stood."""
    of_row = documents.select().where(documents.c.id == row["document_id"])
    document = connection.execute(of_row).mappings().one_or_none()
    if document is None or not seals.is_whole(documents, document):
        return
    text, words = document["text"], row["text"]
    places = [(row["start"], row["end"])]
    places += [(row["start"], row["start"] + len(words)), (row["end"] - len(words), row["end"])]
    at = text.find(words)
    while at >= 0 and len(places) < _MOST_PLACES:
        places.append((at, at + len(words)))
        at = text.find(words, at + 1)
    for start, end in places:
        quote = text[start:end]
        yield {
            **row,
            "start": start,
            "end": end,
            "text": quote,
            "text_hash": ids.text_hash(quote),
            "prefix": text[max(0, start - CONTEXT) : start],
            "suffix": text[end : end + CONTEXT],
        }


def _mend_documents(connection: Connection, source_id: str) -> bool:
    """Mend documents from another reading of the same revision; the served one must be read again first."""
    again = False
    served = sa.select(sources.c.document_id).where(sources.c.id == source_id)
    served_id = connection.execute(served).scalar()
    of_source = sa.select(revisions.c.id).where(revisions.c.source_id == source_id)
    rows = list(seals.rows(connection, documents, where=documents.c.revision_id.in_(of_source)))
    whole = [row for row in rows if seals.is_whole(documents, row)]
    for row in rows:
        if seals.is_whole(documents, row):
            continue
        if row["id"] == served_id:
            again = True
        elif not _mended(connection, row, whole):
            _forget(connection, row["id"])
    return again


def _mended(connection: Connection, row: Mapping[str, Any], whole: list[Any]) -> bool:
    for other in whole:
        kept = ("id", "reader", "read_at", "seal")
        right = {**other, **{name: row[name] for name in kept if name in row}}
        if right["revision_id"] == row["revision_id"] and seals.is_whole(documents, right):
            connection.execute(documents.update().where(documents.c.id == row["id"]).values(right))
            return True
    return False


def _forget(connection: Connection, document_id: int) -> None:
    """Remove a document that cannot be mended, if no passage was ever cut from it that still names it."""
    naming = sa.select(passages.c.id).where(passages.c.document_id == document_id).limit(1)
    if connection.execute(naming).first() is None:
        connection.execute(documents.delete().where(documents.c.id == document_id))
        seals.counted(connection, documents, -1)
