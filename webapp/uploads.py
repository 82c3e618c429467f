"""How do documents come in through the browser? As files, one or many, each with its own outcome."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import quote, urlencode

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask import Response as AnyResponse
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.wrappers import Response

from ingest.fetch import Fetched
from kb import ids
from kb.errors import SourceTooLarge
from kb.model import Outcome, OutcomeKind, SourceState
from kb.text import canonical_line
from webapp.current import services
from webapp.errors import problem
from webapp.insight import UNCOUNTED
from webapp.layout.refusals import refusal
from webapp.openapi import shapes
from webapp.openapi.described import described
from webapp.work.progress import reached

bp = Blueprint("uploads", __name__)

TWICE = (
    lazy_gettext("Another file of this name comes with it."),
    lazy_gettext("Give it another name, and add it again."),
)

COLLECTION = "uploads"
# What a form adds around the files.
_OVERHEAD = 1_000_000
_MOST_FILES = 200
_LONGEST_ADDRESS = 2_000
_LONGEST_QUESTION = 1_000
# Signs between words may be commands of a question.
_WORD = re.compile(r"\w+")
# Of a sitemap: a request cannot wait for hundreds of pages, one a second; the command does that.
_MOST_PAGES = 20


def allow_files() -> None:
    """Let a request that may bring files be as large as they are; called before anything reads its body."""
    if request.blueprint != bp.name:
        return
    most = services().settings.max_file_mb * 1_000_000
    one = request.endpoint in ("uploads.upload_one", "uploads.send_one")
    request.max_content_length = (most if one else most * 4) + _OVERHEAD
    request.max_form_parts = _MOST_FILES


@bp.get("/admin/upload")
def form() -> str:
    """Show where files are chosen or dropped."""
    return _page([])


@bp.post("/admin/upload")
def upload() -> str | Response:
    """Take in the files of a form, and show what became of each."""
    collection = _collection()
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        return _page([], missing=True)
    places = [_place(file) for file in files]
    outcomes = [
        _accept(file, collection) if places.index(place) == at else _named_twice(place, collection)
        for at, (file, place) in enumerate(zip(files, places, strict=True))
    ]
    if all(outcome.kind is not OutcomeKind.FAILED for outcome in outcomes):
        return redirect(url_for("documents.listing", collection=collection))
    return _page(outcomes)


@bp.post("/admin/upload/address")
def take_address() -> str | Response:
    """Fetch a page or file from the web, through the same checks as ``kb ingest https://…``."""
    url = canonical_line(request.form.get("address", ""))[:_LONGEST_ADDRESS]
    if not url:
        return _page([], missing_address=True)
    collection = canonical_line(request.form.get("collection", ""))[:100] or None
    steps = islice(services().web.take(url, collection=collection, site=False), _MOST_PAGES)
    outcomes = [
        step if isinstance(step, Outcome) else Outcome(url, OutcomeKind.ACCEPTED, step) for step in steps
    ]
    if outcomes and all(outcome.kind is not OutcomeKind.FAILED for outcome in outcomes):
        flash(gettext("The page was fetched and is being read."))
        return redirect(url_for("documents.listing"))
    return _page(outcomes, address=url)


