"""How is a place in a text named so that it is found again when the text has changed?

Selectors of the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/#selectors): a quote
with the words around it, and a position. Re-anchoring tries the exact words first, the nearest to where
they stood and with the best-fitting surroundings, and then words that are nearly the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

# Characters kept before and after a quotation: enough to tell two equal sentences apart in practice (32 is
# what Hypothesis and the Text Fragments proposal settled on too).
CONTEXT = 32
# Below this share of equal characters, words are taken for others and not for a changed form of the quote.
LEAST_LIKENESS = 0.7


@dataclass(frozen=True, slots=True)
class TextQuote:
    """W3C TextQuoteSelector: the exact words, and those just before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quote stands now. ``likeness`` is 1.0 for the same words, lower for changed ones."""

    start: int
    end: int
    likeness: float


def text_quote(text: str, start: int, end: int) -> TextQuote:
    """Return the selector of ``text[start:end]``."""
    return TextQuote(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def anchor(text: str, quote: TextQuote, *, near: int = 0) -> Anchor | None:
    """Find a quote in a text: its exact words, else the words most like it; None when they are gone.

    ``near`` is the position where it stood (W3C TextPositionSelector ``start``), used to choose between
    equal places.
    """
    if not quote.exact:
        return None
    places = _occurrences(text, quote.exact)
    if places:
        start = max(places, key=lambda at: (_context_likeness(text, at, quote), -abs(at - near)))
        return Anchor(start, start + len(quote.exact), 1.0)
    return _nearly(text, quote.exact)


def _occurrences(text: str, words: str) -> list[int]:
    places = []
    at = text.find(words)
    while at >= 0:
        places.append(at)
        at = text.find(words, at + 1)
    return places


def _context_likeness(text: str, at: int, quote: TextQuote) -> float:
    end = at + len(quote.exact)
    before = fuzz.ratio(text[max(0, at - len(quote.prefix)) : at], quote.prefix)
    after = fuzz.ratio(text[end : end + len(quote.suffix)], quote.suffix)
    return before + after


def _nearly(text: str, words: str) -> Anchor | None:
    if not text:
        return None
    found = fuzz.partial_ratio_alignment(words, text, score_cutoff=100 * LEAST_LIKENESS)
    if found is None or found.dest_end <= found.dest_start:
        return None
    return Anchor(found.dest_start, found.dest_end, found.score / 100)
