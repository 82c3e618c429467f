"""Which lines of a plain text are footnotes, and which text cites each?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.text.drafts import Draft
from ingest.readers.text.lines import Line
from kb.model import BlockKind

_NOTE = re.compile(
    r"(?:\^\[(?P<raised>\d{1,3})\]|(?P<number>\d{1,3})\)?|(?P<sign>[*†‡§]{1,3}))(?P<space>\s*)(?=[\"“‘¿¡(]?[^\W\d_])"
)
# A mark that may cite; what stands around it decides.
_ANCHOR = re.compile(r"(?P<raised>\^\[\d{1,3}\])|(?<!\d)\d{1,3}(?![\w%]|[.,]\d|[-/]\d)|[*†‡§]{1,3}(?!\w)")
# It is glued to a word or its punctuation, or set apart after the end of a sentence.
_GLUED = re.compile(r"[a-zà-ÿ][.,;:!?)\]”\"’»]{0,3}$")
_APART = re.compile(r"[a-zà-ÿ)\]][.!?,;)\]]?[.!?”\"][”\"’»)\]]{0,2}\s$|[a-zà-ÿ)\]][.!?]\s$")
# Notes stand in the last lines of their page.
_FOOT = 14


def note_starts(lines: Sequence[Line]) -> dict[int, str]:
    """Return the lines that start a footnote, each with its mark.

    A footnote stands under a rule, or at the foot of its page or the text and is cited above.
    """
    cited: set[str] = set()
    found: dict[int, str] = {}
    if not any(_mark(line.text) for line in lines):
        return found
    for page in _pages(lines):
        for at in page:
            cited.update(marks(lines[at].text))
        for start in (at for at in page if lines[at].ruled and _mark(lines[at].text)):
            found.update(_notes(lines, range(start, page.stop), None))
        foot = range(max(page.start + 1, page.stop - _FOOT), page.stop)
        found.update({at: mark for at, mark in _notes(lines, foot, cited).items() if at not in found})
    return found


def _notes(lines: Sequence[Line], region: range, cited: set[str] | None) -> dict[int, str]:
    """Return the notes in a region: the cited ones, or where ``cited`` is None all up to other text."""
    found: dict[int, str] = {}
    expected = ""
    for at in region:
        mark = _mark(lines[at].text)
        if mark is not None and _follows(expected, mark) and (cited is None or mark in cited):
            found[at] = expected = mark
        elif cited is None and lines[at].gap:
            break
    return found


def placed(drafts: Sequence[Draft]) -> list[Draft]:
    """Put each footnote right after the text that cites it; one that nothing cites stays where it is."""
    if all(draft.kind is not BlockKind.FOOTNOTE for draft in drafts):
        return list(drafts)
    citing: dict[str, list[int]] = defaultdict(list)
    after: dict[int, list[int]] = defaultdict(list)
    moved: set[int] = set()
    for at, draft in enumerate(drafts):
        if draft.kind is not BlockKind.FOOTNOTE:
            for mark in marks(draft.text):
                citing[mark].append(at)
        elif citing[draft.mark]:
            after[citing[draft.mark][-1]].append(at)
            moved.add(at)
    order: list[Draft] = []
    for at, draft in enumerate(drafts):
        if at not in moved:
            order.append(draft)
        order.extend(drafts[note] for note in after[at])
    return order


def _pages(lines: Sequence[Line]) -> list[range]:
    starts = [at for at, line in enumerate(lines) if at == 0 or line.page != lines[at - 1].page]
    return [range(first, last) for first, last in pairwise([*starts, len(lines)])]


def _mark(text: str) -> str | None:
    found = _NOTE.match(text)
    if found is None or len(text) < 8:
        return None
    return found.group("raised") or found.group("number") or found.group("sign")


def marks(text: str) -> list[str]:
    """Return the marks in a text that cite a note."""
    found = []
    for anchor in _ANCHOR.finditer(text):
        before = text[max(0, anchor.start() - 6) : anchor.start()]
        after = text[anchor.end() : anchor.end() + 1]
        if anchor.group("raised"):
            found.append(anchor.group()[2:-1])
        elif _GLUED.search(before) or (_APART.search(before) and (not after or after.isspace())):
            found.append(anchor.group())
    return found


def _follows(expected: str, mark: str) -> bool:
    if not expected or not (expected.isdecimal() and mark.isdecimal()):
        return True
    return int(mark) == int(expected) + 1
