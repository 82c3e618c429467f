"""What do the short forms in the library stand for, and which passage says so?

Where documents disagree, the long form that most of them give counts, if it is given twice as often as the
next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.library.contribution import folded
from index.library.store import Library, within
from index.notes import note
from kb.model import Passage
from kb.text import fold

# Short and long forms, asked for of whatever collections; each takes some 400 bytes.
_REMEMBERED = 10_000
_NOT_ASKED = object()


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
        self, passages: Sequence[Passage], *, collections: Sequence[str] | None = None
    ) -> list[list[tuple[int, int, Explained]]]:
        """Return where short forms stand in each passage that does not explain them itself, each once."""
        written = [
            {passage.text[slice(*place)]: place for place in note(passage).short_forms}
            for passage in passages
        ]
        shorts = {folded(word) for places in written for word in places}
        known = self.longs(sorted(shorts), collections=collections)
        return [
            _explained(passage.text, places, known) for passage, places in zip(passages, written, strict=True)
        ]

    def _found(self, column: str, keys: list[str], collections: Sequence[str] | None) -> dict[str, Explained]:
        """Return what some short or long forms mean; most answers ask for the same as others before."""
        known = self._library.remembered("acronyms")
        asked = (column, None if collections is None else tuple(collections))
        found = {key: known.get((*asked, key), _NOT_ASKED) for key in keys}
        missing = [key for key, meant in found.items() if meant is _NOT_ASKED]
        if missing:
            read = self._read(column, missing, collections)
            newly = {key: read.get(key) for key in missing}
            found.update(newly)
            if len(known) + len(newly) > _REMEMBERED:
                known.clear()
            known.update({(*asked, key): meant for key, meant in newly.items()})
        return {key: meant for key, meant in found.items() if isinstance(meant, Explained)}

    def _read(self, column: str, keys: list[str], collections: Sequence[str] | None) -> dict[str, Explained]:
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
