from __future__ import annotations

from datetime import date

import pytest

from ingest.readers.epub import read
from kb.errors import SourceUnreadable
from kb.model import Document
from tests.ingest.readers.packages import zipped
from tests.ingest.readers.shape import assert_well_formed

_CONTAINER = '<container><rootfiles><rootfile full-path="book/p.opf"/></rootfiles></container>'
_OPF = """<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Guide for carers</dc:title>
<dc:creator>Ana Ruiz</dc:creator><dc:date>2024-03-05</dc:date></metadata><manifest>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="a" href="one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>
<item id="e" href="notes.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/><itemref idref="e"/></spine></package>"""


def page(body: str) -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{body}</body></html>'
    )


def book(**parts: str) -> bytes:
    return zipped(
        {
            "META-INF/container.xml": _CONTAINER,
            "book/p.opf": _OPF,
            "book/nav.xhtml": page(
                '<nav><a href="two.xhtml">Chapter two</a> <a href="one%20a.xhtml">One</a></nav>'
            ),
            "book/one a.xhtml": page("<h1>One</h1><p>First&nbsp;words<a id='x'/> here.</p>"),
            "book/two.xhtml": page(
                "<p>A rule<a epub:type='noteref' href='notes.xhtml#f1'>1</a>.</p><ol><li>Call</li></ol>"
            ),
            "book/notes.xhtml": page(
                "<aside epub:type='footnote' id='f1'><p>Or <a href='two.xhtml'>1</a>more.</p></aside>"
            ),
            **parts,
        }
    )


def seen(document: Document) -> list[tuple[str, int, str]]:
    assert_well_formed(document)
    return [(block.kind.value, block.level, document.block_text(block)) for block in document.blocks]


def test_chapters_are_read_in_the_order_of_the_spine_with_notes_behind_their_text() -> None:
    document = read(book())
    assert seen(document) == [
        ("heading", 1, "Chapter two"),
        ("paragraph", 0, "A rule[1]."),
        ("footnote", 0, "[1]"),
        ("footnote", 0, "Or more."),
        ("list_item", 1, "1. Call"),
        ("heading", 1, "One"),
        ("paragraph", 0, "First words here."),
    ]
    assert (document.title, document.author, document.dated) == (
        "Guide for carers",
        "Ana Ruiz",
        date(2024, 3, 5),
    )


def test_a_book_under_rights_management_is_refused_but_garbled_fonts_are_not() -> None:
    def encrypted(method: str) -> str:
        return (
            f'<encryption><EncryptedData><EncryptionMethod Algorithm="{method}"/>'
            '<CipherData><CipherReference URI="book/two.xhtml"/></CipherData></EncryptedData></encryption>'
        )

    with pytest.raises(SourceUnreadable, match="rights management"):
        read(book(**{"META-INF/encryption.xml": encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}))
    assert read(book(**{"META-INF/encryption.xml": encrypted("http://www.idpf.org/2008/embedding")})).text


def test_a_chapter_that_is_not_xml_is_read_as_a_web_page() -> None:
    document = read(book(**{"book/two.xhtml": "<p>Broken <b>words<p>go on & on"}))
    assert "Broken words" in document.text
    assert "go on & on" in document.text


def test_a_file_without_a_package_document_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="package document"):
        read(zipped({"a.txt": "x"}))


def test_a_spine_that_goes_round_is_read_once_and_chapters_that_are_missing_are_told() -> None:
    spine = '<itemref idref="b"/><itemref idref="a"/>' * 50 + '<itemref idref="gone"/>'
    opf = _OPF.replace("</manifest>", '<item id="gone" href="gone.xhtml" media-type="text/html"/></manifest>')
    document = read(book(**{"book/p.opf": opf.replace("</spine>", f"{spine}</spine>")}))
    assert document.text.count("First words here.") == 1
    assert document.warnings == ("chapters that are not in the book: 1",)


def test_a_page_that_only_lists_the_chapters_is_left_out_though_the_book_does_not_name_it() -> None:
    links = "<p><a href='one%20a.xhtml'>One</a></p><p><a href='two.xhtml'>Chapter two</a></p>"
    listing = f"<h3>In this guide</h3>{links}"
    document = read(book(**{"book/notes.xhtml": page(listing)}))
    assert "In this guide" not in document.text
    further = (
        "<h3>Read on</h3><p>Staff who begin read <a href='two.xhtml'>Chapter two</a> before any visit.</p>"
    )
    assert "Read on" in read(book(**{"book/notes.xhtml": page(further)})).text
