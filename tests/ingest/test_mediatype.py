"""Is the kind of a document told by its content, and its text decoded without damage?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import (
    CSV,
    DOC,
    DOCX,
    EPUB,
    FORMATS,
    HTML,
    LOCKED,
    MARKDOWN,
    MESSAGE,
    ODS,
    ODT,
    OLE,
    OUTLOOK,
    PDF,
    PLAIN,
    PPT,
    PPTX,
    RTF,
    XLS,
    XLSX,
    ZIP,
)  # fmt: skip
from ingest.mediatype import decode, decode_as, media_type
from ingest.readers.registry import reader_for
from kb.errors import SourceLocked, SourceUnreadable, UnknownFormat
from tests.ingest.archive_fixtures import zipped
from tests.ingest.readers.packages import compound

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
    [(bytes(range(256)) * 8, "a binary file"), (b"<?xml version='1.0'?><feed/>", "an XML document")],
)
def test_what_cannot_be_read_is_named_with_what_can(content: bytes, words: str) -> None:
    with pytest.raises(UnknownFormat) as caught:
        reader_for(media_type(content, "letter.txt"))
    assert words in str(caught.value)
    assert "web pages (HTML), " in str(caught.value)
    assert "Markdown, plain text" in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "words", "way"),
    [
        (b"\x89PNG\r\n\x1a\n123", "a PNG image", "a PDF with recognised text"),
        (b"\x1f\x8b\x08\x00", "a gzip archive", "Unpack it"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive", "Unpack it"),
        (b"<?xml version='1.0'?><svg/>", "a drawing (SVG)", "a PDF with recognised text"),
    ],
)
def test_what_cannot_be_read_but_made_readable_is_named_with_the_way(
    content: bytes, words: str, way: str
) -> None:
    with pytest.raises(UnknownFormat) as caught:
        reader_for(media_type(content, "letter.txt"))
    assert str(caught.value).endswith(f"it seems to be {words}; such files cannot be read")
    assert way in caught.value.remedy


MAIL = "Message-ID: <1@a.org>\nFrom: a@a.org\nTo: b@b.org\nSubject: Visit\n\nSee you.\n"
MEMO = "From: The office\nTo: All staff\nSubject: Parking\nDate: 2 May\n\nThere are twelve places.\n"
ROWS = "name;phone;city\n" + "Ana;555-0100;Ventura\n" * 9


def stating(kind: str) -> dict[str, str]:
    """Return the parts of an Office file that states the type of its main part."""
    main = f'<Override PartName="/m" ContentType="application/vnd.{kind}.main+xml"/>'
    return {"[Content_Types].xml": f"<Types>{main}</Types>"}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (stating("openxmlformats-officedocument.wordprocessingml.document"), DOCX),
        (stating("ms-word.document.macroEnabled"), DOCX),
        (stating("openxmlformats-officedocument.presentationml.slideshow"), PPTX),
        (stating("ms-excel.sheet.macroEnabled"), XLSX),
        ({"xl/workbook.xml": "<workbook/>"}, XLSX),
        ({"mimetype": "application/vnd.oasis.opendocument.text-template", "content.xml": "<a/>"}, ODT),
        ({"content.xml": "", "META-INF/manifest.xml": f'<f manifest:media-type="{ODS}"/>'}, ODS),
        ({"mimetype": "application/epub+zip\n"}, EPUB),
        ({"word/notes.txt": "A folder of the name of a Word part.", "plan.txt": "Words."}, ZIP),
    ],
)  # fmt: skip
def test_what_is_zipped_is_told_by_its_parts(parts: dict[str, str], expected: str) -> None:
    for name in ("letter.pdf", "", "archive.zip"):
        assert media_type(zipped(parts), name) == expected


def test_a_word_file_that_was_cut_off_is_still_a_word_file() -> None:
    whole = zipped({"word/document.xml": "<document/>" * 100, "word/styles.xml": "<styles/>"})
    assert media_type(whole[: len(whole) // 2], "letter.docx") == DOCX


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("WordDocument", DOC),
        ("Workbook", XLS),
        ("PowerPoint Document", PPT),
        ("__properties_version1.0", OUTLOOK),
        ("EncryptionInfo", LOCKED),
        ("Anything", OLE),
    ],
)
def test_old_office_files_are_told_by_their_streams(stream: str, expected: str) -> None:
    assert media_type(compound({stream: b"x" * 600}), "letter.docx") == expected


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"\x00\x01 junk of a printer\n%PDF-1.4\n1 0 obj\nendobj\nstartxref", "scan.txt", PDF),
        (b"The header of a PDF is %PDF-1.4, and it stands at its start.", "pdf.txt", PLAIN),
        (b"  {\\rtf1\\ansi Hello}", "letter.doc", RTF),
        (MAIL.encode(), "letter.txt", MESSAGE),
        (MEMO.encode(), "memo.txt", PLAIN),
        (MEMO.encode(), "memo.eml", MESSAGE),
        (ROWS.encode(), "list.txt", CSV),
        (b"name,phone\nAna,555-0100\n", "list.csv", CSV),
        (b"name,phone\nAna,555-0100\n", "list.txt", PLAIN),
        (b"One, two, three.\nFour, five.\n" * 9, "poem.txt", PLAIN),
        (b"Words in a file of the wrong name.\n", "words.csv", PLAIN),
    ],
)
def test_kinds_of_text_and_what_looks_like_text_are_told_apart(
    content: bytes, name: str, expected: str
) -> None:
    assert media_type(content, name) == expected


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x05\x06"])
@settings(deadline=None)
@given(rest=st.binary(max_size=1500))
def test_any_bytes_after_the_start_of_a_container_have_a_type(start: bytes, rest: bytes) -> None:
    assert media_type(start + rest) in FORMATS


@settings(deadline=None)
@given(st.integers(0, 4000), st.binary(max_size=40))
def test_a_damaged_old_office_file_has_a_type(at: int, damage: bytes) -> None:
    content = bytearray(compound({"WordDocument": b"x" * 600}))
    content[at : at + len(damage)] = damage
    assert media_type(bytes(content)) in FORMATS or content[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_what_has_a_password_or_an_old_format_tells_what_to_do() -> None:
    with pytest.raises(SourceLocked, match="is locked with a password") as caught:
        reader_for(LOCKED)
    assert "without a password" in caught.value.remedy


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
    assert media_type(content, name) in FORMATS


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
def test_utf8_text_is_decoded_as_it_was_written(text: str) -> None:
    decoded, encoding = decode(text.encode())
    assert encoding in {"utf-8", "utf-8-sig"}
    assert decoded == text.removeprefix("\ufeff")


_LINE = "¿Qué pide la familia? “Años”, dice la niña – y 5 €."


@pytest.mark.parametrize(
    "lines", [("utf-8", "cp1252"), ("utf-8", "utf-8", "cp1252"), ("cp1252", "cp1252", "utf-8")]
)
def test_lines_in_two_encodings_are_each_read_in_their_own(lines: tuple[str, ...]) -> None:
    content = b"\n".join(_LINE.encode(encoding) for encoding in lines * 3)
    assert decode(content)[0].splitlines() == [_LINE] * len(lines) * 3


def test_a_letter_that_was_pasted_into_a_line_is_read_in_its_own_encoding() -> None:
    line = "La niña y la ".encode() + "abuela señalan".encode("cp1252") + " el río.".encode()
    assert decode(line)[0] == "La niña y la abuela señalan el río."
    assert decode("Año ".encode("cp1252") * 9 + "señal".encode())[0] == "Año " * 9 + "señal"


def test_a_text_of_one_encoding_stays_as_it_is() -> None:
    assert decode("CAFÉ’S “É” NÃO à São".encode("cp1252"))[0] == "CAFÉ’S “É” NÃO à São"
    assert decode("Слово 語 é".encode())[0] == "Слово 語 é"
    assert decode("El río y la señal, año".encode()[:-4] + b"\xc3")[0].endswith("\ufffd")


def test_a_stated_encoding_that_a_few_letters_do_not_keep_is_mended_too() -> None:
    content = "La señal y el año de la niña en la ciudad de la costa. ".encode() * 20 + "río".encode("cp1252")
    assert (decode_as(content, "utf-8") or "").endswith("río")
    assert decode_as("señal año niña".encode("cp1252") * 9, "utf-8") is None


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([b"\xe9", b"\xc3", b"\xa9", b"\xe2\x80", b"\x93", b"a ", "ñ".encode(), "語".encode()])
    )
)
def test_any_mixture_of_bytes_is_some_text(pieces: list[bytes]) -> None:
    text, _ = decode(b"Some words of a text. " * 4 + b"".join(pieces))
    assert text.startswith("Some words of a text. ")
