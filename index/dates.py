"""Which day, month or day of a year does a date mean, however it is written?

"August 5, 2014", "8/5/2014", "2014-08-05" and "5 de agosto de 2014" all give the term ``2014-08-05`` (ISO
8601). A date gives its month (``2014-08``) and its day of any year (``--08-05``) too, to be found by them.
"8/5/2014" is a day of August in English; in Spanish, where both orders are written, of August or May.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from kb.text import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr",
            "may mayo", "june jun junio", "july jul julio", "august aug agosto ago",
            "september sept sep septiembre setiembre", "october oct octubre", "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""The number of each month by its names and short forms in both languages."""

_MONTH = f"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\\b\\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.?º|°|ro)?"
_OF = r"(?:[,\-]? (?:de |del |of )?|-)"
# Numbers go on in "May 5-7" and "5/6/7/8".
_END = r"(?!\w|[\-\u2010-\u2013/.,:]\d)"
_YEARLY = r"(?:1[5-9]|20)\d\d"
_NAMED = (
    rf"{_MONTH} {_DAY}(?:{_OF}{_YEARLY})?{_END}"
    rf"|{_MONTH}{_OF}{_YEARLY}{_END}"
    rf"|{_DAY}{_OF}{_MONTH}(?:{_OF}{_YEARLY})?{_END}"
)
_FIGURES = (
    r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}"
    + "".join(rf"|\d{{1,2}}{mark}\d{{1,2}}{mark}(?:\d{{4}}|\d\d)" for mark in ("/", "-", r"\."))
    + rf"|\d{{1,2}}/{_YEARLY}"
)
PATTERN = rf"(?<![\w/.\-])(?=[\djfmasondeJFMASONDE])(?i:{_NAMED}|(?:{_FIGURES}){_END})"
"""A date, without groups."""

_IS_DATE = re.compile(PATTERN)
_DAY_TERM = re.compile(r"\d{4}-\d\d-\d\d")
_PARTIAL = re.compile(r"--\d\d-\d\d|\d{4}-(?:0\d|1[0-2])")
_CENTURY_FROM = 40


def is_date(surface: str) -> bool:
    """Tell whether a whole text is a date."""
    return _IS_DATE.fullmatch(surface) is not None


def is_day(term: str) -> bool:
    """Tell whether a term stands for a day of a year."""
    return _DAY_TERM.fullmatch(term) is not None


def is_term(term: str) -> bool:
    """Tell whether a term stands for a day, a month of a year, or a day of any year."""
    return is_day(term) or is_part(term)


def is_part(term: str) -> bool:
    """Tell whether a term stands for a month of a year, or for a day of any year."""
    return _PARTIAL.fullmatch(term) is not None


@functools.lru_cache(maxsize=4_096)
def terms(surface: str, language: str) -> tuple[str, ...]:
    """Return the terms of a date, the day first where there is one; none for a day that no month has."""
    found: dict[str, None] = {}
    for year, month, day in _readings(surface, language):
        if not 1 <= month <= 12 or not 0 <= day <= 31:
            continue
        if year and day:
            found[f"{year:04}-{month:02}-{day:02}"] = None
        if day:
            found[f"--{month:02}-{day:02}"] = None
        if year:
            found[f"{year:04}-{month:02}"] = None
    return tuple(sorted(found, key=lambda term: (is_part(term), term)))


def _readings(surface: str, language: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day; 0 for what is not told."""
    numbers = re.findall(r"\d+", surface)
    named = [MONTHS[word] for word in re.findall(r"[^\W\d_]+", fold(surface)) if word in MONTHS]
    if named:
        years = [int(number) for number in numbers if len(number) == 4]
        days = [int(number) for number in numbers if len(number) < 4]
        yield (years or [0])[0], named[0], (days or [0])[0]
    elif len(numbers) == 2:
        yield int(numbers[1]), int(numbers[0]), 0
    elif len(numbers[0]) == 4:
        yield int(numbers[0]), int(numbers[1]), int(numbers[2])
    else:
        one, two, year = int(numbers[0]), int(numbers[1]), _full_year(numbers[2])
        if one <= 12:
            yield year, one, two
        if one > 12 or language != "en":
            yield year, two, one


def _full_year(figures: str) -> int:
    year = int(figures)
    if len(figures) == 4:
        return year
    return year + (2000 if year < _CENTURY_FROM else 1900)
