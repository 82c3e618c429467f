"""Which number does an OpenDocument text show before an item or a heading? (OpenDocument 1.3, 5.3, 16.30)"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.opendocument.odf import TEXT, XML_ID, Level, Styles
from ingest.readers.shared.numerals import letters, roman
from ingest.readers.shared.zipped import whole_number

_PLACE = re.compile(r"%(\d+)%")


def written(value: int, form: str) -> str:
    """Return a number in one of the formats ``1``, ``a``, ``A``, ``i``, ``I``."""
    text = {"a": letters, "i": roman}.get(form.lower()[:1], str)(value)
    return text.upper() if form[:1] in {"A", "I"} else text


def mark_of(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    """Return the mark of the item that was counted last at a depth."""
    level = levels.get(depth)
    if level is None or not level.form:
        return ""
    if level.pattern:

        def place(found: re.Match[str]) -> str:
            other = int(found[1])
            above = levels.get(other, Level())
            return written(counts.get(other, above.start), above.form) if above.form else ""

        return _PLACE.sub(place, level.pattern).strip()
    shown = range(max(1, depth - level.shown + 1), depth + 1)
    numbers = [
        written(counts.get(other, levels[other].start), levels[other].form)
        for other in shown
        if other in levels and levels[other].form
    ]
    return (level.prefix + ".".join(numbers) + level.suffix).strip()


@dataclass(slots=True)
class _Open:
    """A list that the walk is in."""

    style: str
    levels: dict[int, Level]
    counts: dict[int, int]


@dataclass(slots=True)
class Lists:
    """Counts the items of all lists of a text, in reading order."""

    styles: Styles
    _open: list[_Open] = field(default_factory=list)
    _by_style: dict[str, dict[int, int]] = field(default_factory=dict)
    _by_id: dict[str, dict[int, int]] = field(default_factory=dict)
    _outline: dict[int, int] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        """Return how deep the walk is in lists."""
        return len(self._open)

    def enter(self, element: Element) -> None:
        """Go into a list; one in another goes on with its style and counts."""
        outer = self._open[-1] if self._open else None
        style = str(element.get(TEXT + "style-name", "") or (outer.style if outer else ""))
        if outer is not None:
            counts = outer.counts
            counts.pop(self.depth + 1, None)
        else:
            counts = self._counts(element, style)
        identifier = element.get(XML_ID)
        if identifier:
            self._by_id[identifier] = counts
        self._by_style[style] = counts
        self._open.append(_Open(style, self.styles.lists.get(style, {}), counts))

    def _counts(self, element: Element, style: str) -> dict[int, int]:
        followed = element.get(TEXT + "continue-list")
        if followed and followed in self._by_id:
            return self._by_id[followed]
        if element.get(TEXT + "continue-numbering") == "true":
            return self._by_style.get(style, {})
        return {}

    def leave(self) -> None:
        """Come out of a list."""
        self._open.pop()

    def item(self, element: Element) -> tuple[str, bool]:
        """Count an item; return its mark, empty for a bullet, and whether it has neither."""
        at, depth = self._open[-1], self.depth
        level = at.levels.get(depth, Level())
        start = whole_number(element.get(TEXT + "start-value"), -1)
        before = at.counts.get(depth, level.start - 1)
        at.counts[depth] = start if start >= 0 else before + 1
        for deeper in [other for other in at.counts if other > depth]:
            del at.counts[deeper]
        return mark_of(at.levels, at.counts, depth), bool(at.levels) and not (level.form or level.bullet)

    def heading(self, depth: int) -> str:
        """Count a heading in the outline and return its number."""
        level = self.styles.outline.get(depth, Level())
        self._outline[depth] = self._outline.get(depth, level.start - 1) + 1
        for deeper in [other for other in self._outline if other > depth]:
            del self._outline[deeper]
        return mark_of(self.styles.outline, self._outline, depth)
