"""Which parts and whole forms has a code, a number or a phone number, however it is punctuated?

``653.22(b)`` has the parts 653, 22 and b and the whole forms ``653.22`` and ``653.22b``; what joins the parts
is left out, except between two digits. Letters and figures written together are parts too: SB855, SB-855,
S.B. 855 and SB 855 all give ``sb``, ``855`` and ``sb855``.
"""

from __future__ import annotations

import itertools
import re

from index import dates
from index.stopwords import STOPWORDS
from kb.text import fold

_GAP = r"[ .\-\u2010\u2011\u2013]"
_PART = r"\d{1,3}(?:,\d{3})+(?!\d)|[^\W_]+(?:['’ʼ][^\W_]+)*"
# North American numbers, the only ones whose grouping is certain enough to read without a country code.
_PHONE = (
    rf"(?<!\w)(?:\+?1{_GAP}?)?(?:\(\d{{3}}\) ?|\d{{3}}[/ .\-\u2010\u2011\u2013])\d{{3}}{_GAP}\d{{4}}(?!\w)"
)
_JOINT = r"(?:[.\-\u2010\u2011@_&]|(?<=\d)[/:,+\u2013](?=\d))"
# "300(b)(1)", and "300 (b) (1)" as far as it is no aside.
_BRACKETS = r"\([^\W_]{1,5}\)|(?<=\d) \([^\W\d_]{1,2}\)|(?<=\)) \([^\W_]{1,2}\)"
_SUFFIX = r"(?:\+\+|(?<=[^\W\d_])\#(?!\w)|(?<=\d)[ ]?%)"
_BEFORE = rf"(?:[A-Z]{{1,5}}|(?:[A-Z]\. ?){{2,4}}) (?:§{{1,2}} ?)?(?=\d)(?!{_PHONE}|{dates.PATTERN})"
# Nearly every word is but letters, and goes on in nothing that follows: to know that by a look at what stands
# behind it saves a quarter of the time of looking for the rest.
_PLAIN = r"[A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]++(?=[.,;:)]?[ \n](?!\d|[§%(]|de |del |of ))"
CODED = re.compile(
    rf"{_PHONE}|{dates.PATTERN}|(?:{_BEFORE})?(?:{_PART})(?:{_JOINT}(?:{_PART})|{_BRACKETS})*{_SUFFIX}?"
)
SURFACE = re.compile(f"{_PLAIN}|{CODED.pattern}")
"""What is analysed together: a word, a code with all its parts, a phone number, a date."""

PARTS = re.compile(_PART)
PARTS_ES = re.compile(rf"\d{{1,3}}(?:\.\d{{3}})+(?![\d.])|{_PART}")

_IS_PHONE = re.compile(_PHONE)
_IS_BEFORE = re.compile(r"((?:[A-Z]{1,5}|(?:[A-Z]\. ?){2,4})) (?:§{1,2} ?)?(?=\d)")
_BY_LETTERS = re.compile(
    r"(?:\+?1-)?8(?:00|33|44|55|66|77|88)-(?=[^\W_]*[^\W\d_]|\d-?[^\W\d_])([\w\-]{7,14})"
)
_KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
# Ten figures that may be a number for telephones: no area and no exchange begins with 0 or 1.
_UNBROKEN = re.compile(r"(1?)([2-9]\d\d)([2-9]\d\d)(\d{4})")
# Short letters and figures, as in SB855, W9, 647b, 158A and JV220a; "4th" is a word.
_MIXED = re.compile(r"([^\W\d_]{1,5})(\d{1,6})([^\W\d_]?)|(\d{1,6})([^\W\d_])(\d{0,2})")
_SHORT_NUMBER = re.compile(r"\d-\d-\d")
_POSSESSIVE = re.compile(r"['’ʼ]s\Z", re.IGNORECASE)
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
# Unlike the others it counts as a letter.
_LETTER_APOSTROPHE = "ʼ"
_SAME_JOINT = {"\u2010": "-", "\u2011": "-", "\u2013": "-", ",": "."}
SMALL = STOPWORDS["en"] | STOPWORDS["es"]
"""Words that are no part of a code or a date in either language."""

Span = tuple[int, int]


def is_word(surface: str) -> bool:
    """Tell whether a surface is but one word of letters, in which no code, date or contraction can be."""
    return surface.isalpha() and _LETTER_APOSTROPHE not in surface


