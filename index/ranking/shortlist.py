"""What does the wording of the best passages add to their scores? ``index.ranking.reranking`` over arrays.

The words of all of them are laid side by side, those that the question knows are picked out once, and what
they add is counted for all passages together. Names in which the same words of the question stand in the same
order are alike to it in the same way: of the names of a hundred passages there are some ten such kinds.
"""

from __future__ import annotations

import bisect
import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.fields import HEADING_AS_NAME, ORDER_WEIGHT, PAIR_WEIGHT, SHARED_TITLE, SMALL_WEIGHT, TITLE_WEIGHT
from index.impacts import Array, Sidecar
from index.plan import in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS
from index.ranking import reranking
from index.ranking.formula import Asked, Group
from index.ranking.lexicon import Lexicon
from index.ranking.reranking import Reading
from index.ranking.weighing import Weighing, saturated

_FIELDS = len(SEARCH_FIELDS)
_TITLE, _HEADINGS, _TEXT = (SEARCH_FIELDS.index(name) for name in ("title", "headings", "text"))
_NAMES = 2
"""The names of a passage: its title and its deepest heading."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """The words of D passages one after another, as far as the question knows them: 0, or a number from 1 on.

    ``rows`` (D, fields + 1): where the fields begin and the last ends. ``wholes`` and ``whole_rows``: the
    whole forms likewise. ``deepest`` (D): how many words the deepest heading has. ``title_keys`` (D).
    """

    words: Array
    rows: Array
    wholes: Array
    whole_rows: Array
    deepest: Array
    title_keys: Array

    def lengths(self) -> Array:
        """Return how many words each field has, without the mark that it ends with."""
        return self.rows[:, 1:] - self.rows[:, :-1] - 1

    def names(self) -> Array:
        """Return where the title and the deepest heading of each passage begin."""
        ends = self.rows[:, [_TITLE + 1, _HEADINGS + 1]] - 1
        ends[:, 0] = self.rows[:, _TITLE]
        ends[:, 1] -= self.deepest
        return ends.ravel()


@dataclass(frozen=True, slots=True)
class _Found:
    """The words of the passages that the question knows, in order: which, in which row of ends, and where."""

    slots: Array
    rows: Array
    places: Array


class Shortlist:
    """The passages of some segments by their wording. Safe to share between threads."""

    def __init__(
        self, sidecars: Sequence[Sidecar], bases: Sequence[int], lexicon: Lexicon, *, weighing: Weighing
    ) -> None:
        self._sidecars, self._bases = sidecars, bases
        self._lexicon, self._weighing = lexicon, weighing
        size = sum(sidecar.size for sidecar in sidecars)
        # What all words of a name weigh: the same for all questions, and not a number until one asks.
        self._own = np.full(size * _NAMES, np.nan)
        self._of_thread = threading.local()

    def added(self, numbers: Array, asked: Asked) -> Array:
        """Return what is added to the scores of some passages, given by their numbers in order."""
        slots: dict[str, int] = {}
        for group in asked.small:
            slots.setdefault(group.wanted.term, len(slots) + 1)
        small = len(slots)
        for reading in asked.readings:
            for term in (*reading.rarity, *reading.meant):
                slots.setdefault(term, len(slots) + 1)
        laid = self._lay_out(numbers, slots)
        words, wholes = _found(laid.words, laid.rows), _found(laid.wholes, laid.whole_rows)
        likeness, order = self._fit(numbers, laid, words, slots=slots, readings=asked.readings)
        sharing = self._lexicon.sharing(laid.title_keys).astype(np.float64) ** -SHARED_TITLE
        added: Array = (
            SMALL_WEIGHT * self._small(laid, (words, wholes), asked.small, slots=slots, most=small)
            + TITLE_WEIGHT * np.maximum(sharing * likeness[0::2], HEADING_AS_NAME * likeness[1::2])
            + ORDER_WEIGHT * np.maximum(sharing * order[0::2], HEADING_AS_NAME * order[1::2])
            + PAIR_WEIGHT * _paired(words, slots, asked.pairs, passages=len(numbers))
        )
        return added

    def _lay_out(self, numbers: Array, slots: Mapping[str, int]) -> _Laid:
        terms: list[int] = []
        marked: list[int] = []
        for term, slot in slots.items():
            of_term = self._lexicon.postings(term).numbers
            terms += of_term
            marked += [slot] * len(of_term)
        marks: Array | None = getattr(self._of_thread, "marks", None)
        if marks is None:
            marks = self._of_thread.marks = np.zeros(self._lexicon.size, np.uint16)
        marks[terms] = marked
        pieces = [self._of_segment(docs, marks, place=place) for place, docs in self._by_segment(numbers)]
        marks[terms] = 0
        return pieces[0] if len(pieces) == 1 else _joined(pieces)

    def _by_segment(self, numbers: Array) -> list[tuple[int, Array]]:
        """Return the places of the segments that some passages are in, and their numbers there."""
        if len(self._bases) == 1:
            return [(0, numbers)]
        edges = [*numbers.searchsorted(self._bases).tolist(), len(numbers)]
        return [
            (place, numbers[first:last] - self._bases[place])
            for place, (first, last) in enumerate(itertools.pairwise(edges))
            if first < last
        ]

    def _of_segment(self, docs: Array, marks: Array, *, place: int) -> _Laid:
        arrays = self._sidecars[place].arrays
        first = self._lexicon.firsts[place]
        # The end of a field has the highest number there is, which is clipped to that of no term.
        known = marks[first : first + len(self._sidecars[place].sorted_keys) + 1]
        fields = docs[:, None] * _FIELDS + np.arange(_FIELDS + 1)
        words, rows = _gathered(arrays["words"], arrays["word_at"][fields])
        wholes, whole_rows = _gathered(arrays["wholes"], arrays["whole_at"][fields])
        return _Laid(
            known.take(words, mode="clip"),
            rows,
            known.take(wholes, mode="clip"),
            whole_rows,
            arrays["deepest"][docs],
            arrays["title_key"][docs],
        )

    def _fit(
        self,
        numbers: Array,
        laid: _Laid,
        words: _Found,
        *,
        slots: Mapping[str, int],
        readings: Sequence[Reading[str]],
    ) -> tuple[Array, Array]:
        """Return how alike each name is to the question, and how much of it follows in the same order.

        Title and heading of each passage follow each other.
        """
        size = len(numbers) * _NAMES
        order = [0.0] * size
        shared = [[0.0] * size for _ in readings]
        terms = {slot: term for term, slot in slots.items()}
        for kind, names in _kinds(laid, words).items():
            sequence = [terms[slot] for slot in kind]
            for row, reading in zip(shared, readings, strict=True):
                in_common = reranking.shared(sequence, reading)
                in_order = reranking.in_same_order(sequence, reading)
                for name in names:
                    row[name] = in_common
                    order[name] = max(order[name], in_order)
        return self._likeness(numbers, shared, readings), np.array(order)

    def _likeness(
        self, numbers: Array, shared: Sequence[Sequence[float]], readings: Sequence[Reading[str]]
    ) -> Array:
        """Return ``reranking.likeness`` of all names, from what each shares with each reading."""
        likeness = np.zeros(len(numbers) * _NAMES)
        weights = np.array(shared).reshape(len(shared), len(likeness))
        alike = np.flatnonzero(weights.any(axis=0))
        if len(alike):
            own = self._own_weights(numbers, alike)
            for row, reading in zip(weights, readings, strict=True):
                asked = sum(reading.weights)
                share = np.minimum(1.0, 2.0 * row[alike] / (asked + own)) if asked else 0.0
                likeness[alike] = np.maximum(likeness[alike], asked * share**2)
        return likeness

    def _small(
        self,
        laid: _Laid,
        found: Sequence[_Found],
        groups: Sequence[Group],
        *,
        slots: Mapping[str, int],
        most: int,
    ) -> Array:
        """Return what the stop words of the question score; their numbers are the first, up to ``most``."""
        total = np.zeros(len(laid.rows))
        if not groups:
            return total
        worths = self._weighing.worths(laid.lengths())
        for within in {group.wanted.field for group in groups}:
            counted = worths.ravel() if within == ANY_FIELD else (worths * _columns(within)).ravel()
            frequency = np.zeros(len(total) * (most + 1))
            for here in found:
                small = np.flatnonzero(here.slots <= most)
                if len(small):
                    at = here.rows[small]
                    places = at // _FIELDS * (most + 1) + here.slots[small]
                    frequency += np.bincount(places, counted[at], minlength=len(frequency))
            held = [group for group in groups if group.members and group.wanted.field == within]
            factors = np.array([group.wanted.count * group.rarity for group in held])
            columns = [slots[group.wanted.term] for group in held]
            total += saturated(frequency.reshape(len(total), most + 1)[:, columns]) @ factors
        return total

    def _own_weights(self, numbers: Array, names: Array) -> Array:
        """Return what all words of each name weigh, each once."""
        own: Array = self._own[numbers[names // _NAMES] * _NAMES + names % _NAMES]
        unknown = np.flatnonzero(np.isnan(own))
        if len(unknown):
            own[unknown] = self._weigh_names(numbers[names[unknown] // _NAMES], names[unknown] % _NAMES)
            self._own[numbers[names[unknown] // _NAMES] * _NAMES + names[unknown] % _NAMES] = own[unknown]
        return own

    def _weigh_names(self, numbers: Array, kinds: Array) -> Array:
        pieces = []
        for number, kind in zip(numbers.tolist(), kinds.tolist(), strict=True):
            place = bisect.bisect_right(self._bases, number) - 1
            arrays, doc = self._sidecars[place].arrays, number - self._bases[place]
            column, length = (_HEADINGS, "deepest") if kind else (_TITLE, "length_title")
            end = int(arrays["word_at"][doc * _FIELDS + column + 1]) - 1
            words = arrays["words"][end - int(arrays[length][doc]) : end]
            pieces.append(words.astype(np.intp) + self._lexicon.firsts[place])
        rows = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
        distinct = np.unique(rows * self._lexicon.size + np.concatenate(pieces))
        weights = self._lexicon.naming(distinct % self._lexicon.size)
        weighed: Array = np.bincount(distinct // self._lexicon.size, weights, minlength=len(pieces))
        return weighed


def _joined(pieces: Sequence[_Laid]) -> _Laid:
    """Return the passages of several segments one after another."""
    words = itertools.accumulate((len(piece.words) for piece in pieces), initial=0)
    wholes = itertools.accumulate((len(piece.wholes) for piece in pieces), initial=0)
    return _Laid(
        np.concatenate([piece.words for piece in pieces]),
        np.concatenate([piece.rows + shift for piece, shift in zip(pieces, words, strict=False)]),
        np.concatenate([piece.wholes for piece in pieces]),
        np.concatenate([piece.whole_rows + shift for piece, shift in zip(pieces, wholes, strict=False)]),
        np.concatenate([piece.deepest for piece in pieces]),
        np.concatenate([piece.title_keys for piece in pieces]),
    )


def _columns(within: str) -> Array:
    """Return 1 for the fields that are looked at, 0 for the others."""
    columns: Array = np.array([float(name in in_fields(within)) for name in SEARCH_FIELDS])
    return columns


def _gathered(terms: Array, rows: Array) -> tuple[Array, Array]:
    """Return the terms of some passages one after another, and where their fields begin and end there."""
    begins, ends = rows[:, 0], rows[:, -1]
    stretches = zip(begins.tolist(), ends.tolist(), strict=True)
    pieces = [terms[begin:end] for begin, end in stretches if begin < end]
    sizes = ends - begins
    shifts = begins - (sizes.cumsum() - sizes)
    return np.concatenate(pieces) if pieces else terms[:0], rows - shifts[:, None]


def _found(known: Array, rows: Array) -> _Found:
    # Of truth values numpy finds those that are not 0 five times as fast.
    places = (known != 0).nonzero()[0]
    ends = rows[:, 1:].ravel()
    return _Found(known[places].astype(np.intp), ends.searchsorted(places, side="right"), places)


def _kinds(laid: _Laid, words: _Found) -> dict[tuple[int, ...], list[int]]:
    """Return the sequences of the question's words that stand in names, each with these names."""
    fields = words.rows % _FIELDS
    named = np.flatnonzero(fields != _TEXT)
    names = (words.rows[named] // _FIELDS) * _NAMES + (fields[named] == _HEADINGS)
    within = np.flatnonzero(words.places[named] >= laid.names()[names])
    sequences: dict[int, tuple[int, ...]] = {}
    for name, slot in zip(names[within].tolist(), words.slots[named[within]].tolist(), strict=True):
        sequences[name] = (*sequences.get(name, ()), slot)
    kinds: dict[tuple[int, ...], list[int]] = {}
    for name, sequence in sequences.items():
        kinds.setdefault(sequence, []).append(name)
    return kinds


def _paired(
    words: _Found, slots: Mapping[str, int], pairs: Mapping[tuple[str, str], float], *, passages: int
) -> Array:
    """Return ``reranking.neighbours`` of the texts of the passages."""
    if not pairs:
        return np.zeros(passages)
    across = len(slots) + 1
    worth = np.zeros(across * across)
    worth[[slots[one] * across + slots[two] for one, two in pairs]] = list(pairs.values())
    side_by_side = np.flatnonzero(words.places[1:] == words.places[:-1] + 1)
    both = words.slots[side_by_side] * across + words.slots[side_by_side + 1]
    kept = np.flatnonzero((worth[both] > 0) & (words.rows[side_by_side] % _FIELDS == _TEXT))
    docs = words.rows[side_by_side[kept]] // _FIELDS
    distinct = np.unique(docs * (across * across) + both[kept])
    return np.bincount(distinct // (across * across), worth[distinct % (across * across)], minlength=passages)
