from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranking.reranking import Reading, in_same_order, likeness, neighbours


def reading(text: str, **more: tuple[tuple[int, float], ...]) -> Reading[str]:
    """Return a question in which each word weighs 1; ``more`` are other words and what they mean."""
    words = tuple(text.split())
    distinct = tuple(dict.fromkeys(words))
    meant = {word: ((place, 1.0),) for place, word in enumerate(distinct)} | more
    return Reading(words, dict.fromkeys(distinct, 1.0), meant, (1.0,) * len(distinct))


def alike(name: str, question: Reading[str]) -> float:
    return likeness(name.split(), question, lambda _: 1.0)


def test_a_name_with_the_words_of_the_question_is_fully_alike_and_extra_words_count_against_it() -> None:
    question = reading("lost card")
    assert alike("lost card", question) == pytest.approx(2.0)
    assert alike("card card lost", question) == pytest.approx(2.0)
    assert alike("lost card desk hours", question) == pytest.approx(2 * (4 / 6) ** 2)
    assert alike("card", question) == pytest.approx(2 * (2 / 3) ** 2)
    assert alike("desk", question) == alike("", question) == 0.0


def test_words_that_mean_a_word_count_in_part_and_never_more_than_the_word() -> None:
    assert alike("lost cart", reading("lost card", cart=((1, 0.5),))) == pytest.approx(2 * (3 / 4) ** 2)
    full = reading("card", cart=((0, 0.6),), cars=((0, 0.6),))
    assert alike("cart cars", full) == pytest.approx((2 / 3) ** 2)
    assert likeness(["card"], reading("card"), lambda _: 0.1) == 1.0


def test_the_heaviest_common_sequence_is_counted_with_words_between() -> None:
    question = reading("how to get a card")
    assert in_same_order("how do i get a new card".split(), question) == 4
    assert in_same_order("card to get".split(), question) == 2
    assert in_same_order("desk".split(), question) == 0
    heavy = Reading(("a", "b", "c"), {"a": 5.0, "b": 1.0, "c": 1.0}, {}, ())
    assert in_same_order(["b", "c", "a"], heavy) == 5


def test_neighbours_count_once_and_only_in_the_order_of_the_question() -> None:
    pairs = reading("cold water cold water").pairs()
    assert pairs == {("cold", "water"): 2.0, ("water", "cold"): 2.0}
    assert neighbours("cold water and cold water".split(), pairs) == 2.0
    assert neighbours("cold water cold".split(), pairs) == 4.0
    assert neighbours("cold and water".split(), pairs) == 0.0


def test_words_without_a_number_are_left_out_but_part_neighbours() -> None:
    numbers = {"cold": 1, "water": 2}
    found = reading("cold drinking water").translated(numbers.get, unknown=-1)
    assert found.words == (1, -1, 2)
    assert found.pairs() == {}
    assert in_same_order([1, 2], found) == 2
    assert likeness([1, 2], found, lambda _: 1.0) == pytest.approx(3 * (4 / 5) ** 2)


words = st.lists(st.sampled_from("abcd"), max_size=7)


@given(words, words)
def test_no_name_is_more_alike_than_the_question_itself(question: list[str], name: list[str]) -> None:
    asked = reading(" ".join(question))
    assert 0.0 <= alike(" ".join(name), asked) <= sum(asked.weights)
    assert in_same_order(name, asked) <= in_same_order(question, asked) == len(question)
    assert in_same_order(name, asked) == in_same_order(question, reading(" ".join(name)))
