"""What does the wording of a segment's best passages add to their scores? ``index.reranking`` over arrays."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from index import ranking, reranking
from index.impacts import Array, Sidecar
from index.lexicon import Lexicon
from index.query import SEARCH_FIELDS
from index.ranking import Asked

_FIELDS = len(SEARCH_FIELDS)
_TITLE, _HEADINGS, _TEXT = (SEARCH_FIELDS.index(name) for name in ("title", "headings", "text"))
_UNKNOWN = -1


class Shortlist:
    """The question in the numbers of the terms of one segment."""

    def __init__(self, asked: Asked, sidecar: Sidecar, lexicon: Lexicon, *, place: int) -> None:
        self._sidecar = sidecar
        self._lexicon = lexicon

        def number(term: str) -> int | None:
            return lexicon.postings(term).numbers.get(place)

        self._readings = [reading.translated(number, unknown=_UNKNOWN) for reading in asked.readings]
        self._pairs = {(number(one), number(two)): worth for (one, two), worth in asked.pairs.items()}
        self._weigh = functools.partial(lexicon.naming, place)
        self._words = {word for reading in self._readings for word in (*reading.meant, *reading.rarity)}
        self._named: dict[tuple[int, ...], tuple[float, float]] = {}

    def added(self, docs: Array, small: Array) -> list[float]:
        """Return what is added to the scores of some passages; ``small`` is what their stop words score."""
        arrays = self._sidecar.arrays
        sharing = self._lexicon.sharing(arrays["title_key"][docs])
        paired = _paired(self._sidecar, docs, self._pairs)
        ends = arrays["word_at"][docs.astype(np.int64)[:, None] * _FIELDS + np.arange(_FIELDS + 1)]
        deepest = arrays["deepest"][docs].astype(np.int64)
        found = []
        for at, (row, depth) in enumerate(zip(ends.tolist(), deepest.tolist(), strict=True)):
            # A field ends with a mark, which is no word of it.
            title = self._fit(row[_TITLE], row[_TITLE + 1] - 1)
            end = row[_HEADINGS + 1] - 1
            heading = self._fit(end - depth, end)
            likeness, order = ranking.fit(title, heading, sharing=int(sharing[at]))
            found.append(
                ranking.added(small=float(small[at]), likeness=likeness, order=order, pairs=float(paired[at]))
            )
        return found

    def _fit(self, start: int, end: int) -> tuple[float, float]:
        """Return how alike the question and a name are, and how much of it follows in the same order."""
        if start == end:
            return 0.0, 0.0
        name = tuple(self._sidecar.arrays["words"][start:end].tolist())
        if self._words.isdisjoint(name):
            return 0.0, 0.0
        found = self._named.get(name)
        if found is None:
            found = self._named[name] = (
                max(
                    (reranking.likeness(name, reading, self._weigh) for reading in self._readings),
                    default=0.0,
                ),
                max((reranking.in_same_order(name, reading) for reading in self._readings), default=0.0),
            )
        return found


def _paired(sidecar: Sidecar, docs: Array, pairs: Mapping[tuple[int | None, int | None], float]) -> Array:
    """Return ``reranking.neighbours`` of the texts of some passages."""
    word_at = sidecar.arrays["word_at"]
    rows = docs.astype(np.int64) * _FIELDS + _TEXT
    starts, sizes = word_at[rows], word_at[rows + 1] - word_at[rows]
    begins = np.cumsum(sizes) - sizes
    # With its end mark each text is apart from the next.
    words = sidecar.arrays["words"][np.repeat(starts - begins, sizes) + np.arange(int(sizes.sum()))]
    found = np.zeros(len(docs))
    for (one, two), worth in pairs.items():
        if one is None or two is None:
            continue
        firsts = np.flatnonzero(words[:-1] == one)
        places = firsts[words[firsts + 1] == two]
        held = np.unique(begins.searchsorted(places, side="right") - 1)
        found[held] += worth
    return found
