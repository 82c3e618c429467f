import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.isolation import wire
from ingest.reading import Limits, Sight, Task
from kb.errors import KBError, SourceError, SourceTooLarge, StorageError, UnexpectedError
from kb.model import Block, BlockKind, Box, Document, Page, Span

# Single surrogates too: a reader may let one through, and it must not become another text on the way.
text = st.text(st.characters(), max_size=20)
number = st.integers(0, 10_000)
length = st.floats(allow_nan=False)
page = st.none() | number

blocks = st.builds(
    Block, st.sampled_from(BlockKind), number, number, number, text, page, st.tuples(text) | st.tuples()
)
boxes = st.builds(Box, number, number, number, length, length, length, length)
pages = st.builds(Page, number, text, length, length)
spans = st.builds(Span, number, number, st.lists(text, max_size=3).map(tuple), text, page, page, text)
documents = st.builds(
    Document,
    title=text,
    language=text,
    text=text,
    blocks=st.lists(blocks, max_size=4).map(tuple),
    media_type=text,
    pages=st.lists(pages, max_size=3).map(tuple),
    boxes=st.lists(boxes, max_size=3).map(tuple),
    author=text,
    dated=st.none() | st.dates(date(1, 1, 1)),
    url=text,
    particulars=st.lists(st.tuples(text, text), max_size=3).map(tuple),
    warnings=st.lists(text, max_size=3).map(tuple),
)
sights = st.builds(Sight, documents, st.lists(spans, max_size=4).map(tuple))


@settings(deadline=None)
@given(sights, st.binary(max_size=30))
def test_what_is_sent_comes_out_exactly_as_it_was(sight: Sight, content: bytes) -> None:
    line = io.BytesIO()
    wire.send(line, {"sight": wire.sight_frame(sight)})
    wire.send(line, {"part": "a"}, content)
    line.seek(0)
    assert wire.sight_from(wire.receive(line, most=1_000_000)["sight"]) == sight
    assert wire.content_after(line, wire.receive(line, most=1_000), most=30) == content
    with pytest.raises(EOFError):
        wire.receive(line, most=1_000)


def test_a_task_comes_out_as_it_was() -> None:
    task, limits = Task("ab", "a.txt", "text/plain", 3, 0.5), Limits(seconds=2.5)
    assert wire.task_from(wire.task_frame(task, limits, folder="/f")) == (task, limits, "/f")


@pytest.mark.parametrize("error", [SourceTooLarge("it is"), StorageError("full", remedy="Free space.")])
def test_an_error_keeps_its_kind_words_and_remedy(error: KBError) -> None:
    again = wire.error_from(wire.error_frame(error))
    assert (type(again), str(again), again.remedy) == (type(error), str(error), error.remedy)


def test_an_error_of_no_known_kind_is_an_unexpected_one() -> None:
    frame = {"code": "no-such", "message": "strange", "remedy": "None."}
    assert type(wire.error_from(frame)) is UnexpectedError
    assert type(wire.source_error_from(frame)) is SourceError


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_rubbish_is_refused_without_reading_on(rubbish: bytes) -> None:
    with pytest.raises((EOFError, ValueError, OverflowError)):
        wire.receive(io.BytesIO(b"\x00\x00\x00\x28" + rubbish), most=30)
    with pytest.raises((EOFError, ValueError, OverflowError)):
        wire.receive(io.BytesIO(b"\x00\x00\x00\x03[1]" + rubbish), most=30)


def test_more_bytes_than_are_allowed_are_not_read() -> None:
    line = io.BytesIO(b"x" * 100)
    with pytest.raises(OverflowError):
        wire.content_after(line, {"bytes": 100}, most=99)
    assert line.tell() == 0
