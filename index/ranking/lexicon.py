"""What do the live passages of a snapshot say of a term: where and how often it is, which others are like it?

A segment's terms have numbers of its own, which follow those of the segment before when all are numbered
through. What is counted over all segments is looked up by the term's key, the same in each, and remembered
while the snapshot lives.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.fields import BURST_MOST, BURST_WEIGHT, SMALL_IN_NAME
from index.impacts import Array, Sidecar, encoded, term_key
from index.query import SEARCH_FIELDS
from index.ranking import formula, groups
from index.ranking.formula import Counts, Meaning, Statistics
from index.ranking.groups import Members
from index.ranking.spellings import Spellings

# Terms that are remembered, for a snapshot that lives long and is asked for many unknown words.
_REMEMBERED = 20_000
_FIELDS = len(SEARCH_FIELDS)


@dataclass(slots=True)
class Postings:
    """Where a term is in each segment that has it, and how often it is in live passages.

    ``numbers``: its number in each segment, as ``intp``; the lexicon's size where it has none.
    """

    parts: dict[int, slice] = field(default_factory=dict)
    numbers: bytes = b""
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many live passages of a segment hold each term, how often, and how many in their name."""

    passages: Array
    occurrences: Array
    named: Array


class Lexicon:
    """The terms of some segments; ``deleted`` are the passages of each that are gone.

    ``before`` is the lexicon of the snapshot before, if any, from which the spellings are taken over.
    """

    def __init__(
        self,
        sidecars: Sequence[Sidecar],
        deleted: Sequence[Array],
        statistics: Statistics,
        *,
        before: Lexicon | None = None,
    ) -> None:
        self.statistics = statistics
        self._sidecars = sidecars
        # One more than there are terms: the ends of fields have a number too.
        sizes = [len(sidecar.sorted_keys) + 1 for sidecar in sidecars]
        self.firsts = [sum(sizes[:place]) for place in range(len(sizes))]
        self.size = sum(sizes)
        self._counted = [_count(sidecar, gone) for sidecar, gone in zip(sidecars, deleted, strict=True)]
        self._spellings: Spellings = Spellings(sidecars, before._spellings if before is not None else None)
        self._titles, self._sharing = _shared_titles(sidecars, deleted)
        self._known: dict[str, Postings] = {}
        self._meanings: dict[tuple[str, bool], Meaning] = {}
        # What each term weighs in a name; not a number where nobody asked yet.
        self._naming = np.full(self.size, np.nan)

    def counts(self, term: str) -> Counts:
        """Count a term."""
        return self.postings(term).counts

    def postings(self, term: str) -> Postings:
        """Return where a term is."""
        found = self._known.get(term)
        return found if found is not None else self.look_up((term,))[term]

    def numbers(self, terms: Collection[str]) -> Array:
        """Return the numbers of some terms in each segment, one after another; see ``Postings``."""
        known = self._known
        try:
            joined = b"".join([known[term].numbers for term in terms])
        except KeyError:
            joined = b"".join([self.postings(term).numbers for term in terms])
        return np.frombuffer(joined, np.intp)

    def members(self, term: str, *, mistyped: bool) -> Members:
        """Return the other terms of live passages that a term may mean."""
        alike = self._spellings.alike(term)
        near = self._spellings.near(term) if mistyped else set()
        held = self._held(alike)
        found = groups.members(
            term, held, near, held=lambda other: other in held or self.counts(other).passages > 0
        )
        self.look_up_unknown(other for other, _ in found)
        return found

    def meaning(self, term: str, *, alone: bool) -> Meaning:
        """Return what a term means here."""
        found = self._meanings.get((term, alone))
        if found is None:
            if len(self._meanings) >= _REMEMBERED:
                self._meanings.clear()
            found = self._meanings[term, alone] = formula.meaning(term, self, alone=alone)
        return found

    def sharing(self, title_keys: Array) -> Array:
        """Return how many live passages have each of some title keys; any number where none has."""
        found: Array = self._sharing[self._titles.searchsorted(title_keys)]
        return found

    def naming(self, numbers: Array) -> Array:
        """Return what some terms, numbered through all segments, weigh in a name."""
        found = self._naming[numbers]
        unknown = np.unique(numbers[np.isnan(found)])
        if len(unknown):
            self._naming[unknown] = self._weigh_in_name(unknown)
            found = self._naming[numbers]
        return found

    def _weigh_in_name(self, numbers: Array) -> Array:
        """Return ``formula.naming`` of some terms."""
        keys = np.zeros(len(numbers), np.uint64)
        for first, sidecar in zip(self.firsts, self._sidecars, strict=True):
            here = np.flatnonzero((numbers >= first) & (numbers < first + len(sidecar.sorted_keys)))
            keys[here] = sidecar.arrays["keys"][numbers[here] - first]
        counts = self._count_numbers(self._numbers(keys)).astype(np.float64)
        passages, occurrences, named = counts
        size = self.statistics.passages
        by_chance = size * (1.0 - np.exp(-occurrences / max(size, 1)))
        held = np.maximum(passages, 1.0)
        burst = BURST_WEIGHT * np.clip(np.log(np.maximum(by_chance / held, 1.0)), 0.0, BURST_MOST)
        weights: Array = np.log(1.0 + (size - named + 0.5) / (named + 0.5)) + np.where(
            passages > 0, burst, 0.0
        )
        weights[np.isin(keys, _small_keys())] *= SMALL_IN_NAME
        return weights

    def _held(self, terms: Iterable[str]) -> set[str]:
        """Return those of some terms that a live passage holds."""
        terms = list(terms)
        passages = self._count_numbers(self._numbers(_keys_of(terms)))[0]
        return {term for term, count in zip(terms, passages.tolist(), strict=True) if count}

    def _numbers(self, keys: Array) -> list[Array]:
        """Return for each segment the numbers of the terms of some keys, −1 where it has none."""
        return [sidecar.term_numbers(keys) for sidecar in self._sidecars]

    def _count_numbers(self, of_segments: Sequence[Array]) -> Array:
        """Return three rows: the live passages, occurrences and names of some terms."""
        found = np.zeros((3, len(of_segments[0]) if of_segments else 0), np.int64)
        for numbers, counted in zip(of_segments, self._counted, strict=True):
            held = np.flatnonzero(numbers >= 0)
            at = numbers[held]
            found[0, held] += counted.passages[at]
            found[1, held] += counted.occurrences[at]
            found[2, held] += counted.named[at]
        return found

    def look_up_unknown(self, terms: Iterable[str]) -> None:
        """Find out where those of some terms are that are not remembered: together in half the time."""
        self.look_up([term for term in terms if term not in self._known])

    def look_up(self, terms: Iterable[str]) -> dict[str, Postings]:
        """Find out where some terms are, all at once, and remember it."""
        wanted = list(terms)
        if not wanted:
            return {}
        of_segments = self._numbers(_keys_of(wanted))
        counts = self._count_numbers(of_segments).T.tolist() if of_segments else [(0, 0, 0)] * len(wanted)
        found = [Postings(counts=Counts(*of_term)) for of_term in counts]
        through = np.full((len(wanted), len(of_segments)), self.size, np.intp)
        for place, (sidecar, numbers) in enumerate(zip(self._sidecars, of_segments, strict=True)):
            starts = sidecar.arrays["post_at"]
            at = numbers[numbers >= 0]
            parts = zip(at.tolist(), starts[at].tolist(), starts[at + 1].tolist(), strict=True)
            for row, (number, first, last) in zip(np.flatnonzero(numbers >= 0).tolist(), parts, strict=True):
                found[row].parts[place] = slice(first, last)
                through[row, place] = self.firsts[place] + number
        for postings, of_term in zip(found, through, strict=True):
            postings.numbers = of_term.tobytes()
        if len(self._known) + len(wanted) > _REMEMBERED:
            self._known.clear()
        self._known.update(zip(wanted, found, strict=True))
        return dict(zip(wanted, found, strict=True))


