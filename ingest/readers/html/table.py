"""Which rows of an HTML table hold facts in cells, and which header cells stand above each cell?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bs4 import Tag

from ingest.readers.html.tags import children_of

# A cell with more characters is a part of a page that is laid out with a table.
_LONG_CELL = 600
# More columns than any table that people read; a stated span of millions must not cost memory.
_WIDEST = 200
_TALLEST = 65534


@dataclass(slots=True)
class Table:
    """A table at hand: the header cells met so far by column, and the cells that reach down from above."""

    layout: bool = False
    headers: list[str] = field(default_factory=list)
    reaching: dict[int, int] = field(default_factory=dict)
    begun: bool = False

    def add(self, row: Tag, texts: Sequence[str]) -> tuple[str, ...]:
        """Take the next row, its cells' texts; return the header above each cell, nothing for a header row.

        Spans are followed as HTML does (WHATWG 4.9.12.1).
        """
        cells = [cell for cell in children_of(row) if cell.name in {"td", "th"}]
        columns = self._columns(cells)
        if not self.begun and _is_header(row, cells):
            for text, (column, width) in zip(texts, columns, strict=False):
                for at in range(column, column + width):
                    self.headers.extend([""] * (at + 1 - len(self.headers)))
                    self.headers[at] = text or self.headers[at]
            return ()
        self.begun = True
        if not any(self.headers):
            return ()
        return tuple(self.headers[column] if column < len(self.headers) else "" for column, _ in columns)

    def _columns(self, cells: Sequence[Tag]) -> list[tuple[int, int]]:
        """Return the first column and the width of each cell, leaving out what is taken from above."""
        columns: list[tuple[int, int]] = []
        down: dict[int, int] = {}
        at = 0
        for cell in cells:
            while self.reaching.get(at, 0) > 0:
                at += 1
            width, height = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _TALLEST)
            columns.append((at, width))
            if height > 1:
                down.update(dict.fromkeys(range(at, at + width), height - 1))
            at += width
        self.reaching = {column: rows - 1 for column, rows in self.reaching.items() if rows > 1} | down
        return columns


def is_layout(table: Tag) -> bool:
    """Return whether a table says that it only places parts of a page."""
    return table.get("role") in {"presentation", "none"}


def is_row_of_facts(row: Tag) -> bool:
    """Return whether a row holds facts in cells; rows of layout tables hold parts of a page."""
    cells = [cell for cell in children_of(row) if cell.name in {"td", "th"}]
    if len(cells) < 2:
        return False
    if row.find(["table", "h1", "h2", "h3", "blockquote", "pre"]) is not None:
        return False
    return all(len(cell.get_text()) <= _LONG_CELL for cell in cells)


def _is_header(row: Tag, cells: Sequence[Tag]) -> bool:
    if row.parent is not None and row.parent.name == "thead":
        return True
    return all(cell.name == "th" for cell in cells)


def _span(cell: Tag, name: str, most: int) -> int:
    stated = str(cell.get(name) or "")
    return max(1, min(int(stated), most)) if stated.isascii() and stated.isdigit() and len(stated) < 9 else 1
