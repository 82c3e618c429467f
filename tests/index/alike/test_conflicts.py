from datetime import date

import pytest

from index.alike.conflicts import conflicts, say_the_same
from index.alike.values import Kind, may_have_phone, stated
from tests.index.citations import cited

BEDS = (
    "The night shelter on Grove Street has 24 beds for young people from 12 to 17 years of age. Who "
    "comes after "
    "midnight rings the bell at the side door. The person on duty keeps the book and calls the "
    "county at nine."
)


def told(one: str, two: str, **values: str) -> list[tuple[str, set[str]]]:
    found = conflicts([cited("one", one, **values), cited("two", two, **values)])  # type: ignore[arg-type]
    return [(each.kind.value, {statement.said for statement in each.statements}) for each in found]


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("24 beds", "30 beds", "number"),
        ("24 beds", "thirty-two beds", "number"),
        ("from 12 to 17", "from 12 to 21", "number"),
    ],
)
def test_nearly_the_same_passage_with_another_figure_is_a_conflict(was: str, now: str, kind: str) -> None:
    ((found, said),) = told(BEDS, BEDS.replace(was, now))
    assert found == kind
    assert len(said) == 2


def test_a_share_written_in_signs_or_words_is_the_same_share() -> None:
    text = (
        "About 60% of the young people at the shelter on Grove Street come back within a year of leaving it."
    )
    assert told(text, text.replace("60%", "60 percent")) == []
    assert told(text, text.replace("60%", "75 percent")) == [("number", {"60%", "75 percent"})]


def test_figures_in_digits_and_words_are_the_same() -> None:
    text = (
        "The STAR Court of Grove County supervises seventy-two girls and 1,300 families at this time of year."
    )
    assert told(text, text.replace("seventy-two", "72").replace("1,300", "1300")) == []


def test_another_date_telephone_number_or_name_is_a_conflict() -> None:
    text = (
        "Applications for the summer camp of Grove County close on March 3, 2024, at noon. "
        "Questions go to Maria "
        "Lopez at the Lancaster office, telephone 555-010-4477, on every weekday but Friday."
    )
    assert told(text, text.replace("March 3", "March 10")) == [("date", {"March 3, 2024", "March 10, 2024"})]
    assert told(text, text.replace("4477", "4478")) == [("phone", {"555-010-4477", "555-010-4478"})]
    assert told(text, text.replace("Maria Lopez", "Anna Schmidt")) == [
        ("name", {"Maria Lopez", "Anna Schmidt"})
    ]


def test_the_same_date_written_otherwise_is_no_conflict() -> None:
    text = (
        "The camp of Grove County opens on May 5, 2021, for all children whose parents have signed the form."
    )
    assert told(text, text.replace("May 5, 2021", "5 May 2021")) == []


def test_sentences_that_share_their_names_conflict_in_passages_that_say_other_things_too() -> None:
    one = "Since spring over 2,000 providers of LACDMH took the CSEC 101 training. The park is closed."
    two = "More than 1,300 LACDMH providers took the CSEC 101 training. Bring a photograph."
    assert told(one, two) == [("number", {"2,000", "1,300"})]
    assert told(one, two.replace("CSEC 101", "CSEC 102")) == []


def test_figures_contradict_one_another_across_languages_where_a_code_tells_what_they_count() -> None:
    english = cited("one", 'The course "CSEC 101" was taken by more than 2,000 LACDMH providers for CSECY.')
    spanish = cited(
        "two",
        "Más de 1,300 proveedores de LACDMH tomaron el curso «CSEC 101» sobre ESCNJ.",
        heading="Capacitación",
        language="es",
    )
    (found,) = conflicts([english, spanish])
    assert {statement.said for statement in found.statements} == {"2,000", "1,300"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        # A row of years.
        (
            "In 2019 the Sheriff of Grove County counted 34 exploited girls in the north of the county.",
            "In 2020 the Sheriff of Grove County counted 41 exploited girls in the north of the county.",
        ),
        # When a document was made.
        (
            "Updated March 3, 2021 by the Department of Health of Grove County for all providers and staff.",
            "Updated May 9, 2022 by the Department of Health of Grove County for all providers and staff.",
        ),
        # Laws, sections and pages by their numbers.
        (
            "Under SB 855 the counties of California get money for the training of staff each year.",
            "Under SB 1322 the counties of California get money for the training of staff each year.",
        ),
        (
            "See section 300 of the handbook for what to do when a child does not come home at night.",
            "See section 301 of the handbook for what to do when a child does not come home at night.",
        ),
        # Programs and addresses.
        (
            "The server of the house runs at http://127.0.0.1:8000 and can be reached by all who work there.",
            "The server of the house runs at http://127.0.0.1:9000 and can be reached by all who work there.",
        ),
        # Another thing altogether.
        ("Lunch costs 5 dollars.", "The bus costs 2 dollars."),
    ],
)
def test_what_is_about_another_thing_is_no_conflict(one: str, two: str) -> None:
    assert told(one, two) == []


