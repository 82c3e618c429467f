"""Is a row what was written? SQLite has no checksums: each row that never changes carries one of its own.

A seal is made of all columns of a passage, document or revision that stay as they were written; of how many
rows of these there must be, a count is kept. `kb verify` checks all of them, and what is shown to a reader is
checked as it is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog.tables import documents, passages, revisions, sequences

SEALED = (revisions, documents, passages)
"""The tables whose rows are sealed and counted."""

STEP = (
    sequences.update()
    .where(sequences.c.name == sa.bindparam("which"))
    .values(value=sequences.c.value + sa.bindparam("by"))
)
"""Takes a count on by so many; made once, which takes SQLAlchemy longer than the database to do it."""

# The ids of revisions and documents are not known when they are sealed; passages are retired and renumbered.
_LEFT_OUT = {
    "revisions": {"id", "shed_at"},
    "documents": {"id", "shed_at"},
    "passages": {"retired_at", "sequence"},
}
_SEALED_COLUMNS = {
    table.name: [each.name for each in table.columns if each.name not in {*_LEFT_OUT[table.name], "seal"}]
    for table in SEALED
}
# Rows that are held in memory at once; one of `documents` may have 10 million characters.
_ROWS = 200


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    assert isinstance(value, date)
    return value.isoformat()


# Made once: ``json.dumps`` makes another each time, which takes half as long as to seal a passage.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def seal(table: sa.Table, row: Mapping[Any, Any]) -> str:
    """Return the checksum of a row, without the columns that may change."""
    values = [row.get(name) for name in _SEALED_COLUMNS[table.name]]
    packed = _ENCODER.encode(values)
    return hashlib.blake2b(packed.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def is_whole(table: sa.Table, row: Mapping[Any, Any]) -> bool:
    """Tell whether a row is what was written."""
    return bool(row["seal"] == seal(table, row))


def counted(connection: Connection, table: sa.Table, rows: int) -> None:
    """Note that so many rows were added to a table, or removed from it where the number is negative."""
    if not rows:
        return
    name = _counter(table)
    if connection.execute(STEP, {"which": name, "by": rows}).rowcount == 0:
        connection.execute(sequences.insert().values(name=name, value=rows))


def missing_rows(connection: Connection, table: sa.Table) -> int:
    """Return how many rows of a table are lost; negative where there are some that nobody added."""
    expected = connection.execute(sa.select(sequences.c.value).where(sequences.c.name == _counter(table)))
    there = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return int(expected.scalar() or 0) - int(there)


def rows(connection: Connection, table: sa.Table, *, where: Any = None) -> Iterator[Mapping[str, Any]]:
    """Yield each row of a sealed table; of one that cannot be read, what can, and that it has no seal."""
    many = 1 if table is documents else _ROWS
    query = sa.select(table.c.id)
    keys = list(connection.execute(query if where is None else query.where(where)).scalars())
    for start in range(0, len(keys), many):
        part = keys[start : start + many]
        try:
            found = connection.execute(table.select().where(table.c.id.in_(part))).mappings().all()
        except (ValueError, TypeError):
            found = [_readable(connection, table, key) for key in part]
        yield from map(dict, found)


def _readable(connection: Connection, table: sa.Table, key: Any) -> Any:
    try:
        return connection.execute(table.select().where(table.c.id == key)).mappings().one()
    except (ValueError, TypeError):
        plain = [column for column in table.c if isinstance(column.type, sa.String | sa.Integer)]
        row = connection.execute(sa.select(*plain).where(table.c.id == key)).mappings().one()
        return {**row, "seal": ""}


def seal_all(connection: Connection) -> None:
    """Seal and count the rows of a catalog that a version without seals wrote."""
    counted_already = set(connection.execute(sa.select(sequences.c.name)).scalars())
    for table in SEALED:
        if _counter(table) in counted_already:
            # What is missing or without a seal here was lost, and must go on being reported.
            continue
        for row in rows(connection, table, where=table.c.seal == ""):
            made = table.update().where(table.c.id == row["id"]).values(seal=seal(table, row))
            connection.execute(made)
        counted(connection, table, -missing_rows(connection, table))


def _counter(table: sa.Table) -> str:
    return f"rows of {table.name}"
