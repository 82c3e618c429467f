"""How do the drafts of a PDF become pieces, with the box of every line?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ingest.readers.pdf.drafts import Draft, written
from ingest.readers.pdf.lines import Line, Row, text_of
from ingest.readers.pdf.pages import Sheet
from ingest.readers.shared.compose import Piece
from ingest.readers.shared.markers import Marker
from ingest.readers.shared.placing import Placed
from ingest.readers.text.hyphens import Joiner
from ingest.readers.text.listing import levels
from kb.model import BlockKind

_CHARACTER = 0.5
_CELLS = " | "
# Code is not set further in or apart than this, in characters.
_WIDEST = 80


def pieces_of(drafts: Sequence[Draft], sheets: Sequence[Sheet]) -> Iterator[Piece]:
    """Yield the pieces that the drafts make, in order."""
    by_number = {sheet.number: sheet for sheet in sheets}
    joiner = Joiner(line.text for sheet in sheets for line in sheet.lines)
    flow = [draft for draft in drafts if draft.kind is not BlockKind.FOOTNOTE]
    depths = dict(zip(map(id, flow), levels([_mark(draft) for draft in flow]), strict=True))
    for draft in drafts:
        if draft.kind is BlockKind.TABLE_ROW:
            yield _row(draft.first, joiner, by_number)
            continue
        text, spans = _code(draft) if draft.kind is BlockKind.CODE else _prose(draft, joiner)
        places = tuple(
            _placed(line.words, (start, end), by_number[line.page])
            for line, start, end in spans
            if start < end
        )
        level = draft.level if draft.kind is BlockKind.HEADING else depths.get(id(draft), 0)
        if draft.entry:
            level = draft.level
        yield Piece(draft.kind, text, level, draft.first.page, places=places)


def _mark(draft: Draft) -> tuple[Marker, int] | None:
    if draft.marker is None or draft.kind is not BlockKind.LIST_ITEM:
        return None
    return draft.marker, round(draft.first.indent / (_CHARACTER * draft.first.size))


def _prose(draft: Draft, joiner: Joiner) -> tuple[str, list[tuple[Line, int, int]]]:
    """Return the text of a draft; the bullet of a list item stays behind, its number does not."""
    text, spans = written(draft, joiner)
    cut = draft.marker.length if draft.marker is not None and not draft.marker.ordered else 0
    if not cut:
        return text, spans
    return text[cut:], [(line, max(start - cut, 0), max(end - cut, 0)) for line, start, end in spans]


def _code(draft: Draft) -> tuple[str, list[tuple[Line, int, int]]]:
    """Return lines of code with their indentation and the blank lines between them."""
    width = _character(draft.lines)
    edges = {
        (line.page, line.region): min(other.left for other in draft.lines if other.page == line.page)
        for line in draft.lines
    }
    parts: list[str] = []
    spans: list[tuple[Line, int, int]] = []
    at = 0
    before: Line | None = None
    for line in draft.lines:
        if before is not None:
            blank = line.page == before.page and line.baseline - before.baseline > 1.8 * line.size
            parts.append("\n\n" if blank else "\n")
            at += len(parts[-1])
        indent = " " * min(round((line.left - edges[line.page, line.region]) / width), _WIDEST)
        text = _spaced(line.words, width)
        parts.append(indent + text)
        spans.append((line, at + len(indent), at + len(indent) + len(text)))
        at += len(indent) + len(text)
        before = line
    return "".join(parts), spans


def _character(lines: Iterable[Line]) -> float:
    """Return the width of a character of a font of fixed pitch."""
    widths = sorted(
        (word.right - word.left) / len(word.text) for line in lines for word in line.words if word.text
    )
    return max(widths[len(widths) // 2], 1.0)


def _spaced(words: Row, width: float) -> str:
    """Return the words of a line of code as far apart as they stand."""
    text = words[0].text
    for before, word in pairwise(words):
        gap = round((word.left - before.right) / width)
        text += " " * min(max(gap, int(word.spaced)), _WIDEST) + word.text
    return text


def _row(line: Line, joiner: Joiner, sheets: Mapping[int, Sheet]) -> Piece:
    """Return the piece of a table's row, its cells parted by bars."""
    text = ""
    places: list[Placed] = []
    cells = list(line.cells or ())
    while cells and not cells[-1]:
        cells.pop()
    for number, cell in enumerate(cells):
        text += _CELLS if number else ""
        lines = [(row, text_of(row)) for row in cell]
        for at, (row, words) in enumerate(lines):
            if at:
                cut, glue = joiner.glue(lines[at - 1][1], words)
                if cut:
                    text = text[:-cut]
                    places[-1] = _shortened(places[-1], cut)
                text += glue
            places.append(_placed(row, (len(text), len(text) + len(words)), sheets[line.page]))
            text += words
    return Piece(BlockKind.TABLE_ROW, text, page=line.page, headers=line.headers, places=tuple(places))


def _shortened(place: Placed, cut: int) -> Placed:
    return Placed(place.start, place.end - cut, place.page, place.left, place.top, place.right, place.bottom)


def _placed(words: Row, span: tuple[int, int], sheet: Sheet) -> Placed:
    """Return where the words of a line stand on the page as shown."""
    left, right = min(word.left for word in words), max(word.right for word in words)
    top, bottom = min(word.top for word in words), max(word.bottom for word in words)
    box = sheet.frame.shown((left, top, right, bottom), degrees=words[0].face.turned)
    width, height = sheet.frame.size
    x, y = (max(0.0, min(box[0], width)), max(0.0, min(box[1], height)))
    end, low = (max(0.0, min(box[2], width)), max(0.0, min(box[3], height)))
    return Placed(*span, sheet.number, *(round(edge, 1) for edge in (x, y, end, low)))
