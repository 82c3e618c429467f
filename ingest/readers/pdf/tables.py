"""Which words stand in the cells of a table that is drawn with rules?"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers.pdf.lines import Line, Row, rows_of
from ingest.readers.pdf.rules import Rules
from ingest.readers.pdf.words import Word

# Rules that miss each other by less than this, in points, meet.
_MEET = 4.0
# Cells with more characters than this on average hold text that was only laid out with a table.
_LONGEST_CELL = 500
_LONGEST_HEADER = 80
_FIGURE = re.compile(r"[\d.,%$€£()+–-]*\d[\d.,%$€£()+–-]*")

Cell = list[Row]


@dataclass(eq=False, slots=True)
class Standing(Word):
    """A table as the page's columns see it: one wide word at the table's top."""

    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The rules that make up one table, as positions from the left and from the top."""

    across: list[tuple[float, float, float]]
    down: list[tuple[float, float, float]]

    def lines(self) -> tuple[list[float], list[float]]:
        """Return where columns and rows end; tables often have no rules at their outer sides."""
        xs = [at for at, _, _ in self.down]
        ys = [at for at, _, _ in self.across]
        xs += [min(left for _, left, _ in self.across), max(right for _, _, right in self.across)]
        ys += [min(top for _, top, _ in self.down), max(low for _, _, low in self.down)]
        return _positions(xs), _positions(ys)

    def parted(self, x: float, y: float) -> bool:
        """Return whether a vertical rule runs at x past y, or would at the outer side."""
        return any(abs(at - x) <= _MEET and top - 1 <= y <= low + 1 for at, top, low in self.down)

    def floored(self, x: float, y: float) -> bool:
        """Return whether a horizontal rule runs at y past x."""
        return any(abs(at - y) <= _MEET and left - 1 <= x <= right + 1 for at, left, right in self.across)


def with_ruled_tables(words: Sequence[Word], rules: Rules, *, page: int) -> list[Word]:
    """Return the words with those in ruled tables replaced by one ``Standing`` for each table."""
    kept = list(words)
    for grid in _grids(rules):
        xs, ys = grid.lines()
        inside = [
            word
            for word in kept
            if xs[0] - 1 <= _middle(word) <= xs[-1] + 1 and ys[0] - 1 <= _height(word) <= ys[-1] + 1
        ]
        if not inside:
            continue
        rows = _rows(grid, xs, ys, inside)
        if not _is_table(rows):
            continue
        lines = [
            Line([word for cell in row for line in cell for word in line], page, cells=row) for row in rows
        ]
        give_headers(lines)
        taken = set(map(id, inside))
        kept = [word for word in kept if id(word) not in taken]
        face = inside[0].face
        kept.append(Standing("", xs[0], xs[-1], ys[0] + face.size, face, lines=lines))
    return kept


def _grids(rules: Rules) -> Iterator[_Grid]:
    """Yield the sets of rules that meet each other and part cells."""
    left = set(range(len(rules.down)))
    while left:
        down, across = {left.pop()}, set[int]()
        grown = True
        while grown:
            meeting = {
                at
                for at, rule in enumerate(rules.across)
                if at not in across and any(_cross(rule, rules.down[v]) for v in down)
            }
            across |= meeting
            found = {v for v in left if any(_cross(rules.across[at], rules.down[v]) for at in meeting)}
            down |= found
            left -= found
            grown = bool(found)
        if not across:
            continue
        grid = _Grid([rules.across[at] for at in sorted(across)], [rules.down[at] for at in sorted(down)])
        xs, ys = grid.lines()
        if len(xs) >= 3 and len(ys) >= 2:
            yield grid


def _cross(across: tuple[float, float, float], down: tuple[float, float, float]) -> bool:
    y, left, right = across
    x, top, bottom = down
    return left - _MEET <= x <= right + _MEET and top - _MEET <= y <= bottom + _MEET


def _positions(places: Sequence[float]) -> list[float]:
    found: list[float] = []
    for at in sorted(places):
        if not found or at - found[-1] > _MEET:
            found.append(at)
    return found


