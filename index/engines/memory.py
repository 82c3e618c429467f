"""What should every engine answer? This one keeps all in memory and looks at each passage: exact and slow."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index import ranking
from index.analysis import analyzer
from index.engine import Capabilities, IndexedPassage, Ranking
from index.fields import field_texts
from index.query import SEARCH_FIELDS, Query
from index.ranking import Condition, Plan, Statistics, Wanted
from kb.errors import IndexBusy
from kb.model import Hit


@dataclass(frozen=True, slots=True)
class _Analysed:
    """A passage and its terms in each field: the words in order, and how often each term is there."""

    passage: IndexedPassage
    words: dict[str, list[str]]
    counts: dict[str, Counter[str]]

    def lengths(self) -> dict[str, int]:
        return {field: len(words) for field, words in self.words.items()}


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
        self.passages[passage.id] = _Analysed(passage, words, counts)

    def delete(self, passage_id: str) -> None:
        """Remove a passage; one that is not there is no error."""
        self.passages.pop(passage_id, None)


class MemoryEngine:
    """The reference engine: the contract in the plainest code. Searches see whole batches only."""

    capabilities = Capabilities(name="memory", persistent=False)

    def __init__(self) -> None:
        self._state: tuple[int, dict[str, _Analysed]] = (0, {})
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
            batch = MemoryWriter(dict(self._state[1]))
            yield batch
            self._state = (sequence, batch.passages)
        finally:
            self._writing.release()

    def search(self, query: Query, *, limit: int = 10, offset: int = 0) -> Ranking:
        """Rank the passages that match a query. ``limit`` may be 0 to only count."""
        sequence, passages = self._state
        question = ranking.plan(query)
        holding = _holding(passages.values(), question)
        statistics = _statistics(passages.values())
        scores = {
            analysed.passage.id: _score(analysed, question.wanted, holding=holding, statistics=statistics)
            for analysed in passages.values()
            if _passes(analysed.passage, query) and _matches(analysed, question)
        }
        best = sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))
        hits = [
            Hit(passage_id, scores[passage_id], rank)
            for rank, passage_id in enumerate(best[offset : offset + limit], start=offset + 1)
        ]
        ideal = ranking.ideal(question.wanted, passages=statistics.passages, holding=holding)
        return Ranking(hits, len(scores), sequence, ideal)

    def weights(self, query: Query) -> dict[str, float]:
        """Return each term of a question with its weight in this index."""
        passages = self._state[1].values()
        question = ranking.plan(query)
        holding = _holding(passages, question)
        return ranking.weights(question.wanted, passages=len(passages), holding=holding)

    def ids(self) -> Iterable[str]:
        """Return the id of every passage in the index, in no order."""
        return list(self._state[1])

    def count(self) -> int:
        """Return the number of passages."""
        return len(self._state[1])

    def close(self) -> None:
        """Forget all passages."""
        self._state = (0, {})


def _statistics(passages: Iterable[_Analysed]) -> Statistics:
    lengths = [analysed.lengths() for analysed in passages]
    averages = {}
    for field in SEARCH_FIELDS:
        filled = [length[field] for length in lengths if length[field]]
        averages[field] = sum(filled) / len(filled) if filled else 1.0
    return Statistics(len(lengths), averages)


def _holding(passages: Iterable[_Analysed], question: Plan) -> dict[str, int]:
    return {
        wanted.term: sum(
            any(counts[wanted.term] for counts in analysed.counts.values()) for analysed in passages
        )
        for wanted in question.wanted
    }


def _passes(passage: IndexedPassage, query: Query) -> bool:
    return (
        (not query.collections or passage.collection in query.collections)
        and (not query.languages or passage.language in query.languages)
        and (not query.source_ids or passage.source_id in query.source_ids)
        and (not query.media_types or passage.media_type in query.media_types)
    )


def _matches(analysed: _Analysed, question: Plan) -> bool:
    return (
        any(_holds(analysed, (wanted.term,), wanted.field) for wanted in question.wanted if not wanted.small)
        and all(_meets(analysed, condition) for condition in question.required)
        and not any(_meets(analysed, condition) for condition in question.refused)
    )


def _holds(analysed: _Analysed, terms: tuple[str, ...], field: str) -> bool:
    return all(any(analysed.counts[name][term] for name in ranking.in_fields(field)) for term in terms)


def _meets(analysed: _Analysed, condition: Condition) -> bool:
    if not condition.phrase:
        return any(_holds(analysed, reading, condition.field) for reading in condition.readings)
    return any(
        words[start : start + len(reading)] == list(reading)
        for reading in condition.readings
        for words in (analysed.words[name] for name in ranking.in_fields(condition.field))
        for start in range(len(words) - len(reading) + 1)
    )


def _score(
    analysed: _Analysed, question: tuple[Wanted, ...], *, holding: dict[str, int], statistics: Statistics
) -> float:
    score, lengths = 0.0, analysed.lengths()
    for wanted in question:
        counts = {name: analysed.counts[name][wanted.term] for name in ranking.in_fields(wanted.field)}
        tf = ranking.frequency(counts, lengths, statistics.averages)
        score += (
            wanted.weight * ranking.idf(statistics.passages, holding[wanted.term]) * ranking.saturated(tf)
        )
    return score
