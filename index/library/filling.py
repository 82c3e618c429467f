"""How does what is known of the library follow the catalog? Document by document.

What a document had added is taken back, what it adds now is put in, and the number of the last change is
written in the same transaction. So it can be killed anywhere.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import notes
from index.alike.fingerprint import keys_of
from index.library import store
from index.library.contribution import (
    Contribution,
    contribution,
    explained,
    folded,
)
from index.library.counting import Tally
from index.library.store import long_key, packed_keys, unpacked_keys
from kb.catalog import Catalog
from kb.model import Passage

# Documents in one transaction, of at most 10,000 passages (see ``sources_changed_since``): memory stays flat,
# and a killed process loses seconds. With a tenth as many, and keys of likeness put in as they came, four
# times as much was written: 8.8 GB for 264,000 passages.
_BATCH = 10_000
# Passages whose keys are put in order together.
_ORDERED = 2_000_000
# Rows that are made Python's own at once.
_AT_HAND = 100_000
# Passages that are noted in one transaction, and that are noted at once if no more have changed. To note
# a passage takes three times as long as all else, and answers do without, only more slowly.
_NOTED_TOGETHER, _NOTED_AT_ONCE = 500, 2_000
_SHARES = "INSERT OR IGNORE INTO sharing VALUES (?)"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document as it stands now: where it is from, its title, and its live passages, none if it is gone."""

    source_id: str
    collection: str
    title: str
    passages: Sequence[Passage]


def catch_up(catalog: Catalog, folder: Path) -> int:
    """Bring a generation's file up to the catalog, making it anew if need be; return how many documents came.

    Only the process that holds the right to write the index may call this. Raises StorageError when the disk
    has no room for it.
    """
    path = folder / store.NAME
    with store.named():
        try:
            return follow(catalog, path)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise
            store.log.warning("%s is made anew: %s", path, error)
            store.remove(path)
            return follow(catalog, path)


def follow(catalog: Catalog, path: Path) -> int:
    """Bring a file up to the catalog as ``catch_up`` does, but leave what goes wrong to the caller."""
    done = 0
    with closing(store.opened(path)) as file:
        while True:
            (sequence,) = file.execute("SELECT value FROM facts WHERE name = 'sequence'").fetchone()
            changed, documents = _changed(catalog, sequence)
            if not changed:
                _fill_alike(file)
                if _lacking(file) <= _NOTED_AT_ONCE:
                    _note(catalog, file, most=_NOTED_AT_ONCE)
                return done
            put(file, documents, sequence=changed[-1][1])
            done += len(changed)


def note(catalog: Catalog, folder: Path, *, most: int) -> int:
    """Note what answers need of so many passages of a generation that lack it; return of how many it was.

    Only the process that holds the right to write the index may call this. Raises as ``catch_up``.
    """
    path = folder / store.NAME
    if not path.exists():
        return 0
    with store.named(), closing(store.opened(path)) as file:
        return _note(catalog, file, most=most)


def _lacking(file: sqlite3.Connection) -> int:
    """Return about how many passages are not noted yet, at most."""
    query = "SELECT coalesce(max(number), 0) - (SELECT value FROM facts WHERE name = 'noted') FROM passages"
    return int(file.execute(query).fetchone()[0])


def _note(catalog: Catalog, file: sqlite3.Connection, *, most: int) -> int:
    (noted,) = file.execute("SELECT value FROM facts WHERE name = 'noted'").fetchone()
    done = 0
    while done < most:
        query = "SELECT number, id FROM passages WHERE number > ? ORDER BY number LIMIT ?"
        numbers = dict(file.execute(query, (noted, min(most - done, _NOTED_TOGETHER))))
        if not numbers:
            break
        with catalog.reading() as transaction:
            changes = transaction.passages.changes_of(list(numbers.values()))
        passages = {change.passage.id: change.passage for change in changes}
        rows = [
            (notes.packed(passages[passage_id], notes.made(passages[passage_id])), number)
            for number, passage_id in numbers.items()
            if passage_id in passages
        ]
        noted = max(numbers)
        with store.transaction(file):
            file.executemany("UPDATE passages SET note = ? WHERE number = ?", rows)
            file.execute("UPDATE facts SET value = ? WHERE name = 'noted'", (noted,))
        done += len(numbers)
    return done


def _changed(catalog: Catalog, sequence: int) -> tuple[list[tuple[str, int]], list[Shelved]]:
    """Return the next sources that have changed after a sequence number, and their documents."""
    with catalog.reading() as transaction:
        changed = transaction.passages.sources_changed_since(sequence, limit=_BATCH)
        wanted = [source_id for source_id, _ in changed]
        sources, passages = transaction.sources.some(wanted), transaction.passages.of_sources(wanted)
    return changed, [
        Shelved(source.id, source.collection, source.title, passages[source.id])
        for source in map(sources.__getitem__, wanted)
    ]


def put(file: sqlite3.Connection, documents: Iterable[Shelved], *, sequence: int) -> None:
    """Put documents in the place of what they were before, as of a sequence number, all of them or none."""
    with store.transaction(file):
        batch = _Batch(file)
        for document in documents:
            batch.replace(document)
        batch.close()
        file.execute("UPDATE facts SET value = ? WHERE name = 'sequence'", (sequence,))


