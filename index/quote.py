"""Which words of a passage did the question mean, and which sentence answers it best?

Everything here is a span of the passage's own text, so that what is shown is always verbatim. It needs no
engine: the question's terms are looked for with the analyzer of the passage's language.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from index.analysis import Token, analyzer
from index.plan import Condition, plan
from index.query import ANY_FIELD, Query, Words
from kb.sentences import sentence_spans
from kb.text import fold

Span = tuple[int, int]

_FIGURE_BONUS = 0.5
"""What a figure adds when the question asks for one, as a share of the question's heaviest word. Without, the
sentence chosen holds the answer to .002 fewer of the questions on encyclopedia paragraphs."""
_BEFORE = 0.3
"""What a word counts that stands in the sentence before only, which is often what "it" is. With it the
sentence chosen holds the answer to .837 / .816 of the questions on encyclopedia paragraphs in English and
Spanish, without to .829 / .796; a sentence by chance does to .30 / .29. With .5 it is .834 and .821. In
translated Spanish it changes nothing (.83)."""
_ASKS_FIGURE = re.compile(
    r"\b(?:how (?:many|much|old|long|far|often|high|large|big)|when"
    r"|what (?:year|date|age|time|percent\w*|number)"
    r"|phone|telephone|hotline|number to call"
    r"|cuant[oa]s?|cuando|(?:que|cual es (?:el|la)) (?:ano|fecha|edad|hora|porcentaje|numero)|telefono)\b"
)
_FIGURE = re.compile(r"\d")


def highlights(
    text: str, language: str, query: Query, *, weights: Mapping[str, float] | None = None
) -> list[Span]:
    """Return the spans of the words and phrases of a question in a text, in order, never touching each other.

    A phrase is one span. Stop words are marked only in a phrase, or when the question has no other words.
    ``weights`` names other words that the question may mean besides its own (see ``Engine.weights``).
    """
    tokens = _tokens(text, language)
    own = {wanted.term for wanted in plan(query).wanted}
    words = _plain_terms(query) | {term for term in weights or () if term not in own}
    spans = []
    for condition in plan(query).required:
        found = _phrase_spans(tokens, condition) if condition.phrase else []
        if condition.phrase and not found:
            words = words | _telling_terms(condition, query)
        spans += found
    for parts in _codes(query):
        spans += _phrase_spans(tokens, Condition((parts,), ANY_FIELD, phrase=True))
    spans += [(token.start, token.end) for token in tokens if token.term in words]
    return joined(spans)


def best_sentence(
    text: str,
    language: str,
    query: Query,
    *,
    weights: Mapping[str, float] | None = None,
    skip: int = 0,
) -> Span | None:
    """Return the span of the sentence that answers a question best, or None if none has a word of it.

    ``weights`` says how rare each term is (see ``Engine.weights``); without, all count the same. ``skip``
    characters at the start, the headings of the passage, are left out.
    """
    weighed = weights if weights is not None else {term: 1.0 for term in _plain_terms(query)}
    asks_figure = bool(_ASKS_FIGURE.search(fold(" ".join(clause.text for clause in query.clauses))))
    best, best_score = None, (0.0, 0)
    before = labelled = None
    for start, end in sentence_spans(text, language):
        if start >= skip:
            sentence = text[start:end]
            weight = _score(sentence, language, before=before, weights=weighed, asks_figure=asks_figure)
            before = sentence
            if sentence.endswith(":"):
                # "SB 1322 (2017):" answers nothing itself; it says what the sentence after it is about.
                labelled = labelled or ((start, end) if weight else None)
            elif (weight, start - end) > best_score:
                # Of sentences that say as much, the shorter one, then the first.
                best, best_score = (start, end), (weight, start - end)
    return best or labelled


def _score(
    sentence: str, language: str, *, before: str | None, weights: Mapping[str, float], asks_figure: bool
) -> float:
    held, earlier = _terms(sentence, language), _terms(before or "", language)
    # A label says what the sentence after it is about.
    share = 1.0 if before is not None and before.endswith(":") else _BEFORE
    score = sum(
        weight if term in held else share * weight
        for term, weight in weights.items()
        if term in held or term in earlier
    )
    if score and asks_figure and _FIGURE.search(sentence):
        score += _FIGURE_BONUS * max(weights.values())
    return score


# Passages that are found are found again, and each is looked at for the question and for its expansions.
# So many take 25 and 15 MB.
@functools.lru_cache(maxsize=2_000)
def _tokens(text: str, language: str) -> Sequence[Token]:
    return analyzer(language).tokens(text)


@functools.lru_cache(maxsize=8_000)
def _terms(sentence: str, language: str) -> frozenset[str]:
    return frozenset(analyzer(language).terms(sentence))


def _plain_terms(query: Query) -> frozenset[str]:
    """Return the terms that are marked wherever they stand: those of words that are not in a phrase."""
    telling = {wanted.term for wanted in plan(query).wanted if not wanted.small}
    words = tuple(clause for clause in query.clauses if isinstance(clause, Words))
    terms = {wanted.term for wanted in plan(replace(query, clauses=words)).wanted}
    return frozenset(telling & terms) - _fragments(words, query.language)


def _telling_terms(condition: Condition, query: Query) -> frozenset[str]:
    """Return the terms of a phrase that say something on their own, for where it stands in another field."""
    alone = Query(clauses=tuple(Words(clause.text) for clause in query.clauses), language=query.language)
    telling = {wanted.term for wanted in plan(alone).wanted if not wanted.small}
    return frozenset(term for reading in condition.readings for term in reading if term in telling)


def _fragments(clauses: Iterable[Words], language: str) -> frozenset[str]:
    """Return the figures and letters that only stand in codes: ``22`` of ``653.22`` must not mark page 22."""
    inside: set[str] = set()
    outside: set[str] = set()
    for clause in clauses:
        tokens = analyzer(language).tokens(clause.text)
        wholes = [token for token in tokens if token.whole]
        for token in tokens:
            covered = any(whole.start <= token.start and token.end <= whole.end for whole in wholes)
            if covered and not token.whole and (len(token.term) < 3 or not token.term.isalpha()):
                inside.add(token.term)
            else:
                outside.add(token.term)
    return frozenset(inside - outside)


def _codes(query: Query) -> Iterator[tuple[str, ...]]:
    """Yield the parts of each code of a question: of SB-855 they are marked in SB 855 too."""
    for clause in query.clauses:
        tokens = analyzer(query.language).tokens(clause.text)
        for whole in (token for token in tokens if token.whole):
            inside = (token for token in tokens if whole.start <= token.start and token.end <= whole.end)
            parts = tuple(token.term for token in inside if not token.whole)
            if len(parts) > 1:
                yield parts


def _phrase_spans(tokens: Sequence[Token], condition: Condition) -> list[Span]:
    words = [token for token in tokens if not token.whole]
    terms = [token.term for token in words]
    return [
        (words[at].start, words[at + len(reading) - 1].end)
        for reading in condition.readings
        for at in range(len(terms) - len(reading) + 1)
        if terms[at : at + len(reading)] == list(reading)
    ]


def joined(spans: list[Span]) -> list[Span]:
    """Return spans in order, those that overlap or touch as one."""
    joined: list[Span] = []
    for start, end in sorted(set(spans)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
