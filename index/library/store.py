"""What is known of the library as a whole, beside the postings? One SQLite file in each generation's folder.

    words       every word as it is written, how often in each language and collection, and its stem
    names       titles and headings, how often in each, and the words in them
    acronyms    short forms, what they stand for, and the passages that explain them
    passages    what is noted of each, so that no answer has to take it apart (``index.notes``)
    alike       keys of passages that say nearly the same (``index.alike.fingerprint``)
    sharing     the passages that have a key which another has, or once had: few, so most need no comparing

Words and names are counted for each collection and once more for all of them together (``EVERYWHERE``), and
kept in the order of how common they are: what somebody types is completed without looking at all that begins
so.

``filling`` brings it up to the catalog, ``comparing`` tells whether it is as it should be. It can be made
again from the catalog at any time, and search does without it where it is missing or damaged.
"""

from __future__ import annotations

import functools
import logging
import os
import sqlite3
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.analysis import analyzer
from kb.errors import StorageError
from kb.text import fold

log = logging.getLogger("kb.index")

NAME = "library.sqlite"
FORMAT = 5
"""Goes up when the same documents may give other contents: a file of another format is made anew."""

EVERYWHERE = ""
"""The collection under which all words and names are counted; no collection has an empty name."""

LANGUAGES = ("en", "es")
"""The languages in which words are known by their stems too."""

