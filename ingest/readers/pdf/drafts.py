"""Which lines of a PDF make one paragraph, list item, stretch of code or row of a table?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.measures import LARGE, Measures
from ingest.readers.shared.markers import Marker
from ingest.readers.text.drafts import is_capitals
from ingest.readers.text.hyphens import Joiner
from ingest.readers.text.lines import ENDED
from kb.model import BlockKind

_SENTENCE_ENDED = re.compile(r"[.!?…:][\"”’»')\]]*(?:\s?\[?\d{1,2}\]?)?$")
_HANGING = re.compile(
    r"(?:[-‐—,(&/]|\b(?:of|the|and|or|a|an|for|to|in|with|by|de|del|la|el|los|las|y|o|en|con|para|por|que))$",
    re.I,
)
_MAIL = re.compile(r"\S+@\S+\.\w+")
# Shares of the type size: an indentation, and how far lines of one centred stack may stand off its middle.
_INDENT, _CENTRED = 0.75, 0.6
# A sentence that goes on may have its next line this far below, in shares of the type size.
_NEAR = 2.4
_SAME_SIZE = 0.07
# An entry of a table of contents goes over so many lines.
_LONGEST_ENTRY = 4
# A column or figure between two parts of a paragraph holds at most so many drafts.
_FURTHEST = 60
# A paragraph runs on over a column or page when its last line is at least so full.
_FULL = 0.9


@dataclass(slots=True, eq=False)
class Draft:
    """Lines that belong together. ``breaks`` are the places in ``lines`` before which a line break stays."""

    kind: BlockKind
    lines: list[Line]
    marker: Marker | None = None
    level: int = 0
    mark: str = ""
    breaks: set[int] = field(default_factory=set)
    entry: bool = False

    @property
    def first(self) -> Line:
        """Return its first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """Return its last line."""
        return self.lines[-1]

    @property
    def text(self) -> str:
        """Return its words on one line, for looking at, not for citing."""
        return " ".join(line.text for line in self.lines)

    @property
    def ended(self) -> bool:
        """Return whether its text ends as sentences do."""
        return _SENTENCE_ENDED.search(self.last.text[-40:]) is not None


def drafts_of(lines: Sequence[Line], measures: Measures) -> list[Draft]:
    """Join the lines of the main text that run on, over columns and pages too."""
    drafts: list[Draft] = []
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        last = drafts[-1] if drafts else None
        marker = measures.marker(at)
        if line.cells is not None:
            drafts.append(Draft(BlockKind.TABLE_ROW, [line]))
        elif line.entry:
            _add_entry(drafts, line, before)
        elif _is_code(line, last, before, measures):
            if last is not None and last.kind is BlockKind.CODE and _goes_with(last.last, line):
                last.lines.append(line)
            else:
                drafts.append(Draft(BlockKind.CODE, [line]))
        elif marker is not None:
            drafts.append(Draft(BlockKind.LIST_ITEM, [line], marker))
        elif before is not None and (running := _continued(drafts, line, before, measures)) is not None:
            if _keeps_break(running, line, measures):
                running.breaks.add(len(running.lines))
            running.lines.append(line)
        else:
            drafts.append(Draft(BlockKind.PARAGRAPH, [line]))
    return drafts


def _add_entry(drafts: list[Draft], line: Line, before: Line | None) -> None:
    """Add a line of a table of contents; lines without a page number right before it are its first part."""
    last = drafts[-1] if drafts else None
    if (
        last is not None
        and last.kind is BlockKind.PARAGRAPH
        and len(last.lines) < _LONGEST_ENTRY
        and before is last.last
        and not line.first
        and line.baseline - before.baseline < 1.6 * line.size
        and abs(line.size - before.size) < _SAME_SIZE * line.size
    ):
        last.lines.append(line)
        last.kind, last.entry, last.level = BlockKind.LIST_ITEM, True, line.entry
        last.breaks.clear()
    else:
        drafts.append(Draft(BlockKind.LIST_ITEM, [line], entry=True, level=line.entry))


def _is_code(line: Line, last: Draft | None, before: Line | None, measures: Measures) -> bool:
    if not line.mono or measures.mono_body or _MAIL.fullmatch(line.text):
        return False
    if last is None or before is None or last.kind is BlockKind.CODE or line.first:
        return True
    # Within a paragraph a line may happen to hold nothing but a path.
    within = abs(line.start - last.last.start) < _INDENT * line.size and not measures.is_apart(before, line)
    return not (
        within and last.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} and measures.is_full(before, line)
    )


def _goes_with(before: Line, line: Line) -> bool:
    return abs(before.size - line.size) < 0.6 and (line.page, line.region) >= (before.page, before.region)


