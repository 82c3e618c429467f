"""How does a question become cited answers? The one service that every face calls.

question ─parse─▶ Query ─rank─▶ Hits ─catalog─▶ Citations ─quote─▶ best sentence, highlights
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from index import quote
from index.confidence import Confidence, judge
from index.generations import LiveIndex
from index.query import Query
from index.queryparser import parse
from kb.catalog import Catalog
from kb.model import Citation, Passage

# Passages with the same words take one place in the results. So many more are ranked than shown, to fill
# the places that folding frees; copies beyond that show as hits of their own.
_SPARE = 20


class Marks(TypedDict):
    """What to mark in a passage's text."""

    highlights: tuple[tuple[int, int], ...]
    best_sentence: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class CitedHit:
    """A hit with its proof and what to mark in it. Offsets count from the start of the passage's text.

    ``also_in`` are the other live passages with the same words, newest first.
    """

    rank: int
    score: float
    citation: Citation
    highlights: tuple[tuple[int, int], ...]
    best_sentence: tuple[int, int] | None
    also_in: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a question: ``total`` passages match, ``hits`` are those asked for.

    ``missing`` are the words of the question that the first hit lacks. ``corrected`` is another spelling
    that was searched instead, if any.
    """

    question: str
    query: Query
    total: int
    took_ms: float
    generation: int
    confidence: Confidence
    hits: tuple[CitedHit, ...]
    missing: tuple[str, ...] = ()
    corrected: str | None = None


class SearchService:
    """Answers questions from the live index and the catalog. Safe to share between threads."""

    def __init__(self, catalog: Catalog, live: LiveIndex) -> None:
        self._catalog = catalog
        self._live = live

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        offset: int = 0,
        collections: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> SearchResult:
        """Rank the passages that answer a question and prove each.

        Raises QueryError for a question without a word to search for, IndexMissing and IndexIncompatible
        when there is no index that can answer.
        """
        began = time.perf_counter()
        query = _narrowed(parse(question), collections, languages)
        engine, generation = self._live.engine()
        ranking = engine.search(query, limit=offset + limit + _SPARE)
        weights = engine.weights(query)
        with self._catalog.reading() as transaction:
            # The index may be a moment behind the catalog: what has been retired since is no answer.
            cited = transaction.passages.citations([hit.passage_id for hit in ranking.hits])
            folded = _fold([citation for citation in cited if citation.retired_at is None])
            shown = folded[offset : offset + limit]
            same_words = transaction.passages.with_same_words({citation.text_hash for citation in shown})
        scores = {hit.passage_id: hit.score for hit in ranking.hits}
        hits = tuple(
            CitedHit(
                rank=rank,
                score=scores[citation.passage.id],
                citation=citation,
                also_in=_others(citation, same_words),
                **_marks(citation, query, weights),
            )
            for rank, citation in enumerate(shown, start=offset + 1)
        )
        confidence, missing = judge(query, ranking, folded[0] if folded else None, weights=weights)
        return SearchResult(
            question=question,
            query=query,
            total=ranking.total,
            took_ms=(time.perf_counter() - began) * 1000,
            generation=generation,
            confidence=confidence,
            hits=hits,
            missing=missing,
        )


def _narrowed(query: Query, collections: Sequence[str], languages: Sequence[str]) -> Query:
    """Return a query with more filters; who wants passages of one language asks in it."""
    wanted = tuple(dict.fromkeys((*query.languages, *languages)))
    return replace(
        query,
        collections=(*query.collections, *collections),
        languages=wanted,
        language=wanted[0] if len(wanted) == 1 else query.language,
    )


def _fold(citations: list[Citation]) -> list[Citation]:
    """Return the citations in their order, each text once."""
    first: dict[str, Citation] = {}
    for citation in citations:
        first.setdefault(citation.text_hash, citation)
    return list(first.values())


def _others(citation: Citation, same_words: list[Citation]) -> tuple[Citation, ...]:
    """Return the other passages with the same words, one for each document."""
    by_source = {
        other.source.id: other
        for other in reversed(same_words)
        if other.text_hash == citation.text_hash and other.source.id != citation.source.id
    }
    return tuple(reversed(by_source.values()))


def _marks(citation: Citation, query: Query, weights: Mapping[str, float]) -> Marks:
    passage = citation.passage
    return Marks(
        highlights=tuple(quote.highlights(passage.text, passage.language, query, weights=weights)),
        best_sentence=quote.best_sentence(
            passage.text, passage.language, query, weights=weights, skip=leading_headings(passage)
        ),
    )


def leading_headings(passage: Passage) -> int:
    """Return how many characters at the start of a passage are the headings that it stands under."""
    for first in range(len(passage.headings)):
        lines = "\n\n".join(passage.headings[first:])
        if passage.text.startswith(lines + "\n"):
            return len(lines)
    return 0
