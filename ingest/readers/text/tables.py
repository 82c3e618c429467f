"""Which lines of a plain text are rows of a table, set in columns by tabs or spaces?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set

from ingest.readers.shared.markers import marker_of
from ingest.readers.text.lines import Line

_GAP = re.compile(r" {3,}")
_FEWEST_ROWS = 2
# Cells longer than this on average are columns of running text beside each other, not a table.
_LONGEST_CELL = 30
# A column starts at the same place in every row, give or take two characters of proportional type.
_SLACK = 3


def rows_of(lines: Sequence[Line], *, apart: Set[int] = frozenset()) -> dict[int, str]:
    """Return the lines that are rows, each as its cells joined by `` | ``; those ``apart`` are none."""
    found: dict[int, str] = {}
    for row in _runs(lines, apart):
        cells = {at: _GAP.split(lines[at].text) for at in row}
        lengths = [len(cell) for line in cells.values() for cell in line]
        if sum(lengths) <= _LONGEST_CELL * len(lengths) and _aligned([lines[at] for at in row]):
            found.update((at, " | ".join(line)) for at, line in cells.items())
    return found


def _runs(lines: Sequence[Line], apart: Set[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for at, line in enumerate(lines):
        wide = (
            at not in apart and "   " in line.text and marker_of(line.text) is None and "…" not in line.text
        )
        if run and (not wide or line.gap > 1):
            if len(run) >= _FEWEST_ROWS:
                yield run
            run = []
        if wide:
            run.append(at)
    if len(run) >= _FEWEST_ROWS:
        yield run


def _aligned(rows: Sequence[Line]) -> bool:
    """Return whether half of the rows have a column that starts, or ends, where one of another row does."""
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    for line in rows:
        gaps = list(_GAP.finditer(line.text))
        starts.update({(line.indent + gap.end()) // _SLACK for gap in gaps})
        ends.update({(line.indent + len(line.text)) // _SLACK})
    most = max(*starts.values(), *ends.values())
    return most >= max(_FEWEST_ROWS, len(rows) / 2)
