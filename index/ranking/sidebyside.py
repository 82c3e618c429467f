"""What does the wording of the best passages add to their scores? By numpy, all passages side by side.

The words of all of them are laid out one after another, those that the question knows are picked out once,
and what they add is counted for all passages together. Names in which the same words of the question stand
in the same order are alike to it in the same way: of the names of a hundred passages there are some ten such
kinds.
"""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from index.fields import HEADING_AS_NAME, ORDER_WEIGHT, PAIR_WEIGHT, SMALL_WEIGHT, TITLE_WEIGHT
from index.impacts import Array, Sidecar
from index.plan import in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS
from index.ranking import reranking
from index.ranking.formula import Asked, Group
from index.ranking.lexicon import Lexicon
from index.ranking.reranking import Reading
from index.ranking.weighing import Weighing, saturated

_FIELDS = len(SEARCH_FIELDS)
_TITLE, _HEADINGS, _DEEPEST, _TEXT = range(4)
"""The parts of a passage in order: its title, its headings but the deepest, this one, its text."""
_FIELD_OF_PART = np.array([SEARCH_FIELDS.index(name) for name in ("title", "headings", "headings", "text")])
_PARTS = len(_FIELD_OF_PART)
_FIELD_EDGES = [_TITLE, _HEADINGS, _TEXT, _PARTS]
_NAMES = 2
"""The names of a passage: its title and its deepest heading, the parts with an even number."""
_LISTS = {"words": "word_at", "wholes": "whole_at"}


@dataclass(frozen=True, slots=True)
class _Laid:
    """The words of D passages one after another, as far as the question knows them: 0, or a number from 1 on.

    ``ends`` (D · parts): where the parts end. ``starts`` (D, parts + 1): where they stand in their segment.
    """

    words: Array
    ends: Array
    starts: Array

    def found(self) -> _Found:
        """Return the words that the question knows."""
        # Of truth values numpy finds those that are not 0 five times as fast.
        places = (self.words != 0).nonzero()[0]
        # There are fewer parts than words: where the words of each part end is found sooner than their parts.
        ends = places.searchsorted(self.ends)
        ends[1:] -= ends[:-1].copy()
        return _Found(self.words.take(places).astype(np.intp), np.arange(len(ends)).repeat(ends), places)


@dataclass(frozen=True, slots=True)
class _Found:
    """The words that the question knows, in order: which, in which part of all, and at which place."""

    slots: Array
    parts: Array
    places: Array


