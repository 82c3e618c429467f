"""What do the live passages of a snapshot say of a term: where and how often it is, which others are like it?

A segment's terms have numbers of its own, which follow those of the segment before when all are numbered
through. What is counted over all segments is looked up by the term's key, the same in each, and remembered
while the snapshot lives.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.fields import BURST_MOST, BURST_WEIGHT, SMALL_IN_NAME
from index.impacts import Array, Sidecar, encoded, term_key
from index.query import SEARCH_FIELDS
from index.ranking import formula, groups
from index.ranking.formula import Counts, Meaning, Statistics
from index.ranking.groups import COMPILED, Members
from index.ranking.spellings import Spellings
from kb.errors import IndexIncompatible

if COMPILED:
    from index.ranking import terms as compiled_terms


# Terms that are remembered, for a snapshot that lives long and is asked for many unknown words.
_REMEMBERED = 20_000
_FIELDS = len(SEARCH_FIELDS)


@dataclass(slots=True)
class Postings:
    """Where a term is in each segment, and how often it is in live passages.

    ``ends``: where its postings begin and end in each segment, two ``int64`` each; ``size``: how many there
    are. ``numbers``: its number in each segment, as ``intp``; the lexicon's size where it has none.
    """

    ends: bytes
    size: int
    numbers: bytes
    counts: Counts

    @property
    def parts(self) -> dict[int, slice]:
        """Return where its postings are in each segment that has it."""
        ends = np.frombuffer(self.ends, np.int64).tolist()
        pairs = enumerate(zip(ends[::2], ends[1::2], strict=True))
        return {place: slice(first, last) for place, (first, last) in pairs if last}


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many live passages of a segment hold each term, how often, and how many in their name."""

    passages: Array
    occurrences: Array
    named: Array


