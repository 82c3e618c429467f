"""How does a question become cited answers? The one service that every face calls.

question ─parse─▶ Query ─expand─▶ Query ─rank─▶ Hits ─catalog─▶ Citations ─fold─▶ places ─quote─▶ CitedHits
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.alike.conflicts import Conflict, conflicts
from index.alike.folding import Place, places, showable
from index.alike.similar import question_of
from index.demands import nearest
from index.engine import Engine, IndexedPassage, Ranking
from index.fields import RERANKED
from index.generations import LiveIndex
from index.library.glossary import Glossary
from index.library.leading import leading_headings
from index.library.store import Library
from index.library.synonyms import Synonyms
from index.library.vocabulary import Suggestion, Vocabulary
from index.marking import Marker
from index.notes import look_up, note
from index.query import Order, Query, Words
from index.ranking.confidence import Confidence, Verdict, at_most_partial, judge
from index.remembered import Remembered
from index.results import Abbreviation, CitedHit, SearchResult, View
from index.understood import Understood, understood
from kb.catalog import Catalog
from kb.catalog.memory import Memory, Proofs
from kb.errors import KBError
from kb.languages import OTHER
from kb.model import Citation, Hit

# Passages that say the same take one place in the results. So many more are ranked than shown, to fill the
# places that folding frees; copies beyond that show as hits of their own.
_SPARE = 20
# Ranked passages that are searched for contradictions of those shown.
_COMPARED = 12
# Passages that name the same as the first, looked at for another figure.
_WITNESSES = 6
# Places that tell how sure the first is: copies of it say nothing against it.
_JUDGED = 4


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question at work: as it was typed (``plain``), and with what else is searched for (``query``)."""

    engine: Engine
    query: Query
    plain: Query
    view: View
    weights: Mapping[str, float]