class SideBySide:
    """The second pass over the passages of some segments. Safe to share between threads.

    What is looked up for a question is laid out for all segments at once: the hundred passages stand in any,
    and numpy's calls cost more here than what they do. ``alone`` and ``own``: see ``Shortlist``.
    """

    def __init__(
        self,
        sidecars: Sequence[Sidecar],
        bases: Array,
        lexicon: Lexicon,
        *,
        weighing: Weighing,
        alone: Array,
        own: Callable[[Array, Array], Array],
    ) -> None:
        self._sidecars, self._bases = sidecars, bases
        self._lexicon, self._weighing = lexicon, weighing
        self._alone, self._own_weights = alone, own
        # Pieces of memory views are taken and joined in half the time of arrays.
        self._lists = {name: [sidecar.arrays[name].data for sidecar in sidecars] for name in _LISTS}
        self._starts = {name: _starts(sidecars, name) for name in _LISTS}
        self._firsts = np.array(lexicon.firsts, np.uint32)
        # The numbers of what a question knows, one for each segment; more when a question knows more.
        self._slots = np.zeros(0, np.uint16)
        self._of_thread = threading.local()

    def added(
        self, numbers: Array, asked: Asked, slots: Mapping[str, int], *, small: int, wholes: bool
    ) -> Array:
        """Return what is added to the scores of some passages; see ``secondpass.SecondPass.added``."""
        terms = list(slots)
        laid, of_wholes = self._lay_out(numbers, terms, wholes=wholes)
        words = laid.found()
        fits = self._fit(numbers, words, terms, readings=asked.readings)
        likeness, order = np.maximum(self._alone.take(numbers) * fits[..., 0], HEADING_AS_NAME * fits[..., 1])
        added: Array = (
            SMALL_WEIGHT * self._small(laid, (words, *of_wholes), asked.small, slots=slots, most=small)
            + TITLE_WEIGHT * likeness
            + ORDER_WEIGHT * order
            + PAIR_WEIGHT * _paired(words, slots, asked.pairs, passages=len(numbers))
        )
        return added

    def _worths(self, starts: Array) -> Array:
        """Return what a word counts for in each field of some passages."""
        fields = starts.take(_FIELD_EDGES, axis=1)
        # Each field ends with a mark, which is no word of it.
        return self._weighing.worths(fields[:, 1:] - fields[:, :-1], marks=1)

    def _lay_out(
        self, numbers: Array, terms: Sequence[str], *, wholes: bool
    ) -> tuple[_Laid, tuple[_Found, ...]]:
        """Return the words of some passages, and if they are asked for the whole forms.

        ``terms`` are those that the question knows, numbered from 1 on.
        """
        with self._marked(terms) as marks:
            laid = self._of_list("words", numbers, marks)
            if not wholes:
                return laid, ()
            return laid, (self._of_list("wholes", numbers, marks).found(),)

    @contextmanager
    def _marked(self, terms: Sequence[str]) -> Iterator[Array]:
        """Give this thread's array of all terms of all segments, in which some have the numbers from 1 on."""
        at = self._lexicon.numbers(terms)
        marks: Array | None = getattr(self._of_thread, "marks", None)
        if marks is None:
            # One more for terms that a segment has not, and one that is never marked.
            marks = self._of_thread.marks = np.zeros(self._lexicon.size + 2, np.uint16)
        slots = self._slots
        if len(at) > len(slots):
            slots = np.arange(1, 2 * len(terms) + 1, dtype=np.uint16).repeat(len(self._sidecars))
            self._slots = slots
        marks[at] = slots[: len(at)]
        try:
            yield marks
        finally:
            marks[at] = 0

    def _of_list(self, name: str, numbers: Array, marks: Array) -> _Laid:
        starts, lists = self._starts[name].take(numbers, axis=0), self._lists[name]
        segments = self._bases.searchsorted(numbers, side="right") - 1
        begins, ends = starts[:, 0], starts[:, _PARTS]
        pieces = [
            lists[segment][begin:end]
            for segment, begin, end in zip(segments.tolist(), begins.tolist(), ends.tolist(), strict=True)
        ]
        terms = np.frombuffer(bytearray().join(pieces), np.uint32)
        sizes = ends - begins
        # The end of a field has the highest number there is: it becomes the last before those of the segment,
        # which is that of no term either, and in the first segment is clipped to the last of all.
        terms += self._firsts.take(segments).repeat(sizes)
        shifts = begins - (sizes.cumsum() - sizes)
        return _Laid(marks.take(terms, mode="clip"), (starts[:, 1:] - shifts[:, None]).ravel(), starts)

    def _fit(
        self, numbers: Array, words: _Found, terms: Sequence[str], *, readings: Sequence[Reading[str]]
    ) -> Array:
        """Return how alike each name is to the question, and how much of it follows in the same order.

        An array (2, passages, names). ``terms`` are those of the slots.
        """
        kinds, kind_of = _kinds(words, len(numbers) * _NAMES)
        sequences = [[terms[ord(slot) - 1] for slot in kind] for kind in kinds]
        orders = [
            [reranking.in_same_order(sequence, reading) for sequence in sequences] for reading in readings
        ]
        shared = [[reranking.shared(sequence, reading) for sequence in sequences] for reading in readings]
        fits = np.zeros((2, len(numbers), _NAMES))
        if readings:
            rows = np.array([*orders, *shared]).take(kind_of, axis=1)
            fits[1] = _highest(rows[: len(readings)]).reshape(-1, _NAMES)
            self._likeness(numbers, rows[len(readings) :], readings, out=fits[0].reshape(-1))
        return fits

    def _likeness(
        self, numbers: Array, shared: Array, readings: Sequence[Reading[str]], *, out: Array
    ) -> None:
        """Put ``reranking.likeness`` of all names into ``out``, from what each shares with each reading."""
        alike = (_highest(shared) > 0.0).nonzero()[0]
        if len(alike):
            own = self._own_weights(numbers, alike)
            for row, reading in zip(shared, readings, strict=True):
                asked = sum(reading.weights)
                if asked:
                    share = np.minimum(1.0, 2.0 * row[alike] / (asked + own))
                    out[alike] = np.maximum(out[alike], asked * share**2)

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
        passages = len(laid.starts)
        if not groups:
            return np.zeros(passages)
        worths = self._worths(laid.starts)
        rows = []
        for within in dict.fromkeys(group.wanted.field for group in groups):
            counted = worths if within == ANY_FIELD else worths * _columns(within)
            counted = counted.take(_FIELD_OF_PART, axis=1).ravel()
            frequencies = []
            for here in found:
                small = (here.slots <= most).nonzero()[0]
                at = here.parts.take(small)
                places = here.slots.take(small) * passages + (at >> 2)
                frequencies.append(np.bincount(places, counted.take(at), minlength=(most + 1) * passages))
            frequency = functools.reduce(np.add, frequencies).reshape(most + 1, passages)
            held = [group for group in groups if group.wanted.field == within]
            scores = saturated(frequency.take([slots[group.wanted.term] for group in held], axis=0))
            rows.append(scores * np.array([[group.wanted.count * group.rarity] for group in held]))
        return _added_up(rows[0] if len(rows) == 1 else np.concatenate(rows))


