"""How is this document set: its body's size, the pitch of its lines, its list marks, its contents pages?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.lines import Line, reading_order
from ingest.readers.shared.markers import Marker, is_alone, marker_of
from ingest.readers.text.lines import Line as Plain
from ingest.readers.text.listing import Listing

# Larger than the body by this factor, type is on display.
DISPLAY = 1.09
# Type larger than the body by this factor is a heading's, whose lines end where the sense ends.
LARGE = 1.15
# Lines whose pitch is over the usual by this factor, or by this share of the size, stand apart.
_APART, _APART_BY = 1.22, 0.22
# A character takes about half the type size; the plain text reader's rules count characters.
_CHARACTER = 0.5
# Type of another size is set about as tight as the body; what is further apart are single lines.
_WIDEST_PITCH = 1.4
# So many distances tell what is usual; fewer may be those between headings.
_FEWEST_ROOMS = 4
# A document with less prose than this share of what its tables hold is all tables.
_FEWEST_PROSE = 0.6
# Lines this far around one tell how wide its column is set.
_NEAR = 8
# Points by which the marks of one list may stand apart from one edge.
_EDGE = 2.0


class Measures:
    """Measures the lines of one document, and knows what stands out from the usual."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._place = {id(line): at for at, line in enumerate(lines)}
        sizes: Counter[float] = Counter()
        celled: Counter[float] = Counter()
        bold: Counter[bool] = Counter()
        mono: Counter[bool] = Counter()
        for line in lines:
            (sizes if line.cells is None else celled)[_rounded(line.size)] += len(line.text)
        if sizes.total() < _FEWEST_PROSE * celled.total():
            # Next to nothing stands outside tables, and of that most may be headings.
            sizes += celled
        self.body = sizes.most_common(1)[0][0] if sizes else 10.0
        for line in lines:
            if line.cells is None and _rounded(line.size) == self.body:
                bold[line.bold] += len(line.text)
                mono[line.mono] += len(line.text)
        self.bold_body = bold[True] > bold[False]
        self.mono_body = mono[True] > mono[False]
        self._pitches = _pitches(lines)
        self._rights = _rights(lines)
        self._listing = Listing([self._plain(at) for at in range(len(lines))], self._widths())

    def is_display(self, line: Line) -> bool:
        """Return whether a line is set larger or bolder than the body."""
        return line.size >= DISPLAY * self.body or (line.bold and not self.bold_body)

    def pitch(self, line: Line) -> float:
        """Return the usual distance between baselines of lines like this one."""
        size = _rounded(line.size)
        known = self._pitches.get((line.page, line.region, size)) or self._pitches.get((0, 0, size))
        scaled = line.size * self._pitches.get((0, 0, self.body), 1.2 * self.body) / self.body
        return min(known or scaled, _WIDEST_PITCH * scaled)

    def is_apart(self, before: Line, line: Line) -> bool:
        """Return whether there is more room between two lines than between lines of a paragraph."""
        pitch = self.pitch(line)
        room = line.baseline - before.baseline
        return (
            line.page != before.page or room > max(_APART * pitch, pitch + _APART_BY * line.size) or room < 0
        )

    def is_full(self, before: Line, line: Line) -> bool:
        """Return whether the first word of a line would not have fitted at the end of the one before."""
        at = self._place[id(before)]
        word = reading_order(line.words)[0]
        space = 0.25 * line.size
        if line.right_to_left:
            edge = min(self._lines[near].left for near in self._near(at))
            return before.left - space - (word.right - word.left) < edge + 0.5
        return before.right + space + (word.right - word.left) > self._rights[at] - 0.5

    def marker(self, at: int) -> Marker | None:
        """Return the list mark that a line starts with."""
        line = self._lines[at]
        if line.cells is not None or (line.mono and not self.mono_body):
            return None
        introduced = at > 0 and self._lines[at - 1].text.endswith(":")
        marker = self._listing.marker(at, introduced) or self._next_of(at)
        if marker is None or (marker.ordered and self.is_display(line) and self._heads(at)):
            # The first line of an item may be bold to its end, where those above it are bold for some words.
            above = self._above(at, marker) if marker is not None else None
            return marker if above is not None and not self.is_display(above) else None
        return marker

    def _next_of(self, at: int) -> Marker | None:
        """Return the mark of a line whose number follows that of an item right above, at the same edge."""
        mark = marker_of(self._lines[at].text)
        return mark if mark is not None and mark.ordered and self._above(at, mark) else None

    def _above(self, at: int, mark: Marker) -> Line | None:
        """Return the line near above, at the same edge, that has the number before that of a line's mark."""
        line = self._lines[at]
        for before in reversed(self._lines[max(0, at - _NEAR) : at]):
            above = marker_of(before.text)
            if above is not None and above.style == mark.style and abs(before.start - line.start) < _EDGE:
                return before if above.number == mark.number - 1 else None
        return None

    def _heads(self, at: int) -> bool:
        """Return whether a line near below looks unlike this one, as the text under a heading does."""
        line = self._lines[at]
        for following in self._lines[at + 1 : at + 4]:
            if abs(following.size - line.size) > 0.5 or following.bold != line.bold:
                return True
        return False

    def _near(self, at: int) -> list[int]:
        line = self._lines[at]
        span = range(max(0, at - _NEAR), min(len(self._lines), at + _NEAR))
        return [
            near
            for near in span
            if (self._lines[near].page, self._lines[near].region) == (line.page, line.region)
        ]

    def _plain(self, at: int) -> Plain:
        line = self._lines[at]
        indent = round(line.indent / (_CHARACTER * line.size))
        apart = (
            line.first
            or at == 0
            or self.is_apart(self._lines[at - 1], line)
            or self._lines[at - 1].cells is not None
        )
        return Plain(line.text, max(indent, 0), int(apart), line.page, line.first)

    def _widths(self) -> list[int]:
        """Return for each line how many characters would fill it."""
        widths = []
        for at, line in enumerate(self._lines):
            length = line.right - line.left
            characters = len(line.text) / length if length > 0 else 0.2
            widths.append(round((self._rights[at] - line.column[0]) * characters))
        return widths


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _pitches(lines: Sequence[Line]) -> dict[tuple[int, int, float], float]:
    """Return the usual pitch for each size, of the document (0, 0) and of regions with enough lines."""
    rooms: dict[tuple[int, int, float], list[float]] = defaultdict(list)
    for before, line in pairwise(lines):
        size = _rounded(line.size)
        if line.first or line.cells or before.cells or _rounded(before.size) != size:
            continue
        room = line.baseline - before.baseline
        if 0.8 * size < room < 2.6 * size:
            rooms[line.page, line.region, size].append(room)
            rooms[0, 0, size].append(room)
    usual: dict[tuple[int, int, float], float] = {}
    for place, found in rooms.items():
        if place[0] == 0 or len(found) >= 4:
            usual[place] = _low_median(found)
    return usual


def _low_median(values: list[float]) -> float:
    """Return the median of the lower three quarters: room between paragraphs is in the upper one."""
    ordered = sorted(values)
    return median(ordered[: max(1, len(ordered) * 3 // 4)])


def _rights(lines: Sequence[Line]) -> list[float]:
    """Return for each line where the right edge of its text is, as the lines around it show."""
    rights = []
    for at, line in enumerate(lines):
        near = [
            other.right
            for other in lines[max(0, at - _NEAR) : at + _NEAR]
            if (other.page, other.region) == (line.page, line.region)
            and other.cells is None
            and abs(other.size - line.size) < 1
        ]
        rights.append(max(near, default=line.right))
    return rights


def with_marks_joined(lines: Sequence[Line]) -> list[Line]:
    """Put a list mark that stands on a line of its own before the line right of it."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if (
            before is not None
            and is_alone(before.text)
            and (before.page, before.region) == (line.page, line.region)
            and line.cells is None
            and before.cells is None
            and abs(before.baseline - line.baseline) < line.size
            and line.left > before.left
        ):
            before.keep([*before.words, *line.words])
            continue
        joined.append(line)
    return joined
