"""How does what is known of the library follow the catalog? Document by document.

What a document had added is taken back, what it adds now is put in, and the number of the last change is
written in the same transaction. So it can be killed anywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index import notes
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

# Documents in one transaction: memory stays flat, and a killed process loses little.
_BATCH = 1_000


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
    with store.transaction(file):
        batch = _Batch(file)
        for document in documents:
            batch.replace(document)
        batch.close()
        file.execute("UPDATE facts SET value = ? WHERE name = 'sequence'", (sequence,))


class _Batch:
    """The documents of one transaction; counts are summed up and written at its end."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._tally = Tally()

    def replace(self, document: Shelved) -> None:
        """Take back what a document had added and put in what it adds now."""
        source_id, collection = document.source_id, document.collection
        before = self._file.execute("SELECT packed FROM sources WHERE id = ?", (source_id,)).fetchone()
        if before:
            self._tally.count(Contribution.unpacked(before[0]), collection, sign=-1)
        self._forget(source_id)
        if not document.passages:
            self._file.execute("DELETE FROM sources WHERE id = ?", (source_id,))
            return
        made = contribution(document.title, document.passages)
        self._tally.count(made, collection, sign=1)
        self._file.execute(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", (source_id, collection, made.packed())
        )
        self._add(source_id, collection, document.passages)

    def _forget(self, source_id: str) -> None:
        numbers = self._file.execute("SELECT number, keys FROM passages WHERE source = ?", (source_id,))
        gone = [(key, number) for number, keys in numbers.fetchall() for key in unpacked_keys(keys)]
        self._file.executemany("DELETE FROM alike WHERE key = ? AND number = ?", gone)
        self._file.execute("DELETE FROM passages WHERE source = ?", (source_id,))
        self._file.execute("DELETE FROM acronyms WHERE source = ?", (source_id,))

    def _add(self, source_id: str, collection: str, passages: Iterable[Passage]) -> None:
        for passage in passages:
            made = notes.made(passage)
            keys = made.sketch.keys
            number = self._file.execute(
                "INSERT INTO passages (id, source, keys, note) VALUES (?, ?, ?, ?)",
                (passage.id, source_id, packed_keys(keys), notes.packed(passage, made)),
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
        self._tally.write(self._file)
