"""Does a guide read the same from its PDF, its web pages and its EPUB as from its plain text?

python -m tests.quality.renditions DATA            measure, and fail below a floor
python -m tests.quality.renditions DATA --table    … and write docs/quality/pdf.md

DATA holds ``renditions-gold/`` (the same guides as PDF, HTML, EPUB and text), ``formats/``, ``pdf-hard/``
(with ``passwords.json``) and ``domain/``. Other readers of PDF are measured on the same files where the extra
``bench`` is installed. Pages are checked against Poppler's pdftotext, which shares no code with any of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

from kb.model import BlockKind, Document

GUIDES = ("debian-faq.en", "developers-reference.en", "maint-guide.en", "maint-guide.es")
EPUB = "application/epub+zip"
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?|ftp):\s*//\s*(?:\S*/\n\s*)*\S+")
_NUMBER = re.compile(
    r"^\W*(?:(?:chapter|appendix|capítulo|apéndice)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[A-C](?:\.\d{1,2})+)\.?\s+",
    re.I,
)
_HEADED = re.compile(
    r"(?:(?:Chapter|Appendix|Capítulo|Apéndice)\s\w{1,2}|(?:\d{1,2}|[A-C])(?:\.\d{1,2})+)\.\s+\S.*"
)
_UNDERLINE = re.compile(r"([=*~-])\1{3,}")
_SAMPLE, _SHORTEST = 300, 40


@dataclass(frozen=True, slots=True)
class Score:
    """How well a rendition agrees with the text: F1 of word 3-grams, and of headings if any are known."""

    guide: str
    reader: str
    words: float
    headings: float | None = None
    seconds: float = 0.0
    pages: int = 0


def trigrams(text: str) -> Counter[Hashable]:
    """Count the runs of three words, letters and digits apart, addresses of web pages left out."""
    words = _WORD.findall(_ADDRESS.sub(" ", unicodedata.normalize("NFKC", text).casefold()))
    return Counter(zip(words, words[1:], words[2:], strict=False))


def f1(found: Counter[Hashable], gold: Counter[Hashable]) -> float:
    """Return the harmonic mean of precision and recall of two bags."""
    return 2 * (found & gold).total() / max(found.total() + gold.total(), 1)


def heading_key(text: str) -> str:
    """Return a heading without its number, case, spaces and signs."""
    return "".join(_WORD.findall(_NUMBER.sub("", unicodedata.normalize("NFKC", text).strip()).casefold()))


def gold_headings(text: str) -> Counter[Hashable]:
    """Return the headings of a guide's text: the title, underlined lines, numbered lines at the margin."""
    lines = text.splitlines()
    found = [next(line for line in lines if line.strip())]
    for at, line in enumerate(lines):
        if at + 1 < len(lines) and line.strip() and _UNDERLINE.fullmatch(lines[at + 1]):
            found.append(line)
        elif _HEADED.fullmatch(line) and not lines[at - 1].strip():
            end = at + 1
            while end < len(lines) and lines[end].strip() and not lines[end].startswith(" "):
                end += 1
            found.append(" ".join(lines[at:end]))
    return Counter(heading_key(heading) for heading in set(found))


def headings_of(document: Document) -> Counter[Hashable]:
    """Return the headings that a reader found."""
    found = (document.block_text(block) for block in document.blocks if block.kind is BlockKind.HEADING)
    return Counter(key for text in found if (key := heading_key(text)))
