"""Which paragraphs, rows and cells does a stretch of Rich Text make: the main text, a note, a text box?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.readers.shared.compose import Piece
from ingest.readers.shared.grid import Cell, Columns
from kb.model import BlockKind

# A cell with more characters than this holds a text, and its table only lays it out, as in the HTML reader.
_LONG_CELL = 600


@dataclass(slots=True)
class Slot:
    """What a row definition says of one cell: whether it goes on with the one before or the one above."""

    joined: bool = False
    continued: bool = False


@dataclass(slots=True)
class Row:
    """A row: the pieces in each of its cells, the slots of its definition, and what is placed after it."""

    cells: list[list[Piece]]
    slots: list[Slot]
    header: bool
    after: list[Piece]


@dataclass(slots=True)
class Flow:
    """Gathers the pieces of one stretch of text.

    ``after`` are pieces that follow the paragraph or row at hand: the notes that it cites, the text boxes in
    it, the rows of tables inside its cells.
    """

    found: list[Piece] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    mark: list[str] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    header: bool = False
    bold: set[int] = field(default_factory=set)
    _cell: list[Piece] = field(default_factory=list)
    _cells: list[list[Piece]] = field(default_factory=list)
    _rows: list[Row] = field(default_factory=list)
    _nested: list[Piece] = field(default_factory=list)
    _nested_cells: list[str] = field(default_factory=list)

    def paragraph(self, kind: BlockKind, level: int, *, depth: int, bold: bool = False) -> None:
        """End the paragraph at hand; ``depth`` counts the tables that it stands in."""
        text = "".join(self.words).strip()
        mark = "".join(self.mark).strip() if kind is not BlockKind.PARAGRAPH else ""
        self.words.clear()
        self.mark.clear()
        piece = Piece(kind, f"{mark} {text}" if mark and text else text, level)
        if depth == 0:
            self.table()
            if text:
                self.found.append(piece)
                if bold:
                    self.bold.add(id(piece))
            self.found.extend(self.after)
            self.after = []
        elif depth == 1:
            if text:
                self._cell.append(piece)
        elif text:
            self._nested.append(piece)

    def cell(self) -> None:
        """End the cell at hand."""
        self._cells.append(self._cell)
        self._cell = []

    def nested_cell(self) -> None:
        """End the cell at hand of a table inside a cell."""
        self._nested_cells.append(" ".join(piece.text for piece in self._nested))
        self._nested = []

    def nested_row(self) -> None:
        """End the row at hand of a table inside a cell."""
        cells = [Cell(text, column) for column, text in enumerate(self._nested_cells)]
        self._nested_cells = []
        if (piece := Columns().row(cells)) is not None:
            self.after.append(piece)

    def row(self) -> None:
        """End the row at hand."""
        if self._cell:
            self.cell()
        if self._cells:
            self._rows.append(Row(self._cells, list(self.slots), self.header, self.after))
            self._cells, self.after = [], []

    def define(self, word: str) -> None:
        """Take a word that defines the cells of the row at hand."""
        if word == "trowd":
            self.slots, self.header = [Slot()], False
        elif word == "trhdr":
            self.header = True
        elif word == "cellx":
            self.slots.append(Slot())
        elif self.slots:
            slot = self.slots[-1]
            slot.joined = slot.joined or word == "clmrg"
            slot.continued = slot.continued or word == "clvmrg"

    def table(self) -> None:
        """End the table at hand, if there is one."""
        self.row()
        rows, self._rows = self._rows, []
        if not rows:
            return
        framed = all(len(row.cells) < 2 for row in rows)
        columns = Columns()
        above: dict[int, str] = {}
        for row in rows:
            if framed or _is_layout(row.cells):
                self.found.extend(piece for cell in row.cells for piece in cell)
            else:
                cells = _merged(row, above)
                if row.header:
                    columns.add(cells)
                if (piece := columns.row(cells, header=row.header)) is not None:
                    self.found.append(piece)
            self.found.extend(row.after)

    def finish(self) -> list[Piece]:
        """End the stretch and return its pieces."""
        self.paragraph(BlockKind.PARAGRAPH, 0, depth=0)
        return self.found


def _is_layout(cells: Sequence[Sequence[Piece]]) -> bool:
    return any(
        piece.kind is BlockKind.HEADING or len(piece.text) > _LONG_CELL for cell in cells for piece in cell
    )


def _merged(row: Row, above: dict[int, str]) -> list[Cell]:
    """Return the cells of a row; what a merged cell says is repeated in each of its rows."""
    cells: list[Cell] = []
    for column, pieces in enumerate(row.cells):
        slot = row.slots[column] if column < len(row.slots) else Slot()
        text = "\n".join(piece.text for piece in pieces)
        if slot.continued:
            text = text or above.get(column, "")
        above[column] = text
        if slot.joined and cells and not text:
            before = cells.pop()
            cells.append(Cell(before.text, before.column, before.span + 1))
        else:
            cells.append(Cell(text, column))
    return cells
