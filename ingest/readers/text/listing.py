"""Which lines of a plain text start a list item, and how deep is it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.readers.shared.markers import LOST, Marker, is_alone, marker_of
from ingest.readers.text.lines import Line, ends, is_full

# Letters that are Roman numbers too, by their place in the alphabet.
_ROMAN_LETTERS = {9: 1, 22: 5, 24: 10}
# The style of items whose bullet was lost and left only the space after it.
BARE = " "
# How far apart, in lines, two numbers of one list may stand.
_REACH = 150
_FEWEST = 2


def with_marks_joined(lines: Sequence[Line]) -> list[Line]:
    """Put a list mark that stands alone on its line before the words of the next line."""
    joined: list[Line] = []
    waiting: Line | None = None
    for line in lines:
        if waiting is not None and (line.text[0].isupper() or not waiting.text[0].isdecimal()):
            joined.append(replace(waiting, text=f"{waiting.text} {line.text}"))
            waiting = None
            continue
        if waiting is not None:
            joined.append(waiting)
            waiting = None
        if is_alone(line.text):
            waiting = line
        else:
            joined.append(line)
    return joined if waiting is None else [*joined, waiting]


class Listing:
    """Knows the list marks of one text, so that a lone ``o`` or ``3.`` can be told from a word or a year."""

    def __init__(self, lines: Sequence[Line], widths: Sequence[int]) -> None:
        self._lines = lines
        self._widths = widths
        self._marks = [marker_of(line.text) for line in lines]
        self._places: dict[tuple[str, int], list[int]] = defaultdict(list)
        for at, mark in enumerate(self._marks):
            if mark is not None:
                self._places[mark.style, mark.number].append(at)
        flush = sum(line.indent == 0 for line in lines)
        bare = [at for at, line in enumerate(lines) if line.indent == 1 and self._marks[at] is None]
        self._bare = set(bare) if len(bare) >= _FEWEST and flush >= 0.6 * len(lines) else set()

    def marker(self, at: int, introduced: bool) -> Marker | None:
        """Return the mark of the list item that starts at a line, or None.

        ``introduced`` says that a list item or a line ending in a colon stands before it.
        """
        mark, line = self._marks[at], self._lines[at]
        if mark is None:
            bare = at in self._bare and introduced and not line.text[0].islower()
            return Marker(BARE, 0, 0, certain=False) if bare else None
        if mark.certain:
            return mark
        if not self._opens(at) and not (mark.number == 1 and self._counts_on(at, mark)):
            return None
        if mark.ordered:
            return self._counted(at, mark)
        if mark.style == "o" and len(self._places["o", 0]) < _FEWEST:
            return None
        return mark

    def _opens(self, at: int) -> bool:
        """Return whether a line can start something: the one before it is over."""
        line = self._lines[at]
        if at == 0 or line.gap or self._marks[at - 1] is not None:
            return True
        before = self._lines[at - 1]
        if ends(before.text) or before.indent > line.indent + 1:
            return True
        return not is_full(before, line, self._widths[at - 1])

    def _counted(self, at: int, mark: Marker) -> Marker | None:
        """Return the mark if its number has a neighbour, or is the first and nothing else explains it."""
        if "a" in mark.style.lower() and (number := _ROMAN_LETTERS.get(mark.number)):
            # "i." before "ii." is the number one, not the ninth letter.
            style = mark.style.replace("a", "i").replace("A", "i")
            if self._near(style, number + 1, at) or self._near(style, number - 1, -at):
                return replace(mark, style=style, number=number)
        if self._near(mark.style, mark.number + 1, at) or self._near(mark.style, mark.number - 1, -at):
            return mark
        return None

    def _counts_on(self, at: int, mark: Marker) -> bool:
        """Return whether the very next mark is the next number."""
        following = next((near for near in self._marks[at + 1 : at + 8] if near is not None), None)
        return following is not None and (following.style, following.number) == (mark.style, 2)

    def _near(self, style: str, number: int, at: int) -> bool:
        """Look for a mark after the line ``at``, or before it where ``at`` is negative."""
        places = self._places.get((style, number), ())
        if at < 0:
            return any(-at - _REACH <= place < -at for place in places[:200])
        return any(at < place <= at + _REACH for place in places[:200])


def levels(marks: Sequence[tuple[Marker, int] | None]) -> list[int]:
    """Return the depth of each list item, from 1; 0 where there is None, which ends the list.

    An item has a mark and an indentation. A mark that is new in its list, or the same one further in, goes a
    level deeper; a mark met before goes back to its level.
    """
    found: list[int] = []
    stack: list[tuple[str, int]] = []
    for item in marks:
        if item is None:
            stack.clear()
            found.append(0)
            continue
        mark, indent = item
        if mark.style == LOST and stack:
            found.append(len(stack))
            continue
        same = (at for at, (style, left) in enumerate(stack) if style == mark.style and indent < left + 2)
        level = next(same, None)
        if level is None:
            while stack and indent < stack[-1][1] - 1:
                stack.pop()
            stack.append((mark.style, indent))
        else:
            del stack[level + 1 :]
        found.append(len(stack))
    return found
