from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.office.docx import read
from kb.errors import SourceEmpty, SourceError, SourceLocked, SourceUnreadable
from kb.model import Document
from tests.ingest.readers.packages import docx, numbered, p, r, style, zipped
from tests.ingest.readers.shape import assert_well_formed

_STYLES = (
    style("Ttulo1", "heading 1")
    + style("Own", "House heading", based_on="Ttulo1")
    + style("Deep", "Section line", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>')
    + style("Body", "Body of a heading", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', based_on="Ttulo1")
    + style("Title", "Title")
    + style("Cap", "caption")
    + style("Cita", "Quote")
    + style("Code", "Source Code")
    + style("TDC1", "toc 1")
    + style("Hid", "Hidden", "<w:rPr><w:vanish/></w:rPr>")
)
_NUMBERING = """
<w:abstractNum w:abstractNumId="7">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8">
 <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="7"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
"""


_LISTED = p("Visits", "Ttulo1") + p("Call", more=numbered(0)) + p("home", more=numbered(1))


def seen(document: Document) -> list[tuple[str, int, str]]:
    assert_well_formed(document)
    return [(block.kind.value, block.level, document.block_text(block)) for block in document.blocks]


def texts(body: str, **parts: str) -> list[str]:
    return [text for _, _, text in seen(read(docx(body, **parts)))]


def test_headings_are_known_by_built_in_names_outline_levels_and_what_they_are_based_on() -> None:
    body = (
        p("Visits", "Ttulo1")
        + p("House rules", "Own")
        + p("Third", "Deep")
        + p("Direct", more='<w:outlineLvl w:val="1"/>')
        + p("Not a heading", "Body")
    )
    assert seen(read(docx(body, styles=_STYLES))) == [
        ("heading", 1, "Visits"),
        ("heading", 1, "House rules"),
        ("heading", 3, "Third"),
        ("heading", 2, "Direct"),
        ("paragraph", 0, "Not a heading"),
    ]


def test_styles_make_titles_captions_quotes_and_code_and_tables_of_contents_are_left_out() -> None:
    body = (
        p("Guide for carers", "Title")
        + p("Contents")
        + p("Visits\t3", "TDC1")
        + p("Figure 1. A visit", "Cap")
        + p("Listen first.", "Cita")
        + p("a = 1", "Code")
        + p("b = 2", "Code")
    )
    document = read(docx(body, styles=_STYLES), name="x.docx")
    assert document.title == "Guide for carers"
    assert [(kind, text) for kind, _, text in seen(document)] == [
        ("heading", "Guide for carers"),
        ("caption", "Figure 1. A visit"),
        ("quote", "Listen first."),
        ("code", "a = 1\nb = 2"),
    ]


def test_list_items_carry_their_level_and_the_number_that_word_shows() -> None:
    body = (
        p("Call", more=numbered(0))
        + p("the parent", more=numbered(1))
        + p("the school", more=numbered(1))
        + p("first", more=numbered(2))
        + p("Write", more=numbered(0))
        + p("the judge", more=numbered(1))
        + p("Pillow", more=numbered(0, 2))
        + p("Fifth", more=numbered(0, 3))
        + p("Not listed", more=numbered(0, 0))
    )
    assert seen(read(docx(body, numbering=_NUMBERING))) == [
        ("list_item", 1, "1. Call"),
        ("list_item", 2, "a) the parent"),
        ("list_item", 2, "b) the school"),
        ("list_item", 3, "1.b.I first"),
        ("list_item", 1, "2. Write"),
        ("list_item", 2, "a) the judge"),
        ("list_item", 1, "Pillow"),
        ("list_item", 1, "5. Fifth"),
        ("paragraph", 0, "Not listed"),
    ]


def test_tracked_changes_read_as_accepted() -> None:
    deleted = "<w:del><w:r><w:delText>thirty</w:delText></w:r></w:del>"
    body = (
        f"<w:p>{r('Within ')}{deleted}<w:ins>{r('ten')}</w:ins>{r(' days.')}</w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('One ')}</w:p>"
        f"<w:p>{r('paragraph.')}</w:p><w:p><w:moveFrom>{r('gone')}</w:moveFrom><w:moveTo>{r('moved')}</w:moveTo></w:p>"
    )
    assert texts(body) == ["Within ten days.", "One paragraph.", "moved"]


def test_fields_show_their_result_links_their_text_and_hidden_words_nothing() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + r("12")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = (
        f"<w:p>{r('See page ')}{field}<w:hyperlink>{r(' of the manual')}"
        f"</w:hyperlink>{r(' secret', '<w:vanish/>')}</w:p>"
        + p("Nobody sees this", "Hid")
        + "<w:p><w:r><w:t>co</w:t><w:softHyphen/><w:t>op</w:t><w:noBreakHyphen/><w:t>eration</w:t>"
        "</w:r></w:p>"
        + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('kept')}</w:sdtContent></w:sdt>"
        + f"<w:p>{r('Name: ')}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{r('Click here')}</w:sdtContent></w:sdt></w:p>"
    )
    assert texts(body, styles=_STYLES) == ["See page 12 of the manual", "coop-eration", "kept", "Name:"]


def test_notes_stand_right_after_the_paragraph_that_cites_them() -> None:
    body = (
        f'<w:p>{r("Visits are weekly")}<w:r><w:footnoteReference w:id="2"/></w:r>{r(".")}</w:p>'
        f'<w:p>{r("Appeals")}<w:r><w:endnoteReference w:id="2"/></w:r></w:p>' + p("End.")
    )
    footnotes = (
        f'<w:footnote w:type="separator" w:id="0">{p("----")}</w:footnote><w:footnote'
        f' w:id="2">{p("Or more.")}</w:footnote>'
    )
    endnotes = f'<w:endnote w:id="2">{p("Section 4.")}</w:endnote>'
    assert seen(read(docx(body, footnotes=footnotes, endnotes=endnotes))) == [
        ("paragraph", 0, "Visits are weekly[1]."),
        ("footnote", 0, "[1] Or more."),
        ("paragraph", 0, "Appeals[i]"),
        ("footnote", 0, "[i] Section 4."),
        ("paragraph", 0, "End."),
    ]


def cell(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text, run=run)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def test_table_rows_know_their_header_cells_and_repeat_what_is_merged_over_rows() -> None:
    table = (
        row(cell("Region"), cell("Office"), cell("Phone"), properties="<w:tblHeader/>")
        + row(cell("North", '<w:vMerge w:val="restart"/>'), cell("Pine"), cell("111"))
        + row(cell("", "<w:vMerge/>"), cell("Oak"), cell(""))
        + row(cell("Gone"), cell("x"), cell("y"), properties="<w:del/>")
        + row(cell("All offices", '<w:gridSpan w:val="3"/>'))
    )
    document = read(docx(f"<w:tbl>{table}</w:tbl>"))
    assert [text for _, _, text in seen(document)] == [
        "Region | Office | Phone",
        "North | Pine | 111",
        "North | Oak",
        "All offices",
    ]
    assert [block.headers for block in document.blocks] == [
        (),
        ("Region", "Office", "Phone"),
        ("Region", "Office"),
        (),
    ]


def test_a_bold_first_row_is_a_header_and_the_head_of_a_form_is_none() -> None:
    bold = row(cell("Fee", run="<w:b/>"), cell("Amount", run="<w:b/>")) + row(cell("Copy"), cell("$1"))
    form = row(
        cell("Name", '<w:gridSpan w:val="3"/>'),
        cell("Date", '<w:gridSpan w:val="2"/>'),
        properties="<w:tblHeader/>",
    )
    form += row(cell("1"), cell("Clean", '<w:gridSpan w:val="3"/>'), cell("yes")) * 3
    headers = [
        block.headers for block in read(docx(f"<w:tbl>{bold}</w:tbl>{p('x')}<w:tbl>{form}</w:tbl>")).blocks
    ]
    assert headers == [(), ("Fee", "Amount"), (), (), (), (), ()]


def test_a_table_that_only_lays_out_text_is_text_and_a_table_in_a_cell_has_rows_of_its_own() -> None:
    inner = f"<w:tbl>{row(cell('a'), cell('b'))}</w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{p('Framed', 'Ttulo1')}{p('Words.')}</w:tc></w:tr></w:tbl>"
    body += f"<w:tbl><w:tr><w:tc>{p('Left')}{inner}</w:tc>{cell('Right')}</w:tr></w:tbl>"
    assert [(kind, text) for kind, _, text in seen(read(docx(body, styles=_STYLES)))] == [
        ("heading", "Framed"),
        ("paragraph", "Words."),
        ("paragraph", "Left"),
        ("table_row", "a | b"),
        ("paragraph", "Right"),
    ]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    content = f"<w:txbxContent>{p('In the box')}</w:txbxContent>"
    drawing = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:wsp><wps:txbx>"
        f"{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(f"<w:p>{r('Before')}{drawing}</w:p>{p('After')}") == ["Before", "In the box", "After"]


def test_bold_lines_are_headings_only_where_nothing_is_styled_as_one() -> None:
    body = p("Fees", run="<w:b/>") + p("They are low.") + p("Hours", run="<w:b/>") + p("Nine to five.")
    assert [kind for kind, _, _ in seen(read(docx(body)))] == ["heading", "paragraph", "heading", "paragraph"]
    styled = p("Top", "Ttulo1") + body
    assert [kind for kind, _, _ in seen(read(docx(styled, styles=_STYLES)))].count("heading") == 1


def test_properties_are_believed_with_care() -> None:
    core = (
        "<dc:title>Visiting rules</dc:title><dc:creator>Ana Ruiz</dc:creator>"
        "<dcterms:modified>2024-03-05T10:00:00Z</dcterms:modified>"
    )
    document = read(docx(p("The rules for visiting a child."), core=core), name="a1b2c3d4.docx")
    assert (document.title, document.author, document.dated) == (
        "Visiting rules",
        "Ana Ruiz",
        date(2024, 3, 5),
    )
    stale = core.replace("Visiting rules", "Quarterly budget").replace("Ana Ruiz", "Microsoft Office User")
    document = read(docx(p("How to become a carer."), core=stale), name="a1b2c3d4.docx")
    assert (document.title, document.author) == ("How to become a carer.", "")


def test_the_strict_form_of_the_format_is_read_alike() -> None:
    content = zipped(
        {
            "word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
            + p("Strict words")
            + "</w:body></w:document>"
        }
    )
    assert read(content).text == "Strict words"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 broken", "damaged"),
        (b"not a zip", "damaged"),
        (zipped({"other.xml": "<a/>"}), "missing"),
        (zipped({"word/document.xml": "<<<"}), "not XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted", "password"),
    ],
)
def test_a_file_that_is_no_word_document_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises((SourceUnreadable, SourceLocked), match=words):
        read(content)


def test_a_document_without_words_is_empty() -> None:
    with pytest.raises(SourceEmpty):
        read(docx(p("")))


def test_entities_are_never_resolved() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    content = zipped(
        {
            "word/document.xml": bomb
            + f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"{p('Words &b;')}</w:body></w:document>"
        }
    )
    assert read(content).text == "Words"


@settings(deadline=None)
@given(st.data())
def test_a_damaged_part_is_read_or_refused(data: st.DataObject) -> None:
    source = zipfile.ZipFile(io.BytesIO(docx(_LISTED, styles=_STYLES, numbering=_NUMBERING)))
    parts = {name: bytearray(source.read(name)) for name in source.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name]) - 1))
    noise = data.draw(st.sampled_from([b"", b"-9", b"<x/>", b"99999999999", b'"', b"zz"]))
    parts[name][at : at + data.draw(st.integers(1, 40))] = noise
    try:
        assert_well_formed(read(zipped({path: bytes(content) for path, content in parts.items()})))
    except SourceError:
        return
