"""What the catalog of early installations lacks: the second migration grew while it was already in use.

A catalog that has it all is left as it is. Later migrations have to name what they add.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kb.catalog.tables import metadata

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    for table in metadata.sorted_tables:
        there = sa.inspect(connection)
        if not there.has_table(table.name):
            table.create(connection)
            continue
        known = {column["name"] for column in there.get_columns(table.name)}
        missing = [column for column in table.c if column.name not in known]
        if any(column.primary_key for column in missing):
            _make_anew(table, known)
        else:
            _add(table, missing)
    # Questions are grouped by their words: those from before stand for themselves.
    op.execute("UPDATE questions SET words = text WHERE words = ''")


def _add(table: sa.Table, missing: list[sa.Column[object]]) -> None:
    for column in missing:
        default = column.server_default or (None if column.nullable else sa.DefaultClause(""))
        made = sa.Column(column.name, column.type, nullable=column.nullable, server_default=default)
        op.add_column(table.name, made)
    named = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table.name)}
    for index in table.indexes:
        if index.name not in named:
            index.create(op.get_bind())


def _make_anew(table: sa.Table, known: set[str]) -> None:
    """Make a small table again that lacks a part of its key, which its rows get empty."""
    connection = op.get_bind()
    columns = [column for column in table.c if column.name in known]
    kept = sa.table(table.name, *(sa.column(column.name, column.type) for column in columns))
    rows = [dict(row) for row in connection.execute(sa.select(kept)).mappings()]
    op.drop_table(table.name)
    table.create(connection)
    empty = {column.name: "" for column in table.c if column.name not in known}
    if rows:
        connection.execute(table.insert(), [{**empty, **row} for row in rows])


def downgrade() -> None:
    """Leave it all: the second format has the same columns."""