class SearchService:
    """Answers questions from the live index and the catalog. Safe to share between threads."""

    def __init__(self, catalog: Catalog, live: LiveIndex, *, synonyms: Path | None = None) -> None:
        self._catalog = catalog
        self._memory = Memory(catalog)
        self._live = live
        self.synonyms = Synonyms(synonyms or Path("no such file"))
        self._libraries: dict[int, Library] = {}
        self._remembered: Remembered[SearchResult] = Remembered()
        self._understood: Remembered[Understood] = Remembered()

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        offset: int = 0,
        collections: Sequence[str] = (),
        languages: Sequence[str] = (),
        view: View | None = None,
    ) -> SearchResult:
        """Rank the passages that answer a question and prove each.

        Raises QueryError for a question without a word to search for, IndexMissing and IndexIncompatible
        when there is no index that can answer.
        """
        began = time.perf_counter()
        view = view or View()
        narrowing = (tuple(collections), tuple(languages))
        state = self.state()

        def understand() -> Understood:
            return understood(question, self._library(), self.synonyms, collections=collections)

        def answer() -> SearchResult:
            meant = self._understood.get((question, narrowing[0]), state, understand)
            return self._searched(meant, *narrowing, view=view, limit=limit, offset=offset)

        result = self._remembered.get((question, limit, offset, narrowing, view), state, answer)
        return replace(result, took_ms=(time.perf_counter() - began) * 1000)

    def _searched(
        self,
        meant: Understood,
        collections: Sequence[str],
        languages: Sequence[str],
        *,
        view: View,
        limit: int,
        offset: int,
    ) -> SearchResult:
        query = _narrowed(meant.plain, collections, languages, view=view)
        query = replace(query, expansions=meant.expansions) if view.expand else query
        result = self._answer(query, view, limit=limit, offset=offset, leave_out=None)
        if not result.total:
            result = self._nearest(query, view, limit=limit, offset=offset) or result
        return replace(
            result,
            question=meant.question,
            corrected=meant.corrected,
            expansions=meant.expansions,
            expanded=view.expand,
        )

    def _nearest(self, query: Query, view: View, *, limit: int, offset: int) -> SearchResult | None:
        """Return the nearest to what was demanded in vain; None if nothing was, or nothing is near."""
        engine, _ = self._live.engine()
        found = nearest(query, lambda other: engine.search(other, limit=1).total > 0)
        if found is None:
            return None
        near = self._answer(found[0], view, limit=limit, offset=offset, leave_out=None)
        verdict = at_most_partial(Verdict(near.confidence, near.probability))
        return replace(
            near,
            unmet=tuple(clause.text for clause in found[1]),
            confidence=verdict.confidence,
            probability=verdict.probability,
        )

    def state(self) -> tuple[object, ...] | None:
        """Return what answers depend on; None when nothing tells of changes in the catalog."""
        version = self._catalog.version()
        engine, generation = self._live.engine()
        # Looked at in any case: what is remembered of the library is forgotten when it has changed.
        known = self._library().version()
        if version is None:
            return None
        return version, generation, engine.sequence, known, self.synonyms.current()

    def like(
        self,
        passage_id: str,
        *,
        limit: int = 10,
        offset: int = 0,
        collections: Sequence[str] = (),
        languages: Sequence[str] = (),
        view: View | None = None,
    ) -> SearchResult:
        """Rank the passages that are about the same as one, which is left out with its copies.

        Raises PassageUnknown for an id that no passage has or had, QueryError for a passage without words.
        """
        began = time.perf_counter()
        view = view or View()
        engine, _ = self._live.engine()
        self._library_now()
        with self._catalog.reading() as transaction:
            citation = transaction.passages.citation(passage_id)
            document = transaction.passages.of_source(citation.source.id)
        query = question_of(citation.passage, document, engine.weights)
        query = _narrowed(query, collections, languages, view=view)
        result = self._answer(query, view, limit=limit, offset=offset, leave_out=citation)
        return replace(result, took_ms=(time.perf_counter() - began) * 1000, missing=())

    def suggest(self, typed: str, *, collections: Sequence[str] | None = None) -> list[Suggestion]:
        """Return how a question that is being typed may go on; nothing when there is no index."""
        try:
            return Vocabulary(self._library_now()).suggest(typed, collections=collections)
        except KBError:
            return []

    def knows(self, word: str) -> bool:
        """Tell whether the documents use a word, in any form; none is known when there is no index."""
        try:
            return Vocabulary(self._library_now()).knows(word)
        except KBError:
            return False

    def difference(self, one: str, two: str) -> tuple[Citation, Citation]:
        """Return two passages to be compared; raise PassageUnknown."""
        with self._catalog.reading() as transaction:
            return transaction.passages.citation(one), transaction.passages.citation(two)

    def _library(self) -> Library:
        _, generation = self._live.engine()
        if generation not in self._libraries:
            self._libraries = {generation: Library(self._live.folder(generation))}
        return self._libraries[generation]

    def _library_now(self) -> Library:
        """Return what is known of the library, with nothing remembered of it that has changed."""
        library = self._library()
        library.version()
        return library

    def _answer(
        self, query: Query, view: View, *, limit: int, offset: int, leave_out: Citation | None
    ) -> SearchResult:
        engine, generation = self._live.engine()
        plain = replace(query, expansions=())
        asked = _Asked(engine, query, plain, view, engine.weights(query))
        ranking = engine.search(query, limit=max(offset + limit + _SPARE, _COMPARED), facets=view.facets)
        with self._memory.reading() as proofs:
            most = max(offset + limit, _JUDGED)
            live: list[Citation] = []
            found: list[Place] = []
            for hits in _in_goes(ranking.hits, max(most + (leave_out is not None), _COMPARED)):
                live += _live(hits, proofs)
                look_up([citation.passage for citation in live], self._library())
                found = self._places(live, asked, proofs, most=most, leave_out=leave_out)
                if len(found) >= most:
                    break
            titles = _titles(ranking, proofs)
            shown = found[offset : offset + limit]
            witnesses = self._witnesses(shown, asked, proofs)
        cited = self._hits(shown, asked, ranking, first=offset + 1)
        apart = replace(ranking, hits=_earned(ranking, found))
        verdict = judge(plain, apart, found[0].earned if found else None, weights=_own(asked))
        return SearchResult(
            question="",
            query=query,
            total=ranking.total - (leave_out is not None and ranking.total > 0),
            took_ms=0.0,
            generation=generation,
            confidence=verdict.confidence,
            probability=verdict.probability,
            hits=cited,
            missing=verdict.missing,
            conflicts=_conflicts(shown, live, witnesses),
            facets=ranking.facets,
            titles=titles,
        )

    def _places(
        self,
        live: Sequence[Citation],
        asked: _Asked,
        proofs: Proofs,
        *,
        most: int,
        leave_out: Citation | None,
    ) -> list[Place]:
        """Return the places of the results, without the passage that was asked about and its copies."""
        spare = 1 if leave_out is not None else 0
        found = places(live, proofs, self._library(), most=most + spare, may_show=showable(asked.query))
        if leave_out is None:
            return found
        own, words = leave_out.passage.id, leave_out.text_hash
        return [
            place
            for place in found
            if all(
                copy.passage.id != own and copy.text_hash != words
                for copy in (place.earned, place.shown, *place.copies)
            )
        ]

    def _witnesses(self, shown: Sequence[Place], asked: _Asked, proofs: Proofs) -> list[Citation]:
        """Return passages that name what the first one shown gives a figure of, in any language."""
        names = note(shown[0].shown.passage).names if shown else None
        if names is None:
            return []
        clauses = (Words(names.every), Words(names.code, required=True))
        query = replace(asked.plain, clauses=clauses, refused=(), language=OTHER)
        found = asked.engine.search(query, limit=_WITNESSES)
        live = _live(found.hits, proofs)
        look_up([citation.passage for citation in live], self._library())
        return live

    def _hits(
        self, shown: Sequence[Place], asked: _Asked, ranking: Ranking, *, first: int
    ) -> tuple[CitedHit, ...]:
        scores = {hit.passage_id: hit for hit in ranking.hits}
        abbreviations = _abbreviations(shown, Glossary(self._library()), asked.query)
        marker = Marker(asked.query, weights=asked.weights, own=_own(asked))
        hits = []
        for rank, (place, short_forms) in enumerate(zip(shown, abbreviations, strict=True), start=first):
            earned = scores[place.earned.passage.id]
            anew = asked.query.order is Order.RELEVANCE and earned.rank <= RERANKED
            explained = None
            if asked.view.explain:
                explained = asked.engine.explain(asked.query, _indexed(place.earned), anew=anew)
            hits.append(
                CitedHit(
                    rank=rank,
                    score=earned.score,
                    citation=place.shown,
                    also_in=place.copies,
                    alike=place.alike,
                    abbreviations=short_forms,
                    explanation=explained,
                    explained=place.earned if explained else None,
                    **marker.of(place.shown.passage),
                )
            )
        return tuple(hits)


