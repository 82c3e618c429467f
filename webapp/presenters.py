"""What shape do answers, passages and documents have outside the program? One shape for CLI and JSON API."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime

from index.ranking.confidence import Confidence
from index.search import CitedHit, SearchResult, leading_headings
from kb.model import Citation, Passage, Source, StoredDocument
from kb.sentences import sentence_spans
from webapp.layout.findings import (
    conflict_json,
    conflict_lines,
    expansions_json,
    facet_lines,
    facets_json,
    place_of,
    reason_lines,
)
from webapp.layout.reasons import explanation_json
from webapp.links.standing import Standing
from webapp.openapi import shapes

_WIDTH = 96
_CONFIDENCE = {
    Confidence.STRONG: "strong match",
    Confidence.PARTIAL: "partial match",
    Confidence.WEAK: "weak match: the answer may not be in these documents",
    Confidence.NONE: "nothing in these documents answers this",
}


def search_json(result: SearchResult) -> shapes.Answer:
    """Return an answer as JSON types: the shape of ``kb search --json`` and of ``GET /api/v1/search``.

    Offsets in ``highlights`` and ``best_sentence`` count code points of the hit's ``text``; ``start`` and
    ``end`` count those of the document.
    """
    return {
        "query": result.question,
        "total": result.total,
        "took_ms": round(result.took_ms, 1),
        "generation": result.generation,
        "corrected": result.corrected,
        "confidence": result.confidence.value,
        "probability": round(result.probability, 3),
        "missing": list(result.missing),
        "unmet": list(result.unmet),
        "expansions": expansions_json(result),
        "conflicts": [conflict_json(conflict) for conflict in result.conflicts],
        "facets": facets_json(result),
        "hits": [_hit_json(hit) for hit in result.hits],
    }


def _hit_json(hit: CitedHit) -> shapes.Hit:
    citation, passage = hit.citation, hit.citation.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "passage_id": passage.id,
        "permalink": citation.permalink,
        "text": passage.text,
        "highlights": [list(span) for span in hit.highlights],
        "best_sentence": list(hit.best_sentence or _first_sentence(passage)),
        **_place_json(passage),
        "source": _cited_source_json(citation),
        "also_in": [_copy_json(copy, of=citation) for copy in hit.also_in],
        "alike": [_copy_json(copy, of=citation) for copy in hit.alike],
        "abbreviations": [
            {
                "start": each.start,
                "end": each.end,
                "short": each.explained.short,
                "long": each.explained.long,
                "passage_id": each.explained.passage_id,
            }
            for each in hit.abbreviations
        ],
        "explanation": explanation_json(hit),
    }


def _first_sentence(passage: Passage) -> tuple[int, int]:
    """Return the first sentence under the headings: where no sentence has a word of the question."""
    spans = sentence_spans(passage.text, passage.language)
    skip = leading_headings(passage)
    return next((span for span in spans if span[0] >= skip), spans[0])


def _place_json(passage: Passage) -> shapes.PassagePlace:
    return {
        "language": passage.language,
        "headings": list(passage.headings),
        "pages": list(passage.pages) if passage.pages else None,
        "page_label": passage.page_label,
        "start": passage.start,
        "end": passage.end,
    }


def _cited_source_json(citation: Citation) -> shapes.CitedSource:
    return {
        "id": citation.source.id,
        "title": citation.document_title,
        "uri": citation.source.uri,
        "collection": citation.source.collection,
        "media_type": citation.revision.media_type,
        "revision": citation.revision.id,
        "sha256": citation.revision.sha256,
        "fetched_at": moment(citation.revision.fetched_at),
        "day": citation.day.isoformat(),
    }


def _copy_json(citation: Citation, *, of: Citation) -> shapes.Copy:
    return {
        "same_words": citation.text_hash == of.text_hash,
        "passage_id": citation.passage.id,
        "permalink": citation.permalink,
        "source": _cited_source_json(citation),
    }


def passage_json(citation: Citation, standing: Standing) -> shapes.CitedPassage:
    """Return a cited passage with W3C selectors, and where its words stand now.

    ``now`` is the passage that holds its words, or the words nearest to them, in today's document.
    """
    passage, now = citation.passage, standing.now
    return {
        "passage_id": passage.id,
        "permalink": citation.permalink,
        "status": standing.kind.value,
        "text": passage.text,
        **_place_json(passage),
        "source": _cited_source_json(citation),
        "selectors": selectors_json(citation),
        "retired_at": moment(citation.retired_at) if citation.retired_at else None,
        "now": None
        if now is None
        else {
            "passage_id": now.id,
            "permalink": f"/p/{now.id}",
            "text": now.text,
            "likeness": round(standing.likeness, 3),
            "source_id": now.source_id,
        },
        "elsewhere": [
            {
                "passage_id": other.passage.id,
                "permalink": other.permalink,
                "source": _cited_source_json(other),
            }
            for other in standing.elsewhere
        ],
    }


def selectors_json(citation: Citation) -> list[shapes.Selector]:
    """Return the selectors of a passage (https://www.w3.org/TR/annotation-model/#selectors)."""
    passage = citation.passage
    return [
        {
            "type": "TextQuoteSelector",
            "exact": passage.text,
            "prefix": citation.prefix,
            "suffix": citation.suffix,
        },
        {"type": "TextPositionSelector", "start": passage.start, "end": passage.end},
    ]


def source_json(source: Source, *, passages: int) -> shapes.ListedDocument:
    """Return a source as it stands in a list of documents."""
    return {
        "id": source.id,
        "title": source.title,
        "uri": source.uri,
        "collection": source.collection,
        "state": source.state.value,
        "passages": passages,
        "added_at": moment(source.added_at),
        "changed_at": moment(source.changed_at),
        "error": None
        if source.error_code is None
        else {"code": source.error_code, "reason": source.error, "remedy": source.remedy},
    }


def document_json(
    source: Source, stored: StoredDocument | None, *, passages: Sequence[Passage], found: bool
) -> shapes.OneDocument:
    """Return one source with the document that it serves, and the passages of that document in order.

    ``found``: the index has all of them.
    """
    return {
        **source_json(source, passages=len(passages)),
        "found": found,
        "document": None
        if stored is None
        else {
            "title": stored.document.title,
            "language": stored.document.language,
            "characters": len(stored.document.text),
            "media_type": stored.revision.media_type,
            "revision": stored.revision.id,
            "sha256": stored.revision.sha256,
            "size": stored.revision.size,
            "fetched_at": moment(stored.revision.fetched_at),
            "reader": stored.reader,
            "author": stored.document.author,
            "dated": None if stored.document.dated is None else stored.document.dated.isoformat(),
            "url": stored.document.url,
            "particulars": [{"name": name, "value": value} for name, value in stored.document.particulars],
        },
        "cited_as": [
            {"passage_id": passage.id, "permalink": f"/p/{passage.id}", **_place_json(passage)}
            for passage in passages
        ],
    }


def moment(time: datetime) -> str:
    """Return a time as RFC 3339 writes it, to the second."""
    return time.isoformat(timespec="seconds")


def search_text(result: SearchResult, *, counts: bool = False) -> str:
    """Return an answer for a terminal; ``counts``: with how many matches there are of each kind."""
    said = _CONFIDENCE[result.confidence]
    if result.confidence is Confidence.NONE:
        meant = f" Did you mean: {result.corrected}" if result.corrected else ""
        return f"{said[0].upper()}{said[1:]}.{meant}"
    lines = [f"{result.total:,} passage{'' if result.total == 1 else 's'}, {said}"]
    if result.unmet:
        words = ", ".join(f'"{each}"' for each in result.unmet)
        lines.append(f"no passage has {words} as you asked for it; these are the nearest without that")
    if result.missing:
        lines.append(f"words that the first passage lacks: {', '.join(result.missing)}")
    if result.corrected:
        lines.append(f"did you mean: {result.corrected}")
    if result.expansions and result.expanded:
        words = ", ".join(each.text for each in result.expansions)
        lines.append(f"also searching: {words} (--exactly for your words only)")
    lines += conflict_lines(filter(result.is_about, result.conflicts))
    lines += facet_lines(result) if counts else ()
    for hit in result.hits:
        beside = conflict_lines(result.conflicts_beside(hit))
        lines += ["", *_hit_lines(hit), *(f"   {line}" for line in beside)]
    return "\n".join(lines)


def _hit_lines(hit: CitedHit) -> list[str]:
    citation, passage = hit.citation, hit.citation.passage
    headings = [heading for heading in passage.headings if heading != citation.document_title]
    path = " › ".join((citation.document_title, *headings))
    if passage.pages:
        first, last = passage.pages
        numbers = f"page {first}" if first == last else f"pages {first}–{last}"
        path += f", {passage.page_label or numbers}"
    lines = [f"{hit.rank}. {path}"]
    for line in passage.text[leading_headings(passage) :].strip().splitlines():
        lines += textwrap.wrap(line, _WIDTH, initial_indent="   ", subsequent_indent="   ")
    lines += [
        f"   also in: {place_of(other.source.collection, other.source.place)}"
        + ("" if other.text_hash == citation.text_hash else " (in nearly the same words)")
        for other in hit.also_in
    ]
    lines += reason_lines(hit)
    place = place_of(citation.source.collection, citation.source.place)
    lines.append(f"   {place}  {citation.permalink}")
    return lines
