"""Do pieces become one text with exact offsets, a language each, and a title?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.shared.compose import Piece, build
from kb.errors import SourceEmpty
from kb.model import BlockKind
from tests.ingest.readers.shape import assert_well_formed

PARAGRAPH, ITEM, HEADING = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING


def test_items_are_a_line_apart_and_everything_else_a_blank_line() -> None:
    document = build(
        [
            Piece(HEADING, "Needs", 1),
            Piece(ITEM, "a bed", 1),
            Piece(ITEM, "a meal", 1),
            Piece(PARAGRAPH, "Ask us."),
        ],
        media_type="text/plain",
    )
    assert document.text == "Needs\n\na bed\na meal\n\nAsk us."
    assert [document.block_text(block) for block in document.blocks] == [
        "Needs",
        "a bed",
        "a meal",
        "Ask us.",
    ]


def test_pieces_without_words_leave_no_block() -> None:
    document = build(
        [Piece(PARAGRAPH, " \u200b "), Piece(PARAGRAPH, "***"), Piece(PARAGRAPH, "Words")], media_type="x"
    )
    assert document.text == "Words"


def test_a_document_without_words_is_refused_by_name() -> None:
    with pytest.raises(SourceEmpty, match=r"blank\.txt"):
        build([Piece(PARAGRAPH, "\n")], media_type="text/plain", name="blank.txt")


def test_the_language_of_most_of_the_text_is_the_document_s() -> None:
    document = build(
        [
            Piece(PARAGRAPH, "Where is the shelter and when is it open?"),
            Piece(
                PARAGRAPH,
                "El refugio está abierto todos los días de la semana para las familias y los niños.",
            ),
        ],
        media_type="text/plain",
    )
    assert [block.language for block in document.blocks] == ["en", "es"]
    assert document.language == "es"


def test_paragraphs_that_begin_with_typed_bullets_are_list_items() -> None:
    pieces = [
        Piece(PARAGRAPH, "Bring:"),
        Piece(PARAGRAPH, "•\ta card\n• a form"),
        Piece(PARAGRAPH, "·   proof of age"),
    ]
    document = build([*pieces, Piece(PARAGRAPH, "• is a bullet\nand this is not")], media_type="text/plain")
    assert [(block.kind, block.level, document.block_text(block)) for block in document.blocks] == [
        (PARAGRAPH, 0, "Bring:"),
        (ITEM, 1, "a card"),
        (ITEM, 1, "a form"),
        (ITEM, 1, "proof of age"),
        (PARAGRAPH, 0, "• is a bullet\nand this is not"),
    ]


def test_code_keeps_its_indentation() -> None:
    document = build([Piece(BlockKind.CODE, "if a:\n\tb = 1\n")], media_type="x")
    assert document.text == "if a:\n    b = 1"


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(BlockKind)), st.text(max_size=60)), max_size=12))
def test_any_pieces_give_exact_offsets(found: list[tuple[BlockKind, str]]) -> None:
    try:
        document = build([Piece(kind, text) for kind, text in found], media_type="x")
    except SourceEmpty:
        return
    assert_well_formed(document)
