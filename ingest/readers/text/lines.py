"""Which lines does a plain text have, and what does their place on the page say?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Drawn rules: what stands under one at the foot of a page is a footnote.
_RULE = re.compile(r"[_\-=*~─━–—·.⸻ ]{5,}")
_DRAWN = re.compile(r"[_\-=*~─━–—⸻]{3}")
# A line of nothing but this many spaces is the rule above footnotes, as PDF converters write it.
_SPACE_RULE = 20
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_LEADERS = re.compile(r"\s*(?:\.[ \u00a0]?){4,}\s*|\s*…{2,}\s*")
# A tab between words sets columns; it stays as wide as the space between columns.
_CELL = re.compile(r"(?<=\S) *\t[ \t]*(?=\S)")
_TAB = 4
# A clause or sentence is over, perhaps with quotation marks and a footnote's number after the stop.
ENDED = re.compile(r"[.!?:;…][\"”’»')\]]*(?:\s?\d{1,2})?$")
# A line is full if the next word would not have fitted. PDF text is set in proportional type, so a full line
# has up to an eighth fewer characters than the longest around it.
_FULL = 0.87


@dataclass(frozen=True, slots=True)
class Line:
    """A line with words: where it stands, and what stands before it.

    ``gap`` counts blank lines before it; ``page`` counts form feeds from 1; ``ruled`` says that a rule stands
    before it, ``underlined`` that one stands right under it. ``start`` is True for the first line of a page.
    """

    text: str
    indent: int
    gap: int
    page: int
    start: bool = False
    ruled: bool = False
    underlined: bool = False


def lines_of(text: str) -> list[Line]:
    """Return the lines that have words, in order."""
    lines: list[Line] = []
    gap, ruled, start, page = 0, False, True, 1
    for raw in _LINE_ENDS.sub("\n", text).replace("\v", "\n").replace("\f", "\n\f").split("\n"):
        if raw.startswith("\f"):
            page, start = page + raw.count("\f"), True
            gap = max(gap, 1)
        expanded = _CELL.sub("   ", raw.strip("\f")).expandtabs(_TAB).replace("\u00a0", " ").rstrip()
        words = expanded.lstrip()
        if words and not _RULE.fullmatch(words):
            words = _LEADERS.sub(" … ", words).strip() if ".." in words or ". ." in words else words
            lines.append(Line(words, len(expanded) - len(expanded.lstrip()), gap, page, start, ruled))
            gap, ruled, start = 0, False, False
        elif words:
            if _UNDERLINE.fullmatch(words) and gap == 0 and lines:
                lines[-1] = replace(lines[-1], underlined=len(words) >= len(lines[-1].text) * 0.6)
            ruled, gap = ruled or bool(_DRAWN.search(words)), max(gap, 1)
        else:
            ruled = ruled or len(raw.strip("\n\r")) >= _SPACE_RULE
            gap += 1
    return lines


def without_margin(lines: list[Line]) -> list[Line]:
    """Take off the indentation that all but a few lines share, as in letters and printed manuals."""
    if not lines:
        return lines
    indents = sorted(line.indent for line in lines)
    margin = indents[len(indents) // 20]
    return [replace(line, indent=max(0, line.indent - margin)) for line in lines] if margin else lines


def ends(text: str) -> bool:
    """Return whether a clause or sentence is over at the end of a line."""
    return ENDED.search(text[-40:]) is not None


def is_full(line: Line, following: Line, width: int) -> bool:
    """Return whether the next word would not have fitted on a line set to ``width`` characters."""
    word = following.text[:60].split(maxsplit=1)[0]
    return line.indent + len(line.text) + 1 + len(word) > _FULL * width


def runs(lines: list[Line]) -> list[range]:
    """Return the ranges of lines that follow each other without a blank line between."""
    starts = [at for at, line in enumerate(lines) if at == 0 or line.gap]
    return [range(first, last) for first, last in pairwise([*starts, len(lines)])]


def widths(lines: list[Line]) -> list[int]:
    """Return for each line the width that its paragraph is set to: the longest line around it, in characters.

    The column may change within a page (text beside a box), so only near lines without a blank between count.
    """
    found = [0] * len(lines)
    for run in runs(lines):
        for at in run:
            near = range(max(run.start, at - 3), min(run.stop, at + 5))
            found[at] = max(lines[other].indent + len(lines[other].text) for other in near)
    return found


def page_width(lines: list[Line]) -> int:
    """Return the width of full lines in the whole text: nine of ten lines are not longer."""
    lengths = sorted(line.indent + len(line.text) for line in lines)
    return lengths[len(lengths) * 9 // 10] if lengths else 0
