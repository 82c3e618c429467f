"""Which passages score highest? What each word adds is laid out once, and kept while there is room."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np

from index.impacts import Array

try:
    from index.ranking import firstpass, picking

    COMPILED = (firstpass.VERSION, picking.VERSION) == (5, 2)
except ImportError:
    COMPILED = False
"""Whether what scores was compiled when this was installed; without, numpy gives the same scores."""

# Passages to a column. At 100,000 passages with 32 it takes a tenth less, with 256 a third more.
_DEEP = 64
# Bytes that all kept words may take: some 30 million postings, which are all of 200 questions at a million
# passages. With 96 MB, where a sixth was weighed each time, an answer took twice as long.
ROOM = 128 << 20


@dataclass(frozen=True, slots=True)
class Impacts:
    """What a word adds to the passages that hold it: their numbers in order, each once, and how much.

    Where that is compiled numbers take four bytes each; else they are of the kind that numpy indexes with: to
    make them so takes half as long as to add up.
    """

    docs: Array
    amounts: Array


Laid: TypeAlias = "Impacts | picking.Packed"
"""What a word adds, laid out to be kept."""

Word: TypeAlias = "Laid | firstpass.Word"
"""What a word adds, or the word itself where it is weighed as it is added up."""


def room(word: Laid) -> int:
    """Return how many bytes it takes to keep what a word adds."""
    return word.docs.nbytes + word.amounts.nbytes if isinstance(word, Impacts) else word.nbytes


Made = TypeVar("Made")

# Askings for words after which they are counted anew.
_COUNTED = 20_000

NUMBER = np.uint32 if COMPILED else np.intp
"""The kind of the numbers of passages in impacts."""

NOTHING = Impacts(np.zeros(0, NUMBER), np.zeros(0))


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


class Best(NamedTuple):
    """The passages that score highest, in order of their numbers; more than wanted if scores are equal."""

    numbers: Array
    scores: Array
    matching: int
    """How many passages hold a word, whatever is allowed."""


class Picking:
    """What picks the best of some passages; ``bases``: the number of the first of each segment.

    Safe to share between threads.
    """

    def __init__(self, bases: Sequence[int], size: int, *, compiled: bool = COMPILED) -> None:
        self._edges, self._size = [*bases, size], size
        self._picker = picking.Picker() if compiled else None

    def best(
        self, words: Sequence[Word], wanted: int, *, allowed: Array | None = None, marks: Array | None = None
    ) -> Best:
        """Return the best so many passages; ``allowed`` tells which may be among them.

        ``marks``, all False, become True of those that hold a word, allowed or not.
        """
        if self._picker is not None and max(wanted, len(words)) <= picking.MOST:
            masks = [None if mask is None else mask.view(np.uint8) for mask in (allowed, marks)]
            return Best(*self._picker.best(words, self._edges, wanted, *masks))
        sums = self.sums(words)
        matching = sums[: self._size] > 0.0
        if marks is not None:
            marks |= matching
        if allowed is not None:
            sums[: self._size] *= allowed
        numbers = best(sums, wanted) if wanted else np.zeros(0, np.intp)
        return Best(numbers, sums.take(numbers), int(np.count_nonzero(matching)))

    def sums(self, words: Sequence[Word]) -> Array:
        """Return the score of each passage, and some zeros, to fill whole columns."""
        sums = np.zeros(max(-(-self._size // _DEEP), 1) * _DEEP)
        for word in words:
            docs, amounts = (word.docs, word.amounts) if isinstance(word, Impacts) else word.impacts()
            # Adding in place takes a third of the time of reading, adding and writing.
            np.add.at(sums, docs, amounts)
        return sums


def best(scores: Array, wanted: int) -> Array:
    """Return the numbers of the passages with the highest scores above 0, in order; more if scores are equal.

    The array is one of ``Picking.sums``. Seen as columns, the k-th highest of the columns' maxima is a bound:
    k passages have at least as much, and only columns that reach it hold one of the best.
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
    enough.sort()
    return enough


def from_best(scores: Array, place: int) -> float:
    """Return the score that is so many places from the best, or 0 if there are not so many."""
    at = len(scores) - place
    return float(np.partition(scores, at)[at]) if at >= 0 else 0.0
