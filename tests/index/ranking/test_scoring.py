"""The best passages are those with the highest sums, compiled and by numpy, however they are spread."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.impacts import Array
from index.ranking.scoring import COMPILED, NOTHING, NUMBER, Impacts, Picking

WAYS = [False, True] if COMPILED else [False]
_PASSAGES = 40_000
_BASES = [0, 1, 700, 17_500]

counts = st.lists(st.integers(0, 12_000), max_size=5)


def words(chance: np.random.Generator, held: Sequence[int]) -> list[Impacts]:
    found = []
    for number in held:
        docs = np.sort(chance.choice(_PASSAGES, number, replace=False)).astype(NUMBER)
        # Few values, so that many passages have the same score.
        found.append(Impacts(docs, chance.integers(1, 8, number) / 4.0))
    return found


def summed(of: Sequence[Impacts]) -> Array:
    sums = np.zeros(_PASSAGES)
    for word in of:
        sums[word.docs] += word.amounts
    return sums


@pytest.mark.parametrize("compiled", WAYS)
@given(st.integers(0, 2**32), counts, st.integers(0, 1_500), st.sampled_from([None, 0.5, 0.001]))
def test_the_best_of_those_allowed_are_found_with_their_scores_and_all_that_match_are_marked(
    compiled: bool, seed: int, held: list[int], wanted: int, share: float | None
) -> None:
    chance = np.random.default_rng(seed)
    asked, picking = words(chance, held), Picking(_BASES, _PASSAGES, compiled=compiled)
    allowed = None if share is None else chance.random(_PASSAGES) < share
    sums = summed(asked)
    # Twice, as the next question must find nothing of this one.
    for _ in range(2):
        marks = np.zeros(_PASSAGES, bool)
        best = picking.best(asked, wanted, allowed=allowed, marks=marks)
        assert best.matching == np.count_nonzero(sums)
        assert marks.tolist() == (sums > 0).tolist()
        left = sums if allowed is None else sums * allowed
        highest = np.sort(left[left > 0])[::-1]
        least = highest[min(wanted, len(highest)) - 1] if wanted and len(highest) else np.inf
        assert best.numbers.tolist() == np.flatnonzero(left >= least).tolist()
        assert best.scores.tolist() == left[best.numbers].tolist()


@pytest.mark.parametrize("compiled", WAYS)
def test_where_each_passage_is_better_than_the_one_before_the_last_are_the_best(compiled: bool) -> None:
    rising = Impacts(np.arange(_PASSAGES).astype(NUMBER), np.arange(1.0, _PASSAGES + 1))
    best = Picking(_BASES, _PASSAGES, compiled=compiled).best([rising], 100)
    assert best.numbers.tolist() == [*range(_PASSAGES - 100, _PASSAGES)]


@pytest.mark.parametrize("compiled", WAYS)
def test_a_question_may_have_any_number_of_words(compiled: bool) -> None:
    word = Impacts(np.array([3], NUMBER), np.ones(1))
    best = Picking([0], 9, compiled=compiled).best([word] * 1_500, 10)
    assert (best.numbers.tolist(), best.scores.tolist(), best.matching) == ([3], [1_500.0], 1)


@pytest.mark.parametrize("compiled", WAYS)
def test_of_no_passages_and_of_no_words_there_is_no_best(compiled: bool) -> None:
    for bases, size in (([], 0), ([0], 0), ([0, 0], 3)):
        for none in ([], [NOTHING]):
            best = Picking(bases, size, compiled=compiled).best(none, 10, marks=np.zeros(size, bool))
            assert (best.numbers.tolist(), best.matching) == ([], 0)


@pytest.mark.skipif(not COMPILED, reason="numpy looks for none of this")
@pytest.mark.parametrize("docs", [[2, 1], [1, 9], [4_294_967_295]])
def test_amounts_of_passages_that_are_not_there_are_refused_and_the_next_question_is_answered(
    docs: list[int],
) -> None:
    picking = Picking([0, 2], 3)
    broken = Impacts(np.array(docs, np.uint32), np.ones(len(docs)))
    sound = Impacts(np.array([1], np.uint32), np.ones(1))
    with pytest.raises(IndexError):
        picking.best([sound, broken], 10)
    with pytest.raises(IndexError):
        picking.best([sound], 10, allowed=np.ones(2, bool))
    with pytest.raises(IndexError):
        picking.best([sound], 10, marks=np.zeros(2, bool))
    best = picking.best([sound], 10)
    assert (best.numbers.tolist(), best.scores.tolist(), best.matching) == ([1], [1.0], 1)


def test_ways_to_pick_are_compared_over_several_blocks_and_segments() -> None:
    assert all(after - before < _PASSAGES for before, after in itertools.pairwise([*_BASES, _PASSAGES]))
    assert _PASSAGES > 2 * 0x4000
