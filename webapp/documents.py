"""Which documents are there, and what does each say?"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from kb import ids
from kb.catalog import Transaction
from kb.model import Passage, Revision, Source, SourceState
from webapp.current import services
from webapp.layout.filters import file_name
from webapp.layout.finding import MOST
from webapp.layout.paging import Paging, page_asked, with_query
from webapp.layout.reading import lay_out
from webapp.layout.sheets import is_drawn
from webapp.links.standing import StandingKind, standing_in
from webapp.matching import matches_in
from webapp.security import ORIGINAL_POLICY

bp = Blueprint("documents", __name__, url_prefix="/documents")

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A source in the list, with what its row shows beside it; no language before it has been read."""

    source: Source
    passages: int
    language: str | None


@dataclass(frozen=True, slots=True)
class Family:
    """What a source came in, the innermost first, and what came in it."""

    above: list[Source]
    parts: list[Source]


@bp.get("")
def listing() -> str:
    """List the documents by collection."""
    collection = request.args.get("collection") or None
    state = request.args.get("state")
    states = [SourceState(state)] if state in set(SourceState) else []
    with services().catalog.reading() as transaction:
        paging = Paging(
            page_asked(), PER_PAGE, transaction.sources.count(collection=collection, states=states)
        )
        sources = transaction.sources.all(
            collection=collection, states=states, limit=PER_PAGE, offset=paging.offset
        )
        counts = transaction.passages.counts_by_source()
        languages = transaction.documents.languages(
            s.document_id for s in sources if s.document_id is not None
        )
        listed = [
            Listed(source, counts.get(source.id, 0), languages.get(source.document_id or 0))
            for source in sources
        ]
        collections = transaction.sources.collections()
        failed = transaction.sources.count(collection=collection, states=[SourceState.FAILED])
    return render_template(
        "documents.html",
        listed=listed,
        paging=paging,
        collections=collections,
        collection=collection,
        state=states[0] if states else None,
        failed=failed,
    )


@bp.get("/<source_id>")
def document(source_id: str) -> str | Response | tuple[str, int]:
    """Show a document for reading, with the passage asked for set off."""
    meant = ids.spoken(source_id)
    if meant != source_id:
        return redirect(with_query(url_for("documents.document", source_id=meant)))
    wanted = request.args.get("passage", "")
    question, find = request.args.get("q", ""), request.args.get("find", "").strip()
    with services().catalog.reading() as transaction:
        source = transaction.sources.get(source_id)
        family = Family(transaction.sources.above(source_id), transaction.sources.children(source_id))
        if source.document_id is None:
            status = 410 if source.state is SourceState.REMOVED else 200
            return render_template("unread.html", source=source, family=family), status
        stored = transaction.documents.get(source.document_id)
        passages = transaction.passages.of_source(source_id)
        revisions = len(transaction.documents.revisions(source_id))
        cited = next((passage for passage in passages if passage.id == ids.spoken(wanted)), None)
        if wanted and cited is None:
            cited = words_of(transaction, ids.spoken(wanted), source_id=source_id)
    if wanted and cited is None:
        return redirect(url_for("passages.permalink", passage_id=wanted))
    if find:
        cited = None
    matches = matches_in(source_id, question, near=cited)
    layout = lay_out(
        stored.document,
        passages,
        cited=cited,
        part=request.args.get("part", None, type=int),
        anchor_label=gettext("Link to this passage"),
        words=matches.words,
        find=find,
    )
    return render_template(
        "document.html",
        source=source,
        family=family,
        stored=stored,
        layout=layout,
        cited=cited,
        passages=len(passages),
        revisions=revisions,
        drawn=is_drawn(stored.document),
        question=question,
        matches=matches,
        find=find,
        most_found=MOST,
    )


def words_of(transaction: Transaction, passage_id: str, *, source_id: str) -> Passage | None:
    """Return the very words of a retired passage where they stand in a source's document now, or None."""
    now = standing_in(transaction, transaction.passages.citation(passage_id), source_id)
    if now is None or now.now is None or now.place is None or now.kind is not StandingKind.MOVED:
        return None
    return replace(now.now, id=passage_id, start=now.place.start, end=now.place.end)


@bp.get("/<source_id>/original")
def original(source_id: str) -> Response:
    """Send the bytes that the document was read from, to be kept and never run."""
    with services().catalog.reading() as transaction:
        source = transaction.sources.get(ids.spoken(source_id))
        revision = _served_revision(transaction, source)
    content = services().blobs.get(revision.sha256)
    response = send_file(
        io.BytesIO(content),
        # Flask would add a charset to a text type; what the bytes are in is for their reader to find out.
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=file_name(source.uri) or revision.sha256[:12],
        etag=revision.sha256,
    )
    response.headers["Content-Type"] = revision.media_type
    response.headers["Content-Security-Policy"] = ORIGINAL_POLICY
    return response


def _served_revision(transaction: Transaction, source: Source) -> Revision:
    """Return the revision that is served: of an archive, which has no document, the newest."""
    if source.document_id is not None:
        return transaction.documents.get(source.document_id).revision
    if source.state is not SourceState.READY:
        raise NotFound(gettext("Nothing has been read from this source."))
    return transaction.documents.revisions(source.id)[0]
