"""What does the wording of the best passages add to their scores? ``index.ranking.reranking`` over arrays.

Worked out by ``secondpass``, where it was compiled, or else by numpy: to the last bit the same.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

import numpy as np

from index.fields import SHARED_TITLE
from index.impacts import Array, Sidecar
from index.query import SEARCH_FIELDS
from index.ranking.formula import Asked
from index.ranking.lexicon import Lexicon, runs_of
from index.ranking.sidebyside import SideBySide
from index.ranking.weighing import Weighing
from kb.errors import IndexIncompatible

try:
    from index.ranking import forward, secondpass

    COMPILED = (forward.VERSION, secondpass.VERSION) == (1, 7)
except ImportError:
    COMPILED = False
"""Whether ``secondpass`` was compiled when this was installed; without, numpy gives the same scores."""

_FIELDS = len(SEARCH_FIELDS)
_NAMES = 2
"""The names of a passage: its title and its deepest heading."""


class Shortlist:
    """The passages of some segments by their wording. Safe to share between threads."""

    def __init__(
        self,
        sidecars: Sequence[Sidecar],
        bases: Sequence[int],
        lexicon: Lexicon,
        *,
        weighing: Weighing,
        compiled: bool = COMPILED,
    ) -> None:
        self._sidecars, self._bases = sidecars, np.array(bases, np.intp)
        self._lexicon, self._weighing = lexicon, weighing
        self._in_wholes = self._terms_of_wholes()
        self._wholes: dict[str, bool] = {}
        # What the title of a passage counts as a name.
        titles = _joined([sidecar.arrays["title_key"] for sidecar in sidecars], np.uint64)
        self._alone = _alone(titles, lexicon)
        # What all words of a name weigh: the same for all questions, and not a number until one asks.
        self._own = np.full((len(titles), _NAMES), np.nan)
        # Those that are not at work; hardly ever more than one, which takes 2 bytes a term.
        self._idle: list[secondpass.SecondPass] = []
        self._side_by_side = None if compiled else self._by_numpy()

    def added(self, numbers: Array, asked: Asked) -> Array:
        """Return what is added to the scores of some passages, given by their numbers in order.

        Raises IndexIncompatible when the arrays cannot be those of one index.
        """
        known: dict[str, object] = dict.fromkeys([group.wanted.term for group in asked.small])
        small = len(known)
        for reading in asked.readings:
            known.update(reading.rarity)
            known.update(reading.meant)
        slots = dict(zip(known, itertools.count(1), strict=False))
        wholes = any(map(self._is_whole, itertools.islice(slots, small)))
        try:
            if self._side_by_side is not None:
                return self._side_by_side.added(numbers, asked, slots, small=small, wholes=wholes)
            terms, second_pass = self._lexicon.numbers(slots), self._second_pass()
            found = second_pass.added(numbers, asked, slots, terms, small=small, wholes=wholes)
        except (IndexError, ValueError) as error:
            raise IndexIncompatible(f"the arrays of the index do not fit together: {error}") from error
        self._idle.append(second_pass)
        return found

    def _by_numpy(self) -> SideBySide:
        return SideBySide(
            self._sidecars,
            self._bases,
            self._lexicon,
            weighing=self._weighing,
            alone=self._alone,
            own=self._own_weights,
        )

    def _second_pass(self) -> secondpass.SecondPass:
        """Return one that is not at work, or another; what has met an error never comes back."""
        try:
            return self._idle.pop()
        except IndexError:
            worths, field_at = self._weighing.by_length()
            return secondpass.SecondPass(
                self._segments,
                terms=self._lexicon.size + 1,
                alone=self._alone,
                own=self._own,
                weigh=self._own_weights,
                by_length=worths,
                field_at=field_at,
            )

    @functools.cached_property
    def _segments(self) -> list[forward.Segment]:
        return [
            forward.Segment(
                sidecar.arrays,
                deepest=sidecar.arrays["deepest"].astype(np.uint32),
                first=base,
                end=base + sidecar.size,
                terms=term,
            )
            for sidecar, base, term in zip(
                self._sidecars, self._bases.tolist(), self._lexicon.firsts, strict=True
            )
        ]

    def _terms_of_wholes(self) -> Array:
        """Return which terms, numbered through all segments, are whole forms somewhere."""
        held = np.zeros(self._lexicon.size + 1, bool)
        for first, sidecar in zip(self._lexicon.firsts, self._sidecars, strict=True):
            held[sidecar.arrays["wholes"].astype(np.intp) + first] = True
        return held

    def _is_whole(self, term: str) -> bool:
        """Tell whether a stop word is a whole form somewhere; there are few, so all are remembered."""
        found = self._wholes.get(term)
        if found is None:
            found = bool(self._in_wholes.take(self._lexicon.numbers((term,))).any())
            self._wholes[term] = found
        return found

    def _own_weights(self, numbers: Array, names: Array) -> Array:
        """Return what all words of each name weigh, each once."""
        at = numbers.take(names >> 1) * _NAMES + (names & 1)
        flat = self._own.reshape(-1)
        own: Array = flat.take(at)
        unknown = np.isnan(own).nonzero()[0]
        if len(unknown):
            own[unknown] = self._weigh_names(numbers[names[unknown] >> 1], names[unknown] & 1)
            flat[at[unknown]] = own[unknown]
        return own

    def _weigh_names(self, numbers: Array, kinds: Array) -> Array:
        size = self._lexicon.size
        if self._side_by_side is None:
            keys = forward.in_names(self._segments, numbers, kinds, size)
        else:
            keys = self._in_names(numbers, kinds)
        # Sorted, as numpy's own way to find what is distinct takes twice as long for so few.
        keys.sort()
        distinct = keys[np.diff(keys, prepend=-1).nonzero()[0]]
        weights = self._lexicon.naming(distinct % size)
        weighed: Array = np.bincount(distinct // size, weights, minlength=len(numbers))
        return weighed

    def _in_names(self, numbers: Array, kinds: Array) -> Array:
        """Return the terms of some names; see ``forward.in_names``."""
        pieces = []
        segments = self._bases.searchsorted(numbers, side="right") - 1
        places = numbers - self._bases[segments]
        for row, (segment, place, kind) in enumerate(
            zip(segments.tolist(), places.tolist(), kinds.tolist(), strict=True)
        ):
            arrays = self._sidecars[segment].arrays
            length = arrays["deepest" if kind else "length_title"][place]
            # Without the mark at the end.
            end = arrays["word_at"][place * _FIELDS + (2 if kind else 1)] - 1
            words = arrays["words"][end - length : end]
            first = row * self._lexicon.size + self._lexicon.firsts[segment]
            pieces.append(words.astype(np.int64) + first)
        return np.concatenate(pieces)


def _alone(titles: Array, lexicon: Lexicon) -> Array:
    """Return what the title of each passage counts as a name, the less the more passages share it."""
    keys, sizes = runs_of(titles)
    # In order of the keys, they are found in a tenth of the time.
    order = keys.argsort(kind="stable")
    alone = np.empty(len(keys))
    alone[order] = lexicon.sharing(keys.take(order)).astype(np.float64) ** -SHARED_TITLE
    return alone.repeat(sizes)


def _joined(pieces: Sequence[Array], kind: type) -> Array:
    return np.concatenate(pieces) if pieces else np.zeros(0, kind)