def _is_alike_open(file: sqlite3.Connection) -> bool:
    """Tell whether a new file is filled for the first time: then keys come last, and all in order.

    They are random numbers: put in as they come, each goes to another page of the file.
    """
    return file.execute("SELECT 1 FROM facts WHERE name = 'alike is open'").fetchone() is not None


def _fill_alike(file: sqlite3.Connection) -> None:
    """Put the keys of all passages in, unless they are there."""
    if not _is_alike_open(file):
        return
    with store.transaction(file):
        (passages,) = file.execute("SELECT count(*) FROM passages").fetchone()
        # Each part has the keys of a stretch of all numbers, so that no more are in memory at once.
        parts = passages // _ORDERED + 1
        edges = [(place << 64) // parts - (1 << 63) for place in range(parts + 1)]
        for low, high in itertools.pairwise(edges):
            keys, numbers = _keys_within(file, low, high - 1)
            file.executemany("INSERT OR IGNORE INTO alike VALUES (?, ?)", _listed(keys, numbers))
            file.executemany(_SHARES, _listed(_sharing(keys, numbers)))
        file.execute("DELETE FROM facts WHERE name = 'alike is open'")


def _keys_within(
    file: sqlite3.Connection, low: int, high: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the keys from a number up to another, in order, and the passages that have them."""
    found = []
    rows = file.execute("SELECT number, keys FROM passages")
    while some := rows.fetchmany(100_000):
        keys = np.frombuffer(b"".join(packed for _, packed in some), np.dtype("<i8"))
        counts = [len(packed) // 8 for _, packed in some]
        numbers = np.repeat(np.array([number for number, _ in some], np.int64), counts)
        within = (keys >= low) & (keys <= high)
        found.append((keys[within], numbers[within]))
    keys, numbers = (np.concatenate([each[at] for each in found] or [np.zeros(0, np.int64)]) for at in (0, 1))
    order = np.lexsort((numbers, keys))
    return keys[order], numbers[order]


def _listed(*columns: npt.NDArray[np.int64]) -> Iterator[tuple[int, ...]]:
    """Yield the rows of some columns: as Python's own numbers they take four times the memory."""
    for start in range(0, len(columns[0]), _AT_HAND):
        yield from zip(*(column[start : start + _AT_HAND].tolist() for column in columns), strict=True)


def _sharing(keys: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the passages that have one of some keys, which are in order, together with another passage."""
    same = (keys[1:] == keys[:-1]) & (numbers[1:] != numbers[:-1])
    return np.unique(np.concatenate((numbers[1:][same], numbers[:-1][same])))


class _Batch:
    """The documents of one transaction; counts are summed up and written at its end."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._tally = Tally()
        self._added: list[tuple[Passage, str]] = []

    def replace(self, document: Shelved) -> None:
        """Take back what a document had added and put in what it adds now."""
        source_id, collection = document.source_id, document.collection
        before = self._file.execute("SELECT packed FROM sources WHERE id = ?", (source_id,)).fetchone()
        if before:
            self._tally.count(Contribution.unpacked(before[0]), collection, sign=-1)
            self._forget(source_id)
        if document.passages:
            made = contribution(document.title, document.passages)
            self._tally.count(made, collection, sign=1)
            self._file.execute(
                "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", (source_id, collection, made.packed())
            )
            self._added += [(passage, collection) for passage in document.passages]
        elif before:
            self._file.execute("DELETE FROM sources WHERE id = ?", (source_id,))

    def _forget(self, source_id: str) -> None:
        numbers = self._file.execute("SELECT number, keys FROM passages WHERE source = ?", (source_id,))
        gone = [(key, number) for number, keys in numbers.fetchall() for key in unpacked_keys(keys)]
        self._file.executemany("DELETE FROM alike WHERE key = ? AND number = ?", gone)
        self._file.executemany("DELETE FROM sharing WHERE number = ?", {(number,) for _, number in gone})
        self._file.execute("DELETE FROM passages WHERE source = ?", (source_id,))
        self._file.execute("DELETE FROM acronyms WHERE source = ?", (source_id,))

    def _add(self) -> None:
        """Put in the passages of all documents."""
        # No number comes again that was noted already.
        highest = (
            "SELECT max(value, (SELECT coalesce(max(number), 0) FROM passages)) "
            "FROM facts WHERE name = 'noted'"
        )
        (last,) = self._file.execute(highest).fetchone()
        rows = [
            (number, passage.id, passage.source_id, packed_keys(keys_of(passage)), b"")
            for number, (passage, _) in enumerate(self._added, start=last + 1)
        ]
        self._file.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", rows)
        if not _is_alike_open(self._file):
            keys = sorted((key, number) for number, _, _, kept, _ in rows for key in unpacked_keys(kept))
            self._file.executemany("INSERT OR IGNORE INTO alike VALUES (?, ?)", keys)
            self._share(keys)
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
                    passage.source_id,
                    passage.id,
                )
                for passage, collection in self._added
                for found in explained(passage)
            ],
        )

    def _share(self, keys: Iterable[tuple[int, int]]) -> None:
        """Note which share a key with a passage that came; where several had it, they are noted already."""
        other = "SELECT number FROM alike WHERE key = ? AND number <> ? LIMIT 1"
        for key, number in keys:
            found = self._file.execute(other, (key, number)).fetchone()
            if found is not None:
                self._file.executemany(_SHARES, [found, (number,)])

    def close(self) -> None:
        """Write what was gathered."""
        self._add()
        self._tally.write(self._file)
