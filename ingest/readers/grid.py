"""Which pieces does a table make: rows of cells, each under its header cells?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.compose import Piece
from kb.model import BlockKind

# A header cell is a name, not a text.
_LONGEST_HEADER = 120


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell, the column (from 0) that it starts in, and how many it covers."""

    text: str
    column: int
    span: int = 1


class Columns:
    """The header cells over each column of a table, gathered from its header rows."""

    def __init__(self) -> None:
        self._names: dict[int, list[str]] = {}

    def add(self, row: Iterable[Cell]) -> None:
        """Take the cells of a header row; what a wide cell says holds for all columns under it."""
        for cell in row:
            text = " ".join(cell.text.split())[:_LONGEST_HEADER]
            # A merged title may span thousands of columns, of which no row fills the last.
            for column in range(cell.column, cell.column + min(cell.span, 1000)):
                names = self._names.setdefault(column, [])
                if text and text not in names:
                    names.append(text)

    def over(self, cell: Cell) -> str:
        """Return the header over a cell, the outer one first."""
        return " ".join(self._names.get(cell.column, ()))

    def row(self, cells: Sequence[Cell], *, page: int | None = None, header: bool = False) -> Piece | None:
        """Return a row with its headers, or None if no cell says anything. Empty cells are left out."""
        filled = [cell for cell in cells if cell.text.strip()]
        if not filled:
            return None
        text = " | ".join(" ".join(cell.text.split()) for cell in filled)
        names = () if header else tuple(self.over(cell) for cell in filled)
        return Piece(BlockKind.TABLE_ROW, text, 0, page, names if any(names) else ())


def pieces_of(rows: Sequence[Sequence[Cell]], heads: int, *, page: int | None = None) -> list[Piece]:
    """Return the rows of a table, of which the first ``heads`` are header rows."""
    columns = Columns()
    found = []
    for at, row in enumerate(rows):
        if at < heads:
            columns.add(row)
        found.append(columns.row(row, page=page, header=at < heads))
    return [piece for piece in found if piece is not None]
