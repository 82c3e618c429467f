"""Which engines are there? All rank alike; they differ in speed and in where they keep the index."""

from __future__ import annotations

from pathlib import Path

from index.engine import Engine
from index.engines.memory import MemoryEngine
from kb.errors import SettingsError

ENGINES = ("whoosh", "memory")
"""The names that `open_engine` knows; the first is the one to use."""


def open_engine(name: str, folder: Path) -> Engine:
    """Open the engine of a name on a folder, which is made if it is not there.

    ``memory`` keeps nothing and ignores the folder. Raises SettingsError for other names, IndexIncompatible
    for a folder that another version wrote.
    """
    if name == "whoosh":
        from index.engines.whoosh import WhooshEngine  # noqa: PLC0415  numpy and Whoosh only where they are used

        return WhooshEngine.create(folder)
    if name == "memory":
        return MemoryEngine()
    raise SettingsError(f"no search engine is called {name!r}; there are {', '.join(ENGINES)}")
