"""Are the words of a page read in the order that a person reads them?"""

from __future__ import annotations

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kb.model import BlockKind
from tests.ingest.readers.pdf.paper import BOLD, LEFT, PROSE, SLANTED, TOP, Paper, outline, texts

PARAGRAPH = BlockKind.PARAGRAPH
COLUMN, SECOND = 210.0, 330.0


def test_lines_of_a_paragraph_are_one_block() -> None:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    assert texts(paper.read(), PARAGRAPH) == [PROSE]


def test_a_paragraph_ends_where_the_next_word_would_have_fitted() -> None:
    paper = Paper()
    below = paper.prose(PROSE, LEFT, TOP)
    paper.prose("Every home has a plan for nights. " + PROSE, LEFT, below)
    assert texts(paper.read(), PARAGRAPH) == [PROSE, "Every home has a plan for nights. " + PROSE]


def test_an_indented_line_opens_a_paragraph() -> None:
    paper = Paper()
    long = PROSE.removesuffix("to one from outside.") + "at all to a stranger."
    below = paper.prose(long, LEFT, TOP, width=465)
    paper.put_all(
        [
            "Forms wait at the desk for all who ask, in both languages and in large print",
            *["for whoever needs it."],
        ],
        LEFT + 12,
        below,
    )
    assert len(texts(paper.read(), PARAGRAPH)) == 2


def test_the_left_column_is_read_before_the_right_one() -> None:
    paper = Paper()
    paper.prose("First. " + PROSE, LEFT, TOP, width=COLUMN)
    paper.prose("Second. " + PROSE, SECOND, TOP, width=COLUMN)
    assert texts(paper.read(), PARAGRAPH) == ["First. " + PROSE, "Second. " + PROSE]


def test_a_title_over_both_columns_comes_first_and_a_line_under_both_last() -> None:
    paper = Paper()
    paper.put("What every visit is for and who takes part in it at home", LEFT, TOP, font=BOLD, size=18)
    left = paper.prose("First. " + PROSE, LEFT, TOP + 40, width=COLUMN)
    paper.prose("Second. " + PROSE, SECOND, TOP + 40, width=COLUMN)
    paper.prose("Last. " + PROSE, LEFT, left + 40)
    assert outline(paper.read()) == [
        ("heading", "What every visit is for and who takes part in it at home"),
        ("paragraph", "First. " + PROSE),
        ("paragraph", "Second. " + PROSE),
        ("paragraph", "Last. " + PROSE),
    ]


def test_columns_are_told_apart_though_their_lines_stand_at_other_heights() -> None:
    paper = Paper()
    paper.prose("First. " + PROSE, LEFT, TOP, width=COLUMN)
    paper.prose("Second. " + PROSE, SECOND, TOP + 5, width=COLUMN)
    assert texts(paper.read(), PARAGRAPH) == ["First. " + PROSE, "Second. " + PROSE]


def test_a_paragraph_runs_on_from_one_column_to_the_next() -> None:
    paper = Paper()
    lines = paper.broken(PROSE, width=COLUMN)
    paper.put_all(lines[:5], LEFT, TOP)
    paper.put_all(lines[5:], SECOND, TOP)
    assert texts(paper.read(), PARAGRAPH) == [PROSE]


def test_a_paragraph_runs_on_over_a_page_and_its_lines_know_their_pages() -> None:
    paper = Paper()
    lines = paper.broken(PROSE, width=468)
    paper.put_all(lines[:2], LEFT, 700)
    paper.page()
    paper.put_all(lines[2:], LEFT, TOP)
    document = paper.read()
    assert texts(document, PARAGRAPH) == [PROSE]
    assert [box.page for box in document.boxes] == [1, 1, *[2] * (len(lines) - 2)]


def test_a_box_beside_the_text_does_not_split_it() -> None:
    paper = Paper()
    lines = paper.broken(PROSE, width=COLUMN)
    below = paper.put_all(lines, LEFT, TOP)
    paper.put_all(
        ["Who to call", "The desk is open", "all night for", "whoever asks it"],
        SECOND + 60,
        TOP + 20,
        font=SLANTED,
    )
    paper.prose("Under it all. " + PROSE, LEFT, below + 30)
    found = texts(paper.read(), PARAGRAPH)
    assert found[0] == PROSE
    assert found[-1] == "Under it all. " + PROSE


def test_words_broken_at_a_line_s_end_are_whole_and_real_hyphens_stay() -> None:
    paper = Paper()
    lines = [
        "The prevalence of neglect was counted by each office, and the preva-",
        "lence of a parent-child bond in a self-",
        "assessment that families filled in.",
    ]
    paper.put_all(lines, LEFT, TOP)
    (text,) = texts(paper.read(), PARAGRAPH)
    assert "the prevalence of a parent-child bond in a self-assessment" in text


def test_a_turned_page_is_read_and_boxed_as_it_is_shown() -> None:
    paper = Paper()
    paper.canvas.setPageRotation(90)
    paper.canvas.rotate(90)
    paper.canvas.setFont("Times-Roman", 10)
    for at, line in enumerate(paper.broken(PROSE, width=468)):
        paper.canvas.drawString(72, -(90 + 12 * at), line)
    document = paper.read()
    assert texts(document, PARAGRAPH) == [PROSE]
    assert (document.pages[0].width, document.pages[0].height) == (612, 792)
    assert [round(box.left) for box in document.boxes] == [72] * len(document.boxes)
    assert [round(box.top) for box in document.boxes] == [82 + 12 * at for at in range(len(document.boxes))]


def test_text_set_sideways_is_read_and_boxed_where_it_stands() -> None:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    paper.canvas.rotate(90)
    paper.canvas.drawString(300, -40, "Printed for the archive")
    document = paper.read()
    (box,) = [
        box for box in document.boxes if document.text[box.start : box.end] == "Printed for the archive"
    ]
    assert box.bottom - box.top > box.right - box.left


def test_words_outside_the_visible_part_of_a_page_are_left_out() -> None:
    paper = Paper()
    paper.canvas.setCropBox((50, 50, 562, 700))
    paper.prose(PROSE, LEFT, TOP + 60)
    paper.put("Slug line of the printer", LEFT, 40)
    document = paper.read()
    assert document.text == PROSE
    assert (document.pages[0].width, document.pages[0].height) == (512, 650)
    assert abs(document.boxes[0].left - (LEFT - 50)) < 1


def test_spaced_letters_are_words() -> None:
    paper = Paper()
    at = LEFT
    for letter in "CONTACTS":
        paper.put(letter, at, TOP, font=BOLD, size=14)
        at += 16
    paper.prose(PROSE, LEFT, TOP + 40)
    assert texts(paper.read(), BlockKind.HEADING) == ["CONTACTS"]


def test_accents_drawn_as_letters_of_their_own_come_on_their_letters() -> None:
    paper = Paper()
    paper.put("La atenci´on a la ni˜nez es una obligaci´on de todos los d´ıas.", LEFT, TOP)
    assert "atención a la niñez es una obligación" in paper.read().text


def test_ligatures_are_letters() -> None:
    paper = Paper()
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    paper.put("The oﬁce keeps ﬂyers.", LEFT, TOP, font="Vera")
    assert paper.read().text == "The ofice keeps flyers."
