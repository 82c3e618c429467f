"""How does an OpenDocument presentation become a document? Each slide is a page, its notes come last."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from ingest.readers.opendocument.odf import DRAW, PRESENTATION, STYLE, TEXT, OpenDocument, Styles
from ingest.readers.opendocument.odt import Story
from ingest.readers.opendocument.words import said
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.stated import author_of, believable
from ingest.readers.shared.zipped import local
from kb.model import BlockKind, Document, Page
from kb.text import canonical_line

ODP = "application/vnd.oasis.opendocument.presentation"

_FURNITURE = frozenset({"footer", "date-time", "page-number", "header", "page"})


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in an OpenDocument presentation; hidden slides are out, with a warning.

    Raises SourceUnreadable for a damaged or protected file and SourceEmpty for one without words.
    """
    opened = OpenDocument(content, "OpenDocument presentation")
    styles = opened.styles()
    unseen = {
        str(style.get(STYLE + "name"))
        for style in opened.content.iter(STYLE + "style")
        for properties in style.iter(STYLE + "drawing-page-properties")
        if properties.get(PRESENTATION + "visibility") == "hidden"
    }
    pieces: list[Piece] = []
    pages: list[Page] = []
    hidden: list[str] = []
    for page, slide in enumerate(opened.body("presentation").findall(DRAW + "page"), 1):
        if slide.get(DRAW + "style-name") in unseen:
            hidden.append(str(page))
            continue
        pages.append(Page(page))
        pieces.extend(_pieces(slide, styles, page))
    stated = opened.stated()
    return build(
        pieces,
        media_type=ODP,
        titled=[stated.title] if believable(stated.title, pieces, name=name) else [],
        name=name,
        pages=pages,
        author=author_of(stated.author),
        dated=stated.dated,
        particulars=stated.rights,
        warnings=[f"hidden slides were left out: {', '.join(hidden)}"] if hidden else [],
    )


def _pieces(slide: Element, styles: Styles, page: int) -> Iterator[Piece]:
    """Yield what stands on a slide: its title, its shapes, its notes."""
    frames = [(str(frame.get(PRESENTATION + "class", "")), frame) for frame in slide]
    for kind, frame in frames:
        if kind == "title":
            text = canonical_line("\n".join(said(line, styles).text for line in frame.iter(TEXT + "p")))
            yield Piece(BlockKind.HEADING, text, 1, page)
    for kind, frame in frames:
        if kind == "title" or kind in _FURNITURE:
            continue
        shown = [part for part in frame if str(part.get(PRESENTATION + "class", "")) not in _FURNITURE]
        story = Story(styles)
        if local(frame) == "notes":
            for part in shown:
                story.blocks(part)
        elif local(frame) != "forms":
            story.blocks(frame)
        for piece in story.found:
            yield Piece(piece.kind, piece.text, piece.level, page, piece.headers)
