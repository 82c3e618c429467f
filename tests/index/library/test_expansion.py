import os
from pathlib import Path

import pytest

from index.library.expansion import Expander
from index.library.glossary import Glossary
from index.library.store import Library
from index.library.synonyms import Synonyms, read
from index.library.vocabulary import Vocabulary
from index.queryparser import parse
from index.results import View
from tests.library import take_in, write
from webapp.wiring import Services

ABOUT = "The Department of Children and Family Services (DCFS) places children. Its star worker got a prize."
AGAIN = (
    "DCFS answers at night. The STAR (Succeeding Through Achievement and Resilience) court sits on Friday."
)
PHONE = "The Department of Children and Family Services has the phone number 800-555-0144 for all who ask."
SIGLAS = "La explotación sexual comercial de niños y jóvenes (ESCNJ) es un delito en todo el condado."
BUS = "The bus goes every hour. A ride to the helpline office costs nothing for children under ten."


@pytest.fixture
def library(services: Services, tmp_path: Path) -> Services:
    take_in(services, write(tmp_path / "guides", a=ABOUT, b=AGAIN, c=PHONE, d=SIGLAS, e=BUS))
    return services


def expansions(services: Services, question: str) -> list[tuple[str, str]]:
    known = Library(services.generations.path(1))
    expander = Expander(Glossary(known), Vocabulary(known), services.search.synonyms)
    return [(each.word, each.text) for each in expander.expansions(parse(question))]


def test_in_a_long_question_no_short_form_is_looked_for_but_what_people_wrote_down_is(
    library: Services,
) -> None:
    library.search.synonyms.path.write_text("helpline = night line", encoding="utf-8")
    asked = "which of the many numbers on the list of the office is that of the DCFS or of its helpline there"
    assert expansions(library, asked) == [("helpline", "night line")]
    assert expansions(library, "DCFS helpline") == [("helpline", "night line"), ("DCFS", LONG)]


LONG = "Department of Children and Family Services"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("DCFS phone", [("DCFS", LONG)]),
        ("dcfs phone", [("dcfs", LONG)]),
        ("phone of the department of children and family services", [(LONG.lower(), "DCFS")]),
        ("STAR court", [("STAR", "Succeeding Through Achievement and Resilience")]),
        ("the star worker", []),
        ("WHAT IS THE STAR COURT", []),
        ('"DCFS" phone', []),
        ("title:DCFS phone", []),
        ("DCFS is the Department of Children and Family Services", []),
        ("que es la ESCNJ", [("ESCNJ", "explotación sexual comercial de niños y jóvenes")]),
        ("of the to", []),
    ],
)
def test_short_forms_are_expanded_and_long_ones_shortened(
    library: Services, question: str, expected: list[tuple[str, str]]
) -> None:
    assert expansions(library, question) == expected


def test_a_short_form_finds_passages_that_have_the_long_one_only(library: Services) -> None:
    result = library.search.search("DCFS phone")
    assert result.hits[0].citation.passage.text == PHONE
    assert [each.text for each in result.expansions] == [LONG]
    first = result.hits[0]
    assert LONG in {first.citation.passage.text[a:b] for a, b in first.highlights}


def test_it_can_be_switched_off(library: Services) -> None:
    result = library.search.search("DCFS", view=View(expand=False))
    assert not result.expanded
    assert [each.text for each in result.expansions] == [LONG]
    assert PHONE not in [hit.citation.passage.text for hit in result.hits]


def test_what_is_missing_is_judged_by_the_words_typed(library: Services) -> None:
    result = library.search.search("DCFS zebra")
    assert result.missing == ("zebra",)


def test_short_forms_in_a_passage_are_explained_but_not_where_it_does_so_itself(library: Services) -> None:
    hits = {hit.citation.source.place: hit for hit in library.search.search("DCFS night court").hits}
    (told,) = hits["b.txt"].abbreviations
    text = hits["b.txt"].citation.passage.text
    assert (text[told.start : told.end], told.explained.long) == ("DCFS", LONG)
    assert told.explained.passage_id == hits["a.txt"].citation.passage.id
    assert hits["a.txt"].abbreviations == ()


