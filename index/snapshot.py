"""Which passages answer best, in one committed state of the index? Exact top-k over arrays.

All passages of all segments are numbered through. A search adds up, for each term, what it contributes to
each passage that holds it, in single precision, and keeps the passages that could be among the best; those
few are scored again with the exact formula of ``index.ranking``. A snapshot never changes, and any number of
threads may search it.
"""

from __future__ import annotations

import bisect
import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from index import ranking
from index.engine import Ranking
from index.fields import FIELD_WEIGHTS, K1, LENGTH_SHARE
from index.impacts import Array, Sidecar, encoded
from index.query import ANY_FIELD, SEARCH_FIELDS, Query
from index.ranking import Condition, Plan, Statistics, Wanted
from kb.model import Hit

_BLOCK = 128
# Sums of up to some hundred single-precision terms, all positive, are within this share of the exact sum.
_ROUNDING = 1e-5
# From this share of the passages on, to look at every word is faster than to pick out those of some passages.
_SCAN_FROM = 0.05
# Terms whose places are remembered, for a snapshot that lives long and is asked for many unknown words.
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A sidecar and the passages deleted from it since: their numbers, in order.

    ``makeshift``: the sidecar is in memory only, because its file is missing or damaged.
    """

    name: str
    sidecar: Sidecar
    deleted: Array
    makeshift: bool = False


@dataclass(slots=True)
class _Postings:
    """Where a term is in each segment that has it, and how many live passages hold it."""

    parts: dict[int, slice] = field(default_factory=dict)
    holding: int = 0


class Snapshot:
    """One committed state, ready to be searched."""

    def __init__(self, segments: Sequence[Segment], *, sequence: int, generation: int) -> None:
        self.segments = segments
        self.makeshift = any(segment.makeshift for segment in segments)
        self.sequence = sequence
        self.generation = generation
        sizes = [segment.sidecar.size for segment in segments]
        self.bases = [sum(sizes[:place]) for place in range(len(sizes))]
        self.size = sum(sizes)
        self.live = np.ones(self.size, bool)
        for base, segment in zip(self.bases, segments, strict=True):
            self.live[base + segment.deleted] = False
        self.statistics = self._statistics()
        self._impacts = [self._segment_impacts(segment.sidecar) for segment in segments]
        self._known: dict[str, _Postings] = {}
        self._own = threading.local()

    def search(self, query: Query, *, limit: int, offset: int) -> Ranking:
        """Rank the passages that match a query; see ``Engine.search``."""
        question = ranking.plan(query)
        holding = {wanted.term: self._postings(wanted.term).holding for wanted in question.wanted}
        scores = self._rough_scores(question, holding)
        allowed = self._allowed(query, question)
        if allowed is not None:
            np.multiply(scores[: self.size], allowed, out=scores[: self.size])
        total = int(np.count_nonzero(scores))
        hits: list[Hit] = []
        if limit > 0 and offset < total:
            candidates = _best(scores, offset + limit)
            exact = self._exact_scores(candidates, question.wanted, holding)
            hits = self._hits(candidates, exact, limit=limit, offset=offset)
        ideal = ranking.ideal(question.wanted, passages=self.statistics.passages, holding=holding)
        return Ranking(hits, total, self.sequence, ideal)

    def weights(self, query: Query) -> dict[str, float]:
        """Return each term of a question with its weight."""
        wanted = ranking.plan(query).wanted
        holding = {term.term: self._postings(term.term).holding for term in wanted}
        return ranking.weights(wanted, passages=self.statistics.passages, holding=holding)

    def ids(self) -> Iterator[str]:
        """Yield the id of every live passage."""
        for base, segment in zip(self.bases, self.segments, strict=True):
            live = self.live[base : base + segment.sidecar.size]
            for passage_id in segment.sidecar.arrays["ids"][live]:
                yield passage_id.decode()

    def find(self, ids: Sequence[str]) -> list[tuple[int, int]]:
        """Return the live passages that have one of these ids: place of the segment, number in it."""
        found: list[tuple[int, int]] = []
        if not ids:
            return found
        wanted = np.array([encoded(passage_id) for passage_id in set(ids)], np.bytes_)
        for place, segment in enumerate(self.segments):
            known, order = segment.sidecar.arrays["ids"], segment.sidecar.arrays["id_order"]
            first = np.searchsorted(known, wanted, side="left", sorter=order)
            last = np.searchsorted(known, wanted, side="right", sorter=order)
            numbers = [
                int(order[at]) for begin, end in zip(first, last, strict=True) for at in range(begin, end)
            ]
            found += [(place, number) for number in numbers if self.live[self.bases[place] + number]]
        return found

    def _statistics(self) -> Statistics:
        averages = {}
        for name in SEARCH_FIELDS:
            total = filled = 0
            for base, segment in zip(self.bases, self.segments, strict=True):
                lengths = segment.sidecar.arrays[f"length_{name}"]
                lengths = lengths[self.live[base : base + len(lengths)]]
                total += int(lengths.sum(dtype=np.int64))
                filled += int(np.count_nonzero(lengths))
            averages[name] = total / filled if filled else 1.0
        return Statistics(int(self.live.sum()), averages)

    def _norms(self, sidecar: Sidecar, docs: Array | slice = slice(None)) -> dict[str, Array]:
        """Return 1 − b + b · length / average of each field, of some passages of a segment."""
        norms = {}
        for name, average in self.statistics.averages.items():
            share, lengths = LENGTH_SHARE[name], sidecar.arrays[f"length_{name}"][docs]
            norms[name] = 1.0 - share + share * lengths / average
        return norms

    def _segment_impacts(self, sidecar: Sidecar) -> Array:
        """Return what each posting adds to a score before weight and rarity, rounded."""
        docs = sidecar.arrays["docs"]
        frequency = np.zeros(len(docs), np.float32)
        for name, norm in self._norms(sidecar).items():
            counts = sidecar.arrays[f"tf_{name}"]
            held = np.flatnonzero(counts)
            factor = (FIELD_WEIGHTS[name] / norm).astype(np.float32)
            frequency[held] += counts[held] * factor[docs[held]]
        frequency *= np.float32(K1 + 1.0) / (np.float32(K1) + frequency)
        return frequency

    def _postings(self, term: str) -> _Postings:
        found = self._known.get(term)
        if found is None:
            found = _Postings()
            for place, segment in enumerate(self.segments):
                number = segment.sidecar.term_number(term)
                if number >= 0:
                    starts = segment.sidecar.arrays["post_at"]
                    part = slice(int(starts[number]), int(starts[number + 1]))
                    docs = segment.sidecar.arrays["docs"][part]
                    found.parts[place] = part
                    found.holding += len(docs) - int(np.isin(segment.deleted, docs, assume_unique=True).sum())
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[term] = found
        return found

    def _rough_scores(self, question: Plan, holding: dict[str, int]) -> Array:
        scores = self._accumulator()
        for wanted in question.wanted:
            if not wanted.small:
                self._add(scores, wanted, holding)
        small = [wanted for wanted in question.wanted if wanted.small and wanted.weight]
        if small:
            matched = scores > 0
            for wanted in small:
                self._add(scores, wanted, holding)
            np.multiply(scores, matched, out=scores)
        if len(self.live) and self.statistics.passages < self.size:
            np.multiply(scores[: self.size], self.live, out=scores[: self.size])
        return scores

    def _add(self, scores: Array, wanted: Wanted, holding: dict[str, int]) -> None:
        factor = np.float32(wanted.weight * ranking.idf(self.statistics.passages, holding[wanted.term]))
        for place, part in self._postings(wanted.term).parts.items():
            sidecar, base = self.segments[place].sidecar, self.bases[place]
            docs = sidecar.arrays["docs"][part]
            if wanted.field == ANY_FIELD:
                impacts = self._impacts[place][part]
            else:
                norms = self._norms(sidecar, docs)
                impacts = _saturated(sidecar, part, norms, within=wanted.field).astype(np.float32)
            scores[base : base + sidecar.size][docs] += impacts * factor

    def _exact_scores(self, candidates: Array, question: Sequence[Wanted], holding: dict[str, int]) -> Array:
        scores = np.zeros(len(candidates))
        ends = np.searchsorted(candidates, [*self.bases, self.size])
        for place, (first, last) in enumerate(itertools.pairwise(ends)):
            if first == last:
                continue
            sidecar, local = self.segments[place].sidecar, candidates[first:last] - self.bases[place]
            norms = self._norms(sidecar, local)
            for wanted in question:
                part = self._postings(wanted.term).parts.get(place)
                if part is None or not wanted.weight:
                    continue
                docs = sidecar.arrays["docs"][part]
                at = docs.searchsorted(local.astype(docs.dtype))
                held = np.flatnonzero(docs.take(at, mode="clip") == local)
                chosen = {name: norm[held] for name, norm in norms.items()}
                added = _saturated(sidecar, part.start + at[held], chosen, within=wanted.field)
                rarity = ranking.idf(self.statistics.passages, holding[wanted.term])
                scores[first + held] += wanted.weight * rarity * added
        return scores

    def _hits(self, candidates: Array, scores: Array, *, limit: int, offset: int) -> list[Hit]:
        wanted = offset + limit
        if len(scores) > wanted:
            bound = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
            candidates, scores = candidates[scores >= bound], scores[scores >= bound]
        named = [
            (-float(score), self._id(int(number))) for number, score in zip(candidates, scores, strict=True)
        ]
        named.sort()
        return [
            Hit(passage_id, -negative, rank)
            for rank, (negative, passage_id) in enumerate(named[offset:wanted], start=offset + 1)
        ]

    def _id(self, number: int) -> str:
        place = bisect.bisect_right(self.bases, number) - 1
        passage_id: bytes = self.segments[place].sidecar.arrays["ids"][number - self.bases[place]]
        return passage_id.decode()

    def _accumulator(self) -> Array:
        """Return this thread's zeros, one for each passage, in whole blocks."""
        scores: Array | None = getattr(self._own, "scores", None)
        if scores is None:
            scores = self._own.scores = np.zeros(-(-self.size // _BLOCK) * _BLOCK, np.float32)
        else:
            scores.fill(0.0)
        return scores

    def _allowed(self, query: Query, question: Plan) -> Array | None:
        """Return which passages the filters and conditions let through, or None for all."""
        filters = {
            "language": query.languages,
            "collection": query.collections,
            "source_id": query.source_ids,
            "media_type": query.media_types,
        }
        asked = {name: values for name, values in filters.items() if values}
        if not (asked or question.required or question.refused):
            return None
        allowed = np.ones(self.size, bool)
        for base, segment in zip(self.bases, self.segments, strict=True):
            sidecar = segment.sidecar
            here = allowed[base : base + sidecar.size]
            for name, values in asked.items():
                passes = np.array([value in values for value in sidecar.values[name]], bool)
                here &= passes[sidecar.arrays[f"code_{name}"]]
            for condition in question.required:
                here &= _meeting(sidecar, condition)
            for condition in question.refused:
                here &= ~_meeting(sidecar, condition)
        return allowed


def _saturated(sidecar: Sidecar, postings: slice | Array, norms: dict[str, Array], *, within: str) -> Array:
    """Return ``ranking.saturated(ranking.frequency(…))`` of some postings, exactly."""
    frequency: Any = 0.0
    for name in ranking.in_fields(within):
        frequency = frequency + FIELD_WEIGHTS[name] * sidecar.arrays[f"tf_{name}"][postings] / norms[name]
    result: Array = (K1 + 1.0) * frequency / (K1 + frequency)
    return result


def _best(scores: Array, wanted: int) -> Array:
    """Return the numbers of the passages that could be among the best, in order.

    The k-th best of the maxima of blocks is a bound: k passages at least score as much.
    """
    maxima = scores.reshape(-1, _BLOCK).max(axis=1)
    bound = np.partition(maxima, len(maxima) - wanted)[len(maxima) - wanted] if wanted <= len(maxima) else 0.0
    return np.flatnonzero(scores >= bound * (1.0 - _ROUNDING)) if bound > 0 else np.flatnonzero(scores)


def _meeting(sidecar: Sidecar, condition: Condition) -> Array:
    """Return which passages of a segment meet a condition."""
    meeting = np.zeros(sidecar.size, bool)
    for reading in condition.readings:
        numbers = [sidecar.term_number(term) for term in reading]
        if min(numbers) < 0:
            continue
        docs = _holding_all(sidecar, numbers, condition.field)
        if condition.phrase and len(numbers) > 1:
            docs = _in_order(sidecar, docs, numbers, within=condition.field)
        meeting[docs] = True
    return meeting


def _holding_all(sidecar: Sidecar, numbers: Sequence[int], within: str) -> Array:
    held: Array | None = None
    for number in numbers:
        starts = sidecar.arrays["post_at"]
        part = slice(int(starts[number]), int(starts[number + 1]))
        docs = sidecar.arrays["docs"][part]
        if within != ANY_FIELD:
            docs = docs[sidecar.arrays[f"tf_{within}"][part] > 0]
        held = docs if held is None else np.intersect1d(held, docs, assume_unique=True)
    assert held is not None
    return held


def _in_order(sidecar: Sidecar, docs: Array, numbers: Sequence[int], *, within: str) -> Array:
    """Return those of some passages where the terms follow one another in one field.

    The places of the rarest term are looked up, then those are kept that have the others around them. As each
    field ends with FIELD_END, no run of terms goes over an end.
    """
    words, word_at, post_at = (sidecar.arrays[name] for name in ("words", "word_at", "post_at"))
    fields = len(SEARCH_FIELDS)
    rarest = min(
        range(len(numbers)), key=lambda place: int(post_at[numbers[place] + 1] - post_at[numbers[place]])
    )
    if len(docs) > sidecar.size * _SCAN_FROM:
        at = np.flatnonzero(words == numbers[rarest])
    else:
        starts, ends = word_at[docs.astype(np.int64) * fields], word_at[(docs.astype(np.int64) + 1) * fields]
        sizes = ends - starts
        at = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        at = at[words[at] == numbers[rarest]]
    at = at[(at >= rarest) & (at + len(numbers) - rarest <= len(words))]
    for place, number in enumerate(numbers):
        at = at[words[at + (place - rarest)] == number]
    row = np.searchsorted(word_at, at, side="right") - 1
    columns = [SEARCH_FIELDS.index(name) for name in ranking.in_fields(within)]
    return np.unique(row[np.isin(row % fields, columns)] // fields)
