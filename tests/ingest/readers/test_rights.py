"""Licence, rights, owner and publisher reach a document from every format that has fields for them."""

from __future__ import annotations

import pytest

from ingest.readers import html, markdown
from ingest.readers.epub import read as read_epub
from ingest.readers.office.docx import read as read_docx
from ingest.readers.opendocument.odt import read as read_odt
from ingest.readers.pdf import read as read_pdf
from ingest.readers.shared.rights import rights
from kb.model import Document
from tests.ingest.readers import packages
from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper

WORDS = "The desk answers at any hour, also on holidays."
CC, TERMS = "https://creativecommons.org/licenses/by/4.0/", "Free to copy with the name of its owner"
WANTED = {"Licence": CC, "Rights": TERMS, "Owner": "County of Lakes", "Publisher": "Office of Care"}
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def page(head: str, body: str = "") -> bytes:
    return f"<html><head><title>Desk</title>{head}</head><body><p>{WORDS}</p>{body}</body></html>".encode()


def a_page() -> Document:
    head = (
        f'<link rel="license" href="{CC}"><meta name="dcterms.rights" content="{TERMS}">'
        '<meta name="DC.publisher" content="Office of Care"><script type="application/ld+json">'
        '{"copyrightHolder": {"@type": "Organization", "name": "County of Lakes"}}</script>'
    )
    return html.read(page(head))


def a_note() -> Document:
    front = f"---\nlicense: {CC}\nrights: {TERMS}\nowner: County of Lakes\npublisher: Office of Care\n---\n\n"
    return markdown.read(f"{front}# Desk\n\n{WORDS}\n".encode())


def a_text() -> Document:
    names = {"License": CC, "Copyright": TERMS, "Owner": "County of Lakes"}
    meta = "".join(
        f'<meta:user-defined meta:name="{name}">{said}</meta:user-defined>' for name, said in names.items()
    )
    return read_odt(
        packages.odf(f"<text:p>{WORDS}</text:p>", meta=f"{meta}<dc:publisher>Office of Care</dc:publisher>")
    )


def a_letter() -> Document:
    parts = packages.parts_of(packages.docx(packages.p(WORDS)))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = "".join(
        f'<Relationship Id="{name}" Type="{kind}/{name}-properties" Target="docProps/{name}.xml"/>'
        for name in ("extended", "custom")
    )
    relations = str(
        parts["_rels/.rels"] if isinstance(parts["_rels/.rels"], str) else parts["_rels/.rels"].decode()
    )
    parts["_rels/.rels"] = relations.replace("</Relationships>", f"{more}</Relationships>")
    parts["docProps/extended.xml"] = "<Properties><Company>County of Lakes</Company></Properties>"
    named = {"License": CC, "Derechos": TERMS, "Publisher": "Office of Care"}
    stated = "".join(
        f'<property name="{name}"><lpwstr>{said}</lpwstr></property>' for name, said in named.items()
    )
    parts["docProps/custom.xml"] = f"<Properties>{stated}</Properties>"
    return read_docx(packages.zipped(parts))


def a_book() -> Document:
    opf = (
        f"<package {DC}><metadata><dc:rights>{TERMS}</dc:rights><license>{CC}</license>"
        "<dc:publisher>Office of Care</dc:publisher></metadata><manifest>"
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
    chapter = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{WORDS}</p></body></html>"
    return read_epub(packages.zipped({"META-INF/container.xml": container, "p.opf": opf, "a.xhtml": chapter}))


def packet(inner: str) -> bytes:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{rdf}"><rdf:Description {DC}'
        f' xmlns:r="http://ns.adobe.com/xap/1.0/rights/">{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def a_print() -> Document:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    stated = packet(
        '<pdf:Producer xmlns:pdf="http://ns.adobe.com/pdf/1.3/">Press</pdf:Producer>'
        f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{TERMS}</rdf:li></rdf:Alt></dc:rights>'
        f"<r:WebStatement>{CC}</r:WebStatement>"
        "<r:Owner><rdf:Bag><rdf:li>County of Lakes</rdf:li></rdf:Bag></r:Owner>"
        "<dc:publisher><rdf:Bag><rdf:li>Office of Care</rdf:li></rdf:Bag></dc:publisher>"
    )
    of_a_picture = packet("<dc:rights>A photographer</dc:rights>")
    return read_pdf(paper.content() + stated + of_a_picture)


@pytest.mark.parametrize("make", [a_page, a_note, a_text, a_letter, a_print], ids=lambda make: make.__name__)
def test_all_four_are_kept(make: object) -> None:
    assert callable(make)
    assert dict(make().particulars) == WANTED


def test_a_book_has_no_field_for_its_owner() -> None:
    assert dict(a_book().particulars) == {name: said for name, said in WANTED.items() if name != "Owner"}


def test_a_licence_that_a_page_links_to_is_called_by_its_words() -> None:
    found = html.read(page("", f'<p><a rel="license" href="{CC}">CC BY 4.0</a></p>'))
    assert dict(found.particulars) == {"Licence": "CC BY 4.0"}


@pytest.mark.parametrize("company", ["Microsoft Corporation", "HP", "  ", "user"])
def test_what_programs_fill_in_is_no_owner(company: str) -> None:
    assert rights({"company": [company]}) == ()


@pytest.mark.parametrize(
    "broken", [b"<x:xmpmeta", b"<x:xmpmeta>http://ns.adobe.com/pdf/<a></x:xmpmeta>", b"</x:xmpmeta>"]
)
def test_a_broken_packet_says_nothing(broken: bytes) -> None:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    assert read_pdf(paper.content() + broken).particulars == ()
