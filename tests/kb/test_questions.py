from datetime import date, timedelta

import pytest

from kb.catalog import Catalog
from kb.catalog.questions import Counted, Grade, Judgment

TODAY = date(2026, 3, 10)
EARLIER = TODAY - timedelta(days=5)


def counted(text: str, *, day: date = TODAY, times: int = 1, confidence: str = "strong") -> Counted:
    return Counted(text, " ".join(sorted(text.lower().split())), day, times, 3, confidence)


@pytest.fixture
def asked(catalog: Catalog) -> Catalog:
    with catalog.writing() as transaction:
        transaction.questions.count(
            [
                counted("parking hours", day=EARLIER, times=2, confidence="none"),
                counted("hours parking", times=3),
                counted("visits", times=4, confidence="weak"),
                counted("old", day=TODAY - timedelta(days=50)),
            ]
        )
    return catalog


def test_questions_of_the_same_words_are_one_with_the_commonest_wording_first(asked: Catalog) -> None:
    with asked.reading() as transaction:
        first, second = transaction.questions.asked(since=EARLIER, limit=10)
        assert (first.text, first.others, first.times, first.last) == (
            "hours parking", ("parking hours",), 5, TODAY,
        )  # fmt: skip
        assert (second.text, second.times) == ("visits", 4)
        (paged,) = transaction.questions.asked(since=EARLIER, limit=1, offset=1)
        assert paged == second


def test_what_has_found_an_answer_since_is_not_unanswered(asked: Catalog) -> None:
    with asked.reading() as transaction:
        questions = transaction.questions
        without = questions.asked(since=EARLIER, confidences=("weak", "none"), limit=10)
        assert [one.text for one in without] == ["visits"]
        assert questions.different(since=EARLIER, confidences=("weak", "none")) == 1
        assert questions.different(since=EARLIER) == 2
        assert questions.answered(since=EARLIER) == {"none": 2, "strong": 3, "weak": 4}


def test_of_two_wordings_answered_differently_the_one_wanted_is_told(asked: Catalog) -> None:
    with asked.writing() as transaction:
        transaction.questions.count([counted("parking hours", confidence="none")])
        (one,) = [
            one
            for one in transaction.questions.asked(since=TODAY, confidences=("none",), limit=9)
            if one.text == "hours parking"
        ]
        assert one.confidence == "none"
        (first, *_) = transaction.questions.asked(since=TODAY, limit=9)
        assert first.confidence in ("strong", "weak")


def test_asking_again_adds_to_the_day_and_replaces_how_it_was_answered(asked: Catalog) -> None:
    with asked.writing() as transaction:
        transaction.questions.count([counted("visits", times=2, confidence="strong")])
    with asked.reading() as transaction:
        (visits,) = [one for one in transaction.questions.asked(since=TODAY, limit=9) if one.text == "visits"]
    assert (visits.times, visits.confidence) == (6, "strong")


def test_old_questions_are_forgotten(asked: Catalog) -> None:
    with asked.writing() as transaction:
        assert transaction.questions.forget(before=EARLIER) == 1
        assert transaction.questions.forget(before=EARLIER) == 0
        assert transaction.questions.different(since=date.min) == 2


def test_forgetting_a_question_forgets_all_its_wordings_and_marks(asked: Catalog) -> None:
    with asked.writing() as transaction:
        transaction.questions.judge(Judgment("parking hours", "p", Grade.WRONG, "a"))
        transaction.questions.judge(Judgment("visits", "p", Grade.WRONG, "a"))
        assert transaction.questions.forget_words("hours parking") == 2
    with asked.reading() as transaction:
        assert [one.text for one in transaction.questions.asked(since=EARLIER, limit=9)] == ["visits"]
        assert [one.question for one in transaction.questions.judged()] == ["visits"]


def test_the_last_word_of_a_voter_counts_and_can_be_taken_back(catalog: Catalog) -> None:
    with catalog.writing() as transaction:
        for grade, voter in ((Grade.WRONG, "a"), (Grade.RELATED, "b"), (Grade.ANSWERS, "a")):
            transaction.questions.judge(Judgment("visits", "p", grade, voter))
        assert transaction.questions.judged() == [
            Judgment("visits", "p", Grade.ANSWERS, "a"),
            Judgment("visits", "p", Grade.RELATED, "b"),
        ]
        assert transaction.questions.grades_of("visits", ["a", "c"]) == {"p": Grade.ANSWERS}
        assert transaction.questions.take_back("visits", "p", voter="a")
        assert not transaction.questions.take_back("visits", "p", voter="a")
        assert transaction.questions.judged() == [Judgment("visits", "p", Grade.RELATED, "b")]
