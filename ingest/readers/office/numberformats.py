"""How does a spreadsheet show a number: which digits, signs, months? (ECMA-376, part 1, 18.8.30, 18.8.31)"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

GENERAL = "General"
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0;-$#,##0", 6: "$#,##0;-$#,##0",
    7: "$#,##0.00;-$#,##0.00", 8: "$#,##0.00;-$#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    41: "#,##0;-#,##0", 42: "$#,##0;-$#,##0", 43: "#,##0.00;-#,##0.00", 44: "$#,##0.00;-$#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+(?![+-]))"
    r"|(?P<digits>[#0?][#0?,. ]*(?:[Ee][+-][#0?]+)?|\.[#0?]+)|(?P<slash>/\s*(?:[#0?]+|\d+))|(?P<sign>@|%)"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
# The low byte of a Windows language id: Spanish of every country.
_SPANISH = 0x0A
# Words that stand between day, month and year in Spanish only.
_OF = frozenset({"de", "del"})
# Places for whole digits, or with decimals.
_PLACES = re.compile(r"[0#?]+(?:\.[0#?]+)?")
_EPOCH = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_LAST_DAY = 2_958_466


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a number format: what kind it is, and its characters."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Format:
    """One section of a number format, taken apart."""

    parts: tuple[_Part, ...]
    language: str = "en"
    condition: tuple[str, float] | None = None

    @property
    def dated(self) -> bool:
        """Return whether the section shows a date or a time."""
        return any(part.kind in {"date", "elapsed"} for part in self.parts)


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """Return a number as a format code shows it: ``shown(0.5, "0%") == "50%"``.

    A date outside of those that can be shown is given as its number.
    """
    if not math.isfinite(value):
        return ""
    section, value = _section(value, code)
    if not section.parts:
        return ""
    if section.dated:
        return _date(value, section, since_1904)
    return "".join(_number(abs(value) if value < 0 else value, section, negative=value < 0)).strip()


def general(value: float) -> str:
    """Return a number as spreadsheets show one without a format; whole numbers with all their digits."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}".replace("e+", "E+").replace("e-", "E-")


@lru_cache(maxsize=512)
def sections(code: str) -> tuple[Format, ...]:
    """Return the sections of a format code: for positive, negative, zero and text values."""
    found: list[Format] = []
    parts: list[_Part] = []
    language, condition = "en", None
    for match in _TOKEN.finditer(code[:255]):
        kind, text = str(match.lastgroup), match[str(match.lastgroup)]
        if kind == "other" and text == ";":
            found.append(Format(_minutes(parts), _spoken(parts, language), condition))
            parts, language, condition = [], "en", None
        elif kind == "bracket":
            if text.startswith("$"):
                sign, _, where = text[1:].partition("-")
                parts.append(_Part("other", sign))
                language = _language(where) or language
            elif text and set(text.lower()) <= set("hms"):
                parts.append(_Part("elapsed", text.lower()))
            elif stated := re.fullmatch(r"([<>=]{1,2})(-?\d+(?:\.\d+)?)", text):
                condition = (stated[1], float(stated[2]))
        elif kind not in {"space", "fill"}:
            parts.append(_Part("other" if kind in {"quoted", "escaped"} else kind, text))
        elif kind == "space" and parts:
            parts.append(_Part("other", " "))
    found.append(Format(_minutes(parts), _spoken(parts, language), condition))
    return tuple(found)


def _spoken(parts: Sequence[_Part], language: str) -> str:
    """Return the language of a date's names: who writes "de" between them writes Spanish."""
    return "es" if any(part.text.strip().casefold() in _OF for part in parts) else language


def _language(where: str) -> str:
    try:
        return "es" if int(where.partition(",")[0], 16) & 0xFF == _SPANISH else "en"
    except ValueError:
        return "es" if where.casefold().startswith("es") else ""


def _minutes(parts: list[_Part]) -> tuple[_Part, ...]:
    """Tell minutes from months: ``m`` and ``mm`` are minutes after hours or before seconds."""
    clock = [at for at, part in enumerate(parts) if part.kind in {"date", "elapsed"}]
    for place, at in enumerate(clock):
        text = parts[at].text.lower()
        if parts[at].kind == "date" and text in {"m", "mm"}:
            before = parts[clock[place - 1]].text.lower() if place else ""
            after = parts[clock[place + 1]].text.lower() if place + 1 < len(clock) else ""
            if before.startswith("h") or after.startswith("s"):
                parts[at] = _Part("date", "n" * len(text))
    return tuple(parts)


def _section(value: float, code: str) -> tuple[Format, float]:
    """Return the section for a value, and the value to show in it: a section for negatives drops the sign."""
    found = sections(code)
    stated = [section for section in found[:2] if section.condition]
    if stated:
        for section in stated:
            if section.condition and _holds(value, *section.condition):
                return section, value
        return found[min(len(stated), len(found) - 1)], value
    if value < 0 and len(found) > 1:
        return found[1], -value
    if value == 0 and len(found) > 2:
        return found[2], value
    return found[0], value


def _holds(value: float, sign: str, bound: float) -> bool:
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }.get(sign, False)


def _number(value: float, section: Format, *, negative: bool) -> list[str]:
    percents = sum(part.text == "%" for part in section.parts if part.kind == "sign")
    value *= 100**percents
    fraction = next((part.text for part in section.parts if part.kind == "slash"), None)
    places = [at for at, part in enumerate(section.parts) if part.kind == "digits"]
    spread = _spread(value, [section.parts[at].text for at in places]) if fraction is None else []
    out = ["-"] if negative else []
    for at, part in enumerate(section.parts):
        if part.kind == "general" or (part.kind == "sign" and part.text == "@"):
            out.append(general(value))
        elif part.kind == "digits" and fraction is not None:
            out.extend(
                [_fraction(value, fraction, whole=len(part.text.split()) > 1)] if at == places[0] else []
            )
        elif part.kind == "digits":
            out.append(spread[places.index(at)])
        elif part.kind != "slash":
            out.append(part.text)
    return out


