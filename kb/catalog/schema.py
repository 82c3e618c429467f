"""Is the catalog's schema the one this version works with, and if it is older, how is it brought up?"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from kb.catalog import dialect, seals
from kb.errors import CatalogNewer

# The newest migration; a test holds it against the folder.
HEAD = "0003"
_KNOWN = ("0001", "0002", "0003")


def bring_up_to_date(engine: Engine) -> None:
    """Create or migrate the schema; two processes may do so at once, and one waits for the other.

    Raises CatalogNewer when the schema is one that this version does not know.
    """
    with engine.connect() as connection, connection.begin():
        if _current(connection) == HEAD:
            return
    with engine.connect() as connection:
        connection = dialect.for_writing(connection)
        with connection.begin():
            if _current(connection) != HEAD:
                _migrate(connection)


def _current(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if version is not None and version not in _KNOWN:
        raise CatalogNewer(f"the catalog has format {version}, and this version knows up to {HEAD}")
    return None if version is None else str(version)


def _migrate(connection: Connection) -> None:
    # Imported here: Alembic costs a quarter of a second, and a catalog that is up to date needs none of it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
    seals.seal_all(connection)
