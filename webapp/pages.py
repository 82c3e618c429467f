"""How does a page of a PDF look, and where on it does a passage stand? A picture beside its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from kb import ids
from kb.catalog import Transaction
from kb.model import BlockKind, Document, Passage, Source, StoredDocument
from webapp.current import services
from webapp.layout.paging import with_query
from webapp.layout.prose import Look, as_html, heading_tags
from webapp.layout.sheets import is_drawn, numbered, sheet, stretches, sure_boxes
from webapp.work.pictures import WIDTHS

bp = Blueprint("pages", __name__, url_prefix="/documents/<source_id>/pages")

ZOOMS = (100, 150, 200)
_OUTLINE = 2_000
_CARRIED = ("passage", "q", "back", "zoom")


@dataclass(frozen=True, slots=True)
class Place:
    """A heading in the outline: how deep it stands, its words, and the page that it is on."""

    depth: int
    text: str
    page: int


@bp.get("")
def turn(source_id: str) -> Response:
    """Lead to the page that was asked for by its printed label or its number (``to=``)."""
    with services().catalog.reading() as transaction:
        source, stored = _stored(transaction, ids.spoken(source_id))
    wanted = request.args.get("to", "1")
    number = numbered(stored.document, wanted)
    if number is None:
        abort(404, gettext("The document has no page “%(page)s”.", page=wanted[:40]))
    return redirect(url_for("pages.page", source_id=source.id, number=number, **_carried()))


@bp.get("/<int:number>")
def page(source_id: str, number: int) -> str | Response:
    """Show a page as a picture with the lines of a passage marked, and its words beside it."""
    meant = ids.spoken(source_id)
    if meant != source_id:
        return redirect(with_query(url_for("pages.page", source_id=meant, number=number)))
    wanted = ids.spoken(request.args.get("passage", ""))
    with services().catalog.reading() as transaction:
        source, stored = _stored(transaction, source_id)
        passages = transaction.passages.of_source(source_id)
    document = stored.document
    if not is_drawn(document):
        return redirect(with_query(url_for("documents.document", source_id=source_id)))
    shown = sheet(document, number)
    if shown is None:
        abort(404)
    cited = next((passage for passage in passages if passage.id == wanted), None)
    zoom = request.args.get("zoom", ZOOMS[0], type=int)
    return render_template(
        "page.html",
        source=source,
        stored=stored,
        sheet=shown,
        cited=cited,
        on_page=cited is not None and cited.pages is not None and cited.pages[0] <= number <= cited.pages[1],
        boxes=sure_boxes(document, cited, number) if cited is not None else [],
        pieces=_pieces(document, passages, number, cited=cited),
        places=_places(document),
        labels={one.number: one.label for one in document.pages},
        kept=_carried(),
        zoom=zoom if zoom in ZOOMS else ZOOMS[0],
        zooms=ZOOMS,
        widths=WIDTHS,
    )


@bp.get("/<int:number>.png")
def picture(source_id: str, number: int) -> Response:
    """Send a page as a picture, ``width`` dots wide."""
    width = request.args.get("width", WIDTHS[0], type=int)
    with services().catalog.reading() as transaction:
        _, stored = _stored(transaction, ids.spoken(source_id))
    if width not in WIDTHS or sheet(stored.document, number) is None:
        abort(404)
    response = Response(content_type="image/png")
    response.set_etag(f"{stored.revision.sha256}-{number}-{width}")
    if response.make_conditional(request).status_code == 304:
        return response
    response.set_data(services().pictures.page(stored.revision, number, width=width))
    return response


def _carried() -> dict[str, Any]:
    """Return what is taken along from page to page: the passage, the question, its answers and the size."""
    return {name: value for name, value in request.args.items() if name in _CARRIED and value}


def _stored(transaction: Transaction, source_id: str) -> tuple[Source, StoredDocument]:
    source = transaction.sources.get(source_id)
    if source.document_id is None:
        abort(404)
    return source, transaction.documents.get(source.document_id)


def _pieces(
    document: Document, passages: list[Passage], number: int, *, cited: Passage | None
) -> list[tuple[Markup, bool]]:
    """Return the words of a page as HTML, piece by piece, and whether each is of the cited passage."""
    look = Look(
        language=document.language,
        anchors={passage.start: passage.id for passage in passages if passage is not cited},
        anchor_label=gettext("Link to this passage"),
        headings=heading_tags(document.blocks),
    )
    pieces = []
    for start, end in stretches(document, number):
        first, last = (end, end) if cited is None else (max(cited.start, start), min(cited.end, end))
        if first >= last:
            first, last = end, end
        for edge, until, mine in ((start, first, False), (first, last, True), (last, end, False)):
            if document.text[edge:until].strip():
                pieces.append((as_html(document, start=edge, end=until, look=look), mine))
    return pieces


def _places(document: Document) -> list[Place]:
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING and block.page]
    tops = sorted({block.level for block in headings})
    return [
        Place(tops.index(block.level), document.block_text(block), block.page or 1)
        for block in headings[:_OUTLINE]
    ]