class Lexicon:
    """The terms of some segments; ``deleted`` are the passages of each that are gone.

    ``before`` is the lexicon of the snapshot before, if any, from which is taken over what has not changed.
    """

    def __init__(
        self,
        sidecars: Sequence[Sidecar],
        deleted: Sequence[Array],
        statistics: Statistics,
        *,
        before: Lexicon | None = None,
        compiled: bool = COMPILED,
    ) -> None:
        self.statistics = statistics
        self._sidecars = sidecars
        # One more than there are terms: the ends of fields have a number too.
        sizes = [len(sidecar.sorted_keys) + 1 for sidecar in sidecars]
        self.firsts = [sum(sizes[:place]) for place in range(len(sizes))]
        self.size = sum(sizes)
        self._deleted = deleted
        self._counted = self._counts_of_segments(before)
        self._spellings: Spellings = Spellings(sidecars, before._spellings if before is not None else None)
        self._titles, self._sharing = _shared_titles(sidecars, deleted)
        self._known: dict[str, Postings] = {}
        self._meanings: dict[tuple[str, bool], Meaning] = {}
        # What each term weighs in a name; not a number where nobody asked yet.
        self._naming = np.full(self.size, np.nan)
        self._compiled = self._terms() if compiled else None

    def _counts_of_segments(self, before: Lexicon | None) -> list[_Counted]:
        """Return what each segment counts; at a million passages, to count all anew takes .3 s a change."""
        known: dict[int, tuple[Array, _Counted]] = {}
        if before is not None:
            listed = zip(before._sidecars, before._deleted, before._counted, strict=True)
            known = {id(sidecar): (gone, counted) for sidecar, gone, counted in listed}
        counts = []
        for sidecar, deleted in zip(self._sidecars, self._deleted, strict=True):
            taken = known.get(id(sidecar))
            unchanged = taken is not None and np.array_equal(taken[0], deleted)
            counts.append(taken[1] if taken is not None and unchanged else _count(sidecar, deleted))
        return counts

    def _terms(self) -> tuple[compiled_terms.Terms, ...]:
        return tuple(
            compiled_terms.Terms(
                sidecar.sorted_keys,
                sidecar.arrays,
                passages=counted.passages,
                occurrences=counted.occurrences,
                named=counted.named,
                first=first,
            )
            for sidecar, counted, first in zip(self._sidecars, self._counted, self.firsts, strict=True)
        )

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
            found = self.look_up(terms)
            joined = b"".join([found[term].numbers for term in terms])
        return np.frombuffer(joined, np.intp)

    def members(self, term: str, *, mistyped: bool) -> Members:
        """Return the other terms of live passages that a term may mean."""
        near = self._spellings.near(term) if mistyped else set()
        weights = groups.weights(term, self._spellings.alike(term), near)
        held = self._found(_keys_of(list(weights)))[0][:, 0].tolist()
        found = groups.closest(
            {other: weight for (other, weight), count in zip(weights.items(), held, strict=True) if count}
        )
        self.look_up(other for other, _ in found)
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
        """Return ``formula.naming`` of some terms, whose numbers are in order."""
        ends = [*numbers.searchsorted(self.firsts[1:]).tolist(), len(numbers)]
        parts = zip([0, *ends], ends, self.firsts, self._sidecars, strict=False)
        keys = np.concatenate(
            [
                sidecar.arrays["keys"].take(numbers[begin:end] - first)
                for begin, end, first, sidecar in parts
                if begin < end
            ]
        )
        passages, occurrences, named = self._found(keys)[0].T.astype(np.float64)
        size = self.statistics.passages
        by_chance = size * (1.0 - np.exp(-occurrences / max(size, 1)))
        held = np.maximum(passages, 1.0)
        burst = BURST_WEIGHT * np.clip(np.log(np.maximum(by_chance / held, 1.0)), 0.0, BURST_MOST)
        weights: Array = np.log(1.0 + (size - named + 0.5) / (named + 0.5)) + np.where(
            passages > 0, burst, 0.0
        )
        small = _small_keys()
        weights[small.take(small.searchsorted(keys), mode="clip") == keys] *= SMALL_IN_NAME
        return weights

    def look_up(self, terms: Iterable[str]) -> dict[str, Postings]:
        """Find out where some terms are, those not known all at once, and remember it.

        Raises IndexIncompatible when the arrays cannot be those of one index.
        """
        known = self._known
        found = {term: known.get(term) for term in terms}
        unknown = self._look_up([term for term, postings in found.items() if postings is None])
        if len(known) + len(unknown) > _REMEMBERED:
            # The older half goes: what is asked now needs the newest. Copied at once, as others write.
            self._known = dict(list(known.items())[_REMEMBERED // 2 :])
        self._known.update(unknown)
        return {term: postings or unknown[term] for term, postings in found.items()}

    def _look_up(self, terms: Sequence[str]) -> dict[str, Postings]:
        if not terms:
            return {}
        counts, numbers, ends = self._found(_keys_of(terms))
        sizes = (ends[:, :, 1] - ends[:, :, 0]).sum(axis=1)
        return {
            term: Postings(of_term.tobytes(), size, numbered.tobytes(), Counts(*counted))
            for term, of_term, size, numbered, counted in zip(
                terms, ends, sizes.tolist(), numbers, counts.tolist(), strict=True
            )
        }

    def _found(self, keys: Array) -> tuple[Array, Array, Array]:
        """Return counts, numbers and postings of the terms of some keys; see ``terms.look_up``."""
        try:
            if self._compiled is not None:
                return compiled_terms.look_up(self._compiled, keys, self.size)
            return self._found_by_numpy(keys)
        except IndexError as error:
            raise IndexIncompatible(f"the arrays of the index do not fit together: {error}") from error

    def _found_by_numpy(self, keys: Array) -> tuple[Array, Array, Array]:
        counts = np.zeros((len(keys), 3), np.int64)
        numbers = np.full((len(keys), len(self._sidecars)), self.size, np.intp)
        ends = np.zeros((len(keys), len(self._sidecars), 2), np.int64)
        for place, (sidecar, counted) in enumerate(zip(self._sidecars, self._counted, strict=True)):
            of_segment = sidecar.term_numbers(keys)
            held = np.flatnonzero(of_segment >= 0)
            at = of_segment[held]
            numbers[held, place] = at + self.firsts[place]
            begins, stops = (sidecar.arrays["post_at"][at + column] for column in range(2))
            if ((begins < 0) | (begins > stops) | (stops > len(sidecar.arrays["docs"]))).any():
                raise IndexError("the postings of a term are not in order")
            ends[held, place, 0], ends[held, place, 1] = begins, stops
            for column, sums in enumerate((counted.passages, counted.occurrences, counted.named)):
                counts[held, column] += sums[at]
        return counts, numbers, ends


def _keys_of(terms: Sequence[str]) -> Array:
    return np.fromiter([term_key(encoded(term)) for term in terms], np.uint64, len(terms))


@functools.cache
def _small_keys() -> Array:
    return np.sort(_keys_of(sorted(formula.small_terms())))


def _shared_titles(sidecars: Sequence[Sidecar], deleted: Sequence[Array]) -> tuple[Array, Array]:
    """Return the titles of live passages, by their keys, and how many have each."""
    keys = [
        np.delete(sidecar.arrays["title_key"], gone) if len(gone) else sidecar.arrays["title_key"]
        for sidecar, gone in zip(sidecars, deleted, strict=True)
    ]
    titles, sharing = _summed(*runs_of(np.concatenate(keys) if keys else np.zeros(0, np.uint64)))
    # One more, for what is sought behind the last.
    return titles, np.append(sharing, 1)


def runs_of(keys: Array) -> tuple[Array, Array]:
    """Return the key of each run of passages with the same, and how many these are.

    The passages of a document mostly stand together, so there are much fewer runs than passages.
    """
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    begins = first.nonzero()[0]
    return keys.take(begins), np.diff(begins, append=len(keys))


def _summed(keys: Array, numbers: Array) -> tuple[Array, Array]:
    """Return each key once, in order, and the sum of its numbers."""
    if not len(keys):
        return keys, numbers
    order = keys.argsort(kind="stable")
    keys = keys.take(order)
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys.take(begins), np.add.reduceat(numbers.take(order), begins)


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
    left = (
        passages - np.bincount(distinct, minlength=size),
        arrays["occurrences"] - np.bincount(numbers, minlength=size),
        named - np.bincount(in_names, minlength=size),
    )
    return _Counted(*[counts.astype(np.uint32) for counts in left])


def _terms_of(arrays: Mapping[str, Array], terms: str, starts: str, docs: Array) -> tuple[Array, Array]:
    """Return the terms that stand in some passages, and in which of these."""
    begins, ends = arrays[starts][docs * _FIELDS], arrays[starts][(docs + 1) * _FIELDS]
    sizes = ends - begins
    at = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
    return arrays[terms][at], np.repeat(np.arange(len(docs)), sizes)
