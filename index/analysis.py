"""Which terms does a text consist of, and where does each stand?

A word becomes one term: folded (case and accents), then stemmed in its language. Words joined by inner
punctuation (``653.22(b)``, ``W-9``, ``dmh.lacounty.gov``) give a term for each part, at successive positions,
and one more for the whole form, over the same characters. The whole form leaves out what joins its parts,
except between two digits: ``647(b)`` → ``647b``, ``e-mail`` → ``email``, but ``12–14`` → ``12-14``. So a code
is found in parts, whole, and however it was punctuated. Phone numbers and addresses give the term of their
kind besides (``index.answers``).

Accents go before stemming, in questions and passages alike, so a question typed without them finds the same.
"""

from __future__ import annotations

import functools
import itertools
import re
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from index import answers
from index.stopwords import STOPWORDS
from kb.text import fold

ANALYSIS_VERSION = 2
"""Goes up whenever the same text may give other terms: an index of another version must be rebuilt."""

_CACHED_SURFACES = 100_000

_GAP = r"[ .\-\u2010\u2011\u2013]"
_PART = r"\d{1,3}(?:,\d{3})+(?!\d)|[^\W_]+(?:['’ʼ][^\W_]+)*"
# North American numbers, the only ones whose grouping is certain enough to read without a country code.
_PHONE = rf"(?<!\w)(?:\+?1{_GAP}?)?(?:\(\d{{3}}\) ?|\d{{3}}{_GAP})\d{{3}}{_GAP}\d{{4}}(?!\w)"
_JOINT = r"(?:[.\-\u2010\u2011@_&]|(?<=\d)[/:,+\u2013](?=\d))"
_SUFFIX = r"(?:\+\+|(?<=[^\W\d_])\#(?!\w)|(?<=\d)[ ]?%)"
_SURFACE = re.compile(rf"{_PHONE}|(?:{_PART})(?:{_JOINT}(?:{_PART})|\([^\W_]{{1,5}}\))*{_SUFFIX}?")
_PARTS = re.compile(_PART)
_PARTS_ES = re.compile(rf"\d{{1,3}}(?:\.\d{{3}})+(?![\d.])|{_PART}")
_IS_PHONE = re.compile(_PHONE)
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_POSSESSIVE = re.compile(r"['’ʼ]s\Z", re.IGNORECASE)
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
_Found = TypeVar("_Found")

_SAME_JOINT = {"\u2010": "-", "\u2011": "-", "\u2013": "-", ",": "."}


class Token(NamedTuple):
    """A term and the characters it stands for, as offsets into the text.

    ``whole`` marks the whole form of several parts that are tokens too. ``small`` marks a stop word.
    """

    term: str
    start: int
    end: int
    whole: bool = False
    small: bool = False


