"""Does an index find what is known to be in it? Some passages are asked for by their own words."""

from __future__ import annotations

from dataclasses import replace

from index.alike.similar import question_of
from index.analysis import analyzer
from index.engine import Engine
from index.query import Query
from kb.catalog import Catalog, Transaction
from kb.errors import QueryError
from kb.model import Citation

SAMPLE = 50
"""How many passages are asked for, spread over the library."""

_FIRST = 10
# Which share of the passages asked for must be among the first ten, or have one there with all the words that
# were asked for, as letters from one template have: of the libraries of docs/quality.md all do.
_LEAST = 0.9
# More passages than this of one document are not looked through.
_DEEPEST = 10_000


def faults(catalog: Catalog, engine: Engine) -> list[str]:
    """Return what is not found that should be, as sentences; nothing when the index answers as it must."""
    asked, first, lost = 0, 0, []
    with catalog.reading() as transaction:
        for passage_id in transaction.passages.sample(SAMPLE, until=engine.sequence):
            citation = transaction.passages.citation(passage_id)
            try:
                matched, among_first = _found(transaction, engine, citation)
            except QueryError:
                continue  # It has no words to ask for.
            asked, first = asked + 1, first + among_first
            lost += [] if matched else [passage_id]
    if lost:
        return [f"{len(lost)} of {asked} passages are not found by their own words, {lost[0]} among them"]
    if first < _LEAST * asked:
        return [f"of {asked} passages asked for by their own words only {first} are among the first {_FIRST}"]
    return []


def _found(transaction: Transaction, engine: Engine, citation: Citation) -> tuple[bool, bool]:
    """Tell whether a passage is found in its document, and whether it, or one like it, is among the first."""
    passage = citation.passage
    document = transaction.passages.of_source(passage.source_id)
    query = question_of(passage, document, engine.weights)
    within = engine.search(replace(query, source_ids=(passage.source_id,)), limit=_DEEPEST)
    matched = any(hit.passage_id == passage.id for hit in within.hits)
    best = transaction.passages.citations([hit.passage_id for hit in engine.search(query, limit=_FIRST).hits])
    return matched, any(_has_all(query, hit.passage.text) for hit in best)


def _has_all(query: Query, text: str) -> bool:
    terms = analyzer(query.language).terms
    return set(terms(" ".join(clause.text for clause in query.clauses))) <= set(terms(text))
