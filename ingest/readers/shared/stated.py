"""What do a file's own properties say of its title, author and date, and which of it can be believed?

Programs fill these in: with the title of the template, the name of the file, the owner of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.readers.shared.compose import Piece
from kb.text import canonical_line, fold

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_EARLIEST = 1980
_PROGRAM_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel|office|publisher)\b.*|powerpoint[- ]presentation"
    r"|presentaci[oó]n de powerpoint|word document|documento de word|full page photo"
    r"|(?:slide|diapositiva|untitled|sin t[ií]tulo|document|documento|layout|page|print|flyer)[\s_-]*\d*"
    r"|.*\.(?:docx?|pptx?|xlsx?|od[tps]|rtf|dot[xm]?|indd|pdf|qxd|pub|tex|dvi|ai|cdr|p65)"
    r"|[\w.-]*\d{5,}[\w.-]*)",
    re.IGNORECASE,
)
# Names of programs, accounts and machines.
_PROGRAM_AUTHOR = re.compile(
    r"(?:microsoft(?: office)?(?: user| corporation)?|usuario de (?:microsoft )?office"
    r"|usuario(?: de windows)?|windows user|user|owner|admin(?:istrator|istrador)?|author|autor|unknown"
    r"|desconocido|openpyxl|python-docx|apache poi|\(?(?:anonymous|unspecified)\)?|default|guest|root"
    r"|scanner|toshiba|hp|dell|lenovo|acer|asus|\W*)\W*\d*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]{3,}")
# How much of the text is looked at for the words of a stated title, in characters.
_OPENING = 6000


@dataclass(frozen=True, slots=True)
class Stated:
    """Title, author and date as a file's properties state them; ``rights`` are labels with what they say."""

    title: str = ""
    author: str = ""
    dated: date | None = None
    rights: tuple[tuple[str, str], ...] = ()


def day_of(text: str) -> date | None:
    """Return the day of an ISO 8601 date; None where there is none, or one before there were such files."""
    found = _DAY.match(text.strip())
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if day.year >= _EARLIEST else None


def author_of(stated: str) -> str:
    """Return the stated author unless it is what programs put in for want of a name."""
    name = canonical_line(stated)
    account = name.islower() and name.isascii() and " " not in name
    return "" if account or _PROGRAM_AUTHOR.fullmatch(name) else name


def believable(title: str, pieces: Sequence[Piece], *, name: str) -> bool:
    """Return whether a title from the properties belongs to this text: half its words stand in it.

    Properties outlive their text: a title that shares no word with the document or its file name is that of
    the template, or of the document that this one was made from.
    """
    title = canonical_line(title)
    words = set(_WORD.findall(fold(title)))
    if not words or _PROGRAM_TITLE.fullmatch(title):
        return False
    opening, length = [name], 0
    for piece in pieces:
        opening.append(piece.text)
        length += len(piece.text)
        if length > _OPENING:
            break
    known = set(_WORD.findall(fold(" ".join(opening))))
    return 2 * len(words & known) >= len(words)
