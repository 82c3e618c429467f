"""Where does a link to a passage lead? To its words today, or to what became of them; for ever."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kb import ids
from kb.model import Citation
from webapp.current import services
from webapp.prose import compared
from webapp.standing import Standing, StandingKind, standing

bp = Blueprint("passages", __name__)


@bp.get("/p/<passage_id>")
def permalink(passage_id: str) -> Response | tuple[str, int]:
    """Lead to a passage in its document, or show what became of it."""
    meant = ids.spoken(passage_id)
    with services().catalog.reading() as transaction:
        citation = transaction.passages.citation(meant)
        now = standing(transaction, citation)
    if meant != passage_id:
        return redirect(url_for("passages.permalink", passage_id=meant))
    if now.kind is StandingKind.CURRENT:
        return redirect(document_address(citation))
    return _retired(citation, now)


def document_address(citation: Citation) -> str:
    """Return the address of a document, opened at a passage."""
    return passage_address(citation.source.id, citation.passage.id)


def passage_address(source_id: str, passage_id: str) -> str:
    """Return the address of a source's document, opened at one of its passages."""
    return url_for("documents.document", source_id=source_id, passage=passage_id, _anchor=f"p-{passage_id}")


def _retired(citation: Citation, now: Standing) -> tuple[str, int]:
    was, becomes = compared(citation.passage.text, now.now.text) if now.now else ("", "")
    page = render_template(
        "passage.html", citation=citation, standing=now, was=was or citation.passage.text, becomes=becomes
    )
    return page, 410 if now.kind is StandingKind.REMOVED else 200