# There is one for each number of words that are looked up: of 128 kept, some would be made anew each time.
_STATEMENTS = 512

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (id TEXT PRIMARY KEY, collection TEXT NOT NULL, packed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE words (
  collection TEXT, folded TEXT, word TEXT, language TEXT, stem TEXT, count INTEGER NOT NULL,
  lower INTEGER NOT NULL, PRIMARY KEY (collection, folded, word, language)) WITHOUT ROWID;
CREATE INDEX words_by_length ON words (collection, substr(folded, 1, 1), length(folded), folded);
CREATE INDEX words_by_count ON words (collection, substr(folded, 1, 2), count DESC, folded, word, language);
CREATE INDEX words_by_stem ON words (collection, stem, language);
CREATE TABLE names (
  number INTEGER PRIMARY KEY, name TEXT, plain TEXT, kind TEXT, language TEXT, collection TEXT,
  count INTEGER NOT NULL, UNIQUE (collection, name, kind, language));
CREATE INDEX names_by_count ON names (
  collection, substr(plain, 1, 2), kind DESC, count DESC, length(plain), plain);
CREATE TABLE name_words (
  collection TEXT, word TEXT, number INTEGER, PRIMARY KEY (collection, word, number)) WITHOUT ROWID;
CREATE TABLE acronyms (
  short_key TEXT, short TEXT, long_key TEXT, long TEXT, language TEXT, collection TEXT, source TEXT,
  passage TEXT);
CREATE INDEX acronyms_short ON acronyms (short_key);
CREATE INDEX acronyms_long ON acronyms (long_key);
CREATE INDEX acronyms_source ON acronyms (source);
CREATE TABLE passages (number INTEGER PRIMARY KEY, id TEXT UNIQUE, source TEXT, keys BLOB, note BLOB);
CREATE INDEX passages_source ON passages (source);
CREATE TABLE alike (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE sharing (number INTEGER PRIMARY KEY);
"""


class Library:
    """Reads the file of one generation. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._own = threading.local()
        self._which = self._failures = 0
        self._version: tuple[object, ...] = ()
        self._remembered: dict[str, dict[Any, Any]] = {}

    def version(self) -> tuple[object, ...]:
        """Return what is another after each change of the file, and after it could not be read.

        Which file it is, and its facts, which every transaction that writes it changes: when it was written
        would tell of a change before it can be seen. When it is another than before, nothing is
        ``remembered`` any longer, and a file that was made anew is opened in the place of the one before.
        """
        try:
            which = os.stat(self._path).st_ino
        except FileNotFoundError:
            which = 0
        self._which = which
        facts = self.rows("SELECT name, value FROM facts ORDER BY name") if which else []
        version = (which, self._failures, *facts)
        if version != self._version:
            # In this order: a thread between the two finds nothing rather than what was.
            self._remembered = {}
            self._version = version
        return version

    def remembered(self, what: str) -> dict[Any, Any]:
        """Return what is remembered of the file under a name: what is read of it next may be put there.

        Asked for before it is read: then what was read before a change never comes to be with what is after.
        """
        return self._remembered.setdefault(what, {})

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; none, with a line in the log, when the file cannot be read."""
        try:
            found: list[tuple[Any, ...]] = self._connection().execute(query, values).fetchall()
        except sqlite3.Error as error:
            log.warning("%s cannot be read: %s", self._path, error)
            self._failures += 1
            self._own.__dict__.clear()
            return []
        return found

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None or self._own.which != self._which:
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(address, uri=True, timeout=1.0, cached_statements=_STATEMENTS)
            connection.execute("PRAGMA mmap_size = 268435456")
            self._own.connection, self._own.which = connection, self._which
        return connection


def within(collections: Sequence[str] | None, column: str = "collection") -> tuple[str, list[str]]:
    """Return an SQL condition that lets these collections through (None: all), and its values."""
    if collections is None:
        return "1", []
    return f"{column} IN ({', '.join('?' * len(collections))})", list(collections)


@functools.lru_cache(maxsize=1 << 17)
def stem_of(word: str, language: str) -> str:
    """Return the stem of a word in lower case, without accents; empty in a language that has no stems.

    Unlike the terms of passages it comes from the word with its accents, which tell the tense of a verb.
    """
    return fold(analyzer(language).term_of(word)) if language in LANGUAGES else ""


@functools.lru_cache(maxsize=4_096)
def long_key(long: str, language: str) -> str:
    """Return what long forms are told apart by: their terms, without small words."""
    return " ".join(
        token.term for token in analyzer(language).tokens(long) if not (token.small or token.whole)
    )


def opened(path: Path) -> sqlite3.Connection:
    """Open a file to write it, an empty one if there is none of today's format."""
    fresh = not path.exists()
    file = _connect(path)
    if not fresh:
        try:
            found = file.execute("SELECT value FROM facts WHERE name = 'format'").fetchone()
        except sqlite3.OperationalError:
            found = None
        if found == (FORMAT,):
            return file
        file.close()
        remove(path)
        file = _connect(path)
    with transaction(file):
        for statement in filter(str.strip, _TABLES.split(";")):
            file.execute(statement)
        file.execute(
            "INSERT INTO facts VALUES ('format', ?), ('sequence', 0), ('alike is open', 1), ('noted', 0)",
            (FORMAT,),
        )
    return file


def _connect(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None, timeout=60.0)
    # Readers go on reading while it is written; what a power cut takes is made again.
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    # Kilobytes and pages: a batch has 20,000 pages, which were else written several times each.
    file.execute("PRAGMA cache_size = -65536")
    file.execute("PRAGMA wal_autocheckpoint = 16384")
    return file


def remove(path: Path) -> None:
    """Remove a file and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def transaction(file: sqlite3.Connection) -> Iterator[None]:
    """Do all of the block in one transaction, or nothing of it."""
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


def packed_keys(keys: Sequence[int]) -> bytes:
    """Return the keys of a passage as bytes."""
    return struct.pack(f"<{len(keys)}q", *keys)


def unpacked_keys(packed: bytes) -> tuple[int, ...]:
    """Return the keys of a passage."""
    return struct.unpack(f"<{len(packed) // 8}q", packed)


@contextmanager
def named() -> Iterator[None]:
    """Give what SQLite and the system say of the disk a name and a remedy of ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"what is known of the library as a whole cannot be written: {error}") from error
