"""Which passages answer best, in one committed state of the index? Exact top-k over arrays.

All passages of all segments are numbered through. A search adds up, for each word, what it and the terms that
it may mean contribute to each passage that holds one, picks the best without sorting the rest, and ranks them
anew by their wording. A snapshot never changes, and any number of threads may search it.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from index.engine import FACETS, IndexedPassage, Ranking
from index.fields import RERANKED
from index.impacts import Array, Sidecar, encoded
from index.plan import Plan, plan
from index.query import SEARCH_FIELDS, Order, Query
from index.ranking import formula, scoring
from index.ranking.conditions import Conditions
from index.ranking.explaining import explain
from index.ranking.explanation import Explanation
from index.ranking.facets import FILTERED_BY, Coded, coded, counted, narrowing, which_pass
from index.ranking.formula import Asked, Statistics
from index.ranking.lexicon import Lexicon
from index.ranking.scoring import Picking
from index.ranking.shortlist import Shortlist
from index.ranking.weighing import Weighing, fitting
from kb.model import Hit

# Questions whose meaning is kept: those of the threads that are answering.
_ASKED = 8
# So many passages are put in order sooner by Python than by numpy.
_FEW = 200
# Bytes of kept answers to which passages pass a filter: the filters of a user are the same for all questions.
_ROOM_OF_MASKS = 32 << 20


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

    def __init__(
        self,
        segments: Sequence[Segment],
        *,
        sequence: int,
        generation: int,
        before: Snapshot | None = None,
    ) -> None:
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
        self._lexicon_before = None if before is None else before._last_lexicon()
        self._preparing = threading.Lock()
        self.is_prepared = False
        self._last_asked: tuple[tuple[Plan, Asked], ...] = ()
        self._masks: scoring.Kept[Array] = scoring.Kept(_ROOM_OF_MASKS, lambda mask: mask.nbytes)

    def prepare(self) -> Snapshot:
        """Lay out what searching takes, unless that was done; who only writes does without it."""
        if not self.is_prepared:
            with self._preparing:
                _ = self._shortlist, self._conditions, self._ids, self._coded
                self.is_prepared = True
                self._lexicon_before = None
        return self

    @cached_property
    def statistics(self) -> Statistics:
        """Return the number of live passages and how long their fields are on average."""
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

    @cached_property
    def lexicon(self) -> Lexicon:
        """Return what the live passages say of terms."""
        return Lexicon(
            self._sidecars,
            [segment.deleted for segment in self.segments],
            self.statistics,
            before=self._lexicon_before,
        )

    def _last_lexicon(self) -> Lexicon | None:
        return self.lexicon if self.is_prepared else self._lexicon_before

    @property
    def _sidecars(self) -> list[Sidecar]:
        return [segment.sidecar for segment in self.segments]

    @cached_property
    def _weighing(self) -> Weighing:
        return Weighing(self._sidecars, self.bases, self.live, lexicon=self.lexicon)

    @cached_property
    def _picking(self) -> Picking:
        return Picking(self.bases, self.size)

    @cached_property
    def _conditions(self) -> Conditions:
        return Conditions(self._sidecars, self.bases, self.lexicon)

    @cached_property
    def _shortlist(self) -> Shortlist:
        return Shortlist(self._sidecars, self.bases, self.lexicon, weighing=self._weighing)

    @cached_property
    def _ids(self) -> Array:
        return _joined([sidecar.arrays["ids"] for sidecar in self._sidecars])

    def count(self) -> int:
        """Return the number of live passages."""
        return int(np.count_nonzero(self.live))

    def search(self, query: Query, *, limit: int, offset: int, facets: bool = False) -> Ranking:
        """Rank the passages that match a query; see ``Engine.search``."""
        self.prepare()
        question = plan(query)
        asked = self._asked(question)
        words = [self._weighing.word(group) for group in asked.groups]
        meeting, passing = self._conditions.allowed(question), self._passing(query)
        masks = [mask for mask in (meeting, *passing.values()) if mask is not None]
        allowed = functools.reduce(np.logical_and, masks) if masks else None
        marks = np.zeros(self.size, bool) if facets or masks else None
        ranked = query.order is Order.RELEVANCE and limit > 0
        with fitting():
            best = self._picking.best(
                words, max(offset + limit, RERANKED) if ranked else 0, allowed=allowed, marks=marks
            )
        total, counts = best.matching, {}
        if marks is not None:
            found = marks if meeting is None else marks & meeting
            counts = counted(found, passing, self._coded) if facets else {}
            total = int(np.count_nonzero(marks if allowed is None else marks & allowed))
        hits: list[Hit] = []
        if query.order is not Order.RELEVANCE:
            hits = self._by_day(words, allowed, query.order, limit=limit, offset=offset)
        elif ranked and offset < total:
            hits = self._best_hits(best.numbers, best.scores, asked, limit=limit, offset=offset)
        return Ranking(hits, total, self.sequence, asked.ideal(), asked.near(), counts)

    def explain(self, query: Query, passage: IndexedPassage, *, anew: bool) -> Explanation:
        """Return the parts of the score of a passage; see ``Engine.explain``."""
        self.prepare()
        ((place, number),) = self.find([passage.id])
        key = self.segments[place].sidecar.arrays["title_key"][number : number + 1]
        sharing = int(self.lexicon.sharing(key)[0])
        return explain(plan(query), passage, self.lexicon, sharing=sharing, anew=anew)

    def weights(self, query: Query) -> dict[str, float]:
        """Return each term of a question, and others it may mean, with its weight."""
        self.prepare()
        return self._asked(plan(query)).weights()

    def _asked(self, question: Plan) -> Asked:
        """Return what a question means here; an answer asks for it several times."""
        # Read and written at once: another thread may put another in its place.
        known = self._last_asked
        for before, asked in known:
            if before is question:
                return asked
        self.lexicon.look_up(wanted.term for wanted in question.wanted)
        asked = formula.asked(question, self.lexicon)
        self._last_asked = ((question, asked), *known[: _ASKED - 1])
        return asked

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

    def _best_hits(self, numbers: Array, found: Array, asked: Asked, *, limit: int, offset: int) -> list[Hit]:
        """Return the hits of a page; the first hundred are ranked anew, and stay above the rest."""
        wanted = offset + limit
        first, rest = self._parted(numbers, found, RERANKED)
        anew = found[first] + self._shortlist.added(numbers[first], asked)
        best = self._ordered(numbers[first], anew, wanted)
        best += self._ordered(numbers[rest], found[rest], wanted - len(best))
        return [
            Hit(passage_id, -negative, rank)
            for rank, (negative, passage_id) in enumerate(best[offset:wanted], start=offset + 1)
        ]

    def _parted(self, numbers: Array, scores: Array, most: int) -> tuple[Array, Array]:
        """Return the places of the best so many of some passages, and those of the others, both in order."""
        if len(numbers) <= most:
            return np.arange(len(numbers)), np.zeros(0, np.intp)
        bound = scoring.from_best(scores, most)
        chosen = scores > bound
        # Which of those with the same score are among them, their ids decide.
        equal = np.flatnonzero(scores == bound)
        by_id = equal[self._ids[numbers[equal]].argsort()]
        chosen[by_id[: most - int(np.count_nonzero(chosen))]] = True
        return np.flatnonzero(chosen), np.flatnonzero(~chosen)

    def _ordered(self, numbers: Array, scores: Array, wanted: int) -> list[tuple[float, str]]:
        """Return the best of some passages: negative score and id, the best first."""
        if wanted <= 0:
            return []
        if wanted < len(numbers) > _FEW:
            enough = scores >= scoring.from_best(scores, wanted)
            numbers, scores = numbers[enough], scores[enough]
        found: list[float] = scores.tolist()
        bound = sorted(found)[-wanted] if wanted < len(found) else 0.0
        return sorted(
            [
                (-score, self.passage_id(number))
                for number, score in zip(numbers.tolist(), found, strict=True)
                if score >= bound
            ]
        )[:wanted]

    def passage_id(self, number: int) -> str:
        """Return the id of a passage."""
        passage_id: bytes = self._ids[number]
        return passage_id.decode()

    def _passing(self, query: Query) -> dict[str, Array]:
        """Return which passages pass each filter that a query has."""
        return {
            name: self._masks.get((name, chosen), functools.partial(self._mask, name, chosen))
            for name, chosen in narrowing(query).items()
        }

    def _mask(self, name: str, chosen: Sequence[str]) -> Array:
        parts = [
            which_pass(name, chosen, sidecar.values[name])[sidecar.arrays[f"code_{name}"]]
            for sidecar in self._sidecars
        ]
        return np.concatenate(parts) if parts else np.zeros(0, bool)

    @cached_property
    def _coded(self) -> dict[str, Coded]:
        sidecars = self._sidecars
        return {
            facet: coded(
                facet,
                [sidecar.arrays[f"code_{FILTERED_BY[facet]}"] for sidecar in sidecars],
                [sidecar.values[FILTERED_BY[facet]] for sidecar in sidecars],
            )
            for facet in FACETS
        }

    def _by_day(
        self, words: Sequence[scoring.Word], allowed: Array | None, order: Order, *, limit: int, offset: int
    ) -> list[Hit]:
        """Return the hits of a page in order of their days; of one day, the best first."""
        with fitting():
            scores = self._picking.sums(words)[: self.size]
        found = np.flatnonzero(scores if allowed is None else scores * allowed)
        sign = -1 if order is Order.NEWEST else 1
        days = sign * self._days[found]
        wanted = offset + limit
        if 0 < wanted < len(found):
            last = np.partition(days, wanted - 1)[wanted - 1]
            kept, equal = days < last, np.flatnonzero(days == last)
            # Of the last day's only the best: where no day is known, all are of one day.
            room = wanted - int(np.count_nonzero(kept))
            kept[equal[scores[found[equal]] >= scoring.from_best(scores[found[equal]], room)]] = True
            found, days = found[kept], days[kept]
        best = sorted(
            (day, -score, self.passage_id(number))
            for day, score, number in zip(days.tolist(), scores[found].tolist(), found.tolist(), strict=True)
        )
        return [
            Hit(passage_id, -negative, rank)
            for rank, (_, negative, passage_id) in enumerate(best[offset:wanted], start=offset + 1)
        ]

    @cached_property
    def _days(self) -> Array:
        """Return the day of each passage as a number; 0 where it is not known."""
        parts = [
            np.array([date.fromisoformat(day).toordinal() if day else 0 for day in sidecar.values["day"]])[
                sidecar.arrays["code_day"]
            ]
            for sidecar in (segment.sidecar for segment in self.segments)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _joined(ids: Sequence[Array]) -> Array:
    """Return the ids of all segments; they need not be of one length."""
    return np.concatenate(ids) if ids else np.zeros(0, "S1")
