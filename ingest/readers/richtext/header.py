"""What do the tables at the head of a Rich Text file say: fonts, styles, lists, title and author?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ingest.readers.richtext.tokens import CHARSETS, code_page
from ingest.readers.shared.stated import day_of
from ingest.readers.shared.stylenames import plain_name

_BULLET = 23
_NONE = 255
_FORMS = {
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    5: "ordinal",
    22: "decimalZero",
}


@dataclass(slots=True)
class Style:
    """A paragraph style: its name, the one that it is based on, its outline level from 0."""

    name: str = ""
    based_on: int = -1
    level: int | None = None


@dataclass(slots=True)
class Level:
    """How the items at one depth of a list are numbered, as Word's numbering formats are named."""

    form: str = "decimal"
    start: int = 1


@dataclass(slots=True)
class Header:
    """The tables at the head of a file."""

    encoding: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    styles: dict[int, Style] = field(default_factory=dict)
    lists: dict[int, list[Level]] = field(default_factory=dict)
    overrides: dict[int, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    times: dict[str, dict[str, int]] = field(default_factory=dict)
    _font: int = 0
    _style: int = 0
    _levels: list[Level] = field(default_factory=list)
    _list: int = 0

    def take(self, destination: str, word: str, number: int | None) -> None:
        """Take a control word that stands in one of the tables."""
        value = number if number is not None else 0
        if destination == "fonttbl":
            self._take_font(word, value)
        elif destination == "stylesheet":
            self._take_style(word, value)
        elif destination in {"listtable", "listoverridetable"}:
            self._take_list(word, value)
        elif destination in {"creatim", "revtim"}:
            self.times.setdefault(destination, {})[word] = value

    def say(self, destination: str, text: str) -> None:
        """Take words that stand in one of the tables: the name of a style, the title …"""
        if destination == "stylesheet":
            style = self.styles.setdefault(self._style, Style())
            style.name += text
        elif destination in {"title", "author"}:
            self.texts[destination] = self.texts.get(destination, "") + text

    def opened(self, destination: str) -> None:
        """Take the start of a group in one of the tables: a style has number 0 until it says otherwise."""
        if destination == "stylesheet":
            self._style = 0
            self.styles.pop(0, None)

    def chain(self, number: int) -> list[Style]:
        """Return a style and those that it is based on, nearest first, with their names in plain form."""
        found: list[Style] = []
        seen: set[int] = set()
        while number in self.styles and number not in seen:
            seen.add(number)
            style = self.styles[number]
            found.append(Style(plain_name(style.name.partition(";")[0]), style.based_on, style.level))
            number = style.based_on
        return found

    def level(self, number: int, depth: int) -> Level | None:
        """Return how a list numbers its items at a depth from 0."""
        levels = self.lists.get(self.overrides.get(number, -1), [])
        return levels[depth] if depth < len(levels) else None

    def dated(self) -> date | None:
        """Return the day on which the file was last saved, else made."""
        for name in ("revtim", "creatim"):
            found = self.times.get(name, {})
            if day := day_of(
                "{:04d}-{:02d}-{:02d}".format(*(found.get(unit, 0) for unit in ("yr", "mo", "dy")))
            ):
                return day
        return None

    def _take_font(self, word: str, value: int) -> None:
        if word == "f":
            self._font = value
        elif word == "fcharset" and value in CHARSETS:
            self.fonts[self._font] = CHARSETS[value]
        elif word == "cpg" and value:
            self.fonts[self._font] = code_page(value)

    def _take_style(self, word: str, value: int) -> None:
        if word == "s":
            self._style = value
            self.styles[value] = Style()
        elif word in {"cs", "ds", "ts"}:
            # Styles of characters, sections and tables are numbered apart.
            self._style = -value - 1
        elif word == "sbasedon":
            self.styles.setdefault(self._style, Style()).based_on = value
        elif word == "outlinelevel":
            self.styles.setdefault(self._style, Style()).level = value

    def _take_list(self, word: str, value: int) -> None:
        if word == "list":
            self._levels = []
        elif word == "listlevel":
            self._levels.append(Level())
        elif word in {"levelnfc", "levelnfcn"} and self._levels:
            form = _FORMS.get(value, "decimal")
            self._levels[-1].form = {_BULLET: "bullet", _NONE: "none"}.get(value, form)
        elif word == "levelstartat" and self._levels:
            self._levels[-1].start = value
        elif word == "listid":
            self._list = value
            self.lists.setdefault(value, self._levels)
        elif word == "ls":
            self.overrides[value] = self._list
