"""Which lines are entries of a table of contents?

Their dots and page numbers are for paper; without them an entry is the heading that it leads to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ingest.readers.pdf.lines import Line, reading_order, text_of

_LED = re.compile(
    r"(?P<words>.*?[^\s.…·_])\s*(?:\.[ .]{2,}\.|…[. …]*|(?:\. ){2,}\.?|·{3,}|_{4,})\s*"
    r"(?P<page>\d{1,4}|[ivxlc]{1,7}|[A-Z]-?\d{1,3})"
)
_PAGE = re.compile(r"\d{1,4}|[ivxlc]{1,7}|[A-Z]-\d{1,3}")
_TITLE = re.compile(
    r"(?:table of |tabla de |list of |lista de )?"
    r"(?:contents|contenidos?|materias|figures|tables|figuras|tablas)|índice(?: general| de \w+)?|sumario",
    re.IGNORECASE,
)
_FEWEST = 3
# Points by which the right edges of page numbers, and the indentations of one level, may differ.
_EDGE, _INDENT = 2.5, 4.0


def mark_entries(lines: Sequence[Line]) -> None:
    """Mark the entries, with their depth from 1, and take off their dots and page numbers."""
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.cells is None:
            pages[line.page].append(line)
    for line in _listed(lines):
        line.cells = None
        line.headers = ()
        pages[line.page].append(line)
        line.entry = 1
    for found in pages.values():
        led = [line for line in found if _LED.fullmatch(line.text) or line.entry]
        if len(led) < _FEWEST:
            continue
        edges = [line.right for line in led]
        entries = [line for line in found if line in led or _ends_at(line, edges) or line.entry]
        for line in entries:
            _take_off(line)
        _give_depths(entries)


def _listed(lines: Sequence[Line]) -> list[Line]:
    """Return the rows of two cells, words and a page number, under the title of a list of contents."""
    found: list[Line] = []
    page = 0
    for line in lines:
        if _TITLE.fullmatch(line.text):
            page = line.page
        elif line.page == page and len(cells := line.cells or []) == 2 and all(cells):
            found.extend([line] if _PAGE.fullmatch(text_of(cells[1][0])) else [])
    return found if len(found) >= _FEWEST else []


def _ends_at(line: Line, edges: Sequence[float]) -> bool:
    """Return whether a line ends in a page number where the others do: one that left no room for dots."""
    last = reading_order(line.words)[-1]
    return (
        len(line.words) > 1
        and _PAGE.fullmatch(last.text) is not None
        and any(abs(edge - last.right) <= _EDGE for edge in edges)
    )


def _take_off(line: Line) -> None:
    found = _LED.fullmatch(line.text)
    words = reading_order(line.words)[:-1]
    while len(words) > 1 and found is not None and not any(map(str.isalnum, words[-1].text)):
        words.pop()
    line.keep(words, text=found.group("words") if found is not None else None)


def _give_depths(entries: Sequence[Line]) -> None:
    indents: list[float] = []
    for left in sorted(line.left for line in entries):
        if not indents or left - indents[-1] > _INDENT:
            indents.append(left)
    for line in entries:
        line.entry = 1 + sum(left < line.left - _INDENT for left in indents)
