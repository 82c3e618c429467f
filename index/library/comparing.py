"""Is what is known of the library as it should be: undamaged, and what the catalog makes?"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from index.library.filling import follow, note
from index.library.store import NAME, named
from kb.catalog import Catalog

# What must be the same in two files of the same documents, in whatever order they came; IN is the file.
_COMPARED = {
    "documents": "SELECT id, collection, packed FROM IN.sources",
    "words": "SELECT collection, folded, word, language, stem, count, lower FROM IN.words",
    "names": "SELECT name, plain, kind, language, collection, count FROM IN.names",
    "words of names": "SELECT collection, word, name, kind FROM IN.name_words NATURAL JOIN IN.names",
    "short forms": "SELECT short_key, short, long_key, long, language, passage FROM IN.acronyms",
    "passages": "SELECT id, source, keys FROM IN.passages",
    "likenesses": "SELECT key, id FROM IN.alike NATURAL JOIN IN.passages",
}
# Rows that one of the files must not have alone: the one made anew, or the one that is held against it.
_OTHERWISE = {
    # Who shared a key with a passage that went stays noted for it.
    "shared likenesses": (
        "SELECT id FROM main.sharing NATURAL JOIN main.passages "
        "EXCEPT SELECT id FROM held.sharing NATURAL JOIN held.passages LIMIT 1"
    ),
    # Notes come after all else, so some may not be there yet.
    "notes": (
        "SELECT id, note FROM held.passages WHERE note <> x'' "
        "EXCEPT SELECT id, note FROM main.passages LIMIT 1"
    ),
}


def faults(folder: Path) -> list[str]:
    """Return what is wrong with a generation's file, as sentences."""
    try:
        with closing(sqlite3.connect(f"{(folder / NAME).absolute().as_uri()}?mode=ro", uri=True)) as file:
            found = file.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        return [f"what is known of the library as a whole cannot be read: {error}"]
    return [] if found == "ok" else [f"what is known of the library as a whole is damaged: {found}"]


def differences(catalog: Catalog, folder: Path) -> list[str]:
    """Return whether a generation's file, if it is up to date, is what the catalog makes, as a sentence.

    The file is made once more beside it, in a folder that is thrown away, and compared row by row. Raises
    StorageError when there is no room for that.
    """
    with named(), tempfile.TemporaryDirectory(prefix="kb-library-", ignore_cleanup_errors=True) as name:
        again = Path(name) / NAME
        follow(catalog, again)
        while note(catalog, again.parent, most=10_000):
            pass
        with closing(sqlite3.connect(again)) as file:
            file.execute("ATTACH ? AS held", (str(folder / NAME),))
            try:
                if not _as_far(file):
                    return []
                wrong = [table for table, query in _COMPARED.items() if _differ(file, query)]
                wrong += [table for table, query in _OTHERWISE.items() if file.execute(query).fetchone()]
            except sqlite3.Error as error:
                return [f"what is known of the library as a whole cannot be read: {error}"]
    return [f"what is known of the library as a whole is not what it was made of: {table}" for table in wrong]


def _as_far(file: sqlite3.Connection) -> bool:
    query = "SELECT value FROM {}.facts WHERE name = 'sequence'"
    here, held = (file.execute(query.format(name)).fetchone() for name in ("main", "held"))
    return bool(here == held)


def _differ(file: sqlite3.Connection, query: str) -> bool:
    here, held = (query.replace("IN.", f"{name}.") for name in ("main", "held"))
    for one, other in ((here, held), (held, here)):
        if file.execute(f"{one} EXCEPT {other} LIMIT 1").fetchone() is not None:
            return True
    return False
