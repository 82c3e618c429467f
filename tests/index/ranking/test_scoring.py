"""The best passages are the same, whatever is known of them beforehand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.ranking import scoring
from index.ranking.scoring import HIGH, Impacts, added, best, from_best

_PASSAGES = 5_000


def _word(chance: np.random.Generator, held: int) -> Impacts:
    docs = np.sort(chance.choice(_PASSAGES, held, replace=False))
    # Few values, so that many passages have the same score.
    amounts = chance.integers(1, 8, held) / 4.0
    return Impacts(docs, amounts, from_best(amounts, HIGH))


@given(st.integers(0, 2**32), st.lists(st.integers(0, 1_500), min_size=1, max_size=4), st.integers(1, HIGH))
def test_a_bound_that_a_word_gives_changes_none_of_the_best(seed: int, held: list[int], wanted: int) -> None:
    chance = np.random.default_rng(seed)
    words = [_word(chance, number) for number in held]
    scores = added(scoring.zeros(_PASSAGES), words)
    bound = max(word.high for word in words)
    assert best(scores, wanted, bound=bound).tolist() == sorted(best(scores, wanted).tolist())


@given(st.integers(0, 2**32))
def test_a_bound_that_filters_leave_unreached_is_let_go(seed: int) -> None:
    chance = np.random.default_rng(seed)
    word = _word(chance, 400)
    scores = added(scoring.zeros(_PASSAGES), [word])
    scores[: _PASSAGES - 100] = 0.0
    left = np.flatnonzero(scores).tolist()
    assert set(best(scores, HIGH, bound=word.high).tolist()) == set(left)
