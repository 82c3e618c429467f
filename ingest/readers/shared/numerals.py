"""How is a number written in a list, a footnote or a heading?"""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_SIGNS = "*†‡§"


def roman(number: int) -> str:
    """Return a number in small Roman numerals; in digits where there are none for it."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def letters(number: int) -> str:
    """Return a number as list letters: a … z, aa, bb … (ECMA-376, 17.18.59)."""
    if not 0 < number <= 26 * 20:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def signs(number: int) -> str:
    """Return a number as a footnote sign: *, †, ‡, §, **, …"""
    return _SIGNS[(number - 1) % 4] * min(8, (number - 1) // 4 + 1) if number > 0 else str(number)


def english_ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd …"""
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
