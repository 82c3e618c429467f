"""In which order are the words of a page read when they stand in columns?

A page is cut along its tallest gutter, a strip that no word crosses, again and again: what stands over the
gutter, then left of it, right of it, below it (after the recursive X-Y cut: Nagy and Seth, Hierarchical
representation of optically scanned documents, ICPR 1984).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf.lines import Row
from ingest.readers.shared.markers import is_alone, marker_of

# Widths in shares of the type size. A gutter is at least so wide, and with few lines beside it wider.
_NARROW, _WIDE = 0.7, 2.0
_FEW, _FEWEST = 4, 2
# Starts of lines this near to each other, in points, stand at one edge.
_EDGE = 3.0
# A column is at least so wide, in shares of the type size: bullets and line numbers make none.
_COLUMN = 4.0
# Running text has so many characters a line, and fills so much of its column in half of its lines.
_CHARACTERS, _FILLED = 18, 0.7
_DEEPEST = 8
# Baselines of one row differ by less than this share of the type size, even on a page that was scanned askew.
_LEVEL = 0.2
_FIGURE = re.compile(r"\d+[.,]\d+")


@dataclass(frozen=True, slots=True)
class Gutter:
    """A strip free of words: rows first to last (exclusive), left of ``edge``."""

    first: int
    last: int
    edge: float
    width: float


def columns(rows: list[Row], size: float, *, depth: int = 0) -> list[list[Row]]:
    """Return the columns of a page in reading order, each as its rows. ``size`` is that of most type."""
    gutter = _best(rows, size) if depth < _DEEPEST and len(rows) > 1 else None
    if gutter is None:
        return [rows] if rows else []
    inside = rows[gutter.first : gutter.last]
    left = [kept for row in inside if (kept := [word for word in row if word.left < gutter.edge - 0.5])]
    right = [kept for row in inside if (kept := [word for word in row if word.left >= gutter.edge - 0.5])]
    found: list[list[Row]] = []
    for part in (rows[: gutter.first], left, right, rows[gutter.last :]):
        found.extend(columns(part, size, depth=depth + 1))
    return found


def _best(rows: Sequence[Row], size: float) -> Gutter | None:
    found = [gutter for edge in _edges(rows, size) for gutter in _gutters(rows, edge, size)]
    return max(found, key=lambda gutter: (gutter.last - gutter.first, gutter.width), default=None)


def _edges(rows: Sequence[Row], size: float) -> list[float]:
    """Return where several rows start anew after a gap."""
    starts = sorted(
        word.left
        for row in rows
        for at, word in enumerate(row)
        if at == 0 or word.left - row[at - 1].right >= _NARROW * size
    )
    edges: list[float] = []
    at = 0
    while at < len(starts):
        end = at
        while end < len(starts) and starts[end] - starts[at] <= _EDGE:
            end += 1
        if end - at >= _FEWEST:
            edges.append(starts[at])
            at = end
        else:
            at += 1
    return edges


def _gutters(rows: Sequence[Row], edge: float, size: float) -> list[Gutter]:
    """Return the stretches of rows that leave the strip before an edge free and stand on both sides."""
    found: list[Gutter] = []
    start: int | None = None
    for at in range(len(rows) + 1):
        free = at < len(rows) and _is_free(rows[at], edge, _NARROW * size)
        if free and start is None:
            start = at
        elif not free and start is not None:
            gutter = _checked(rows, range(start, at), edge, size)
            if gutter is not None:
                found.append(gutter)
            start = None
    return found


def _is_free(row: Row, edge: float, width: float) -> bool:
    return all(word.right <= edge - width or word.left >= edge - 0.5 for word in row)


def _checked(rows: Sequence[Row], run: range, edge: float, size: float) -> Gutter | None:
    sides = [
        (
            [word for word in rows[at] if word.left < edge - 0.5],
            [word for word in rows[at] if word.left >= edge - 0.5],
        )
        for at in run
    ]
    lefts = [at for at, (left, _) in zip(run, sides, strict=True) if left]
    rights = [at for at, (_, right) in zip(run, sides, strict=True) if right]
    if not lefts or not rights:
        return None
    first, last = max(lefts[0], rights[0]), min(lefts[-1], rights[-1])
    # Rows over and under, where only one side has words, belong to the columns unless far away.
    first, last = _extended(rows, run, first, last)
    sides = sides[first - run.start : last - run.start]
    left = [row for row, _ in sides if row]
    right = [row for _, row in sides if row]
    if not left or not right:
        return None
    width = edge - max(word.right for row in left for word in row)
    fewest = _FEW if width < _WIDE * size else _FEWEST
    starts = sum(abs(row[0].left - edge) <= _EDGE for row in right)
    if min(len(left), len(right), starts) < fewest:
        return None
    if min(_breadth(left), _breadth(right)) < _COLUMN * size or not _are_columns(left, right, sides):
        return None
    return Gutter(first, last, edge, width)


def _extended(rows: Sequence[Row], run: range, first: int, last: int) -> tuple[int, int]:
    """Return the rows from first to last with those before and after that follow at the pitch of lines."""
    while (
        first > run.start and rows[first][0].baseline - rows[first - 1][0].baseline < 3 * rows[first][0].size
    ):
        first -= 1
    while (
        last + 1 < run.stop
        and rows[last + 1][0].baseline - rows[last][0].baseline < 3 * rows[last + 1][0].size
    ):
        last += 1
    return first, last + 1


def _breadth(rows: Sequence[Row]) -> float:
    widths = sorted(row[-1].right - row[0].left for row in rows)
    return widths[len(widths) * 3 // 4]


def _are_columns(left: Sequence[Row], right: Sequence[Row], sides: Sequence[tuple[Row, Row]]) -> bool:
    """Return whether the two sides are read one after the other, not row by row as a table is."""
    if _runs(left) and _runs(right):
        return True
    if any(map(_begins_item, right)):
        return True
    both = sum(bool(one and other) for one, other in sides)
    aligned = both >= 0.6 * min(len(left), len(right)) and _level(sides)
    return not aligned


def _begins_item(row: Row) -> bool:
    """Return whether a row begins with the mark of a list; 2.4 is one of a section or a figure in a table."""
    if _FIGURE.fullmatch(row[0].text):
        return False
    return marker_of(_text(row)) is not None or is_alone(row[0].text)


def _level(sides: Sequence[tuple[Row, Row]]) -> bool:
    """Return whether the two sides of most rows share one baseline."""
    pairs = [(one[0], other[0]) for one, other in sides if one and other]
    return sum(abs(one.baseline - other.baseline) < _LEVEL * one.size for one, other in pairs) >= 0.7 * len(
        pairs
    )


def _runs(rows: Sequence[Row]) -> bool:
    """Return whether the rows are running text."""
    widest = _breadth(rows)
    filled = sum(row[-1].right - row[0].left >= _FILLED * widest for row in rows)
    characters = sum(len(word.text) + 1 for row in rows for word in row)
    gaps = sum(_has_wide_gap(row) for row in rows)
    return filled >= 0.5 * len(rows) and characters >= _CHARACTERS * len(rows) and gaps <= 0.4 * len(rows)


def _has_wide_gap(row: Row) -> bool:
    return any(after.left - before.right > 1.5 * after.size for before, after in pairwise(row))


def _text(row: Row) -> str:
    return " ".join(word.text for word in row[:3])
