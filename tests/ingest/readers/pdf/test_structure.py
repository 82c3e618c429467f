"""Are headings, lists, tables, captions, notes and what belongs to the page told apart?"""

from __future__ import annotations

import re

from ingest.readers import pdf
from kb.model import BlockKind
from tests.ingest.readers.pdf.paper import (
    BOLD,
    CODE,
    LEFT,
    PROSE,
    SLANTED,
    TOP,
    Paper,
    blocks,
    by_hand,
    outline,
    stream,
    texts,
)

HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
ROW, NOTE = BlockKind.TABLE_ROW, BlockKind.FOOTNOTE


def chapter(paper: Paper, number: int, top: float = TOP) -> float:
    """Set a chapter with a section in it."""
    top = paper.put(f"Part {number} of the handbook for new workers", LEFT, top, font=BOLD, size=18) + 10
    top = paper.prose(f"This is part {number}. " + PROSE, LEFT, top) + 12
    top = paper.put(f"How step {number} is done", LEFT, top, font=BOLD, size=12) + 6
    return paper.prose(f"This is step {number}. " + PROSE, LEFT, top) + 20


def test_larger_and_bolder_lines_are_headings_with_levels_by_their_size() -> None:
    paper = Paper()
    chapter(paper, 2, chapter(paper, 1))
    found = blocks(document := paper.read(), HEADING)
    assert [(block.level, document.block_text(block)) for block in found] == [
        (1, "Part 1 of the handbook for new workers"),
        (2, "How step 1 is done"),
        (1, "Part 2 of the handbook for new workers"),
        (2, "How step 2 is done"),
    ]


def test_the_outline_says_which_lines_are_headings_and_of_which_level() -> None:
    paper = Paper()
    for title, level in (("1 Intake", 0), ("1.1 The first call", 1), ("1.1.1 Who is told", 2)):
        paper.canvas.bookmarkPage(title)
        paper.canvas.addOutlineEntry(title.split(" ", 1)[1], title, level=level)
    top = TOP
    for title in ("1 Intake", "1.1 The first call", "1.1.1 Who is told"):
        top = paper.prose(PROSE, LEFT, paper.put(title, LEFT, top, font=SLANTED, size=10) + 8) + 14
    document = paper.read()
    assert [(block.level, document.block_text(block)) for block in blocks(document, HEADING)] == [
        (1, "1 Intake"),
        (2, "1.1 The first call"),
        (3, "1.1.1 Who is told"),
    ]


def test_a_heading_over_two_lines_is_one() -> None:
    paper = Paper()
    below = paper.put_all(
        ["What to bring to the first visit at home, and", "what to leave at the office"],
        LEFT,
        TOP,
        font=BOLD,
        size=16,
    )
    paper.prose(PROSE, LEFT, below + 10)
    assert texts(paper.read(), HEADING) == [
        "What to bring to the first visit at home, and what to leave at the office"
    ]


def test_chapter_and_its_title_are_one_heading() -> None:
    paper = Paper()
    paper.put("Chapter 3", LEFT, TOP, font=BOLD, size=20)
    paper.put("Visits at home", LEFT, TOP + 40, font=BOLD, size=24)
    paper.prose(PROSE, LEFT, TOP + 80)
    assert texts(paper.read(), HEADING) == ["Chapter 3 Visits at home"]


def test_lists_are_items_with_levels_and_run_on_under_their_marks() -> None:
    paper = Paper()
    top = paper.put("Bring these to the visit:", LEFT, TOP)
    top = paper.put(
        "•  the form that the family signed, with the date and the name of the worker who was there when",
        LEFT + 8,
        top,
    )
    top = paper.put("it was signed at the office", LEFT + 17, top)
    top = paper.put("•  a map", LEFT + 8, top)
    top = paper.put("–  with the school on it", LEFT + 30, top)
    paper.put("•  a pen", LEFT + 8, top)
    document = paper.read()
    found = [(block.level, document.block_text(block)) for block in blocks(document, ITEM)]
    assert [level for level, _ in found] == [1, 1, 2, 1]
    assert found[0][1].endswith("who was there when it was signed at the office")
    assert found[2][1] == "with the school on it"


def test_numbered_items_keep_their_numbers() -> None:
    paper = Paper()
    paper.put_all(["1. Knock at the door.", "2. Say who you are.", "3. Show your card."], LEFT, TOP)
    assert texts(paper.read(), ITEM) == ["1. Knock at the door.", "2. Say who you are.", "3. Show your card."]


def ruled_table(paper: Paper, rows: list[list[str]], top: float) -> float:
    """Draw a table with rules around all cells, its first row bold."""
    right, low = LEFT + 150 * len(rows[0]), top + 20 * len(rows)
    for at in range(len(rows) + 1):
        paper.rule(LEFT, top + 20 * at, right, top + 20 * at)
    for at in range(len(rows[0]) + 1):
        paper.rule(LEFT + 150 * at, top, LEFT + 150 * at, low)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            font = BOLD if at == 0 else "Times-Roman"
            paper.put(cell, LEFT + 150 * column + 4, top + 20 * at + 14, font=font)
    return low


