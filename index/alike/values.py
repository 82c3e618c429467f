"""Which figures, dates, telephone numbers and names does a sentence state, and what does it say of them?"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from index.analysis import analyzer
from index.dates import MONTHS
from index.stopwords import STOPWORDS
from kb.text import fold


class Kind(StrEnum):
    """What kind of value differs between two statements."""

    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a sentence: what it is however it is written, and where it stands.

    ``unit`` tells shares and sums of money from counts. ``before`` and ``after`` are the terms beside it.
    """

    kind: Kind
    meaning: str
    start: int
    end: int
    unit: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence taken apart: its values, its names (with codes), and the terms of its other telling words.

    ``names`` tells where each stands. ``start`` and ``end`` are its place in the text it is from.
    ``is_prose`` is false for programs, markup and addresses, whose numbers tell nothing of the world.
    """

    start: int
    end: int
    values: tuple[Value, ...]
    names: dict[str, tuple[int, int]]
    terms: frozenset[str]
    is_prose: bool


_COUNTED = {
    word: str(number)
    for words in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
        "diecisiete dieciocho diecinueve veinte",
    )
    for number, word in enumerate(words.split())
    # "One" and "uno" are seldom counts; "once" is English for another thing.
    if number > 1 and word != "once"
}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_COUNTED |= {word: str(ten) for ten, word in zip(range(20, 100, 10), _TENS, strict=True)}
_COUNTED |= {
    f"{word}-{one}": str(ten + number)
    for ten, word in zip(range(20, 100, 10), _TENS, strict=True)
    for number, one in enumerate("one two three four five six seven eight nine".split(), start=1)
}


def _one_of(words: Iterable[str]) -> str:
    """Return a pattern for any of some words, the longest first; of most words it looks at one letter."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(word[1:])
    each = (f"{letter}(?:{'|'.join(rests)})" for letter, rests in sorted(by_letter.items()))
    return f"(?=[{''.join(sorted(by_letter))}])(?:{'|'.join(each)})"


