"""How good is a ranking, in numbers that others compute the same? nDCG, MRR, recall, and how sure they are.

The definitions are those of TREC's trec_eval, and the tests hold them to it. An answer is a passage of a
grade above 0; its gain is its grade (K. Järvelin, J. Kekäläinen, ACM TOIS 20(4), 2002):

    nDCG@k   = Σ_{rank ≤ k} gain / log2(rank + 1), over the same sum of the best possible ranking
    MRR@k    = 1 / the rank of the first answer, 0 below k
    recall@k = the answers among the first k, over all answers

Intervals are percentiles of means over topics drawn with replacement (B. Efron, R. Tibshirani, An
Introduction to the Bootstrap, 1993); the difference of two runs is drawn over the same topics.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Grades = Mapping[str, int]
Measure = Callable[[Sequence[str], Grades], float]

_DRAWS, _SEED, _SURE = 5_000, 20_240_501, 95.0
# Drawn so many numbers at a time: whole sets of thousands of questions would fill the memory.
_AT_ONCE = 1_000_000


class Interval(NamedTuple):
    """A mean and the two ends between which it lies with 95 % confidence."""

    mean: float
    low: float
    high: float


def ndcg(ranked: Sequence[str], grades: Grades, *, depth: int) -> float:
    """Return the discounted gain of the first passages, as a share of the best possible."""
    gains = [max(grades.get(passage, 0), 0) for passage in ranked[:depth]]
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth]
    return _discounted(gains) / _discounted(best) if best else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Grades, *, depth: int) -> float:
    """Return 1 over the rank of the first answer, or 0 if there is none among the first."""
    ranks = (rank for rank, passage in enumerate(ranked[:depth], start=1) if grades.get(passage, 0) > 0)
    return next((1.0 / rank for rank in ranks), 0.0)


def recall(ranked: Sequence[str], grades: Grades, *, depth: int) -> float:
    """Return the share of the answers that are among the first."""
    answers = {passage for passage, grade in grades.items() if grade > 0}
    return len(answers.intersection(ranked[:depth])) / len(answers) if answers else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


MEASURES: Mapping[str, Measure] = {
    "ndcg@10": lambda ranked, grades: ndcg(ranked, grades, depth=10),
    "mrr@10": lambda ranked, grades: reciprocal_rank(ranked, grades, depth=10),
    "recall@1": lambda ranked, grades: recall(ranked, grades, depth=1),
    "recall@5": lambda ranked, grades: recall(ranked, grades, depth=5),
    "recall@10": lambda ranked, grades: recall(ranked, grades, depth=10),
    "recall@100": lambda ranked, grades: recall(ranked, grades, depth=100),
}


def interval(*sets: Sequence[float]) -> Interval:
    """Return the mean of the topics' values with its 95 % interval; the same every time.

    Of several sets of topics it is the mean of their means, each set drawn by itself.
    """
    mean = sum(float(np.mean(values)) for values in sets) / len(sets)
    drawn = sum(_drawn_means(np.asarray(values, float)) for values in sets) / len(sets)
    low, high = np.percentile(drawn, [(100.0 - _SURE) / 2, (100.0 + _SURE) / 2])
    return Interval(mean, float(low), float(high))


def difference(values: Mapping[str, float], others: Mapping[str, float]) -> Interval:
    """Return by how much the values of topics are above others of the same topics, with the interval."""
    return interval([value - others.get(topic, 0.0) for topic, value in values.items()])


def _drawn_means(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    generator = np.random.default_rng(_SEED)
    means: list[float] = []
    while len(means) < _DRAWS:
        draws = min(_DRAWS - len(means), max(1, _AT_ONCE // len(values)))
        means += values[generator.integers(0, len(values), (draws, len(values)))].mean(axis=1).tolist()
    return np.array(means)