def _keys_of(terms: Sequence[str]) -> Array:
    return np.fromiter((term_key(encoded(term)) for term in terms), np.uint64, len(terms))


@functools.cache
def _small_keys() -> Array:
    return _keys_of(sorted(formula.small_terms()))


def _shared_titles(sidecars: Sequence[Sidecar], deleted: Sequence[Array]) -> tuple[Array, Array]:
    """Return the titles of live passages, by their keys, and how many have each."""
    keys = [
        np.delete(sidecar.arrays["title_key"], gone) for sidecar, gone in zip(sidecars, deleted, strict=True)
    ]
    titles, sharing = np.unique(np.concatenate(keys) if keys else np.zeros(0, np.uint64), return_counts=True)
    # One more, for what is sought behind the last.
    return titles, np.append(sharing, 1)


def _count(sidecar: Sidecar, deleted: Array) -> _Counted:
    arrays = sidecar.arrays
    # In half the room: no segment has more passages than such a number holds.
    passages, named = (np.diff(arrays[name]).astype(np.uint32) for name in ("post_at", "named_at"))
    if not len(deleted):
        return _Counted(passages, arrays["occurrences"], named)
    size = len(passages)
    words, of_words = _terms_of(arrays, "words", "word_at", deleted)
    wholes, of_wholes = _terms_of(arrays, "wholes", "whole_at", deleted)
    is_word = words < size  # and no end of a field
    numbers = np.concatenate((words[is_word], wholes)).astype(np.int64)
    within = np.concatenate((of_words[is_word], of_wholes))
    distinct = np.unique(within * size + numbers) % max(size, 1)
    gone = np.isin(arrays["named"], deleted)
    in_names = np.searchsorted(arrays["named_at"], np.flatnonzero(gone), side="right") - 1
    return _Counted(
        passages - np.bincount(distinct, minlength=size),
        arrays["occurrences"].astype(np.int64) - np.bincount(numbers, minlength=size),
        named - np.bincount(in_names, minlength=size),
    )


def _terms_of(arrays: Mapping[str, Array], terms: str, starts: str, docs: Array) -> tuple[Array, Array]:
    """Return the terms that stand in some passages, and in which of these."""
    begins, ends = arrays[starts][docs * _FIELDS], arrays[starts][(docs + 1) * _FIELDS]
    sizes = ends - begins
    at = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
    return arrays[terms][at], np.repeat(np.arange(len(docs)), sizes)
