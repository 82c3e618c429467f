"""Which lines are rows of a table that is set in columns without rules between them?"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf.lines import Line, Row, text_of
from ingest.readers.pdf.tables import Standing, give_headers
from ingest.readers.shared.markers import is_alone, marker_of

# A gap of this share of the type size parts cells.
_GAP = 1.1
# Cells whose starts, ends or middles differ by less, in points, stand in one column.
_SLACK = 3.5
_LONGEST_CELL = 34
_FEWEST_ROWS, _FEWEST_ROWS_OF_MANY = 3, 2
_MANY = 3
# A row of a single cell further below than this, in shares of its size, is no wrapped cell.
_WRAPPED = 1.5


def lines_with_tables(rows: Sequence[Row], *, page: int) -> list[Line]:
    """Return the rows of one column as lines, those of tables with their cells."""
    found: list[Line] = []
    at = 0
    while at < len(rows):
        end = _run_end(rows, at)
        table = _table(rows[at:end], page) if end > at else None
        if table is None:
            found.extend(_plain(rows[at], page))
            at += 1
        else:
            found.extend(table)
            at = end
    return found


def _plain(row: Row, page: int) -> list[Line]:
    """Return the line of a row; a ruled table that stands in it gives its own lines."""
    found: list[Line] = []
    words = [word for word in row if not isinstance(word, Standing)]
    if words:
        found.append(Line(words, page))
    for word in row:
        if isinstance(word, Standing):
            found.extend(word.lines)
    return found


def cells_of(row: Row) -> list[Row]:
    """Return the stretches of a row that wide gaps part."""
    cells: list[Row] = []
    for at, word in enumerate(row):
        if at and word.left - row[at - 1].right < _GAP * max(word.size, row[at - 1].size):
            cells[-1].append(word)
        else:
            cells.append([word])
    return cells


def _run_end(rows: Sequence[Row], start: int) -> int:
    """Return where the rows end that have their cells under each other, or ``start``."""
    first = _cells(rows[start])
    if len(first) < 2:
        return start
    end, above = start + 1, first
    while end < len(rows):
        cells = _cells(rows[end])
        if len(cells) >= 2 and _under(above, cells):
            # Rows may leave cells empty: those of all rows so far tell the columns.
            above = [*above, *cells]
        elif not _is_wrapped(rows[end - 1], rows[end], cells, above):
            break
        end += 1
    return end


def _cells(row: Row) -> list[Row]:
    """Return the cells of a row that may be one of a table, else nothing."""
    if any(isinstance(word, Standing) for word in row):
        return []
    cells = cells_of(row)
    if len(cells) < 2:
        return cells
    if is_alone(text_of(cells[0])) or (len(cells) < _MANY and marker_of(text_of(row[:4])) is not None):
        return []
    if all(word.face.mono for word in row):
        return []
    return [] if any(_is_leader(word.text) for word in row) else cells


def _is_leader(text: str) -> bool:
    return (len(text) > 3 and not text.strip(".…·_")) or text in {".", "…"}


def _under(above: Sequence[Row], cells: Sequence[Row]) -> bool:
    """Return whether two cells besides or with the first stand under cells of the row above."""
    matches = sum(any(_aligned(cell, other) for other in above) for cell in cells)
    return matches >= 2


def _aligned(one: Row, other: Row) -> bool:
    left, right = one[0].left - other[0].left, one[-1].right - other[-1].right
    return min(abs(left), abs(right), abs(left + right) / 2) <= _SLACK


def _is_wrapped(before: Row, row: Row, cells: Sequence[Row], above: Sequence[Row]) -> bool:
    """Return whether a row only goes on with cells of the row before it."""
    if not cells or row[0].baseline - before[0].baseline > _WRAPPED * row[0].size:
        return False
    starts = [cell[0].left for cell in above]
    inside = all(any(abs(cell[0].left - start) <= _SLACK for start in starts) for cell in cells)
    return inside and abs(cells[0][0].left - min(starts)) > _SLACK


def _table(rows: Sequence[Row], page: int) -> list[Line] | None:
    split = [_cells(row) for row in rows]
    full = [cells for cells in split if len(cells) >= 2]
    many = sum(len(cells) >= _MANY for cells in full) >= 0.5 * len(full)
    if len(full) < (_FEWEST_ROWS_OF_MANY if many else _FEWEST_ROWS):
        return None
    lengths = [len(text_of(cell)) for cells in full for cell in cells]
    if sum(lengths) > _LONGEST_CELL * len(lengths):
        return None
    columns = _columns(full)
    if len(columns) < 2:
        return None
    lines: list[Line] = []
    for row, cells in zip(rows, split, strict=True):
        placed: list[list[Row]] = [[] for _ in columns]
        for cell in cells:
            placed[_column(cell, columns)].append(cell)
        if lines and not placed[0] and len(cells) < len(columns) and _is_close(lines[-1], row):
            _add(lines[-1], placed, row)
        else:
            lines.append(Line(list(row), page, cells=placed))
    give_headers(lines)
    return lines


def _is_close(line: Line, row: Row) -> bool:
    return row[0].baseline - max(word.baseline for word in line.words) <= _WRAPPED * row[0].size


def _add(line: Line, placed: Sequence[list[Row]], row: Row) -> None:
    line.words.extend(row)
    for cell, more in zip(line.cells or (), placed, strict=True):
        cell.extend(more)


def _columns(rows: Sequence[Sequence[Row]]) -> list[tuple[float, float]]:
    """Return the stretches from left to right that cells stand over."""
    found: list[tuple[float, float]] = []
    for left, right in sorted((cell[0].left, cell[-1].right) for cells in rows for cell in cells):
        if found and left < found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found


def _column(cell: Row, columns: Sequence[tuple[float, float]]) -> int:
    middle = (cell[0].left + cell[-1].right) / 2
    return min(range(len(columns)), key=lambda at: max(columns[at][0] - middle, middle - columns[at][1], 0.0))
