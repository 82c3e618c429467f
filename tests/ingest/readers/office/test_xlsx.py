from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.readers.office.xlsx import read
from ingest.readers.shared import sheets
from kb.errors import SourceUnreadable
from kb.model import Document
from tests.functional.hostile_repeats import xlsx
from tests.ingest.readers.packages import parts_of, zipped
from tests.ingest.readers.shape import assert_well_formed


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def workbook(fill: Callable[[Worksheet], object], title: str = "Fees") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    fill(book.active)
    return saved(book)


def rows(document: Document) -> list[tuple[str, str, tuple[str, ...]]]:
    assert_well_formed(document)
    return [(block.kind.value, document.block_text(block), block.headers) for block in document.blocks]


def test_a_sheet_is_a_page_with_its_name_and_rows_stand_under_their_headers() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["County", "Families", "Share", "Since", "Cost"])
        sheet.append(["Pine", 1200, 0.256, date(2024, 3, 5), 1234.5])
        sheet["C2"].number_format = "0.0%"
        sheet["D2"].number_format = "d mmm yyyy"
        sheet["E2"].number_format = '"$"#,##0.00'

    document = read(workbook(fill), name="county-fees.xlsx")
    names = ("County", "Families", "Share", "Since", "Cost")
    assert rows(document) == [
        ("heading", "Fees", ()),
        ("table_row", "County | Families | Share | Since | Cost", ()),
        ("table_row", "Pine | 1200 | 25.6% | 5 Mar 2024 | $1,234.50", names),
    ]
    assert [(page.number, page.label) for page in document.pages] == [(1, "Fees")]
    assert {block.page for block in document.blocks} == {1}
    assert document.title == "county fees"


def test_a_merged_title_is_a_heading_and_merged_cells_speak_for_all_their_rows() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "Payments in 2024"
        sheet.merge_cells("A1:C1")
        for line in (["Region", "Age", "Rate"], ["North", "0-5", 600], [None, "6-12", 650]):
            sheet.append(line)
        sheet.merge_cells("A3:A4")

    document = read(workbook(fill, "Sheet1"))
    assert rows(document) == [
        ("heading", "Payments in 2024", ()),
        ("table_row", "Region | Age | Rate", ()),
        ("table_row", "North | 0-5 | 600", ("Region", "Age", "Rate")),
        ("table_row", "North | 6-12 | 650", ("Region", "Age", "Rate")),
    ]
    assert document.title == "Payments in 2024"


def test_headers_with_two_lines_are_joined_and_a_gap_does_not_lose_them() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Office", "2024", None])
        sheet.append(["Name", "Visits", "Calls"])
        sheet.append(["Oak", 3, 4])
        sheet.append([])
        sheet.append(["Elm", 5, 6])
        sheet.merge_cells("B1:C1")
        for cell in (*sheet[1], *sheet[2]):
            cell.font = Font(bold=True)

    found = rows(read(workbook(fill, "Sheet1")))
    assert [headers for _, _, headers in found][2:] == [("Office Name", "2024 Visits", "2024 Calls")] * 2


def test_key_and_value_lists_and_single_columns_have_no_headers() -> None:
    def fill(sheet: Worksheet) -> None:
        for line in (["Name", "Ana"], ["City", "Reno"], [], ["First note."], ["Second note."]):
            sheet.append(line)

    assert rows(read(workbook(fill, "Sheet1"))) == [
        ("table_row", "Name | Ana", ()),
        ("table_row", "City | Reno", ()),
        ("paragraph", "First note.", ()),
        ("paragraph", "Second note.", ()),
    ]


def test_what_is_hidden_is_left_out_with_a_warning() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["Name", "Code", "City"], ["Ana", "X1", "Reno"], ["Ben", "X2", "Elko"]):
        sheet.append(line)
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("Lookup").append(["secret"])
    book["Lookup"].sheet_state = "hidden"
    document = read(saved(book))
    assert "Ana | Reno" in document.text
    assert not any(word in document.text for word in ("X1", "Ben", "secret"))
    assert any("hidden sheets were left out: Lookup" in warning for warning in document.warnings)
    assert any("hidden rows or columns were left out of: Sheet" in warning for warning in document.warnings)


def test_formulas_without_a_result_are_told_of() -> None:
    document = read(workbook(lambda sheet: sheet.append(["Total", "=1+1"])))
    assert "1 formulas have no saved result" in document.warnings[0]


