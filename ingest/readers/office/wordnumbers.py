"""Which number does Word show before a list item or a numbered heading? (ECMA-376, 17.9)"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.office.ooxml import W
from ingest.readers.office.wordstyles import Styles, number_in
from ingest.readers.shared.numerals import english_ordinal, letters, roman

_PLACE = re.compile(r"%([1-9])")
_WRITTEN: dict[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "ordinal": english_ordinal,
    "decimalZero": "{:02d}".format,
}


def written(number: int, form: str) -> str:
    """Return a number in one of Word's number formats; in digits for those of other scripts."""
    return _WRITTEN.get(form, str)(number)


@dataclass(slots=True)
class Level:
    """How the items at one depth of a list are numbered."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    style: str = ""
    plain: bool = False
    restart: int | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph's place in a list: its depth from 0, and the mark before it, empty for a bullet."""

    depth: int
    mark: str
    bare: bool = False


@dataclass(slots=True)
class _List:
    """A list definition in use: lists that share an abstract definition count together."""

    abstract: str
    levels: dict[int, Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the items of all lists of a document, in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            abstracts = _abstracts(root, styles)
            for element in root.findall(W + "num"):
                self._add(element, abstracts)

    def _add(self, element: Element, abstracts: dict[str, dict[int, Level]]) -> None:
        named = element.find(W + "abstractNumId")
        abstract = str(named.get(W + "val", "")) if named is not None else ""
        found = _List(abstract, dict(abstracts.get(abstract, {})))
        for override in element.findall(W + "lvlOverride"):
            depth = _depth(override)
            start = number_in(override.find(W + "startOverride"))
            if start is not None:
                found.restarts[depth] = start
            if (level := override.find(W + "lvl")) is not None:
                found.levels[depth] = _level(level)
        self._lists[str(element.get(W + "numId", ""))] = found

    def depth_of_style(self, number: str, style: str) -> int | None:
        """Return the depth whose items have a style, where a list gives each depth one."""
        found = self._lists.get(number)
        if found is None or not style:
            return None
        return next((depth for depth, level in found.levels.items() if level.style == style), None)

    def next(self, number: str, depth: int) -> Numbered | None:
        """Count one more item and return its place; None if the list is not defined."""
        found = self._lists.get(number)
        if found is None:
            return None
        level = found.levels.get(depth, Level(text=f"%{depth + 1}."))
        counts = self._counts.setdefault(found.abstract, {})
        if depth in found.restarts and (number, depth) not in self._begun:
            counts[depth] = found.restarts[depth]
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        self._begun.add((number, depth))
        for deeper in [other for other in counts if other > depth]:
            after = found.levels.get(deeper, level).restart
            if after is None or 0 < after <= depth + 1:
                del counts[deeper]
        bare = level.form == "none" or not level.text.strip()
        mark = "" if level.form == "bullet" or bare else _mark(found, counts, level)
        return Numbered(depth, mark, bare)


def _mark(found: _List, counts: dict[int, int], level: Level) -> str:
    def place(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        other = found.levels.get(depth, Level())
        form = "decimal" if level.plain else other.form
        return "" if form == "none" else written(counts.get(depth, other.start), form)

    return _PLACE.sub(place, level.text).strip()


def _abstracts(root: Element, styles: Styles) -> dict[str, dict[int, Level]]:
    """Return the levels of each abstract definition; one may stand for that of a numbering style."""
    found: dict[str, dict[int, Level]] = {}
    linked: dict[str, str] = {}
    by_style: dict[str, str] = {}
    for element in root.findall(W + "abstractNum"):
        identifier = str(element.get(W + "abstractNumId", ""))
        found[identifier] = {_depth(level): _level(level) for level in element.findall(W + "lvl")}
        if (link := element.find(W + "numStyleLink")) is not None:
            linked[identifier] = str(link.get(W + "val", ""))
        if (link := element.find(W + "styleLink")) is not None:
            by_style[str(link.get(W + "val", ""))] = identifier
    for identifier, style in linked.items():
        if not found[identifier] and style in styles.known:
            found[identifier] = found.get(by_style.get(style, ""), {})
    return found


def _depth(element: Element) -> int:
    stated = str(element.get(W + "ilvl", ""))
    return int(stated) if stated.isdecimal() and len(stated) == 1 else 0


def _level(element: Element) -> Level:
    def value(name: str, otherwise: str = "") -> str:
        found = element.find(W + name)
        return str(found.get(W + "val", otherwise)) if found is not None else otherwise

    return Level(
        form=value("numFmt", "decimal"),
        text=value("lvlText"),
        start=number_in(element.find(W + "start"), 0) or 0,
        style=value("pStyle"),
        plain=element.find(W + "isLgl") is not None,
        restart=number_in(element.find(W + "lvlRestart")),
    )