OFFICES = [["Office", "Opens", "Phone"], ["North", "8 am", "555 0100"], ["South", "9 am", "555 0111"]]


def test_a_table_drawn_with_rules_is_rows_under_header_cells() -> None:
    paper = Paper()
    below = ruled_table(paper, OFFICES, paper.prose(PROSE, LEFT, TOP) + 20)
    paper.prose("After the table. " + PROSE, LEFT, below + 30)
    document = paper.read()
    assert texts(document, ROW) == [
        "Office | Opens | Phone",
        "North | 8 am | 555 0100",
        "South | 9 am | 555 0111",
    ]
    assert [block.headers for block in blocks(document, ROW)] == [
        (),
        ("Office", "Opens", "Phone"),
        ("Office", "Opens", "Phone"),
    ]
    assert [kind for kind, _ in outline(document)] == [
        "paragraph",
        "table_row",
        "table_row",
        "table_row",
        "paragraph",
    ]


def test_a_table_without_outer_rules_keeps_its_outer_cells() -> None:
    paper = Paper()
    for at, row in enumerate(OFFICES):
        for column, cell in enumerate(row):
            paper.put(cell, LEFT + 150 * column + 4, TOP + 20 * at + 14)
    for at in range(4):
        paper.rule(LEFT, TOP + 20 * at, LEFT + 450, TOP + 20 * at)
    for at in (1, 2):
        paper.rule(LEFT + 150 * at, TOP, LEFT + 150 * at, TOP + 60)
    assert texts(paper.read(), ROW)[1] == "North | 8 am | 555 0100"


def test_a_table_set_in_columns_without_rules_is_rows_and_empty_cells_stay_empty() -> None:
    paper = Paper()
    rows = [
        ["Office", "Visits", "Open", "Closed"],
        ["North", "120", "", "20"],
        ["South", "80", "15", "65"],
        ["West", "", "4", "11"],
    ]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            paper.put(cell, LEFT + 100 * column, TOP + 16 * at)
    document = paper.read()
    assert texts(document, ROW) == [
        "Office | Visits | Open | Closed",
        "North | 120 | | 20",
        "South | 80 | 15 | 65",
        "West | | 4 | 11",
    ]
    assert blocks(document, ROW)[2].headers == ("Office", "Visits", "Open", "Closed")


def test_a_cell_of_several_lines_is_one_cell() -> None:
    paper = Paper()
    rows = [["Office", "Task"], ["North", "First"], ["South", "Second"]]
    top = TOP
    for at in range(4):
        paper.rule(LEFT, top + 40 * at, LEFT + 300, top + 40 * at)
    for at in range(3):
        paper.rule(LEFT + 150 * at, top, LEFT + 150 * at, top + 120)
    for at, row in enumerate(rows):
        paper.put(row[0], LEFT + 4, top + 40 * at + 12)
        paper.put_all([row[1], "and a second line"], LEFT + 154, top + 40 * at + 12)
    assert texts(paper.read(), ROW)[1] == "North | First and a second line"


def test_captions_are_captions() -> None:
    paper = Paper()
    below = paper.prose(PROSE, LEFT, TOP)
    paper.put("Figure 2. Where children went after leaving care.", LEFT, below + 30, size=9)
    assert texts(paper.read(), BlockKind.CAPTION) == ["Figure 2. Where children went after leaving care."]


def test_a_footnote_follows_the_paragraph_that_cites_it() -> None:
    paper = Paper()
    top = paper.put("Visits are counted once a month", LEFT, TOP)
    paper.put(
        "1",
        LEFT + paper.canvas.stringWidth("Visits are counted once a month", "Times-Roman", 10),
        TOP - 4,
        size=6,
    )
    paper.put("and no visit is counted twice.", LEFT, top)
    paper.prose("Another paragraph. " + PROSE, LEFT, top + 40)
    paper.rule(LEFT, 690, LEFT + 120, 690)
    paper.put("1", LEFT, 698, size=5)
    paper.put("A visit is counted when someone of the family was met at home.", LEFT + 4, 702, size=8)
    found = outline(paper.read())
    assert [kind for kind, _ in found] == ["paragraph", "footnote", "paragraph"]
    assert found[0][1] == "Visits are counted once a month[1] and no visit is counted twice."
    assert found[1][1] == "[1] A visit is counted when someone of the family was met at home."


