"""Which passages have the highest sums? What each word adds is laid out once and kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from index.impacts import Array

# Passages to a column, of whose highest sums the bound is taken. With 64 or 256 it takes as long.
_DEEP = 128
# Bytes that all kept impacts may take: 10 million postings.
_ROOM = 160 << 20


@dataclass(frozen=True, slots=True)
class Impacts:
    """What a word adds to the passages that hold it: their numbers in order, each once, and how much."""

    docs: Array
    amounts: Array

    @property
    def room(self) -> int:
        """Return how many bytes this takes."""
        return self.docs.nbytes + self.amounts.nbytes


NOTHING = Impacts(np.zeros(0, np.uint32), np.zeros(0))


class Kept:
    """Impacts that were made already, the last used ones. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Impacts] = OrderedDict()
        self._room = _ROOM
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Impacts]) -> Impacts:
        """Return the impacts of a key, made now if they are not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = found
                self._room -= found.room
            while self._room < 0:
                _, gone = self._kept.popitem(last=False)
                self._room += gone.room
        return found


class Sums:
    """One sum for each of ``size`` passages, and some zeros behind, in ``all``; for one thread."""

    def __init__(self, size: int) -> None:
        columns = max(-(-size // _DEEP), 1)
        self.all: Array = np.zeros(columns * _DEEP)
        self._columns = self.all.reshape(_DEEP, columns)

    def of(self, words: Sequence[Impacts]) -> None:
        """Add up what some words add; the sums before are gone."""
        self.all.fill(0.0)
        for word in words:
            # numpy is fast for indexes of its own kind only, and adds in place at a third of the cost of
            # reading, adding and writing.
            np.add.at(self.all, word.docs.astype(np.intp), word.amounts)

    def best(self, wanted: int) -> tuple[Array, Array]:
        """Return the passages that have the highest sums above 0, in order, and the sums; more if equal.

        The highest sums of columns of passages: as many passages as columns have at least as much. So the
        k-th highest of them is a bound for the k-th passage, and only columns that reach it hold any.
        """
        highest = np.maximum.reduce(self._columns)
        bound = _from_best(highest, wanted)
        if bound > 0:
            columns = np.flatnonzero(highest >= bound)
            row, column = np.nonzero(self._columns[:, columns] >= bound)
            found = row * len(highest) + columns[column]
        else:
            found = np.flatnonzero(self.all)
        sums = self.all[found]
        enough = sums >= _from_best(sums, wanted)
        return found[enough], sums[enough]


def _from_best(sums: Array, place: int) -> float:
    """Return the sum that is so many places from the best, or 0 if there are not so many."""
    at = len(sums) - place
    return float(np.partition(sums, at)[at]) if at >= 0 else 0.0
