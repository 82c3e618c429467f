"""Which lines are footnotes, and which paragraph cites each?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.readers.pdf.drafts import Draft
from ingest.readers.pdf.lines import Line, reading_order
from ingest.readers.pdf.measures import Measures
from ingest.readers.pdf.pages import Sheet
from ingest.readers.text.footnotes import marks
from kb.model import BlockKind

# Notes are set smaller than the body by this factor at least, unless a rule stands over them.
_SMALLER = 0.94
_MARK = re.compile(r"\[?(?P<mark>\d{1,3}|[*∗†‡§¶#]{1,3}|[a-z])\]?[.)]?")
# Fonts with raised figures of their own set them like any letter: "1See".
_GLUED = re.compile(r"(?P<mark>\d{1,3})[\"“‘(«¿¡]?[A-ZÁÉÍÓÚÑ]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# A rule over notes is short of the column and stands this near over the first, in points.
_RULE_OVER, _RULE_LENGTH = 16.0, 40.0
# Notes stand in the lower part of their page.
_LOWER = 0.4


def set_marks(sheet: Sheet, measures: Measures) -> None:
    """Mark the lines of footnotes: the first of each with its mark, those that go on with ``+``."""
    height = sheet.frame.size_at(sheet.turned)[1]
    for lines in _regions(sheet.lines):
        start = _notes_start(lines, sheet, measures, height=height)
        if start is None:
            continue
        for line in lines[start:]:
            line.mark = _mark(line) or "+"
            _bracket(line)
            line.first = line.first or line is lines[start]


def _regions(lines: Sequence[Line]) -> Iterator[list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.region].append(line)
    yield from found.values()


def _notes_start(lines: Sequence[Line], sheet: Sheet, measures: Measures, *, height: float) -> int | None:
    """Return which line of a column is the first of the notes at its foot."""
    start = None
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        small = line.size <= _SMALLER * measures.body
        ruled = _is_ruled(line, sheet)
        if line.cells is not None or line.baseline < _LOWER * height or not (small or ruled):
            break
        if (mark := _mark(line)) and (ruled or not line.text[len(mark) :].startswith((".", ")"))):
            start = at
            if ruled:
                break
    return start


def _is_ruled(line: Line, sheet: Sheet) -> bool:
    top = line.baseline - line.size
    return any(
        -2 <= top - y <= _RULE_OVER
        and right - left >= _RULE_LENGTH
        and abs(left - line.column[0]) < 12
        and right - left < 0.75 * (line.column[1] - line.column[0])
        for y, left, right in sheet.rules.across
    )


def _mark(line: Line) -> str:
    """Return the mark that a line starts with: a raised number or sign, or one apart from the words."""
    words = reading_order(line.words)
    text = words[0].text.translate(_SUPERSCRIPTS)
    found = _MARK.fullmatch(text)
    if found and len(words) > 1 and (words[0].raised or not found.group("mark").isalpha()):
        return found.group("mark")
    glued = _GLUED.match(text)
    return glued.group("mark") if glued else ""


def _bracket(line: Line) -> None:
    """Write the number that a note starts with as those that cite it are written: ``[1] See …``."""
    first = reading_order(line.words)[0]
    if not line.mark.isdecimal() or not (first.raised or _GLUED.match(first.text.translate(_SUPERSCRIPTS))):
        return
    rest = first.text[len(line.mark) :]
    first.text = f"[{line.mark}] {rest}" if rest else f"[{line.mark}]"
    line.keep(line.words)


def citations(draft: Draft) -> set[str]:
    """Return the marks in a draft that cite a note for sure, as they are raised."""
    found: set[str] = set()
    for line in draft.lines:
        for word in line.words:
            if word.raised:
                found.update(re.split(r"[,;\s–-]+", word.text.translate(_SUPERSCRIPTS).strip("[]().")))
            elif any(sign in word.text[1:] for sign in "*∗†‡§"):
                found.add(word.text.lstrip("".join(filter(str.isalnum, word.text))))
    return found


def note_drafts(lines: Sequence[Line]) -> list[Draft]:
    """Return the footnotes that marked lines make."""
    found: list[Draft] = []
    for line in lines:
        if line.mark == "+" and found:
            found[-1].lines.append(line)
        else:
            found.append(Draft(BlockKind.FOOTNOTE, [line], mark=line.mark.strip("+")))
    return found


def placed(drafts: Sequence[Draft], notes: Sequence[Draft]) -> list[Draft]:
    """Put each footnote right after the draft of its page that cites it, else after the last of its page."""
    after: dict[int, list[Draft]] = defaultdict(list)
    cited = [citations(draft) for draft in drafts]
    for note in notes:
        page = note.first.page
        on_page = [at for at, draft in enumerate(drafts) if draft.first.page <= page <= draft.last.page]
        citing = [at for at in on_page if note.mark and note.mark in cited[at]] or _citing(
            note, drafts, on_page
        )
        before = [at for at, draft in enumerate(drafts) if draft.first.page <= page]
        after[citing[0] if citing else (before[-1] if before else -1)].append(note)
    order = list(after[-1])
    for at, draft in enumerate(drafts):
        order.append(draft)
        order.extend(after[at])
    return order


def _citing(note: Draft, drafts: Sequence[Draft], places: Sequence[int]) -> list[int]:
    """Return the drafts that cite a note with a mark set like any number: glued to a word, or else alone."""
    if not note.mark:
        return []
    texts = {at: drafts[at].text.translate(_SUPERSCRIPTS) for at in places}
    glued = [at for at in places if note.mark in marks(texts[at])]
    alone = re.compile(rf"(?<=[^\W\d]|[,.;:)”\"])\s{re.escape(note.mark)}(?=[\s,.;)]|$)")
    found = [at for at in places if alone.search(texts[at])]
    return glued or (found if len(found) == 1 else [])
