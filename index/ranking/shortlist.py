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
_LISTS = {"words": "word_at", "wholes": "whole_at"}
_WITHIN = np.arange(_FIELDS + 1)


@dataclass(frozen=True, slots=True)
class _Laid:
    """The words of D passages one after another, as far as the question knows them: 0, or a number from 1 on.

    ``rows`` (D, fields + 1): where the fields begin and the last ends.
    """

    words: Array
    rows: Array

    def found(self) -> _Found:
        """Return the words that the question knows."""
        # Of truth values numpy finds those that are not 0 five times as fast.
        places = (self.words != 0).nonzero()[0]
        ends = self.rows[:, 1:].ravel()
        return _Found(self.words[places].astype(np.intp), ends.searchsorted(places, side="right"), places)


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
        # Looked up for all segments at once: numpy's calls cost more here than what they do.
        self._starts = {name: _starts(sidecars, name) for name in _LISTS}
        self._deepest = _joined([sidecar.arrays["deepest"] for sidecar in sidecars], np.uint32)
        self._title_keys = _joined([sidecar.arrays["title_key"] for sidecar in sidecars], np.uint64)
        self._in_wholes = self._terms_of_wholes()
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
        laid, wholes = self._lay_out(numbers, slots, small=small)
        words = laid.found()
        likeness, order = self._fit(numbers, laid, words, slots=slots, readings=asked.readings)
        sharing = self._lexicon.sharing(self._title_keys[numbers]).astype(np.float64) ** -SHARED_TITLE
        added: Array = (
            SMALL_WEIGHT * self._small(laid, (words, *wholes), asked.small, slots=slots, most=small)
            + TITLE_WEIGHT * np.maximum(sharing * likeness[0::2], HEADING_AS_NAME * likeness[1::2])
            + ORDER_WEIGHT * np.maximum(sharing * order[0::2], HEADING_AS_NAME * order[1::2])
            + PAIR_WEIGHT * _paired(words, slots, asked.pairs, passages=len(numbers))
        )
        return added

    def _terms_of_wholes(self) -> Array:
        """Return which terms, numbered through all segments, are whole forms somewhere."""
        held = np.zeros(self._lexicon.size, bool)
        for first, sidecar in zip(self._lexicon.firsts, self._sidecars, strict=True):
            held[sidecar.arrays["wholes"].astype(np.intp) + first] = True
        return held

    def _lay_out(
        self, numbers: Array, slots: Mapping[str, int], *, small: int
    ) -> tuple[_Laid, tuple[_Found, ...]]:
        """Return the words of some passages, and those of the whole forms that are a stop word.

        ``slots`` are the numbers of the words that the question knows; stop words have those up to ``small``.
        """
        terms: list[int] = []
        marked: list[int] = []
        for term, slot in slots.items():
            of_term = self._lexicon.postings(term).numbers
            terms += of_term
            marked += [slot] * len(of_term)
        marks: Array | None = getattr(self._of_thread, "marks", None)
        if marks is None:
            marks = self._of_thread.marks = np.zeros(self._lexicon.size, np.uint16)
        at = np.array(terms, np.intp)
        marks[at] = marked
        laid = self._of_list("words", numbers, marks)
        wholes: tuple[_Found, ...] = ()
        if self._in_wholes[at[: bisect.bisect_right(marked, small)]].any():
            wholes = (self._of_list("wholes", numbers, marks).found(),)
        marks[at] = 0
        return laid, wholes

    def _of_list(self, name: str, numbers: Array, marks: Array) -> _Laid:
        starts, shifts = self._starts[name]
        rows = starts[numbers[:, None] * _FIELDS + _WITHIN].astype(np.intp)
        stretches = rows[:, [0, -1]].tolist()
        edges = [*numbers.searchsorted(self._bases).tolist(), len(numbers)]
        known = []
        for place, (first, last) in enumerate(itertools.pairwise(edges)):
            if first < last:
                sidecar, base, shift = self._sidecars[place], self._lexicon.firsts[place], shifts[place]
                terms = sidecar.arrays[name]
                pieces = [terms[begin - shift : end - shift] for begin, end in stretches[first:last]]
                # The end of a field has the highest number there is, which is clipped to that of no term.
                marked = marks[base : base + len(sidecar.sorted_keys) + 1]
                known.append(marked.take(np.concatenate(pieces), mode="clip"))
        sizes = rows[:, -1] - rows[:, 0]
        rows -= (rows[:, 0] - (sizes.cumsum() - sizes))[:, None]
        return _Laid(known[0] if len(known) == 1 else _joined(known, np.uint16), rows)

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
        terms = {slot: term for term, slot in slots.items()}
        kinds, kind_of = self._kinds(numbers, laid, words)
        sequences = [[terms[slot] for slot in kind] for kind in kinds]
        order = [
            max((reranking.in_same_order(sequence, reading) for reading in readings), default=0.0)
            for sequence in sequences
        ]
        shared = [
            np.array([reranking.shared(sequence, reading) for sequence in sequences]) for reading in readings
        ]
        likeness = self._likeness(numbers, [of_kinds[kind_of] for of_kinds in shared], readings)
        return likeness, np.array(order)[kind_of]

    def _kinds(self, numbers: Array, laid: _Laid, words: _Found) -> tuple[list[tuple[int, ...]], Array]:
        """Return the sequences of the question's words that stand in names, and which each name has."""
        docs = words.rows // _FIELDS
        fields = words.rows - docs * _FIELDS
        # A title is a name from its first word on, of the headings the deepest is one.
        begins = laid.rows[:, _HEADINGS + 1] - 1 - self._deepest[numbers]
        named = ((fields == _TITLE) | ((fields == _HEADINGS) & (words.places >= begins[docs]))).nonzero()[0]
        kinds: dict[tuple[int, ...], int] = {(): 0}
        kind_of = np.zeros(len(numbers) * _NAMES, np.intp)
        if len(named):
            names = docs[named] * _NAMES + (fields[named] == _HEADINGS)
            starts = np.concatenate(([0], (names[1:] != names[:-1]).nonzero()[0] + 1))
            slots = words.slots[named].tolist()
            edges = [*starts.tolist(), len(slots)]
            sequences = [tuple(slots[first:last]) for first, last in itertools.pairwise(edges)]
            kind_of[names[starts]] = [kinds.setdefault(sequence, len(kinds)) for sequence in sequences]
        return list(kinds), kind_of

    def _likeness(self, numbers: Array, shared: Sequence[Array], readings: Sequence[Reading[str]]) -> Array:
        """Return ``reranking.likeness`` of all names, from what each shares with each reading."""
        likeness = np.zeros(len(numbers) * _NAMES)
        alike = np.flatnonzero(np.logical_or.reduce(shared)) if shared else np.zeros(0, np.intp)
        if len(alike):
            own = self._own_weights(numbers, alike)
            for row, reading in zip(shared, readings, strict=True):
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
        # Each field ends with a mark, which is no word of it.
        worths = self._weighing.worths(laid.rows[:, 1:] - laid.rows[:, :-1] - 1)
        for within in dict.fromkeys(group.wanted.field for group in groups):
            counted = worths.ravel() if within == ANY_FIELD else (worths * _columns(within)).ravel()
            frequency = np.zeros(len(total) * (most + 1))
            for here in found:
                small = (here.slots <= most).nonzero()[0]
                if len(small):
                    at = here.rows[small]
                    places = at // _FIELDS * (most + 1) + here.slots[small]
                    frequency += np.bincount(places, counted[at], minlength=len(frequency))
            held = [group for group in groups if group.members and group.wanted.field == within]
            columns = [slots[group.wanted.term] for group in held]
            scores = saturated(frequency.reshape(len(total), most + 1)[:, columns])
            # One after another: a product of matrices sums otherwise for other numbers of passages.
            for group, score in zip(held, scores.T, strict=True):
                total += group.wanted.count * group.rarity * score
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