def is_phone(surface: str) -> bool:
    """Tell whether a whole text is a phone number, in figures or partly in letters (1-800-4-A-CHILD)."""
    return _IS_PHONE.fullmatch(surface) is not None or _in_letters(surface) is not None


def before(surface: str) -> int:
    """Return how many characters of a code are the letters that stand apart before it, as in "SB 855"."""
    found = _IS_BEFORE.match(surface)
    return found.end() if found else 0


def plain(part: str) -> str:
    """Return a part without case, accents, possessive, apostrophes and the marks between thousands."""
    if part[0].isdigit():
        return fold(part.replace(",", "").replace(".", ""))
    return fold(_POSSESSIVE.sub("", part).translate(_APOSTROPHES)) or part


def pieces(part: str) -> list[Span]:
    """Return where the letters and the figures of a part stand, or the groups of an unbroken phone number.

    The whole of it where there is no more than one.
    """
    found = _UNBROKEN.fullmatch(part) if len(part) > 9 else _MIXED.fullmatch(part)
    if found is None:
        return [(0, len(part))]
    return [found.span(group) for group in range(1, found.re.groups + 1) if found[group]]


def whole_forms(surface: str, parts: list[re.Match[str]]) -> list[tuple[str, int]]:
    """Return the whole forms of a surface, each with the end of what it stands for."""
    if _IS_PHONE.fullmatch(surface):
        return [(_digits(surface)[-10:], len(surface))]
    if len(parts) == 1:
        return _of_one(surface, parts[0])
    if parts[0].group().lower() == "www" and len(parts) > 2:
        parts = parts[1:]
    forms = [(_joined(surface, parts[:count]), end) for count, end in _stretches(surface, parts)]
    if _SHORT_NUMBER.fullmatch(surface):
        forms.append((_digits(surface), len(surface)))
    phone = _in_letters(surface)
    return [*forms, (phone, len(surface))] if phone else forms


def _of_one(surface: str, part: re.Match[str]) -> list[tuple[str, int]]:
    word, rest = plain(part.group()), surface[part.end() :].strip()
    if rest:
        return [(word + rest, len(surface))]
    forms = [(word, len(surface))] if len(pieces(part.group())) > 1 else []
    if word.isdigit() and len(word) == 11 and word[0] == "1":
        forms.append((word[1:], len(surface)))
    return forms


def _stretches(surface: str, parts: list[re.Match[str]]) -> list[tuple[int, int]]:
    """Return how many parts make a whole form, and where it ends: up to each bracket, and all."""
    found = []
    for count in range(1, len(parts)):
        opens = "(" in surface[parts[count - 1].end() : parts[count].start()]
        several = count > 1 or len(pieces(parts[0].group())) > 1
        if opens and several:
            end = parts[count - 1].end()
            found.append((count, end + (surface[end : end + 1] == ")")))
    return [*found, (len(parts), len(surface))]


def with_letters_before(
    letters: str, wholes: list[tuple[str, int]], first: tuple[str, int]
) -> list[tuple[str, int]]:
    """Return the whole forms of a code with the letters before it: with its first part, and with each form.

    Small words are none: "IN 2014".
    """
    word = fold("".join(filter(str.isalpha, letters)))
    if word in SMALL:
        return []
    return [(word + form, end) for form, end in dict.fromkeys((first, *wholes))]


def _joined(surface: str, parts: list[re.Match[str]]) -> str:
    whole = plain(parts[0].group())
    for one, match in itertools.pairwise(parts):
        word = plain(match.group())
        joint = surface[one.end() : match.start()]
        if whole[-1].isdigit() and word[0].isdigit() and joint[0] not in "() ":
            whole += _SAME_JOINT.get(joint, joint)
        whole += word
    return whole


def _in_letters(surface: str) -> str | None:
    """Return the ten figures of a toll-free number that is partly in letters; None if it is none."""
    found = _BY_LETTERS.fullmatch(surface)
    if found is None or not found[1].isascii():
        return None
    keys = "".join(filter(str.isalnum, found[1].lower())).translate(_KEYS)
    return surface[found.start(1) - 4 : found.start(1) - 1] + keys[:7] if len(keys) >= 7 else None


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
