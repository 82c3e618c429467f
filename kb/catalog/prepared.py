"""How is a query asked that every answer asks, without SQLAlchemy putting it together each time?

To make the text of a query for so many values takes it several times as long as the database to answer. So a
text is made once for each of a few numbers of values; where there are fewer, the last one is given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

WANTED = "wanted"
"""The name of the parameter, an expanding one, that the values are given for."""

# Databases limit the number of values in one statement (SQLite: 32,766).
_MOST = 4_096


class Prepared:
    """A query for the rows of some values, which are as the database gives them: SQLAlchemy turns none."""

    def __init__(self, query: sa.Select[Any]) -> None:
        self._query = query
        self._texts: dict[tuple[str, int], tuple[str, tuple[str, ...] | None]] = {}

    def rows(self, connection: Connection, values: Sequence[str] | Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the rows of some values; none of no values."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(values), _MOST):
            found += self._some(connection, values[start : start + _MOST])
        return found

    def _some(self, connection: Connection, values: Sequence[str] | Sequence[int]) -> list[tuple[Any, ...]]:
        size = 1 << (len(values) - 1).bit_length()
        given = [*values, *[values[-1]] * (size - len(values))]
        text, names = self._text(connection.dialect, size)
        parameters = tuple(given) if names is None else dict(zip(names, given, strict=True))
        return _asked(connection, text, parameters)

    def _text(self, dialect: sa.Dialect, size: int) -> tuple[str, tuple[str, ...] | None]:
        """Return the query in a database's own words, and the names of its parameters if these go by name."""
        made = self._texts.get((dialect.name, size))
        if made is None:
            compiled = self._query.compile(dialect=dialect)
            expanded = compiled.construct_expanded_state({WANTED: [""] * size})
            names = None if compiled.positional else tuple(expanded.parameter_expansion[WANTED])
            made = self._texts[dialect.name, size] = (expanded.statement, names)
        return made


def _asked(connection: Connection, text: str, parameters: Any) -> list[tuple[Any, ...]]:
    """Ask the database's own driver, in the connection's transaction: SQLAlchemy's part takes as long again.

    Raises as SQLAlchemy does.
    """
    driver: Any = connection.dialect.loaded_dbapi
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, parameters)
        return list(cursor.fetchall())
    except driver.Error as error:
        raise sa.exc.DBAPIError(text, parameters, error) from error
    finally:
        cursor.close()
