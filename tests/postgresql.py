"""Do the catalog's tests hold on PostgreSQL? Each catalog that a test opens becomes a database of its own.

python -m tests.postgresql postgresql+psycopg://USER@HOST:PORT [PYTEST ARGUMENTS]

The server must be one to throw away: databases are made in it and not removed. There must be one of USER's
name to begin with, as there is for postgres. Needs psycopg. Copies of a catalog, which are SQLite files in
backups, stay what they are; so do tests that damage an SQLite file.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from kb.catalog import Catalog

_DEFAULT = [f"tests/{name}" for name in ("kb", "ingest/test_pipeline.py", "webapp/work", "webapp/links")]


class Plugin:
    """Lets ``Catalog.open`` open databases of a server."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        self._opened: list[Catalog] = []
        self.databases = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is about SQLite's own files."""
        items[:] = [item for item in items if item.get_closest_marker("sqlite") is None]

    def url(self, asked: str) -> str:
        """Return the address of the database that stands for a catalog file, which is made if need be."""
        place = make_url(asked)
        if not place.drivername.startswith("sqlite") or not place.database:
            return asked
        folder = Path(place.database).parent
        if folder.name.startswith(".") or Path(place.database).exists():
            return asked
        name = "kb_" + hashlib.sha256(place.database.encode()).hexdigest()[:40]
        with self._engine.connect() as connection:
            known = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.execute(known, {"name": name}).first() is None:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
                self.databases += 1
        return self._server.set(database=name).render_as_string(hide_password=False)

    @pytest.fixture(autouse=True)
    def _on_the_server(self, monkeypatch: pytest.MonkeyPatch) -> object:
        opening = Catalog.open.__func__  # type: ignore[attr-defined]

        def opened(cls: type[Catalog], url: str) -> Catalog:
            catalog: Catalog = opening(cls, self.url(url))
            self._opened.append(catalog)
            return catalog

        monkeypatch.setattr(Catalog, "open", classmethod(opened))
        yield
        # A server has so many connections and no more.
        while self._opened:
            self._opened.pop().close()


def main() -> None:
    """Run the tests."""
    plugin = Plugin(make_url(sys.argv[1]))
    code = pytest.main(sys.argv[2:] or _DEFAULT, plugins=[plugin])
    print(f"{plugin.databases} databases were made")
    sys.exit(code)


if __name__ == "__main__":
    main()
