"""Which rows and cells does the XML of an Excel sheet hold, which are merged, hidden, header rows?

A sheet may be far larger than what is read of it, so its XML is walked and never held whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree
from lxml.etree import _Element as Element

from ingest.readers.office.ooxml import S
from ingest.readers.shared.zipped import check_limits, transitional, whole_number
from kb.errors import SourceUnreadable

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_LAST_COLUMN = 16_384


class SheetWalk:
    """One walk through a sheet. ``merged``, ``heads`` and ``hidden`` are known when its rows are read."""

    def __init__(self, content: bytes, path: str) -> None:
        self.merged: dict[tuple[int, int], tuple[int, int]] = {}
        self.heads: set[int] = set()
        self.hidden = False
        self._content = transitional(content)
        self._path = path
        self._hidden_columns: set[int] = set()

    def rows(self) -> Iterator[tuple[int, list[tuple[int, Element]]]]:
        """Yield the number from 0 of each shown row, and its shown cells with their columns from 0."""
        names = [S + name for name in ("row", "col", "mergeCell", "autoFilter")]
        walk = etree.iterparse(
            BytesIO(self._content), events=("end",), tag=names, resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, recover=True,
        )  # fmt: skip
        before = -1
        try:
            for _, element in walk:
                if element.tag == S + "row":
                    before = whole_number(element.get("r"), before + 2) - 1
                    if element.get("hidden") in {"1", "true"}:
                        self.hidden = self.hidden or len(element) > 0
                    else:
                        yield before, self._cells(element)
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
                else:
                    self._note(element)
            check_limits(walk.error_log, f"{self._path} in the Excel workbook")
        except etree.XMLSyntaxError as error:
            check_limits(walk.error_log, f"{self._path} in the Excel workbook")
            raise SourceUnreadable(f"{self._path} in the Excel workbook is damaged: it is not XML") from error

    def head_of(self, area: str) -> None:
        """Take the first row of an area such as ``A1:D9`` as a header row."""
        if place := _PLACE.match(area):
            self.heads.add(int(place[2]) - 1)

    def _cells(self, row: Element) -> list[tuple[int, Element]]:
        found = []
        column = -1
        for cell in row:
            place = _PLACE.match(cell.get("r", ""))
            column = column_of(place[1]) if place else column + 1
            if column not in self._hidden_columns:
                found.append((column, cell))
        return found

    def _note(self, element: Element) -> None:
        """Take what stands beside the rows: hidden columns, merged cells, the row with the filter buttons."""
        if element.tag == S + "col":
            if element.get("hidden") in {"1", "true"}:
                first, last = (whole_number(element.get(end), 0) for end in ("min", "max"))
                self._hidden_columns.update(range(first - 1, min(last, _LAST_COLUMN)))
        elif element.tag == S + "mergeCell":
            places = _PLACE.findall(element.get("ref", ""))
            if len(places) == 2:
                (left, top), (right, bottom) = ((column_of(letters), int(row) - 1) for letters, row in places)
                self.merged[top, left] = (max(1, bottom - top + 1), max(1, right - left + 1))
        else:
            self.head_of(str(element.get("ref", "")))


def column_of(letters: str) -> int:
    """Return the number from 0 of a column by its letters: ``column_of("AA") == 26``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