class Analyzer:
    """Turns text of one language into terms. Safe to share between threads."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._stem: Callable[[str], str] | None = None
        self._stopwords = STOPWORDS[language]
        self._parts = _PARTS_ES if language == "es" else _PARTS
        self._known: dict[str, tuple[Token, ...]] = {}
        self._stems: dict[str, str] = {}
        self._terms: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text in order; the whole form of a code follows its parts."""
        return [token.term for surface in _SURFACE.findall(text) for token in self._tokens_of(surface)]

    def words(self, text: str) -> tuple[list[str], list[str]]:
        """Return the terms at successive positions, and apart from them the whole forms, which have none."""
        words: list[str] = []
        wholes: list[str] = []
        known = self._terms
        for surface in _SURFACE.findall(text):
            found = known.get(surface)
            if found is None:
                found = self._split(surface)
            words.extend(found[0])
            if found[1]:
                wholes.extend(found[1])
        return words, wholes

    def tokens(self, text: str) -> list[Token]:
        """Return the terms of a text with their places in it, in order of start."""
        return [
            Token(
                token.term, match.start() + token.start, match.start() + token.end, token.whole, token.small
            )
            for match in _SURFACE.finditer(text)
            for token in self._tokens_of(match.group())
        ]

    def _split(self, surface: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        tokens = self._tokens_of(surface)
        words = tuple(token.term for token in tokens if not token.whole)
        return _kept(self._terms, surface, (words, tuple(token.term for token in tokens if token.whole)))

    def _tokens_of(self, surface: str) -> tuple[Token, ...]:
        found = self._known.get(surface)
        return found if found is not None else _kept(self._known, surface, tuple(self._analyse(surface)))

    def _analyse(self, surface: str) -> list[Token]:
        if _INITIALS.fullmatch(surface):
            return [Token(fold(surface.replace(".", "")), 0, len(surface))]
        parts = list(self._parts.finditer(surface))
        tokens = [self._part(match) for match in parts]
        small = all(token.small and len(token.term) > 1 for token in tokens)
        seen = {tokens[0].term} if len(tokens) == 1 else set()
        for whole, end in _whole_forms(surface, parts):
            term = self._stemmed(whole)
            if term not in seen:
                seen.add(term)
                tokens.append(Token(term, 0, end, whole=True, small=small))
        kind = answers.kind_of(surface, phone=_IS_PHONE.fullmatch(surface) is not None)
        if kind is not None:
            tokens.append(Token(kind, 0, len(surface), whole=True))
        return tokens

    def _part(self, match: re.Match[str]) -> Token:
        plain = _plain(match.group())
        return Token(self._stemmed(plain), match.start(), match.end(), small=plain in self._stopwords)

    def _stemmed(self, plain: str) -> str:
        if not plain.isalpha():
            return plain
        stem = self._stems.get(plain)
        if stem is None:
            if self._stem is None:
                self._stem = _stemmer(self.language)
            stem = _kept(self._stems, plain, self._stem(plain) or plain)
        return stem


def _kept(known: dict[str, _Found], key: str, found: _Found) -> _Found:
    """Remember what was found for a key, and start afresh rather than grow without end."""
    if len(known) >= _CACHED_SURFACES:
        known.clear()
    known[key] = found
    return found


@functools.cache
def analyzer(language: str) -> Analyzer:
    """Return the analyzer of ``en``, ``es`` or ``other``; any other name is ``other`` too."""
    return Analyzer(language if language in STOPWORDS else "other")


def _plain(part: str) -> str:
    """Return a part without case, accents, possessive, apostrophes and the marks between thousands."""
    if part[0].isdigit():
        return fold(part.replace(",", "").replace(".", ""))
    return fold(_POSSESSIVE.sub("", part).translate(_APOSTROPHES)) or part


def _whole_forms(surface: str, parts: list[re.Match[str]]) -> list[tuple[str, int]]:
    """Return the whole forms of a surface, each with the end of what it stands for."""
    if _IS_PHONE.fullmatch(surface):
        return [(_digits(surface)[-10:], len(surface))]
    if len(parts) == 1:
        plain, rest = _plain(parts[0].group()), surface[parts[0].end() :].strip()
        if rest:
            return [(plain + rest, len(surface))]
        return [(plain[1:], len(surface))] if plain.isdigit() and len(plain) == 11 and plain[0] == "1" else []
    if parts[0].group().lower() == "www" and len(parts) > 2:
        parts = parts[1:]
    forms = [(_joined(surface, parts), len(surface))]
    base = [match for match in parts if "(" not in surface[: match.start()]]
    if 1 < len(base) < len(parts):
        forms.insert(0, (_joined(surface, base), base[-1].end()))
    return forms


def _joined(surface: str, parts: list[re.Match[str]]) -> str:
    whole = _plain(parts[0].group())
    for before, match in itertools.pairwise(parts):
        plain = _plain(match.group())
        joint = surface[before.end() : match.start()]
        if whole[-1].isdigit() and plain[0].isdigit() and joint[0] not in "()":
            whole += _SAME_JOINT.get(joint, joint)
        whole += plain
    return whole


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _stemmer(language: str) -> Callable[[str], str]:
    if language == "en":
        return _snowball().EnglishStemmer().stem  # type: ignore[no-any-return]
    if language == "es":
        stem = _snowball().SpanishStemmer().stem
        return lambda word: stem(_spanish_accents(word))
    return str


# Word endings that Snowball's Spanish rules know with an accent only. Words come folded; giving these theirs
# back, wherever they end, keeps the plural and the singular together. Endings that nouns share with verbs
# (-aria, -era) stay without: "primaria" must meet "primario".
_ACCENTED_ENDINGS = (("logia", "logía"), ("logias", "logías"), ("ian", "ían"), ("iamos", "íamos"))


def _spanish_accents(word: str) -> str:
    for ending, accented in _ACCENTED_ENDINGS:
        if word.endswith(ending):
            return word[: -len(ending)] + accented
    return word


def _snowball() -> Any:
    """Import nltk's Snowball stemmers.

    The package loads scipy.stats if it is there, for tests that stemming never runs: 1.0 of 1.7 seconds of
    start-up. nltk goes on without it when told that it is missing.
    """
    absent = "scipy.stats" not in sys.modules
    if absent:
        sys.modules["scipy.stats"] = None  # type: ignore[assignment]
    try:
        from nltk.stem import snowball  # noqa: PLC0415
    finally:
        if absent:
            del sys.modules["scipy.stats"]
    return snowball
