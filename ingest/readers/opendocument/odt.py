"""How does an OpenDocument text become a document?"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.readers.opendocument.lists import Lists
from ingest.readers.opendocument.odf import TABLE, TEXT, OpenDocument, Styles
from ingest.readers.opendocument.words import Said, said
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.grid import Cell, Columns
from ingest.readers.shared.groups import with_code_joined, with_headings
from ingest.readers.shared.stated import author_of, believable
from ingest.readers.shared.stylenames import (
    heading_named,
    heads_contents,
    is_contents_named,
    is_title_named,
    kind_named,
)
from ingest.readers.shared.zipped import local, whole_number
from kb.model import BlockKind, Document
from kb.text import canonical_line

ODT = "application/vnd.oasis.opendocument.text"

# Lists of headings, words and figures with their pages, and what is not text.
_SILENT = frozenset(
    "table-of-content alphabetical-index illustration-index table-index object-index user-index"
    " tracked-changes sequence-decls variable-decls user-field-decls forms scripts annotation title"
    " desc".split()
)
# A cell with more characters than this holds a text, and its table only lays it out, as in the HTML reader.
_LONG_CELL = 600
_FURTHEST = 500


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in an OpenDocument text; deletions, comments, hidden text and page heads are out.

    Raises SourceUnreadable for a damaged or protected file and SourceEmpty for one without words.
    """
    opened = OpenDocument(content, "OpenDocument text")
    story = Story(opened.styles())
    story.blocks(opened.body("text"))
    pieces = with_headings(with_code_joined(story.found), story.bold)
    stated = opened.stated()
    return build(
        pieces,
        media_type=ODT,
        titled=[*story.titles, *([stated.title] if believable(stated.title, pieces, name=name) else [])],
        name=name,
        author=author_of(stated.author),
        dated=stated.dated,
        particulars=stated.rights,
    )


