from dataclasses import replace

from ingest.paging import page_label, with_pages
from kb.model import Block, BlockKind, Box, Document, Page, Span

TEXT = "One two three.\n\nFour five six."
BLOCKS = (Block(BlockKind.PARAGRAPH, 0, 14, page=1), Block(BlockKind.PARAGRAPH, 16, 30, page=2))
READ = Document("Title", "en", TEXT, BLOCKS, "application/pdf")
FIRST, SECOND = Span(0, 14, (), "en"), Span(16, 30, (), "en")


def pages(document: Document, *spans: Span) -> list[tuple[int | None, int | None, str]]:
    return [(span.first_page, span.last_page, span.page_label) for span in with_pages(document, spans)]


def test_without_boxes_a_passage_stands_on_the_pages_of_its_blocks() -> None:
    assert pages(READ, FIRST, SECOND, Span(0, 30, (), "en")) == [(1, 1, ""), (2, 2, ""), (1, 2, "")]


def test_boxes_tell_where_within_a_block_the_page_turns() -> None:
    boxes = (Box(0, 7, 1, 0, 700, 90, 712), Box(8, 14, 2, 0, 50, 90, 62), Box(16, 30, 2, 0, 70, 90, 82))
    boxed = replace(READ, boxes=boxes)
    assert pages(boxed, Span(0, 7, (), "en"), Span(8, 14, (), "en"), FIRST) == [
        (1, 1, ""),
        (2, 2, ""),
        (1, 2, ""),
    ]


def test_pages_are_called_what_is_printed_on_them() -> None:
    labelled = replace(READ, pages=(Page(1, "iv"), Page(2, "v")))
    assert pages(labelled, FIRST, Span(0, 30, (), "en")) == [(1, 1, "iv"), (1, 2, "iv–v")]


def test_a_document_without_pages_has_passages_without_pages() -> None:
    bare = replace(READ, blocks=(Block(BlockKind.PARAGRAPH, 0, 30),))
    assert pages(bare, FIRST) == [(None, None, "")]


def test_a_page_without_a_label_is_called_by_its_number() -> None:
    assert page_label({1: "A-3"}, 1, last=2) == "A-3–2"
