"""Where is the truth kept? In the catalog: sources, revisions, documents and passages, in one database.

catalog = Catalog.open(url)
with catalog.writing() as transaction:
    transaction.sources.…
    transaction.passages.…
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from kb.catalog import checks, copying, dialect, mending, schema, stretches
from kb.catalog.claims import Claims
from kb.catalog.documents import VERIFY, Documents
from kb.catalog.files import Files
from kb.catalog.orders import Orders
from kb.catalog.passages import Passages
from kb.catalog.questions import Questions
from kb.catalog.readings import Readings
from kb.catalog.retention import Retention
from kb.catalog.sources import Sources
from kb.catalog.tables import facts
from kb.catalog.visits import Visits
from kb.errors import CatalogError, SettingsError, StorageError
from kb.faults import Fault
from kb.model import Citation, Document

_ADDRESS = (
    "Leave KB_DATABASE_URL empty, or write postgresql+psycopg://USER@HOST/NAME and install psycopg "
    "(pip install 'psycopg[binary]')."
)
_SERVER = "Check that the database server runs, and that KB_DATABASE_URL names it and a database on it."


class Transaction:
    """One consistent view of the catalog, and what can be read and changed in it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.sources = Sources(connection)
        self.claims = Claims(connection, self.sources)
        self.documents = Documents(connection)
        self.passages = Passages(connection)
        self.orders = Orders(connection)
        self.questions = Questions(connection)
        self.visits = Visits(connection)
        self.files = Files(connection)
        self.readings = Readings(connection)
        self.retention = Retention(connection)

    def stretches(self, citations: Sequence[Citation]) -> dict[str, Document]:
        """Return what it takes to show some passages (see ``stretches.stretches``), by their ids."""
        return stretches.stretches(self._connection, citations)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong in the catalog itself."""
        return checks.faults(self._connection)

    def reindex(self) -> None:
        """Make the database's own indexes again."""
        dialect.reindex(self._connection)

    def mend(self, source_id: str) -> bool:
        """Mend the rows of a source that are not what was written; tell whether it must be read again."""
        return mending.mend(self._connection, source_id)

    def recount(self) -> None:
        """Count the rows that nobody counted."""
        mending.recount(self._connection)

    def make_room(self, source_id: str) -> None:
        """Count the rows of a source as gone that reading it again will make anew."""
        mending.make_room(self._connection, source_id)


class Catalog:
    """The database that all else can be made again from. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._watch = dialect.Watch(engine)
        self._collections: tuple[int | None, dict[str, int]] | None = None

    @classmethod
    def open(cls, url: str) -> Catalog:
        """Open the catalog at an SQLAlchemy URL, creating or migrating it first.

        Raises SettingsError for an address of no database that is known, CatalogNewer when a newer version
        wrote it, CatalogError when it cannot be opened.
        """
        try:
            place = make_url(url)
            engine = dialect.connect(url)
        except (sa.exc.ArgumentError, ImportError) as error:
            raise SettingsError(f"the catalog's database cannot be used: {error}", remedy=_ADDRESS) from error
        is_file = place.drivername.startswith("sqlite")
        if is_file and place.database:
            Path(place.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            schema.bring_up_to_date(engine)
        except sa.exc.DBAPIError as error:
            engine.dispose()
            reason = " ".join(str(error.orig).split())
            remedy = None if is_file else _SERVER
            raise CatalogError(f"the catalog cannot be opened: {reason}", remedy=remedy) from error
        except CatalogError:
            engine.dispose()
            raise
        return cls(engine)

    @property
    def url(self) -> str:
        """Return the SQLAlchemy URL that the catalog was opened with, its password too."""
        return self._engine.url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a view that stays the same while others write."""
        with _named(), self._engine.connect() as connection:
            connection = dialect.for_reading(connection)
            with connection.begin():
                yield Transaction(connection)

    @contextmanager
    def writing(self, *, aside: bool = False) -> Iterator[Transaction]:
        """Open a transaction that is committed at the end of the block, and undone on any exception.

        ``aside``: nothing that answers are made of changes in it, so the ``version`` stays.
        """
        with _named(), self._engine.connect() as connection:
            connection = dialect.for_writing(connection)
            with connection.begin():
                yield Transaction(connection)
                if not aside:
                    dialect.count_commit(connection)

    def version(self) -> int | None:
        """Return a number that is another after each commit of any process; None if the database has none.

        Commits that stand aside (see ``writing``) leave it as it is.
        """
        with _named():
            return self._watch.version()

    def collections(self) -> dict[str, int]:
        """Count the sources of each collection, as ``Sources.collections`` does, anew after a commit.

        To count 20,000 sources takes 5 ms, and each page of answers has the list.
        """
        version, kept = self.version(), self._collections
        if kept is None or version is None or kept[0] != version:
            with self.reading() as transaction:
                kept = self._collections = version, transaction.sources.collections()
        return dict(kept[1])

    @cached_property
    def id(self) -> str:
        """Return the identity given to this catalog when it was made; an index names the one it reflects."""
        query = sa.select(facts.c.value).where(facts.c.name == "catalog_id")
        with _named(), self._engine.connect() as connection, connection.begin():
            found = connection.execute(query).scalar()
        if found is not None:
            return str(found)
        made = uuid.uuid4().hex
        with _named(), self._engine.connect() as connection:
            connection = dialect.for_writing(connection)
            with connection.begin():
                if (other := connection.execute(query).scalar()) is not None:
                    return str(other)
                connection.execute(facts.insert().values(name="catalog_id", value=made))
        return made

    def copy_to(self, path: Path) -> None:
        """Write the catalog as it stands now into a new SQLite file, while others go on writing."""
        with _named():
            copying.copy_to_file(self._engine, path)

    def fill_from(self, path: Path) -> None:
        """Copy what a catalog file holds into this catalog, which must be empty."""
        other = dialect.connect(f"sqlite:///{path.as_posix()}")
        try:
            with _named():
                copying.copy_rows(other, self._engine)
        finally:
            other.dispose()

    def close(self) -> None:
        """Close all connections."""
        self._watch.close()
        self._engine.dispose()


@contextmanager
def _named() -> Iterator[None]:
    """Give a fault of the database a name and a remedy of ours."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        reason = str(error.orig)
        if "full" in reason or "disk I/O" in reason:
            raise StorageError(f"the catalog cannot be written: {reason}") from error
        raise CatalogError(f"the catalog cannot be used: {reason}") from error
    except (ValueError, TypeError) as error:
        if not _of_a_row(error):
            raise
        raise CatalogError(f"a row of the catalog cannot be read: {error}", remedy=VERIFY) from error


def _of_a_row(error: Exception) -> bool:
    """Tell whether an error came from turning what a row holds into values: then the row is damaged."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = str(trace.tb_frame.f_globals.get("__name__", "")) if trace is not None else ""
    return where.partition(".")[0] in {"sqlalchemy", "json", "enum"} or where.startswith("kb.catalog")
