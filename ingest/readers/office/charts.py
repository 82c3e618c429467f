"""What does a chart show? Its title, and a table: a row for each category, a column for each series.

A chart keeps the figures that it was last drawn from (ECMA-376, 21.2), so the workbook behind it is not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.readers.office.numberformats import GENERAL, general, shown
from ingest.readers.office.ooxml import CHART, A, Office
from ingest.readers.shared.compose import Piece
from ingest.readers.shared.grid import Cell, pieces_of
from ingest.readers.shared.zipped import whole_number
from kb.model import BlockKind

# Nobody reads more points off a chart.
_MOST_POINTS = 200


def chart_pieces(office: Office, target: str, *, page: int | None = None) -> list[Piece]:
    """Return the title of a chart as a caption and its figures as the rows of a table."""
    root = office.tree(target)
    chart = root.find(CHART + "chart") if root is not None else None
    if chart is None:
        return []
    title = _title(chart)
    heads = [Piece(BlockKind.CAPTION, title, 0, page)] if title else []
    return [*heads, *_table(list(chart.iter(CHART + "ser")), page)]


def _title(chart: Element) -> str:
    """Return the title that is drawn: its own words, or the name of the only series."""
    title = chart.find(CHART + "title")
    if title is None:
        return ""
    words = "".join(run.text or "" for run in title.iter(A + "t"))
    return (words or next((text.text or "" for text in title.iter(CHART + "v")), "")).strip()


def _table(series: list[Element], page: int | None) -> list[Piece]:
    names = [_name(one) for one in series]
    categories: dict[int, str] = {}
    for one in series:
        for kind in ("cat", "xVal"):
            categories |= {at: text for at, text in _points(one, kind) if at not in categories}
    values = [dict([*_points(one, "val"), *_points(one, "yVal")]) for one in series]
    points = sorted({at for column in values for at in column})[:_MOST_POINTS]
    rows = [[Cell(name, column) for column, name in enumerate(names, 1)]] if any(names) else []
    for at in points:
        cells = [Cell(column.get(at, ""), number) for number, column in enumerate(values, 1)]
        rows.append([Cell(categories.get(at, ""), 0), *cells])
    return pieces_of(rows, int(any(names)), page=page) if points else []


def _name(series: Element) -> str:
    return next((text.text or "" for text in series.iterfind(f"{CHART}tx//{CHART}v")), "").strip()


def _points(series: Element, kind: str) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of the points that a series keeps of its categories or values.

    Of categories in several levels only the innermost, which comes first, is told.
    """
    source = series.find(CHART + kind)
    for code in source.iter(CHART + "formatCode") if source is not None else ():
        form = code.text or GENERAL
        break
    else:
        form = ""
    seen: set[int] = set()
    for point in source.iter(CHART + "pt") if source is not None else ():
        at, value = whole_number(point.get("idx"), 0), point.findtext(CHART + "v") or ""
        if at not in seen and value.strip():
            seen.add(at)
            yield at, _as_drawn(value.strip(), form)


def _as_drawn(value: str, form: str) -> str:
    """Return a figure in its number format; text has none."""
    try:
        number = float(value)
    except ValueError:
        return value
    if not form:
        return value
    return general(number) if form == GENERAL else shown(number, form)
