"""How is a place in a text named so that it is found again when the text has changed?

Selectors of the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/#selectors): a quote
with the words around it, and a position. Re-anchoring tries the exact words first, the nearest to where
they stood and with the best-fitting surroundings, and then words that are nearly the same.
"""

from __future__ import annotations

import re
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
    equal places. Words are exact too when only the spaces and line ends between them are others.
    """
    found = exactly(text, quote, near=near)
    return found if found is not None else _nearly(text, quote.exact)


def exactly(text: str, quote: TextQuote, *, near: int = 0) -> Anchor | None:
    """Find the very words of a quote in a text, or return None; see ``anchor``."""
    if not quote.exact:
        return None
    places = _occurrences(text, re.escape(quote.exact), quote)
    if not places and quote.exact.strip():
        places = _occurrences(text, r"\s+".join(map(re.escape, quote.exact.split())), quote)
    if not places:
        return None
    start, end = max(places, key=lambda at: (_context_likeness(text, at, quote), -abs(at[0] - near)))
    return Anchor(start, end, 1.0)


def _occurrences(text: str, pattern: str, quote: TextQuote) -> list[tuple[int, int]]:
    """Return where a pattern stands, but for places inside longer words: "no" is not said in "notice"."""
    before = r"(?<!\w)" if _in_word(quote.exact[0]) and not _in_word(quote.prefix[-1:]) else ""
    after = r"(?!\w)" if _in_word(quote.exact[-1]) and not _in_word(quote.suffix[:1]) else ""
    # Looked for ahead, so that places that lie over each other are all found.
    return [match.span(1) for match in re.finditer(f"(?={before}({pattern}){after})", text)]


def _in_word(char: str) -> bool:
    return re.match(r"\w", char) is not None


def _context_likeness(text: str, place: tuple[int, int], quote: TextQuote) -> float:
    start, end = place
    before = fuzz.ratio(text[max(0, start - len(quote.prefix)) : start], quote.prefix)
    after = fuzz.ratio(text[end : end + len(quote.suffix)], quote.suffix)
    return before + after


def _nearly(text: str, words: str) -> Anchor | None:
    if not text or not words:
        return None
    found = fuzz.partial_ratio_alignment(words, text, score_cutoff=100 * LEAST_LIKENESS)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, end = _whole_words(text, found.dest_start, found.dest_end)
    likeness = fuzz.ratio(words, text[start:end]) / 100
    # Letters inside a longer word are no words: what is the same to the letter was found before.
    return Anchor(start, end, likeness) if LEAST_LIKENESS <= likeness < 1.0 else None


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a place widened to the words that it cuts, and narrowed to words at its ends."""
    while start > 0 and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
        end += 1
    place = text[start:end]
    return start + len(place) - len(place.lstrip()), start + len(place.rstrip())
