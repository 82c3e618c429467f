"""Where does a cited passage stand today: where it stood, elsewhere, in other words, or nowhere?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from kb.catalog import Transaction
from kb.model import Citation, Passage
from kb.selectors import Anchor, TextQuote, anchor, exactly

# Other documents that are named where the words stand still.
_MOST = 5


class StandingKind(StrEnum):
    """What became of a passage since it was cited."""

    CURRENT = "current"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a passage, and the passage that holds its words, or words like them, now.

    ``place`` is where exactly these words stand in the document of ``now``, which is another source's when
    only that has the words still. ``likeness`` is 1.0 for the same words, and 0.0 when nothing like them is
    left. ``elsewhere`` are passages of other documents that hold the very words, where its own does not.
    """

    kind: StandingKind
    now: Passage | None = None
    likeness: float = 0.0
    place: Anchor | None = None
    elsewhere: tuple[Citation, ...] = ()


def standing(transaction: Transaction, citation: Citation) -> Standing:
    """Return where the words of a passage stand: in the document that its source serves, or in another."""
    passage = citation.passage
    if citation.retired_at is None:
        return Standing(StandingKind.CURRENT, passage, 1.0, Anchor(passage.start, passage.end, 1.0))
    found = standing_in(transaction, citation, citation.source.id)
    if found is not None and found.kind is StandingKind.MOVED:
        return found
    others = _elsewhere(transaction, citation)
    if found is not None:
        return replace(found, elsewhere=tuple(held for held, _ in others))
    if not others:
        return Standing(StandingKind.REMOVED)
    held, place = others[0]
    return Standing(StandingKind.MOVED, held.passage, 1.0, place, tuple(held for held, _ in others))


def standing_in(transaction: Transaction, citation: Citation, source_id: str) -> Standing | None:
    """Return where the words of a passage stand in the document that one source serves, word for word
    or nearly; None if nowhere.
    """
    document_id = transaction.sources.get(source_id).document_id
    if document_id is None:
        return None
    text = transaction.documents.get(document_id).document.text
    place = anchor(text, _quote(citation), near=citation.passage.start)
    now = None if place is None else _holding(transaction.passages.of_source(source_id), place)
    if place is None or now is None:
        return None
    kind = StandingKind.MOVED if place.likeness == 1.0 else StandingKind.CHANGED
    return Standing(kind, now, place.likeness, place)


def _elsewhere(transaction: Transaction, citation: Citation) -> list[tuple[Citation, Anchor]]:
    """Return the passages of other documents that hold the very words of a quote, and where these stand."""
    quote = _quote(citation)
    line = max(quote.exact.split("\n"), key=len)
    found = []
    others = transaction.documents.served_with_words(line, other_than=citation.source.id, most=_MOST)
    for document_id in others:
        stored = transaction.documents.get(document_id)
        place = exactly(stored.document.text, quote)
        held = place and _holding(transaction.passages.of_source(stored.revision.source_id), place)
        if place and held:
            found += [(held, place) for held in transaction.passages.citations([held.id])]
    return found


def _quote(citation: Citation) -> TextQuote:
    return TextQuote(citation.passage.text, citation.prefix, citation.suffix)


def _holding(passages: list[Passage], place: Anchor) -> Passage | None:
    """Return the passage that holds most of a place, the first of several."""
    return max(passages, key=lambda passage: _shared(passage, place), default=None)


def _shared(passage: Passage, place: Anchor) -> int:
    return min(passage.end, place.end) - max(passage.start, place.start)
