"""How is a passage scored? The exact formula, in one place; every engine gives these scores to 1e-9.

First all passages, by BM25F with one saturation over all fields (S. Robertson, H. Zaragoza, M. Taylor,
"Simple BM25 extension to multiple weighted fields", CIKM 2004). A word t of the question counts with the
words v that it may mean (``index.ranking.groups``), in each field by the field's weight, less in long fields:

    tf'_t = Σ_v r_tv Σ_f w_f · tf_f(v) / (1 − b_f + b_f · len_f / average len_f)
    main  = Σ_t c_t · rarity_t · (k1 + 1) · tf'_t / (k1 + tf'_t)
    rarity_t = ln(1 + (N − df_t + ½) / (df_t + ½)) + residual_t

c_t is how often t stands in the question. The residual idf (K. Church, W. Gale, "Poisson mixtures", Natural
Language Engineering 1995) says how much fewer passages hold a word than if it fell among them by chance:
ln(N (1 − exp(−cf_t / N)) / df_t) for cf_t occurrences. A word that no passage holds is as rare as the
commonest word that it may mean.

Then the best hundred again, by main plus what their wording adds (``index.ranking.reranking``) and, as in
main but weighing little, the stop words of the question. All parts add, so the hundred stay above the rest.

N, df, cf and the averages count the passages that are there now, never deleted ones, so two builds of one
catalog rank alike. The average length of a field is over the passages that have it. ``docs/ranking.md`` has
the measurements.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.analysis import analyzer
from index.fields import (
    BURST_MOST,
    BURST_WEIGHT,
    FIELD_WEIGHTS,
    HEADING_AS_NAME,
    K1,
    LENGTH_SHARE,
    MARKED_FROM,
    ORDER_WEIGHT,
    PAIR_WEIGHT,
    SHARED_TITLE,
    SMALL_IN_NAME,
    SMALL_WEIGHT,
    STANDS_FOR_FROM,
    TITLE_WEIGHT,
)
from index.ordinary import is_ordinary
from index.plan import Plan, Wanted
from index.query import ANY_FIELD, SEARCH_FIELDS
from index.ranking.groups import Members
from index.ranking.reranking import Reading
from index.stopwords import STOPWORDS

# Words of a question that are compared in order; to compare the tenth page of a question would help nobody.
_IN_ORDER = 64


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the corpus says: the number of passages, and the average length of each field in words."""

    passages: int
    averages: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many passages hold a term in any field, how often all together, and how many in their name.

    The name of a passage is its title and the deepest heading that it stands under.
    """

    passages: int = 0
    occurrences: int = 0
    named: int = 0


class Lexicon(Protocol):
    """What the formula asks of the passages that are there now."""

    statistics: Statistics

    def counts(self, term: str) -> Counts:
        """Count a term."""

    def members(self, term: str, *, mistyped: bool) -> Members:
        """Return the other terms of live passages that a term may mean; see ``groups.members``."""

    def meaning(self, term: str, *, alone: bool) -> Meaning:
        """Return ``formula.meaning`` of a term; it may be remembered."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """The terms that a term may mean, itself among them if it is held, and what each counts.

    ``rarity`` is its weight in the text, ``plain`` the same without the residual idf, ``naming`` its weight
    in a name. ``near`` are the terms that stand for it.
    """

    members: Members
    rarity: float
    plain: float
    naming: float
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """A wanted term with its ``Meaning``."""

    wanted: Wanted
    members: Members
    rarity: float
    plain: float
    naming: float
    near: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan, and what its terms mean and count in one library."""

    groups: tuple[Group, ...]
    small: tuple[Group, ...]
    readings: tuple[Reading[str], ...]
    pairs: Mapping[tuple[str, str], float]

    def weights(self) -> dict[str, float]:
        """Return how rare each term is, and each other that is marked for one, by how much it means it."""
        found = {group.wanted.term: 0.0 for group in self.small}
        for group in self.groups:
            found[group.wanted.term] = max(group.rarity, found.get(group.wanted.term, 0.0))
        for group in self.groups:
            for term, share in group.members:
                if share >= MARKED_FROM:
                    found[term] = max(share * group.rarity, found.get(term, 0.0))
        return found

    def near(self) -> dict[str, frozenset[str]]:
        """Return the other terms that stand for each term."""
        return {group.wanted.term: group.near for group in self.groups}

    def ideal(self) -> float:
        """Return the score that a passage approaches that is made of nothing but the question's words.

        A word that no passage has counts as the rarest. A word with several readings counts once, as the
        rarest.
        """
        best: dict[tuple[str, str], float] = {}
        for share, groups in ((1.0, self.groups), (SMALL_WEIGHT, self.small)):
            for group in groups:
                wanted = group.wanted
                key = (wanted.word, wanted.field)
                worth = share * wanted.count * group.rarity * (K1 + 1.0)
                if worth > best.get(key, 0.0):
                    best[key] = worth
        named = max((sum(reading.weights) for reading in self.readings), default=0.0)
        ordered = max(
            (sum(reading.rarity[word] for word in reading.words) for reading in self.readings), default=0.0
        )
        paired = sum(self.pairs.values())
        return sum(best.values()) + TITLE_WEIGHT * named + ORDER_WEIGHT * ordered + PAIR_WEIGHT * paired


