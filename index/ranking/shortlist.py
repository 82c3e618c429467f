"""What does the wording of the best passages add to their scores? ``index.ranking.reranking`` over arrays.

The words of all of them are laid side by side, those that the question knows are picked out once, and what
they add is counted for all passages together.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.fields import HEADING_AS_NAME, ORDER_WEIGHT, PAIR_WEIGHT, SHARED_TITLE, SMALL_WEIGHT, TITLE_WEIGHT
from index.impacts import FIELD_END, Array, Sidecar
from index.plan import in_fields
from index.query import SEARCH_FIELDS
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
    """The words of D passages one after another: ``words`` as terms numbered through all segments.

    ``ends`` (D · fields): where each field ends. ``names`` (D · 2, 2): where the title and the deepest
    heading begin and end. ``worths`` (D, fields): what a word counts for. ``title_keys`` (D).
    """

    words: Array
    ends: Array
    wholes: Array
    whole_ends: Array
    names: Array
    worths: Array
    title_keys: Array


@dataclass(frozen=True, slots=True)
class _Found:
    """The words of the passages that the question knows, in order: which, in which row, and where."""

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
        laid = self._lay_out(numbers)
        slots: dict[str, int] = {}
        for reading in asked.readings:
            for term in (*reading.meant, *reading.rarity):
                slots.setdefault(term, len(slots) + 1)
        for group in asked.small:
            slots.setdefault(group.wanted.term, len(slots) + 1)
        words, wholes = self._found(laid, slots)
        likeness, order = self._fit(numbers, laid, words, slots=slots, readings=asked.readings)
        sharing = self._lexicon.sharing(laid.title_keys).astype(np.float64) ** -SHARED_TITLE
        shares = np.column_stack((sharing, np.full(len(numbers), HEADING_AS_NAME)))
        added: Array = (
            SMALL_WEIGHT * _small(laid, (words, wholes), slots, asked.small)
            + TITLE_WEIGHT * (shares * likeness).max(axis=1)
            + ORDER_WEIGHT * (shares * order).max(axis=1)
            + PAIR_WEIGHT * _paired(words, slots, asked.pairs, passages=len(numbers))
        )
        return added

    def _lay_out(self, numbers: Array) -> _Laid:
        pieces = []
        shift = whole_shift = 0
        edges = np.searchsorted(numbers, [*self._bases, self._bases[-1] + self._sidecars[-1].size]).tolist()
        for place, (first, last) in enumerate(itertools.pairwise(edges)):
            if first < last:
                docs = numbers[first:last] - self._bases[place]
                piece = self._of_segment(docs, place=place, shift=shift, whole_shift=whole_shift)
                shift, whole_shift = shift + len(piece.words), whole_shift + len(piece.wholes)
                pieces.append(piece)
        if len(pieces) == 1:
            return pieces[0]
        return _Laid(
            *(np.concatenate([getattr(piece, name) for piece in pieces]) for name in _Laid.__slots__)
        )

    def _of_segment(self, docs: Array, *, place: int, shift: int, whole_shift: int) -> _Laid:
        arrays, first = self._sidecars[place].arrays, self._lexicon.firsts[place]
        words, ends = _gathered(arrays["words"], arrays["word_at"], docs)
        wholes, whole_ends = _gathered(arrays["wholes"], arrays["whole_at"], docs)
        words = np.where(words == FIELD_END, self._lexicon.size, words.astype(np.intp) + first)
        ends += shift
        # A field ends with a mark, which is no word of it.
        title_end, heading_end = ends[_TITLE::_FIELDS] - 1, ends[_HEADINGS::_FIELDS] - 1
        lengths = (arrays["length_title"][docs].astype(np.int64), arrays["deepest"][docs].astype(np.int64))
        names = np.stack(
            (title_end - lengths[0], title_end, heading_end - lengths[1], heading_end), axis=1
        ).reshape(-1, 2)
        return _Laid(
            words,
            ends,
            wholes.astype(np.intp) + first,
            whole_ends + whole_shift,
            names,
            self._weighing.worths(docs, place=place),
            arrays["title_key"][docs],
        )

    def _found(self, laid: _Laid, slots: Mapping[str, int]) -> tuple[_Found, _Found]:
        """Return the words of the question, or meant by them, among the words and the whole forms."""
        marks: Array | None = getattr(self._of_thread, "marks", None)
        if marks is None:
            marks = self._of_thread.marks = np.zeros(self._lexicon.size + 1, np.uint16)
        terms: list[int] = []
        marked: list[int] = []
        for term, slot in slots.items():
            numbers = self._lexicon.postings(term).numbers
            terms += numbers
            marked += [slot] * len(numbers)
        marks[terms] = marked
        found = []
        for words, ends in ((laid.words, laid.ends), (laid.wholes, laid.whole_ends)):
            known = marks.take(words)
            places = np.flatnonzero(known)
            rows = ends.searchsorted(places, side="right")
            found.append(_Found(known[places].astype(np.intp), rows, places))
        marks[terms] = 0
        return found[0], found[1]

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

        A row for each passage, in which the title and the heading follow each other.
        """
        shape = (len(numbers), _NAMES)
        likeness, order = np.zeros(shape[0] * _NAMES), np.zeros(shape[0] * _NAMES)
        fields = words.rows % _FIELDS
        named = np.flatnonzero(fields != _TEXT)
        names = (words.rows[named] // _FIELDS) * _NAMES + (fields[named] == _HEADINGS)
        within = np.flatnonzero(words.places[named] >= laid.names[names, 0])
        names, known = names[within], words.slots[named[within]]
        if not len(names):
            return likeness.reshape(shape), order.reshape(shape)
        own = self._own_weights(numbers, laid, np.unique(names))
        for reading in readings:
            of_reading = _alike(names, known, own, slots=slots, reading=reading)
            np.maximum(likeness, of_reading, out=likeness)
            np.maximum(order, _ordered(names, known, len(order), slots=slots, reading=reading), out=order)
        return likeness.reshape(shape), order.reshape(shape)

    def _own_weights(self, numbers: Array, laid: _Laid, names: Array) -> Array:
        """Return what all words of each name weigh, each once; not a number where nobody asks."""
        places = (numbers[:, None] * _NAMES + np.arange(_NAMES)).ravel()
        own = self._own[places]
        unknown = names[np.isnan(own[names])]
        if len(unknown):
            starts = laid.names[unknown, 0]
            sizes = laid.names[unknown, 1] - starts
            at = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
            across = self._lexicon.size + 1
            distinct = np.unique(np.repeat(np.arange(len(unknown)), sizes) * across + laid.words[at])
            weights = self._lexicon.naming(distinct % across)
            own[unknown] = np.bincount(distinct // across, weights, minlength=len(unknown))
            self._own[places[unknown]] = own[unknown]
        return own


def _gathered(terms: Array, starts: Array, docs: Array) -> tuple[Array, Array]:
    """Return the terms of some passages one after another, and where each of their fields ends."""
    rows = starts[docs[:, None] * _FIELDS + np.arange(_FIELDS + 1)]
    begins, sizes = rows[:, 0], rows[:, -1] - rows[:, 0]
    shifts = begins - (np.cumsum(sizes) - sizes)
    at = np.repeat(shifts, sizes) + np.arange(int(sizes.sum()))
    return terms[at], (rows[:, 1:] - shifts[:, None]).ravel()


def _small(laid: _Laid, found: Sequence[_Found], slots: Mapping[str, int], groups: Sequence[Group]) -> Array:
    """Return what the stop words of the question score."""
    total = np.zeros(len(laid.worths))
    for within in {group.wanted.field for group in groups}:
        worths = laid.worths * np.isin(SEARCH_FIELDS, in_fields(within))
        frequency = np.zeros((len(total), len(slots) + 1))
        for here in found:
            frequency += np.bincount(
                here.rows // _FIELDS * (len(slots) + 1) + here.slots,
                worths.ravel()[here.rows],
                minlength=frequency.size,
            ).reshape(frequency.shape)
        held = [group for group in groups if group.members and group.wanted.field == within]
        factors = np.array([group.wanted.count * group.rarity for group in held])
        total += saturated(frequency[:, [slots[group.wanted.term] for group in held]]) @ factors
    return total


def _alike(
    names: Array, known: Array, own: Array, *, slots: Mapping[str, int], reading: Reading[str]
) -> Array:
    """Return ``reranking.likeness`` of some names that have words of the question."""
    terms = sorted(
        (slots[term], place, share) for term, meant in reading.meant.items() for place, share in meant
    )
    of_slot = np.array([slot for slot, _, _ in terms], np.intp)
    places = np.array([place for _, place, _ in terms], np.intp)
    shares = np.array([share for _, _, share in terms])
    across = len(slots) + 1
    distinct = np.unique(names * across + known)
    name, slot = distinct // across, distinct % across
    first, last = of_slot.searchsorted(slot), of_slot.searchsorted(slot, side="right")
    sizes = last - first
    at = np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
    weights = np.array(reading.weights)
    held = np.bincount(
        np.repeat(name, sizes) * len(weights) + places[at], shares[at], minlength=len(own) * len(weights)
    ).reshape(len(own), len(weights))
    shared = np.minimum(held, 1.0) @ weights
    asked = sum(reading.weights)
    alike = np.zeros(len(own))
    some = np.flatnonzero(shared)
    alike[some] = asked * np.minimum(1.0, 2.0 * shared[some] / (asked + own[some])) ** 2
    return alike


def _ordered(
    names: Array, known: Array, size: int, *, slots: Mapping[str, int], reading: Reading[str]
) -> Array:
    """Return ``reranking.in_same_order`` of some names."""
    words = {slots[word]: word for word in reading.rarity}
    order = np.zeros(size)
    weighed: dict[tuple[str, ...], float] = {}
    sequences: dict[int, tuple[str, ...]] = {}
    for name, slot in zip(names.tolist(), known.tolist(), strict=True):
        if slot in words:
            sequences[name] = (*sequences.get(name, ()), words[slot])
    for name, sequence in sequences.items():
        weight = weighed.get(sequence)
        if weight is None:
            weight = weighed[sequence] = reranking.in_same_order(sequence, reading)
        order[name] = weight
    return order


def _paired(
    words: _Found, slots: Mapping[str, int], pairs: Mapping[tuple[str, str], float], *, passages: int
) -> Array:
    """Return ``reranking.neighbours`` of the texts of the passages."""
    if not pairs:
        return np.zeros(passages)
    across = len(slots) + 1
    worth = np.zeros(across * across)
    worth[[slots[one] * across + slots[two] for one, two in pairs]] = list(pairs.values())
    side_by_side = np.flatnonzero(
        (words.places[1:] == words.places[:-1] + 1) & (words.rows[:-1] % _FIELDS == _TEXT)
    )
    both = words.slots[side_by_side] * across + words.slots[side_by_side + 1]
    distinct = np.unique(words.rows[side_by_side] // _FIELDS * (across * across) + both)
    return np.bincount(distinct // (across * across), worth[distinct % (across * across)], minlength=passages)
