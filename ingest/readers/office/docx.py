"""How does a Word document become a document?

    styles, numbering, notes → paragraphs and tables in reading order → pieces → document

Word keeps no pages: where one ends is found anew by whoever shows the text, so none are stated.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.mediatype import decode
from ingest.readers import html
from ingest.readers.office.charts import chart_pieces
from ingest.readers.office.ooxml import Office, R, W, diagram_lines
from ingest.readers.office.wordnotes import Notes
from ingest.readers.office.wordnumbers import Numbered, Numbering
from ingest.readers.office.wordruns import Runs, Said
from ingest.readers.office.wordstyles import BODY_LEVEL, list_of, outline_level, styles_of
from ingest.readers.office.wordtables import Table, is_layout
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.groups import with_code_joined, with_headings
from ingest.readers.shared.stated import author_of, believable
from ingest.readers.shared.stylenames import heads_contents
from ingest.readers.shared.zipped import local
from kb.model import BlockKind, Document
from kb.text import canonical_line

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_THROUGH = frozenset("sdt sdtContent ins moveTo customXml smartTag AlternateContent Choice".split())


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a Word file; deletions, comments, hidden text, headers and footers are out.

    Raises SourceUnreadable for a damaged or protected file and SourceEmpty for one without words.
    """
    office = Office(content, "Word document")
    root = office.needed(office.main)
    story = _Story(office, root)
    body = root.find(W + "body")
    story.blocks(body if body is not None else root)
    story.rest()
    pieces = with_headings(with_code_joined(story.found), story.bold)
    stated = office.stated()
    titles = [*story.titles, *([stated.title] if believable(stated.title, pieces, name=name) else [])]
    return build(
        pieces,
        media_type=DOCX,
        titled=titles,
        name=name,
        author=author_of(stated.author),
        dated=stated.dated,
        particulars=stated.rights,
    )


