"""Which other words of the library may a word of the question mean?

Stemming joins the forms of a word within one language. What it leaves apart, letters often show: the same
word in the other language (``traffick``, ``trafic``), a form that the stemmer does not know, a word mistyped.
So the words of a library that are spelt alike count too, by how alike they are: twice the trigrams of letters
that two words share, over the trigrams of both (Dice; as in G. W. Adamson, J. Boreham, Information Storage
and Retrieval 10, 1974). A word that no passage holds is taken for mistyped: those a slip or two away count
(optimal string alignment: a letter too many, too few, another, or two swapped).

Only words of the letters a–z are compared (terms have no accents), and only those with the same first letter,
which is seldom wrong.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.fields import (
    ALIKE_FROM,
    ALIKE_WEIGHT,
    GROUP_SIZE,
    ONE_SLIP_WEIGHT,
    TWO_SLIPS_FROM,
    TWO_SLIPS_WEIGHT,
)

try:
    from index.ranking import terms

    COMPILED = terms.VERSION == 2
except ImportError:
    COMPILED = False
"""Whether ``terms`` was compiled when this was installed; without, numpy finds the same."""

Members = tuple[tuple[str, float], ...]
"""Terms and what each counts for, from 0 to 1: the closest first, of those as close the first by letters."""

# Letters: shorter words share trigrams by chance, and a slip makes another word of them.
_SHORTEST, _SHORTEST_MISTYPED, _SHORTEST_MEANT = 4, 5, 3
_WORD = re.compile(r"[a-z]+")
_LETTERS = 27
_SAME, _NEXT = ord("a") - 1, ord("z") + 1

Array = npt.NDArray[np.int64]


def members(term: str, alike: Iterable[str], near: Iterable[str] = ()) -> Members:
    """Return the terms that a term may mean, without itself.

    ``alike`` are the terms of the library. ``near`` are the same for a term that no passage holds; those a
    slip away are looked for among them.
    """
    return closest(weights(term, likenesses(term, alike), near))


def likenesses(term: str, others: Iterable[str]) -> dict[str, float]:
    """Return how alike those of some terms are spelt to a term that are alike enough."""
    if not is_compared(term):
        return {}
    grams = trigrams(term)
    found = {}
    for other in others:
        if is_compared(other) and other[0] == term[0]:
            ours = trigrams(other)
            likeness = 2.0 * len(grams & ours) / (len(grams) + len(ours))
            if likeness >= ALIKE_FROM:
                found[other] = likeness
    return found


def weights(term: str, alike: Mapping[str, float], near: Iterable[str] = ()) -> dict[str, float]:
    """Return what each of the terms counts that a term may mean, without itself.

    ``alike`` are those spelt alike, by their likeness; ``near`` as for ``members``.
    """
    found = {other: ALIKE_WEIGHT * likeness * likeness for other, likeness in alike.items() if other != term}
    for other, weight in _slips(term, near):
        found[other] = max(weight, found.get(other, 0.0))
    return found


def closest(weights: Mapping[str, float]) -> Members:
    """Return as many terms as count, by their weights."""
    return tuple(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:GROUP_SIZE])


def is_compared(term: str) -> bool:
    """Tell whether a term is a word long enough to be compared by its letters."""
    return len(term) >= _SHORTEST and _WORD.fullmatch(term) is not None


def trigrams(term: str) -> frozenset[str]:
    """Return the runs of three letters of a word, its beginning and end as letters of their own."""
    marked = f"_{term}_"
    return frozenset(marked[at : at + 3] for at in range(len(term)))


def _slips(term: str, near: Iterable[str]) -> list[tuple[str, float]]:
    if len(term) < _SHORTEST_MISTYPED or not _WORD.fullmatch(term):
        return []
    most = _most_slips(term)
    shortest, longest = max(_SHORTEST_MEANT, len(term) - most), len(term) + most
    possible = [
        other
        for other in near
        if shortest <= len(other) <= longest and other[0] == term[0] and _WORD.fullmatch(other)
    ]
    found = process.extract(term, possible, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [
        (other, ONE_SLIP_WEIGHT if slips == 1 else TWO_SLIPS_WEIGHT) for other, slips, _ in found if slips > 0
    ]


def _most_slips(term: str) -> int:
    return 2 if len(term) >= TWO_SLIPS_FROM else 1


class Spelling:
    """The words of a segment by their letters: narrows all its terms down to those worth comparing.

    Made from the terms in byte order, one after another, and the places where they begin (see
    ``index.impacts``). Safe to share between threads; the trigrams are laid out when first asked for.
    """

    def __init__(
        self, terms: npt.NDArray[np.uint8], term_at: npt.NDArray[np.int64], *, compiled: bool = COMPILED
    ) -> None:
        self._terms, self._places, self._compiled = terms, term_at, compiled
        self._letters: dict[str, tuple[int, int]] = {}
        self._making = threading.Lock()
        self._made: tuple[Array, Array, Array] | None = None

    def alike(self, term: str) -> dict[str, float]:
        """Return ``likenesses`` of the terms."""
        if not is_compared(term) or len(self._places) == 1:
            return {}
        first, last = self._of_letter(term)
        starts, holding, sizes = self._trigrams()
        codes = sorted(set(_codes(np.frombuffer(f"_{term}_".encode(), np.uint8)).tolist()))
        if self._compiled:
            numbers, likeness = terms.alike(starts, holding, sizes, codes, first, last, ALIKE_FROM)
            return dict(zip(self._terms_of(numbers), likeness.tolist(), strict=True))
        lists = [holding[starts[code] : starts[code + 1]] for code in codes]
        shared = np.concatenate([part[part.searchsorted(first) : part.searchsorted(last)] for part in lists])
        counts = np.bincount(shared - first, minlength=last - first)
        # Those that share nothing, most of all, are not divided.
        some = counts.nonzero()[0]
        likeness = 2.0 * counts[some] / (sizes[first:last][some] + len(lists))
        enough = (likeness >= ALIKE_FROM).nonzero()[0]
        return dict(zip(self._terms_of(some[enough] + first), likeness[enough].tolist(), strict=True))

    def near(self, term: str) -> list[str]:
        """Return the terms with the first letter of a term and nearly its length."""
        if len(term) < _SHORTEST_MISTYPED or not _WORD.fullmatch(term):
            return []
        first, last = self._of_letter(term)
        lengths = np.diff(self._places[first : last + 1])
        return self._terms_of(np.flatnonzero(np.abs(lengths - len(term)) <= _most_slips(term)) + first)

    def _of_letter(self, term: str) -> tuple[int, int]:
        """Return the numbers that the terms with the first letter of a term begin and end at."""
        found = self._letters.get(term[0])
        if found is None:
            found = self._before(term[0].encode()), self._before(chr(ord(term[0]) + 1).encode())
            self._letters[term[0]] = found
        return found

    def _before(self, wanted: bytes) -> int:
        low, high = 0, len(self._places) - 1
        while low < high:
            middle = (low + high) // 2
            if self._terms[self._places[middle] : self._places[middle + 1]].tobytes() < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _terms_of(self, numbers: Array) -> list[str]:
        """Return the terms of some numbers, which rise."""
        if not len(numbers):
            return []
        begins, ends = self._places[numbers], self._places[numbers + 1]
        start = int(begins[0])
        raw = self._terms[start : ends[-1]].tobytes()
        places = zip((begins - start).tolist(), (ends - start).tolist(), strict=True)
        return [raw[begin:end].decode("utf-8", "surrogatepass") for begin, end in places]

    def _trigrams(self) -> tuple[Array, Array, Array]:
        """Return where the terms of each trigram begin, these, and how many trigrams each term has."""
        with self._making:
            if self._made is None:
                self._made = _layout(self._terms, self._places)
        return self._made


def _layout(terms: npt.NDArray[np.uint8], places: npt.NDArray[np.int64]) -> tuple[Array, Array, Array]:
    lengths = np.diff(places)
    other = np.concatenate(([0], np.cumsum((terms <= _SAME) | (terms >= _NEXT))))
    words = np.flatnonzero((lengths >= _SHORTEST) & (other[places[1:]] == other[places[:-1]]))
    sizes = lengths[words]
    ends = np.cumsum(sizes + 2)
    # Each word between two marks, one after another.
    marked = np.full(int(ends[-1]) if len(ends) else 0, ord("_"), np.uint8)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    marked[np.repeat(ends - sizes - 1, sizes) + within] = terms[np.repeat(places[words], sizes) + within]
    codes = _codes(marked)[np.repeat(ends - sizes - 2, sizes) + within] if len(words) else marked[:0]
    across = len(lengths) + 1
    keys = codes.astype(np.int64) * across + np.repeat(words, sizes)
    # Sorted, which takes a fifth of the time of numpy's own way to find what is distinct.
    keys.sort()
    keys = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    holding = keys % across
    starts = np.searchsorted(keys, np.arange(_LETTERS**3 + 1) * across)
    return starts, holding, np.bincount(holding, minlength=len(lengths))


def _codes(marked: npt.NDArray[np.uint8]) -> Array:
    """Return a number for each run of three letters, marks among them."""
    letters = np.where(marked == ord("_"), 0, marked.astype(np.int64) - _SAME)
    codes: Array = (letters[:-2] * _LETTERS + letters[1:-1]) * _LETTERS + letters[2:]
    return codes
