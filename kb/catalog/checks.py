"""Does the catalog hold together: its rows with each other, and every quotation with its document?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from kb import ids
from kb.catalog import dialect
from kb.catalog.tables import documents, passages, revisions, sequences, sources
from kb.faults import Cure, Fault
from kb.model import SourceState


def faults(connection: Connection) -> Iterator[Fault]:
    """Yield what is wrong in the catalog itself."""
    damage = dialect.quick_check(connection)
    if damage is not None:
        yield Fault(f"the catalog's file is damaged: {damage}", Cure.BACKUP)
        return
    yield from _served(connection)
    yield from _strays(connection)
    yield from _numbers(connection)


def _served(connection: Connection) -> Iterator[Fault]:
    """Check every source's document and its passages, one document at a time: each is loaded once."""
    served = sources.c.document_id.is_not(None)
    for source in connection.execute(sources.select().where(served).order_by(sources.c.id)).all():
        fault, cure = _document_fault(connection, source)
        if fault:
            yield Fault(f"{source.title} ({source.id}): {fault}", cure, source_id=source.id)


def _document_fault(connection: Connection, source: Row[Any]) -> tuple[str, Cure]:
    query = (
        sa.select(documents.c.text, revisions.c.source_id)
        .join(revisions, revisions.c.id == documents.c.revision_id)
        .where(documents.c.id == source.document_id)
    )
    found = connection.execute(query).one_or_none()
    if found is None or found.source_id != source.id:
        return "the document that it serves is not in the catalog", Cure.READ_AGAIN
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
    return "" if count else "it has no passages", Cure.READ_AGAIN


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


def _numbers(connection: Connection) -> Iterator[Fault]:
    given = connection.execute(sa.select(sequences.c.value).where(sequences.c.name == "passages")).scalar()
    highest = connection.execute(sa.select(sa.func.max(passages.c.sequence))).scalar()
    if (highest or 0) > (given or 0):
        yield Fault(
            f"the catalog has counted {given or 0} changes, but one has the number {highest}", Cure.RENUMBER
        )
