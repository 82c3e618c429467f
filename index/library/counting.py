"""How are the words and names of documents counted into the library's file?

For each collection, and once more for all of them together.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from index.library.contribution import Contribution, folded, plain_words
from index.library.store import EVERYWHERE, stem_of

_Name = tuple[str, str, str]  # language, kind, name
_Word = tuple[str, str]  # language, word
_Counted = TypeVar("_Counted", _Name, _Word)


class Tally:
    """What is to be added to the counts of a file, and taken from them."""

    def __init__(self) -> None:
        self._words: defaultdict[str, Counter[_Word]] = defaultdict(Counter)
        self._lower: defaultdict[str, Counter[_Word]] = defaultdict(Counter)
        self._names: defaultdict[str, Counter[_Name]] = defaultdict(Counter)

    def count(self, made: Contribution, collection: str, *, sign: int) -> None:
        """Count what a document adds to its collection (``sign`` 1), or takes from it (−1)."""
        for counted, sums in ((made.words, self._words), (made.lower, self._lower)):
            here = sums[collection]
            for language, counts in counted.items():
                for word, count in counts.items():
                    here[language, word] += sign * count
        names = self._names[collection]
        for name, count in made.names.items():
            names[name] += sign * count

    def write(self, file: sqlite3.Connection) -> None:
        """Bring the counts of a file up to date."""
        lower = _with_all(self._lower)
        for collection, words in sorted(_with_all(self._words).items()):
            _write_words(file, collection, words, lower[collection])
        for collection, names in sorted(_with_all(self._names).items()):
            for name, count in sorted(names.items()):
                _write_name(file, collection, name, count)


def _with_all(sums: Mapping[str, Counter[_Counted]]) -> dict[str, Counter[_Counted]]:
    """Return the counts of each collection, and those of all of them."""
    everywhere: Counter[_Counted] = Counter()
    for counts in sums.values():
        for key, count in counts.items():
            everywhere[key] += count
    return {**sums, EVERYWHERE: everywhere}


def _write_words(
    file: sqlite3.Connection, collection: str, counts: Counter[_Word], lower: Counter[_Word]
) -> None:
    file.executemany(
        "INSERT INTO words VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET count = count + excluded.count, lower = lower + excluded.lower",
        [
            (
                collection,
                folded(word),
                word,
                language,
                stem_of(word, language),
                count,
                lower[language, word],
            )
            for (language, word), count in sorted(counts.items())
            if count or lower[language, word]
        ],
    )
    gone = [
        (collection, folded(word), word, language) for (language, word), count in counts.items() if count < 0
    ]
    file.executemany(
        "DELETE FROM words WHERE collection = ? AND folded = ? AND word = ? AND language = ? AND count <= 0",
        gone,
    )


def _write_name(file: sqlite3.Connection, collection: str, counted: _Name, count: int) -> None:
    language, kind, name = counted
    known = file.execute(
        "SELECT number, count FROM names WHERE collection = ? AND name = ? AND kind = ? AND language = ?",
        (collection, name, kind, language),
    ).fetchone()
    words = plain_words(name)
    if known is None and count > 0:
        number = file.execute(
            "INSERT INTO names (name, plain, kind, language, collection, count) VALUES (?, ?, ?, ?, ?, ?)",
            (name, " ".join(words), kind, language, collection, count),
        ).lastrowid
        assert number is not None
        file.executemany(
            "INSERT OR IGNORE INTO name_words VALUES (?, ?, ?)", _words(collection, words, number)
        )
    elif known is not None and known[1] + count > 0:
        file.execute("UPDATE names SET count = count + ? WHERE number = ?", (count, known[0]))
    elif known is not None:
        file.executemany(
            "DELETE FROM name_words WHERE collection = ? AND word = ? AND number = ?",
            _words(collection, words, known[0]),
        )
        file.execute("DELETE FROM names WHERE number = ?", (known[0],))


def _words(collection: str, words: Iterable[str], number: int) -> list[tuple[str, str, int]]:
    return [(collection, word, number) for word in words]