def _middle(word: Word) -> float:
    return (word.left + word.right) / 2


def _height(word: Word) -> float:
    return word.baseline - 0.3 * word.size


def _rows(grid: _Grid, xs: list[float], ys: list[float], words: Sequence[Word]) -> list[list[Cell]]:
    """Return the rows of cells that have words; what is one cell over several places stands in the first."""
    held: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        row = min(max(bisect.bisect_right(ys, _height(word)) - 1, 0), len(ys) - 2)
        column = min(max(bisect.bisect_right(xs, _middle(word)) - 1, 0), len(xs) - 2)
        row = _first_row(grid, xs, ys, (row, column))
        column = _first_column(grid, xs, ys, (row, column))
        held.setdefault((row, column), []).append(word)
    used = sorted({column for _, column in held})
    return [
        [rows_of(held.get((row, column), ())) for column in used]
        for row in range(len(ys) - 1)
        if any(at == row for at, _ in held)
    ]


def _first_column(grid: _Grid, xs: list[float], ys: list[float], cell: tuple[int, int]) -> int:
    row, column = cell
    while column > 0 and not grid.parted(xs[column], (ys[row] + ys[row + 1]) / 2):
        column -= 1
    return column


def _first_row(grid: _Grid, xs: list[float], ys: list[float], cell: tuple[int, int]) -> int:
    row, column = cell
    while row > 0 and not grid.floored((xs[column] + xs[column + 1]) / 2, ys[row]):
        row -= 1
    return row


def _is_table(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether the cells are those of a table, not of a page laid out with one or a framed text."""
    filled = [cell for row in rows for cell in row if cell]
    if not rows or len(rows[0]) < 2 or len(filled) < 3:
        return False
    characters = sum(len(word.text) + 1 for cell in filled for line in cell for word in line)
    beside = sum(sum(bool(cell) for cell in row) >= 2 for row in rows)
    return characters <= _LONGEST_CELL * len(filled) and beside >= max(1, 0.3 * len(rows))


def give_headers(lines: Sequence[Line]) -> None:
    """Give each row of a table the cells of its header row, where the first row is one."""
    if len(lines) < 2 or not is_header(lines):
        return
    headers = tuple(
        " ".join(text for row in cell for text in [_cell_line(row)]) for cell in lines[0].cells or ()
    )
    for line in lines[1:]:
        line.headers = headers


def _cell_line(row: Row) -> str:
    return Line(row, 0).text


def is_header(lines: Sequence[Line]) -> bool:
    """Return whether the first row of a table names its columns: set bold, or words over figures."""
    first, below = lines[0], lines[1:]
    cells = [Line([word for row in cell for word in row], 0) if cell else None for cell in first.cells or ()]
    texts = [cell.text if cell else "" for cell in cells]
    if sum(map(bool, texts)) < max(2, 0.6 * len(texts)) or max(map(len, texts)) > _LONGEST_HEADER:
        return False
    if first.bold and not all(line.bold for line in below):
        return True
    if any(_is_figure(text) for text in texts if text) or _is_like(lines[0], lines[1]):
        return False
    lower = [_cells(line) for line in below]
    over = [sum(_is_figure(row[at]) for row in lower if at < len(row)) for at in range(len(texts))]
    if any(count >= 0.5 * len(lower) for count in over[1:]):
        return True
    return len(texts) >= 3 and all(texts) and not first.text.endswith((".", ":"))


def _is_like(first: Line, second: Line) -> bool:
    """Return whether two rows have words and figures in the same pattern, as dates under dates have."""
    shapes = [{_shape(text) for text in _cells(line)} for line in (first, second)]
    return any("0" in shape for shape in shapes[0] & shapes[1])


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", text))


def _cells(line: Line) -> list[str]:
    return [" ".join(_cell_line(row) for row in cell) for cell in line.cells or ()]


def _is_figure(text: str) -> bool:
    return bool(_FIGURE.fullmatch(text.replace(" ", "")))