def asked(question: Plan, lexicon: Lexicon) -> Asked:
    """Return what a question means in a library."""
    held = [lexicon.counts(wanted.term).passages for wanted in question.wanted]
    chosen: Sequence[Wanted] = question.wanted
    if not all(held):
        # Of the readings of a word, those that the library knows, if any.
        known = {(wanted.word, wanted.field) for wanted, here in zip(chosen, held, strict=True) if here}
        chosen = [
            wanted
            for wanted, here in zip(chosen, held, strict=True)
            if here or (wanted.word, wanted.field) not in known
        ]
    groups = [_group(wanted, lexicon) for wanted in chosen]
    anywhere = {group.wanted.term: group for group in groups if group.wanted.field == ANY_FIELD}
    readings = tuple([_reading(sequence, anywhere) for sequence in question.sequences])
    pairs = {pair: worth for reading in readings for pair, worth in reading.pairs().items()}
    return Asked(
        tuple([group for group in groups if not group.wanted.small]),
        tuple([group for group in groups if group.wanted.small]),
        readings,
        pairs,
    )


def _group(wanted: Wanted, lexicon: Lexicon) -> Group:
    meant = lexicon.meaning(wanted.term, alone=wanted.small or wanted.exact)
    share = SMALL_IN_NAME if wanted.small else 1.0
    return Group(wanted, meant.members, meant.rarity, meant.plain, share * meant.naming, meant.near)


def meaning(term: str, lexicon: Lexicon, *, alone: bool) -> Meaning:
    """Return what a term means in a library; ``alone``: nothing but itself."""
    counts, passages = lexicon.counts(term), lexicon.statistics.passages
    mistyped = not counts.passages and not is_ordinary(term)
    others = () if alone else lexicon.members(term, mistyped=mistyped)
    own: Members = ((term, 1.0),) if counts.passages else ()
    meant = [lexicon.counts(other) for other, _ in others]
    holding = counts.passages or max((other.passages for other in meant), default=0)
    named = counts.named or max((other.named for other in meant), default=0)
    burst = residual(passages, counts)
    return Meaning(
        own + others,
        near=frozenset(term for term, share in own + others if share >= STANDS_FOR_FROM),
        rarity=idf(passages, holding) + burst,
        plain=idf(passages, holding),
        naming=idf(passages, named) + burst,
    )


def _reading(sequence: tuple[str, ...], groups: Mapping[str, Group]) -> Reading[str]:
    words = tuple([word for word in sequence if word in groups])
    distinct = {word: groups[word] for word in words}
    meant: dict[str, tuple[tuple[int, float], ...]] = {}
    for place, group in enumerate(distinct.values()):
        here = {term: ((place, share),) for term, share in group.members}
        if meant.keys().isdisjoint(here):
            meant.update(here)
        else:
            for term, standing in here.items():
                meant[term] = (*meant.get(term, ()), *standing)
    return Reading(
        words[:_IN_ORDER],
        {word: group.plain for word, group in distinct.items()},
        meant,
        tuple([group.naming for group in distinct.values()]),
    )


@functools.cache
def small_terms() -> frozenset[str]:
    """Return the terms of the stop words of all languages."""
    return frozenset(
        term for name, words in STOPWORDS.items() for word in words for term in analyzer(name).terms(word)
    )


def naming(term: str, counts: Counts, passages: int) -> float:
    """Return what a term of a name weighs."""
    small = SMALL_IN_NAME if term in small_terms() else 1.0
    return small * (idf(passages, counts.named) + residual(passages, counts))


def residual(passages: int, counts: Counts) -> float:
    """Return what the rarity of a term gains from standing often in few passages; never below 0."""
    if not counts.passages:
        return 0.0
    by_chance = passages * (1.0 - math.exp(-counts.occurrences / passages))
    return BURST_WEIGHT * min(max(math.log(by_chance / counts.passages), 0.0), BURST_MOST)


def fit(title: tuple[float, float], heading: tuple[float, float], *, sharing: int) -> tuple[float, float]:
    """Return the likeness and the order of a passage's names: each that of the better of the two.

    ``sharing`` is how many passages of its document have the title.
    """
    alone: float = sharing**-SHARED_TITLE
    return (
        max(alone * title[0], HEADING_AS_NAME * heading[0]),
        max(alone * title[1], HEADING_AS_NAME * heading[1]),
    )


def added(*, small: float, likeness: float, order: float, pairs: float) -> float:
    """Return what the second pass adds to a score."""
    return SMALL_WEIGHT * small + TITLE_WEIGHT * likeness + ORDER_WEIGHT * order + PAIR_WEIGHT * pairs


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
