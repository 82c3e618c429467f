from __future__ import annotations

import math

import pytest

from index import ranking
from index.query import Phrase, Query, Words
from index.ranking import Condition, plan


def test_rarity_falls_with_the_passages_that_hold_a_term_and_never_reaches_nothing() -> None:
    values = [ranking.idf(10, holding) for holding in range(11)]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(math.log(22.0))
    assert values[-1] > 0


def test_a_frequency_adds_the_fields_by_weight_and_length() -> None:
    averages = {"title": 4.0, "headings": 4.0, "text": 100.0}
    lengths = {"title": 4, "headings": 4, "text": 100}
    assert ranking.frequency({"text": 2}, lengths, averages) == pytest.approx(2.0)
    assert ranking.frequency({"title": 1, "headings": 1, "text": 1}, lengths, averages) == pytest.approx(6.0)
    assert ranking.frequency({"text": 2}, lengths | {"text": 200}, averages) == pytest.approx(2 / 1.6)
    assert ranking.frequency({"title": 1}, lengths | {"title": 8}, averages) == pytest.approx(2 / 1.3)
    assert ranking.frequency({}, lengths, averages) == 0


def test_occurrences_saturate_below_the_limit() -> None:
    assert ranking.saturated(0) == 0
    assert ranking.saturated(1) == pytest.approx(1.0)
    assert ranking.saturated(1e9) == pytest.approx(2.2)


def test_stop_words_weigh_nothing_unless_quoted_demanded_or_alone() -> None:
    def weighing(*clauses: Words | Phrase) -> set[str]:
        return {wanted.term for wanted in plan(Query(clauses)).wanted if wanted.weight}

    assert weighing(Words("what is the law")) == {"law"}
    assert weighing(Words("law"), Phrase("the who")) == {"law", "the", "who"}
    assert weighing(Words("law"), Words("the", "title", required=True)) == {"law", "the"}
    assert weighing(Words("the who")) == {"the", "who"}


def test_a_question_of_unknown_language_is_read_in_all() -> None:
    question = plan(Query((Words("casas de acogida"),), language="other"))
    assert {wanted.term for wanted in question.wanted if not wanted.small} == {
        "casa", "cas", "casas", "acogida", "acog",
    }  # fmt: skip


def test_a_word_with_several_readings_counts_once_in_the_ideal() -> None:
    question = plan(Query((Words("casas"),), language="other"))
    known = dict.fromkeys((wanted.term for wanted in question.wanted), 0) | {"cas": 3}
    assert ranking.ideal(question.wanted, passages=10, holding=known) == pytest.approx(
        2.2 * ranking.idf(10, 3)
    )
    assert ranking.weights(question.wanted, passages=10, holding=known) == {"cas": ranking.idf(10, 3)}
    unknown = dict.fromkeys(known, 0)
    assert ranking.ideal(question.wanted, passages=10, holding=unknown) == pytest.approx(
        2.2 * ranking.idf(10, 0)
    )


def test_conditions_ask_for_whole_codes_and_words_in_order() -> None:
    query = Query(
        (Words("653.22(b) fees", "title", required=True), Phrase("night shelters")),
        refused=(Words("W-9 forms"), Phrase("§§")),
    )
    question = plan(query)
    assert question.required == (
        Condition((("653.22b", "fee"),), "title"),
        Condition((("night", "shelter"),), "any", phrase=True),
    )
    assert question.refused == (Condition((("w9",),), "any"), Condition((("form",),), "any"))
