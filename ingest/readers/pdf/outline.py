"""Which headings does a PDF's outline (its bookmarks) name, and where?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import pypdfium2 as pdfium

from kb.text import canonical_line, fold

_MOST_ENTRIES, _DEEPEST = 5000, 8
# Numbers before a heading, which an outline may leave out or write otherwise.
_NUMBERING = re.compile(
    r"^(?:(?:chapter|section|part|appendix|capítulo|sección|parte|apéndice|anexo)\s+[\divxlc]+[.:]?\s+)?"
    r"(?:(?:\d{1,3}|[a-z])(?:\.\d{1,3})*[.):]?\s+)?",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline: ``level`` from 1, ``page`` from 1."""

    title: str
    level: int
    page: int


def outline_of(document: pdfium.PdfDocument) -> list[Entry]:
    """Return the entries of the outline that lead to a page, in order."""
    return list(_entries(document))


def _entries(document: pdfium.PdfDocument) -> Iterator[Entry]:
    for bookmark in islice(document.get_toc(max_depth=_DEEPEST), _MOST_ENTRIES):
        goal = bookmark.get_dest()
        page = goal.get_index() if goal is not None else None
        title = canonical_line(bookmark.get_title())
        if title and page is not None and page >= 0:
            yield Entry(title, bookmark.level + 1, page + 1)


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return what is equal for a heading and its outline entry: letters and digits, without its number."""
    line = canonical_line(text)
    return _LETTERS.sub("", fold(_NUMBERING.sub("", line) or line))
