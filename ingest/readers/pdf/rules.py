"""Which straight lines are drawn on a page of a PDF: the rules and frames of its tables?"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pypdfium2 import raw

from ingest.readers.pdf.frames import Frame, Rectangle

# A drawn shape at most this thick, in points, is a line; one at least so long is a rule.
_THIN, _SHORTEST = 3.0, 8.0
# Pages with more drawings are maps and charts; the first ones tell enough.
_MOST_DRAWN, _MOST_SEGMENTS = 4000, 400
_DEEPEST = 3

_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Rules:
    """Horizontal lines as (y, left, right), vertical ones as (x, top, bottom), on the page turned upright."""

    across: tuple[tuple[float, float, float], ...] = ()
    down: tuple[tuple[float, float, float], ...] = ()


def rules_on(page: Any, frame: Frame, *, degrees: int) -> Rules:
    """Return the rules on a page turned clockwise by so many degrees."""
    across: list[tuple[float, float, float]] = []
    down: list[tuple[float, float, float]] = []
    for left, bottom, right, top in _shapes(page):
        x, y, end, low = frame.seen(left, bottom, right, top, degrees=degrees)
        if low - y <= _THIN and end - x >= _SHORTEST:
            across.append(((y + low) / 2, x, end))
        elif end - x <= _THIN and low - y >= _SHORTEST:
            down.append(((x + end) / 2, y, low))
    return Rules(tuple(_joined(across)), tuple(_joined(down)))


def _joined(rules: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Return the rules with those that continue each other made one."""
    found: list[tuple[float, float, float]] = []
    for at, start, end in sorted((round(at / 2) * 2, start, end) for at, start, end in rules):
        if found and found[-1][0] == at and start <= found[-1][2] + _THIN:
            found[-1] = (at, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((at, start, end))
    return found


def _shapes(page: Any) -> Iterator[Rectangle]:
    """Yield the bounds of straight shapes and of the edges of boxes, in PDF's coordinates."""
    count = raw.FPDFPage_CountObjects(page)
    for at in range(min(count, _MOST_DRAWN)):
        yield from _of(raw.FPDFPage_GetObject(page, at), _SAME, 0)


def _of(drawn: Any, matrix: _Matrix, depth: int) -> Iterator[Rectangle]:
    kind = raw.FPDFPageObj_GetType(drawn)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        yield from (_moved(shape, matrix) for shape in _path(drawn))
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        inner = _times(_matrix(drawn), matrix)
        for at in range(min(raw.FPDFFormObj_CountObjects(drawn), _MOST_DRAWN)):
            yield from _of(raw.FPDFFormObj_GetObject(drawn, at), inner, depth + 1)


def _path(drawn: Any) -> Iterator[Rectangle]:
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(drawn, *sides):
        return
    left, bottom, right, top = (side.value for side in sides)
    if right - left <= _THIN or top - bottom <= _THIN:
        yield (left, bottom, right, top)
        return
    segments = raw.FPDFPath_CountSegments(drawn)
    if not 2 <= segments <= _MOST_SEGMENTS:
        return
    matrix = _matrix(drawn)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for at in range(segments):
        segment = raw.FPDFPath_GetPathSegment(drawn, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _point((x.value, y.value), matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _between(before, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield _between(point, start)
        before = point


def _between(one: tuple[float, float], other: tuple[float, float]) -> Rectangle:
    (x, y), (end, low) = one, other
    return (min(x, end), min(y, low), max(x, end), max(y, low))


def _matrix(drawn: Any) -> _Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(drawn, found):
        return _SAME
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    k, m, n, p, q, s = outer
    return (a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p, e * k + f * n + q, e * m + f * p + s)


def _point(point: tuple[float, float], matrix: _Matrix) -> tuple[float, float]:
    (x, y), (a, b, c, d, e, f) = point, matrix
    return (a * x + c * y + e, b * x + d * y + f)


def _moved(shape: Rectangle, matrix: _Matrix) -> Rectangle:
    if matrix == _SAME:
        return shape
    return _between(_point(shape[:2], matrix), _point(shape[2:], matrix))
