"""How is a passage scored? The exact formula, in one place; every engine gives these scores to 1e-9.

BM25F with one saturation over all fields: S. Robertson, H. Zaragoza, M. Taylor, "Simple BM25 extension to
multiple weighted fields" (CIKM 2004). A word counts in each field by the field's weight, less in long fields:

    tf' = Σ_f w_f · tf_f / (1 − b_f + b_f · len_f / average len_f)
    score = Σ_t weight_t · idf_t · (k1 + 1) · tf' / (k1 + tf')
    idf_t = ln(1 + (N − df_t + ½) / (df_t + ½))

N, df and the averages count the passages that are there now, never deleted ones, so two builds of one catalog
rank alike. The average length of a field is over the passages that have it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index import answers
from index.analysis import Analyzer, Token, analyzer
from index.fields import FIELD_WEIGHTS, K1, LENGTH_SHARE, STOP_WEIGHT
from index.query import ANY_FIELD, SEARCH_FIELDS, Clause, Phrase, Query


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the corpus says: the number of passages, and the average length of each field in words."""

    passages: int
    averages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term that adds to the score of a passage that holds it in ``field``.

    ``small`` marks a stop word, whose weight is ``STOP_WEIGHT``. ``word`` is the question's word that the
    term reads, as it was typed: one typed word has several terms when its language is not known.
    """

    term: str
    field: str
    weight: float
    small: bool
    word: str


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

    A passage matches that holds a wanted term that is not small, meets all ``required`` conditions and none
    of the ``refused``.
    """

    wanted: tuple[Wanted, ...]
    required: tuple[Condition, ...]
    refused: tuple[Condition, ...]


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
    return Plan(_wanted(query.clauses, analyzers), tuple(required), tuple(refused))


def idf(passages: int, holding: int) -> float:
    """Return how rare a term is that ``holding`` of the passages have in any field; always above 0."""
    return math.log(1.0 + (passages - holding + 0.5) / (holding + 0.5))


def frequency(counts: Mapping[str, int], lengths: Mapping[str, int], averages: Mapping[str, float]) -> float:
    """Return tf', how often a passage holds a term, from its counts and the lengths of the fields."""
    total = 0.0
    for field in SEARCH_FIELDS:
        if counts.get(field, 0):
            share = LENGTH_SHARE[field]
            norm = 1.0 - share + share * lengths[field] / averages[field]
            total += FIELD_WEIGHTS[field] * counts[field] / norm
    return total


def saturated(tf: float) -> float:
    """Return what a term adds to a score before its weight and rarity: from 0 up to k1 + 1."""
    return (K1 + 1.0) * tf / (K1 + tf)


def weights(wanted: Iterable[Wanted], *, passages: int, holding: Mapping[str, int]) -> dict[str, float]:
    """Return weight · idf of each term; of the readings of a word, those that the corpus knows, if any."""
    known = {(term.word, term.field) for term in wanted if holding[term.term]}
    found: dict[str, float] = {}
    for term in wanted:
        if holding[term.term] or (term.word, term.field) not in known:
            weight = term.weight * idf(passages, holding[term.term])
            found[term.term] = max(weight, found.get(term.term, 0.0))
            known.add((term.word, term.field))
    return found


def ideal(wanted: Iterable[Wanted], *, passages: int, holding: Mapping[str, int]) -> float:
    """Return the score that a passage approaches that is made of nothing but the question's words.

    A word that no passage has counts as the rarest. A word with several readings counts once, as the rarest
    that the corpus knows.
    """
    best: dict[tuple[str, str], float] = {}
    found = weights(wanted, passages=passages, holding=holding)
    for term in wanted:
        key = (term.word, term.field)
        best[key] = max(best.get(key, 0.0), term.weight and found.get(term.term, 0.0))
    return sum(best.values()) * (K1 + 1.0)


def in_fields(field: str) -> tuple[str, ...]:
    """Return the fields that a clause's ``field`` stands for."""
    return SEARCH_FIELDS if field == ANY_FIELD else (field,)


def _wanted(clauses: tuple[Clause, ...], analyzers: list[Analyzer]) -> tuple[Wanted, ...]:
    words: dict[tuple[str, str], str] = {}
    small: dict[tuple[str, str], bool] = {}
    for clause in clauses:
        meant = isinstance(clause, Phrase) or clause.required
        tokens = [token for analysis in analyzers for token in _words_of(analysis, clause.text)]
        # A stop word of one language is no rare word of another.
        stops = {(token.start, token.end) for token in tokens if token.small and not meant}
        for token in tokens:
            key = (token.term, clause.field)
            words.setdefault(key, clause.text[token.start : token.end])
            small[key] = small.get(key, True) and (token.start, token.end) in stops
        if not meant:
            for kind, word in answers.asked_for(clause.text):
                words.setdefault((kind, ANY_FIELD), word)
                small[kind, ANY_FIELD] = False
    if all(small.values()):
        small = dict.fromkeys(small, False)
    return tuple(
        Wanted(term, field, STOP_WEIGHT if small[term, field] else 1.0, small[term, field], word)
        for (term, field), word in words.items()
    )


def _words_of(analysis: Analyzer, text: str) -> list[Token]:
    """Return the tokens that a question is searched by: a number in it asks for itself, not for its kind."""
    return [token for token in analysis.tokens(text) if not answers.is_kind(token.term)]


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
