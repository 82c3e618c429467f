"""Which lines does a page of a PDF have, in reading order?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.readers.pdf.aligned import lines_with_tables
from ingest.readers.pdf.columns import columns
from ingest.readers.pdf.frames import Frame
from ingest.readers.pdf.lines import Line, Row, attach_raised, bracket_citations, rows_of
from ingest.readers.pdf.rules import Rules
from ingest.readers.pdf.tables import with_ruled_tables
from ingest.readers.pdf.words import Word


@dataclass(slots=True)
class Sheet:
    """A page: its words as PDFium gave them, then its lines. ``number`` counts from 1."""

    number: int
    label: str
    frame: Frame
    words: list[Word] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)
    turned: int = 0
    lines: list[Line] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)


def main_turn(words: Sequence[Word]) -> int:
    """Return by how many degrees a page must be turned clockwise to read most of its text."""
    counts: Counter[int] = Counter()
    for word in words:
        if not word.face.askew:
            counts[word.face.turned] += len(word.text)
    return counts.most_common(1)[0][0] if counts else 0


def main_size(words: Sequence[Word]) -> float:
    """Return the size of most of the type, in points."""
    counts: Counter[float] = Counter()
    for word in words:
        counts[round(word.size * 2) / 2] += len(word.text)
    return counts.most_common(1)[0][0] if counts else 10.0


def lay_out(sheet: Sheet) -> None:
    """Find the lines of a page: those of its main text, and as asides those set in other directions."""
    main = [word for word in sheet.words if word.face.turned == sheet.turned and not word.face.askew]
    attach_raised(main)
    bracket_citations(main)
    main = _without_doubles(main)
    size = main_size(main)
    standing = with_ruled_tables(main, sheet.rules, page=sheet.number)
    for region, rows in enumerate(columns(rows_of(standing), size)):
        found = lines_with_tables(rows, page=sheet.number)
        bounds = (min(line.left for line in found), max(line.right for line in found))
        for line in found:
            line.column, line.region = bounds, region
        found[0].first = True
        sheet.lines.extend(found)
    sheet.asides = _asides(sheet)


def _without_doubles(words: Sequence[Word]) -> list[Word]:
    """Leave out words that are drawn twice at one place, as shadows are."""
    seen: dict[tuple[str, int], list[Word]] = {}
    kept: list[Word] = []
    for word in words:
        twins = seen.setdefault((word.text, round(word.size)), [])
        near = 0.15 * word.size
        if any(
            abs(twin.left - word.left) < near and abs(twin.baseline - word.baseline) < near
            for twin in twins[-20:]
        ):
            continue
        twins.append(word)
        kept.append(word)
    return kept


def _asides(sheet: Sheet) -> list[Line]:
    """Return the lines that run in another direction than the main text: labels, stamps, watermarks."""
    found: list[Line] = []
    for turn in (0, 90, 180, 270):
        words = [
            word
            for word in sheet.words
            if word.face.turned == turn and (word.face.askew or turn != sheet.turned)
        ]
        rows: list[Row] = rows_of(word for word in words if not word.face.askew)
        rows.extend(_strokes([word for word in words if word.face.askew]))
        found.extend(Line(row, sheet.number, column=(row[0].left, row[-1].right), first=True) for row in rows)
    return found


def _strokes(words: Sequence[Word]) -> list[Row]:
    """Return text that is set askew in the order of the file."""
    return [list(words)] if words else []
