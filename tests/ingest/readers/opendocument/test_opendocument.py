from __future__ import annotations

from datetime import date

import pytest

from ingest.readers.opendocument import odp, ods, odt
from ingest.readers.shared import sheets
from kb.errors import SourceLocked
from kb.model import BlockKind, Document
from tests.ingest.readers.packages import odf, zipped
from tests.ingest.readers.shape import assert_well_formed

_LISTS = (
    '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1"'
    ' style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a"'
    ' style:num-suffix=")" text:display-levels="1"/></text:list-style>'
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)
_STYLES = (
    '<style:style style:name="Quotations" style:family="paragraph"/>'
    '<style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="Hidden" style:family="text"><style:text-properties'
    ' text:display="none"/></style:style>'
)


def seen(document: Document) -> list[tuple[str, int, str]]:
    assert_well_formed(document)
    return [(block.kind.value, block.level, document.block_text(block)) for block in document.blocks]


def item(*inner: str) -> str:
    return f"<text:list-item>{''.join(inner)}</text:list-item>"


def test_a_text_keeps_headings_lists_notes_quotes_and_leaves_out_what_is_not_shown() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Or more.</text:p>"
        "</text:note-body></text:note>"
    )
    numbers = item("<text:p>Call</text:p>", f"<text:list>{item('<text:p>home</text:p>')}</text:list>")
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        "<text:table-of-content><text:p>Visits 3</text:p></text:table-of-content>"
        '<text:p text:style-name="Title">Guide for carers</text:p>'
        '<text:h text:outline-level="2">Visits</text:h>'
        f"<text:p>Weekly{note}, <text:span text:style-name='Hidden'>secret</text:span>at<text:s"
        f" text:c='3'/>home"
        "<office:annotation><text:p>remark</text:p></office:annotation>.</text:p>"
        f'<text:list text:style-name="N">{numbers}{item("<text:p>Write</text:p>")}</text:list>'
        f'<text:list text:style-name="B">{item("<text:p>Pillow</text:p>")}</text:list>'
        f'<text:list text:style-name="N"'
        f' text:continue-numbering="true">{item("<text:p>Third</text:p>")}</text:list>'
        '<text:p text:style-name="Quotations">Listen first.</text:p>'
        "<text:p>Look<draw:frame><draw:text-box><text:p>In the box</text:p></draw:text-box>"
        "</draw:frame></text:p>"
    )
    meta = "<meta:initial-creator>Ana Ruiz</meta:initial-creator><dc:date>2024-03-05T10:00:00</dc:date>"
    document = odt.read(odf(body, styles=_STYLES, automatic=_LISTS, meta=meta))
    assert seen(document) == [
        ("heading", 1, "Guide for carers"),
        ("heading", 2, "Visits"),
        ("paragraph", 0, "Weekly[1], at home."),
        ("footnote", 0, "[1] Or more."),
        ("list_item", 1, "1. Call"),
        ("list_item", 2, "a) home"),
        ("list_item", 1, "2. Write"),
        ("list_item", 1, "Pillow"),
        ("list_item", 1, "3. Third"),
        ("quote", 0, "Listen first."),
        ("paragraph", 0, "Look"),
        ("paragraph", 0, "In the box"),
    ]
    assert (document.title, document.author, document.dated) == (
        "Guide for carers",
        "Ana Ruiz",
        date(2024, 3, 5),
    )


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def test_table_rows_have_headers_and_merged_cells_speak_for_their_rows() -> None:
    table = (
        "<table:table><table:table-header-rows><table:table-row>"
        f"{cell('Region')}{cell('Office')}</table:table-row></table:table-header-rows><table:table-row>"
        + cell("North", 'table:number-rows-spanned="2"')
        + f"{cell('Pine')}</table:table-row><table:table-row><table:covered-table-cell/>{cell('Oak')}"
        "</table:table-row></table:table>"
    )
    document = odt.read(odf(table))
    assert [text for _, _, text in seen(document)] == ["Region | Office", "North | Pine", "North | Oak"]
    assert document.blocks[2].headers == ("Region", "Office")


def test_a_spreadsheet_shows_what_its_cells_say_and_hides_what_is_hidden() -> None:
    figure = 'office:value-type="percentage" office:value="0.256"'
    body = (
        '<table:table table:name="Fees">'
        f"<table:table-row>{cell('County')}{cell('Share')}</table:table-row>"
        f"<table:table-row>{cell('Pine')}{cell('25.6%', figure)}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{cell("gone")}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell'
        ' table:number-columns-repeated="16384"/></table:table-row></table:table>'
        f'<table:table table:name="Secret" table:style-name="off"><table:table-row>{cell("x")}'
        f"</table:table-row></table:table>"
    )
    off = (
        '<style:style style:name="off" style:family="table"><style:table-properties'
        ' table:display="false"/></style:style>'
    )
    document = ods.read(odf(body, "spreadsheet", automatic=off))
    assert [text for _, _, text in seen(document)] == ["Fees", "County | Share", "Pine | 25.6%"]
    assert document.blocks[2].headers == ("County", "Share")
    assert document.pages[0].label == "Fees"
    assert document.warnings == (
        "hidden sheets were left out: Secret",
        "hidden rows or columns were left out of: Fees",
    )


def test_a_presentation_has_a_page_for_each_slide_and_its_notes() -> None:
    body = (
        '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Visits</text:p>'
        "</draw:text-box>"
        '</draw:frame><draw:frame presentation:class="outline"><draw:text-box><text:list>'
        f"{item('<text:p>Call ahead</text:p>')}</text:list></draw:text-box></draw:frame>"
        '<presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Slowly.</text:p>'
        "</draw:text-box></draw:frame></presentation:notes></draw:page>"
    )
    document = odp.read(odf(body, "presentation"))
    assert seen(document) == [
        ("heading", 1, "Visits"),
        ("list_item", 1, "Call ahead"),
        ("paragraph", 0, "Slowly."),
    ]
    assert {block.page for block in document.blocks} == {1}


def test_an_encrypted_file_is_refused_with_a_remedy() -> None:
    content = zipped(
        {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>", "content.xml": "xx"}
    )
    with pytest.raises(SourceLocked, match="password") as caught:
        odt.read(content)
    assert "without a password" in caught.value.remedy


def test_a_row_repeated_a_million_times_is_read_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 40)
    cell = '<table:table-cell table:number-columns-repeated="16384">'
    cell += "<text:p>at night</text:p></table:table-cell>"
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    document = ods.read(odf(f'<table:table table:name="Desk">{row * 3}</table:table>', "spreadsheet"))
    assert len([block for block in document.blocks if block.kind is BlockKind.TABLE_ROW]) == 40
    assert any("too long" in warning for warning in document.warnings)
    assert any("too wide" in warning for warning in document.warnings)