_MONTH = _one_of(MONTHS)
_FIGURE = re.compile(rf"\d|\b{_one_of(_COUNTED)}\b", re.IGNORECASE)
_GAP = r"[ .\-\u2010\u2011\u2013]"
# What every telephone number ends with.
_END_OF_PHONE = re.compile(rf"\d{{3}}{_GAP}\d{{4}}")
_TOKEN = re.compile(
    rf"(?P<phone>(?=[\d(+])(?<!\w)(?:\+?1{_GAP}?)?(?:\(\d{{3}}\) ?|\d{{3}}{_GAP})\d{{3}}{_GAP}\d{{4}}(?!\w))"
    rf"|(?P<date>(?<!\w)(?:(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?(?!\w)"
    rf"|\d{{1,2}}(?: de)? (?:{_MONTH})\.?(?: (?:de |del )?\d{{4}})?(?!\w)"
    rf"|(?:{_MONTH})\.?(?: de| del)? \d{{4}}(?!\w)"
    r"|\d{4}-\d\d-\d\d(?!\w)|\d{1,2}/\d{1,2}/\d{2,4}(?!\w)))"
    r"|(?P<code>(?<!\w)(?:\d[\w.,:/\-]*[^\W\d_]\w*|\d[\d.,:/\-]*\([\w]{1,5}\)|[^\W\d_]++-?\d[\w\-]*"
    r"|\d+(?:\.\d+){2,}(?::\d+)?|\d+(?:[/:]\d+){2,}|\d+-\d[\d\-]*)(?!\w))"
    r"|(?P<number>(?<![\w.])(?P<money>[$€£] ?)?(?:\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+)(?:[.,:/]\d+)?"
    r"(?P<share> ?%| percent(?!\w)| por ciento(?!\w))?"
    r"(?P<many> (?:thousand|million|billion|mil|millones|mill[oó]n)(?!\w))?)"
    r"|(?P<word>[^\W\d_]+(?:['’\-][^\W\d_]+)*)",
    re.IGNORECASE,
)
_LABELLED = frozenset(
    "section sections sec chapter article articles art step page pages table figure form part title code "
    "line option item question version room suite floor no num number rule volume vol appendix note act bill "
    "seccion secciones capitulo articulo articulos paso pagina paginas tabla cuadro formulario parte titulo "
    "codigo linea opcion pregunta sala piso numero nota ley inciso literal numeral anexo apendice".split()
)
"""What a number after one of these words is called by, not how many there are of something."""
_POSSESSIVE = re.compile(r"['’]s?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_PROSE = re.compile(r"[<>{}=`\\]|://")
SMALL = STOPWORDS["en"] | STOPWORDS["es"]


def has_value(text: str, span: tuple[int, int]) -> bool:
    """Tell whether a sentence has a figure in it, in digits or in words."""
    return _FIGURE.search(text, *span) is not None


def may_have_phone(text: str) -> bool:
    """Tell whether a text may have a telephone number in it; if not, it has none."""
    return _END_OF_PHONE.search(text) is not None


def stated(text: str, span: tuple[int, int], language: str) -> Stated:
    """Take the sentence at a span of a text apart; its offsets then count from the start of the text."""
    start, end = span
    values: list[Value] = []
    names: dict[str, tuple[int, int]] = {}
    terms: set[str] = set()
    found = list(_TOKEN.finditer(text, start, end))
    label = ""
    for place, match in enumerate(found):
        kind = match.lastgroup or "word"
        if kind == "word":
            written = match.group()
            term, plain, is_count, is_capital, is_upper = _word(written, language)
            if not is_count:
                if is_upper or (is_capital and place):
                    names[plain] = match.span()
                elif term:
                    terms.add(term)
                label = written
                continue
        if kind in ("word", "money", "share", "many"):
            kind = "number"
        if kind == "code" or (
            kind == "number" and _is_label(text, match, label, language=language, first=place == 1)
        ):
            names[fold(match.group())] = match.span()
        elif kind != "number" or not _is_mark(text, match, span):
            values.append(_value(kind, match, _beside(found, place, language)))
        label = ""
    is_prose = _NO_PROSE.search(text, start, end) is None
    return Stated(start, end, tuple(values), names, frozenset(terms), is_prose)


class _Word(NamedTuple):
    """What a word is wherever it stands; ``plain`` is without case, accents and possessive, as a name.

    ``term`` is empty for small words. The first word of a sentence has a capital in any case.
    """

    term: str
    plain: str
    is_count: bool
    is_capital: bool
    is_upper: bool

    def is_name(self, *, first: bool) -> bool:
        """Tell whether it is a name by its capitals."""
        return self.is_upper or (self.is_capital and not first)


@functools.lru_cache(maxsize=1 << 16)
def _word(word: str, language: str) -> _Word:
    folded, several = fold(word), len(word) > 1
    term = "" if folded in SMALL else next(iter(analyzer(language).terms(word)), "")
    return _Word(
        term,
        _POSSESSIVE.sub("", folded),
        folded in _COUNTED,
        several and word[0].isupper(),
        several and word.isupper(),
    )


def _is_label(text: str, match: re.Match[str], before: str, *, language: str, first: bool) -> bool:
    """Tell whether a number is what something is called, as in "Section 300" and "CSEC 101"."""
    if not before or not match["number"] or text[match.start() - 1 : match.start()] not in (" ", "-"):
        return bool(re.match(r"[#§]", text[max(0, match.start() - 2) : match.start()].strip()))
    word = _word(before, language)
    named = word.is_name(first=first) and fold(before) not in SMALL and not _YEAR.fullmatch(match.group())
    return fold(before) in _LABELLED or named


def _is_mark(text: str, match: re.Match[str], span: tuple[int, int]) -> bool:
    """Tell whether a number is that of a list item or a footnote."""
    start, end = match.span()
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    if start == span[0]:
        return text[end : end + 1] in (".", ")", "]")
    if around in ("[]", "()"):
        return True
    before = text[max(0, start - 2) : start]
    return end == span[1] and end - start <= 3 and re.search(r"[.?!,;”\"’)] ?\Z", before) is not None


def _value(kind: str, match: re.Match[str], beside: tuple[str, str]) -> Value:
    word, (start, end) = match.group(), match.span()
    before, after = beside
    if kind == "phone":
        digits = "".join(char for char in word if char.isdigit())[-10:]
        return Value(Kind.PHONE, digits, start, end)
    if kind == "date":
        return Value(Kind.DATE, _day(word), start, end)
    unit = "".join(name[0] for name in ("money", "share") if match[name])
    plain = _COUNTED.get(fold(word)) or _number(word)
    if not unit and _YEAR.fullmatch(word):
        return Value(Kind.DATE, plain, start, end, "year", before, after)
    return Value(Kind.NUMBER, plain, start, end, unit, before, after)


def _number(word: str) -> str:
    """Return a number as digits: 1,300 and 1.300 are the same, and so are 95% and 95 percent."""
    digits = re.sub(r"[.,](?=\d{3}(?!\d))", "", word)
    figure = re.search(r"\d[\d.,:/]*", digits)
    many = re.search(r"(thousand|mil|million|millones|mill[oó]n|billion)\Z", word, re.IGNORECASE)
    scale = {"thousand": "e3", "mil": "e3", "billion": "e9"}.get(many.group().lower(), "e6") if many else ""
    return (figure.group().rstrip(".,:/") if figure else fold(word)) + scale


def _day(words: str) -> str:
    """Return a date as numbers: "5 de mayo de 2021" and "May 5, 2021" are the same."""
    names = [MONTHS[name] for name in re.findall(r"[^\W\d_]+", fold(words)) if name in MONTHS]
    numbers = sorted(int(number) for number in re.findall(r"\d+", words))
    return " ".join((*(f"m{name}" for name in names[:1]), *map(str, numbers)))


def _beside(found: list[re.Match[str]], place: int, language: str) -> tuple[str, str]:
    """Return the nearest telling terms before and after a value; names stand anywhere."""
    before = (_telling(found[at], language) for at in range(place - 1, -1, -1))
    after = (_telling(found[at], language) for at in range(place + 1, len(found)))
    return next(filter(None, before), ""), next(filter(None, after), "")


def _telling(match: re.Match[str], language: str) -> str:
    """Return the term of a word that is no name, and nothing for all else."""
    if match.lastgroup != "word":
        return ""
    word = _word(match.group(), language)
    return "" if word.is_name(first=False) else word.term
