"""What differs between databases? All SQL that only one of them knows stands here."""

from __future__ import annotations

import json
import threading
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, Engine

from kb.catalog.tables import sequences

# Waiting longer than any one transaction of ours takes (a 10-million-character document: about 20 s).
BUSY_TIMEOUT_MS = 60_000
_COMMITS = "commits"


def connect(url: str) -> Engine:
    """Return an engine set up for its database."""
    engine = sa.create_engine(url, json_serializer=_compact)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # We say BEGIN ourselves: the driver would delay it to the first write, and two processes that read
    # first and write later would fail with "database is locked" instead of waiting.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a commit is on the disk when it returns, also when the power goes.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("kb_writes", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Said to the driver itself, which takes a fifth of the time, as it waits for nobody and cannot fail.
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")


def for_reading(connection: Connection) -> Connection:
    """Return a connection whose transaction sees one state of the database from its first query on."""
    if connection.dialect.name == "sqlite":
        return connection
    return connection.execution_options(isolation_level="REPEATABLE READ")


def for_writing(connection: Connection) -> Connection:
    """Return a connection whose transaction may write."""
    return connection.execution_options(kb_writes=True)


def insert_or_update(
    connection: Connection, table: sa.Table, values: dict[str, Any], *, adding: str | None = None
) -> None:
    """Insert a row, or write its values into the row with the same key; two at once come out right.

    ``adding`` names a column whose value is added to the one that is there.
    """
    make: Any = sqlite.insert
    if connection.dialect.name == "postgresql":
        # Imported here: who has no such database would wait for it at every start.
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        make = postgresql.insert
    statement = make(table).values(**values)
    keys = [column.name for column in table.primary_key]
    changes: dict[str, Any] = {name: statement.excluded[name] for name in values if name not in keys}
    if adding is not None:
        changes[adding] = table.c[adding] + statement.excluded[adding]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))


def follow_copied_keys(connection: Connection) -> None:
    """Let numbered keys go on after rows were copied in with their numbers (PostgreSQL's sequences)."""
    if connection.dialect.name != "postgresql":
        return
    for table in ("revisions", "documents"):
        last = f"(SELECT coalesce(max(id), 1) FROM {table})"
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")


def damage(connection: Connection) -> tuple[str, bool] | None:
    """Ask the database whether its files are sound; return what is wrong, or None.

    Also tells whether only what is derived from the rows, the database's own indexes, is damaged.
    """
    if connection.dialect.name != "sqlite":
        return None
    answer = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    if answer != "ok":
        return answer, False
    answer = str(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar())
    return None if answer == "ok" else (answer, True)


def reindex(connection: Connection) -> None:
    """Make the database's own indexes again from its rows."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("REINDEX")


def position(connection: Connection, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[int]:
    """Return where a text begins in a column, counted from 1; 0 where it is not in it."""
    function = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    return function(column, text, type_=sa.Integer)


def count_commit(connection: Connection) -> None:
    """Count a commit, so that a ``Watch`` of any process sees it."""
    if connection.dialect.name == "sqlite":
        insert_or_update(connection, sequences, {"name": _COMMITS, "value": 1}, adding="value")


class Watch:
    """Tells in microseconds whether anything was committed, by any process. Safe to share by threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Any = None
        self._seen: int | None = None
        self._commits = 0
        self._looking = threading.Lock()

    def version(self) -> int | None:
        """Return how many commits were counted; None where the database cannot tell of commits at once.

        The number that SQLite itself has for them says whether to look: it is that of one connection, which
        must be this one's own, and means nothing to another process
        (https://sqlite.org/pragma.html#pragma_data_version).
        """
        if self._engine.dialect.name != "sqlite":
            return None
        with self._looking:
            if self._connection is None:
                self._connection = self._engine.raw_connection()
            cursor = self._connection.cursor()
            (seen,) = cursor.execute("PRAGMA data_version").fetchone()
            if seen != self._seen:
                counted = cursor.execute("SELECT value FROM sequences WHERE name = ?", (_COMMITS,)).fetchone()
                self._seen, self._commits = seen, int(counted[0]) if counted else 0
            cursor.close()
            return self._commits

    def close(self) -> None:
        """Let go of the connection."""
        with self._looking:
            if self._connection is not None:
                self._connection.close()
                self._connection = self._seen = None
