from __future__ import annotations

import io

import pptx
import pytest
from pptx.presentation import Presentation
from pptx.util import Inches

from ingest.readers.office.pptx import read
from kb.errors import SourceUnreadable
from kb.model import Document
from tests.ingest.readers.shape import assert_well_formed


def saved(deck: Presentation) -> bytes:
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


def seen(document: Document) -> list[tuple[str, int, str, int | None]]:
    assert_well_formed(document)
    return [(b.kind.value, b.level, document.block_text(b), b.page) for b in document.blocks]


def test_each_slide_is_a_page_with_its_title_its_items_and_its_notes() -> None:
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    body = first.placeholders[1].text_frame
    body.text = "Call ahead"
    body.add_paragraph().text = "by phone"
    body.paragraphs[1].level = 1
    first.shapes.title.text = "Visits"
    first.notes_slide.notes_text_frame.text = "Say this slowly."
    second = deck.slides.add_slide(deck.slide_layouts[6])
    box = second.shapes.add_textbox(0, 0, Inches(2), Inches(1))
    box.text_frame.text = "Without a title"
    box.text_frame.add_paragraph().text = "A free line."
    document = read(saved(deck))
    assert seen(document) == [
        ("heading", 1, "Visits", 1),
        ("list_item", 1, "Call ahead", 1),
        ("list_item", 2, "by phone", 1),
        ("paragraph", 0, "Say this slowly.", 1),
        ("heading", 1, "Without a title", 2),
        ("paragraph", 0, "A free line.", 2),
    ]
    assert [(page.number, page.width, page.height) for page in document.pages] == [
        (1, 720, 540),
        (2, 720, 540),
    ]


def test_a_table_of_one_column_is_a_frame_around_a_text() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Notes"
    table = slide.shapes.add_table(2, 1, 0, 0, Inches(4), Inches(2)).table
    table.cell(0, 0).text = "Call before a visit."
    table.cell(1, 0).text = "Write down who was there."
    assert seen(read(saved(deck)))[1:] == [
        ("paragraph", 0, "Call before a visit.", 1),
        ("paragraph", 0, "Write down who was there.", 1),
    ]


def test_tables_have_headers_and_hidden_slides_are_left_out() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Rates"
    table = slide.shapes.add_table(3, 2, 0, 0, Inches(4), Inches(2)).table
    for at, text in enumerate(["Age", "Rate", "0-5", "$600", "6-12", "$650"]):
        table.cell(at // 2, at % 2).text = text
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Not shown"
    hidden._element.set("show", "0")
    document = read(saved(deck))
    assert [text for _, _, text, _ in seen(document)] == ["Rates", "Age | Rate", "0-5 | $600", "6-12 | $650"]
    assert document.blocks[2].headers == ("Age", "Rate")
    assert document.warnings == ("hidden slides were left out: 2",)


def test_words_in_groups_are_read_and_numbers_are_shown() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    inner = slide.shapes.add_group_shape().shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame
    inner.text = "Steps are these:"
    for text in ("Ask", "Listen"):
        paragraph = inner.add_paragraph()
        paragraph.text = text
        numbers = paragraph._p.get_or_add_pPr().makeelement(
            "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum", {"type": "alphaLcParenR"}
        )
        paragraph._p.get_or_add_pPr().append(numbers)
    assert [text for _, _, text, _ in seen(read(saved(deck)))] == ["Steps are these:", "a) Ask", "b) Listen"]


def test_a_damaged_presentation_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="presentation"):
        read(b"PK\x03\x04")
