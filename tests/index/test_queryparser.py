from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import Phrase, Query, Words
from index.queryparser import MAX_CHARACTERS, MAX_WORDS, parse
from kb.errors import QueryError


def clauses(question: str) -> tuple[object, ...]:
    return parse(question).clauses


def test_a_plain_question_is_its_words() -> None:
    query = parse("What does the county offer to runaways?")
    assert query == Query((Words("What does the county offer to runaways?"),), language="en")
    assert parse("¿Qué ofrece el condado a los menores?").language == "es"


def test_few_words_do_not_tell_a_language_but_a_filter_may() -> None:
    assert parse("safe harbor").language == "other"
    assert parse("lang:es refugio").language == "es"
    assert parse("lang:es lang:en refugio").language == "other"
    assert parse("refugio", language="es").language == "es"


@pytest.mark.parametrize(
    "quoted", ['"safe harbor"', "“safe harbor”", "«safe harbor»", '("safe harbor")', "¿«safe harbor»?"]
)
def test_quoted_words_are_a_phrase(quoted: str) -> None:
    assert clauses(f"law {quoted} minors")[:2] == (Words("law"), Phrase("safe harbor"))


def test_what_a_long_question_quotes_is_mentioned_and_not_demanded() -> None:
    long = 'What did the judge mean by "the usual place" in her letter'
    assert clauses(long) == (Words("What did the judge mean by the usual place in her letter"),)
    assert Phrase("the usual place", "title") in clauses(f"{long} title:“the usual place”")
    assert parse(f'{long} -"the usual place"').refused == (Phrase("the usual place"),)
    assert Phrase("the usual place") in clauses('"the usual place" and what it means')


def test_a_dash_before_a_figure_refuses_nothing() -> None:
    assert clauses("sections E2f-1, -2 and -3") == (Words("sections E2f-1, -2 and -3"),)


def test_a_dash_before_a_word_or_phrase_refuses_it() -> None:
    query = parse('shelter -arrest -"safe harbor" -title:fee for minors')
    assert query.clauses == (Words("shelter for minors"),)
    assert query.refused == (Words("arrest"), Phrase("safe harbor"), Words("fee", "title"))


@pytest.mark.parametrize(
    "question",
    [
        "ages 12-14",
        "this - or that",
        "well-known",
        "--verbose flag",
        "http://example.org/a-b?c=d",
        "note: call first",
        "title: page",
        "foo:bar",
        "type:sculpture",
        "lang:klingon",
        "-lang:es",
        "-type:html",
        'a lone " mark',
        "“ “ open",
        "a AND b OR NOT c",
        "[1 TO 5] a* b? c~2 d^3 (e",
        "title:",
        "(888) 373-7888",
        "C++ \\ | & ! {x}",
    ],
)
def test_what_fits_no_rule_is_plain_words(question: str) -> None:
    query = parse(question)
    assert query.clauses == (Words(question),)
    assert query == Query(query.clauses, language=query.language)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("title:shelter", Words("shelter", "title", required=True)),
        ("TITLE:Shelter?", Words("Shelter", "title", required=True)),
        ("título:refugio", Words("refugio", "title", required=True)),
        ("titulo:refugio", Words("refugio", "title", required=True)),
        ('heading:"who qualifies"', Phrase("who qualifies", "headings")),
        ("encabezado:requisitos", Words("requisitos", "headings", required=True)),
        ("text:653.22(b)", Words("653.22(b", "text", required=True)),
        ("texto:ley", Words("ley", "text", required=True)),
    ],
)
def test_a_field_name_narrows_a_word_or_phrase(question: str, clause: object) -> None:
    assert clauses(question) == (clause,)


def test_filters_are_taken_from_the_question() -> None:
    query = parse(
        'lang:es idioma:EN collection:Laws colección:"Case law" type:html tipo:markdown lang:es shelter'
    )
    assert query.clauses == (Words("shelter"),)
    assert query.languages == ("es", "en")
    assert query.collections == ("Laws", "Case law")
    assert query.media_types == ("text/html", "text/markdown")


@pytest.mark.parametrize("question", ["", "  ", "...", "¿?", '""', "- -", "“”", "\x00\x01", "(", "😀"])
def test_a_question_without_a_word_is_refused_with_a_remedy(question: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(question)
    assert "words" in str(raised.value)
    assert raised.value.remedy


def test_a_question_that_only_refuses_or_filters_is_told_what_it_lacks() -> None:
    with pytest.raises(QueryError, match="leave out") as raised:
        parse('-arrest -"safe harbor"')
    assert "Add a word" in raised.value.remedy
    with pytest.raises(QueryError, match="where to look"):
        parse("lang:es type:html")


def test_a_long_question_is_searched_by_its_first_words() -> None:
    (words,) = clauses("abcd " * 3000)
    assert isinstance(words, Words)
    assert MAX_CHARACTERS - 5 <= len(words.text) <= MAX_CHARACTERS
    (words,) = clauses(" ".join(f"w{number}" for number in range(150)))
    assert isinstance(words, Words)
    assert words.text.split() == [f"w{number}" for number in range(MAX_WORDS)]
    (words,) = clauses("x" * 10_000)
    assert isinstance(words, Words)
    assert words.text == "x" * MAX_CHARACTERS


def test_control_characters_are_no_part_of_a_question() -> None:
    assert clauses("safe\x00 har\u00adbor\u202e law\r\nfor\tminors") == (Words("safe harbor law for minors"),)


SYNTAX = '" “ ” « » - title: lang: es type:html collection: ( ) : 12-14 ley shelter ? ¿ * AND https://a.b c++'
PIECES = st.sampled_from([*SYNTAX.split(), "'", "\\", " ", "\n", "\u202e"])
QUESTIONS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join))


@given(QUESTIONS)
def test_any_text_is_a_question_or_refused(question: str) -> None:
    try:
        query = parse(question)
    except QueryError:
        return
    for clause in (*query.clauses, *query.refused):
        assert any(char.isalnum() for char in clause.text)
        assert clause.field in ("any", "title", "headings", "text")
        assert not (isinstance(clause, Phrase) and set(clause.text) & set('"“”«»'))
