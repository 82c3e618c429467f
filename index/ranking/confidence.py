"""How sure can a reader be that the first hit answers the question?

A score says little by itself: it grows with the number and rarity of the question's words. Three things tell
more, each from 0 to 1, and none depends on how large the library is:

- *together*: how much of the question, by the rarity of its words, stands in two neighbouring sentences; a
  name or figure that is not there counts thrice, and a share of few words tells less than one of many;
- *side by side*: how much of it stands as neighbours that are neighbours in the question;
- *lead*: how far the hit's score is above those of the next three, as a share of the best possible score.

One logistic curve makes a probability of them (``docs/ranking.md`` shows how well it is kept), and two cuts
make three words of that.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from index.analysis import Analyzer, analyzer
from index.answers import asked_for
from index.engine import Ranking
from index.plan import plan
from index.query import ANY_FIELD, Query
from index.ranking import reranking
from index.ranking.formula import small_terms
from index.wording import wording
from kb.model import Citation

# Fitted by `python -m tests.quality.reliability FOLDER --fit` on half of the questions of frequently asked
# questions and of encyclopedia paragraphs in translated Spanish, each asked with its answer in the library
# and without. docs/ranking.md shows how they do on the other halves and on sets that nothing was fitted on.
_AT_NOTHING, _TOGETHER, _SIDE_BY_SIDE, _LEAD = -2.3, 2.7, 1.0, 14.6
STRONG_FROM, PARTIAL_FROM = 0.75, 0.4
"""From which probability on a hit is strong, and from which it is partial."""

_NAMED = 0.5
"""What a word counts that stands in the title or the headings only."""

_NAME_MISSING = 3.0
"""What a name or figure counts that is missing, beside another word. Near misses are on the same subject, but
of another person, place or year: 1 gives .948 of area under ROC on Spanish paragraphs, 2 .951, 3 .952."""

_FEW_WORDS, _FEWEST_WORDS = 2.0, 3
"""A share of a question of n words counts n / (n + 2); the shortest questions count as of 3 words."""

_FOLLOWERS = 3
"""Hits whose scores the first is held against. With 9 it is .942, with 1 .944."""


# "SB1322" where the text has "SB 1322".
_BEFORE_FIGURES = re.compile(r"(?<=[^\W\d_])(?=\d)")


class Confidence(StrEnum):
    """How well the first hit fits the question."""

    STRONG = "strong"
    PARTIAL = "partial"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a hit, each from 0 to 1; see above."""

    together: float
    side_by_side: float
    lead: float

    def probability(self) -> float:
        """Return how likely the library answers the question, were it as likely as not beforehand."""
        said = _TOGETHER * self.together + _SIDE_BY_SIDE * self.side_by_side + _LEAD * self.lead
        return 1.0 / (1.0 + math.exp(-(_AT_NOTHING + said)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of the first hit.

    ``probability`` that the library answers the question; the words of the question that the hit lacks are
    ``missing``, as typed.
    """

    confidence: Confidence
    probability: float = 0.0
    missing: tuple[str, ...] = ()


def judge(query: Query, ranking: Ranking, first: Citation | None, *, weights: Mapping[str, float]) -> Verdict:
    """Say how well the first hit fits the question.

    ``weights`` are those of the question's terms (see ``Engine.weights``).
    """
    if first is None or not ranking.hits:
        return Verdict(Confidence.NONE)
    passage = first.passage
    name = " ".join((first.document_title, *passage.headings))
    analysis = analyzer(passage.language)
    held = {*analysis.terms(name), *wording(passage.text, passage.language).terms}
    readings = {
        word: [other for term in terms for other in (term, *ranking.near.get(term, ()))]
        for word, terms in _telling(query).items()
    }
    kinds = {word: kind for clause in query.clauses for kind, word in asked_for(clause.text)}
    for word, kind in kinds.items():
        readings.setdefault(word, []).append(kind)
    missing = _missing(readings, held, analysis, f"{name} {passage.text}")
    found = evidence(query, ranking, weights=weights, name=name, text=passage.text, language=passage.language)
    probability = found.probability()
    # A phone number where one was asked for, beside another word of the question, is more than a few words.
    if not held.isdisjoint(kinds.values()) and any(
        word not in kinds and word not in missing for word in readings
    ):
        probability = max(probability, PARTIAL_FROM)
    vague = all(term in small_terms() for terms in readings.values() for term in terms)
    if vague or any(char.isdigit() for word in missing for char in word):
        # "What is it" is no question that a passage could be sure to answer, and nor is one on Section 300
        # answered by a passage that says nothing of that.
        return at_most_partial(Verdict(Confidence.STRONG, probability, missing))
    return Verdict(_named(probability), probability, missing)


def _missing(
    readings: Mapping[str, Collection[str]], held: Set[str], analysis: Analyzer, text: str
) -> tuple[str, ...]:
    """Return the words that a text lacks.

    A code is there if its parts follow one another; of a code no part is named beside the whole.
    """
    codes = [word for word in readings if not word.isalpha()]
    lacking = [word for word, terms in readings.items() if held.isdisjoint(terms)]
    in_parts = {word: analysis.words(_BEFORE_FIGURES.sub(" ", word))[0] for word in lacking}
    if any(len(parts) > 1 for parts in in_parts.values()):
        words = analysis.words(text)[0]
        lacking = [word for word in lacking if not _follow(in_parts[word], words)]
    return tuple(word for word in lacking if not any(word != code and word in code for code in codes))


def _follow(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether the parts of a code follow one another among some words."""
    runs = zip(*(words[at:] for at in range(len(parts))), strict=False)
    return len(parts) > 1 and tuple(parts) in runs


def at_most_partial(verdict: Verdict) -> Verdict:
    """Return a verdict on hits none of which can fit the question well, as they lack what was demanded."""
    probability = min(verdict.probability, STRONG_FROM - 0.001)
    return replace(verdict, confidence=_named(probability), probability=probability)


def _named(probability: float) -> Confidence:
    if probability >= STRONG_FROM:
        return Confidence.STRONG
    return Confidence.PARTIAL if probability >= PARTIAL_FROM else Confidence.WEAK


def evidence(
    query: Query, ranking: Ranking, *, weights: Mapping[str, float], name: str, text: str, language: str
) -> Evidence:
    """Return what speaks for the first hit, a text under a name (its title and headings)."""
    analysis = analyzer(language)
    anywhere = _telling(query, demanded=False)
    names = _names(query, anywhere)
    asked = [
        _Asked.of(terms, ranking.near, weights, missed=_NAME_MISSING if word in names else 1.0)
        for word, terms in anywhere.items()
    ]
    taken = wording(text, language)
    told = {term for word in asked for term in word.worth}
    sentences = [told.intersection(terms) for terms in taken.by_sentence()]
    together = _together(asked, sentences, told.intersection(analysis.terms(name)))
    pairs = _pairs(query, weights)
    beside = reranking.neighbours([taken.terms[at] for at in taken.words()], pairs)
    scores = [hit.score for hit in ranking.hits[: _FOLLOWERS + 1]]
    lead = (scores[0] - sum(scores[1:]) / _FOLLOWERS) / ranking.ideal if ranking.ideal else 0.0
    words = max(len(asked), _FEWEST_WORDS)
    return Evidence(
        together * words / (words + _FEW_WORDS), beside / sum(pairs.values()) if pairs else together, lead
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word of the question: its weight, what it counts where it is missing, and what each term is worth
    that stands for it.
    """

    weight: float
    missed: float
    worth: Mapping[str, float]

    @classmethod
    def of(
        cls,
        terms: Collection[str],
        near: Mapping[str, Collection[str]],
        weights: Mapping[str, float],
        *,
        missed: float,
    ) -> _Asked:
        weight = max(weights.get(term, 0.0) for term in terms)
        meant = {other for term in terms for other in (term, *near.get(term, ()))}
        return cls(weight, missed, {other: min(weights.get(other, 0.0), weight) for other in meant})

    def found(self, held: Collection[str], named: Collection[str]) -> float:
        """Return what is found of the word in some sentences, or in the name of the passage."""
        return max(
            (worth * (1.0 if term in held else _NAMED) for term, worth in self.worth.items()
             if term in held or term in named),
            default=0.0,
        )  # fmt: skip


def _together(asked: Sequence[_Asked], sentences: Sequence[set[str]], named: set[str]) -> float:
    """Return the share of the question that the best two neighbouring sentences hold.

    ``sentences`` and ``named`` are the terms that tell anything, of each sentence and of the passage's name.
    """
    if not any(word.weight for word in asked):
        return 1.0
    best = 0.0
    # Of a long passage most sentences hold nothing of the question, and others the same.
    for held in {frozenset(one | two) for one, two in itertools.pairwise([*sentences, set()])}:
        found = [word.found(held, named) for word in asked]
        lost = sum(word.missed * (word.weight - here) for word, here in zip(asked, found, strict=True))
        best = max(best, sum(found) / (sum(found) + lost) if any(found) else 0.0)
    return best


def _names(query: Query, words: Collection[str]) -> frozenset[str]:
    """Return the words of a question that are figures, or names by their capitals where these tell names."""
    first = next(iter(" ".join(clause.text for clause in query.clauses).split()), "")
    capital = {word for word in words if word[0].isupper() and not first.strip("¿¡").startswith(word)}
    if 2 * len(capital) > len(words):
        capital = set()
    return frozenset(capital | {word for word in words if any(map(str.isdigit, word))})


def _telling(query: Query, *, demanded: bool = True) -> dict[str, list[str]]:
    """Return the terms of each word of the question that is no stop word, by the word as typed.

    ``demanded``: also those that are asked for in one field, which every hit has there.
    """
    readings: dict[str, list[str]] = {}
    for wanted in plan(query).wanted:
        if not wanted.small and (demanded or wanted.field == ANY_FIELD):
            readings.setdefault(wanted.word, []).append(wanted.term)
    return readings


def _pairs(query: Query, weights: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Return the neighbours in the question with what they weigh; a stop word weighs nothing."""
    pairs = {
        (one, two): weights.get(one, 0.0) + weights.get(two, 0.0)
        for sequence in plan(query).sequences
        for one, two in itertools.pairwise(sequence)
    }
    return {pair: weight for pair, weight in pairs.items() if weight > 0.0}
