"""Does the catalog hold together: rows with their seals, quotations with their documents?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kb import ids
from kb.catalog import dialect, seals
from kb.catalog.tables import documents, passages, revisions, sequences, sources
from kb.faults import FILE_DAMAGED, Cure, Fault
from kb.model import SourceState


def faults(connection: Connection) -> Iterator[Fault]:
    """Yield what is wrong in the catalog itself."""
    damage = dialect.damage(connection)
    if damage is not None:
        told, derived = damage
        yield Fault(f"{FILE_DAMAGED}: {told}", Cure.REINDEX if derived else Cure.BACKUP)
        return
    broken = list(_seals(connection))
    yield from broken
    try:
        yield from (*_served(connection), *_strays(connection), *_numbers(connection))
    except (ValueError, TypeError):
        # A row cannot be read: its seal told so. When that is mended, the next check goes on from here.
        if not broken:
            raise


def _seals(connection: Connection) -> Iterator[Fault]:
    """Check every row that never changes against its checksum."""
    for row in seals.rows(connection, revisions):
        if not seals.is_whole(revisions, row):
            told = f"revision {row['id']} of source {row['source_id']} is not what was written"
            yield Fault(told, Cure.SEAL, source_id=row["source_id"])
    named = sa.select(documents.c.id, revisions.c.source_id)
    named = named.join(revisions, revisions.c.id == documents.c.revision_id)
    of_document = {row.id: row.source_id for row in connection.execute(named)}
    for row in seals.rows(connection, documents):
        if not seals.is_whole(documents, row):
            source_id = of_document.get(row["id"], "")
            told = f"document {row['id']} of source {source_id or '?'} is not what was written"
            yield Fault(told, Cure.SEAL, source_id=source_id)
    for row in seals.rows(connection, passages):
        if not seals.is_whole(passages, row):
            told = f"passage {row['id']} of source {row['source_id']} is not what was written"
            yield Fault(told, Cure.SEAL, source_id=row["source_id"])


def _served(connection: Connection) -> Iterator[Fault]:
    """Check every source's document and its passages, one document at a time: each is loaded once."""
    served = sources.c.document_id.is_not(None)
    for source in connection.execute(sources.select().where(served).order_by(sources.c.id)).all():
        fault, cure = _document_fault(connection, source)
        if fault:
            yield Fault(f"{source.title} ({source.id}): {fault}", cure, source_id=source.id)


def _document_fault(connection: Connection, source: Row[Any]) -> tuple[str, Cure]:
    query = (
        sa.select(documents.c.text, documents.c.title, documents.c.cut_into, revisions.c.source_id)
        .join(revisions, revisions.c.id == documents.c.revision_id)
        .where(documents.c.id == source.document_id)
    )
    found = connection.execute(query).one_or_none()
    if found is None or found.source_id != source.id:
        return "the document that it serves is not in the catalog", Cure.READ_AGAIN
    if found.title != source.title:
        return f"its title is not that of its document, {found.title}", Cure.READ_AGAIN
    live = passages.select().where(passages.c.source_id == source.id, passages.c.retired_at.is_(None))
    count = 0
    for row in connection.execute(live):
        count += 1
        if row.document_id != source.document_id:
            return f"passage {row.id} belongs to an earlier document but was not retired", Cure.READ_AGAIN
        if found.text[row.start : row.end] != row.text:
            return f"passage {row.id} is not what stands at its place in the document", Cure.READ_AGAIN
        if ids.text_hash(row.text) != row.text_hash:
            # Its words are right: read again with a wrong fingerprint, it would get another id.
            return f"passage {row.id} does not have the words that its fingerprint says", Cure.FINGERPRINT
    if count == 0 or count != (found.cut_into or count):
        return f"it has {count} passages, and was cut into {found.cut_into}", Cure.READ_AGAIN
    return "", Cure.READ_AGAIN


def _strays(connection: Connection) -> Iterator[Fault]:
    """Find live passages of sources that serve nothing, and sources that wait for a revision that is lost."""
    unserved = sa.select(sources.c.id).where(sources.c.document_id.is_(None))
    stray = sa.select(passages.c.source_id).where(passages.c.retired_at.is_(None))
    for (source_id,) in connection.execute(stray.where(passages.c.source_id.in_(unserved)).distinct()):
        yield Fault(f"source {source_id} has passages but no document", Cure.READ_AGAIN, source_id=source_id)
    waiting = sources.c.waiting_revision_id
    lost = sa.select(sources.c.id).where(waiting.is_not(None), waiting.not_in(sa.select(revisions.c.id)))
    for (source_id,) in connection.execute(lost):
        yield Fault(
            f"source {source_id} waits for a revision that is lost", Cure.READ_AGAIN, source_id=source_id
        )
    nothing = sa.select(sources.c.id).where(
        sources.c.state == SourceState.READY,
        sources.c.document_id.is_(None),
        sources.c.id.not_in(sa.select(sources.c.parent_id).where(sources.c.parent_id.is_not(None))),
    )
    for (source_id,) in connection.execute(nothing):
        yield Fault(f"source {source_id} is ready but serves nothing", Cure.READ_AGAIN, source_id=source_id)
    gone = sa.select(sources.c.id).where(
        sources.c.state == SourceState.REMOVED, sources.c.document_id.is_not(None)
    )
    for (source_id,) in connection.execute(gone):
        yield Fault(f"source {source_id} is removed but serves", Cure.READ_AGAIN, source_id=source_id)
    yield from _names(connection)


def _names(connection: Connection) -> Iterator[Fault]:
    """Find sources that are not what their ids say, and rows that name others that are lost."""
    known = tuple(SourceState)
    for row in connection.execute(sources.select().order_by(sources.c.id)):
        if row.id != ids.source_id(row.collection, row.place) or row.state not in known:
            told = f"source {row.id} does not have the collection, place or state that it was given"
            yield Fault(told, Cure.BACKUP, source_id=row.id)
    for table, column, of in (
        (revisions, revisions.c.source_id, sources.c.id),
        (documents, documents.c.revision_id, revisions.c.id),
        (passages, passages.c.document_id, documents.c.id),
        (passages, passages.c.source_id, sources.c.id),
    ):
        for (key,) in connection.execute(sa.select(table.c.id).where(column.not_in(sa.select(of))).limit(1)):
            told = f"what row {key} of {table.name} names in {of.table.name} is lost"
            yield Fault(told, Cure.BACKUP)


def _numbers(connection: Connection) -> Iterator[Fault]:
    given = connection.execute(sa.select(sequences.c.value).where(sequences.c.name == "passages")).scalar()
    highest = connection.execute(sa.select(sa.func.max(passages.c.sequence))).scalar()
    if (highest or 0) > (given or 0):
        yield Fault(
            f"the catalog has counted {given or 0} changes, but one has the number {highest}", Cure.RENUMBER
        )
    for table in seals.SEALED:
        lost = seals.missing_rows(connection, table)
        if lost > 0:
            yield Fault(f"{lost} rows of {table.name} are lost", Cure.BACKUP)
        if lost < 0:
            yield Fault(f"{-lost} rows of {table.name} are not counted", Cure.RENUMBER)
