"""Which passages answer best, in one committed state of the index? Exact top-k over arrays.

All passages of all segments are numbered through. A search adds up, for each word, what it and the terms that
it may mean contribute to each passage that holds one, picks the best without sorting the rest, and ranks them
anew by their wording. A snapshot never changes, and any number of threads may search it.
"""

from __future__ import annotations

import bisect
import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from index import ranking
from index.engine import IndexedPassage, Ranking
from index.explaining import explain
from index.explanation import Explanation
from index.facets import FILTERED_BY, counted, narrowing, passes
from index.fields import FIELD_WEIGHTS, K1, LENGTH_SHARE, RERANKED
from index.impacts import Array, Sidecar, encoded
from index.lexicon import Lexicon
from index.plan import Condition, Plan, in_fields, plan
from index.query import ANY_FIELD, SEARCH_FIELDS, Order, Query
from index.ranking import Asked, Group, Statistics
from index.shortlist import Shortlist
from kb.model import Hit

_BLOCK = 128
# From this share of the passages on, to look at each of them is faster than at each posting.
_DENSE_FROM = 0.125
# From this share of the passages on, to look at every word is faster than to pick out those of some passages.
_SCAN_FROM = 0.05


@dataclass(frozen=True, slots=True)
class Segment:
    """A sidecar and the passages deleted from it since: their numbers, in order.

    ``makeshift``: the sidecar is in memory only, because its file is missing or damaged.
    """

    name: str
    sidecar: Sidecar
    deleted: Array
    makeshift: bool = False


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
        self._frequencies = [self._segment_frequencies(segment.sidecar) for segment in segments]
        self._lexicon = Lexicon(
            [segment.sidecar for segment in segments],
            [self.live[base : base + size] for base, size in zip(self.bases, sizes, strict=True)],
            self.statistics,
        )
        self._own = threading.local()

    def search(self, query: Query, *, limit: int, offset: int, facets: bool = False) -> Ranking:
        """Rank the passages that match a query; see ``Engine.search``."""
        question = plan(query)
        asked = ranking.asked(question, self._lexicon)
        scores = self._scores(asked)
        meeting, passing = self._meeting(question), self._passing(query)
        counts = self._facets(scores, meeting, passing) if facets else {}
        for allowed in (meeting, *passing.values()):
            if allowed is not None:
                np.multiply(scores[: self.size], allowed, out=scores[: self.size])
        total = int(np.count_nonzero(scores))
        hits: list[Hit] = []
        if query.order is not Order.RELEVANCE:
            hits = self._by_day(scores, query.order, limit=limit, offset=offset)
        elif limit > 0 and offset < total:
            candidates = _best(scores, max(offset + limit, RERANKED))
            best = self._reranked(self._ordered(candidates, scores), asked)
            hits = [
                Hit(passage_id, -negative, rank)
                for rank, (negative, passage_id, _) in enumerate(
                    best[offset : offset + limit], start=offset + 1
                )
            ]
        return Ranking(hits, total, self.sequence, asked.ideal(), asked.near(), counts)

    def explain(self, query: Query, passage: IndexedPassage, *, anew: bool) -> Explanation:
        """Return the parts of the score of a passage; see ``Engine.explain``."""
        ((place, number),) = self.find([passage.id])
        key = self.segments[place].sidecar.arrays["title_key"][number : number + 1]
        sharing = int(self._lexicon.sharing(key)[0])
        return explain(plan(query), passage, self._lexicon, sharing=sharing, anew=anew)

    def weights(self, query: Query) -> dict[str, float]:
        """Return each term of a question, and others it may mean, with its weight."""
        return ranking.asked(plan(query), self._lexicon).weights()

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

    def _norm(self, name: str, lengths: Array) -> Array:
        """Return 1 − b + b · length / average of some fields of a name."""
        share = LENGTH_SHARE[name]
        norm: Array = 1.0 - share + share * lengths / self.statistics.averages[name]
        return norm

    def _segment_frequencies(self, sidecar: Sidecar) -> Array:
        """Return ``ranking.frequency`` of each posting."""
        docs = sidecar.arrays["docs"]
        frequency = np.zeros(len(docs))
        for name in SEARCH_FIELDS:
            norm = self._norm(name, sidecar.arrays[f"length_{name}"])
            counts = sidecar.arrays[f"tf_{name}"]
            held = np.flatnonzero(counts)
            frequency[held] += FIELD_WEIGHTS[name] * counts[held] / norm[docs[held]]
        return frequency

    def _scores(self, asked: Asked) -> Array:
        scores, frequencies = self._accumulators()
        for group in asked.groups:
            for place, base in enumerate(self.bases):
                end = base + self.segments[place].sidecar.size
                self._add(scores[base:end], frequencies[base:end], group, place=place)
        if len(self.live) and self.statistics.passages < self.size:
            np.multiply(scores[: self.size], self.live, out=scores[: self.size])
        return scores

    def _add(self, scores: Array, frequencies: Array, group: Group, *, place: int) -> None:
        """Add what a group contributes to a segment; ``frequencies`` are zeros, before and after."""
        factor = group.wanted.count * group.rarity
        parts = []
        for term, share in group.members:
            part = self._lexicon.postings(term).parts.get(place)
            if part is not None:
                docs = self.segments[place].sidecar.arrays["docs"][part]
                parts.append((docs, share * self._frequency(part, place=place, within=group.wanted.field)))
        if len(parts) == 1:
            docs, frequency = parts[0]
            scores[docs] += _saturated(frequency) * factor
        elif parts:
            docs = np.concatenate([docs for docs, _ in parts])
            added = np.concatenate([frequency for _, frequency in parts])
            if len(docs) > _DENSE_FROM * len(scores):
                scores += _saturated(np.bincount(docs, added, len(scores))) * factor
                return
            np.add.at(frequencies, docs, added)
            # A passage that holds several of the terms is there several times, with the same sum.
            scores[docs] = scores[docs] + _saturated(frequencies[docs]) * factor
            frequencies[docs] = 0.0

    def _frequency(self, postings: slice | Array, *, place: int, within: str) -> Array:
        """Return ``ranking.frequency`` of some postings of a segment, in some of their fields."""
        if within == ANY_FIELD:
            frequency: Array = self._frequencies[place][postings]
            return frequency
        sidecar = self.segments[place].sidecar
        lengths = sidecar.arrays[f"length_{within}"][sidecar.arrays["docs"][postings]]
        norm = self._norm(within, lengths)
        return FIELD_WEIGHTS[within] * sidecar.arrays[f"tf_{within}"][postings] / norm

    def _ordered(self, candidates: Array, scores: Array) -> list[tuple[float, str, int]]:
        """Return the scores of some passages, negative, with ids and numbers, the best first."""
        return sorted(
            (-score, self._id(number), number)
            for number, score in zip(candidates.tolist(), scores[candidates].tolist(), strict=True)
        )

    def _reranked(self, best: list[tuple[float, str, int]], asked: Asked) -> list[tuple[float, str, int]]:
        """Return the best passages with the first of them ranked anew."""
        first = sorted(best[:RERANKED], key=lambda each: each[2])
        numbers = np.array([number for _, _, number in first], np.int64)
        small = self._scores_of(numbers, asked.small)
        added: list[float] = []
        for place, (start, end) in enumerate(self._by_segment(numbers)):
            if start < end:
                shortlist = Shortlist(asked, self.segments[place].sidecar, self._lexicon, place=place)
                added += shortlist.added(numbers[start:end] - self.bases[place], small[start:end])
        anew = [
            (-(-negative + more), passage_id, number)
            for (negative, passage_id, number), more in zip(first, added, strict=True)
        ]
        return sorted(anew) + best[RERANKED:]

    def _by_segment(self, numbers: Array) -> list[tuple[int, int]]:
        """Return where the passages of each segment begin and end among some in order."""
        return list(itertools.pairwise(np.searchsorted(numbers, [*self.bases, self.size]).tolist()))

    def _scores_of(self, numbers: Array, groups: Sequence[Group]) -> Array:
        """Return what some groups contribute to some passages."""
        scores = np.zeros(len(numbers))
        for place, (first, last) in enumerate(self._by_segment(numbers)):
            for group in groups if first < last else ():
                frequency = np.zeros(last - first)
                for term, share in group.members:
                    part = self._lexicon.postings(term).parts.get(place)
                    if part is None:
                        continue
                    docs = self.segments[place].sidecar.arrays["docs"][part]
                    local = (numbers[first:last] - self.bases[place]).astype(docs.dtype)
                    at = docs.searchsorted(local)
                    held = np.flatnonzero(docs.take(at, mode="clip") == local)
                    found = self._frequency(part.start + at[held], place=place, within=group.wanted.field)
                    frequency[held] += share * found
                scores[first:last] += group.wanted.count * group.rarity * _saturated(frequency)
        return scores

    def _id(self, number: int) -> str:
        place = bisect.bisect_right(self.bases, number) - 1
        passage_id: bytes = self.segments[place].sidecar.arrays["ids"][number - self.bases[place]]
        return passage_id.decode()

    def _accumulators(self) -> tuple[Array, Array]:
        """Return two of this thread's arrays of zeros, one for each passage, in whole blocks."""
        both: tuple[Array, Array] | None = getattr(self._own, "both", None)
        if both is None:
            size = -(-self.size // _BLOCK) * _BLOCK
            both = self._own.both = (np.zeros(size), np.zeros(size))
        else:
            for zeros in both:
                zeros.fill(0.0)
        return both

    def _passing(self, query: Query) -> dict[str, Array]:
        """Return which passages pass each filter that a query has."""
        found = {}
        for name in narrowing(query):
            parts = [
                np.array([passes(query, name, value) for value in segment.sidecar.values[name]], bool)[
                    segment.sidecar.arrays[f"code_{name}"]
                ]
                for segment in self.segments
            ]
            found[name] = np.concatenate(parts) if parts else np.zeros(0, bool)
        return found

    def _meeting(self, question: Plan) -> Array | None:
        """Return which passages meet a question's conditions, or None for all."""
        if not (question.required or question.refused):
            return None
        allowed = np.ones(self.size, bool)
        for base, segment in zip(self.bases, self.segments, strict=True):
            here = allowed[base : base + segment.sidecar.size]
            for condition in question.required:
                here &= _meeting(segment.sidecar, condition)
            for condition in question.refused:
                here &= ~_meeting(segment.sidecar, condition)
        return allowed

    def _facets(
        self, scores: Array, meeting: Array | None, passing: Mapping[str, Array]
    ) -> dict[str, dict[str, int]]:
        matched = scores[: self.size] > 0
        sidecars = [segment.sidecar for segment in self.segments]
        return counted(
            matched if meeting is None else matched & meeting,
            passing,
            {name: [sidecar.arrays[f"code_{name}"] for sidecar in sidecars] for name in FILTERED_BY.values()},
            values={name: [sidecar.values[name] for sidecar in sidecars] for name in FILTERED_BY.values()},
        )

    def _by_day(self, scores: Array, order: Order, *, limit: int, offset: int) -> list[Hit]:
        """Return the hits of a page in order of their days; of one day, the best first."""
        found = np.flatnonzero(scores)
        sign = -1 if order is Order.NEWEST else 1
        days = sign * self._days()[found]
        wanted = offset + limit
        if wanted < len(found):
            kept = days <= np.partition(days, wanted)[wanted]
            found, days = found[kept], days[kept]
        best = sorted(
            (day, -score, self._id(number))
            for day, score, number in zip(days.tolist(), scores[found].tolist(), found.tolist(), strict=True)
        )
        return [
            Hit(passage_id, -negative, rank)
            for rank, (_, negative, passage_id) in enumerate(best[offset:wanted], start=offset + 1)
        ]

    def _days(self) -> Array:
        """Return the day of each passage as a number; 0 where it is not known."""
        parts = [
            np.array([date.fromisoformat(day).toordinal() if day else 0 for day in sidecar.values["day"]])[
                sidecar.arrays["code_day"]
            ]
            for sidecar in (segment.sidecar for segment in self.segments)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _saturated(frequency: Array) -> Array:
    """Return ``ranking.saturated`` of some frequencies."""
    return (K1 + 1.0) * frequency / (K1 + frequency)


def _best(scores: Array, wanted: int) -> Array:
    """Return the numbers of the passages that are among the best, in order; more if scores are equal.

    The k-th best of the maxima of blocks is a bound: k passages at least score as much.
    """
    maxima = scores.reshape(-1, _BLOCK).max(axis=1)
    bound = _from_best(maxima, wanted)
    found = np.flatnonzero(scores >= bound) if bound > 0 else np.flatnonzero(scores)
    return found[scores[found] >= _from_best(scores[found], wanted)]


def _from_best(scores: Array, place: int) -> float:
    """Return the score that is so many places from the best, or 0 if there are not so many."""
    at = len(scores) - place
    return float(np.partition(scores, at)[at]) if at >= 0 else 0.0


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
    columns = [SEARCH_FIELDS.index(name) for name in in_fields(within)]
    return np.unique(row[np.isin(row % fields, columns)] // fields)
