"""What becomes of questions that nobody planned for? Each gets a sensible answer, and soon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from index.query import Phrase, Words
from index.queryparser import parse
from index.ranking.confidence import Confidence
from index.search import SearchResult
from kb.errors import QueryError
from tests.library import services_at, take_in, write
from webapp.wiring import Services

DESK = "The night desk answers at (213) 555-0100 until six. Ask for the person on duty."
BILL = "SB 855 made the county plan a program of its own. Counties join it if they want to."
CODE = "Section 647(b) of the code is charged no longer against anyone under eighteen."
FORM = "Each new family fills in a form W-9 before the first payment is made by the office."
CITA = "La cita se pide por teléfono. Después de la mañana del lunes hay más citas para niños."
HARBOR = "A safe harbor is what the law calls it. The harbor town lies north of it, and is safe too."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("odd")
    services = services_at(folder / "home")
    texts = {"desk": DESK, "bill": BILL, "code": CODE, "form": FORM, "cita": CITA, "harbor": HARBOR}
    others = {f"visit{n}": f"Visit {n} of the year is on day {n} at the house." for n in range(12)}
    take_in(services, write(folder / "notes", **texts, **others))
    yield services
    services.close()


def asked(library: Services, question: str) -> SearchResult:
    return library.search.search(question)


def first(result: SearchResult) -> str:
    return result.hits[0].citation.passage.text


@pytest.mark.parametrize(
    "number",
    ["(213) 555-0100", "213.555.0100", "213-555-0100", "213 555 0100", "2135550100", "+1 213 555 0100",
     "1-213-555-0100", "+12135550100", "213–555–0100"],
)  # fmt: skip
def test_a_telephone_number_is_found_however_it_is_written(library: Services, number: str) -> None:
    result = asked(library, number)
    assert first(result) == DESK
    assert [DESK[slice(*span)] for span in result.hits[0].highlights] == ["(213) 555-0100"]
    assert result.missing == ()


@pytest.mark.parametrize(
    ("code", "text"),
    [("SB 855", BILL), ("SB855", BILL), ("sb855", BILL), ("sb-855", BILL),
     ("647(b)", CODE), ("647 (b)", CODE), ("§ 647(b)", CODE), ("647b", CODE),
     ("W-9", FORM), ("w9", FORM), ("W 9", FORM), ("form w–9", FORM)],
)  # fmt: skip
def test_a_code_is_found_however_it_is_written(library: Services, code: str, text: str) -> None:
    result = asked(library, code)
    assert first(result) == text
    assert result.missing == ()
    assert result.hits[0].highlights


def test_what_a_code_lacks_is_named_once(library: Services) -> None:
    assert asked(library, "647(c)").missing == ("647(c)",)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("citas", CITA),
        ("como pido una sita para mi nino despues de la manana", CITA),
        ("cita for my child por telefono", CITA),
        ("WHO ANSWERS AT THE NIGHT DESK", DESK),
        ("\"night desk", DESK),
        ("night\" \"desk", DESK),
        ("“night desk» (((", DESK),
        ("🙂 night desk 🙂", DESK),
        ("\u202enight desk\u202c", DESK),
        ("שלום night desk مرحبا", DESK),
        ("night\tdesk\u00a0\u3000duty", DESK),
        ("http://night.desk/?duty=1", DESK),
        ("855", BILL),
        ("855 647", CODE),
    ],
)  # fmt: skip
def test_a_question_typed_oddly_finds_its_passage(library: Services, question: str, text: str) -> None:
    assert text in [hit.citation.passage.text for hit in asked(library, question).hits[:2]]


@pytest.mark.parametrize("question", ["the of and", "de la que el", "what is it", "a"])
def test_small_words_alone_are_looked_for_as_they_are(library: Services, question: str) -> None:
    result = asked(library, question)
    assert result.hits
    assert result.confidence is not Confidence.STRONG


@pytest.mark.parametrize(
    "question",
    [
        "where does the night desk answer and who is on duty there after six " * 40,
        "asdfgh qwertz zxcvbn " * 500,
        "x" * 10_000,
        "😀" * 5_000 + " desk",
        "1234567890" * 1_000,
        '"' * 3_000 + "desk",
        "(" * 5_000,
        "a-" * 5_000,
        "{}[]<>\\^$.|?*+" * 500 + " desk",
    ],
    ids=["500 words", "gibberish", "one word", "emoji", "figures", "quotes", "brackets", "hyphens", "signs"],
)
def test_ten_kilobytes_are_answered_or_refused_with_advice(library: Services, question: str) -> None:
    with suppress(QueryError):
        result = asked(library, question)
        assert result.corrected is None
        assert all(hit.citation.passage.text for hit in result.hits)


class TestDemandsThatNothingMeets:
    def test_a_quotation_that_no_passage_has_is_said_and_its_words_are_looked_for(
        self, library: Services
    ) -> None:
        result = asked(library, '"harbor of safety" law')
        assert result.unmet == ("harbor of safety",)
        assert first(result) == HARBOR
        assert result.confidence in (Confidence.PARTIAL, Confidence.WEAK)

    def test_a_quotation_that_a_passage_has_is_demanded(self, library: Services) -> None:
        result = asked(library, '"safe harbor" law')
        assert (result.unmet, first(result), result.total) == ((), HARBOR, 1)

    def test_only_what_is_met_nowhere_is_given_up(self, library: Services) -> None:
        result = asked(library, '"night desk" "harbor of safety"')
        assert result.unmet == ("harbor of safety",)
        assert [hit.citation.passage.text for hit in result.hits] == [DESK]

    def test_demands_that_no_passage_meets_together_are_all_given_up(self, library: Services) -> None:
        result = asked(library, '"night desk" "safe harbor"')
        assert result.unmet == ("night desk", "safe harbor")
        assert {hit.citation.passage.text for hit in result.hits[:2]} == {DESK, HARBOR}

    def test_a_word_that_no_heading_has_is_looked_for_everywhere(self, library: Services) -> None:
        result = asked(library, "heading:payment")
        assert (result.unmet, first(result)) == (("payment",), FORM)

    def test_what_is_nowhere_at_all_stays_nothing(self, library: Services) -> None:
        result = asked(library, '"zzzz qqqq"')
        assert (result.hits, result.unmet, result.confidence) == ((), (), Confidence.NONE)

    def test_pages_of_it_follow_one_another(self, library: Services) -> None:
        question = '"house of the visit"'
        whole = library.search.search(question, limit=6).hits
        parts = [library.search.search(question, limit=3, offset=offset).hits for offset in (0, 3)]
        assert [hit.citation.passage.id for part in parts for hit in part] == [
            hit.citation.passage.id for hit in whole
        ]


def test_a_demand_in_the_tree_is_a_phrase_or_a_required_word() -> None:
    assert parse('"safe harbor" law').clauses == (Phrase("safe harbor"), Words("law"))


def test_the_probability_goes_with_the_word(library: Services) -> None:
    strong, weak = asked(library, "night desk answers until six"), asked(library, "visit of the moon base")
    assert strong.confidence is Confidence.STRONG
    assert strong.probability >= 0.75 > weak.probability > 0.0
    assert asked(library, "zebra").probability == 0.0


def test_facets_count_the_passages_that_a_filter_would_leave(library: Services, tmp_path: Path) -> None:
    services = services_at(tmp_path / "home")
    take_in(services, write(tmp_path / "house", one=DESK, two=HARBOR))
    take_in(services, write(tmp_path / "yard", copy=DESK, other=BILL))
    result = services.search.search("the night desk and the county plan")
    assert sum(result.facets["collection"].values()) == result.total
    assert len(result.hits) == result.total - 1, "a copy takes no place of its own"
    for name, count in result.facets["collection"].items():
        assert services.search.search(result.question, collections=[name]).total == count
    services.close()
