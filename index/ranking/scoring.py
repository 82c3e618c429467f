"""Which passages score highest? What each word adds is laid out once, and kept while there is room."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from index.impacts import Array

try:
    from index.ranking import firstpass

    COMPILED = firstpass.VERSION == 3
except ImportError:
    COMPILED = False
"""Whether ``firstpass`` was compiled when this was installed; without, numpy gives the same scores."""

# Passages to a column. At 100,000 passages with 32 it takes a tenth less, with 256 a third more.
_DEEP = 64
# The share of the passages from which on those that reach a bound are too many: to find another is faster.
_TELLING = 1 / 32
# Bytes that all kept impacts may take: 6 million postings. At a million passages 200 questions took as long
# with them as with 10 million, the first time and asked again.
ROOM = 96 << 20


@dataclass(frozen=True, slots=True)
class Impacts:
    """What a word adds to the passages that hold it: their numbers in order, each once, and how much.

    Where that is compiled numbers take four bytes each; else they are of the kind that numpy indexes with: to
    make them so takes half as long as to add up.
    """

    docs: Array
    amounts: Array
    high: float = 0.0
    """What it adds at least to each of ``HIGH`` passages, or 0 if it adds to fewer."""


def room(impacts: Impacts) -> int:
    """Return how many bytes impacts take."""
    return impacts.docs.nbytes + impacts.amounts.nbytes


Made = TypeVar("Made")

# Askings for words after which they are counted anew.
_COUNTED = 20_000

HIGH = 100
"""Of so many passages it is known what a word adds: as many as are ranked anew (``RERANKED``)."""

NUMBER = np.uint32 if COMPILED else np.intp
"""The kind of the numbers of passages in impacts."""

NOTHING = Impacts(np.zeros(0, np.intp), np.zeros(0))


class Kept(Generic[Made]):
    """What was made already, the last used as far as there is ``room``: bytes, of each by ``size``.

    Safe to share between threads.
    """

    def __init__(self, room: int, size: Callable[[Made], int]) -> None:
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()
        self._room, self._size = room, size
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept of a key, made now if it is not."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._room -= self._size(found)
            while self._room < 0:
                _, gone = self._kept.popitem(last=False)
                self._room += self._size(gone)
        return found


class Often(Kept[Made]):
    """What is kept of what is asked for most often: nothing goes that is asked for as often as what comes.

    Else, of more than there is room for, asked for in turn, each would be gone when it comes again.
    """

    def __init__(self, room: int, size: Callable[[Made], int]) -> None:
        super().__init__(room, size)
        self._asked: Counter[Hashable] = Counter()
        self._times = 0

    def find(self, key: Hashable) -> Made | None:
        """Return what is kept of a key, and count that it was asked for."""
        with self._lock:
            self._asked[key] += 1
            self._times += 1
            if self._times >= _COUNTED:
                # What was asked for long ago counts half.
                self._asked = Counter({each: often // 2 for each, often in self._asked.items() if often > 1})
                self._times = 0
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def has_room(self, key: Hashable, wanted: int) -> bool:
        """Tell whether there is room for so many bytes, or would be without what is asked for less often."""
        with self._lock:
            room = self._room
            for other, made in self._kept.items():
                if room >= wanted or self._asked[other] >= self._asked[key]:
                    break
                room += self._size(made)
            return room >= wanted


def zeros(size: int) -> Array:
    """Return an array of zeros, one for each of so many passages and some more, to fill whole columns."""
    return np.zeros(max(-(-size // _DEEP), 1) * _DEEP)


def added(scores: Array, words: Sequence[Impacts]) -> Array:
    """Add what some words add to an array of scores, and return it."""
    for word in words:
        if word.docs.dtype == np.uint32:
            firstpass.add(scores, word.docs, word.amounts)
            continue
        # Adding in place takes a third of the time of reading, adding and writing.
        np.add.at(scores, word.docs, word.amounts)
    return scores


def best(scores: Array, wanted: int, *, bound: float = 0.0) -> Array:
    """Return the numbers of the passages with the highest scores above 0, in order; more if scores are equal.

    The array is one of ``zeros``. ``bound``: a score that the best so many are known to reach, if no filter
    takes them away; where they do not reach it, or too many others do, one is found among the scores.
    """
    if bound > 0.0:
        found: Array = (scores >= bound).nonzero()[0]
        if wanted <= len(found) <= _TELLING * len(scores):
            held = scores.take(found)
            return found if len(found) == wanted else found[held >= from_best(held, wanted)]
    return _best_by_columns(scores, wanted)


def _best_by_columns(scores: Array, wanted: int) -> Array:
    """Return ``best`` by a bound of its own.

    Seen as columns, the k-th highest of the columns' maxima is a bound: k passages have at least as much, and
    only columns that reach it hold one of the best.
    """
    columns = scores.reshape(_DEEP, -1)
    highest = np.maximum.reduce(columns)
    bound = from_best(highest, wanted)
    if bound > 0:
        reaching = (highest >= bound).nonzero()[0]
        # Laid flat, as numpy looks through two dimensions ten times as slowly as through one.
        inside = (columns.take(reaching, axis=1).ravel() >= bound).nonzero()[0]
        row = inside // len(reaching)
        found = row * len(highest) + reaching.take(inside - row * len(reaching))
    else:
        found = np.flatnonzero(scores)
    held = scores.take(found)
    enough: Array = found[held >= from_best(held, wanted)]
    return enough


def from_best(scores: Array, place: int) -> float:
    """Return the score that is so many places from the best, or 0 if there are not so many."""
    at = len(scores) - place
    return float(np.partition(scores, at)[at]) if at >= 0 else 0.0
