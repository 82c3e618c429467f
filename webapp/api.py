"""What can a program ask? The JSON API, version 1. Errors are problem details (RFC 9457)."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, request
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest

from index.results import SearchResult
from kb import ids
from kb.model import SourceState
from webapp import presenters
from webapp.asking import Asked, asked
from webapp.current import services
from webapp.insight import note
from webapp.links.standing import standing
from webapp.openapi import shapes
from webapp.openapi.described import described
from webapp.openapi.parameters import (
    LAST_DOCUMENT,
    LAST_OFFSET,
    LISTING,
    MOST,
    NARROWED,
    SEARCH,
    SUGGEST,
)
from webapp.sending import kept
from webapp.work.progress import reached

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/search")
@described(shapes.Answer, query=SEARCH, problems={404: None})
def search() -> shapes.Answer | Response:
    """Answer a question, or find passages like one."""
    wanted = asked(request.args, strict=True)
    response, page = kept(lambda: _found(wanted))
    if request.args.get("offset", "0") == "0":
        note(wanted, page)
    return response


def _found(wanted: Asked) -> tuple[Response, SearchResult]:
    found = _answer(wanted)
    return jsonify(presenters.search_json(found)), found


@bp.get("/passages/<passage_id>/similar")
@described(shapes.Answer, query=NARROWED, problems={404: None})
def similar(passage_id: str) -> shapes.Answer:
    """Find passages that are about the same as one."""
    wanted = replace(asked(request.args, strict=True), like=ids.spoken(passage_id))
    return presenters.search_json(_answer(wanted))


@bp.get("/suggest")
@described(shapes.Suggestions, query=SUGGEST)
def suggest() -> shapes.Suggestions:
    """Return how a question that is being typed may go on: titles, headings and words."""
    typed = request.args.get("q", "")
    found = services().search.suggest(typed, collections=request.args.getlist("collection") or None)
    return {"query": typed, "suggestions": [{"text": one.text, "kind": one.kind} for one in found]}


@bp.get("/token")
@described(shapes.Token)
def token() -> shapes.Token:
    """Return what a change must carry in its header X-CSRFToken, with a cookie to send along."""
    return {"csrf_token": generate_csrf()}


def _answer(wanted: Asked) -> SearchResult:
    return wanted.answer(
        services().search,
        limit=_whole("limit", 10, least=1, most=MOST),
        offset=_whole("offset", 0, least=0, most=LAST_OFFSET),
    )


@bp.get("/passages/<passage_id>")
@described(shapes.CitedPassage, problems={404: None})
def passage(passage_id: str) -> shapes.CitedPassage:
    """Return a passage, its selectors, and where its words stand now; a retired one too."""
    with services().catalog.reading() as transaction:
        citation = transaction.passages.citation(ids.spoken(passage_id))
        return presenters.passage_json(citation, standing(transaction, citation))


@bp.get("/documents")
@described(shapes.Documents, query=LISTING)
def documents() -> shapes.Documents:
    """List the documents."""
    collection = request.args.get("collection") or None
    states = [SourceState(state) for state in _listed("state", tuple(SourceState))]
    limit = _whole("limit", MOST, least=1, most=MOST)
    offset = _whole("offset", 0, least=0, most=LAST_DOCUMENT)
    with services().catalog.reading() as transaction:
        sources = transaction.sources.all(collection=collection, states=states, limit=limit, offset=offset)
        total = transaction.sources.count(collection=collection, states=states)
        counts = transaction.passages.counts_by_source()
    return {
        "total": total,
        "documents": [presenters.source_json(one, passages=counts.get(one.id, 0)) for one in sources],
    }


@bp.get("/documents/<source_id>")
@described(shapes.OneDocument, problems={404: None})
def document(source_id: str) -> shapes.OneDocument:
    """Return one document with its passages."""
    with services().catalog.reading() as transaction:
        source = transaction.sources.get(ids.spoken(source_id))
        stored = None if source.document_id is None else transaction.documents.get(source.document_id)
        passages = transaction.passages.of_source(source.id)
        behind = transaction.passages.has_changed_since(source.id, reached(services()))
    found = source.state is SourceState.READY and not behind
    return presenters.document_json(source, stored, passages=passages, found=found)


def _whole(name: str, otherwise: int, *, least: int, most: int) -> int:
    """Return a whole number from the address, or raise BadRequest."""
    given = request.args.get(name)
    if given is None:
        return otherwise
    if not (given.isascii() and given.isdigit() and len(given) < 10 and least <= int(given) <= most):
        raise BadRequest(f"{name} must be a whole number from {least} to {most}.")
    return int(given)


def _listed(name: str, known: tuple[str, ...]) -> list[str]:
    """Return the values of a parameter, or raise BadRequest for one that is not known."""
    given = request.args.getlist(name)
    if not set(given) <= set(known):
        raise BadRequest(f"{name} must be one of: {', '.join(known)}.")
    return given