def _spread(value: float, patterns: Sequence[str]) -> list[str]:
    """Return a number in the places for its digits: a telephone's ``(000) 000-0000`` has three of them."""
    decimals = any("." in pattern for pattern in patterns[:-1])
    if len(patterns) < 2 or decimals or not all(map(_PLACES.fullmatch, patterns)):
        return [_digits(value, pattern) if at == 0 else "" for at, pattern in enumerate(patterns)]
    whole = [len(pattern.partition(".")[0]) for pattern in patterns]
    head, point, tail = _digits(value, "".join(patterns)).partition(".")
    out: list[str] = []
    for at in range(len(patterns) - 1, 0, -1):
        cut = max(len(head) - whole[at], 0)
        out.append(head[cut:])
        head = head[:cut]
    out.append(head)
    out.reverse()
    out[-1] += point + tail
    return out


def _digits(value: float, pattern: str) -> str:
    if exponent := re.search(r"[Ee]([+-])([#0?]+)$", pattern):
        places = len(pattern[: exponent.start()].partition(".")[2])
        text, _, power = f"{value:.{places}E}".partition("E")
        sign = "-" if power.startswith("-") else ("+" if exponent[1] == "+" else "")
        return f"{text}E{sign}{abs(int(power)):0{len(exponent[2])}d}"
    trailing = ""
    while pattern.endswith((",", " ")):
        value, trailing = (value / 1000, trailing) if pattern.endswith(",") else (value, " ")
        pattern = pattern[:-1]
    whole, _, decimals = pattern.partition(".")
    grouped = "," if "," in whole else ""
    text = f"{_rounded(value, len(decimals)):{grouped}.{len(decimals)}f}"
    head, _, tail = text.partition(".")
    least = len(decimals.rstrip("#"))
    while len(tail) > least and tail.endswith("0"):
        tail = tail[:-1]
    wanted = whole.count("0")
    if head == "0" and not wanted and tail:
        head = ""
    elif not grouped:
        head = head.zfill(wanted)
    return f"{head}.{tail}{trailing}" if tail else head + trailing


def _rounded(value: float, places: int) -> Decimal:
    """Return a number rounded as spreadsheets do it: what is a half in its shortest decimal form goes up."""
    exact = Decimal(repr(value))
    try:
        return exact.quantize(Decimal(1).scaleb(-min(places, 30)), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        # More digits than can be told apart: nothing to round.
        return exact


def _fraction(value: float, slash: str, *, whole: bool) -> str:
    below = slash[1:].strip()
    most = (int(below) if below.isdecimal() else 0) or 10 ** len(below) - 1
    whole_part = int(value) if whole else 0
    rest = value - whole_part
    # A place for digits may be written with zeros: "0/0" is any fraction, and not one over nothing.
    fixed = [most] if below.strip("0").isdecimal() else range(1, min(most, 999) + 1)
    best = min(fixed, key=lambda bottom: abs(rest - round(rest * bottom) / bottom))
    top = round(rest * best)
    if top == best and whole:
        return str(whole_part + 1)
    if top == 0:
        return str(whole_part) if whole else "0"
    return f"{whole_part} {top}/{best}" if whole_part else f"{top}/{best}"


def _date(value: float, section: Format, since_1904: bool) -> str:
    if not 0 <= value < _LAST_DAY:
        return general(value)
    # 1900 was no leap year, but is one to Excel: days before March 1900 are one later.
    early = not since_1904 and 1 <= value < 60
    fine = any("." in part.text for part in section.parts if part.kind == "date")
    seconds = value * 86400 if fine else round(value * 86400)
    moment = _EPOCH[since_1904] + timedelta(days=int(early), seconds=seconds)
    half_days = any(part.kind == "half" for part in section.parts)
    out = []
    for part in section.parts:
        if part.kind == "date":
            out.append(_clock(moment, part.text.lower(), section.language, half_days))
        elif part.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[part.text[0]]
            out.append(f"{int(round(value * 86400) // unit):0{len(part.text)}d}")
        elif part.kind == "half":
            out.append(("AM" if moment.hour < 12 else "PM")[: 2 if len(part.text) > 3 else 1])
        elif part.kind != "general":
            out.append(part.text.lstrip("/") if part.kind == "sign" else part.text)
    return "".join(out).strip()


def _clock(moment: datetime, text: str, language: str, half_days: bool) -> str:
    length = len(text)
    match text[0]:
        case "y" | "e":
            return f"{moment.year:04d}" if length > 2 or text[0] == "e" else f"{moment.year % 100:02d}"
        case "m":
            name = _MONTHS[language][moment.month - 1]
            named = {3: name[:3], 4: name, 5: name[0]}
            return named.get(length, f"{moment.month:0{min(length, 2)}d}" if length < 3 else name)
        case "d":
            name = _DAYS[language][moment.weekday()]
            return name[:3] if length == 3 else name if length > 3 else f"{moment.day:0{length}d}"
        case "h":
            hour = (moment.hour % 12 or 12) if half_days else moment.hour
            return f"{hour:0{min(length, 2)}d}"
        case "n":
            return f"{moment.minute:0{length}d}"
        case _:
            whole, _, decimals = text.partition(".")
            part = f".{moment.microsecond // 10 ** (6 - min(6, len(decimals))):0{len(decimals)}d}"
            return f"{moment.second:0{min(len(whole), 2)}d}" + (part if decimals else "")
