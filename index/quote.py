"""Which words of a passage did the question mean, and which sentence answers it best?

Everything here is a span of the passage's own text, so that what is shown is always verbatim. It needs no
engine: the question's terms are looked for with the analyzer of the passage's language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from index.analysis import analyzer
from index.answers import addresses, asks_address
from index.plan import Condition, plan
from index.query import ANY_FIELD, Query, Words
from index.stopwords import STOPWORDS
from index.wording import Span, Wording, wording
from kb.text import fold

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
    """Return what a question marks in one text; see ``Marking``."""
    return Marking(query, weights=weights).spans(text, language)


def best_sentence(
    text: str,
    language: str,
    query: Query,
    *,
    weights: Mapping[str, float] | None = None,
    skip: int = 0,
) -> Span | None:
    """Return the sentence of one text that answers a question best; see ``Telling``."""
    return Telling(query, weights=weights).sentence(text, language, skip=skip)


class Marking:
    """What a question marks: made out once, for all the passages that are shown.

    ``weights`` names other words that the question may mean besides its own (see ``Engine.weights``).
    """

    def __init__(self, query: Query, *, weights: Mapping[str, float] | None = None) -> None:
        asked = plan(query)
        own = {wanted.term for wanted in asked.wanted}
        self._query = query
        self._words = _plain_terms(query) | {term for term in weights or () if term not in own}
        self._phrases = [condition for condition in asked.required if condition.phrase]
        self._asked = frozenset(re.findall(r"\w+", fold(" ".join(clause.text for clause in query.clauses))))
        self._codes = [Condition((parts,), ANY_FIELD, phrase=True) for parts in _codes(query)]
        self._by_language: dict[str, frozenset[str]] = {}

    def spans(self, text: str, language: str) -> list[Span]:
        """Return the spans of the words and phrases of the question in a text, in order, never touching.

        A phrase is one span. Stop words are marked only in a phrase, or when the question has no other words.
        """
        taken, words, spans = wording(text, language), self._words_in(language), []
        for condition in self._phrases:
            found = _phrase_spans(taken, condition)
            if not found:
                words = words | _telling_terms(condition, self._query)
            spans += found
        for code in self._codes:
            spans += _phrase_spans(taken, code)
        spans += [taken.span(at) for at in taken.found(words)]
        return joined(spans)

    def _words_in(self, language: str) -> frozenset[str]:
        """Return the words to mark, without those that are small words in this language only.

        Spanish rules take "notes" to "not", which English texts are full of.
        """
        words = self._by_language.get(language)
        if words is None:
            words = self._words - (STOPWORDS.get(language, frozenset()) - self._asked)
            self._by_language[language] = words
        return words


class Telling:
    """What tells which sentence answers a question: made out once, for all the passages that are shown.

    ``weights`` says how rare each term is (see ``Engine.weights``); without, all count the same.
    """

    def __init__(self, query: Query, *, weights: Mapping[str, float] | None = None) -> None:
        self._weights = weights if weights is not None else {term: 1.0 for term in _plain_terms(query)}
        asked = " ".join(clause.text for clause in query.clauses)
        self._asks_figure = bool(_ASKS_FIGURE.search(fold(asked)))
        self._asks_address = asks_address(asked)

    def sentence(self, text: str, language: str, *, skip: int = 0) -> Span | None:
        """Return the span of the sentence that answers the question best, or None if none has a word of it.

        ``skip`` characters at the start, the headings of the passage, are left out. A word within a web or
        e-mail address counts only where the question asks for one, or where no sentence has another.
        """
        apart = [] if self._asks_address else addresses(text)
        found = self._best(text, language, skip=skip, apart=apart)
        return self._best(text, language, skip=skip, apart=[]) if found is None and apart else found

    def _best(self, text: str, language: str, *, skip: int, apart: Sequence[Span]) -> Span | None:
        best, best_score = None, (0.0, 0)
        labelled: Span | None = None
        taken = wording(text, language)
        held = set(taken.terms)
        present = {term: weight for term, weight in self._weights.items() if term in held}
        before: Collection[str] = ()
        after_label = False
        for (start, end), terms in zip(taken.sentences, taken.by_sentence(without=apart), strict=True):
            if start >= skip:
                # A label says what the sentence after it is about.
                share = 1.0 if after_label else _BEFORE
                weight = 0.0
                # Most sentences have no word of the question, and that is told ten times as fast.
                if not (present.keys().isdisjoint(terms) and present.keys().isdisjoint(before)):
                    weight = self._score(text[start:end], present, terms, before=before, share=share)
                before, after_label = terms, text.endswith(":", start, end)
                if after_label:
                    # "SB 1322 (2017):" answers nothing itself; it says what the sentence after it is about.
                    labelled = labelled or ((start, end) if weight else None)
                elif (weight, start - end) > best_score:
                    # Of sentences that say as much, the shorter one, then the first.
                    best, best_score = (start, end), (weight, start - end)
        return best or labelled

    def _score(
        self,
        sentence: str,
        weights: Mapping[str, float],
        terms: Collection[str],
        *,
        before: Collection[str],
        share: float,
    ) -> float:
        score = sum(
            weight if term in terms else share * weight
            for term, weight in weights.items()
            if term in terms or term in before
        )
        if score and self._asks_figure and _FIGURE.search(sentence):
            score += _FIGURE_BONUS * max(self._weights.values())
        return score


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


def _phrase_spans(taken: Wording, condition: Condition) -> list[Span]:
    readings = [reading for reading in condition.readings if all(term in taken.terms for term in reading)]
    if not readings:
        return []
    words = taken.words()
    terms = tuple(taken.terms[at] for at in words)
    return [
        (taken.starts[words[at]], taken.ends[words[at + len(reading) - 1]])
        for reading in readings
        for at in range(len(terms) - len(reading) + 1)
        if terms[at : at + len(reading)] == reading
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
