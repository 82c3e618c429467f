"""Which pieces does a table make: rows of cells, each under its header cells?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.shared.compose import Piece
from kb.model import BlockKind

# A header cell is a name, not a text.
_LONGEST_HEADER = 120
# A merged title may span thousands of columns, of which no row fills the last.
_FURTHEST = 1000
# The share of cells that must lie under a cell of the header; a form's head measured has half of that.
_ALIGNED = 0.9


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell, the column (from 0) that it starts in, and how many it covers."""

    text: str
    column: int
    span: int = 1

    @property
    def end(self) -> int:
        """Return the first column after the cell."""
        return self.column + min(self.span, _FURTHEST)


class Columns:
    """The header cells over each column of a table, gathered from its header rows."""

    def __init__(self) -> None:
        self._over: dict[int, list[Cell]] = {}
        self._width = 0

    def add(self, row: Iterable[Cell]) -> None:
        """Take the cells of a header row; what a wide cell says holds for all columns under it."""
        for cell in row:
            self._width = max(self._width, cell.end)
            if cell.text.strip():
                for column in range(cell.column, cell.end):
                    self._over.setdefault(column, []).append(cell)

    def over(self, cell: Cell) -> str:
        """Return the header over a cell, the outer one first.

        What stands over a part of the cell only, or over the whole table as its title, is no header of it.
        """
        names: list[str] = []
        for head in self._over.get(cell.column, ()):
            text = " ".join(head.text.split())[:_LONGEST_HEADER]
            title = head.column == 0 and head.end >= self._width > 1
            if head.column <= cell.column and cell.end <= head.end and not title and text not in names:
                names.append(text)
        return " ".join(names)

    def row(self, cells: Sequence[Cell], *, page: int | None = None, header: bool = False) -> Piece | None:
        """Return a row with its headers, or None if no cell says anything. Empty cells are left out."""
        filled = [cell for cell in cells if cell.text.strip()]
        if not filled:
            return None
        text = " | ".join(" ".join(cell.text.split()) for cell in filled)
        names = () if header else tuple(map(self.over, filled))
        # One name over all cells tells none from another.
        told = any(names) and (len(names) == 1 or len(set(names)) > 1)
        return Piece(BlockKind.TABLE_ROW, text, 0, page, names if told else ())


def is_over(heads: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a row stands over others column by column, as a header does.

    The head of a form has cells of its own widths. Under a header nearly each cell lies under one of its
    cells, or under several from edge to edge.
    """
    below = [cell for row in rows if len(row) > 1 for cell in row]
    starts, ends = {head.column for head in heads}, {head.end for head in heads}
    aligned = 0
    for cell in below:
        whole = cell.column in starts and cell.end in ends
        aligned += whole or any(head.column <= cell.column and cell.end <= head.end for head in heads)
    return len(heads) > 1 and aligned >= _ALIGNED * len(below)


def pieces_of(rows: Sequence[Sequence[Cell]], heads: int, *, page: int | None = None) -> list[Piece]:
    """Return the rows of a table, of which the first ``heads`` are header rows."""
    columns = Columns()
    found = []
    for at, row in enumerate(rows):
        if at < heads:
            columns.add(row)
        found.append(columns.row(row, page=page, header=at < heads))
    return [piece for piece in found if piece is not None]