def _starts(sidecars: Sequence[Sidecar], name: str) -> Array:
    """Return where the parts of each passage begin in a list of its segment, and where the last one ends.

    An array (passages, parts + 1). Of whole forms none stands apart for the deepest heading.
    """
    rows = []
    for sidecar in sidecars:
        at, size = sidecar.arrays[_LISTS[name]], sidecar.size
        row = np.empty((size, _PARTS + 1), np.uint32 if int(at[-1]) < 1 << 32 else np.int64)
        row[:, _FIELD_EDGES] = np.lib.stride_tricks.sliding_window_view(at, _FIELDS + 1)[::_FIELDS]
        row[:, _DEEPEST] = row[:, _TEXT]
        if name == "words":
            row[:, _DEEPEST] -= sidecar.arrays["deepest"] + 1
        rows.append(row)
    return np.concatenate(rows) if rows else np.zeros((0, _PARTS + 1), np.uint32)


def _kinds(words: _Found, names: int) -> tuple[list[str], Array]:
    """Return the sequences of the question's words that stand in names, and which each of the names has.

    A sequence is a text whose characters are slots: of texts, parts are taken and compared fastest.
    """
    named = ((words.parts & 1) == 0).nonzero()[0]
    kinds = {"": 0}
    kind_of = np.zeros(names, np.intp)
    if len(named):
        of = words.parts.take(named) >> 1
        starts = np.concatenate(([0], (of[1:] != of[:-1]).nonzero()[0] + 1))
        text = words.slots.take(named).astype("<u4").tobytes().decode("utf-32-le")
        edges = [*starts.tolist(), len(text)]
        kind_of[of.take(starts)] = [
            kinds.setdefault(text[first:last], len(kinds)) for first, last in itertools.pairwise(edges)
        ]
    return list(kinds), kind_of


def _highest(rows: Array) -> Array:
    """Return what is highest in each column of some rows."""
    highest: Array = rows[0] if len(rows) == 1 else np.maximum.reduce(rows)
    return highest


def _added_up(rows: Array) -> Array:
    """Return the sum of some rows, added one after another.

    A product of matrices, or a sum in pairs, would differ in the last bit for other numbers of passages.
    """
    added: Array = np.add.accumulate(rows, axis=0)[-1]
    return added


def _columns(within: str) -> Array:
    """Return 1 for the fields that are looked at, 0 for the others."""
    columns: Array = np.array([float(name in in_fields(within)) for name in SEARCH_FIELDS])
    return columns


def _paired(
    words: _Found, slots: Mapping[str, int], pairs: Mapping[tuple[str, str], float], *, passages: int
) -> Array:
    """Return ``reranking.neighbours`` of the texts of the passages."""
    if not (pairs and passages):
        return np.zeros(passages)
    across = len(slots) + 1
    # In order of their slots: which pair of slots is which pair, if any.
    known = sorted((slots[one] * across + slots[two], worth) for (one, two), worth in pairs.items())
    parts = passages * _PARTS
    row_of = np.zeros(across * across, np.intp)
    row_of[[key for key, _ in known]] = np.arange(parts, (len(known) + 1) * parts, parts)
    both = words.slots[:-1] * across
    both += words.slots[1:]
    # What does not stand side by side is no pair, as there is no word 0.
    both *= (words.places[1:] - words.places[:-1]) == 1
    rows = row_of.take(both)
    rows += words.parts[:-1]
    held = np.zeros((len(known) + 1) * parts)
    held[rows] = 1.0
    # Each counts once, in the text only.
    in_text = held[parts:].reshape(len(known), parts)[:, _TEXT::_PARTS]
    return _added_up(in_text * np.array([[worth] for _, worth in known]))
