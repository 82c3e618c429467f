"""Are the words of a page and the places of a passage on it those that stand there?"""

from dataclasses import replace

from kb.model import Box, Document, Page, Passage
from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper
from webapp.layout.sheets import numbered, sheet, stretches, sure_boxes


def two_pages() -> Document:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    paper.page()
    paper.prose("On the second page the worker signs the notes and files them.", LEFT, TOP)
    return paper.read()


def passage(document: Document, words: str) -> Passage:
    start = document.text.index(words)
    return Passage("p", "s", 0, start, start + len(words), words, (), "en")


def test_the_words_of_a_page_are_its_lines() -> None:
    document = two_pages()
    first, second = (
        " ".join(document.text[start:end] for start, end in stretches(document, n)) for n in (1, 2)
    )
    assert first.startswith("A worker who visits")
    assert "second page" not in first
    assert second == "On the second page the worker signs the notes and files them."


def test_a_passage_is_boxed_on_its_page_only() -> None:
    document = two_pages()
    cited = passage(document, "the worker signs the notes")
    assert sure_boxes(document, cited, 1) == []
    (box,) = sure_boxes(document, cited, 2)
    assert document.text[box.start : box.end] == cited.text


def test_nothing_is_boxed_when_some_words_are_in_no_line() -> None:
    document = two_pages()
    cited = passage(document, PROSE)
    assert len(sure_boxes(document, cited, 1)) > 2
    holed = replace(document, boxes=document.boxes[:1] + document.boxes[2:])
    assert sure_boxes(holed, cited, 1) == []


def test_nothing_is_boxed_outside_of_the_page() -> None:
    document = two_pages()
    cited = passage(document, PROSE)
    moved = tuple(replace(box, right=box.right + 500) for box in document.boxes)
    assert sure_boxes(replace(document, boxes=moved), cited, 1) == []


def test_pages_are_known_by_what_is_printed_on_them() -> None:
    pages = (Page(1, "iv", 600, 800), Page(2, "1", 600, 800), Page(3, "2", 600, 800))
    document = Document("T", "en", "Words", (), "application/pdf", pages, (Box(0, 5, 1, 1, 1, 2, 2),))
    assert [numbered(document, name) for name in ("IV", "1", "2", " 3 ", "x", "")] == [1, 2, 3, 3, None, None]
    shown = sheet(document, 2)
    assert shown is not None
    assert (shown.before, shown.after) == (pages[0], pages[2])
    assert sheet(document, 4) is None
