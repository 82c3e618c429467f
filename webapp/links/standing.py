"""Where does a cited passage stand today: where it stood, elsewhere, in other words, or nowhere?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kb.catalog import Transaction
from kb.model import Citation, Passage
from kb.selectors import Anchor, TextQuote, anchor


class StandingKind(StrEnum):
    """What became of a passage since it was cited."""

    CURRENT = "current"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a passage, and the passage that holds its words, or words like them, now.

    ``likeness`` is 1.0 for the same words, and 0.0 when nothing like them is left.
    """

    kind: StandingKind
    now: Passage | None = None
    likeness: float = 0.0


def standing(transaction: Transaction, citation: Citation) -> Standing:
    """Return where the words of a passage stand in the document that its source serves now."""
    if citation.retired_at is None:
        return Standing(StandingKind.CURRENT, citation.passage, 1.0)
    if citation.source.document_id is None:
        return Standing(StandingKind.REMOVED)
    text = transaction.documents.get(citation.source.document_id).document.text
    quote = TextQuote(citation.passage.text, citation.prefix, citation.suffix)
    found = anchor(text, quote, near=citation.passage.start)
    if found is None:
        return Standing(StandingKind.REMOVED)
    now = _holding(transaction.passages.of_source(citation.source.id), found)
    if now is None:
        return Standing(StandingKind.REMOVED)
    kind = StandingKind.MOVED if found.likeness == 1.0 else StandingKind.CHANGED
    return Standing(kind, now, found.likeness)


def _holding(passages: list[Passage], place: Anchor) -> Passage | None:
    """Return the passage that holds most of a place, the first of several."""
    return max(passages, key=lambda passage: _shared(passage, place), default=None)


def _shared(passage: Passage, place: Anchor) -> int:
    return min(passage.end, place.end) - max(passage.start, place.start)
