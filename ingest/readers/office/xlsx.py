"""How does an Excel workbook become a document? Each sheet is a page, each row a block. (ECMA-376, 18)"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.etree import _Element as Element

from ingest.readers.office.numberformats import GENERAL, general, shown
from ingest.readers.office.ooxml import DRAWN, A, Office, R, S
from ingest.readers.office.xlsxlooks import looks_of, strings_of, words_of, written
from ingest.readers.office.xlsxwalk import SheetWalk
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.sheets import Bounds, Sheet, Value, pieces_of, warnings_of
from ingest.readers.shared.stated import author_of, believable, day_of
from ingest.readers.shared.titles import readable_name
from ingest.readers.shared.zipped import whole_number
from kb.errors import SourceUnreadable
from kb.model import BlockKind, Document, Page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_DEFAULT_NAME = re.compile(
    r"(?:sheet|hoja|tabelle|feuil|planilha|table|tabla|blad|foglio)[ _-]?\d*", re.IGNORECASE
)


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a workbook; hidden sheets, rows and columns are out, with a warning.

    Raises SourceUnreadable for a damaged or protected file and SourceEmpty for one without words.
    """
    office = Office(content, "Excel workbook")
    workbook = _Workbook(office)
    sheets = workbook.sheets()
    pieces, pages = laid_out(sheets)
    stated = office.stated()
    return build(
        pieces,
        media_type=XLSX,
        titled=titles_of(
            pieces, stated.title if believable(stated.title, pieces, name=name) else "", name=name
        ),
        name=name,
        pages=pages,
        author=author_of(stated.author),
        dated=stated.dated,
        particulars=stated.rights,
        warnings=workbook.warnings,
    )


def titles_of(pieces: Sequence[Piece], stated: str, *, name: str) -> list[str]:
    """Return what a workbook may be called, best first: as it says, by its first line, by its file name.

    Its sheets have names of their own, and what stands in its first row is not what it is about.
    """
    first = pieces[0].text if pieces and pieces[0].kind is BlockKind.HEADING and pieces[0].level > 1 else ""
    under = pieces[1].text if len(pieces) > 1 and pieces[1].kind is BlockKind.HEADING else ""
    return [title for title in (stated, first or under, readable_name(name)) if title]


def laid_out(sheets: Sequence[Sheet]) -> tuple[list[Piece], list[Page]]:
    """Return the pieces of a workbook's sheets and the sheets as pages.

    A sheet's name stands over it as a heading, unless it is the one that the program gave it.
    """
    pieces: list[Piece] = []
    pages = [Page(number, sheet.name) for number, sheet in enumerate(sheets, 1)]
    for page, sheet in zip(pages, sheets, strict=True):
        headed = not _DEFAULT_NAME.fullmatch(sheet.name)
        pieces.extend(pieces_of(sheet, page=page.number, headed=headed))
    return pieces, pages


class _Workbook:
    """A workbook: gives its sheets one after the other."""

    def __init__(self, office: Office) -> None:
        self.warnings: list[str] = []
        self._office = office
        self._root = office.needed(office.main)
        properties = self._root.find(S + "workbookPr")
        self._since_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
        self._looks = looks_of(office.related_tree(office.main, "styles"))
        self._strings = strings_of(office.related_tree(office.main, "sharedStrings"))
        self._bounds = Bounds()
        self._unsaved = 0

    def sheets(self) -> list[Sheet]:
        """Return the sheets that are shown."""
        relations = self._office.relations(self._office.main)
        shown: list[Sheet] = []
        hidden: list[str] = []
        for element in self._root.iter(S + "sheet"):
            name = str(element.get("name", ""))
            relation = relations.get(str(element.get(R + "id", "")))
            if relation is None or relation.kind != "worksheet":
                continue
            if element.get("state", "visible") != "visible":
                hidden.append(name)
                continue
            shown.append(self._sheet(relation.target, name))
        self.warnings.extend(warnings_of(shown, hidden))
        if self._unsaved:
            self.warnings.append(
                f"{self._unsaved} formulas have no saved result; open the workbook, save it, ingest it again"
            )
        self.warnings.extend(self._bounds.warnings)
        return shown

    def _sheet(self, path: str, name: str) -> Sheet:
        content = self._office.part(path)
        if content is None:
            raise SourceUnreadable(f"this is not a whole Excel workbook: {path} is missing")
        walk = SheetWalk(content, path)
        rows = ((at, self._values(cells)) for at, cells in walk.rows())
        sheet = Sheet(name, self._bounds.taken(rows, name), walk.merged, walk.heads)
        sheet.notes = self._boxes(path)
        for table in self._office.related(path, "table"):
            root = self._office.tree(table)
            if root is not None and root.get("headerRowCount", "1") != "0":
                walk.head_of(str(root.get("ref", "")))
        sheet.hidden = walk.hidden
        return sheet

    def _boxes(self, path: str) -> list[str]:
        """Return the words of the text boxes that lie on a sheet."""
        found = []
        for drawing in self._office.related(path, "drawing"):
            root = self._office.tree(drawing)
            for body in root.iter(DRAWN + "txBody") if root is not None else ():
                lines = ("".join(run.text or "" for run in line.iter(A + "t")) for line in body.iter(A + "p"))
                found.append("\n".join(line for line in lines if line.strip()))
        return found

    def _values(self, cells: Sequence[tuple[int, Element]]) -> list[Value]:
        found = []
        for column, cell in cells:
            text, figure, strong = self._shown(cell)
            if text.strip():
                found.append(Value(text.strip(), column, figure, strong))
        return found

    def _shown(self, cell: Element) -> tuple[str, bool, bool]:
        """Return the text of a cell as people see it, whether it is a figure, and whether it stands out."""
        look = self._looks.of(cell.get("s", "0"))
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(S + "is")
            return (words_of(inline) if inline is not None else ""), False, look.strong
        stored = cell.find(S + "v")
        text = (stored.text or "") if stored is not None else ""
        if not text:
            self._unsaved += cell.find(S + "f") is not None and kind != "str"
            return "", False, look.strong
        if kind == "s":
            place = whole_number(text, len(self._strings))
            return (self._strings[place] if place < len(self._strings) else ""), False, look.strong
        if kind in {"str", "e"}:
            return ("" if kind == "e" else written(text)), False, look.strong
        if kind == "b":
            return ("TRUE" if text == "1" else "FALSE"), True, look.strong
        if kind == "d":
            return (day.isoformat() if (day := day_of(text)) else text), True, look.strong
        return self._number(text, look.code), True, look.strong

    def _number(self, text: str, code: str) -> str:
        try:
            value = float(text)
        except ValueError:
            return text
        return general(value) if code == GENERAL else shown(value, code, since_1904=self._since_1904)