def test_a_short_form_with_two_meanings_means_the_commoner_or_none(
    services: Services, tmp_path: Path
) -> None:
    center = "The Crisis Response Center (CRC) opens. "
    take_in(services, write(tmp_path / "one", a=center + "One.", b="The Child Rights Court (CRC) sits."))
    assert expansions(services, "CRC hours") == []
    take_in(services, write(tmp_path / "two", c=center + "Two."))
    assert expansions(services, "CRC hours") == [("CRC", "Crisis Response Center")]


def test_who_asks_again_sees_what_a_short_form_means_by_now(services: Services, tmp_path: Path) -> None:
    def told() -> list[list[str]]:
        result = services.search.search("night bus CRC hours")
        found = {hit.citation.source.place: hit for hit in result.hits}["a.txt"]
        longs = [each.text for each in result.expansions]
        return [longs, [each.explained.long for each in found.abbreviations]]

    take_in(services, write(tmp_path / "one", a="The CRC has a bus at night.", b="A lamp burns there."))
    assert told() == [[], []]
    take_in(services, write(tmp_path / "two", c="The Crisis Response Center (CRC) opens."))
    assert told() == [["Crisis Response Center"]] * 2
    # In other collections than that nothing says so.
    assert services.search.search("CRC hours", collections=["none"]).expansions == ()
    assert told() == [["Crisis Response Center"]] * 2
    take_in(services, write(tmp_path / "two", c="The County Road Crew (CRC) opens."))
    assert told() == [["County Road Crew"]] * 2


def test_an_ordinary_word_of_the_question_is_no_short_form_though_the_library_has_only_that(
    services: Services, tmp_path: Path
) -> None:
    long = "Court Appointed Special Advocates"
    take_in(services, write(tmp_path / "one", a=f"The {long} (CASA) speak for children in court."))
    assert expansions(services, "un niño se escapa de su casa por la noche") == []
    assert expansions(services, "Who pays for the CASA volunteers?") == [("CASA", long)]
    assert expansions(services, "who pays for the casa volunteers of the court?") == [("casa", long)]


class TestSynonyms:
    def test_words_before_the_sign_are_widened_and_lists_go_all_ways(self) -> None:
        found = read("# comment\nhotline = helpline, crisis line\nfoster home, resource family  # same\n\n")
        assert found.faults == ()
        assert found.others == {
            ("hotline",): ("helpline", "crisis line"),
            ("foster", "home"): ("resource family",),
            ("resource", "family"): ("foster home",),
        }

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            ("lonely", "two or more"),
            ("= helpline", "both sides"),
            ("hotline =", "both sides"),
            ("a = b = c", "more than one"),
            ("one, two = three", "only one"),
            ("hotline = 42", "no letters"),
            ("hotline, " + "very " * 9 + "long", "more than 6 words"),
        ],
    )
    def test_a_line_that_cannot_be_used_is_named_and_the_others_are_used(self, line: str, fault: str) -> None:
        found = read(f"bus, coach\n{line}\n")
        assert found.others == {("bus",): ("coach",), ("coach",): ("bus",)}
        (told,) = found.faults
        assert told.startswith("line 2: ")
        assert fault in told

    def test_the_file_is_read_again_when_it_changes_and_need_not_be_there(self, tmp_path: Path) -> None:
        path = tmp_path / "synonyms.txt"
        synonyms = Synonyms(path)
        assert synonyms.current().others == {}
        path.write_text("bus, coach\n", encoding="utf-8")
        assert ("bus",) in synonyms.current().others
        path.write_text("tram, train\n", encoding="utf-8")
        os.utime(path, (1, 1))
        assert ("tram",) in synonyms.current().others
        path.write_bytes(b"\xff\xfe\xff")
        assert "cannot be read" in synonyms.current().faults[0]
        path.unlink()
        assert synonyms.current() == read("")

    def test_a_synonym_finds_what_the_word_does_not(self, library: Services) -> None:
        assert library.search.search("coach").total == 0
        library.search.synonyms.path.write_text("coach = bus\nteléfono, phone\n", encoding="utf-8")
        result = library.search.search("coach")
        assert [hit.citation.passage.text for hit in result.hits] == [BUS]
        assert expansions(library, "telefono del condado") == [("telefono", "phone")]
        assert library.search.search("coach", view=View(expand=False)).total == 0
