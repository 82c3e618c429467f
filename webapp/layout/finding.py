"""Where in a text do some words stand, whatever their accents, capitals and line ends?"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from kb.text import fold
from webapp.layout.prose import Stretch

MOST = 1000
"""Places that are looked for; who finds so many needs more words, not more places."""

_LONGEST = 200
_BEFORE, _AFTER = 50, 70
# Characters that people type for others, which stand in print.
_TYPED = {"'": "'‘’ʼ", '"': '"“”„«»', "-": "-‐‑‒–—"}


@dataclass(frozen=True, slots=True)
class Found:
    """One place: its number from 1, the part of the document that it stands in, and the words around it."""

    number: int
    part: int
    before: str
    words: str
    after: str


def places(text: str, wanted: str, *, start: int = 0) -> list[Stretch]:
    """Return where the words stand, one after the other, from some place on; at most ``MOST`` places."""
    words = fold(wanted[:_LONGEST]).split()
    if not words:
        return []
    pattern = r"\s+".join("".join(map(_any_form, word)) for word in words)
    found = []
    for match in re.compile(pattern, re.IGNORECASE).finditer(text, start):
        found.append(match.span())
        if len(found) == MOST:
            break
    return found


def described(text: str, found: list[Stretch], parts: list[Stretch]) -> list[Found]:
    """Return the places with what stands around them, for a list of links."""
    return [
        Found(
            number,
            next((n for n, (_, last) in enumerate(parts, start=1) if start < last), len(parts)),
            text[max(0, start - _BEFORE) : start].replace("\n", " "),
            text[start:end],
            text[end : end + _AFTER].replace("\n", " "),
        )
        for number, (start, end) in enumerate(found, start=1)
    ]


def _any_form(char: str) -> str:
    forms = _TYPED.get(char, char + _accented().get(char, ""))
    return re.escape(char) if len(forms) == 1 else f"[{''.join(map(re.escape, forms))}]"


@cache
def _accented() -> dict[str, str]:
    """Return the letters of Latin scripts that are some letter without their accents."""
    forms: defaultdict[str, str] = defaultdict(str)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = fold(chr(code))
        if len(plain) == 1 and plain != chr(code):
            forms[plain] += chr(code)
    return dict(forms)