def _narrowed(query: Query, collections: Sequence[str], languages: Sequence[str], *, view: View) -> Query:
    """Return a query with more filters, read as it was without: a filter only takes passages away."""
    return replace(
        query,
        collections=(*query.collections, *collections),
        languages=tuple(dict.fromkeys((*query.languages, *languages))),
        source_ids=(*query.source_ids, *view.documents),
        media_types=(*query.media_types, *view.media_types),
        since=view.since,
        until=view.until,
        order=view.order,
    )


def _conflicts(
    shown: Sequence[Place], live: Sequence[Citation], witnesses: Sequence[Citation]
) -> tuple[Conflict, ...]:
    """Return the contradictions of what is shown, by what ranks high or says nearly the same."""
    compared = {citation.passage.id: citation for place in shown for citation in (place.shown, *place.alike)}
    compared |= {citation.passage.id: citation for citation in [*live[:_COMPARED], *witnesses]}
    hidden = {copy.passage.id for place in shown for copy in place.copies}
    found = conflicts([citation for citation in compared.values() if citation.passage.id not in hidden])
    on_page = {place.shown.passage.id for place in shown}
    return tuple(
        conflict
        for conflict in found
        if any(statement.citation.passage.id in on_page for statement in conflict.statements)
    )


def _earned(ranking: Ranking, found: Sequence[Place]) -> list[Hit]:
    """Return the hits that earned the places."""
    by_id = {hit.passage_id: hit for hit in ranking.hits}
    return [by_id[place.earned.passage.id] for place in found]


def _abbreviations(
    shown: Sequence[Place], glossary: Glossary, query: Query
) -> list[tuple[Abbreviation, ...]]:
    """Return the short forms in each passage, as those documents explain them that are looked at."""
    passages = [place.shown.passage for place in shown]
    found = glossary.within(passages, collections=query.collections or None)
    return [tuple(Abbreviation(*each) for each in of_text) for of_text in found]


def _in_goes(hits: Sequence[Hit], enough: int) -> Iterator[Sequence[Hit]]:
    """Yield the first hits, which nearly always fill the page, then those that are spare."""
    yield hits[:enough]
    if len(hits) > enough:
        yield hits[enough:]


def _live(hits: Sequence[Hit], proofs: Proofs) -> list[Citation]:
    """Return the passages of hits with their proof.

    The index may be a moment behind the catalog: what has been retired since is no answer.
    """
    cited = proofs.citations([hit.passage_id for hit in hits])
    return [citation for citation in cited if citation.retired_at is None]


def _titles(ranking: Ranking, proofs: Proofs) -> dict[str, str]:
    """Return the titles of the documents that most matches are in."""
    listed = list(ranking.facets.get("source_id", {}))
    return proofs.titles(listed) if listed else {}


def _indexed(citation: Citation) -> IndexedPassage:
    passage = citation.passage
    return IndexedPassage(
        id=passage.id,
        title=citation.document_title,
        headings=passage.headings,
        text=passage.text,
        language=passage.language,
        collection=citation.source.collection,
        source_id=passage.source_id,
        media_type=citation.revision.media_type,
        day=citation.day.isoformat(),
    )


def _own(asked: _Asked) -> Mapping[str, float]:
    """Return the weights of the question's own words, to be marked one by one."""
    return asked.engine.weights(asked.plain) if asked.query.expansions else asked.weights


__all__ = ["CitedHit", "Confidence", "SearchResult", "SearchService", "View", "leading_headings"]