def test_running_heads_and_page_numbers_are_left_out() -> None:
    paper = Paper()
    for number in range(1, 6):
        paper.put("Handbook for workers", LEFT, 40, font=SLANTED, size=9)
        paper.prose(f"Page of {number} visits. " + PROSE, LEFT, TOP)
        paper.put(str(number), 300, 760)
        paper.page()
    document = paper.read()
    assert "Handbook" not in document.text
    assert texts(document, PARAGRAPH) == [f"Page of {number} visits. " + PROSE for number in range(1, 6)]


def test_running_heads_that_name_chapter_and_section_are_left_out() -> None:
    paper = Paper()
    for number in range(1, 9):
        paper.put(f"Chapter {(number + 1) // 2}", LEFT, 40, font=SLANTED, size=9)
        paper.put(f"Section {'abcdefgh'[number - 1] * 4}", 450, 40, font=SLANTED, size=9)
        paper.prose(f"Text {number}. " + PROSE, LEFT, TOP)
        paper.page()
    assert "Section" not in paper.read().text


def test_what_is_alike_on_all_pages_but_all_there_is_stays() -> None:
    paper = Paper()
    for _ in range(4):
        paper.put("Name tag", 200, 60)
        paper.page()
    assert "Name tag" in paper.read().text


def test_a_table_of_contents_is_a_list_without_dots_and_page_numbers() -> None:
    paper = Paper()
    paper.put("Contents", LEFT, TOP, font=BOLD, size=18)
    for at, (title, indent) in enumerate(
        [("1 Intake", 0), ("1.1 The first call", 16), ("2 Visits", 0), ("2.1 At home", 16)]
    ):
        dots = " ." * 40
        paper.put(title + dots, LEFT + indent, TOP + 40 + 14 * at)
        paper.put(str(3 + at), 420, TOP + 40 + 14 * at)
    document = paper.read()
    assert texts(document, ITEM) == ["1 Intake", "1.1 The first call", "2 Visits", "2.1 At home"]
    assert [block.level for block in blocks(document, ITEM)] == [1, 2, 1, 2]


def test_lines_of_fixed_pitch_are_code_with_their_indentation() -> None:
    paper = Paper()
    below = paper.prose(PROSE, LEFT, TOP)
    paper.put("if visit:", LEFT, below + 20, font=CODE)
    paper.put("count(visit)", LEFT + 24, below + 32, font=CODE)
    assert texts(paper.read(), BlockKind.CODE) == ["if visit:\n    count(visit)"]


def test_pages_are_called_by_their_labels() -> None:
    paper = Paper()
    for number in range(4):
        paper.canvas.addPageLabel(
            number, style="ROMAN_LOWER" if number < 2 else "ARABIC", start=1 + number % 2
        )
        paper.prose(f"Text {number}. " + PROSE, LEFT, TOP)
        paper.page()
    assert [page.label for page in paper.read().pages] == ["i", "ii", "1", "2"]


def test_figures_with_a_point_in_the_second_column_make_a_table_no_column_of_a_list() -> None:
    paper = Paper()
    below = paper.put("Results", LEFT, TOP, font=BOLD, size=14) + 20
    rows = [("Test", "Result", "Range")]
    rows += [
        (f"Marker of the blood {name}", f"{n}.{n + 1} units", f"{n}0 to {n}9")
        for n, name in enumerate("abcdef", 1)
    ]
    for row in rows:
        for cell, left in zip(row, (LEFT, 220, 360), strict=True):
            paper.put(cell, left, below)
        below += 16
    assert texts(paper.read(), BlockKind.TABLE_ROW) == [" | ".join(row) for row in rows]


def test_an_item_whose_first_line_is_bold_to_its_end_stays_in_its_list() -> None:
    paper = Paper()
    below = paper.prose(PROSE, LEFT, TOP) + 12
    for number, words in enumerate(("Protect the child", "Meet each need", "Keep in touch"), 1):
        end = paper.put(f"{number}. {words}", LEFT, below, font=BOLD)
        if number < 3:
            paper.put("- as the plan says it, and ask when it is not clear.", LEFT + 110, below)
        below = paper.put("and write down what was done.", LEFT + 12, end) + 3
    items = texts(paper.read(), BlockKind.LIST_ITEM)
    assert [item.split(".")[0] for item in items] == ["1", "2", "3"]


def test_bold_fonts_of_tex_are_known_by_their_names() -> None:
    faces = {"B": "SFBX1000", "R": "SFRM1000"}
    lines = [("B", "Hyper Parameters"), *[("R", words) for words in re.findall(r".{60,75} ", PROSE)]]
    shown = b" ".join(b"/%s 10 Tf (%s) Tj T*" % (face.encode(), words.encode()) for face, words in lines)
    fonts = " ".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{name} >>" for key, name in faces.items()
    )
    content = by_hand(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << %s >> >> >>" % fonts.encode(),
        stream(b"BT 12 TL 72 600 Td " + shown + b" ET"),
    )
    assert texts(pdf.read(content), BlockKind.HEADING) == ["Hyper Parameters"]
