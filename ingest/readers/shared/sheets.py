"""Which pieces does a sheet of cells make: titles, header rows, rows under their headers?

    rows → regions (blank rows between them, or tables side by side) → titles, header rows, rows → pieces

It is the same for Excel, OpenDocument and CSV, which only differ in how cells are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.readers.shared.compose import Piece
from ingest.readers.shared.grid import Cell, Columns
from kb.model import BlockKind

# A sheet beyond these bounds is a store of figures; what is beyond is left out with a warning.
MOST_ROWS = 50_000
MOST_CELLS = 500_000
WIDEST = 256
_LONGEST_HEADER = 80
_LONGEST_TITLE = 120
# A merged cell is repeated in at most this many rows and stands over at most this many columns.
_FURTHEST = 500
_DIGIT = re.compile(r"\d")
# A table beside another has a header and at least two rows.
_FEWEST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Value:
    """A cell as people see it: its text, its column from 0, whether it is a figure, whether it stands out."""

    text: str
    column: int
    figure: bool = False
    strong: bool = False
    span: int = 1


# Rows that stand one under the other: the number from 0 and the filled cells of each.
_Region = list[tuple[int, list[Value]]]


@dataclass(slots=True)
class Sheet:
    """The filled cells of a sheet.

    ``rows`` are (row number from 0, cells), in order, without empty ones. ``merged`` gives the rows and
    columns that a merged cell covers by its row and column. ``heads`` are rows that the file says are
    header rows. ``notes`` are the words of the text boxes that lie on it. ``hidden`` says that
    rows or columns were left out because nobody sees them.
    """

    name: str
    rows: list[tuple[int, list[Value]]] = field(default_factory=list)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    heads: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    hidden: bool = False


@dataclass(slots=True)
class Bounds:
    """Counts what is read of a workbook, and says what was left out."""

    cells: int = 0
    warnings: list[str] = field(default_factory=list)

    def taken(self, rows: Iterable[tuple[int, list[Value]]], name: str) -> list[tuple[int, list[Value]]]:
        """Return the rows of a sheet up to the bounds."""
        where = f"sheet “{name}”" if name else "the table"
        kept: list[tuple[int, list[Value]]] = []
        wide = False
        for at, cells in rows:
            if len(kept) >= MOST_ROWS or self.cells >= MOST_CELLS:
                self.warnings.append(f"{where} is too long: only its first {len(kept):,} rows were read")
                break
            if not cells:
                continue
            wide = wide or len(cells) > WIDEST
            kept.append((at, cells[:WIDEST]))
            self.cells += len(kept[-1][1])
        if wide:
            self.warnings.append(f"{where} is too wide: of some rows only {WIDEST} cells were read")
        return kept


def warnings_of(shown: Sequence[Sheet], hidden: Sequence[str]) -> list[str]:
    """Return what to tell of a workbook: which sheets are hidden, and in which some rows or columns are."""
    warnings = [f"hidden sheets were left out: {', '.join(hidden)}"] if hidden else []
    parts = [sheet.name for sheet in shown if sheet.hidden]
    if parts:
        warnings.append(f"hidden rows or columns were left out of: {', '.join(parts)}")
    return warnings


def pieces_of(sheet: Sheet, *, page: int | None = None, headed: bool = False) -> Iterator[Piece]:
    """Yield the pieces of a sheet; ``headed`` puts its name over them as a heading."""
    if headed and (sheet.rows or sheet.notes):
        yield Piece(BlockKind.HEADING, sheet.name, 1, page)
    columns: Columns | None = None
    for region in _apart(_regions(_with_merged(sheet)), sheet.heads):
        titles, heads, rows = _parts(region, sheet.heads)
        for cells in titles:
            yield _title(cells[0], page, 2 if headed else 1)
        if heads or columns is None or not _fits(rows, columns):
            columns = Columns()
        for cells in heads:
            columns.add(cells)
        one_column = all(len(cells) == 1 for cells in rows)
        for cells in [*heads, *rows]:
            if one_column and len(cells) == 1:
                yield Piece(BlockKind.PARAGRAPH, cells[0].text, 0, page)
            elif piece := columns.row(cells, page=page, header=cells in heads):
                yield piece
    for note in sheet.notes:
        yield Piece(BlockKind.PARAGRAPH, note, 0, page)


def _with_merged(sheet: Sheet) -> Iterator[tuple[int, list[Value]]]:
    """Yield the rows with merged cells spread: down by repeating them, across by their span."""
    if not sheet.merged:
        yield from sheet.rows
        return
    waiting: dict[int, list[Value]] = {}
    for at, cells in sheet.rows:
        spread = []
        for value in cells:
            down, across = sheet.merged.get((at, value.column), (1, 1))
            value = replace(value, span=across)
            spread.append(value)
            for below in range(at + 1, at + min(down, _FURTHEST)):
                waiting.setdefault(below, []).append(value)
        repeated = waiting.pop(at, [])
        yield at, sorted([*spread, *repeated], key=lambda value: value.column)


def _regions(rows: Iterable[tuple[int, list[Value]]]) -> Iterator[_Region]:
    region: _Region = []
    for at, cells in rows:
        if region and at > region[-1][0] + 1:
            yield region
            region = []
        region.append((at, cells))
    if region:
        yield region


def _apart(regions: Iterable[_Region], stated: set[int]) -> Iterator[_Region]:
    """Yield regions with tables that stand side by side taken apart, the left one first."""
    for region in regions:
        yield from _beside(region, stated)


def _beside(region: _Region, stated: set[int]) -> Iterator[_Region]:
    """Yield the tables of a region: where a blank column runs through it, and both sides are tables.

    A form has blank columns too; only what has a header and rows of its own on either side is apart.
    """
    for gap in _blank_columns(region):
        left, right = (_side(region, gap, after=after) for after in (False, True))
        if _is_table(left, stated) and _is_table(right, stated):
            yield from _beside(left, stated)
            yield from _beside(right, stated)
            return
    yield region


def _blank_columns(region: _Region) -> list[int]:
    """Return the columns between filled ones that no row fills and no merged cell covers.

    Of blank columns beside each other the first stands for all: a file of one row may have millions.
    """
    filled = {
        column
        for _, cells in region
        for value in cells
        for column in range(value.column, value.column + min(value.span, _FURTHEST))
    }
    gaps = [left + 1 for left, right in pairwise(sorted(filled)) if right > left + 1]
    return gaps[:WIDEST]


def _side(region: _Region, gap: int, *, after: bool) -> _Region:
    """Return the rows of a region before or after a column, without empty ones."""
    rows = ((at, [value for value in cells if (value.column > gap) == after]) for at, cells in region)
    return [(at, cells) for at, cells in rows if cells]


def _is_table(region: _Region, stated: set[int]) -> bool:
    """Return whether rows without a gap are a header and rows as wide under it."""
    if len(region) < _FEWEST_ROWS or region[-1][0] - region[0][0] >= len(region):
        return False
    _, heads, rows = _parts(region, stated)
    return bool(heads) and len(rows) >= _FEWEST_ROWS - 1 and len(heads[0]) > 1 and len(rows[0]) > 1


def _parts(region: _Region, stated: set[int]) -> tuple[list[list[Cell]], list[list[Cell]], list[list[Cell]]]:
    """Return the titles over a table, its header rows and its other rows."""
    first = 0
    while first < len(region) and len(region[first][1]) == 1:
        first += 1
    if first == len(region):
        first = 1 if _is_title(region[0][1][0]) and len(region) > 1 else 0
        return _plain(region[:first]), [], _plain(region[first:])
    heads = first
    while heads < len(region) and region[heads][0] in stated and len(region[heads][1]) > 1:
        heads += 1
    if heads == first and _heads(region[first][1], [cells for _, cells in region[first + 1 :]]):
        heads = first + 1
        while heads + 1 < len(region) and _is_outer(region[heads - 1][1], region[heads][1]):
            heads += 1
    return _plain(region[:first]), _plain(region[first:heads]), _plain(region[heads:])


def _plain(region: _Region) -> list[list[Cell]]:
    return [[Cell(value.text, value.column, value.span) for value in cells] for _, cells in region]


def _is_title(value: Value) -> bool:
    return value.strong and len(value.text) <= _LONGEST_TITLE


def _title(cell: Cell, page: int | None, level: int) -> Piece:
    """Return a line over a table: a heading if it is short and says no sentence."""
    short = (
        len(cell.text) <= _LONGEST_TITLE and "\n" not in cell.text and not cell.text.endswith((".", ":", ";"))
    )
    kind = BlockKind.HEADING if short else BlockKind.PARAGRAPH
    return Piece(kind, cell.text, level if short else 0, page)


def _heads(cells: Sequence[Value], below: Sequence[Sequence[Value]]) -> bool:
    """Return whether a row names what stands below it.

    All its cells are short words, none twice, and either they stand out from the row below, or figures stand
    below them, or there are three and more over the whole width of the table, or two over cells that all have
    digits, as numbers of houses and phones, where they have none.
    """
    below = [row for row in below[:50] if len(row) > 1]
    names = [value.text.casefold() for value in cells]
    if not below or any(value.figure or len(value.text) > _LONGEST_HEADER for value in cells):
        return False
    if len(set(names)) < len(names) and not any(value.span > 1 for value in cells):
        return False
    if all(value.strong for value in cells) and not all(value.strong for value in below[0]):
        return True
    named = {value.column for value in cells}
    figures = {value.column for row in below for value in row if value.figure}
    widest = max(len(row) for row in below)
    if figures & named or (len(cells) >= 3 and len(cells) >= 0.8 * widest):
        return True
    return len(below) >= _FEWEST_ROWS and any(_over_digits(value, below) for value in cells)


def _over_digits(head: Value, below: Sequence[Sequence[Value]]) -> bool:
    """Return whether each cell under a name without digits has some."""
    under = [value.text for row in below for value in row if value.column == head.column]
    return len(under) == len(below) and not _DIGIT.search(head.text) and all(map(_DIGIT.search, under))


def _is_outer(above: Sequence[Value], cells: Sequence[Value]) -> bool:
    """Return whether a header row with merged cells has its second line in the next row."""
    merged = any(value.span > 1 for value in above)
    return merged and len(cells) > 1 and not any(value.figure for value in cells) and cells[0].strong


def _fits(rows: Sequence[Sequence[Cell]], columns: Columns) -> bool:
    """Return whether rows go on under the header above a blank row: each cell has one over it."""
    wide = [row for row in rows if len(row) > 1]
    return bool(wide) and all(columns.over(cell) for row in wide[:20] for cell in row)
