"""Which other passages of a document match the question, and which comes before and after the one shown?"""

from __future__ import annotations

from dataclasses import dataclass

from index.results import View
from kb.errors import KBError
from kb.model import Passage
from webapp.current import services
from webapp.layout.prose import Stretch

# Best passages of one document that are walked through; later ones share a word or two with the question.
_MOST = 20


@dataclass(frozen=True, slots=True)
class Matches:
    """The best passages of a document for a question, in the order of the document.

    ``number`` is the place of the passage shown among them, from 1; 0 when it is none of them. ``words`` are
    the question's words in all of them, as stretches of the document.
    """

    total: int = 0
    number: int = 0
    before: Passage | None = None
    after: Passage | None = None
    words: tuple[Stretch, ...] = ()


def matches_in(source_id: str, question: str, *, near: Passage | None) -> Matches:
    """Return the passages of a document that match; none where the question or the index is of no use."""
    if not question.strip():
        return Matches()
    try:
        found = services().search.search(
            question, limit=_MOST, view=View(documents=(source_id,), facets=False)
        )
    except KBError:
        # The document can be read all the same.
        return Matches()
    hits = sorted(found.hits, key=lambda hit: hit.citation.passage.start)
    passages = [hit.citation.passage for hit in hits if hit.citation.source.id == source_id]
    words = tuple(
        (hit.citation.passage.start + start, hit.citation.passage.start + end)
        for hit in hits
        if hit.citation.source.id == source_id
        for start, end in hit.highlights
    )
    if near is None:
        return Matches(len(passages), after=passages[0] if passages else None, words=words)
    return Matches(
        total=len(passages),
        number=next((n for n, one in enumerate(passages, start=1) if one.id == near.id), 0),
        before=next((one for one in reversed(passages) if one.start < near.start), None),
        after=next((one for one in passages if one.start > near.start), None),
        words=words,
    )
