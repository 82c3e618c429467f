"""How sure can a reader be that the first hit answers the question?

A score says little by itself: it grows with the number and rarity of the question's words. Its share of the
score that a passage made of nothing but the question's words would approach says how much of the question
the passage answers.
"""

from __future__ import annotations

from enum import StrEnum

from index.analysis import analyzer
from index.answers import asked_for
from index.engine import Ranking
from index.plan import plan
from index.query import Query
from kb.model import Citation

# Measured on encyclopedia paragraphs (300 questions each in English and Spanish): with the answering one in
# the library 78 and 68 % of the first hits are strong and 5 and 9 % weak; with it taken away, 8 and 6 % are
# strong and 72 and 73 % weak. Of 15 questions that the sample library does not answer none is strong.
STRONG_SHARE = 0.22
PARTIAL_SHARE = 0.15


class Confidence(StrEnum):
    """How well the first hit fits the question."""

    STRONG = "strong"
    PARTIAL = "partial"
    WEAK = "weak"
    NONE = "none"


def judge(query: Query, ranking: Ranking, first: Citation | None) -> tuple[Confidence, tuple[str, ...]]:
    """Return the confidence in the first hit, and the words of the question that it lacks, as typed."""
    if first is None or not ranking.hits:
        return Confidence.NONE, ()
    passage = first.passage
    words = " ".join((first.document_title, *passage.headings, passage.text))
    held = set(analyzer(passage.language).terms(words))
    readings: dict[str, list[str]] = {}
    for wanted in plan(query).wanted:
        if not wanted.small:
            readings.setdefault(wanted.word, []).extend((wanted.term, *ranking.near.get(wanted.term, ())))
    kinds = {word: kind for clause in query.clauses for kind, word in asked_for(clause.text)}
    for word, kind in kinds.items():
        readings.setdefault(word, []).append(kind)
    missing = tuple(word for word, terms in readings.items() if held.isdisjoint(terms))
    share = ranking.hits[0].score / ranking.ideal if ranking.ideal > 0 else 0.0
    if share >= STRONG_SHARE:
        return Confidence.STRONG, missing
    # A phone number where one was asked for, beside another word of the question, is more than a few words.
    answers = not held.isdisjoint(kinds.values()) and any(
        word not in kinds and word not in missing for word in readings
    )
    return (Confidence.PARTIAL if share >= PARTIAL_SHARE or answers else Confidence.WEAK), missing
