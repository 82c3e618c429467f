"""What does a word of a question add to each passage that holds it? ``index.ranking.formula`` over arrays.

Laid out for a word and all that it may mean together: of a thousand questions most words were asked before,
and then nothing but adding up is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.fields import FIELD_WEIGHTS, K1, LENGTH_SHARE
from index.impacts import Array, Sidecar, starts_of
from index.plan import in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS
from index.ranking.formula import Group, Statistics
from index.ranking.lexicon import Lexicon
from index.ranking.scoring import NOTHING, ROOM, Impacts, Kept, room

# From this share of the passages on, to add up in an array of them all is faster than to sort.
_DENSE_FROM = 1 / 32


class Weighing:
    """The formula over the passages of some segments, ``bases`` the number of the first of each."""

    def __init__(
        self, sidecars: Sequence[Sidecar], bases: Sequence[int], live: Array, *, lexicon: Lexicon
    ) -> None:
        self._sidecars, self._bases = sidecars, bases
        self._live = None if live.all() else live
        self._lexicon = lexicon
        self._kept: Kept[Impacts] = Kept(ROOM, room)
        self._per_word = {name: self._worth_by_length(name, lexicon.statistics) for name in SEARCH_FIELDS}
        # The same one after another, and where those of each field begin.
        self._of_fields = np.concatenate(list(self._per_word.values()))
        self._field_at = starts_of(np.array([len(each) for each in self._per_word.values()]))[:-1]

    def impacts(self, group: Group) -> Impacts:
        """Return what a group adds to each live passage."""
        factor = group.wanted.count * group.rarity
        key = (group.members, group.wanted.field, factor)
        return self._kept.get(key, lambda: self._impacts(group, factor))

    def worths(self, lengths: Array, *, marks: int = 0) -> Array:
        """Return what a word counts for in fields of these lengths: one row a passage, a column a field.

        ``marks``: how many of each length are no words.
        """
        found: Array = self._of_fields.take(lengths + (self._field_at - marks))
        return found

    def _worth_by_length(self, name: str, statistics: Statistics) -> Array:
        """Return what a word counts for in a field of each length: its weight, less in long ones."""
        longest = max(
            (int(sidecar.arrays[f"length_{name}"].max(initial=0)) for sidecar in self._sidecars), default=0
        )
        share = LENGTH_SHARE[name]
        norm: Array = 1.0 - share + share * np.arange(longest + 1) / statistics.averages[name]
        return FIELD_WEIGHTS[name] / norm

    def _impacts(self, group: Group, factor: float) -> Impacts:
        docs, amounts = [], []
        for place, base in enumerate(self._bases):
            held = self._held(group, place=place)
            if held is not None:
                here, frequency = held
                if self._live is not None:
                    alive = np.flatnonzero(self._live[here + base])
                    here, frequency = here[alive], frequency[alive]
                docs.append(here + base)
                amounts.append(factor * saturated(frequency))
        return Impacts(np.concatenate(docs), np.concatenate(amounts)) if docs else NOTHING

    def _held(self, group: Group, *, place: int) -> tuple[Array, Array] | None:
        """Return the passages of a segment that hold a word, and ``ranking.frequency`` in each."""
        parts, shares = [], []
        for term, share in group.members:
            part = self._lexicon.postings(term).parts.get(place)
            if part is not None:
                parts.append(part)
                shares.append(share)
        if not parts:
            return None
        arrays = self._sidecars[place].arrays
        docs = np.concatenate([arrays["docs"][part] for part in parts]).astype(np.intp)
        frequency = self._frequency(docs, parts, place=place, within=group.wanted.field)
        if len(parts) == 1 and group.wanted.field == ANY_FIELD:
            return docs, frequency * shares[0]
        frequency *= np.repeat(shares, [part.stop - part.start for part in parts])
        return _together(docs, frequency, size=self._sidecars[place].size)

    def _frequency(self, docs: Array, parts: Sequence[slice], *, place: int, within: str) -> Array:
        arrays = self._sidecars[place].arrays
        frequency = np.zeros(len(docs))
        for name in in_fields(within):
            counts = np.concatenate([arrays[f"tf_{name}"][part] for part in parts])
            held = np.flatnonzero(counts)
            if len(held) == len(counts):
                frequency += counts * self._per_word[name].take(arrays[f"length_{name}"][docs])
            elif len(held):
                worth = self._per_word[name].take(arrays[f"length_{name}"][docs[held]])
                frequency[held] += counts[held] * worth
        return frequency


def saturated(frequency: Array) -> Array:
    """Return ``ranking.saturated`` of some frequencies."""
    return (K1 + 1.0) * frequency / (K1 + frequency)


def _together(docs: Array, frequency: Array, *, size: int) -> tuple[Array, Array]:
    """Return each passage once, with the sum of its frequencies, if that is not 0."""
    if len(docs) > _DENSE_FROM * size:
        sums = np.bincount(docs, frequency, minlength=size)
        held = np.flatnonzero(sums)
        return held, sums[held]
    order = np.argsort(docs, kind="stable")
    docs = docs[order]
    new = np.diff(docs, prepend=-1) != 0
    # As above one after another: np.add.reduceat sums in pairs, and builds would differ in the last bit.
    sums = np.bincount(np.cumsum(new) - 1, frequency[order])
    held = np.flatnonzero(sums)
    return docs[new][held], sums[held]