def test_long_and_wide_sheets_are_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    monkeypatch.setattr(sheets, "WIDEST", 3)

    def fill(sheet: Worksheet) -> None:
        for number in range(9):
            sheet.append([f"word{number}"] * 4)

    document = read(workbook(fill))
    assert "word4" in document.text
    assert "word5" not in document.text
    assert any("too long: only its first 5 rows" in warning for warning in document.warnings)
    assert any("too wide" in warning for warning in document.warnings)


def test_a_long_list_in_one_column_is_read_in_a_moment() -> None:
    lines = [(at, [sheets.Value(f"line {at}", 0)]) for at in range(50_000)]
    assert len(list(sheets.pieces_of(sheets.Sheet("List", lines)))) == 50_000


def test_cells_far_apart_cost_nothing() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "Near words"
        sheet["XFD1048576"] = "Far words"

    assert read(workbook(fill)).text.endswith("Near words\n\nFar words")


def test_times_in_iso_form_and_errors_are_no_trouble() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
        '<c t="d"><v>2024-03-05T00:00:00</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c>'
        '<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c t="s"><v>99</v></c>'
        '<c s="77"><v>4</v></c><c><v>oops</v></c></row></sheetData></worksheet>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = zipped(
        {
            "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            f' xmlns:r="{kind}"><sheets><sheet name="Log" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="r1" Type="{kind}/worksheet" Target="/xl/s.xml"/>'
            f"</Relationships>",
            "xl/s.xml": sheet,
        }
    )
    assert read(content).text == "Log\n\n2024-03-05 | TRUE | inline | 4 | oops"


def test_a_moment_is_shown_with_its_clock() -> None:
    document = read(workbook(lambda sheet: sheet.append(["Seen", datetime(2024, 3, 5, 14, 30)])))
    assert "2024-03-05 14:30:00" in document.text


def test_a_damaged_workbook_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="workbook"):
        read(zipped({"xl/other.xml": "<a/>"}))


def test_letters_that_xml_cannot_hold_are_shown_as_the_letters_they_are() -> None:
    document = read(
        xlsx('<row><c t="str"><v>Call_x000D_&#10;the desk &amp; wait</v></c>'
             '<c t="inlineStr"><is><t>line_x005F_x0041_ &lt;b&gt;</t></is></c></row>')
    )  # fmt: skip
    assert "Call the desk & wait" in " ".join(document.text.split())
    assert "line_x0041_ <b>" in document.text
    assert "_x000D_" not in document.text


def test_tables_side_by_side_are_read_one_after_the_other_and_a_form_with_blank_columns_is_not_cut() -> None:
    def beside(sheet: Worksheet) -> None:
        for row in (
            ["County", "Homes", None, None, None],
            ["Pine", 12, None, None, None],
            ["Lake", 30, None, "Year", "Calls"],
            ["Hill", 41, None, 2023, 980],
            [None, None, None, 2024, 1010],
        ):
            sheet.append(row)

    assert rows(read(workbook(beside, "Sheet1"))) == [
        ("table_row", "County | Homes", ()),
        ("table_row", "Pine | 12", ("County", "Homes")),
        ("table_row", "Lake | 30", ("County", "Homes")),
        ("table_row", "Hill | 41", ("County", "Homes")),
        ("table_row", "Year | Calls", ()),
        ("table_row", "2023 | 980", ("Year", "Calls")),
        ("table_row", "2024 | 1010", ("Year", "Calls")),
    ]

    def form(sheet: Worksheet) -> None:
        for label, answer in (("Worker", "Ana"), ("Family", "Ortiz"), ("Visited", "yes"), ("Placed", "no")):
            sheet.append([label, None, answer])

    assert [text for _, text, _ in rows(read(workbook(form, "Sheet1")))] == [
        "Worker | Ana", "Family | Ortiz", "Visited | yes", "Placed | no",
    ]  # fmt: skip


def test_two_names_over_cells_that_all_have_digits_are_a_header() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Office", "Street"])
        for number in (12, 40, 7):
            sheet.append(["Pine County", f"{number} Main Street"])

    assert [headers for _, _, headers in rows(read(workbook(fill, "Sheet1")))] == [
        (), *[("Office", "Street")] * 3
    ]  # fmt: skip


def test_a_figure_that_is_no_number_is_shown_as_it_stands() -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>nan</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>3</v></c></row>'
        "</sheetData></worksheet>"
    )
    book = zipped(
        parts_of(workbook(lambda page: page.append(["x"]), "Sheet1")) | {"xl/worksheets/sheet1.xml": sheet}
    )
    assert rows(read(book)) == [("table_row", "nan | inf | 3", ())]
