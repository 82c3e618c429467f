"""Where does a link to a passage lead? To its words today, or to what became of them; for ever."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import LazyString, lazy_gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from kb import ids
from kb.model import Citation
from webapp.current import once, services
from webapp.layout.prose import compared
from webapp.links import citations
from webapp.links.citations import Cited
from webapp.links.receipts import receipt_json
from webapp.links.standing import Standing, StandingKind, standing

bp = Blueprint("passages", __name__)


@dataclass(frozen=True, slots=True)
class Style:
    """One way to cite: what people call it, the file it makes, and how it is written."""

    name: LazyString
    suffix: str
    media_type: str
    write: Callable[[Cited], str]


STYLES = (
    Style(lazy_gettext("Sentence"), "txt", "text/plain", citations.plain),
    Style(lazy_gettext("E-mail"), "eml.txt", "text/plain", citations.email),
    Style(lazy_gettext("APA"), "apa.txt", "text/plain", citations.apa),
    Style(lazy_gettext("Markdown"), "md", "text/markdown", citations.markdown),
    Style(lazy_gettext("BibTeX"), "bib", "application/x-bibtex", citations.bibtex),
    Style(lazy_gettext("CSL-JSON (Zotero and others)"), "csl.json", "application/json", citations.csl_json),
    Style(lazy_gettext("W3C annotation"), "jsonld", "application/ld+json", citations.annotation),
)


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


@bp.get("/p/<passage_id>/cite")
def cite(passage_id: str) -> str:
    """Show a passage's citation in every style, each to be copied."""
    cited, retired = _cited(passage_id)
    return render_template("cite.html", cited=cited, retired=retired, styles=STYLES)


@bp.get("/p/<passage_id>/cite.<style>")
def cite_as(passage_id: str, style: str) -> Response:
    """Send a passage's citation in one style, as a file for the programs that read it."""
    chosen = next((one for one in STYLES if one.suffix == style), None)
    if chosen is None:
        raise NotFound
    cited, _ = _cited(passage_id)
    name = f"{cited.passage.id}.{chosen.suffix}"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(chosen.write(cited), content_type=f"{chosen.media_type}; charset=utf-8", headers=headers)


@bp.get("/p/<passage_id>/receipt.json")
def receipt(passage_id: str) -> Response:
    """Send a passage's receipt, to be kept beside a memo and checked by `kb verify-citation`."""
    with services().catalog.reading() as transaction:
        citation = transaction.passages.citation(ids.spoken(passage_id))
        reader = transaction.documents.get(citation.document_id).reader
    content = json.dumps(receipt_json(citation, reader=reader), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f"attachment; filename={citation.passage.id}.receipt.json"}
    return Response(content, content_type="application/json; charset=utf-8", headers=headers)


@bp.get("/p/<passage_id>/similar")
def similar(passage_id: str) -> Response:
    """Lead to the passages that are about the same as one."""
    return redirect(url_for("search.results", like=ids.spoken(passage_id)))


@bp.get("/p/<passage_id>/beside/<other_id>")
def beside(passage_id: str, other_id: str) -> str:
    """Show two passages side by side, with the words marked that differ."""
    one, other = services().search.difference(ids.spoken(passage_id), ids.spoken(other_id))
    older, newer = sorted((one, other), key=lambda citation: citation.day)
    was, becomes = compared(older.passage.text, newer.passage.text)
    sides = ((older, was), (newer, becomes))
    return render_template("beside.html", sides=sides, same=older.passage.text == newer.passage.text)


def _cited(passage_id: str) -> tuple[Cited, bool]:
    """Return a passage ready to be cited, and whether its words have been replaced since."""
    with services().catalog.reading() as transaction:
        citation = transaction.passages.citation(ids.spoken(passage_id))
        document = transaction.documents.get(citation.document_id).document
    link = url_for("passages.permalink", passage_id=citation.passage.id, _external=True)
    return Cited(citation, document, link), citation.retired_at is not None


def document_address(citation: Citation, question: str = "", back: str | None = None) -> str:
    """Return the address of a document, opened at a passage, with what is taken along."""
    return passage_address(citation.source.id, citation.passage.id, question, back)


def passage_address(source_id: str, passage_id: str, question: str = "", back: str | None = None) -> str:
    """Return the address of a source's document, opened at one of its passages.

    A question is taken along, and the address of its answers if that holds more than the question.
    """
    # A page of answers has twenty such addresses, with the same question.
    before, query = once(f"document\n{question}\n{back}", lambda: _with_question(question, back))
    return f"{before}{source_id}?passage={passage_id}{query}#p-{passage_id}"


def _with_question(question: str, back: str | None) -> tuple[str, str]:
    """Return what stands in the address of a document before its id, and what after the passage's."""
    address = url_for("documents.document", source_id="~", q=question or None, back=back)
    path, mark, query = address.partition("?")
    return path.removesuffix("~"), f"&{query}" if mark else ""


def _retired(citation: Citation, now: Standing) -> tuple[str, int]:
    was, becomes = compared(citation.passage.text, now.now.text) if now.now else ("", "")
    page = render_template(
        "passage.html", citation=citation, standing=now, was=was or citation.passage.text, becomes=becomes
    )
    return page, 410 if now.kind is StandingKind.REMOVED else 200
