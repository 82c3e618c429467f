"""What does a question ask for? Its terms, its conditions and the order of its words, before any library.

The terms of a question come from the same analysis as those of the passages (``index.analysis``). What they
count in a library is worked out in ``index.ranking.formula``.
"""

from __future__ import annotations

import functools
import itertools
import operator
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from index import answers, codes, dates
from index.analysis import Analyzer, Token, analyzer
from index.query import ANY_FIELD, SEARCH_FIELDS, Clause, Expansion, Phrase, Query
from kb.text import fold

# What a year, an amount or a code counts beside a word, of which it says more than its rarity tells: it is
# the same in every language. Measured in docs/ranking.md; figures of up to three digits (doses) count once.
_FIGURE_COUNTS = 2.0
_FIGURE = re.compile(r"\d")
_LETTERS_BEFORE = re.compile(r"([^\W\d_]{1,5}) (\d{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term that adds to the score of a passage that holds it in ``field``.

    ``count`` is how often it stands in the question, a part of one for a term of an expansion. ``small``
    marks a stop word, which adds only in the second pass. ``word`` is the question's word that the term
    reads, as it was typed: one typed word has several terms when its language is not known. ``of`` are the
    words that stand for it, for a term of an expansion. ``exact`` marks what was quoted, demanded or is no
    word: it means no other.
    """

    term: str
    field: str
    count: float
    small: bool
    word: str
    exact: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Terms that a passage holds: all of one of the ``readings``, in one field or in any.

    ``phrase``: one after another. There is one reading for each language that the question may be in.
    """

    readings: tuple[tuple[str, ...], ...]
    field: str
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A question after analysis.

    A passage matches that holds a wanted term that is not small, or one that it may mean, meets all
    ``required`` conditions and none of the ``refused``. ``sequences`` are the words in order, in each
    reading.
    """

    wanted: tuple[Wanted, ...]
    required: tuple[Condition, ...]
    refused: tuple[Condition, ...]
    sequences: tuple[tuple[str, ...], ...] = ()


@functools.lru_cache(maxsize=64)
def plan(query: Query) -> Plan:
    """Analyse a question in its language, or in every language where that is not known.

    A single word seldom tells its language, and only the right stemmer leads from it to the passages.
    """
    names = (query.language,) if query.language in ("en", "es") else ("en", "es", "other")
    analyzers = [analyzer(name) for name in names]
    refused = [condition for clause in query.refused for condition in _refused(clause, analyzers)]
    required = [
        condition
        for clause in query.clauses
        if isinstance(clause, Phrase) or clause.required
        for condition in _required(clause, analyzers)
    ]
    sequences = dict.fromkeys(_sequence(query.clauses, analysis) for analysis in analyzers)
    wanted = _wanted(query.clauses, analyzers)
    return Plan(
        wanted + _expanded(query.expansions, wanted),
        tuple(required),
        tuple(refused),
        tuple(filter(None, sequences)),
    )


def in_fields(field: str) -> tuple[str, ...]:
    """Return the fields that a clause's ``field`` stands for."""
    return SEARCH_FIELDS if field == ANY_FIELD else (field,)


def _wanted(clauses: tuple[Clause, ...], analyzers: list[Analyzer]) -> tuple[Wanted, ...]:
    found: dict[tuple[str, str], _Term] = {}
    for clause in clauses:
        meant = isinstance(clause, Phrase) or clause.required
        readings = [_words_of(analysis, clause.text) for analysis in analyzers]
        # A stop word of one language is no rare word of another.
        stops = {
            (token.start, token.end) for tokens in readings for token in tokens if token.small and not meant
        }
        for term, start, end, whole, _ in itertools.chain.from_iterable(readings):
            key = (term, clause.field)
            each = found.get(key)
            if each is None:
                each = found[key] = _Term(clause.text[start:end])
            if each.small and (start, end) not in stops:
                each.small = False
            if each.exact and not (meant or whole):
                each.exact = False
        for key, count in _most(readings, clause.field).items():
            found[key].count += count
        for kind, word in [] if meant else answers.asked_for(clause.text):
            # "What number do I call" asks for it twice.
            each = found.setdefault((kind, ANY_FIELD), _Term(word))
            each.small, each.exact = False, True
            each.count += 1
    is_any = not all(each.small for each in found.values())
    return tuple(
        Wanted(term, field, each.count * _telling(term), each.small and is_any, each.word, each.exact)
        for (term, field), each in found.items()
    )


@dataclass(slots=True)
class _Term:
    """A term of a question as far as the question is read: the word as typed, and as in ``Wanted``."""

    word: str
    small: bool = True
    exact: bool = True
    count: int = 0


def _most(readings: list[list[Token]], field: str) -> dict[tuple[str, str], int]:
    """Return how often each term stands in that reading which has it most often."""
    counts = [Counter([token.term for token in found]) for found in readings]
    together = counts[0] if len(counts) == 1 else functools.reduce(operator.or_, counts)
    return {(term, field): count for term, count in together.items()}


@functools.lru_cache(maxsize=8_192)
def _telling(term: str) -> float:
    """Return what a term counts beside an ordinary word: more for long figures and for codes."""
    digits = sum(map(str.isdigit, term))
    return _FIGURE_COUNTS if digits >= 4 or (digits >= 2 and not term.isdigit()) else 1.0


def _expanded(expansions: tuple[Expansion, ...], wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Return the terms of expansions that the question has not itself, each with a part of the weight."""
    known = {each.term for each in wanted}
    found: dict[str, Wanted] = {}
    for expansion in expansions:
        names = (expansion.language,) if expansion.language in ("en", "es") else ("en", "es", "other")
        for name in names:
            tokens = analyzer(name).tokens(expansion.text)
            terms = {token.term for token in tokens if not token.whole and not token.small}
            count = expansion.weight / max(1, len(terms))
            for term in sorted(terms - known):
                found.setdefault(
                    term, Wanted(term, ANY_FIELD, count, False, expansion.word, True, expansion.text)
                )
    return tuple(found.values())


# The same words are looked at for what they ask for, in which order, and with which conditions.
@functools.lru_cache(maxsize=64)
def _words_of(analysis: Analyzer, text: str) -> list[Token]:
    """Return the tokens that a question is searched by: a number in it asks for itself, not for its kind.

    A day asks for itself too, not for its month, and in figures not for these; in words not for those that
    are small in any language ("1 de mayo"). Dates count twice, so that no other that shares a word is found
    before them. A number with letters before it ("SB 855", "sb 855") may be a code: that is another reading
    of the number.
    """
    tokens = analysis.tokens(text)
    if _FIGURE.search(text) is None and not any(token.whole for token in tokens):
        return tokens
    tokens = [token for token in tokens if not answers.is_kind(token.term)]
    days = {(token.start, token.end) for token in tokens if token.whole and dates.is_day(token.term)}
    wholes = {token.term for token in tokens if token.whole}
    found = []
    for at, token in enumerate(tokens):
        if token.whole:
            if not (dates.is_part(token.term) and (token.start, token.end) in days):
                apart = codes.before(text[token.start : token.end])
                found += [token._replace(start=token.start + apart)] * (2 if dates.is_term(token.term) else 1)
        elif not (_is_figure_of(token, days, text) or (token.term in codes.SMALL and _within(token, days))):
            found.append(token)
            if not text[token.end - 1].isdecimal():
                continue
            before = tokens[at - 1] if at else token
            small = before.small or before.term in codes.SMALL
            code = None if small else _LETTERS_BEFORE.fullmatch(text, before.start, token.end)
            if code and fold(code[1]) + code[2] not in wholes:
                found.append(Token(fold(code[1]) + code[2], token.start, token.end, whole=True))
    return found


def _is_figure_of(token: Token, days: Iterable[tuple[int, int]], text: str) -> bool:
    """Tell whether a token is the day or the month of a date in figures."""
    return len(token.term) < 3 and any(
        start <= token.start < end and not any(map(str.isalpha, text[start:end])) for start, end in days
    )


def _within(token: Token, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)


def _sequence(clauses: tuple[Clause, ...], analysis: Analyzer) -> tuple[str, ...]:
    """Return the words of a question in order, as far as they are looked for in all fields."""
    words = [
        token.term
        for clause in clauses
        if clause.field == ANY_FIELD
        for token in _words_of(analysis, clause.text)
        if not token.whole
    ]
    return tuple(words)


def _required(clause: Clause, analyzers: list[Analyzer]) -> list[Condition]:
    if isinstance(clause, Phrase):
        readings = [tuple(analysis.words(clause.text)[0]) for analysis in analyzers]
    else:
        readings = [_exact_terms(_words_of(analysis, clause.text)) for analysis in analyzers]
    distinct = tuple(dict.fromkeys(reading for reading in readings if reading))
    return [Condition(distinct, clause.field, isinstance(clause, Phrase))] if distinct else []


def _refused(clause: Clause, analyzers: list[Analyzer]) -> list[Condition]:
    if isinstance(clause, Phrase):
        return _required(clause, analyzers)
    terms = {term: None for analysis in analyzers for term in _exact_terms(_words_of(analysis, clause.text))}
    return [Condition(((term,),), clause.field) for term in terms]


def _exact_terms(tokens: list[Token]) -> tuple[str, ...]:
    """Return the widest whole forms and the words that are part of none: a code in any punctuation."""
    wholes = [token for token in tokens if token.whole]
    return tuple(
        token.term
        for token in tokens
        if not any(
            other is not token
            and other.start <= token.start
            and token.end <= other.end
            and not (token.whole and token.end == other.end)
            for other in wholes
        )
    )
