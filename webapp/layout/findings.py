"""How are contradictions, facets and expansions of an answer written for programs and the terminal?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.alike.conflicts import Conflict, Statement
from index.results import CitedHit, SearchResult
from ingest.fetch import is_web
from kb.text import canonical_line
from webapp.layout import kinds
from webapp.layout.reasons import plainly, reasons
from webapp.openapi import shapes

_FACETS = {
    "collection": "collection",
    "source_id": "document",
    "media_type": "type",
    "language": "language",
    "year": "year",
}


def conflict_json(conflict: Conflict) -> shapes.Conflict:
    """Return a contradiction; ``start`` and ``end`` of a value count code points of the passage's text."""
    return {
        "kind": conflict.kind.value,
        "values": [_statement_json(statement) for statement in conflict.statements],
    }


def _statement_json(statement: Statement) -> shapes.Statement:
    citation = statement.citation
    return {
        "value": statement.said,
        "start": statement.value[0],
        "end": statement.value[1],
        "sentence": statement.words,
        "passage_id": citation.passage.id,
        "permalink": citation.permalink,
        "day": citation.day.isoformat(),
        "source": {
            "id": citation.source.id,
            "title": citation.document_title,
            "uri": citation.source.uri,
            "collection": citation.source.collection,
        },
    }


def facets_json(result: SearchResult) -> dict[str, list[shapes.Count]] | None:
    """Return how many passages match for each value, the commonest first; of documents only a few."""
    if not result.facets:
        return None
    found = {}
    for facet, name in _FACETS.items():
        counts = result.facets.get(facet, {})
        listed = result.titles if facet == "source_id" else counts
        found[name] = [_count_json(facet, value, counts[value], result) for value in listed]
    return found


def _count_json(facet: str, value: str, count: int, result: SearchResult) -> shapes.Count:
    shown: shapes.Count = {"value": value, "count": count}
    if facet == "source_id":
        shown["title"] = result.titles[value]
    if facet == "media_type":
        shown["name"] = kinds.short_name(value)
    return shown


def expansions_json(result: SearchResult) -> shapes.Expansions:
    """Return what a question is searched with besides its words, and whether it was."""
    return {
        "used": result.expanded,
        "words": [{"for": each.word, "text": each.text} for each in result.expansions],
    }


def place_of(collection: str, place: str) -> str:
    """Return where a document is from in one line: its collection and path, or its address on the web."""
    return canonical_line(place if is_web(place) else f"{collection}/{place}")


def conflict_lines(conflicts: Iterable[Conflict]) -> Iterator[str]:
    """Yield contradictions for a terminal."""
    for conflict in conflicts:
        yield f"documents disagree on a {conflict.kind.value}:"
        for statement in conflict.statements:
            source = statement.citation.source
            yield (
                f"   {statement.said}  in {statement.citation.document_title} "
                f"({place_of(source.collection, source.place)}, {statement.citation.day.isoformat()})"
            )


def facet_lines(result: SearchResult) -> Iterator[str]:
    """Yield the counts of an answer for a terminal."""
    for name, counts in (facets_json(result) or {}).items():
        told = ", ".join(f"{each.get('title') or each['value']} ({each['count']})" for each in counts[:12])
        yield f"{name}: {told}"


def reason_lines(hit: CitedHit) -> Iterator[str]:
    """Yield why a hit ranks where it does, for a terminal."""
    for text, score in reasons(hit, plainly):
        yield f"   {'' if score is None else f'+{score:.2f}':>7}  {text}"
    if hit.explanation is not None:
        yield f"   {hit.explanation.score:>7.2f}  together"