def _continued(drafts: list[Draft], line: Line, before: Line, measures: Measures) -> Draft | None:
    """Return the draft that a line goes on with."""
    if line.first or before.cells is not None:
        return _over_a_break(drafts, line, measures)
    last = drafts[-1]
    if last.last is not before or last.kind is BlockKind.CODE or last.entry:
        return None
    if not _looks_alike(before, line, last):
        return None
    if measures.is_apart(before, line):
        near = 0 < line.baseline - before.baseline < _NEAR * line.size
        return (
            last
            if near and line.text[0].islower() and not last.ended and measures.is_full(before, line)
            else None
        )
    if _is_centred(last, line) or min(before.size, line.size) >= LARGE * measures.body:
        return last
    if _starts_by_indent(last, line):
        return None
    if line.text[0].islower() or _HANGING.search(before.text[-12:]) or measures.is_full(before, line):
        return last
    return None if ENDED.search(before.text[-40:]) or last.kind is BlockKind.LIST_ITEM else last


def _looks_alike(before: Line, line: Line, last: Draft) -> bool:
    if abs(before.size - line.size) > _SAME_SIZE * max(before.size, line.size):
        return False
    low = line.text[:1].islower()
    if before.bold != line.bold and not low and not _is_mixed(last):
        return False
    if before.face.slanted != line.face.slanted and not low and ENDED.search(before.text[-40:]):
        return False
    return is_capitals(before.text) == is_capitals(line.text) or low or not is_capitals(before.text)


def _is_mixed(last: Draft) -> bool:
    """Return whether a draft already has lines both bold and not, as a sentence with a stressed part has."""
    return len(last.lines) > 1 and len({line.bold for line in last.lines}) > 1


def _is_centred(last: Draft, line: Line) -> bool:
    """Return whether a line stands under those of a draft by its middle, not by its edges."""
    middle, slack = (line.left + line.right) / 2, _CENTRED * line.size
    lines = [line, *last.lines[-3:]]
    return (
        all(abs((other.left + other.right) / 2 - middle) < slack for other in lines)
        and max(other.left for other in lines) - min(other.left for other in lines) > line.size
    )


def _starts_by_indent(last: Draft, line: Line) -> bool:
    before = last.last
    step = line.start - before.start
    if last.kind is BlockKind.LIST_ITEM:
        if len(last.lines) == 1:
            return step < -_INDENT * line.size
        return abs(step) > _INDENT * line.size and (step < 0 or not line.text[0].islower())
    if step > _INDENT * line.size:
        # A hanging second line is no new paragraph; an indented line after flush ones is.
        return len(last.lines) > 1 or bool(ENDED.search(before.text[-40:]))
    return step < -_INDENT * line.size and len(last.lines) > 1


def _keeps_break(running: Draft, line: Line, measures: Measures) -> bool:
    """Return whether a line stands for itself under the one before, as in an address."""
    before = running.last
    if running.kind is not BlockKind.PARAGRAPH or line.page != before.page or line.first:
        return False
    if line.text[0].islower() or _HANGING.search(before.text[-12:]):
        return False
    return not measures.is_full(before, line) and not measures.is_display(line)


def _over_a_break(drafts: list[Draft], line: Line, measures: Measures) -> Draft | None:
    """Return the paragraph that a column, page, table or figure broke in two."""
    if line.text[:1].isupper() and measures.is_display(line):
        return None
    for draft in reversed(drafts[-_FURTHEST:]):
        last = draft.last
        if line.page - last.page > 1:
            return None
        aside = draft.kind in {BlockKind.TABLE_ROW, BlockKind.CAPTION, BlockKind.CODE} or draft.entry
        if aside or abs(last.size - line.size) > _SAME_SIZE * line.size:
            continue
        if measures.is_display(last) or draft.ended or last.bold != line.bold:
            return None
        if line.text[:1].islower() or last.text.endswith("-"):
            return draft
        full = (
            last.right - last.column[0] >= _FULL * (last.column[1] - last.column[0]) and len(last.text) > 25
        )
        indented = line.indent > _INDENT * line.size
        return draft if full and not indented and draft is drafts[-1] else None
    return None


def written(draft: Draft, joiner: Joiner) -> tuple[str, list[tuple[Line, int, int]]]:
    """Return the text of a draft and where in it each line stands."""
    parts: list[str] = []
    spans: list[tuple[Line, int, int]] = []
    at = 0
    for number, line in enumerate(draft.lines):
        text = line.text
        if parts and number in draft.breaks:
            parts.append("\n")
            at += 1
        elif parts:
            cut, glue = joiner.glue(draft.lines[number - 1].text, text)
            if cut:
                parts[-1] = parts[-1][:-cut]
                before, start, end = spans[-1]
                spans[-1] = (before, start, end - cut)
                at -= cut
            parts.append(glue)
            at += len(glue)
        parts.append(text)
        spans.append((line, at, at + len(text)))
        at += len(text)
    return "".join(parts), spans
