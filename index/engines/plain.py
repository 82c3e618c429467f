"""How would Whoosh itself rank? Its own BM25F over the same arrays: the same passages, scores and order.

    score = Σ_t Σ_f idf_tf · (k1 + 1) · tf / (tf + k1 · (1 − b + b · length / average length)),  k1 1.2, b .75
    idf   = 1 + ln(passages / (passages that hold t in f + 1))

Whoosh counts deleted passages in all of these until their segment is merged, rounds lengths to one of 256,
and orders equal scores by the passages' numbers. This ranking is for comparing; the one that is served is
``index.ranking.formula``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.impacts import Array
from index.query import SEARCH_FIELDS
from index.ranking import scoring
from index.ranking.scoring import NOTHING, Impacts, Kept, Picking, room
from index.ranking.snapshot import Snapshot
from kb.model import Hit

_K1, _B = 1.2, 0.75
# Bytes: at a million passages the words of 200 questions. With 160 MB, of those asked in turn each was gone
# when it came again, and half of the questions took three times as long. No process that serves pages ranks
# by this.
_ROOM = 384 << 20


class PlainRanking:
    """Whoosh's BM25F over the passages of a snapshot. Safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._kept: Kept[Impacts] = Kept(_ROOM, room)
        self._picking = Picking(snapshot.bases, snapshot.size)
        self._norms = {name: self._norms_of(name) for name in SEARCH_FIELDS}

    def best(self, terms: Iterable[str], *, limit: int) -> list[Hit]:
        """Return the best passages for any of some terms in any field, each term counted once."""
        words = [self._impacts(term) for term in dict.fromkeys(terms)]
        numbers, scores, _ = self._picking.best(words, limit)
        order = np.lexsort((numbers, -scores))[:limit]
        return [
            Hit(self.snapshot.passage_id(number), score, rank)
            for rank, (number, score) in enumerate(
                zip(numbers[order].tolist(), scores[order].tolist(), strict=True), start=1
            )
        ]

    def _impacts(self, term: str) -> Impacts:
        return self._kept.get(term, lambda: self._made(term))

    def _made(self, term: str) -> Impacts:
        snapshot = self.snapshot
        parts = snapshot.lexicon.postings(term).parts
        if not parts:
            return NOTHING
        docs = np.concatenate(
            [self._of_segment(place, "docs")[part] + snapshot.bases[place] for place, part in parts.items()]
        ).astype(np.intp)
        amounts = np.zeros(len(docs))
        for name in SEARCH_FIELDS:
            counts = np.concatenate(
                [self._of_segment(place, f"tf_{name}")[part] for place, part in parts.items()]
            )
            held = (counts != 0).nonzero()[0]
            if len(held):
                tf = counts[held].astype(np.float64)
                idf = math.log(snapshot.size / (len(held) + 1)) + 1
                amounts[held] += idf * ((tf * (_K1 + 1)) / (tf + self._norms[name][docs[held]]))
        alive = np.flatnonzero(snapshot.live[docs])
        return Impacts(docs[alive].astype(scoring.NUMBER), amounts[alive])

    def _of_segment(self, place: int, name: str) -> Array:
        return self.snapshot.segments[place].sidecar.arrays[name]

    def _norms_of(self, name: str) -> Array:
        """Return k1 · (1 − b + b · length / average) of a field of each passage."""
        column = SEARCH_FIELDS.index(name)
        lengths = [
            self._of_segment(place, f"length_{name}")
            + np.diff(self._of_segment(place, "whole_at"))[column :: len(SEARCH_FIELDS)]
            for place in range(len(self.snapshot.segments))
        ]
        together = np.concatenate(lengths) if lengths else np.zeros(0, np.int64)
        average = int(together.sum()) / (self.snapshot.size or 1) or 1
        rounded = np.array(
            [byte_to_length(length_to_byte(length)) for length in range(int(together.max(initial=0)) + 1)]
        )
        norms: Array = _K1 * ((1 - _B) + _B * rounded / average)
        return norms[together]
