"""Which day do the words of a page or a file name, when they say of themselves how old they are?"""

from __future__ import annotations

import re
from datetime import date

# Years outside are typing errors, serial numbers or a clock that was never set.
_EARLIEST, _LATEST = 1900, 2100

_ISO = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_SLASHED = re.compile(r"\s*(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WORDED = re.compile(
    rf"(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)"
    rf"|(?P<day2>\d{{1,2}})(?:º|st|nd|rd|th)?\s+(?:de\s+)?(?P<month2>{_MONTH})\.?,?\s+(?:del?\s+)?(?P<year2>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:(?:last\s+)?(?:updated|reviewed|revised|modified)|published|posted|(?:issue|publication|effective)\s+date"
    r"|(?:última\s+)?(?:actualización|revisión|modificación)|actualizad[oa]|publicad[oa]|revisad[oa]"
    r"|fecha\s+de\s+(?:publicación|actualización|revisión))\b(?:\s+(?:on|el|date))?\s*:?\s*",
    re.IGNORECASE,
)


def from_value(text: str) -> date | None:
    """Return the day that a machine-readable value starts with: ISO 8601, or year/month/day, or in words."""
    found = _ISO.match(text) or _SLASHED.match(text)
    if found:
        return _day(*(int(part) for part in found.groups()))
    return _worded(text, 0) if len(text) < 60 else None


def labelled(text: str) -> date | None:
    """Return the day that a line gives with a label: ``Last reviewed: March 5, 2024``; None without label."""
    label = _LABEL.search(text)
    if label is None:
        return None
    return _worded(text, label.end()) or from_value(text[label.end() :])


def _worded(text: str, at: int) -> date | None:
    found = _WORDED.match(text, at) if at else _WORDED.search(text)
    if found is None:
        return None
    month = _MONTHS[(found["month"] or found["month2"]).casefold()]
    return _day(int(found["year"] or found["year2"]), month, int(found["day"] or found["day2"]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _EARLIEST <= year <= _LATEST else None
    except ValueError:
        return None
