"""Does every input, however broken, give a document or a clear refusal?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.mediatype import media_type
from ingest.readers.registry import READERS, reader_for
from kb.errors import SourceEmpty, SourceError
from tests.ingest.readers.shape import assert_well_formed

_SNIPPETS = [
    "• ", "o ", "- ", "1. ", "(a) ", "# ", "**b** ", "[l](http://a.b/c) ", "<div>", "</div>", "<li>",
    "<table><tr><td>", "<pre>", "&#0;", "&amp;", "\n", "\n\n", "\f", "\r", "\t", "    ", "word ",
    "Two words. ", "niño ", "HEADING\n", "3\n", "Page 3 of 9\n", "bro-\nken ", "https://a.b/\nc ",
    "cited1. ", "1 Note\n", "\ufffd ", "\uf0b7 ", "---\n", "| a | b |\n", "> quoted\n", "```\n", "\x00",
    "\u202e", "e\u0301", "[^1]", "[^1]: note\n", "_____\n", "“", "…", "title: x\n", " ",
]  # fmt: skip

# What is plain text to these readers is damaged to those of other kinds.
_TEXTS = ["text/plain", "text/markdown", "text/html"]


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "a.txt", "a.md", "a.html"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    try:
        document = reader_for(media_type(content, name)).read(content, name=name)
    except SourceError:
        return
    assert_well_formed(document)


@settings(deadline=None)
@given(st.lists(st.sampled_from(_SNIPPETS), max_size=60), st.sampled_from(_TEXTS))
def test_any_mixture_of_marks_and_words_is_read_or_empty(snippets: list[str], kind: str) -> None:
    try:
        document = READERS[kind].read("".join(snippets).encode("utf-8", "surrogatepass"), name="mixture")
    except SourceError:
        return
    assert_well_formed(document)


@pytest.mark.parametrize("kind", _TEXTS)
@pytest.mark.parametrize("content", [b"", b"   \n\t ", b"\xef\xbb\xbf", b"\n" * 2000, b"--- --- ---"])
def test_a_source_without_words_is_empty(kind: str, content: bytes) -> None:
    with pytest.raises(SourceEmpty):
        READERS[kind].read(content, name="blank")


def test_tags_without_words_are_empty() -> None:
    with pytest.raises(SourceEmpty):
        READERS["text/html"].read(b"<p></p>", name="blank")


@pytest.mark.parametrize("kind", _TEXTS)
@pytest.mark.parametrize(
    "content",
    [
        b"word " * 100_000,
        b"a" * 300_000,
        b"<div>" * 10_000 + b"deep words" + b"</div>" * 10_000,
        b"> " * 5_000 + b"deep words",
        b"[" * 5_000 + b" word",
        b"- " * 5_000 + b"item word",
        b"\n" * 100_000 + b"word",
        b"bro-\n" * 10_000,
        b"\xe2\x80\xa2 item\n" * 3_000,
        b"<ul><li>" * 3_000 + b"deep words",
    ],
    ids=[
        "one-line",
        "one-word",
        "deep",
        "quotes",
        "brackets",
        "dashes",
        "blank",
        "hyphens",
        "bullets",
        "lists",
    ],
)
def test_long_and_deep_input_is_read_in_a_moment(kind: str, content: bytes) -> None:
    assert_well_formed(READERS[kind].read(content, name="long"))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/plain", "--- *** ___ &&&"),
        ("text/html", "<p>&nbsp;&hellip; &mdash;</p>"),
        ("text/csv", "-,-\n*,*"),
    ],
)
def test_what_has_signs_only_says_so(kind: str, content: str) -> None:
    with pytest.raises(SourceEmpty, match=r"^a\.b has no words, only signs"):
        READERS[kind].read(content.encode(), name="a.b")


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text/plain", "12345 67.8\n90 11"), ("text/html", "<p>12&nbsp;&#51;4</p>"), ("text/csv", "1,2\n3,4")],
)
def test_what_has_figures_only_is_read(kind: str, content: str) -> None:
    assert "4" in READERS[kind].read(content.encode(), name="a.b").text
