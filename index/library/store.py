"""What is known of the library as a whole, beside the postings? One SQLite file in each generation's folder.

    words       every word as it is written, how often in each language and collection
    names       titles and headings, and the words in them
    acronyms    short forms, what they stand for, and the passages that explain them
    alike       keys of passages that say nearly the same (``index.alike.fingerprint``)

It follows the catalog document by document: what a document had added is taken back, what it adds now is put
in, and the number of the last change is written in the same transaction. So it can be killed anywhere. It can
be made again from the catalog at any time, and search does without it where it is missing or damaged.
"""

from __future__ import annotations

import functools
import itertools
import logging
import os
import sqlite3
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.analysis import analyzer
from index.library.contribution import (
    Contribution,
    contribution,
    explained,
    folded,
    likeness_keys,
    plain_words,
)
from kb.catalog import Catalog
from kb.errors import StorageError
from kb.model import Passage

log = logging.getLogger("kb.index")

NAME = "library.sqlite"
FORMAT = 1
"""Goes up when the same documents may give other contents: a file of another format is made anew."""

# Documents in one transaction: memory stays flat, and a killed process loses little.
_BATCH = 200
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (id TEXT PRIMARY KEY, collection TEXT NOT NULL, packed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE words (
  folded TEXT, word TEXT, language TEXT, collection TEXT, count INTEGER NOT NULL, lower INTEGER NOT NULL,
  PRIMARY KEY (folded, word, language, collection)) WITHOUT ROWID;
CREATE INDEX words_by_length ON words (substr(folded, 1, 1), length(folded), folded);
CREATE TABLE names (
  number INTEGER PRIMARY KEY, name TEXT, kind TEXT, language TEXT, collection TEXT, count INTEGER NOT NULL,
  UNIQUE (name, kind, language, collection));
CREATE TABLE name_words (word TEXT, number INTEGER, PRIMARY KEY (word, number)) WITHOUT ROWID;
CREATE TABLE acronyms (
  short_key TEXT, short TEXT, long_key TEXT, long TEXT, language TEXT, collection TEXT, source TEXT,
  passage TEXT);
CREATE INDEX acronyms_short ON acronyms (short_key);
CREATE INDEX acronyms_long ON acronyms (long_key);
CREATE INDEX acronyms_source ON acronyms (source);
CREATE TABLE passages (number INTEGER PRIMARY KEY, id TEXT UNIQUE, source TEXT, keys BLOB);
CREATE INDEX passages_source ON passages (source);
CREATE TABLE alike (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID;
"""


# What must be the same in two files of the same documents, in whatever order they came; IN is the file.
_COMPARED = {
    "documents": "SELECT id, collection, packed FROM IN.sources",
    "words": "SELECT folded, word, language, collection, count, lower FROM IN.words",
    "names": "SELECT name, kind, language, collection, count FROM IN.names",
    "words of names": "SELECT word, name, kind, language FROM IN.name_words NATURAL JOIN IN.names",
    "short forms": "SELECT short_key, short, long_key, long, language, passage FROM IN.acronyms",
    "passages": "SELECT id, source, keys FROM IN.passages",
    "likenesses": "SELECT key, id FROM IN.alike NATURAL JOIN IN.passages",
}


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document as it stands now: where it is from, its title, and its live passages, none if it is gone."""

    source_id: str
    collection: str
    title: str
    passages: Sequence[Passage]


class Library:
    """Reads the file of one generation. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._own = threading.local()

    def version(self) -> tuple[int, ...]:
        """Return what is another after each change of the file: when it and its log were last written."""
        found = []
        for name in (NAME, f"{NAME}-wal"):
            try:
                stat = os.stat(self._path.with_name(name))
            except FileNotFoundError:
                continue
            # Whoever reads makes a log too, an empty one.
            found += [stat.st_mtime_ns, stat.st_size] if stat.st_size else []
        return tuple(found)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query; none, with a line in the log, when the file cannot be read."""
        try:
            found: list[tuple[Any, ...]] = self._connection().execute(query, values).fetchall()
        except sqlite3.Error as error:
            log.warning("%s cannot be read: %s", self._path, error)
            self._own.__dict__.clear()
            return []
        return found

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(address, uri=True, timeout=1.0)
            connection.execute("PRAGMA mmap_size = 268435456")
            self._own.connection = connection
        return connection


def within(collections: Sequence[str] | None, column: str = "collection") -> tuple[str, list[str]]:
    """Return an SQL condition that lets these collections through (None: all), and its values."""
    if collections is None:
        return "1", []
    return f"{column} IN ({', '.join('?' * len(collections))})", list(collections)


@functools.lru_cache(maxsize=4_096)
def long_key(long: str, language: str) -> str:
    """Return what long forms are told apart by: their terms, without small words."""
    return " ".join(
        token.term for token in analyzer(language).tokens(long) if not (token.small or token.whole)
    )


def catch_up(catalog: Catalog, folder: Path) -> int:
    """Bring a generation's file up to the catalog, making it anew if need be; return how many documents came.

    Only the process that holds the right to write the index may call this. Raises StorageError when the disk
    has no room for it.
    """
    path = folder / NAME
    with _named():
        try:
            return _catch_up(catalog, path)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise
            log.warning("%s is made anew: %s", path, error)
            _remove(path)
            return _catch_up(catalog, path)


@contextmanager
def _named() -> Iterator[None]:
    """Give what SQLite and the system say of the disk a name and a remedy of ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"what is known of the library as a whole cannot be written: {error}") from error


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
    with _named(), tempfile.TemporaryDirectory(prefix="kb-library-", ignore_cleanup_errors=True) as name:
        again = Path(name) / NAME
        _catch_up(catalog, again)
        with closing(sqlite3.connect(again)) as file:
            file.execute("ATTACH ? AS held", (str(folder / NAME),))
            try:
                if not _as_far(file):
                    return []
                wrong = [table for table, query in _COMPARED.items() if _differ(file, query)]
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


def _catch_up(catalog: Catalog, path: Path) -> int:
    done = 0
    with closing(opened(path)) as file:
        while True:
            (sequence,) = file.execute("SELECT value FROM facts WHERE name = 'sequence'").fetchone()
            with catalog.reading() as transaction:
                changed = transaction.passages.sources_changed_since(sequence, limit=_BATCH)
                wanted = [source_id for source_id, _ in changed]
                sources, passages = transaction.sources.some(wanted), transaction.passages.of_sources(wanted)
                documents = [
                    Shelved(
                        source_id,
                        sources[source_id].collection,
                        sources[source_id].title,
                        passages[source_id],
                    )
                    for source_id in wanted
                ]
            if not changed:
                return done
            put(file, documents, sequence=changed[-1][1])
            done += len(changed)


def put(file: sqlite3.Connection, documents: Iterable[Shelved], *, sequence: int) -> None:
    """Put documents in the place of what they were before, as of a sequence number, all of them or none."""
    with _transaction(file):
        batch = _Batch(file)
        for document in documents:
            batch.replace(document)
        batch.close()
        file.execute("UPDATE facts SET value = ? WHERE name = 'sequence'", (sequence,))


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
        _remove(path)
        file = _connect(path)
    with _transaction(file):
        for statement in filter(str.strip, _TABLES.split(";")):
            file.execute(statement)
        file.execute("INSERT INTO facts VALUES ('format', ?), ('sequence', 0)", (FORMAT,))
    return file


def _connect(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, isolation_level=None, timeout=60.0)
    # Readers go on reading while it is written; what a power cut takes is made again.
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    return file


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _transaction(file: sqlite3.Connection) -> Iterator[None]:
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


class _Batch:
    """The documents of one transaction; counts are summed up and written at its end."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._words: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._lower: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._names: Counter[tuple[str, str, str, str]] = Counter()

    def replace(self, document: Shelved) -> None:
        """Take back what a document had added and put in what it adds now."""
        source_id, collection = document.source_id, document.collection
        before = self._file.execute("SELECT packed FROM sources WHERE id = ?", (source_id,)).fetchone()
        if before:
            self._count(Contribution.unpacked(before[0]), collection, sign=-1)
        self._forget(source_id)
        if not document.passages:
            self._file.execute("DELETE FROM sources WHERE id = ?", (source_id,))
            return
        made = contribution(document.title, document.passages)
        self._count(made, collection, sign=1)
        self._file.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", (source_id, collection, made.packed())
        )
        self._add(source_id, collection, document.passages)

    def _count(self, made: Contribution, collection: str, *, sign: int) -> None:
        for counted, sums in ((made.words, self._words), (made.lower, self._lower)):
            for language, counts in counted.items():
                here = sums[language, collection]
                (here.update if sign > 0 else here.subtract)(counts)
        for (language, kind, name), count in made.names.items():
            self._names[language, kind, name, collection] += sign * count

    def _forget(self, source_id: str) -> None:
        numbers = self._file.execute("SELECT number, keys FROM passages WHERE source = ?", (source_id,))
        gone = [(key, number) for number, keys in numbers.fetchall() for key in unpacked_keys(keys)]
        self._file.executemany("DELETE FROM alike WHERE key = ? AND number = ?", gone)
        self._file.execute("DELETE FROM passages WHERE source = ?", (source_id,))
        self._file.execute("DELETE FROM acronyms WHERE source = ?", (source_id,))

    def _add(self, source_id: str, collection: str, passages: Iterable[Passage]) -> None:
        for passage in passages:
            keys = likeness_keys(passage)
            number = self._file.execute(
                "INSERT INTO passages (id, source, keys) VALUES (?, ?, ?)",
                (passage.id, source_id, b"".join(key.to_bytes(8, "little", signed=True) for key in keys)),
            ).lastrowid
            self._file.executemany(
                "INSERT OR IGNORE INTO alike VALUES (?, ?)", [(key, number) for key in keys]
            )
            self._file.executemany(
                "INSERT INTO acronyms VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        folded(found.short),
                        found.short,
                        long_key(found.long, passage.language),
                        found.long,
                        passage.language,
                        collection,
                        source_id,
                        passage.id,
                    )
                    for found in explained(passage)
                ],
            )

    def close(self) -> None:
        """Write what was counted."""
        self._file.executemany(
            "INSERT INTO words VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET count = count + excluded.count, lower = lower + excluded.lower",
            [
                (folded(word), word, language, collection, count, self._lower[language, collection][word])
                for (language, collection), counts in sorted(self._words.items())
                for word, count in sorted(counts.items())
            ],
        )
        gone = [
            (folded(word), word, language, collection)
            for (language, collection), counts in self._words.items()
            for word, count in counts.items()
            if count <= 0
        ]
        self._file.executemany(
            "DELETE FROM words "
            "WHERE folded = ? AND word = ? AND language = ? AND collection = ? AND count <= 0",
            gone,
        )
        for (language, kind, name, collection), count in sorted(self._names.items()):
            self._name(name, kind, language, collection=collection, count=count)

    def _name(self, name: str, kind: str, language: str, *, collection: str, count: int) -> None:
        key = (name, kind, language, collection)
        where = "name = ? AND kind = ? AND language = ? AND collection = ?"
        known = self._file.execute(f"SELECT number, count FROM names WHERE {where}", key).fetchone()
        if known is None and count > 0:
            number = self._file.execute(
                "INSERT INTO names (name, kind, language, collection, count) VALUES (?, ?, ?, ?, ?)",
                (*key, count),
            ).lastrowid
            self._file.executemany(
                "INSERT OR IGNORE INTO name_words VALUES (?, ?)",
                [(word, number) for word in plain_words(name)],
            )
        elif known is not None and known[1] + count > 0:
            self._file.execute("UPDATE names SET count = count + ? WHERE number = ?", (count, known[0]))
        elif known is not None:
            gone = [(word, known[0]) for word in plain_words(name)]
            self._file.executemany("DELETE FROM name_words WHERE word = ? AND number = ?", gone)
            self._file.execute("DELETE FROM names WHERE number = ?", (known[0],))


def unpacked_keys(packed: bytes) -> list[int]:
    """Return the keys of a passage."""
    edges = range(0, len(packed) + 1, 8)
    return [int.from_bytes(packed[a:b], "little", signed=True) for a, b in itertools.pairwise(edges)]
