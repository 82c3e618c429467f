"""Does plain text, much of it once a PDF, read as its author meant it?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.text import plaintext
from kb.model import BlockKind, Document
from tests.ingest.readers.shape import assert_well_formed

HEADING, PARAGRAPH, ITEM, NOTE = "heading", "paragraph", "list_item", "footnote"


def read(text: str, name: str = "letter.txt") -> Document:
    document = plaintext.read(text.encode(), name=name)
    assert_well_formed(document)
    return document


def blocks(text: str) -> list[tuple[str, int, str]]:
    document = read(text)
    return [(block.kind.value, block.level, document.block_text(block)) for block in document.blocks]


def texts(text: str) -> list[str]:
    return [words for _, _, words in blocks(text)]


BODY = (
    "Families who open their home to a child are visited by a worker in the first week, and \n"
    "again each month after that. The worker brings the papers the school and the clinic will \n"
    "ask for, and stays as long as there are questions.\n"
)
RUNNING = " ".join(BODY.split())


def test_lines_broken_by_hand_become_one_paragraph() -> None:
    assert blocks(BODY) == [(PARAGRAPH, 0, RUNNING)]


def test_long_lines_are_paragraphs_as_they_stand() -> None:
    assert texts(f"{RUNNING}\n{RUNNING}\n\n{RUNNING}") == [RUNNING] * 3


def test_words_broken_at_the_line_end_are_mended_and_real_hyphens_stay() -> None:
    text = (
        "The survey looked at how common and how preva-\nlent it was to wait two-and-a-\nhalf years; how-\n"
        "ever the parent-\nchild bond was not counted, and the evidence-\nbased care was. A parent "
        "and a child know this.\n"
    )
    (words,) = texts(text)
    for whole in ("prevalent", "two-and-a-half", "however", "parent-child", "evidence-based"):
        assert whole in words


def test_a_word_known_elsewhere_in_the_text_settles_a_hyphen() -> None:
    (words,) = texts(
        "The re-entry plan is kept. After a year of care the re-\nentry plan is looked at by the court.\n"
    )
    assert "the re-entry plan is looked" in words


def test_addresses_broken_over_lines_are_closed_up() -> None:
    text = (
        "Read more in the report of the bureau about homes and schools at https://www.example.gov/\n"
        "files1/home/215.pdf or write to the office in the county seat at helpdesk@care.\n"
        "example.gov before noon. The main page is https://example.org/\nfor those who want less.\n"
    )
    (words,) = texts(text)
    assert "https://www.example.gov/files1/home/215.pdf or" in words
    assert "helpdesk@care.example.gov before" in words
    assert "https://example.org/ for" in words


def test_a_bullet_cut_in_two_by_a_blank_line_is_one_item() -> None:
    text = "Bring along:\n\n• The card of the clinic, or a letter from \n\nthe school\n• A photograph\n"
    assert blocks(text) == [
        (PARAGRAPH, 0, "Bring along:"),
        (ITEM, 1, "The card of the clinic, or a letter from the school"),
        (ITEM, 1, "A photograph"),
    ]


@pytest.mark.parametrize("bullet", ["•", "▪", "\uf0b7", "\ufffd", "◼", "-", "*", "–", "☐"])
def test_every_kind_of_bullet_makes_an_item_and_leaves_the_text(bullet: str) -> None:
    text = f"What to bring:\n{bullet} A coat\n{bullet} A lunch\n"
    assert blocks(text)[1:] == [(ITEM, 1, "A coat"), (ITEM, 1, "A lunch")]


def test_a_bullet_of_another_kind_or_further_in_is_a_level_deeper() -> None:
    text = "• Food\no Rice\no Beans\n• Clothes\n    • Coats\n    • Shoes\n• Books\n"
    assert [(level, words) for _, level, words in blocks(text)] == [
        (1, "Food"), (2, "Rice"), (2, "Beans"), (1, "Clothes"), (2, "Coats"), (2, "Shoes"), (1, "Books"),
    ]  # fmt: skip


def test_the_spanish_word_o_at_a_line_start_is_no_bullet() -> None:
    (words,) = texts(
        "La solicitud puede presentarse en la oficina del condado, por correo \no por teléfono, sin costo.\n"
    )
    assert words.endswith("por correo o por teléfono, sin costo.")


def test_a_mark_alone_on_its_line_takes_the_next_line() -> None:
    assert blocks("Steps:\n•\nCall us\n•\nVisit us\n")[1:] == [(ITEM, 1, "Call us"), (ITEM, 1, "Visit us")]


def test_a_line_that_introduces_the_next_list_does_not_end_the_item_before_it() -> None:
    text = (
        "• There is no paint that comes off the walls (inside or outside)\nOther notes:\n• Keep the papers\n"
    )
    assert [words for _, _, words in blocks(text)][1:] == ["Other notes:", "Keep the papers"]


def test_numbers_and_letters_of_a_list_stay_in_the_text() -> None:
    text = "The court looks at:\n(a) the wishes of the child;\n(b) the safety of the home.\n"
    assert blocks(text)[1:] == [
        (ITEM, 1, "(a) the wishes of the child;"),
        (ITEM, 1, "(b) the safety of the home."),
    ]


def test_items_whose_bullet_was_lost_are_found_by_the_space_it_left() -> None:
    text = (
        "Points to keep in mind about the first visit:\n\n Everyone may come along and ask anything\n"
        " Questions are welcome:\no By day\no By night\n\n"
        "The visit ends with tea and a walk around the house.\n"
    )
    assert [(kind, level) for kind, level, _ in blocks(text)] == [
        (PARAGRAPH, 0), (ITEM, 1), (ITEM, 1), (ITEM, 2), (ITEM, 2), (PARAGRAPH, 0),
    ]  # fmt: skip


def test_headings_in_capitals_and_in_title_case_are_found() -> None:
    text = f"OPENING YOUR HOME\n\n{BODY}\nAfter the First Month\n{BODY}\nWho pays for school?\n\n{BODY}"
    assert [words for kind, _, words in blocks(text) if kind == HEADING] == [
        "OPENING YOUR HOME",
        "After the First Month",
        "Who pays for school?",
    ]


def test_a_heading_over_several_lines_is_one_heading() -> None:
    title, section = (
        "A Guide to Opening Your \nHome to Children",
        "WHO MAY APPLY\n(SINGLE, MARRIED OR WIDOWED)",
    )
    text = f"{title}\n\n{BODY}\n{section}\n\n{BODY}"
    assert [words for kind, _, words in blocks(text) if kind == HEADING] == [
        "A Guide to Opening Your Home to Children",
        "WHO MAY APPLY (SINGLE, MARRIED OR WIDOWED)",
    ]


def test_a_line_with_a_colon_over_bullets_introduces_them_and_is_no_heading() -> None:
    assert blocks("Bill 12 (2014):\n• Opens the files\n")[0] == (PARAGRAPH, 0, "Bill 12 (2014):")


def test_numbers_and_indentation_give_the_levels_of_headings() -> None:
    headings = ["1. Scope", "1.1 Homes Covered", "2. Duties", "Visits", "   In Winter"]
    text = "Handbook\n\n" + "".join(f"{heading}\n{BODY}\n" for heading in headings)
    assert [(level, words) for kind, level, words in blocks(text) if kind == HEADING] == [
        (1, "Handbook"), (2, "1. Scope"), (3, "1.1 Homes Covered"), (2, "2. Duties"), (2, "Visits"),
        (3, "In Winter"),
    ]  # fmt: skip


def test_short_lines_under_each_other_are_a_stack_not_headings() -> None:
    text = f"{BODY}\nOffice of Family Care\n12 Long Street\nSpringfield, CA 90210\n\n{BODY}"
    assert blocks(text)[1] == (PARAGRAPH, 0, "Office of Family Care\n12 Long Street\nSpringfield, CA 90210")


def test_page_numbers_and_running_lines_go_and_sentences_run_on_over_the_page() -> None:
    def page(number: int) -> str:
        end = f"{BODY.strip()} Payment for the month comes when the form \n"
        return f"Care Handbook 2024\n\n{BODY}\n{end}\n{number}\n\f"

    text = "".join(page(number) for number in range(1, 6)) + "has been signed.\n"
    found = " ".join(texts(text))
    assert found.count("Care Handbook 2024") == 1  # the first is the title
    assert not any(words.isdecimal() for words in texts(text))
    assert "Payment for the month comes when the form has been signed." in found


def test_page_labels_go_without_page_breaks_too() -> None:
    assert texts(f"{BODY}\nPage 3 of 9\n\n{BODY}\nPágina 4 de 9\n\n{BODY}") == [RUNNING] * 3


def test_pages_are_counted_where_there_are_page_breaks() -> None:
    document = read(f"{BODY}\f{BODY}\f")
    assert [block.page for block in document.blocks] == [1, 2]
    assert [block.page for block in read(BODY).blocks] == [None]


def test_footnotes_stand_after_the_text_that_cites_them() -> None:
    text = (
        f"Most homes have two rooms1. They are inspected.\n\n{BODY}\nEach room has a window2.\n\n{' ' * 60}\n"
        "1 Survey of Homes. Office of Counting, \n2009.\n2 A skylight is a window.\n"
    )
    assert blocks(text) == [
        (PARAGRAPH, 0, "Most homes have two rooms1. They are inspected."),
        (NOTE, 0, "1 Survey of Homes. Office of Counting, 2009."),
        (PARAGRAPH, 0, RUNNING),
        (PARAGRAPH, 0, "Each room has a window2."),
        (NOTE, 0, "2 A skylight is a window."),
    ]


def test_a_footnote_that_nothing_cites_stays_where_it_is() -> None:
    text = f"{BODY}\n________________\n1 Survey of Homes, 2009.\n"
    assert blocks(text)[-1] == (NOTE, 0, "1 Survey of Homes, 2009.")


def test_a_block_never_holds_two_languages() -> None:
    text = (
        "For more about homes and the people who open them, please visit the office of the county \n"
        "or write to us when it is good for you and for the children who live with you today.\n"
        "Para saber más sobre los hogares y las personas que los abren, visite la oficina del condado \n"
        "o escriba cuando sea bueno para usted y para los niños que viven con su familia.\n"
    )
    document = read(text)
    assert [block.language for block in document.blocks] == ["en", "es"]


def test_labelled_lines_stay_lines_of_one_block() -> None:
    lines = [
        "Hotline: 800-555-0100",
        "State office of homes: https://example.gov/homes",
        "Night line: 800-555-0199",
    ]
    assert texts(BODY + "\n" + "\n".join(lines))[1].split("\n") == lines


def test_columns_set_by_spaces_or_tabs_are_rows_of_a_table() -> None:
    text = "Day        Open      Closed\nMonday     8         5\nTuesday    9         6\n"
    assert blocks(text) == [
        ("table_row", 0, "Day | Open | Closed"),
        ("table_row", 0, "Monday | 8 | 5"),
        ("table_row", 0, "Tuesday | 9 | 6"),
    ]
    assert texts("Day\tOpen\nMonday\t8\n") == ["Day | Open", "Monday | 8"]


def test_wide_gaps_in_running_text_are_no_table() -> None:
    assert texts(BODY.replace("worker in", "worker    in")) == [RUNNING]


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        (f"SAFE AT HOME\n\n{BODY}", "x.txt", "SAFE AT HOME"),
        (f"Safe at Home\nA Guide\n\n{BODY}", "x.txt", "Safe at Home A Guide"),
        (f"From: Ann\nTo: Bo\nSubject: Winter coats\n\n{BODY}", "x.txt", "Winter coats"),
        (BODY, "x.txt", "Families who open their home to a child are visited by a worker in the first…"),
        ("Short and clear. Then more.", "x.txt", "Short and clear."),
        ("12 34", "safety-plan_2024.txt", "safety plan 2024"),
        ("12 34", "9f86d081884c7d65.txt", "12 34"),
    ],
)
def test_every_document_has_a_title_that_a_person_recognises(text: str, name: str, title: str) -> None:
    assert read(text, name).title == title


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
def test_line_ends_of_every_system_are_line_ends(end: str) -> None:
    assert texts(BODY.replace("\n", end)) == [RUNNING]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["child", "home", "worker", "the", "visits", "school", "and"]),
        min_size=30,
        max_size=150,
    )
)
def test_no_word_of_running_text_is_lost_or_moved(words: list[str]) -> None:
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 60:
            lines.append(line)
            line = ""
        line += word + " "
    text = "\n".join([*lines, line])
    assert " ".join(texts(text)).split() == words


def test_kinds_are_those_of_the_model() -> None:
    assert {HEADING, PARAGRAPH, ITEM, NOTE} <= {kind.value for kind in BlockKind}


@pytest.mark.parametrize("further", ["      ", "\t", ""])
def test_each_line_at_the_head_of_a_memorandum_is_kept_with_what_goes_on_in_the_next(further: str) -> None:
    memo = (
        "Date: March 5, 2024\nTo: All county child welfare\n{0}directors and their deputies\n"
        "From: Ana Ruiz, Director,\n{0}Office of Family Services\nSubject: Visits at night\n\n"
        "The desk answers at any hour of the day."
    )
    document = read(memo.format(further), "memo.txt")
    assert document.text.splitlines()[:4] == [
        "Date: March 5, 2024",
        "To: All county child welfare directors and their deputies",
        "From: Ana Ruiz, Director, Office of Family Services",
        "Subject: Visits at night",
    ]


def test_the_head_of_a_memorandum_that_is_set_in_columns_is_no_table() -> None:
    memo = (
        "TO:      All managers\nFROM:    Ana Ruiz, Director\n         Office of Family Services\n"
        "DATE:    March 5, 2024\n\nThe desk answers at any hour of the day."
    )
    assert read(memo, "memo.txt").text.splitlines()[:3] == [
        "TO: All managers",
        "FROM: Ana Ruiz, Director Office of Family Services",
        "DATE: March 5, 2024",
    ]


def test_the_head_of_a_memorandum_is_no_title_though_the_text_starts_with_it() -> None:
    memo = (
        "De:   Ana Ruiz, Directora\nOficina de Servicios para Familias\nPara: Jefes de zona\n\n"
        "La oficina responde a cualquier hora del día."
    )
    document = read(memo, "aviso.txt")
    assert document.text.splitlines()[:3] == [
        "De: Ana Ruiz, Directora",
        "Oficina de Servicios para Familias",
        "Para: Jefes de zona",
    ]
    assert {block.kind for block in document.blocks} == {PARAGRAPH}


def test_lines_in_capitals_at_the_head_of_a_memorandum_are_no_headings() -> None:
    memo = "TO: ALL MANAGERS\nFROM: ANA RUIZ\nDATE: MARCH 5, 2024\n\nThe desk answers at any hour of the day."
    assert {block.kind for block in read(memo, "memo.txt").blocks} == {PARAGRAPH}


def test_a_line_of_a_memorandum_goes_on_further_in_whatever_letter_it_begins_with() -> None:
    memo = "From: Ana Ruiz\n      Director of the Office\nTo: All staff\n\nThe desk answers at any hour."
    assert read(memo, "memo.txt").text.splitlines()[0] == "From: Ana Ruiz Director of the Office"
