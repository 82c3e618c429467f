"""Which terms of all segments may be spelt like a word? Each term is compared once, however many hold it.

The words of a library are laid out by their letters once and kept over commits: a new segment adds only the
words that no segment before had. Words that are gone do no harm, because who asks counts the live passages.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from index.impacts import Array, Sidecar
from index.ranking.groups import Spelling

# Terms are laid out anew, all together, when the new ones are so many, or such a share of the others: for
# 300,000 that takes a third of a second, and a look at a second layout 0.1 ms.
_FEW, _SHARE = 4_000, 0.25


class Spellings:
    """The terms of some segments by their letters. Safe to share between threads."""

    def __init__(self, sidecars: Sequence[Sidecar], before: Spellings | None = None) -> None:
        self._sidecars = tuple(sidecars)
        # What the snapshot before has laid out, or had to start from itself.
        self._start: tuple[_Layout, _Layout] | None = (
            None if before is None else before._made or before._start
        )
        self._making = threading.Lock()
        self._made: tuple[_Layout, _Layout] | None = None

    def alike(self, term: str) -> dict[str, float]:
        """Return how alike those terms are to a term that share enough trigrams; see ``Spelling.alike``."""
        one, two = [layout.spelling.alike(term) for layout in self._layouts()]
        return one | two

    def near(self, term: str) -> set[str]:
        """Return terms of nearly the length and the letters of a term; see ``Spelling.near``."""
        return {other for layout in self._layouts() for other in layout.spelling.near(term)}

    def _layouts(self) -> tuple[_Layout, _Layout]:
        with self._making:
            if self._made is None:
                self._made, self._start = self._lay_out(), None
            return self._made

    def _lay_out(self) -> tuple[_Layout, _Layout]:
        if self._start is not None:
            base = self._start[0]
            unseen = [sidecar for sidecar in self._sidecars if sidecar not in base.sidecars]
            new = _Layout(unseen, without=base.keys)
            if len(new.keys) <= max(_FEW, _SHARE * len(base.keys)):
                return base, new
        return _Layout(self._sidecars), _Layout(())


class _Layout:
    """The terms of some segments made of the letters a to z, each once, as a Spelling."""

    def __init__(self, sidecars: Sequence[Sidecar], *, without: Array | None = None) -> None:
        self.sidecars = sidecars
        self.keys: Array = np.zeros(0, np.uint64) if without is None else without
        pieces = [self._new_words(sidecar) for sidecar in sidecars]
        if without is not None:
            self.keys = np.setdiff1d(self.keys, without, assume_unique=True)
        words = np.sort(np.concatenate(pieces), kind="stable") if pieces else np.zeros(0, "S1")
        letters = words.view(np.uint8)
        lengths = np.count_nonzero(letters.reshape(len(words), words.itemsize), axis=1)
        places = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        self.spelling = Spelling(letters[letters > 0], places)

    def _new_words(self, sidecar: Sidecar) -> Array:
        """Return the words of a segment that are not known yet, and know them."""
        arrays = sidecar.arrays
        compared = np.zeros(len(arrays["keys"]), bool)
        compared[_of_letters(arrays["terms"], arrays["term_at"])] = True
        # In order of their keys: to find these among those known takes a tenth of the time.
        ordered = compared.take(arrays["key_order"]).nonzero()[0]
        new, keys = arrays["key_order"].take(ordered).astype(np.intp), sidecar.sorted_keys.take(ordered)
        at = self.keys.searchsorted(keys)
        unknown = self.keys.take(at, mode="clip") != keys if len(self.keys) else np.ones(len(keys), bool)
        self.keys = np.sort(np.concatenate((self.keys, keys[unknown])))
        return _words(arrays["terms"], arrays["term_at"], np.sort(new[unknown]))


def _of_letters(terms: Array, places: Array) -> Array:
    """Return the numbers of the terms that are made of the letters a to z."""
    other = np.concatenate(([0], np.cumsum((terms < ord("a")) | (terms > ord("z")), dtype=np.int64)))
    return np.flatnonzero((other[places[1:]] == other[places[:-1]]) & (places[1:] > places[:-1]))


def _words(terms: Array, places: Array, numbers: Array) -> Array:
    """Return some terms as an array of strings, all as wide as the longest."""
    lengths = places[numbers + 1] - places[numbers]
    width = max(int(lengths.max(initial=0)), 1)
    wide = np.zeros(len(numbers) * width, np.uint8)
    # Letter by letter of all words: most are much shorter than the longest.
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    row = np.repeat(np.arange(len(numbers)) * width, lengths)
    wide[row + within] = terms[np.repeat(places[numbers], lengths) + within]
    return wide.view(f"S{width}")
