"""Are codes, numbers and dates found however they are written, whole and in parts, and never another's?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index import codes
from index.analysis import analyzer
from index.engine import Engine, IndexedPassage
from index.engines import ENGINES, open_engine
from index.queryparser import parse
from index.quote import highlights
from index.ranking.confidence import judge
from tests.index.citations import cited
from tests.index.passages import passage

LETTERS = st.text(alphabet="BCFGHJKLPQRVWX", min_size=1, max_size=4)
NUMBERS = st.integers(10, 9_999)

Ways = Callable[..., list[str]]


def bill(letters: str, number: int) -> list[str]:
    """Return how a bill or a form is written: letters and a number."""
    ways = [f"{letters} {number}", f"{letters}{number}", f"{letters}-{number}", f"{letters.lower()}{number}"]
    return ways + [f"{'.'.join(letters)}. {number}", f"{'. '.join(letters)}. {number}"] * (len(letters) > 1)


def section(number: int, letter: str, item: int) -> list[str]:
    """Return how a section of a code is written."""
    return [
        f"{number}({letter})({item})", f"{number} ({letter}) ({item})", f"§ {number}({letter})({item})",
        f"§{number} ({letter})({item})", f"WIC {number}({letter})({item})",
        f"WIC § {number}({letter})({item})", f"Section {number}({letter.upper()})({item})",
    ]  # fmt: skip


def telephone(area: int, exchange: int, line: int) -> list[str]:
    """Return how a North American telephone number is written."""
    local = f"{exchange}-{line:04}"
    return [
        f"({area}) {local}", f"({area}){local}", f"{area}-{local}", f"{area}.{exchange}.{line:04}",
        f"{area} {exchange} {line:04}", f"1-{area}-{local}", f"+1 ({area}) {local}", f"1 ({area}) {local}",
        f"{area}{exchange}{line:04}", f"+1{area}{exchange}{line:04}", f"{area}/{local}",
        f"{area}\u2011{exchange}\u2011{line:04}", f"1.{area}.{exchange}.{line:04}",
    ]  # fmt: skip


ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)
SPANISH_MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)


def day(year: int, month: int, number: int) -> list[str]:
    """Return how a day is written in English, and in any language."""
    name = ENGLISH_MONTHS[month - 1]
    return [
        f"{name} {number}, {year}", f"{name[:3]}. {number}, {year}", f"{number} {name} {year}",
        f"{number}th of {name}, {year}", f"{name.upper()} {number} {year}", f"{month}/{number}/{year}",
        f"{month:02}/{number:02}/{year}", f"{month}/{number}/{year % 100:02}",
        f"{year}-{month:02}-{number:02}", f"{month}-{number}-{year}", f"{number}-{name[:3]}-{year}",
        f"{number} de {SPANISH_MONTHS[month - 1]} de {year}", f"{number} {SPANISH_MONTHS[month - 1]} {year}",
    ]  # fmt: skip


def month_of(year: int, month: int) -> list[str]:
    """Return how a month is written."""
    name, nombre = ENGLISH_MONTHS[month - 1], SPANISH_MONTHS[month - 1]
    return [f"{name} {year}", f"{name}, {year}", f"{name[:3]} {year}", f"{month}/{year}",
            f"{nombre} de {year}", f"{nombre} del {year}", f"{nombre} {year}"]  # fmt: skip


@st.composite
def pairs_of_codes(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a code as two people write it, and another of its kind that differs in one number."""
    kind = draw(st.sampled_from(["bill", "section", "telephone", "day", "month"]))
    number, other = draw(st.lists(NUMBERS, min_size=2, max_size=2, unique=True))
    if kind == "bill":
        letters = draw(LETTERS)
        right, wrong = bill(letters, number), bill(letters, other)
    elif kind == "section":
        letter, item = draw(st.sampled_from("bcdfgh")), draw(st.integers(1, 9))
        right, wrong = section(number, letter, item), section(other, letter, item)
    elif kind == "telephone":
        area, exchange = draw(st.integers(201, 989)), draw(st.integers(200, 999))
        right, wrong = telephone(area, exchange, number), telephone(area, exchange, other)
    elif kind == "day":
        year, month, first = draw(st.integers(1950, 2029)), draw(st.integers(1, 12)), draw(st.integers(1, 27))
        right, wrong = day(year, month, first), day(year, month, first + 1)
    else:
        year, month = draw(st.integers(1950, 2029)), draw(st.integers(1, 12))
        right, wrong = month_of(year, month), month_of(year + 1, month)
    written, asked = draw(st.sampled_from(right)), draw(st.sampled_from(right))
    return written, asked, draw(st.sampled_from(wrong))


@contextmanager
def engines_with(*passages: IndexedPassage) -> Iterator[list[Engine]]:
    with tempfile.TemporaryDirectory() as folder:
        opened = [open_engine(name, Path(folder) / name) for name in ENGINES]
        for engine in opened:
            with engine.writer(1) as writer:
                for one in passages:
                    writer.put(one)
        yield opened
        for engine in opened:
            engine.close()


OTHERS = [passage(f"other{n}", f"Room {n} of the house is cleaned on Mondays.") for n in range(9)]


def sentence(code: str) -> str:
    return f"What the office tells families of {code} is kept in a folder there."