def _starts(sidecars: Sequence[Sidecar], name: str) -> tuple[Array, Sequence[int]]:
    """Return where the fields of all passages begin in a list of all segments one after another.

    And how many words the segments before each one have.
    """
    pieces = [sidecar.arrays[_LISTS[name]] for sidecar in sidecars]
    sizes = [int(piece[-1]) for piece in pieces]
    shifts = [0, *itertools.accumulate(sizes)]
    kind = np.uint32 if shifts[-1] < 1 << 32 else np.int64
    starts = [(piece[:-1] + shift).astype(kind) for piece, shift in zip(pieces, shifts, strict=False)]
    return np.concatenate([*starts, np.array(shifts[-1:], kind)]), shifts[:-1]


def _joined(pieces: Sequence[Array], kind: type) -> Array:
    return np.concatenate(pieces) if pieces else np.zeros(0, kind)


def _columns(within: str) -> Array:
    """Return 1 for the fields that are looked at, 0 for the others."""
    columns: Array = np.array([float(name in in_fields(within)) for name in SEARCH_FIELDS])
    return columns


def _paired(
    words: _Found, slots: Mapping[str, int], pairs: Mapping[tuple[str, str], float], *, passages: int
) -> Array:
    """Return ``reranking.neighbours`` of the texts of the passages."""
    if not pairs:
        return np.zeros(passages)
    across = len(slots) + 1
    worth = np.zeros(across * across)
    worth[[slots[one] * across + slots[two] for one, two in pairs]] = list(pairs.values())
    side_by_side = (words.places[1:] == words.places[:-1] + 1).nonzero()[0]
    both = words.slots[side_by_side] * across + words.slots[side_by_side + 1]
    rows = words.rows[side_by_side]
    kept = ((worth[both] > 0) & (rows % _FIELDS == _TEXT)).nonzero()[0]
    held = np.sort(rows[kept] // _FIELDS * (across * across) + both[kept])
    # Each counts once.
    distinct = held[np.concatenate(([True], held[1:] != held[:-1]))] if len(held) else held
    docs = distinct // (across * across)
    return np.bincount(docs, worth[distinct - docs * (across * across)], minlength=passages)
