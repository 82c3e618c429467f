"""Does every box hold the words that stand there, and is every word in a box?"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import pdf
from ingest.readers.pdf.frames import Frame
from ingest.readers.pdf.render import boxes_of
from kb.errors import SourceError
from kb.model import Document
from tests.ingest.readers.pdf.paper import BODY, BOLD, CODE, LEFT, PROSE, TOP, Paper
from tests.ingest.readers.shape import assert_well_formed


def assert_boxed(document: Document) -> None:
    """Check that boxes are in order, on their pages, in their blocks, and hold all but bars between cells."""
    sizes = {page.number: (page.width, page.height) for page in document.pages}
    at = 0
    for box in document.boxes:
        assert at <= box.start < box.end <= len(document.text)
        assert document.text[at : box.start].strip(" |\n") == ""
        width, height = sizes[box.page]
        assert 0 <= box.left <= box.right <= width
        assert 0 <= box.top <= box.bottom <= height
        at = box.end
    assert document.text[at:].strip(" |\n") == ""
    for block in document.blocks:
        first = next(box for box in document.boxes if box.start >= block.start)
        assert first.end <= block.end
        assert first.page == block.page


def test_a_box_is_a_line_and_its_words() -> None:
    paper = Paper()
    lines = paper.broken(PROSE, width=300)
    paper.put_all(lines, LEFT, TOP)
    document = paper.read()
    assert [document.text[box.start : box.end] for box in document.boxes] == lines
    first = document.boxes[0]
    assert abs(first.left - LEFT) < 1
    assert abs(first.right - (LEFT + paper.canvas.stringWidth(lines[0], BODY, 10))) < 1
    assert first.top < TOP < first.bottom


def test_a_span_is_found_on_its_page_narrowed_to_its_words() -> None:
    paper = Paper()
    lines = paper.broken(PROSE, width=300)
    paper.put_all(lines, LEFT, TOP)
    document = paper.read()
    start = document.text.index("the same day")
    (box,) = boxes_of(document, start, start + len("the same day"), page=1)
    whole = document.boxes[0]
    assert whole.left < box.left < box.right < whole.right
    assert boxes_of(document, start, start + 4, page=2) == []
    assert len(boxes_of(document, 0, len(document.text))) == len(lines)


_WORDS = st.lists(
    st.sampled_from("visit family • 1. 2. a) - of office. Home: plan, 12 iii bro- 555-0100 A | niño".split()),
    min_size=1, max_size=9,
)  # fmt: skip
_LINES = st.lists(
    st.tuples(
        _WORDS,
        st.integers(0, 400),
        st.integers(12, 780),
        st.sampled_from([BODY, BOLD, CODE]),
        st.sampled_from([6, 10, 10, 14, 24]),
        st.booleans(),
    ),
    min_size=1, max_size=15,
)  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(_LINES)
def test_words_anywhere_on_any_pages_are_boxed(
    found: list[tuple[list[str], int, int, str, int, bool]],
) -> None:
    paper = Paper()
    for words, left, top, font, size, turn in found:
        paper.put(" ".join(words), left, top, font=font, size=size)
        if turn:
            paper.page()
    try:
        document = pdf.read(paper.content())
    except SourceError:
        return
    assert_well_formed(document)
    assert_boxed(document)


@given(
    st.tuples(*[st.floats(0, 500)] * 4),
    st.sampled_from([0, 90, 180, 270]),
    st.sampled_from([0, 90, 180, 270]),
)
def test_turning_a_place_and_turning_it_back_changes_nothing(
    place: tuple[float, float, float, float], shown: int, turned: int
) -> None:
    frame = Frame(10, 20, 600, 800, shown)
    left, bottom, right, top = 10 + place[0], 20 + place[1], 600 - place[2], 800 - place[3]
    seen = frame.seen(left, bottom, right, top, degrees=turned)
    direct = frame.seen(left, bottom, right, top, degrees=shown)
    assert all(
        abs(one - other) < 1e-6 for one, other in zip(frame.shown(seen, degrees=turned), direct, strict=True)
    )
