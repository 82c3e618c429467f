"""What should every engine answer? This one keeps all in memory and looks at each passage: exact and slow."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.analysis import analyzer
from index.engine import DOCUMENTS_COUNTED, Capabilities, IndexedPassage, LookUp, Ranking
from index.fields import RERANKED, field_texts
from index.plan import Condition, Plan, in_fields, plan
from index.query import SEARCH_FIELDS, Order, Query
from index.ranking import formula, groups, reranking
from index.ranking.explaining import explain
from index.ranking.explanation import Explanation
from index.ranking.facets import FILTERED_BY, facet_of, passes
from index.ranking.formula import Asked, Counts, Group, Meaning, Statistics
from index.ranking.groups import Members
from kb.errors import IndexBusy
from kb.model import Hit

_FILTERS = tuple(FILTERED_BY.values())


@dataclass(frozen=True, slots=True)
class _Analysed:
    """A passage and its terms in each field: the words in order, and how often each term is there.

    ``heading`` are the words of the deepest heading.
    """

    passage: IndexedPassage
    words: dict[str, list[str]]
    counts: dict[str, Counter[str]]
    heading: list[str]

    def lengths(self) -> dict[str, int]:
        return {field: len(words) for field, words in self.words.items()}


class _Library:
    """The passages that are there now, and what is counted over all of them."""

    def __init__(self, passages: dict[str, _Analysed]) -> None:
        self.passages = passages
        self.statistics = _statistics(passages.values())
        self._held: Counter[str] = Counter()
        self._occurrences: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._titles: Counter[tuple[str, tuple[str, ...]]] = Counter()
        for analysed in passages.values():
            together = sum(analysed.counts.values(), Counter[str]())
            self._occurrences.update(together)
            self._held.update(together.keys())
            self._named.update({*analysed.words["title"], *analysed.heading})
            self._titles[_titled(analysed)] += 1

    def counts(self, term: str) -> Counts:
        """Count a term."""
        return Counts(self._held[term], self._occurrences[term], self._named[term])

    def members(self, term: str, *, mistyped: bool) -> Members:
        """Return the other terms that a term may mean."""
        return groups.members(term, self._held, self._held if mistyped else ())

    def meaning(self, term: str, *, alone: bool) -> Meaning:
        """Return what a term means here."""
        return formula.meaning(term, self, alone=alone)

    def sharing(self, analysed: _Analysed) -> int:
        """Return how many passages of its document have the title of a passage."""
        return self._titles[_titled(analysed)]


class MemoryWriter:
    """A batch of changes to a MemoryEngine."""

    def __init__(self, passages: dict[str, _Analysed]) -> None:
        self.passages = passages

    def put(self, passage: IndexedPassage) -> None:
        """Add a passage, or replace the one with the same id."""
        analysis = analyzer(passage.language)
        words, counts = {}, {}
        for field, text in field_texts(passage).items():
            words[field], wholes = analysis.words(text)
            counts[field] = Counter(words[field] + wholes)
        heading = analysis.words(passage.headings[-1])[0] if passage.headings else []
        self.passages[passage.id] = _Analysed(passage, words, counts, heading)

    def delete(self, passage_id: str) -> None:
        """Remove a passage; one that is not there is no error."""
        self.passages.pop(passage_id, None)


class MemoryEngine:
    """The reference engine: the contract in the plainest code. Searches see whole batches only."""

    capabilities = Capabilities(name="memory", persistent=False)

    def __init__(self) -> None:
        self._state = (0, _Library({}))
        self._writing = threading.Lock()

    @property
    def sequence(self) -> int:
        """Return the catalog sequence that the last commit reflects; 0 before the first."""
        return self._state[0]

    @contextmanager
    def writer(self, sequence: int) -> Iterator[MemoryWriter]:
        """Open a batch on a copy, which replaces the passages when the block ends well."""
        if not self._writing.acquire(blocking=False):
            raise IndexBusy("another batch is being written to the index")
        try:
            batch = MemoryWriter(dict(self._state[1].passages))
            yield batch
            self._state = (sequence, _Library(batch.passages))
        finally:
            self._writing.release()

    def search(self, query: Query, *, limit: int = 10, offset: int = 0, facets: bool = False) -> Ranking:
        """Rank the passages that match a query. ``limit`` may be 0 to only count."""
        sequence, library = self._state
        question = plan(query)
        asked = formula.asked(question, library)
        scores = {
            analysed.passage.id: _score(analysed, asked.groups, library.statistics)
            for analysed in library.passages.values()
            if _matches(analysed, question, asked)
        }
        counts = (
            _facets([library.passages[passage_id].passage for passage_id in scores], query) if facets else {}
        )
        scores = {
            passage_id: score
            for passage_id, score in scores.items()
            if all(_passes(library.passages[passage_id].passage, query, name) for name in _FILTERS)
        }
        if query.order is Order.RELEVANCE:
            for passage_id in _ordered(scores)[:RERANKED]:
                scores[passage_id] += _added(library.passages[passage_id], asked, library)
        best = _ordered(scores)
        if query.order is not Order.RELEVANCE:
            newest = query.order is Order.NEWEST
            best.sort(key=lambda passage_id: library.passages[passage_id].passage.day, reverse=newest)
        hits = [
            Hit(passage_id, scores[passage_id], rank)
            for rank, passage_id in enumerate(best[offset : offset + limit], start=offset + 1)
        ]
        return Ranking(hits, len(scores), sequence, asked.ideal(), asked.near(), counts)

    def explain(self, query: Query, passage: IndexedPassage, *, anew: bool) -> Explanation:
        """Return the parts of the score of a passage that matches; ``anew``: it was ranked anew."""
        library = self._state[1]
        sharing = library.sharing(library.passages[passage.id])
        return explain(plan(query), passage, library, sharing=sharing, anew=anew)

    def weights(self, query: Query) -> dict[str, float]:
        """Return each term of a question with its weight in this index."""
        return formula.asked(plan(query), self._state[1]).weights()

    def ids(self) -> Iterable[str]:
        """Return the id of every passage in the index, in no order."""
        return list(self._state[1].passages)

    def count(self) -> int:
        """Return the number of passages."""
        return len(self._state[1].passages)

    def faults(self) -> list[str]:
        """Return nothing: there are no files."""
        return []

    def differing(self, look_up: LookUp) -> list[str]:
        """Return which passages are not as they should be, as sentences."""
        held = self._state[1].passages
        expected = look_up(list(held))
        return [
            f"passage {key} is not as it should be"
            for key, passage in held.items()
            if expected.get(key, passage.passage) != passage.passage
        ]

    def close(self) -> None:
        """Forget all passages."""
        self._state = (0, _Library({}))


def _titled(analysed: _Analysed) -> tuple[str, tuple[str, ...]]:
    return analysed.passage.source_id, tuple(analysed.words["title"])


def _statistics(passages: Iterable[_Analysed]) -> Statistics:
    lengths = [analysed.lengths() for analysed in passages]
    averages = {}
    for field in SEARCH_FIELDS:
        filled = [length[field] for length in lengths if length[field]]
        averages[field] = sum(filled) / len(filled) if filled else 1.0
    return Statistics(len(lengths), averages)


def _ordered(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))


def _passes(passage: IndexedPassage, query: Query, name: str) -> bool:
    return passes(query, name, getattr(passage, name))


def _facets(matching: list[IndexedPassage], query: Query) -> dict[str, dict[str, int]]:
    found = {}
    for facet, name in FILTERED_BY.items():
        others = [other for other in _FILTERS if other != name]
        counts = Counter(
            facet_of(facet, getattr(passage, name))
            for passage in matching
            if all(_passes(passage, query, other) for other in others)
        )
        most = DOCUMENTS_COUNTED if facet == "source_id" else None
        found[facet] = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most])
    return found


def _matches(analysed: _Analysed, question: Plan, asked: Asked) -> bool:
    return (
        any(
            _holds(analysed, (term,), group.wanted.field)
            for group in asked.groups
            for term, _ in group.members
        )
        and all(_meets(analysed, condition) for condition in question.required)
        and not any(_meets(analysed, condition) for condition in question.refused)
    )


def _holds(analysed: _Analysed, terms: tuple[str, ...], field: str) -> bool:
    return all(any(analysed.counts[name][term] for name in in_fields(field)) for term in terms)


def _meets(analysed: _Analysed, condition: Condition) -> bool:
    if not condition.phrase:
        return any(_holds(analysed, reading, condition.field) for reading in condition.readings)
    return any(
        words[start : start + len(reading)] == list(reading)
        for reading in condition.readings
        for words in (analysed.words[name] for name in in_fields(condition.field))
        for start in range(len(words) - len(reading) + 1)
    )


def _score(analysed: _Analysed, groups: tuple[Group, ...], statistics: Statistics) -> float:
    score, lengths = 0.0, analysed.lengths()
    for group in groups:
        tf = 0.0
        for term, share in group.members:
            counts = {name: analysed.counts[name][term] for name in in_fields(group.wanted.field)}
            tf += share * formula.frequency(counts, lengths, statistics.averages)
        score += group.wanted.count * group.rarity * formula.saturated(tf)
    return score


def _added(analysed: _Analysed, asked: Asked, library: _Library) -> float:
    """Return what the second pass adds to the score of a passage."""

    def weigh(term: str) -> float:
        return formula.naming(term, library.counts(term), library.statistics.passages)

    def fit(name: list[str]) -> tuple[float, float]:
        return (
            max((reranking.likeness(name, reading, weigh) for reading in asked.readings), default=0.0),
            max((reranking.in_same_order(name, reading) for reading in asked.readings), default=0.0),
        )

    title = fit(analysed.words["title"])
    likeness, order = formula.fit(title, fit(analysed.heading), sharing=library.sharing(analysed))
    return formula.added(
        small=_score(analysed, asked.small, library.statistics),
        likeness=likeness,
        order=order,
        pairs=reranking.neighbours(analysed.words["text"], asked.pairs),
    )
