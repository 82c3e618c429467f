from __future__ import annotations

import math

import pytest

from index.fields import ORDER_WEIGHT, TITLE_WEIGHT
from index.plan import Condition, plan
from index.query import Phrase, Query, Words
from index.ranking import formula
from index.ranking.formula import Counts, Statistics
from index.ranking.groups import Members


def test_rarity_falls_with_the_passages_that_hold_a_term_and_never_reaches_nothing() -> None:
    values = [formula.idf(10, holding) for holding in range(11)]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(math.log(22.0))
    assert values[-1] > 0


def test_a_frequency_adds_the_fields_by_weight_and_length() -> None:
    averages = {"title": 4.0, "headings": 4.0, "text": 100.0}
    lengths = {"title": 4, "headings": 4, "text": 100}
    assert formula.frequency({"text": 2}, lengths, averages) == pytest.approx(2.0)
    assert formula.frequency({"title": 1, "headings": 1, "text": 1}, lengths, averages) == pytest.approx(7.0)
    assert formula.frequency({"text": 2}, lengths | {"text": 200}, averages) == pytest.approx(2 / 1.6)
    assert formula.frequency({"title": 1}, lengths | {"title": 8}, averages) == pytest.approx(3 / 1.3)
    assert formula.frequency({}, lengths, averages) == 0


def test_occurrences_saturate_below_the_limit() -> None:
    assert formula.saturated(0) == 0
    assert formula.saturated(1) == pytest.approx(1.0)
    assert formula.saturated(1e9) == pytest.approx(2.2)


def test_stop_words_are_small_unless_quoted_demanded_or_alone() -> None:
    def weighing(*clauses: Words | Phrase) -> set[str]:
        return {wanted.term for wanted in plan(Query(clauses)).wanted if not wanted.small}

    assert weighing(Words("what is the law")) == {"law"}
    assert weighing(Words("law"), Phrase("the who")) == {"law", "the", "who"}
    assert weighing(Words("law"), Words("the", "title", required=True)) == {"law", "the"}
    assert weighing(Words("the who")) == {"the", "who"}


def test_a_question_of_unknown_language_is_read_in_all() -> None:
    question = plan(Query((Words("casas de acogida"),), language="other"))
    assert {wanted.term for wanted in question.wanted if not wanted.small} == {
        "casa", "cas", "casas", "acogida", "acog",
    }  # fmt: skip


class Told:
    """A lexicon of ten passages that is told what it holds."""

    statistics = Statistics(10, {})

    def __init__(self, counts: dict[str, Counts], members: Members = ()) -> None:
        self._counts, self._members = counts, members

    def counts(self, term: str) -> Counts:
        return self._counts.get(term, Counts())

    def members(self, term: str, *, mistyped: bool) -> Members:
        return self._members

    def meaning(self, term: str, *, alone: bool) -> formula.Meaning:
        return formula.meaning(term, self, alone=alone)


def test_a_word_with_several_readings_counts_once_in_the_ideal() -> None:
    question = plan(Query((Words("casas"),), language="other"))
    known = formula.asked(question, Told({"cas": Counts(3, 3, 3)}))
    worth = 2.2 + TITLE_WEIGHT + ORDER_WEIGHT
    assert known.ideal() == pytest.approx(worth * formula.idf(10, 3))
    assert known.weights() == {"cas": formula.idf(10, 3)}
    unknown = formula.asked(question, Told({}))
    assert unknown.ideal() == pytest.approx(worth * formula.idf(10, 0))


def test_a_word_of_many_occurrences_in_few_passages_is_rarer_than_one_strewn_about() -> None:
    strewn, together = Counts(5, 5, 0), Counts(5, 50, 0)
    assert formula.residual(100, strewn) == 0
    assert formula.residual(100, together) == pytest.approx(0.7 * math.log(100 * (1 - math.exp(-0.5)) / 5))
    assert formula.residual(10_000_000, Counts(1, 1_000_000, 0)) == pytest.approx(2.1)
    assert formula.residual(100, Counts()) == 0


def test_a_word_that_nobody_wrote_is_as_rare_as_the_commonest_that_it_may_mean() -> None:
    told = Told({"shelter": Counts(4, 9, 2), "shelf": Counts(1, 1, 0)}, (("shelter", 0.8), ("shelf", 0.2)))
    (group,) = formula.asked(plan(Query((Words("shleter"),))), told).groups
    assert group.members == (("shelter", 0.8), ("shelf", 0.2))
    assert (group.rarity, group.naming) == (formula.idf(10, 4), formula.idf(10, 2))


def test_other_words_are_marked_and_stand_for_a_word_only_if_they_are_close() -> None:
    told = Told({"a": Counts(1, 1, 0), "b": Counts(1, 1, 0)}, (("a", 0.3), ("b", 0.15), ("c", 0.14)))
    found = formula.asked(plan(Query((Words("shleter"),))), told)
    assert found.weights() == pytest.approx(
        {"shleter": formula.idf(10, 1), "a": 0.3 * formula.idf(10, 1), "b": 0.15 * formula.idf(10, 1)}
    )
    assert found.near() == {"shleter": {"a"}}


def test_quoted_and_demanded_words_codes_and_stop_words_mean_nothing_else() -> None:
    clauses = (Phrase("night"), Words("fees", "title", required=True), Words("what of e-mails"))
    exact = {wanted.term: wanted.exact for wanted in plan(Query(clauses)).wanted}
    assert exact == {
        "night": True, "fee": True, "what": False, "of": False, "e": False, "mail": False, "email": True,
        "#email": True,
    }  # fmt: skip
    told = Told({}, (("other", 1.0),))
    groups = formula.asked(plan(Query(clauses)), told)
    assert {group.wanted.term for group in groups.groups if group.members} == {"e", "mail"}
    assert not any(group.members for group in groups.small)


def test_words_are_counted_as_often_as_they_are_asked_for_in_the_reading_that_has_most() -> None:
    def counts(language: str, *texts: str) -> dict[str, int]:
        query = Query(tuple(Words(text) for text in texts), language=language)
        return {wanted.term: wanted.count for wanted in plan(query).wanted}

    assert counts("en", "law of laws", "law") == {"law": 3, "of": 1}
    assert counts("other", "leyes ley")["ley"] == 2


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
