"""How is a whole catalog copied, as it stands at one moment, while others go on writing?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from kb.catalog import dialect, schema
from kb.catalog.tables import metadata, sources
from kb.errors import BackupError, StorageError

# Rows that are held in memory at once; one of `documents` may have 10 million characters.
_ROWS = 1_000
_LARGE_ROWS = {"documents": 1}


def copy_to_file(engine: Engine, path: Path) -> None:
    """Write a catalog as it stands now into a new SQLite file, compact and whole."""
    if engine.dialect.name != "sqlite":
        _copy_into_new_file(engine, path)
        return
    with closing(engine.raw_connection()) as connection:
        try:
            # One statement, one snapshot: https://www.sqlite.org/lang_vacuum.html#vacuuminto
            connection.cursor().execute("VACUUM INTO ?", (str(path),))
        except sqlite3.Error as error:
            raise StorageError(f"the catalog cannot be copied: {error}") from error


def _copy_into_new_file(engine: Engine, path: Path) -> None:
    target = dialect.connect(f"sqlite:///{path.as_posix()}")
    try:
        schema.bring_up_to_date(target)
        copy_rows(engine, target)
        # So that one file holds it all, without a write-ahead log beside it.
        with closing(target.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = DELETE")
    finally:
        target.dispose()


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy every row of one catalog into another that is empty, in one transaction on either side."""
    with source.connect() as reader, target.connect() as writer:
        reader, writer = dialect.for_reading(reader), dialect.for_writing(writer)
        with reader.begin(), writer.begin():
            if writer.execute(sa.select(sources.c.id)).first() is not None:
                raise BackupError(
                    "the catalog to restore into is not empty",
                    remedy="Name an empty database, and restore there.",
                )
            # A catalog that was merely opened has an identity already: it gets that of the copy.
            for table in reversed(metadata.sorted_tables):
                writer.execute(table.delete())
            for table in metadata.sorted_tables:
                count = _LARGE_ROWS.get(table.name, _ROWS)
                rows = reader.execution_options(yield_per=count).execute(table.select())
                for part in rows.mappings().partitions(count):
                    writer.execute(table.insert(), [dict(row) for row in part])
            dialect.follow_copied_keys(writer)
