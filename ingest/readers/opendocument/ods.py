"""How does an OpenDocument spreadsheet become a document? Its cells say in words what people see in them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.readers.office.xlsx import laid_out, titles_of
from ingest.readers.opendocument.odf import OFFICE, STYLE, TABLE, TEXT, OpenDocument, Styles
from ingest.readers.opendocument.words import said
from ingest.readers.shared.compose import build
from ingest.readers.shared.sheets import WIDEST, Bounds, Sheet, Value, warnings_of
from ingest.readers.shared.stated import author_of, believable
from ingest.readers.shared.zipped import local, whole_number
from kb.model import Document

ODS = "application/vnd.oasis.opendocument.spreadsheet"

_FIGURES = frozenset({"float", "percentage", "currency", "date", "time", "boolean"})
# A sheet ends in one row, and each row in one cell, that is repeated to the edge of the grid.
_LAST_ROW = 1_048_576


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in an OpenDocument spreadsheet; what is hidden is out, with a warning.

    Raises SourceUnreadable for a damaged or protected file and SourceEmpty for one without words.
    """
    opened = OpenDocument(content, "OpenDocument spreadsheet")
    styles = opened.styles()
    unseen = {
        str(style.get(STYLE + "name"))
        for style in opened.content.iter(STYLE + "style")
        for properties in style.iter(STYLE + "table-properties")
        if properties.get(TABLE + "display") == "false"
    }
    bounds = Bounds()
    sheets, hidden = [], []
    for table in opened.body("spreadsheet").findall(TABLE + "table"):
        sheet_name = str(table.get(TABLE + "name", ""))
        if table.get(TABLE + "style-name") in unseen:
            hidden.append(sheet_name)
            continue
        sheet = Sheet(sheet_name)
        sheet.rows = bounds.taken(_filled(table, sheet, styles), sheet_name)
        sheets.append(sheet)
    pieces, pages = laid_out(sheets)
    stated = opened.stated()
    return build(
        pieces,
        media_type=ODS,
        titled=titles_of(
            pieces, stated.title if believable(stated.title, pieces, name=name) else "", name=name
        ),
        name=name,
        pages=pages,
        author=author_of(stated.author),
        dated=stated.dated,
        particulars=stated.rights,
        warnings=[*warnings_of(sheets, hidden), *bounds.warnings],
    )


def _filled(table: Element, sheet: Sheet, styles: Styles) -> Iterator[tuple[int, list[Value]]]:
    """Yield the rows that say something; takes merged cells and header rows into the sheet."""
    hidden = _hidden_columns(table)
    at = 0
    for row, header in _rows(table, header=False):
        times = whole_number(row.get(TABLE + "number-rows-repeated"), 1)
        seen = row.get(TABLE + "visibility", "visible") == "visible"
        values = list(_values(row, at, sheet, styles)) if seen else []
        unseen = not seen and any("".join(cell.itertext()).strip() for cell in row)
        sheet.hidden = sheet.hidden or unseen or any(value.column in hidden for value in values)
        values = [value for value in values if value.column not in hidden]
        if header:
            sheet.heads.add(at)
        for again in range(min(times, _LAST_ROW) if values else 0):
            yield at + again, values
        at += times


def _rows(table: Element, *, header: bool) -> Iterator[tuple[Element, bool]]:
    for child in table:
        name = local(child)
        if name == "table-row":
            yield child, header
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child, header=header or name == "table-header-rows")


def _values(row: Element, at: int, sheet: Sheet, styles: Styles) -> Iterator[Value]:
    column = 0
    for cell in row:
        if local(cell) not in {"table-cell", "covered-table-cell"}:
            continue
        times = whole_number(cell.get(TABLE + "number-columns-repeated"), 1)
        lines = [said(paragraph, styles).text for paragraph in cell.findall(TEXT + "p")]
        text = "\n".join(lines).strip()
        if text and local(cell) == "table-cell":
            figure = cell.get(OFFICE + "value-type") in _FIGURES
            strong = bool(styles.bold("table-cell", str(cell.get(TABLE + "style-name", ""))))
            down = whole_number(cell.get(TABLE + "number-rows-spanned"), 1)
            across = whole_number(cell.get(TABLE + "number-columns-spanned"), 1)
            if (down, across) != (1, 1):
                sheet.merged[at, column] = (down, across)
            for again in range(min(times, WIDEST + 1)):
                yield Value(text, column + again, figure, strong)
        column += times


def _hidden_columns(table: Element) -> set[int]:
    hidden: set[int] = set()
    column = 0
    for element in table.iter(TABLE + "table-column"):
        times = whole_number(element.get(TABLE + "number-columns-repeated"), 1)
        if element.get(TABLE + "visibility", "visible") != "visible":
            hidden.update(range(column, column + min(times, 20_000)))
        column += times
    return hidden
