"""Which terms does a text consist of, and where does each stand?

A word becomes one term: folded (case and accents), then stemmed in its language. A code (``653.22(b)``,
``W-9``, ``SB 855``, ``dmh.lacounty.gov``) gives a term for each part, at successive positions, and one for
each whole form, over the same characters (``index.codes``): it is found in parts, whole, and however it was
punctuated. Dates give the term of their day besides (``index.dates``), phone numbers and addresses that of
their kind (``index.answers``).

Accents go before stemming, in questions and passages alike, so a question typed without them finds the same.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import Stemmer

from index import answers, codes, dates
from index.stopwords import STOPWORDS, is_small
from kb.text import fold

ANALYSIS_VERSION = 4
"""Goes up whenever the same text may give other terms: an index of another version must be rebuilt."""

_CACHED_SURFACES = 100_000

_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_Found = TypeVar("_Found")
_Terms = tuple[tuple[str, ...], tuple[str, ...]]
"""The terms at successive positions, and the whole forms."""


class Token(NamedTuple):
    """A term and the characters it stands for, as offsets into the text.

    ``whole`` marks the whole form of several parts that are tokens too. ``small`` marks a stop word.
    """

    term: str
    start: int
    end: int
    whole: bool = False
    small: bool = False


_new_token = tuple.__new__


class Analyzer:
    """Turns text of one language into terms. Safe to share between threads."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._stem: Callable[[str], str] | None = None
        self._stopwords = STOPWORDS[language]
        self._parts = codes.PARTS_ES if language == "es" else codes.PARTS
        self._known: dict[str, tuple[Token, ...]] = {}
        self._stems: dict[str, str] = {}
        self._terms = _Remembered(self._split)

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text in order; the whole form of a code follows its parts."""
        return [token.term for surface in codes.SURFACE.findall(text) for token in self._tokens_of(surface)]

    def words(self, text: str) -> tuple[list[str], list[str]]:
        """Return the terms at successive positions, and apart from them the whole forms, which have none."""
        found = list(map(self._terms.__getitem__, codes.SURFACE.findall(text)))
        return [term for words, _ in found for term in words], [
            term for _, wholes in found if wholes for term in wholes
        ]

    def tokens(self, text: str) -> list[Token]:
        """Return the terms of a text with their places in it, in order of start."""
        found = []
        known = self._known
        for match in codes.SURFACE.finditer(text):
            surface, at = match.group(), match.start()
            for term, start, end, whole, small in known.get(surface) or self._tokens_of(surface):
                # As Token(…), in half the time.
                found.append(_new_token(Token, (term, at + start, at + end, whole, small)))
        return found

    def placed(self, text: str) -> tuple[list[str], list[int], list[int], list[int]]:
        """Return ``tokens`` taken apart: the terms, where they start and end, and which of them are whole.

        Without a ``Token`` for each it takes two thirds of the time.
        """
        terms: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        whole: list[int] = []
        known = self._known
        for match in codes.SURFACE.finditer(text):
            surface = match.group()
            found = known.get(surface) or self._tokens_of(surface)
            at = match.start()
            if len(found) == 1:
                # A word that stands alone, as nearly all do: of no loop it takes a quarter less time.
                terms.append(found[0][0])
                starts.append(at + found[0][1])
                ends.append(at + found[0][2])
                continue
            for term, start, end, is_whole, _ in found:
                if is_whole:
                    whole.append(len(terms))
                terms.append(term)
                starts.append(at + start)
                ends.append(at + end)
        return terms, starts, ends, whole

    def _split(self, surface: str) -> _Terms:
        # Tokens are not remembered here: who indexes never asks for them.
        tokens = self._known.get(surface) or self._analyse(surface)
        return (
            tuple(token.term for token in tokens if not token.whole),
            tuple(token.term for token in tokens if token.whole),
        )

    def _tokens_of(self, surface: str) -> tuple[Token, ...]:
        found = self._known.get(surface)
        return found if found is not None else _kept(self._known, surface, tuple(self._analyse(surface)))

    def _analyse(self, surface: str) -> list[Token]:
        if codes.is_word(surface):
            return self._of_letters(surface)
        if _INITIALS.fullmatch(surface):
            return [Token(fold(surface.replace(".", "")), 0, len(surface))]
        found = dates.terms(surface, self.language) if dates.is_date(surface) else ()
        if found:
            parts = [token for match in self._parts.finditer(surface) for token in self._part(match)]
            return parts + [Token(term, 0, len(surface), whole=True) for term in found]
        apart = codes.before(surface)
        return self._lettered(surface, apart) if apart else self._coded(surface)

    def _of_letters(self, surface: str) -> list[Token]:
        """Return what ``_coded`` returns of one word, in a third of the time: most new ones are such."""
        plain = fold(surface) or surface
        word = Token(self.term_of(plain), 0, len(surface), small=plain in self._stopwords)
        kind = answers.kind_of(surface, phone=False)
        return [word] if kind is None else [word, Token(kind, 0, len(surface), whole=True)]

    def _lettered(self, surface: str, apart: int) -> list[Token]:
        """Return the tokens of a code with letters before it that stand apart."""
        letters = surface[:apart].rstrip(" §.")
        word = fold(letters.replace(".", "").replace(" ", ""))
        name = Token(self.term_of(word), 0, len(letters), small=word in self._stopwords)
        rest = [
            token._replace(start=token.start + apart, end=token.end + apart)
            for token in self._coded(surface[apart:])
        ]
        wholes = [
            (token.term, token.end) for token in rest if token.whole and not answers.is_kind(token.term)
        ]
        first = self._parts.match(surface, apart)
        assert first is not None
        forms = codes.with_letters_before(letters, wholes, (codes.plain(first.group()), first.end()))
        return [name, *rest, *(Token(form, 0, end, whole=True) for form, end in forms)]

    def _coded(self, surface: str) -> list[Token]:
        parts = list(self._parts.finditer(surface))
        tokens = [token for match in parts for token in self._part(match)]
        small = all(token.small and len(token.term) > 1 for token in tokens)
        seen = {tokens[0].term} if len(tokens) == 1 else set()
        for whole, end in codes.whole_forms(surface, parts):
            term = self.term_of(whole)
            if term not in seen:
                seen.add(term)
                tokens.append(Token(term, 0, end, whole=True, small=small))
        kind = answers.kind_of(surface, phone=codes.is_phone(surface))
        if kind is not None:
            tokens.append(Token(kind, 0, len(surface), whole=True))
        return tokens

    def _part(self, match: re.Match[str]) -> list[Token]:
        found = []
        for start, end in codes.pieces(match.group()):
            plain = codes.plain(match.group()[start:end])
            small = plain in self._stopwords or is_small(match.group(), self.language)
            found.append(Token(self.term_of(plain), match.start() + start, match.start() + end, small=small))
        return found

    def term_of(self, plain: str) -> str:
        """Return the term of one folded word of letters; any other word as it is."""
        if not plain.isalpha():
            return plain
        stem = self._stems.get(plain)
        if stem is None:
            if self._stem is None:
                self._stem = _stemmer(self.language)
            stem = _kept(self._stems, plain, self._stem(plain) or plain)
        return stem


class _Remembered(dict[str, _Terms]):
    """The terms of surfaces, found out when they are first asked for: a dictionary is quickest to look up."""

    def __init__(self, split: Callable[[str], _Terms]) -> None:
        super().__init__()
        self._split = split

    def __missing__(self, surface: str) -> _Terms:
        return _kept(self, surface, self._split(surface))


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


def _stemmer(language: str) -> Callable[[str], str]:
    if language == "en":
        return _snowball("english")
    if language == "es":
        stem = _snowball("spanish")
        return lambda word: stem(_spanish_accents(word))
    return str


def _snowball(algorithm: str) -> Callable[[str], str]:
    """Return Snowball's stemmer of a language (M. F. Porter, https://snowballstem.org).

    Its own cache is off: an analyzer remembers stems itself, and the cache is thinned out by Python code,
    in whose midst another thread might stem.
    """
    stemmer = Stemmer.Stemmer(algorithm, 0)
    return stemmer.stemWord  # type: ignore[no-any-return]


# Word endings that Snowball's Spanish rules know with an accent only. Words come folded; giving these theirs
# back, wherever they end, keeps the plural and the singular together. Endings that nouns share with verbs
# (-aria, -era) stay without: "primaria" must meet "primario".
_ACCENTED_ENDINGS = (("logia", "logía"), ("logias", "logías"), ("ian", "ían"), ("iamos", "íamos"))


def _spanish_accents(word: str) -> str:
    for ending, accented in _ACCENTED_ENDINGS:
        if word.endswith(ending):
            return word[: -len(ending)] + accented
    return word
