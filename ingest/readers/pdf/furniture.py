"""Which lines belong to a page and not to the text: running heads and feet, page numbers?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ingest.readers.pdf.aligned import cells_of
from ingest.readers.pdf.lines import Line, Row, text_of
from ingest.readers.pdf.pages import Sheet

# Furniture stands in the outer parts of a page: this share of its height at the top, and at the bottom.
_EDGE = 0.13
# Lines of one furniture stand at the same height, give or take this many points.
_SLACK = 4.0
_LONGEST = 120
_FEWEST_PAGES, _USUAL_SHARE = 3, 0.3
# Running heads stand this many times their size away from the text, and so many of them share words.
_CLEAR, _AGAIN = 1.7, 0.6
# Lines of a paragraph are nearer to each other than this, in shares of the type size.
_PITCH = 1.5
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:page|pg\.?|p\.|página|pág\.?)\s*)?(?P<number>\d{1,4}|[ivxlc]{1,7}|[A-Z]-\d{1,3})"
    r"(?:\s*(?:/|of|de)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.IGNORECASE,
)


_CONTINUED = re.compile(
    r"\(?(?:continue[sd] (?:on (?:the )?next|from (?:the )?previous) page"
    r"|(?:continúa en|viene de) la (?:página (?:siguiente|anterior)|(?:siguiente|anterior) página))\)?\.?",
    re.IGNORECASE,
)


def without_furniture(sheets: Sequence[Sheet]) -> None:
    """Take running heads, running feet and page numbers out of the lines of the pages."""
    edges = {id(line): place for sheet in sheets for line, place in _edges(sheet)}
    dropped = {
        id(line) for sheet in sheets for line in sheet.lines if line.face.furniture and id(line) in edges
    }
    dropped |= _running(sheets, edges)
    dropped |= _changing(sheets, edges)
    for sheet in sheets:
        dropped |= _numbers(sheet, sheets, edges, dropped)
        dropped -= _inside(sheet, dropped)
        dropped |= {id(line) for line in sheet.lines if _CONTINUED.fullmatch(line.text)}
    if all(id(line) in dropped for sheet in sheets for line in sheet.lines):
        # Labels and name tags are alike on every page: what is all there is is no furniture.
        return
    for sheet in sheets:
        kept = [line for line in sheet.lines if id(line) not in dropped]
        _pass_on_first(sheet.lines, kept)
        sheet.lines = kept


def _inside(sheet: Sheet, dropped: set[int]) -> set[int]:
    """Return the lines between lines of text or joined to them: furniture is at the edges, and apart."""
    ordered = sorted(sheet.lines, key=lambda line: line.baseline)
    text = [at for at, line in enumerate(ordered) if id(line) not in dropped]
    if not text:
        return set()
    first, last = text[0], text[-1]
    while first > 0 and _joined(ordered[first - 1], ordered[first]):
        first -= 1
    while last + 1 < len(ordered) and _joined(ordered[last], ordered[last + 1]):
        last += 1
    return {id(line) for line in ordered[first : last + 1]}


def _joined(upper: Line, lower: Line) -> bool:
    """Return whether two lines are set as those of one paragraph."""
    near = lower.baseline - upper.baseline < _PITCH * lower.size
    return near and upper.face == lower.face and not _NUMBER.fullmatch(upper.text)


def _pass_on_first(lines: Sequence[Line], kept: Sequence[Line]) -> None:
    """A line that is now the first of its column says so."""
    regions = {line.region for line in lines if line.first}
    for line in kept:
        if line.region in regions:
            line.first = True
            regions.discard(line.region)


def _edges(sheet: Sheet) -> list[tuple[Line, str]]:
    """Return the lines in the outer parts of a page, with which part it is."""
    height = sheet.frame.size_at(sheet.turned)[1]
    found = []
    for line in sheet.lines:
        if line.baseline < _EDGE * height:
            found.append((line, "top"))
        elif line.baseline > (1 - _EDGE) * height:
            found.append((line, "bottom"))
    return found


def _running(sheets: Sequence[Sheet], edges: dict[int, str]) -> set[int]:
    """Find lines that come again at the same place of several pages."""
    shapes: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for sheet in sheets:
        for line in sheet.lines:
            if id(line) in edges and len(line.text) <= _LONGEST:
                shapes[edges[id(line)], _DIGITS.sub("#", " ".join(line.text.casefold().split()))].append(line)
    found: set[int] = set()
    fewest = min(_FEWEST_PAGES, max(2, len(sheets)))
    for lines in shapes.values():
        for line in lines:
            twins = {other.page for other in lines if abs(other.baseline - line.baseline) <= _SLACK}
            enough = len(twins) >= fewest and (len(twins) >= _USUAL_SHARE * len(sheets) or _close(twins))
            if enough and abs(line.size - lines[-1].size) < 0.6 and not _is_title(line, lines):
                found.add(id(line))
    return found


def _changing(sheets: Sequence[Sheet], edges: dict[int, str]) -> set[int]:
    """Find running heads of changing words: first lines at one height, parts of which come again."""
    heights: dict[int, list[tuple[Line, set[str]]]] = defaultdict(list)
    for sheet in sheets:
        for line, other in _outermost(sheet, edges):
            if other is None or abs(other.baseline - line.baseline) > _CLEAR * line.size:
                heights[round(line.baseline / _SLACK)].append(
                    (line, {_shape(cell) for cell in cells_of(line.words)})
                )
    found: set[int] = set()
    for lines in heights.values():
        if len(lines) < max(_FEWEST_PAGES, _USUAL_SHARE * len(sheets)):
            continue
        counts = Counter(shape for _, shapes in lines for shape in shapes)
        again = [any(counts[shape] > 1 for shape in shapes) for _, shapes in lines]
        if sum(again) >= _AGAIN * len(lines):
            size = Counter(round(line.size) for line, _ in lines).most_common(1)[0][0]
            found.update(id(line) for line, _ in lines if abs(line.size - size) < 1)
    return found


def _outermost(sheet: Sheet, edges: dict[int, str]) -> Iterator[tuple[Line, Line | None]]:
    """Yield the first and the last line of a page that stand in its outer parts, each with its neighbour."""
    ordered = sorted((line for line in sheet.lines if line.cells is None), key=lambda line: line.baseline)
    for order in (ordered, ordered[::-1]):
        if order and id(order[0]) in edges:
            yield order[0], order[1] if len(order) > 1 else None


def _shape(words: Row) -> str:
    return _DIGITS.sub("#", text_of(words).casefold())


def _close(pages: set[int]) -> bool:
    """Return whether pages stand near each other, as those of one chapter do."""
    ordered = sorted(pages)
    return len(ordered) >= _FEWEST_PAGES and ordered[-1] - ordered[0] <= 4 * len(ordered)


def _is_title(line: Line, twins: Sequence[Line]) -> bool:
    """Return whether a line on the first page is the title that later pages repeat in smaller type."""
    return line.page == 1 and any(other.size < line.size - 0.6 for other in twins)


def _numbers(sheet: Sheet, sheets: Sequence[Sheet], edges: dict[int, str], dropped: set[int]) -> set[int]:
    """Find the page's number, alone or beside a running head, in the lines nearest to its edges."""
    found: set[int] = set()
    lines = [line for line in sheet.lines if id(line) not in dropped and line.cells is None]
    lines.sort(key=lambda line: line.baseline)
    for line in {*lines[:2], *lines[-2:]}:
        match = _NUMBER.fullmatch(line.text)
        if match is None or len(lines) == 1:
            continue
        number = match.group("number")
        outer = line in {lines[0], lines[-1]} and (
            number in {str(sheet.number), sheet.label} or _stands_clear(line, lines)
        )
        if _is_of(number, sheet, sheets) and (outer or id(line) in edges):
            found.add(id(line))
    return found


def _stands_clear(line: Line, lines: Sequence[Line]) -> bool:
    """Return whether there is room between a line and all others of its page."""
    return all(
        abs(other.baseline - line.baseline) > _CLEAR * line.size for other in lines if other is not line
    )


def _is_of(number: str, sheet: Sheet, sheets: Sequence[Sheet]) -> bool:
    """Return whether a number at the edge of a page can be the page's: one alone tells little."""
    return len(sheets) > 1 or number in {str(sheet.number), sheet.label}
