from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.queryparser import parse
from index.quote import best_sentence, highlights
from kb.errors import QueryError

TEXT = (
    "Night shelters\n\nA shelter takes young people at any hour. In 2019 it took 214 of them. "
    "Call (555) 010-4477, or see page 40 of § 12.40(c). The night is free."
)
SPANISH = "El refugio recibe a niños. También atiende a las víctimas de explotación laboral."


def marked(text: str, question: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in highlights(text, language, parse(question))]


def quoted(text: str, question: str, language: str = "en", **values: object) -> str | None:
    span = best_sentence(text, language, parse(question), **values)  # type: ignore[arg-type]
    return text[span[0] : span[1]] if span else None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Where is a night shelter?", ["Night", "shelters", "shelter", "night"]),
        ('"young people" at night', ["Night", "young people", "night"]),
        ('"at any hour"', ["at any hour"]),
        ('"people young" shelter', ["shelters", "shelter", "young", "people"]),
        ('"the night is" page', ["page", "The night is"]),
        ("555-010-4477", ["(555) 010-4477"]),
        ("12.40", ["12.40"]),
        ("12.40(c)", ["12.40(c)"]),
        ("40 pages", ["page", "40", "40"]),
        ("the", ["The"]),
        ("title:shelter", ["shelters", "shelter"]),
        ("shelter -night", ["shelters", "shelter"]),
        ("tram", []),
    ],
)
def test_the_words_of_a_question_are_marked(question: str, words: list[str]) -> None:
    assert marked(TEXT, question) == words


@pytest.mark.parametrize("question", ["victimas de explotacion", "¿Qué explotaciones? Las víctimas"])
def test_marks_follow_stems_and_accents(question: str) -> None:
    assert marked(SPANISH, question, "es") == ["víctimas", "explotación"]


def test_what_the_other_language_makes_of_a_word_marks_no_small_word() -> None:
    assert marked("She did not keep the notes of it.", "supervisor signs notes") == ["notes"]


def test_the_best_sentence_has_the_most_of_the_question() -> None:
    assert quoted(TEXT, "when does a shelter take people") == "A shelter takes young people at any hour."
    assert quoted(SPANISH, "explotacion de las victimas", "es") == (
        "También atiende a las víctimas de explotación laboral."
    )


def test_a_question_for_a_figure_prefers_a_sentence_with_one() -> None:
    text = "The shelter takes people. It took 214 people last year."
    assert quoted(text, "how many people does it take") == "It took 214 people last year."
    assert quoted(text, "which people does it take") == "The shelter takes people."


def test_rare_words_decide_where_their_weights_are_known() -> None:
    text = "Young people sleep here at night. The curfew is late."
    weights = {"young": 0.1, "peopl": 0.1, "curfew": 3.0}
    assert quoted(text, "curfew for young people") == "Young people sleep here at night."
    assert quoted(text, "curfew for young people", weights=weights) == "The curfew is late."


def test_words_that_the_question_may_mean_are_marked_and_quoted_where_they_are_known() -> None:
    weights = {"shelter": 0.8, "shleter": 1.0}
    spans = highlights(TEXT, "en", parse("shleter"), weights=weights)
    assert [TEXT[start:end] for start, end in spans] == ["shelters", "shelter"]
    assert quoted(TEXT, "shleter", skip=14) is None
    assert quoted(TEXT, "shleter", weights=weights, skip=14) == "A shelter takes young people at any hour."
    assert highlights(TEXT, "en", parse("the night"), weights={"the": 0.0, "night": 1.0}) == highlights(
        TEXT, "en", parse("night")
    )


def test_the_leading_headings_are_not_quoted() -> None:
    assert quoted(TEXT, "night shelters") == "Night shelters"
    assert quoted(TEXT, "night shelters", skip=14) == "The night is free."


def test_no_sentence_is_quoted_for_words_that_are_not_there() -> None:
    assert quoted(TEXT, "tram timetable") is None
    assert quoted("", "tram") is None
    assert quoted(TEXT, "night", skip=len(TEXT)) is None


@given(
    st.text(max_size=120) | st.just(TEXT),
    st.text(min_size=1, max_size=30) | st.sampled_from(['"night is" shelter', "12.40(c)", "the"]),
    st.sampled_from(["en", "es", "other"]),
)
def test_marks_and_quotations_are_slices_of_the_text(text: str, question: str, language: str) -> None:
    try:
        query = parse(question)
    except QueryError:
        return
    spans = highlights(text, language, query)
    ends = [0, *(place for span in spans for place in span), len(text)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in spans)
    span = best_sentence(text, language, query)
    assert span is None or (0 <= span[0] < span[1] <= len(text) and text[span[0] : span[1]].strip())


def test_a_label_lends_its_words_to_the_sentence_after_it_and_is_no_answer_itself() -> None:
    text = "SB 10 (2014):\nMakes visits a duty.\nSB 22 (2017):\nEnds arrests of minors.\nSome more words."
    picked = best_sentence(text, "en", parse("what did SB 22 change"))
    assert picked is not None
    assert text[slice(*picked)] == "Ends arrests of minors."
    alone = best_sentence("These are the visits:", "en", parse("visits"))
    assert alone == (0, 21)


ADDRESSES = (
    "Housing help: https://housing.example.org/apply/for/housing/help/ and housing-help@example.org. "
    "Apply for it at the front desk. Write to the office or see the site of the county."
)


def test_words_within_addresses_do_not_make_a_sentence_the_best() -> None:
    assert quoted(ADDRESSES, "how do I apply for help") == "Apply for it at the front desk."


@pytest.mark.parametrize("question", ["housing website", "housing e-mail", "housing.example.org"])
def test_a_question_for_an_address_marks_the_sentence_that_has_it(question: str) -> None:
    sentence = quoted(ADDRESSES, question)
    assert sentence is not None
    assert "https://housing.example.org/" in sentence


def test_a_sentence_that_has_the_words_in_an_address_alone_is_better_than_none() -> None:
    assert quoted("Ask there. See www.night-beds.example.org.", "beds") == "See www.night-beds.example.org."