def test_short_sentences_alike_by_chance_are_no_conflict_under_other_headings() -> None:
    one = cited(
        "one", "The fee is 10 dollars and must be paid in advance at the desk.", heading="Adoption papers"
    )
    two = cited(
        "two", "The fee is 20 dollars and must be paid in advance at the desk.", heading="Summer camp"
    )
    assert conflicts([one, two]) == []


def test_only_telephone_numbers_conflict_under_headings_on_another_subject() -> None:
    said = "Maria Lopez of Grove House in Lancaster takes {} on every weekday but Friday, also in summer."

    def under_two_headings(one: str, two: str) -> list[str]:
        first = cited("one", said.format(one), heading="Adoption papers")
        second = cited("two", f"The park is closed. {said.format(two)}", heading="Summer camp")
        return [conflict.kind.value for conflict in conflicts([first, second])]

    assert under_two_headings("calls at (555) 010-4477", "calls at (555) 010-4478") == ["phone"]
    assert under_two_headings("calls at 555 010 4477", "calls at +1 555\u2011010\u20114478") == ["phone"]
    assert under_two_headings("40 dollars for papers", "50 dollars for papers") == []


@pytest.mark.parametrize(
    "written", ["(555) 010-4477", "(555)010-4477", "+1 555.010.4477", "555\u2013010\u20134477"]
)
def test_no_telephone_number_is_passed_over(written: str) -> None:
    text = f"Call {written}."
    assert [value.kind for value in stated(text, (0, len(text) - 1), "en").values] == [Kind.PHONE]
    assert may_have_phone(text)
    assert not may_have_phone("Section 300 of May 5, 2021, pays 1,300 dollars to 12 to 17 people.")


def test_what_a_heading_names_is_what_the_passage_is_about() -> None:
    text = "Questions about visits go to the front desk of the {} office in Grove Street on every weekday."
    north = cited("one", text.format("Lancaster"), heading="Lancaster office")
    south = cited("two", text.format("Palmdale"), heading="Palmdale office")
    assert conflicts([north, south]) == []


def test_a_document_does_not_contradict_itself() -> None:
    one = cited("one", BEDS)
    assert conflicts([one, cited("one", BEDS.replace("24", "30"))]) == []


def test_the_newest_document_comes_first_and_values_stand_where_they_say() -> None:
    old = cited("old", BEDS, day=date(2019, 5, 1))
    new = cited("new", BEDS.replace("24", "30"), day=date(2024, 5, 1))
    (found,) = conflicts([old, new])
    assert [statement.citation.source.id for statement in found.statements] == ["new", "old"]
    for statement in found.statements:
        text = statement.citation.passage.text
        assert text[slice(*statement.value)] == statement.said
        assert statement.said in statement.words


def test_passages_say_the_same_only_with_the_same_figures_and_names() -> None:
    assert say_the_same(cited("one", BEDS), cited("two", BEDS.replace("side door", "back door")))
    assert not say_the_same(cited("one", BEDS), cited("two", BEDS.replace("24", "30")))
    assert not say_the_same(cited("one", BEDS), cited("two", BEDS.replace("Grove", "Oak")))
    assert not say_the_same(cited("one", BEDS), cited("two", BEDS[: len(BEDS) // 3]))