@settings(max_examples=60)
@example(("January 1, 1950", "1 de enero de 1950", "2 de enero de 1950"), "what do they tell of {}?")
@given(pairs_of_codes(), st.sampled_from(["{}", "what do they tell of {}?", "¿Qué dice la oficina de {}?"]))
def test_a_code_is_found_first_however_it_is_written_by_every_engine(
    codes: tuple[str, str, str], question: str
) -> None:
    written, asked, wrong = codes
    right, other = passage("right", sentence(written)), passage("a-wrong", sentence(wrong))
    with engines_with(other, right, *OTHERS) as engines:
        query = parse(question.format(asked))
        rankings = [engine.search(query) for engine in engines]
        for ranking in rankings:
            assert ranking.hits[0].passage_id == "right", (written, asked, wrong)
        one, two = ({hit.passage_id: hit.score for hit in ranking.hits} for ranking in rankings)
        assert one == pytest.approx(two, abs=1e-9)
        marked = [right.text[slice(*span)] for span in highlights(right.text, "en", query)]
        assert any(char.isdigit() for char in "".join(marked)), (written, asked)


@pytest.mark.parametrize("figure", ["480,000", "SB455", "1987", "(555) 010-4477"])
def test_a_figure_leads_to_a_passage_in_the_other_language_that_shares_nothing_else(figure: str) -> None:
    question = f"¿Cuántas camas necesita el albergue nocturno según el informe que habla de {figure}?"
    right = passage("right", f"Of {figure} the yearly report says that four are enough.")
    near = [
        passage(f"near{n}", f"La casa {n} tiene un patio nocturno y un informe.", language="es")
        for n in range(3)
    ]
    beds = [
        passage(
            f"beds{n}", f"Las camas del albergue {n} son nuevas; la casa necesita sábanas.", language="es"
        )
        for n in range(8)
    ]
    with engines_with(right, *near, *beds, *OTHERS) as engines:
        for engine in engines:
            assert engine.search(parse(question)).hits[0].passage_id == "right"


@settings(max_examples=60)
@given(pairs_of_codes())
def test_another_code_is_no_answer_and_the_page_says_what_is_missing(codes: tuple[str, str, str]) -> None:
    _, asked, wrong = codes
    other = passage("wrong", sentence(wrong))
    with engines_with(other, *OTHERS) as engines:
        query = parse(f"what does the office tell families of {asked}")
        ranking = engines[0].search(query)
        first = cited("wrong", other.text, title="", heading="")
        verdict = judge(query, ranking, first, weights=engines[0].weights(query))
        assert ranking.hits[0].passage_id == "wrong"
        assert any(char.isdigit() for word in verdict.missing for char in word), (asked, wrong)
        assert verdict.confidence != "strong"


def whole(text: str, language: str = "en") -> set[str]:
    return {token.term for token in analyzer(language).tokens(text) if token.whole}


@given(st.integers(1950, 2029), st.integers(1, 12), st.integers(1, 28))
def test_all_ways_to_write_a_day_share_one_term_that_no_other_day_has(
    year: int, month: int, number: int
) -> None:
    term = f"{year}-{month:02}-{number:02}"
    assert all(term in whole(way) for way in day(year, month, number)[:7])
    assert all(term in whole(way, "es") for way in day(year, month, number))
    assert all(term not in whole(way) for way in day(year, month, number % 28 + 1))
    assert whole(f"{ENGLISH_MONTHS[month - 1]} {number}") <= whole(day(year, month, number)[0])
    assert whole(month_of(year, month)[0]) <= whole(day(year, month, number)[0])


@given(st.integers(201, 989), st.integers(200, 999), st.integers(0, 9_999))
def test_all_ways_to_write_a_telephone_number_share_one_term(area: int, exchange: int, line: int) -> None:
    for way in telephone(area, exchange, line):
        assert f"{area}{exchange}{line:04}" in {token.term for token in analyzer("en").tokens(way)}, way


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("1-800-4-A-CHILD", "8004224453"),
        ("800-GET-HELPS", "8004384357"),
        ("2-1-1", "211"),
        ("9-1-1", "911"),
        ("SOC 158A", "soc158a"),
        ("SOC158A", "soc158a"),
        ("SOC-158A", "soc158a"),
        ("JV-220(A)", "jv220a"),
        ("H.R. 4980", "hr4980"),
        ("45 CFR 1355.20", "cfr1355.20"),
        ("1º de enero de 2020", "2020-01-01"),
        ("5 de agosto del 2014", "2014-08-05"),
        ("agosto 5, 2014", "2014-08-05"),
        ("13/5/2014", "2014-05-13"),
        ("Sept. 3, 2019", "2019-09-03"),
        ("3 September 2019", "2019-09-03"),
    ],
)
def test_codes_and_dates_have_their_whole_form(text: str, term: str) -> None:
    assert term in whole(text)


@pytest.mark.parametrize(
    "text",
    ["May 5-7, 2014", "24/7", "13/13/2014", "1/2/3/2004", "they may 2 times", "12/25", "page 5 of 2014",
     "31/31/31", "1.2.3.4", "0/0/2014"],
)  # fmt: skip
def test_what_is_no_date_has_no_day(text: str) -> None:
    assert not any(len(term) == 10 and term.count("-") == 2 for term in whole(text))


@pytest.mark.parametrize("text", ["IN 2014", "4th", "the 19 of them", "A 1", "p. 12"])
def test_what_is_no_code_has_no_whole_form(text: str) -> None:
    assert not {term for term in whole(text) if term.isalnum() and not term.isalpha()}


PIECES = [
    *"the May mayo sept Sec SB S.B. A ñu Año año l'eau McX x_y".split(),
    *"5 12 2014 1,200 855 213 555-0123 (b) (213)".split(),
    *" \n . , ; : ) ( - – @ / % § # + ' de del of".replace(" ", "  ").split("  "),
    " de ", " of ", ", ", ". ", ") ", " (", " §", " %",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_known_at_once_for_a_plain_word_is_what_would_be_found_anyway(text: str) -> None:
    assert codes.SURFACE.findall(text) == codes.CODED.findall(text)
