"""How does a library look that an earlier version wrote? The catalog goes down by its own migrations."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from kb.catalog import schema


def downgrade(catalog: Path, version: str) -> None:
    """Bring an SQLite catalog down to an earlier format."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    engine = sa.create_engine(f"sqlite:///{catalog.as_posix()}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, version)
    engine.dispose()
