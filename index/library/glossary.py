"""What do the short forms in the library stand for, and which passage says so?

Where documents disagree, the long form that most of them give counts, if it is given twice as often as the
next.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.library.contribution import folded
from index.library.store import Library, within
from kb.text import fold

_SHORT = re.compile(r"(?<![\w.])[^\W\d_](?:[.\-/&]?[^\W_]){1,9}(?!\w)")
_PLURAL = re.compile(r"(?<=[A-ZÁÉÍÓÚÑ])['’]?s\Z")


@dataclass(frozen=True, slots=True)
class Explained:
    """A short form, what it stands for, and the passage that says so."""

    short: str
    long: str
    language: str
    passage_id: str


class Glossary:
    """The short forms of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def longs(
        self, shorts: Sequence[str], *, collections: Sequence[str] | None = None
    ) -> dict[str, Explained]:
        """Return what short forms stand for, by the form without case and accents."""
        return self._found("short_key", [folded(short) for short in shorts], collections)

    def shorts(
        self, long_keys: Sequence[str], *, collections: Sequence[str] | None = None
    ) -> dict[str, Explained]:
        """Return the short forms of long ones, by ``index.library.store.long_key``."""
        return self._found("long_key", list(long_keys), collections)

    def within(
        self, texts: Sequence[str], *, collections: Sequence[str] | None = None
    ) -> list[list[tuple[int, int, Explained]]]:
        """Return where short forms stand in each text that does not explain them itself, each once."""
        places = [_places(text) for text in texts]
        shorts = {folded(word) for found in places for word in found}
        known = self.longs(sorted(shorts), collections=collections)
        return [_explained(text, found, known) for text, found in zip(texts, places, strict=True)]

    def _found(self, column: str, keys: list[str], collections: Sequence[str] | None) -> dict[str, Explained]:
        if not keys:
            return {}
        allowed, values = within(collections)
        other = "long_key" if column == "short_key" else "short_key"
        query = (
            f"SELECT {column}, short, long, language, min(passage), count(DISTINCT source) AS often, {other} "
            f"FROM acronyms WHERE {column} IN ({', '.join('?' * len(keys))}) AND {allowed} "
            f"GROUP BY {column}, {other}, short, long, language"
        )
        by_key: dict[str, dict[str, list[tuple[int, Explained]]]] = {}
        for key, short, long, language, passage, often, means in self._library.rows(query, (*keys, *values)):
            meanings = by_key.setdefault(key, {})
            meanings.setdefault(means, []).append((often, Explained(short, long, language, passage)))
        found = {}
        for key, meanings in by_key.items():
            sums = sorted((-sum(often for often, _ in given), means) for means, given in meanings.items())
            if len(sums) == 1 or -sums[0][0] >= 2 * -sums[1][0]:
                given = meanings[sums[0][1]]
                found[key] = min(given, key=lambda each: (-each[0], each[1].long.isupper(), each[1].long))[1]
        return found


# Passages that are found are found again.
@functools.lru_cache(maxsize=4_000)
def _places(text: str) -> dict[str, tuple[int, int]]:
    """Return the words of a text that may be short forms, by their capitals, and where each stands first."""
    places: dict[str, tuple[int, int]] = {}
    for match in _SHORT.finditer(text):
        word = _PLURAL.sub("", match.group())
        if sum(map(str.isupper, word)) >= 2:
            places.setdefault(word, (match.start(), match.start() + len(word)))
    return places


def _explained(
    text: str, places: Mapping[str, tuple[int, int]], known: Mapping[str, Explained]
) -> list[tuple[int, int, Explained]]:
    found = [
        (*place, known[folded(word)])
        for word, place in places.items()
        if folded(word) in known and known[folded(word)].short == word
    ]
    plain = fold(text) if found else ""
    return [each for each in found if folded(each[2].long) not in plain]