@bp.post("/admin/upload/one")
def send_one() -> Response:
    """Take in one file that a page sends by itself; what became of it is said in the page's language."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest("file is missing")
    outcome = _accept(file, _collection())
    failed = outcome.kind is OutcomeKind.FAILED
    return jsonify(
        id=outcome.source_id,
        outcome=outcome.kind.value,
        why=_why(outcome.reason, outcome.remedy) if failed else "",
    )


@bp.get("/admin/upload/fates")
def fates() -> Response:
    """Return what became of documents so far: whether each can be found, or why it could not be read."""
    asked = list(map(ids.spoken, request.args.getlist("id")))[:_MOST_FILES]
    come = reached(services())
    told = []
    with services().catalog.reading() as transaction:
        for source in filter(None, map(transaction.sources.find, asked)):
            ready = source.state is SourceState.READY
            told.append(
                {
                    "id": source.id,
                    "state": source.state.value,
                    "found": ready and not transaction.passages.has_changed_since(source.id, come),
                    "why": _why(source.error, source.remedy) if source.error else "",
                    "address": url_for("documents.document", source_id=source.id),
                }
            )
    return jsonify(documents=told)


@bp.get("/admin/upload/found")
def found() -> Response:
    """Lead to a search for the titles of documents, among these alone: who added them sees them found."""
    asked = list(map(ids.spoken, request.args.getlist("id")))[:_MOST_FILES]
    with services().catalog.reading() as transaction:
        titles = transaction.sources.titles(asked)
    words = dict.fromkeys(word for title in titles.values() for word in _WORD.findall(title))
    question = " ".join(words)[:_LONGEST_QUESTION]
    asking = [("q", question), *(("document", source_id) for source_id in titles), (UNCOUNTED, "1")]
    return redirect(f"{url_for('search.results')}?{urlencode(asking)}")


def _why(reason: str | None, remedy: str | None) -> str:
    said = refusal(reason or "").striptags()
    return f"{said} {gettext(remedy)}" if remedy else said


@bp.post("/api/v1/documents")
@described(
    shapes.Taken,
    status=202,
    problems={413: None, 415: None, 422: shapes.RefusedFile},
    form={
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "collection": {"type": "string", "default": COLLECTION},
        },
        "required": ["file"],
    },
)
def upload_one() -> AnyResponse:
    """Take in one file; it is read after the answer.

    Needs the header X-CSRFToken (see the token). A file of the same name in the collection is taken for its
    next revision.
    """
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("The body must be multipart/form-data.")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest("file is missing")
    outcome = _accept(file, _collection())
    if outcome.kind is OutcomeKind.FAILED:
        return _refused(outcome)
    taken: shapes.Taken = {
        "id": outcome.source_id,
        "uri": outcome.uri,
        "outcome": outcome.kind.value,
        "title": outcome.title,
        "error": None,
    }
    response = jsonify(taken)
    response.status_code = 202
    return response


def _refused(outcome: Outcome) -> AnyResponse:
    error: shapes.Reason = {
        "code": outcome.code or "source",
        "reason": outcome.reason,
        "remedy": outcome.remedy,
    }
    return problem(
        422,
        code=error["code"],
        detail=outcome.reason or "",
        remedy=outcome.remedy or "",
        uri=outcome.uri,
        outcome=outcome.kind.value,
        error=error,
    )


def _page(
    outcomes: list[Outcome], *, missing: bool = False, missing_address: bool = False, address: str = ""
) -> str:
    with services().catalog.reading() as transaction:
        collections = transaction.sources.collections()
    return render_template(
        "upload.html",
        outcomes=outcomes,
        missing=missing,
        missing_address=missing_address,
        address=address,
        collections=collections,
        default=COLLECTION,
        most=services().settings.max_file_mb,
    )


def _collection() -> str:
    return canonical_line(request.form.get("collection", ""))[:100] or COLLECTION


def _place(file: FileStorage) -> str:
    """Return what a file is called, folder and all: a label, and never a place on the disk."""
    parts = [canonical_line(part) for part in (file.filename or "").replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "document"


def _uri(collection: str, place: str) -> str:
    return f"upload:{quote(collection)}/{quote(place)}"


def _named_twice(place: str, collection: str) -> Outcome:
    """Return what becomes of a file that would take the place of another of the same form at once."""
    reason, remedy = map(str, TWICE)
    return Outcome(
        _uri(collection, place), OutcomeKind.FAILED, code="named-twice", reason=reason, remedy=remedy
    )


def _accept(file: FileStorage, collection: str) -> Outcome:
    """Keep one file; it is pending then. A file of the same name in the collection is its next revision."""
    place = _place(file)
    fetched = Fetched(
        collection=collection,
        place=place,
        uri=_uri(collection, place),
        name=place.rpartition("/")[2],
        content=b"",
        fetched_at=datetime.now(UTC),
    )
    most = services().settings.max_file_mb * 1_000_000
    with file.stream:
        content = file.stream.read(most + 1)
    pipeline = services().pipeline
    if len(content) > most:
        return pipeline.refuse(
            fetched, SourceTooLarge(f"the file is larger than the limit of {most / 1e6:,.0f} MB")
        )
    # The file itself comes first; what is in an archive that is here already follows.
    first, *_ = pipeline.accept(
        Fetched(collection, place, fetched.uri, fetched.name, content, fetched_at=fetched.fetched_at)
    )
    if isinstance(first, Outcome):
        return first
    return Outcome(fetched.uri, OutcomeKind.ACCEPTED, first, fetched.name)
