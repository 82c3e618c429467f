import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library.acronyms import definitions, written


def found(text: str) -> list[tuple[str, str]]:
    return [(each.short, each.long) for each in definitions(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("by the Department of Children and Family Services (DCFS).", "DCFS",
         "Department of Children and Family Services"),
        ("They call DCFS (Department of Children and Family Services) at once.", "DCFS",
         "Department of Children and Family Services"),
        ("trained in Evidence-Based Practices (EBPs) last year", "EBP", "Evidence-Based Practices"),
        ("la explotación sexual comercial de niños y jóvenes (ESCNJ)", "ESCNJ",
         "explotación sexual comercial de niños y jóvenes"),
        ("el Sistema de Ejecución de Medidas (SEMEJI) y el Área de Ética (ÁE)", "ÁE", "Área de Ética"),
        ("Los Angeles County Department of Mental Health (LACDMH, or DMH for short)", "LACDMH",
         "Los Angeles County Department of Mental Health"),
        ("ask DCFS, the Department of Children and Family Services, for help", "DCFS",
         "Department of Children and Family Services"),
        ("the Office of Human Resources Management (OHRM)", "OHRM", "Office of Human Resources Management"),
        ("from Technology Transformation Services (TTS)", "TTS", "Technology Transformation Services"),
        ("hydroxytryptamine and polymerase chain reaction (PCR)", "PCR", "polymerase chain reaction"),
    ],
)  # fmt: skip
def test_a_short_form_is_found_with_what_it_stands_for(text: str, short: str, long: str) -> None:
    assert (short, long) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "the most logical contract type (T&M)",
        "as the court said (see below) and again (2014)",
        "in the county (LA) of the north",
        "the guide (PDF) and the form (W-9)",
        "U.S. Department of Justice (OJJDP)",
        "She came home (finally) and slept (well).",
        "ask Lancaster, the city of the north, for help",
    ],
)
def test_what_stands_in_parentheses_otherwise_is_no_short_form(text: str) -> None:
    assert found(text) == []


@given(st.text())
def test_any_text_can_be_read_and_what_is_found_stands_in_it(text: str) -> None:
    for each in definitions(text):
        assert each.short in text
        assert each.long in text


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("The DCFS and DMH offices; DCFS again.", ["DCFS", "DMH"]),
        ("EBPs, PhD, iOS, E.E.U.U. and A-Z", ["EBP", "PhD", "iOS", "E.E.U.U", "A-Z"]),
        ("él ÉL Ñandú NÑ sSÉ", ["ÉL", "NÑ", "sSÉ"]),
        ("Mary McCoy and John", ["McCoy"]),
        ("health and safety, 12 A, x.y, a/b", []),
        ("www.dmh.gov/AB12 AB-12", ["AB12", "AB-12"]),
    ],
)
def test_words_with_two_capitals_may_be_short_forms(text: str, short: list[str]) -> None:
    assert [text[start:end] for start, end in written(text)] == short


@given(st.text(st.sampled_from("aAbBéÉñ.-/&_1 ,s'"), max_size=20))
def test_wherever_two_capitals_stand_in_a_word_a_short_form_may(text: str) -> None:
    places = [text[start:end] for start, end in written(text)]
    assert len(set(places)) == len(places)
    for word in re.findall(r"(?<![\w.\-/&])[^\W\d_]{2,10}(?![\w.\-/&'])", text):
        if sum(map(str.isupper, word)) >= 2 and not re.search("[A-ZÉ]s$", word):
            assert word in places
