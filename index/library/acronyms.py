"""Which short forms do documents explain, and what do they stand for?

"Department of Children and Family Services (DCFS)" and "DCFS (Department of …)", by the algorithm of
A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text",
Pacific Symposium on Biocomputing 2003, with accents set aside and the plural of a short form (EBPs) taken for
the singular. "DCFS, the Department of …" counts as well where every letter begins a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.stopwords import STOPWORDS
from kb.text import fold

_PARENTHESIS = re.compile(r"\(([^()\n]{2,160})\)")
_SHORT = re.compile(r"[^\W\d_](?:[.\-/&]?[^\W_]){1,9}\.?")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_APPOSED = re.compile(
    r"(?<!\w)(?P<short>[A-ZÁÉÍÓÚÑ]{3,8}), (?:or |o )?(?:the |el |la |los |las )(?P<long>[^\n.;:()]{8,120})"
)
# What a short form stands in, and nothing else than which it looks at: with two letters that may be capitals,
# which few words have. To look for a short form in each takes five times as long.
_STRETCH = re.compile(r"(?<![\w.\-/&])(?:[a-z\d_.\-/&]*+[^\W\d_a-z]){2}[\w.\-/&]*+")
_STANDING = re.compile(r"(?<![\w.])[^\W\d_](?:[.\-/&]?[^\W_]){1,9}(?!\w)")
_PLURAL = re.compile(r"(?<=[A-ZÁÉÍÓÚÑ])['’]?s\Z")
# Marks that no long form goes over.
_BREAK = re.compile(r"[.;:()\[\]\n•|]")
_SMALL = STOPWORDS["en"] | STOPWORDS["es"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form and what it stands for, as they stand in a text."""

    short: str
    long: str


def definitions(text: str) -> Iterator[Definition]:
    """Yield each explained short form of a text, in order."""
    for match in _PARENTHESIS.finditer(text):
        inside = match.group(1).strip()
        first = re.split(r"[,;]| or | o ", inside, maxsplit=1)[0].strip(" \"'“”«»")
        before = _same_clause(text[max(0, match.start() - 200) : match.start()])
        if _is_short(first):
            short = _singular(first)
            long = _long_form(short, before)
            if long:
                yield Definition(short, long)
        else:
            found = re.search(r"(\S+)\s*\Z", before)
            short = _singular(found.group(1).strip("\"'“”«»,")) if found else ""
            if _is_short(short) and _long_form(short, first) == first:
                yield Definition(short, first)
    for match in _APPOSED.finditer(text):
        long = _apposed(match["short"], match["long"])
        if long and _is_short(match["short"]):
            yield Definition(match["short"], long)


def written(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand that may be short forms, by their capitals: of each word the first place."""
    seen: set[str] = set()
    for stretch in _STRETCH.finditer(text):
        # Letters with accents have capitals and small ones alike.
        if not stretch.group()[1:].islower():
            for match in _STANDING.finditer(text, *stretch.span()):
                word = _PLURAL.sub("", match.group())
                if sum(map(str.isupper, word)) >= 2 and word not in seen:
                    seen.add(word)
                    yield match.start(), match.start() + len(word)


def _same_clause(text: str) -> str:
    return _BREAK.split(text)[-1].rstrip()


def _is_short(word: str) -> bool:
    """Tell whether a word looks like a short form: up to ten letters and figures, two capitals or more."""
    capitals = sum(char.isupper() for char in word)
    return (
        _SHORT.fullmatch(word) is not None and capitals >= 2 and capitals * 2 >= sum(map(str.isalpha, word))
    )


def _singular(short: str) -> str:
    """Return a short form without the s, 's or ’s of its plural."""
    return _PLURAL.sub("", short)


def _long_form(short: str, before: str) -> str:
    """Return the words at the end of ``before`` that the letters of a short form come from, or nothing."""
    letters = [char for char in fold(short) if char.isalnum()]
    words = list(_WORD.finditer(before))
    at = _by_initials(letters, words)
    if at is None:
        at = _by_letters(letters, before, words)
    long = "" if at is None else before[at:].strip(" \"'“”«»,")
    long = re.sub(r"['’]s?\Z", "", long)
    return long if _fits(short, long) else ""


def _by_initials(letters: list[str], words: list[re.Match[str]]) -> int | None:
    """Return where the words begin whose initials are the letters, small words between them or not."""
    place = len(words)
    for at in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= 0 and not _begins(words[place].group(), letters[at], first=at == 0):
            if fold(words[place].group()) not in _SMALL:
                return None
            place -= 1
        if place < 0:
            return None
    return words[place].start()


def _begins(word: str, letter: str, *, first: bool) -> bool:
    """Tell whether a word stands for a letter; no long form begins with a small word."""
    return fold(word)[0] == letter and not (first and word.islower() and word in _SMALL)


def _by_letters(letters: list[str], before: str, words: list[re.Match[str]]) -> int | None:
    """Return where the words begin that hold the letters, from right to left; the first must begin a word."""
    most = min(len(letters) + 5, len(letters) * 2)
    # Small words are not counted: Spanish names have one between any two others.
    telling = [word for word in words if fold(word.group()) not in _SMALL]
    if not telling:
        return None
    begin = telling[-min(most, len(telling))].start()
    plain = _plain(before)
    at = len(plain)
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= begin and (
            plain[at] != letters[place] or (place == 0 and at > 0 and plain[at - 1].isalnum())
        ):
            at -= 1
        if at < begin:
            return None
    return at


def _plain(text: str) -> str:
    """Return a text without case and accents, letter for letter."""
    return "".join((fold(char) or " ")[0] for char in text)


def _fits(short: str, long: str) -> bool:
    """Tell whether a long form is one: longer than the short, which is no word of it.

    Most letters of the short form begin a word of it: that is ours, not Schwartz and Hearst's.
    """
    words = _WORD.findall(long)
    telling = [word for word in words if fold(word) not in _SMALL]
    letters = [char for char in fold(short) if char.isalnum()]
    if len(long) <= len(short) or fold(short) in map(fold, words) or not telling:
        return False
    if len(words) < 2 or fold(words[-1]) in _SMALL or (fold(words[0]) in _SMALL and words[0].islower()):
        return False
    initials = [fold(part)[0] for word in words for part in re.split(r"[\-'’]", word) if part]
    return _in_order(letters, initials) * 3 >= len(letters) * 2


def _in_order(letters: list[str], initials: list[str]) -> int:
    """Return how many letters are found among initials in order, at most."""
    best = [0] * (len(initials) + 1)
    for letter in letters:
        before = 0
        for at, initial in enumerate(initials, start=1):
            before, best[at] = best[at], before + 1 if letter == initial else max(best[at], best[at - 1])
    return best[-1]


def _apposed(short: str, after: str) -> str:
    """Return the words that ``after`` begins with whose initials are a short form's letters, or nothing."""
    letters = [char for char in fold(short) if char.isalnum()]
    end = place = 0
    for match in _WORD.finditer(after):
        word = fold(match.group())
        if place < len(letters) and word[0] == letters[place] and match.group()[0].isupper():
            place, end = place + 1, match.end()
        elif word not in _SMALL or place == len(letters):
            break
    return after[:end] if place == len(letters) and end else ""