class _Story:
    """The main text of a document: walks its blocks and collects the pieces."""

    def __init__(self, office: Office, root: Element) -> None:
        self.found: list[Piece] = []
        self.titles: list[str] = []
        # The pieces, by ``id()``, that are wholly in bold type.
        self.bold: set[int] = set()
        self._office = office
        main = office.main
        self._styles = styles_of(office.related_tree(main, "styles"))
        self._numbering = Numbering(office.related_tree(main, "numbering"), self._styles)
        self._notes = Notes(office, root, self._styles)
        self._runs = Runs(self._styles, self._notes.marks)
        # What a paragraph says whose end was deleted: the next one goes on with it.
        self._open: Said | None = None

    def blocks(self, parent: Element) -> None:
        """Take the paragraphs and tables in an element."""
        for element in parent:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name == "altChunk":
                self._embedded(element)
            elif name in _THROUGH and not _is_contents(element):
                self.blocks(element)

    def rest(self) -> None:
        """Take what is left at the end: a paragraph whose end was deleted, and notes that nothing cites."""
        if self._open is not None:
            self._add(BlockKind.PARAGRAPH, self._open, 0)

    def _paragraph(self, element: Element) -> None:
        properties = element.find(W + "pPr")
        style = self._style(properties)
        said = self._runs.of(element, style, self._open)
        self._open = said if _runs_on(properties) else None
        if self._open is not None:
            return
        if self._styles.is_contents(style) or heads_contents(said.text):
            self._anchored(said)
            return
        level = self._level(properties, style)
        place = self._place(properties, style) if said.text.strip() or said.notes else None
        mark = f"{place.mark} " if place is not None and place.mark else ""
        if self._styles.is_title(style) and level >= BODY_LEVEL:
            self.titles.append(canonical_line(said.text))
            self._add(BlockKind.HEADING, said, 1)
        elif level < BODY_LEVEL:
            self._add(BlockKind.HEADING, said, min(level, 5) + 1, mark)
        elif place is not None and not place.bare:
            self._add(BlockKind.LIST_ITEM, said, place.depth + 1, mark)
        else:
            self._add(self._styles.kind(style), said, 0)

    def _style(self, properties: Element | None) -> str:
        named = properties.find(W + "pStyle") if properties is not None else None
        return str(named.get(W + "val", "")) if named is not None else self._styles.default

    def _level(self, properties: Element | None, style: str) -> int:
        direct = outline_level(properties) if properties is not None else None
        level = direct if direct is not None else self._styles.heading(style)
        return level if level is not None and level >= 0 else BODY_LEVEL

    def _place(self, properties: Element | None, style: str) -> Numbered | None:
        number, depth = list_of(properties) if properties is not None else (None, None)
        styled, styled_depth = self._styles.numbering(style)
        if number is None and styled is not None:
            number = styled
            depth = depth if depth is not None else self._numbering.depth_of_style(styled, style)
        if number is None or number == "0":
            return None
        depth = depth if depth is not None else styled_depth
        return self._numbering.next(number, min(max(depth or 0, 0), 8))

    def _add(self, kind: BlockKind, said: Said, level: int, mark: str = "") -> None:
        """Add a paragraph, the notes that it cites and what is anchored in it."""
        if said.text.strip():
            piece = Piece(kind, mark + said.text.strip(), level)
            self.found.append(piece)
            if said.bold and not said.plain:
                self.bold.add(id(piece))
        self._anchored(said)

    def _anchored(self, said: Said) -> None:
        self.found.extend(self._notes.cited(said.notes))
        relations = self._office.relations(self._office.main)
        for target in said.charts:
            if (relation := relations.get(target)) is not None:
                self.found.extend(chart_pieces(self._office, relation.target))
        for target in said.diagrams:
            relation = relations.get(target)
            lines = diagram_lines(self._office, relation.target) if relation is not None else []
            self.found.extend(Piece(BlockKind.LIST_ITEM, line, 1) for line in lines)
        for box in said.boxes:
            self.blocks(box)

    def _table(self, element: Element) -> None:
        table = Table(element, self._styles)
        for row in table.rows:
            if table.framed or is_layout(row, self._styles):
                for cell in row.cells:
                    if not cell.continued:
                        self.blocks(cell.element)
                continue
            saids = [self._cell(cell.element) for cell in row.cells]
            piece = table.piece(row, ["\n".join(said.text for said in cell) for cell in saids])
            if piece is not None:
                self.found.append(piece)
            for said in (said for cell in saids for said in cell):
                self._anchored(said)

    def _cell(self, element: Element) -> list[Said]:
        """Return what the paragraphs in a cell say, list numbers included."""
        found = []
        for paragraph in _paragraphs(element):
            properties = paragraph.find(W + "pPr")
            style = self._style(properties)
            said = self._runs.of(paragraph, style)
            place = self._place(properties, style) if said.text.strip() else None
            if place is not None and place.mark:
                said.words.insert(0, place.mark + " ")
            found.append(said)
        return found

    def _embedded(self, element: Element) -> None:
        """Take a part in another format that stands here: web pages and plain texts are read."""
        from_word = self._office.relations(self._office.main)
        relation = from_word.get(str(element.get(R + "id", "")))
        content = self._office.part(relation.target) if relation is not None else None
        if content and relation is not None and relation.target.endswith((".htm", ".html", ".xhtml", ".txt")):
            self.found.extend(html.fragment(decode(content)[0]))


def _paragraphs(element: Element) -> Iterator[Element]:
    for child in element:
        name = local(child)
        if name == "p":
            yield child
        elif name in _THROUGH:
            yield from _paragraphs(child)


def _runs_on(properties: Element | None) -> bool:
    """Return whether the end of a paragraph was deleted or moved away, so that it runs on into the next."""
    mark = properties.find(W + "rPr") if properties is not None else None
    return mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)


def _is_contents(element: Element) -> bool:
    """Return whether this is a table of contents: its lines are those of the headings."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"
