"""Where in the canonical text of a piece does a stretch of its raw text end up?

Making text canonical changes white space, composes letters with their accents and drops what is invisible.
Counting the characters that are left and are not space, from one stretch to the next, finds each again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.text import canonical_code

# Vowels and final consonants of Korean written letter by letter: they compose with what stands before.
_JAMO = range(0x1160, 0x1200)


@dataclass(frozen=True, slots=True)
class Placed:
    """A stretch of a text and its box on a page; page and coordinates are those of ``kb.model.Box``."""

    start: int
    end: int
    page: int
    left: float
    top: float
    right: float
    bottom: float


def settled(places: Sequence[Placed], raw: str, made: str) -> tuple[Placed, ...]:
    """Return the places with offsets into ``made``, the canonical form of ``raw``.

    Places are in order and apart; one that keeps no visible character goes. A mark that composes with the
    letter before it belongs to that letter's place.
    """
    if raw == made and all(_bare(raw[place.start : place.end]) for place in places):
        return tuple(places)
    stops = sorted({_after_marks(raw, at) for place in places for at in (place.start, place.end)} | {0})
    counts = dict(zip(stops, _counts(raw, stops), strict=True))
    visible = [at for at, char in enumerate(made) if not char.isspace()]
    found = []
    for place in places:
        first = counts[_after_marks(raw, place.start)]
        last = min(counts[_after_marks(raw, place.end)], len(visible))
        if first < last:
            found.append(replace(place, start=visible[first], end=visible[last - 1] + 1))
    return tuple(found)


def _counts(raw: str, stops: Sequence[int]) -> Iterator[int]:
    """Yield for each stop how many visible characters of the canonical text stand before it."""
    count = 0
    for at, stop in enumerate(stops):
        stretch = raw[stops[at - 1] if at else 0 : stop]
        count += sum(not char.isspace() for char in canonical_code(stretch))
        yield count


def _bare(words: str) -> bool:
    return bool(words) and not (words[0].isspace() or words[-1].isspace())


def _after_marks(raw: str, at: int) -> int:
    while at < len(raw) and (unicodedata.category(raw[at])[0] == "M" or ord(raw[at]) in _JAMO):
        at += 1
    return at
