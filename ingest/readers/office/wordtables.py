"""Which rows and cells does a Word table have, which rows are its header, and is it a table at all?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.office.ooxml import W, on
from ingest.readers.office.wordstyles import Styles, number_in, outline_level
from ingest.readers.shared.compose import Piece
from ingest.readers.shared.grid import Cell, Columns, is_over
from ingest.readers.shared.zipped import local

# A cell with more characters than this holds a text, and its table only lays it out, as in the HTML reader.
_LONG_CELL = 600
_THROUGH = frozenset("sdt sdtContent ins moveTo customXml smartTag".split())


@dataclass(slots=True)
class Merged:
    """A cell: its element, the grid column that it starts in, and whether it goes on with the one above."""

    element: Element
    column: int
    span: int
    continued: bool


@dataclass(slots=True)
class Row:
    """The cells of one row."""

    cells: list[Merged] = field(default_factory=list)
    header: bool = False


class Table:
    """A table whose rows are asked for one after the other."""

    def __init__(self, element: Element, styles: Styles) -> None:
        self.rows = [_row(row) for row in _rows(element) if not _is_deleted(row)]
        # A table of one column is a frame around a text.
        self.framed = all(len(row.cells) < 2 for row in self.rows)
        self._columns = Columns()
        self._above: dict[int, str] = {}
        heads = 0
        while heads < len(self.rows) and self.rows[heads].header:
            heads += 1
        if not heads and _starts_with_header(element, self.rows, styles):
            heads = 1
        rows = [[Cell("", cell.column, cell.span) for cell in row.cells] for row in self.rows]
        if heads and not is_over(rows[heads - 1], rows[heads:]):
            heads = 0
        for at, row in enumerate(self.rows):
            row.header = at < heads

    def piece(self, row: Row, texts: Sequence[str]) -> Piece | None:
        """Return a row as a piece. What a merged cell says is repeated in each of its rows."""
        cells = []
        for merged, text in zip(row.cells, texts, strict=True):
            said = self._above.get(merged.column, "") if merged.continued else text
            self._above[merged.column] = said
            cells.append(Cell(said, merged.column, merged.span))
        if row.header:
            self._columns.add(cells)
        return self._columns.row(cells, header=row.header)


def is_layout(row: Row, styles: Styles) -> bool:
    """Return whether a row only lays out text: it holds headings, tables or long texts."""
    for cell in row.cells:
        if next(cell.element.iter(W + "tbl"), None) is not None:
            return True
        if sum(len(text.text or "") for text in cell.element.iter(W + "t")) > _LONG_CELL:
            return True
        for properties in cell.element.iter(W + "pPr"):
            named = properties.find(W + "pStyle")
            level = outline_level(properties)
            if level is None and named is not None:
                level = styles.heading(str(named.get(W + "val", "")))
            if level is not None and 0 <= level < 9:
                return True
    return False


def _rows(element: Element) -> Iterator[Element]:
    for child in element:
        if local(child) == "tr":
            yield child
        elif local(child) in _THROUGH:
            yield from _rows(child)


def _row(element: Element) -> Row:
    properties = element.find(W + "trPr")
    row = Row(header=properties is not None and on(properties.find(W + "tblHeader")))
    column = number_in(properties.find(W + "gridBefore"), 0) or 0 if properties is not None else 0
    for cell in _cells(element):
        inner = cell.find(W + "tcPr")
        span = max(1, number_in(inner.find(W + "gridSpan"), 1) or 1) if inner is not None else 1
        merge = inner.find(W + "vMerge") if inner is not None else None
        if inner is None or inner.find(W + "cellDel") is None:
            continued = merge is not None and merge.get(W + "val", "continue") != "restart"
            row.cells.append(Merged(cell, column, span, continued))
        column += span
    return row


def _cells(element: Element) -> Iterator[Element]:
    for child in element:
        if local(child) == "tc":
            yield child
        elif local(child) in _THROUGH:
            yield from _cells(child)


def _is_deleted(row: Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _starts_with_header(element: Element, rows: Sequence[Row], styles: Styles) -> bool:
    """Return whether the first row is a header though it does not say so: it is set apart from the second.

    The style of the table treats it in a way of its own, or all of its words are bold and not all of the
    second row's are.
    """
    if len(rows) < 2 or len(rows[0].cells) < 2:
        return False
    look = element.find(f"{W}tblPr/{W}tblLook")
    named = element.find(f"{W}tblPr/{W}tblStyle")
    if look is not None and named is not None and _first_row_differs(look):
        chain = styles.chain(str(named.get(W + "val", "")))
        if any(style.first_row for style in chain):
            return True
    return _all_bold(rows[0], styles) and not _all_bold(rows[1], styles)


def _first_row_differs(look: Element) -> bool:
    stated = look.get(W + "firstRow")
    if stated is not None:
        return stated in {"1", "true", "on"}
    try:
        return bool(int(look.get(W + "val", "0"), 16) & 0x20)
    except ValueError:
        return False


def _all_bold(row: Row, styles: Styles) -> bool:
    filled = 0
    for cell in row.cells:
        for paragraph in cell.element.iter(W + "p"):
            named = paragraph.find(f"{W}pPr/{W}pStyle")
            inherited = named is not None and styles.bold(str(named.get(W + "val", "")))
            for run in paragraph.iter(W + "r"):
                if not any((text.text or "").strip() for text in run.iter(W + "t")):
                    continue
                filled += 1
                direct = run.find(f"{W}rPr/{W}b")
                if not (on(direct) if direct is not None else inherited):
                    return False
    return filled > 0