class Story:
    """A text: walks its blocks and collects the pieces."""

    def __init__(self, styles: Styles) -> None:
        self.found: list[Piece] = []
        self.titles: list[str] = []
        # The pieces, by ``id()``, that are wholly in bold type.
        self.bold: set[int] = set()
        self._styles = styles
        self._lists = Lists(styles)

    def blocks(self, parent: Element) -> None:
        """Take the paragraphs, lists and tables in an element."""
        for element in parent:
            name = local(element)
            if name == "h":
                self._heading(element)
            elif name == "p":
                self._paragraph(element)
            elif name == "list":
                self._list(element)
            elif name == "table":
                self._table(element)
            elif name == "section" and element.get(TEXT + "display") == "none":
                continue
            elif name not in _SILENT:
                self.blocks(element)

    def _heading(self, element: Element, mark: str = "") -> None:
        depth = whole_number(element.get(TEXT + "outline-level"), 1)
        numbered = element.get(TEXT + "is-list-header") != "true" and not mark
        mark = mark or (self._lists.heading(depth) if numbered else "")
        self._add(BlockKind.HEADING, said(element, self._styles), min(depth, 6), mark)

    def _paragraph(self, element: Element, mark: str | None = None) -> None:
        """Take a paragraph; ``mark`` is that of the list item which it begins, None outside of one."""
        words = said(element, self._styles)
        names = [
            style.name for style in self._styles.chain("paragraph", element.get(TEXT + "style-name", ""))
        ]
        if any(map(is_contents_named, names[:2])) or heads_contents(words.text):
            return
        level = next((level for style in names if (level := heading_named(style))), None)
        if any(map(is_title_named, names[:2])):
            self.titles.append(canonical_line(words.text))
            self._add(BlockKind.HEADING, words, 1)
        elif level is not None:
            self._add(BlockKind.HEADING, words, min(level, 6), mark or "")
        elif mark is not None:
            self._add(BlockKind.LIST_ITEM, words, self._lists.depth, mark)
        else:
            kind = next((kind for style in names if (kind := kind_named(style))), BlockKind.PARAGRAPH)
            self._add(kind, words, 0)

    def _list(self, element: Element) -> None:
        self._lists.enter(element)
        for item in element:
            # A list header is an item that is not counted.
            mark: str | None = ""
            if local(item) == "list-item":
                mark, bare = self._lists.item(item)
                mark = None if bare else mark
            self._item(item, mark)
        self._lists.leave()

    def _item(self, item: Element, mark: str | None) -> None:
        for child in item:
            name = local(child)
            if name == "p":
                self._paragraph(child, mark)
            elif name == "h":
                self._heading(child, mark or "")
            elif name == "list":
                self._list(child)
                continue
            # Only the first paragraph of an item carries its number.
            mark = None

    def _add(self, kind: BlockKind, words: Said, level: int, mark: str = "") -> None:
        if words.text:
            piece = Piece(kind, f"{mark} {words.text}" if mark else words.text, level)
            self.found.append(piece)
            if words.bold and not words.plain:
                self.bold.add(id(piece))
        self._anchored(words)

    def _anchored(self, words: Said) -> None:
        for mark, body in words.notes:
            paragraphs = (said(element, self._styles).text for element in body.iter(TEXT + "p", TEXT + "h"))
            text = "\n".join(paragraph for paragraph in paragraphs if paragraph)
            if text:
                self.found.append(Piece(BlockKind.FOOTNOTE, f"[{mark}] {text}" if mark else text))
        for box in words.boxes:
            self.blocks(box)

    def _table(self, element: Element) -> None:
        rows = list(_rows(element, header=False))
        if rows and element.get(TABLE + "use-first-row-styles") == "true":
            rows[0] = (rows[0][0], True)
        framed = all(len(list(_cells(row))) < 2 for row, _ in rows)
        columns = Columns()
        below: dict[int, tuple[int, str]] = {}
        for row, header in rows:
            if framed or _is_layout(row):
                for _, cell in _cells(row):
                    self.blocks(cell)
                continue
            cells, saids = self._row(row, below)
            if header:
                columns.add(cells)
            if (piece := columns.row(cells, header=header)) is not None:
                self.found.append(piece)
            for words in saids:
                self._anchored(words)

    def _row(self, row: Element, below: dict[int, tuple[int, str]]) -> tuple[list[Cell], list[Said]]:
        """Return the cells of a row; ``below`` keeps what merged cells say for the rows that they cover."""
        cells: list[Cell] = []
        saids: list[Said] = []
        for column, cell in _cells(row):
            if local(cell) == "covered-table-cell":
                left, text = below.get(column, (0, ""))
                if left > 0:
                    below[column] = (left - 1, text)
                    cells.append(Cell(text, column))
                continue
            here = [said(paragraph, self._styles) for paragraph in cell.iter(TEXT + "p", TEXT + "h")]
            text = "\n".join(words.text for words in here)
            spans = whole_number(cell.get(TABLE + "number-rows-spanned"), 1)
            below[column] = (min(spans, _FURTHEST) - 1, text)
            cells.append(Cell(text, column, whole_number(cell.get(TABLE + "number-columns-spanned"), 1)))
            saids.extend(here)
        return cells, saids


def _rows(element: Element, *, header: bool) -> Iterator[tuple[Element, bool]]:
    for child in element:
        name = local(child)
        if name == "table-row":
            yield child, header
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child, header=header or name == "table-header-rows")


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    column = 0
    for cell in row:
        if local(cell) in {"table-cell", "covered-table-cell"}:
            yield column, cell
            column += whole_number(cell.get(TABLE + "number-columns-repeated"), 1)


def _is_layout(row: Element) -> bool:
    """Return whether a row only lays out text: it holds headings, tables or long texts."""
    if next(row.iter(TEXT + "h", TABLE + "table"), None) is not None:
        return True
    return any(sum(map(len, cell.itertext())) > _LONG_CELL for cell in row)
