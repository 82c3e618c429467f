"""What do the live passages of a snapshot say of a term: where and how often it is, which others are like it?

A segment's terms have numbers of its own. What is counted over all segments is looked up by the term itself,
and remembered while the snapshot lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index import groups, ranking
from index.groups import Members
from index.impacts import Array, Sidecar
from index.query import SEARCH_FIELDS
from index.ranking import Counts, Statistics

# Terms that are remembered, for a snapshot that lives long and is asked for many unknown words.
_REMEMBERED = 20_000


@dataclass(slots=True)
class Postings:
    """Where a term is in each segment that has it, its number there, and how often it is in live passages."""

    parts: dict[int, slice] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many live passages of a segment hold each term, how often, and how many in their name."""

    passages: Array
    occurrences: Array
    named: Array


class Lexicon:
    """The terms of some segments; ``live`` tells for each which of its passages are there."""

    def __init__(self, sidecars: Sequence[Sidecar], live: Sequence[Array], statistics: Statistics) -> None:
        self.statistics = statistics
        self._sidecars = sidecars
        self._counted = [_count(sidecar, here) for sidecar, here in zip(sidecars, live, strict=True)]
        keys = [sidecar.arrays["title_key"][here] for sidecar, here in zip(sidecars, live, strict=True)]
        self._titles, self._sharing = np.unique(
            np.concatenate(keys) if keys else np.zeros(0, np.uint64), return_counts=True
        )
        self._known: dict[str, Postings] = {}
        self._members: dict[tuple[str, bool], Members] = {}
        self._naming: list[dict[int, float]] = [{} for _ in sidecars]

    def counts(self, term: str) -> Counts:
        """Count a term."""
        return self.postings(term).counts

    def postings(self, term: str) -> Postings:
        """Return where a term is."""
        found = self._known.get(term)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[term] = self._find(term)
        return found

    def members(self, term: str, *, mistyped: bool) -> Members:
        """Return the other terms of live passages that a term may mean."""
        found = self._members.get((term, mistyped))
        if found is None:
            if len(self._members) >= _REMEMBERED:
                self._members.clear()
            spellings = [sidecar.spelling for sidecar in self._sidecars]
            alike = {other for spelling in spellings for other in spelling.alike(term)}
            near = {other for spelling in spellings for other in spelling.near(term)} if mistyped else set()
            found = groups.members(term, alike, near, held=self._is_held)
            self._members[term, mistyped] = found
        return found

    def sharing(self, title_keys: Array) -> Array:
        """Return how many live passages have each of some title keys, which live passages have."""
        found: Array = self._sharing[self._titles.searchsorted(title_keys)]
        return found

    def naming(self, place: int, number: int) -> float:
        """Return what a term of a segment weighs in a name."""
        found = self._naming[place].get(number)
        if found is None:
            term = self._sidecars[place].term(number)
            counts = self._find(term).counts
            found = self._naming[place][number] = ranking.naming(term, counts, self.statistics.passages)
        return found

    def _is_held(self, term: str) -> bool:
        return self.counts(term).passages > 0

    def _find(self, term: str) -> Postings:
        found = Postings()
        passages = occurrences = named = 0
        for place, (sidecar, counted) in enumerate(zip(self._sidecars, self._counted, strict=True)):
            number = sidecar.term_number(term)
            if number >= 0:
                starts = sidecar.arrays["post_at"]
                found.numbers[place] = number
                found.parts[place] = slice(int(starts[number]), int(starts[number + 1]))
                passages += int(counted.passages[number])
                occurrences += int(counted.occurrences[number])
                named += int(counted.named[number])
        found.counts = Counts(passages, occurrences, named)
        return found


def _count(sidecar: Sidecar, live: Array) -> _Counted:
    arrays = sidecar.arrays
    here = live[arrays["docs"]]
    together = np.zeros(len(here), np.int64)
    for name in SEARCH_FIELDS:
        together += arrays[f"tf_{name}"]
    return _Counted(
        _sums(here, arrays["post_at"]),
        _sums(together * here, arrays["post_at"]),
        _sums(live[arrays["named"]], arrays["named_at"]),
    )


def _sums(values: Array, starts: Array) -> Array:
    """Return the sum of each piece of some values."""
    upto = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    return np.diff(upto[starts])
