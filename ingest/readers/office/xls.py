"""How does a workbook in the format of before 2007 become a document? As a new one does. (MS-XLS)"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from ingest.readers.office.numberformats import GENERAL, general, shown
from ingest.readers.office.xlsx import laid_out, titles_of
from ingest.readers.remedies import SAVE_AS_XLSX, UNPROTECT
from ingest.readers.shared.compose import build
from ingest.readers.shared.sheets import Bounds, Sheet, Value, warnings_of
from ingest.readers.shared.stated import author_of
from kb.errors import SourceLocked, SourceUnreadable
from kb.model import Document

XLS = "application/vnd.ms-excel"

# What xlrd lets through on damaged files, beside its own errors.
_DAMAGED = (
    XLRDError, CompDocError, struct.error, AssertionError, IndexError, KeyError, ValueError, TypeError,
    AttributeError, UnicodeError, OverflowError, ZeroDivisionError, NotImplementedError,
)  # fmt: skip


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in an old workbook; hidden sheets, rows and columns are out, with a warning.

    Raises SourceUnreadable for a damaged file, SourceLocked for a locked one and SourceEmpty for one
    without words.
    """
    book = _opened(content)
    bounds = Bounds()
    sheets, hidden = [], []
    try:
        for sheet in book.sheets():
            if sheet.visibility:
                hidden.append(sheet.name)
            else:
                sheets.append(_sheet(book, sheet, bounds))
    except _DAMAGED as error:
        raise SourceUnreadable("the Excel workbook is damaged: its sheets cannot be read") from error
    pieces, pages = laid_out(sheets)
    return build(
        pieces,
        media_type=XLS,
        titled=titles_of(pieces, "", name=name),
        name=name,
        pages=pages,
        author=author_of(book.user_name or ""),
        warnings=[*warnings_of(sheets, hidden), *bounds.warnings],
    )


def _opened(content: bytes) -> xlrd.book.Book:
    try:
        return xlrd.open_workbook(
            file_contents=content, formatting_info=True, logfile=_Silence(), ragged_rows=True
        )
    except _DAMAGED as error:
        if "encrypted" in str(error):
            message = "the Excel workbook is locked with a password"
            raise SourceLocked(message, remedy=UNPROTECT) from error
        message = "the Excel workbook is damaged, or older than Excel 97"
        raise SourceUnreadable(message, remedy=SAVE_AS_XLSX) from error


class _Silence:
    """Takes what xlrd has to say of a file: a person can do nothing with it."""

    def write(self, text: str) -> int:
        """Drop the text."""
        return len(text)


def _sheet(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, bounds: Bounds) -> Sheet:
    found = Sheet(sheet.name)
    found.rows = bounds.taken(_rows(book, sheet, found), sheet.name)
    for top, bottom, left, right in sheet.merged_cells:
        found.merged[top, left] = (bottom - top, right - left)
    return found


def _rows(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, found: Sheet) -> Iterator[tuple[int, list[Value]]]:
    unseen = {column for column, about in sheet.colinfo_map.items() if about.hidden}
    for at in range(sheet.nrows):
        about = sheet.rowinfo_map.get(at)
        if about is not None and about.hidden:
            found.hidden = found.hidden or bool(sheet.row_len(at))
            continue
        found.hidden = found.hidden or any(column < sheet.row_len(at) for column in unseen)
        values = (
            _value(book, cell, column) for column, cell in enumerate(sheet.row(at)) if column not in unseen
        )
        yield at, [value for value in values if value.text]


def _value(book: xlrd.book.Book, cell: xlrd.sheet.Cell, column: int) -> Value:
    look = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
    strong = look is not None and (
        book.font_list[look.font_index].weight >= 600 or look.background.fill_pattern > 0
    )
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return Value(cell.value.strip(), column, strong=strong)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return Value("TRUE" if cell.value else "FALSE", column, figure=True, strong=strong)
    if cell.ctype not in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return Value("", column)
    form = book.format_map.get(look.format_key) if look is not None else None
    code = form.format_str if form is not None else GENERAL
    plain = code == GENERAL
    text = general(cell.value) if plain else shown(cell.value, code, since_1904=bool(book.datemode))
    return Value(text, column, figure=True, strong=strong)
