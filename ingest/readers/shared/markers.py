"""What does the mark before a list item look like?"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Bullets of every kind, the private-use characters of symbol fonts, and the sign for a lost character.
_BULLETS = "•‣◦▪▫■□◼◻◾◽●○◘◙∙·⁃➢➤►▶▸▹➔➜⬤⚫⚪◆◇❖❑❒☐☑☒✓✔✗✘✦★☆»→⇒◊\uf000-\uf0ff\ufffd"
_BULLET = re.compile(rf"([{_BULLETS}])\s*(?![{_BULLETS}])")
_FILL_IN = re.compile(r"_{2,}(?=[^\W_])|\[[ xX]?\]\s*(?=\S)")
_DASH = re.compile(r"([-*+–—])\s+(?=\S)")
_LETTER_O = re.compile(r"(o)\s+(?=[A-ZÁÉÍÓÚÜÑ¿\"“(0-9])")
_NUMBER = re.compile(
    r"\(?(?:(?P<number>\d{1,3})|(?P<letter>[A-Za-z])|(?P<roman>[ivxIVX]{2,5}))(?P<close>[.)]|\.\))\s+(?=\S)"
)
_ALONE = re.compile(
    rf"[{_BULLETS}]|[-*+–—o]|\(?(?:\d{{1,2}}|[A-Za-z]|[ivx]{{1,4}})[.)]|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}"
)
_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark at the start of a line. ``style`` is what equal marks share; ``number`` is 0 for bullets.

    ``length`` counts the characters of the mark and the space after it; ``certain`` is False where the same
    characters often start a line of running text.
    """

    style: str
    number: int
    length: int
    certain: bool

    @property
    def ordered(self) -> bool:
        """Return whether the mark counts, and so belongs to the text."""
        return self.number > 0


def marker_of(text: str) -> Marker | None:
    """Return the list mark that a line starts with, if any."""
    if found := _BULLET.match(text):
        return Marker(_family(found.group(1)), 0, found.end(), certain=True)
    if found := _FILL_IN.match(text):
        return Marker("_", 0, found.end(), certain=True)
    if found := _DASH.match(text):
        return Marker(found.group(1), 0, found.end(), certain=False)
    if found := _LETTER_O.match(text):
        return Marker("o", 0, found.end(), certain=False)
    if found := _NUMBER.match(text):
        return _counted(found)
    return None


def is_alone(text: str) -> bool:
    """Return whether a line is nothing but a list mark, whose words stand on the next line."""
    return len(text) <= 8 and _ALONE.fullmatch(text) is not None


def ordinal(number: int, style: str) -> str:
    """Return a list number as HTML's ``type`` attribute writes it: ``1``, ``a``, ``A``, ``i`` or ``I``."""
    if style in {"a", "A"} and 1 <= number <= 26:
        return chr(ord(style) + number - 1)
    if style in {"i", "I"} and 1 <= number < 90:
        text = ""
        for value, letters in _ROMAN:
            while number >= value:
                text, number = text + letters, number - value
        return text if style == "i" else text.upper()
    return str(number)


def _family(bullet: str) -> str:
    return "symbol" if "\uf000" <= bullet <= "\uf0ff" else bullet


def _counted(found: re.Match[str]) -> Marker:
    shape = ("(" if found.group().startswith("(") else "") + "{}" + found.group("close")
    if found.group("number"):
        return Marker(shape.format("1"), max(1, int(found.group("number"))), found.end(), certain=False)
    if found.group("letter"):
        letter = found.group("letter")
        style = shape.format("a" if letter.islower() else "A")
        return Marker(style, ord(letter.lower()) - ord("a") + 1, found.end(), certain=False)
    return Marker(shape.format("i"), _roman(found.group("roman").lower()), found.end(), certain=False)


def _roman(letters: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in letters]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)
