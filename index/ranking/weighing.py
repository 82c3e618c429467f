"""What does a word of a question add to each passage that holds it? ``index.ranking.formula`` over arrays.

Laid out for a word and all that it may mean together: of a thousand questions most words were asked before,
and then nothing but adding up is left. Worked out by ``firstpass``, where it was compiled, or else by numpy:
to the last bit the same.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from index.fields import FIELD_WEIGHTS, K1, LENGTH_SHARE
from index.impacts import Array, Sidecar, starts_of
from index.plan import in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS
from index.ranking.formula import Group, Statistics
from index.ranking.lexicon import Lexicon
from index.ranking.scoring import COMPILED, NOTHING, NUMBER, ROOM, Impacts, Laid, Often, Word, room
from kb.errors import IndexIncompatible

if COMPILED:
    from index.ranking import firstpass, picking

# Bytes that a passage takes that is kept: mostly four, and what is distinct.
_POSTING = 5
# To pack words with fewer postings would save next to nothing.
_PACKED_FROM = 1_000
# From this share of the passages on, to add up in an array of them all is faster than to sort.
_DENSE_FROM = 1 / 32


class _Run(NamedTuple):
    """The postings of a term in one segment, and what they count for in place of the word that was asked."""

    place: int
    start: int
    stop: int
    share: float


class Weighing:
    """The formula over the passages of some segments, ``bases`` the number of the first of each."""

    def __init__(
        self,
        sidecars: Sequence[Sidecar],
        bases: Sequence[int],
        live: Array,
        *,
        lexicon: Lexicon,
        compiled: bool = COMPILED,
    ) -> None:
        self._sidecars, self._bases = sidecars, bases
        self._docs = [sidecar.arrays["docs"] for sidecar in sidecars]
        self._counts = {
            name: [sidecar.arrays[f"tf_{name}"] for sidecar in sidecars] for name in SEARCH_FIELDS
        }
        self._live = live
        self._lexicon = lexicon
        self._kept: Often[Laid] = Often(ROOM, room)
        self._edges = [*bases, len(live)]
        self._per_word = {name: self._worth_by_length(name, lexicon.statistics) for name in SEARCH_FIELDS}
        # The same one after another, and where those of each field begin.
        self._of_fields = np.concatenate(list(self._per_word.values()))
        self._field_at = starts_of(np.array([len(each) for each in self._per_word.values()]))[:-1]
        longest = max(map(len, self._per_word.values()))
        self._first_pass = self._compiled() if compiled and longest <= firstpass.LONGEST else None

    def word(self, group: Group) -> Word:
        """Return what a group adds to each live passage.

        Raises IndexIncompatible when the arrays cannot be those of one index.
        """
        wanted, factor = group.wanted, group.wanted.count * group.rarity
        # What else it may mean depends on the word alone: to look for all these together takes longer.
        key = (wanted.term, wanted.small or wanted.exact, wanted.field, factor)
        found = self._kept.find(key)
        if found is not None:
            return found
        with fitting():
            if self._first_pass is None:
                return self._kept.get(key, lambda: self._impacts(group, factor))
            terms = [(self._lexicon.postings(term), share) for term, share in group.members]
            word = firstpass.Word(self._first_pass, terms, wanted.field, factor)
            if not self._kept.has_room(key, _POSTING * word.size):
                return word
            return self._kept.get(key, lambda: self._laid(word))

    def _laid(self, word: firstpass.Word) -> Laid:
        packed = picking.packed(word, self._edges) if word.size >= _PACKED_FROM else None
        return Impacts(*word.impacts()) if packed is None else packed

    def worths(self, lengths: Array, *, marks: int = 0) -> Array:
        """Return what a word counts for in fields of these lengths: one row a passage, a column a field.

        ``marks``: how many of each length are no words.
        """
        found: Array = self._of_fields.take(lengths + (self._field_at - marks))
        return found

    def by_length(self) -> tuple[Array, Array]:
        """Return what a word counts for in fields of each length, and where those of each field begin."""
        return self._of_fields, self._field_at

    def _worth_by_length(self, name: str, statistics: Statistics) -> Array:
        """Return what a word counts for in a field of each length: its weight, less in long ones."""
        longest = max((int(each.max(initial=0)) for each in self._lengths_in(name)), default=0)
        share = LENGTH_SHARE[name]
        norm: Array = 1.0 - share + share * np.arange(longest + 1) / statistics.averages[name]
        return FIELD_WEIGHTS[name] / norm

    def _impacts(self, group: Group, factor: float) -> Impacts:
        docs, frequency = self._held(group)
        if not self._all_live:
            alive = self._live.take(docs).nonzero()[0]
            docs, frequency = docs.take(alive), frequency.take(alive)
        return (
            Impacts(docs.astype(NUMBER, copy=False), factor * saturated(frequency)) if len(docs) else NOTHING
        )

    def _compiled(self) -> firstpass.FirstPass:
        """Return the compiled way; raise IndexIncompatible when arrays cannot be those of one index."""
        with fitting():
            return firstpass.FirstPass(
                [
                    firstpass.Segment(sidecar.arrays, base=base)
                    for sidecar, base in zip(self._sidecars, self._bases, strict=True)
                ],
                by_length=self._of_fields,
                field_at=self._field_at,
                live=self._live.view(np.uint8),
            )

    @functools.cached_property
    def _lengths(self) -> dict[str, Array]:
        """Return how long each field of each passage is."""
        empty = np.zeros(0, np.uint8)
        return {name: np.concatenate([empty, *self._lengths_in(name)]) for name in SEARCH_FIELDS}

    def _lengths_in(self, name: str) -> list[Array]:
        return [sidecar.arrays[f"length_{name}"] for sidecar in self._sidecars]

    @functools.cached_property
    def _all_live(self) -> bool:
        return bool(self._live.all())

    def _held(self, group: Group) -> tuple[Array, Array]:
        """Return the passages that hold a word, in order, and ``ranking.frequency`` in each.

        The postings of all its terms in all segments are weighed together: one by one, numpy's calls would
        cost as much as what they do.
        """
        runs = self._runs(group)
        edges = list(itertools.accumulate((run.stop - run.start for run in runs), initial=0))
        docs = np.empty(edges[-1], np.intp)
        for run, (start, end) in zip(runs, itertools.pairwise(edges), strict=True):
            found = self._docs[run.place][run.start : run.stop]
            np.add(found, self._bases[run.place], out=docs[start:end], dtype=np.intp)
        frequency = self._frequency(docs, runs, within=group.wanted.field)
        for run, (start, end) in zip(runs, itertools.pairwise(edges), strict=True):
            if run.share != 1.0:
                frequency[start:end] *= run.share
        if len(group.members) == 1 and group.wanted.field == ANY_FIELD:
            return docs, frequency
        return _together(docs, frequency, size=len(self._lengths["text"]))

    def _runs(self, group: Group) -> list[_Run]:
        """Return the postings of all terms of a group."""
        return [
            _Run(place, part.start, part.stop, share)
            for term, share in group.members
            for place, part in self._lexicon.postings(term).parts.items()
        ]

    def _frequency(self, docs: Array, runs: Sequence[_Run], *, within: str) -> Array:
        frequency = np.zeros(len(docs))
        if not runs:
            return frequency
        for name in in_fields(within):
            counts = np.concatenate([self._counts[name][run.place][run.start : run.stop] for run in runs])
            # Of truth values numpy finds those that are set ten times as fast as of numbers.
            held = (counts != 0).nonzero()[0]
            if 2 * len(held) > len(counts):
                # To add nothing here and there takes less than to pick out the others.
                frequency += counts * self._per_word[name].take(self._lengths[name].take(docs))
            elif len(held):
                worth = self._per_word[name].take(self._lengths[name].take(docs.take(held)))
                frequency[held] += counts.take(held) * worth
        return frequency


@contextmanager
def fitting() -> Iterator[None]:
    """Say of arrays that do not fit together that they cannot be those of one index."""
    try:
        yield
    except (IndexError, ValueError) as error:
        raise IndexIncompatible(f"the arrays of the index do not fit together: {error}") from error


def saturated(frequency: Array) -> Array:
    """Return ``ranking.saturated`` of some frequencies."""
    return (K1 + 1.0) * frequency / (K1 + frequency)


def _together(docs: Array, frequency: Array, *, size: int) -> tuple[Array, Array]:
    """Return each passage once, with the sum of its frequencies, if that is not 0."""
    if len(docs) > _DENSE_FROM * size:
        sums = np.bincount(docs, frequency, minlength=size)
        held = (sums != 0.0).nonzero()[0]
        return held, sums.take(held)
    order = np.argsort(docs, kind="stable")
    docs = docs[order]
    new = np.diff(docs, prepend=-1) != 0
    # As above one after another: np.add.reduceat sums in pairs, and builds would differ in the last bit.
    sums = np.bincount(np.cumsum(new) - 1, frequency[order])
    held = np.flatnonzero(sums)
    return docs[new][held], sums[held]
