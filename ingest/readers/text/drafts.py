"""Which lines of a plain text belong together?

A draft is a paragraph, list item or footnote in the making: lines that run on, joined. Whether it is a
heading is decided later, when its neighbours are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.shared.markers import Marker, marker_of
from ingest.readers.text.hyphens import Joiner
from ingest.readers.text.lines import Line, ends, is_full
from ingest.readers.text.listing import Listing
from ingest.readers.text.memos import head_of, is_stated
from ingest.readers.text.tables import rows_of
from kb.languages import detect
from kb.model import BlockKind

_SENTENCE_ENDED = re.compile(r"[.!?…][\"”’»')\]]*(?:\s?\d{1,2})?$")
_HANGING = re.compile(
    r"(?:[-‐—,(&/]|\b(?:of|the|and|or|a|an|for|to|in|with|by|on|at|from|de|del|la|el|los|las|y|o|en|con|para|por"
    r"|un|una|al|que|su|sus))$",
    re.IGNORECASE,
)
# Lines like "Hotline: 800-555-0100" stand one under the other.
LABELLED = re.compile(r"[A-ZÁÉÍÓÚÑ¿][^:]{1,80}:\s+\S")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[A-ZÁÉÍÓÚÑ¿]")
# Over a blank line only a line that is clearly not the last of its paragraph runs on.
_RUNS_ON = 0.6
# Fewer characters than this do not tell a language.
_TELLING = 40
# No page is set wider than this, in characters: a longer line is a paragraph that was never broken.
_WIDEST = 150


@dataclass(slots=True)
class Draft:
    """Lines joined so far. ``tied`` says that no blank line stands between it and the draft before.

    ``head`` says that it is part of the head of a memorandum.
    """

    kind: BlockKind
    parts: list[str]
    first: Line
    last: Line
    width: int
    marker: Marker | None = None
    level: int = 0
    lines: int = 1
    tied: bool = False
    mark: str = ""
    head: bool = False

    @property
    def text(self) -> str:
        """Return the text so far."""
        if len(self.parts) > 1:
            self.parts[:] = ["".join(self.parts)]
        return self.parts[0]

    @property
    def ended(self) -> bool:
        """Return whether the text ends as sentences do."""
        return _SENTENCE_ENDED.search(self.parts[-1][-40:]) is not None


def is_capitals(text: str) -> bool:
    """Return whether a line is set in capitals."""
    if text[1:8].islower():
        return False
    letters = [char for char in text[:200] if char.isalpha()]
    return len(letters) >= 4 and sum(map(str.isupper, letters)) >= 0.85 * len(letters)


def drafts_of(lines: Sequence[Line], widths: Sequence[int], notes: dict[int, str]) -> list[Draft]:
    """Join lines that run on. ``notes`` names the lines that start a footnote and the mark of each."""
    joiner = Joiner(line.text for line in lines)
    listing, heads = Listing(lines, widths), head_of(lines)
    rows = rows_of(lines, apart=heads)
    drafts: list[Draft] = []
    for at, line in enumerate(lines):
        before = drafts[-1] if drafts else None
        marker = None if at in notes else listing.marker(at, before is not None and _introduces(before))
        if at in notes:
            drafts.append(Draft(BlockKind.FOOTNOTE, [line.text], line, line, widths[at], mark=notes[at]))
        elif at in rows:
            drafts.append(Draft(BlockKind.TABLE_ROW, [rows[at]], line, line, widths[at], tied=line.gap == 0))
        elif marker is not None:
            words = line.text if marker.ordered else line.text[marker.length :]
            drafts.append(
                Draft(BlockKind.LIST_ITEM, [words], line, line, widths[at], marker, tied=line.gap == 0)
            )
        elif (
            before is not None
            and before.kind is not BlockKind.TABLE_ROW
            and _runs_on(before, line, _Spot(lines, widths, at))
        ):
            _append(before, line, joiner)
        else:
            tied = line.gap == 0 and bool(drafts)
            drafts.append(
                Draft(BlockKind.PARAGRAPH, [line.text], line, line, widths[at], tied=tied, head=at in heads)
            )
    return drafts


@dataclass(frozen=True, slots=True)
class _Spot:
    """A line among its neighbours."""

    lines: Sequence[Line]
    widths: Sequence[int]
    at: int

    def introduces_list(self) -> bool:
        """Return whether this is a short line with a colon over the first item of a list."""
        line = self.lines[self.at]
        if not line.text.endswith(":") or self.at + 1 == len(self.lines):
            return False
        marker = marker_of(self.lines[self.at + 1].text)
        return marker is not None and len(line.text) < 0.6 * self.widths[self.at]

    def ahead(self) -> str:
        """Return the text of the next lines up to a blank one."""
        found = [self.lines[self.at].text]
        for line in self.lines[self.at + 1 : self.at + 6]:
            if line.gap:
                break
            found.append(line.text)
        return " ".join(found)


def _append(draft: Draft, line: Line, joiner: Joiner) -> None:
    cut, glue = joiner.glue(draft.last.text, line.text)
    if cut:
        draft.parts[-1] = draft.parts[-1][:-cut]
    draft.parts.append(glue + line.text)
    draft.last = line
    draft.lines += 1


def _introduces(draft: Draft) -> bool:
    return draft.kind is BlockKind.LIST_ITEM or draft.last.text.endswith(":")


def _runs_on(before: Draft, line: Line, spot: _Spot) -> bool:
    """Return whether a line goes on with the draft before it."""
    last, width = before.last, max(before.width, spot.widths[spot.at - 1])
    low = line.text[0].islower()
    if line.gap:
        return low and _runs_over_blank(before, line, width)
    if _starts_anew(before, line):
        return False
    if low or _HANGING.search(last.text[-12:]):
        return True
    if spot.introduces_list():
        return False
    if is_stated(before.first.text) and line.indent >= before.first.indent + 2:
        return True
    if before.kind is BlockKind.LIST_ITEM and line.indent >= before.first.indent + 2:
        return True
    return is_full(last, line, width) and not _is_over(before, line, spot)


def _starts_anew(before: Draft, line: Line) -> bool:
    """Return whether a line looks unlike the one before it: labelled, in capitals, with a number."""
    last = before.last.text
    if LABELLED.match(last) and LABELLED.match(line.text):
        return True
    if is_stated(before.first.text) and is_stated(line.text):
        return True
    if is_capitals(last) != is_capitals(line.text) and _may_head(before, line):
        return True
    return bool(_SECTION.match(line.text)) and (before.ended or not _HANGING.search(last[-12:]))


def _is_over(before: Draft, line: Line, spot: _Spot) -> bool:
    """Return whether a full line is the last of its draft all the same."""
    if before.ended and len(before.last.text) > _WIDEST:
        return True
    if ends(before.last.text) and (line.indent >= before.last.indent + 3 or _changes_language(before, spot)):
        return True
    return before.kind is BlockKind.PARAGRAPH and _is_stack(spot)


def _runs_over_blank(before: Draft, line: Line, width: int) -> bool:
    """Return whether a sentence goes on over a blank line or a page break."""
    last = before.last.text
    if line.gap > 6 or ends(last):
        return False
    if before.kind is BlockKind.LIST_ITEM:
        return True
    long_enough = before.last.indent + len(last) >= _RUNS_ON * width and len(last) > 25
    return not is_capitals(last) and (long_enough or _HANGING.search(last[-12:]) is not None)


def _may_head(before: Draft, line: Line) -> bool:
    """Return whether a change between capitals and normal type is one between heading and body."""
    if is_capitals(before.last.text):
        return before.lines <= 3 and is_capitals(before.text) and not line.text[0].islower()
    return ends(before.last.text) or not before.last.text[-1].isalpha()


def _changes_language(before: Draft, spot: _Spot) -> bool:
    if not before.ended:
        return False
    behind, ahead = before.text[-400:], spot.ahead()[:400]
    if min(len(behind), len(ahead)) < _TELLING:
        return False
    return {detect(behind), detect(ahead)} == {"en", "es"}


def _is_stack(spot: _Spot) -> bool:
    """Return whether the lines around are a stack of names, an address or a title: none runs on."""
    first = spot.at - 1
    while first > 0 and not spot.lines[first].gap and spot.at - first < 8:
        first -= 1
    near = [spot.lines[first]]
    for line in spot.lines[first + 1 : first + 12]:
        if line.gap:
            break
        near.append(line)
    longest = max(len(line.text) for line in near)
    if longest > 60 or len(near) > 8:
        return False
    return all(not line.text[0].islower() for line in near) and not any(
        ends(line.text) or _HANGING.search(line.text) for line in near
    )
