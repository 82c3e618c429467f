"""Is the kind of a document told by its content, and its text decoded without damage?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import FORMATS, HTML, MARKDOWN, PLAIN
from ingest.mediatype import decode, decode_as, media_type
from ingest.readers.registry import reader_for
from kb.errors import SourceUnreadable, UnknownFormat

SPANISH = "¿Cuándo atenderán a la niña? La línea está abierta después de las 8 — “día y noche”."


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"Call the hotline at any hour.", "a.txt", PLAIN),
        (b"", "empty.txt", PLAIN),
        (b"# Plan\n\nSee **step two**.\n", "plan.txt", MARKDOWN),
        (b"## One\n\nText.\n\n## Two\n\nText.\n", "", MARKDOWN),
        (b"Just a line.", "notes.md", MARKDOWN),
        (b"<!DOCTYPE html><p>Hello there", "page.txt", HTML),
        (b"  <html><body>Hello</body></html>", "page.md", HTML),
        (b"<div>Part of a page</div>", "part", HTML),
        (b"<div align=center>Logo</div>\n\n# Title\n", "readme.md", MARKDOWN),
        (b"Words without a tag", "page.html", PLAIN),
        (b"# a comment\nkey = value\n", "settings.txt", PLAIN),
    ],
)
def test_the_content_decides_and_the_name_hints(content: bytes, name: str, expected: str) -> None:
    assert media_type(content, name) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n123", "a PNG image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (bytes(range(256)) * 8, "a binary file"),
        (b"<?xml version='1.0'?><feed/>", "an XML document"),
        (b"<?xml version='1.0'?><svg/>", "a drawing (SVG)"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_can(content: bytes, words: str) -> None:
    with pytest.raises(UnknownFormat) as caught:
        reader_for(media_type(content, "letter.txt"))
    assert words in str(caught.value)
    assert "web pages (HTML), " in str(caught.value)
    assert "Markdown, plain text" in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_spanish_comes_out_right_in_every_common_encoding(encoding: str) -> None:
    text, _ = decode(SPANISH.encode(encoding))
    assert text.removeprefix("\ufeff") == SPANISH


@pytest.mark.parametrize("encoding", ["latin-1", "mac_roman", "cp850"])
def test_older_encodings_of_spanish_are_told_apart(encoding: str) -> None:
    text = "¿Qué necesita la familia? Atención a niños y jóvenes según la petición del corazón."
    assert decode(text.encode(encoding))[0] == text


def test_one_stray_byte_does_not_turn_utf8_into_gibberish() -> None:
    text, encoding = decode((SPANISH * 5).encode() + b"\xff" + SPANISH.encode())
    assert encoding == "utf-8"
    assert "línea" in text


def test_a_stray_nul_is_not_binary() -> None:
    assert decode(b"A long enough sentence with one \x00 in it.")[0].startswith("A long")


def test_binary_content_is_refused() -> None:
    with pytest.raises(SourceUnreadable):
        decode(bytes(range(32)) * 40)


def test_a_stated_encoding_that_does_not_exist_or_fit_is_left_aside() -> None:
    assert decode_as(b"abc", "klingon") is None
    assert decode_as("día día día".encode("cp1252"), "utf-8") is None
    assert decode_as("“día”".encode("cp1252"), "iso-8859-1") == "“día”"


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "a.txt", "a.html", "a.md"]))
def test_any_bytes_have_a_type(content: bytes, name: str) -> None:
    assert media_type(content, name) in FORMATS or media_type(content, name) in {PLAIN, MARKDOWN}


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
def test_utf8_text_is_decoded_as_it_was_written(text: str) -> None:
    decoded, encoding = decode(text.encode())
    assert encoding in {"utf-8", "utf-8-sig"}
    assert decoded == text.removeprefix("\ufeff")
