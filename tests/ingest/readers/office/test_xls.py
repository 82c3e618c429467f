from __future__ import annotations

import io
import warnings
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.office import xls
from kb.errors import SourceError, SourceUnreadable
from tests.ingest.readers.shape import assert_well_formed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import xlwt


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Fees")
    bold = xlwt.easyxf("font: bold on")
    for column, name in enumerate(["County", "Share", "Since"]):
        sheet.write(0, column, name, bold)
    sheet.write(1, 0, "Pine")
    sheet.write(1, 1, 0.256, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write(1, 2, date(2024, 3, 5), xlwt.easyxf(num_format_str="d mmm yyyy"))
    hidden = book.add_sheet("Secret")
    hidden.write(0, 0, "x")
    hidden.visibility = 1
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_an_old_workbook_is_read_as_a_new_one() -> None:
    document = xls.read(old_workbook(), name="fees.xls")
    assert_well_formed(document)
    assert document.text == "Fees\n\nCounty | Share | Since\nPine | 25.6% | 5 Mar 2024"
    assert document.blocks[2].headers == ("County", "Share", "Since")
    assert document.pages[0].label == "Fees"
    assert document.warnings == ("hidden sheets were left out: Secret",)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_a_damaged_old_workbook_is_read_or_refused(at: int, noise: bytes) -> None:
    content = bytearray(old_workbook())
    at %= len(content)
    content[at : at + len(noise)] = noise
    try:
        assert_well_formed(xls.read(bytes(content)))
    except SourceError:
        return


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="damaged"):
        xls.read(b"no workbook")
