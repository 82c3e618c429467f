"""How does a PowerPoint presentation become a document? Each slide is a page, its notes come last."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.readers.office.charts import chart_pieces
from ingest.readers.office.ooxml import CHART, DIAGRAM, A, Office, P, R, diagram_lines
from ingest.readers.office.slidetext import Bullets, Outline, said
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.grid import Cell
from ingest.readers.shared.grid import pieces_of as rows_of
from ingest.readers.shared.stated import author_of, believable
from ingest.readers.shared.zipped import local, whole_number
from kb.model import BlockKind, Document, Page
from kb.text import canonical_line

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_TITLES = frozenset({"title", "ctrTitle"})
# What every slide repeats.
_FURNITURE = frozenset({"ftr", "dt", "sldNum", "hdr", "sldImg"})
_LONGEST_TITLE = 100
# English Metric Units in a point.
_EMU = 12_700


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a presentation; hidden slides are out, with a warning.

    Raises SourceUnreadable for a damaged or protected file and SourceEmpty for one without words.
    """
    office = Office(content, "PowerPoint presentation")
    root = office.needed(office.main)
    width, height = _size(root)
    relations = office.relations(office.main)
    pieces: list[Piece] = []
    pages: list[Page] = []
    hidden: list[str] = []
    for number, entry in enumerate(root.iter(P + "sldId"), 1):
        relation = relations.get(str(entry.get(R + "id", "")))
        slide = office.tree(relation.target) if relation is not None else None
        if relation is None or slide is None:
            continue
        if slide.get("show") in {"0", "false"}:
            hidden.append(str(number))
            continue
        pages.append(Page(number, "", width, height))
        pieces.extend(_Slide(office, relation.target, number).pieces(slide))
    stated = office.stated()
    return build(
        pieces,
        media_type=PPTX,
        titled=[stated.title] if believable(stated.title, pieces, name=name) else [],
        name=name,
        pages=pages,
        author=author_of(stated.author),
        dated=stated.dated,
        particulars=stated.rights,
        warnings=[f"hidden slides were left out: {', '.join(hidden)}"] if hidden else [],
    )


def _size(root: Element) -> tuple[float, float]:
    size = root.find(P + "sldSz")
    if size is None:
        return 0.0, 0.0
    return whole_number(size.get("cx"), 0) / _EMU, whole_number(size.get("cy"), 0) / _EMU


class _Slide:
    """One slide: its title, then its shapes in the order in which they are read aloud, then its notes."""

    def __init__(self, office: Office, path: str, number: int) -> None:
        self._office = office
        self._path = path
        self._number = number
        self._relations = office.relations(path)
        self._bullets = Bullets(office, path)

    def pieces(self, slide: Element) -> Iterator[Piece]:
        """Yield what stands on the slide and in its notes."""
        shapes = list(_shapes(slide.find(f"{P}cSld/{P}spTree")))
        titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
        heading = canonical_line("\n".join(line.text for shape in titles for line in said(shape)))
        if heading:
            yield Piece(BlockKind.HEADING, heading, 1, self._number)
        yield from self._under(shapes, headed=bool(heading))
        yield from self._notes()

    def _under(self, shapes: list[Element], *, headed: bool) -> Iterator[Piece]:
        """Yield what stands under the title; without one, the first short line stands for it."""
        for shape in shapes:
            kind = _placeholder(shape)
            if kind in _TITLES or kind in _FURNITURE or _is_hidden(shape):
                continue
            found = self._frame(shape) if local(shape) == "graphicFrame" else self._text(shape, kind)
            for piece in found:
                if not headed and piece.kind is BlockKind.PARAGRAPH and len(piece.text) <= _LONGEST_TITLE:
                    piece = Piece(BlockKind.HEADING, piece.text, 1, self._number)
                headed = True
                yield piece

    def _text(self, shape: Element, kind: str | None) -> Iterator[Piece]:
        outline = Outline(self._bullets.of(shape, kind))
        for paragraph in said(shape):
            if not paragraph.text.strip():
                continue
            mark, level = outline.place(paragraph)
            if mark is None:
                yield Piece(BlockKind.PARAGRAPH, paragraph.text, 0, self._number)
            else:
                yield Piece(BlockKind.LIST_ITEM, mark + paragraph.text, level, self._number)

    def _frame(self, frame: Element) -> Iterator[Piece]:
        for table in frame.iter(A + "tbl"):
            yield from self._table(table)
        for named in frame.iter(DIAGRAM + "relIds"):
            relation = self._relations.get(str(named.get(R + "dm", "")))
            lines = diagram_lines(self._office, relation.target) if relation is not None else []
            yield from (Piece(BlockKind.LIST_ITEM, line, 1, self._number) for line in lines)
        for named in frame.iter(CHART + "chart"):
            relation = self._relations.get(str(named.get(R + "id", "")))
            if relation is not None:
                yield from chart_pieces(self._office, relation.target, page=self._number)

    def _table(self, table: Element) -> Iterator[Piece]:
        properties = table.find(A + "tblPr")
        heads = int(properties is not None and properties.get("firstRow") in {"1", "true"})
        above: dict[int, str] = {}
        rows = []
        for row in table.iter(A + "tr"):
            cells = []
            for column, cell in enumerate(row.iter(A + "tc")):
                if cell.get("hMerge") in {"1", "true"}:
                    continue
                if cell.get("vMerge") not in {"1", "true"}:
                    above[column] = "\n".join(paragraph.text for paragraph in said(cell))
                cells.append(Cell(above.get(column, ""), column, whole_number(cell.get("gridSpan"), 1)))
            rows.append(cells)
        if all(len(row) < 2 for row in rows):
            # A table of one column is a frame around a text, in slides as in Word.
            texts = (cell.text for row in rows for cell in row)
            yield from (Piece(BlockKind.PARAGRAPH, text, 0, self._number) for text in texts)
            return
        yield from rows_of(rows, heads if len(rows) > 1 else 0, page=self._number)

    def _notes(self) -> Iterator[Piece]:
        root = self._office.related_tree(self._path, "notesSlide")
        tree = root.find(f"{P}cSld/{P}spTree") if root is not None else None
        for shape in _shapes(tree):
            if _placeholder(shape) not in {"body", None} or local(shape) != "sp":
                continue
            for paragraph in said(shape):
                yield Piece(BlockKind.PARAGRAPH, paragraph.text, 0, self._number)


def _shapes(tree: Element | None) -> Iterator[Element]:
    """Yield the shapes under a tree, those in groups too."""
    for element in tree if tree is not None else ():
        name = local(element)
        if name in {"sp", "graphicFrame"}:
            yield element
        elif name == "grpSp":
            yield from _shapes(element)
        elif name == "AlternateContent" and len(element):
            yield from _shapes(element[0])


def _placeholder(shape: Element) -> str | None:
    """Return which place of the layout a shape fills; None for one that stands free."""
    found = next(shape.iter(P + "nvPr"), None)
    place = found.find(P + "ph") if found is not None else None
    return str(place.get("type", "obj")) if place is not None else None


def _is_hidden(shape: Element) -> bool:
    properties = next(shape.iter(P + "cNvPr"), None)
    return properties is not None and properties.get("hidden") in {"1", "true"}
