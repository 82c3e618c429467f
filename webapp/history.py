"""What did a document say before, and what changed? Its versions, their differences, and feeds of changes."""

from __future__ import annotations

from datetime import datetime, time
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from kb import ids
from kb.catalog import Transaction
from kb.model import Citation, Source, SourceState, StoredDocument, Version
from webapp.current import services
from webapp.layout.differences import differences
from webapp.layout.feeds import Entry, atom
from webapp.layout.reading import lay_out
from webapp.links.standing import Standing, StandingKind, standing

bp = Blueprint("history", __name__)

_ENTRIES = 50


@bp.get("/documents/<source_id>/versions")
def versions(source_id: str) -> str | AnyResponse:
    """List the versions of a document; with ``at=2026-03-01``, lead to the one that was served that day."""
    with services().catalog.reading() as transaction:
        source, found = _versions(transaction, source_id)
    day = request.args.get("at", "")
    if day:
        return _as_of(source, found, day)
    keep_days = services().settings.keep_days
    return render_template("versions.html", source=source, versions=found, keep_days=keep_days)


def _as_of(source: Source, found: list[Version], day: str) -> AnyResponse:
    try:
        end = datetime.combine(datetime.strptime(day, "%Y-%m-%d"), time.max)
    except ValueError:
        abort(400, gettext("A day is written like 2026-03-01."))
    served = [one for one in found if one.read_at.replace(tzinfo=None) <= end]
    if not served:
        abort(404, gettext("No version of that day is kept."))
    return redirect(url_for("history.version", source_id=source.id, document_id=served[0].document_id))


@bp.get("/documents/<source_id>/versions/<int:document_id>")
def version(source_id: str, document_id: int) -> str:
    """Show a document as it was read at one time."""
    with services().catalog.reading() as transaction:
        source, found = _versions(transaction, source_id)
        stored = _stored(transaction, found, document_id)
    layout = lay_out(
        stored.document, (), cited=None, part=request.args.get("part", 1, type=int), anchor_label=""
    )
    return render_template("version.html", source=source, stored=stored, layout=layout)


@bp.get("/documents/<source_id>/versions/<int:document_id>/changes")
def changes(source_id: str, document_id: int) -> str:
    """Show what a version changed in the one before it."""
    with services().catalog.reading() as transaction:
        source, found = _versions(transaction, source_id)
        stored = _stored(transaction, found, document_id)
        older = [one.document_id for one in found if one.document_id < document_id]
        before = transaction.documents.get(older[0]) if older else None
    found_differences = differences(before.document, stored.document) if before is not None else []
    return render_template(
        "changes.html", source=source, stored=stored, before=before, differences=found_differences
    )


@bp.get("/changes.atom")
def collection_feed() -> Response:
    """Tell of documents that came or changed, in all collections or one: an Atom feed."""
    collection = request.args.get("collection") or None
    with services().catalog.reading() as transaction:
        latest = transaction.documents.latest_versions(collection=collection, limit=_ENTRIES)
        entries = [
            Entry(
                id=f"urn:kb:{services().catalog.id}:document:{one.document_id}",
                title=one.title,
                updated=one.read_at,
                address=url_for(
                    "history.changes",
                    source_id=one.revision.source_id,
                    document_id=one.document_id,
                    _external=True,
                ),
                summary=gettext("Read from revision %(number)s.", number=one.revision.id),
            )
            for one in latest
        ]
        entries += [
            _removal(source)
            for source in transaction.sources.all(collection=collection, states=[SourceState.REMOVED])
        ]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    feed = f"urn:kb:{services().catalog.id}" + (f":collection:{quote(collection)}" if collection else "")
    name = collection or gettext("all collections")
    return atom(
        gettext("Changes in %(name)s", name=name),
        feed,
        entries[:_ENTRIES],
        alternate=url_for("documents.listing", collection=collection, _external=True),
    )


def _removal(source: Source) -> Entry:
    """Tell of a document that was taken out; when it is brought back and taken out again, that is another."""
    return Entry(
        id=f"urn:kb:{services().catalog.id}:source:{source.id}:removed:{source.changed_at:%Y%m%dT%H%M%S}",
        title=gettext("“%(title)s” was removed.", title=source.title),
        updated=source.changed_at,
        address=url_for("documents.document", source_id=source.id, _external=True),
        summary=source.place,
    )


@bp.get("/p/<passage_id>/changes.atom")
def passage_feed(passage_id: str) -> Response:
    """Tell what becomes of one cited passage: an Atom feed with an entry when its words are replaced."""
    with services().catalog.reading() as transaction:
        citation = transaction.passages.citation(ids.spoken(passage_id))
        now = standing(transaction, citation)
        words = _words_now(transaction, now)
        changed_at = _changed_at(transaction, citation, now, words=words)
    address = url_for("passages.permalink", passage_id=citation.passage.id, _external=True)
    name = f"urn:kb:{services().catalog.id}:passage:{citation.passage.id}"
    said = {
        StandingKind.MOVED: gettext("These words now stand in another passage"),
        StandingKind.CHANGED: gettext("This passage has changed since it was cited"),
        StandingKind.REMOVED: gettext("This passage is no longer in the documents"),
    }
    entries = []
    if citation.retired_at is not None and now.kind in said:
        summary = now.now.text if now.now is not None else citation.passage.text
        # The words that stand there now name the change: when they change in turn, it is another.
        entry = f"{name}:{now.kind.value}:{ids.text_hash(words)}"
        entries = [Entry(entry, said[now.kind], changed_at, address, summary)]
    return atom(citation.document_title, name, entries, alternate=address, since=citation.revision.fetched_at)


def _words_now(transaction: Transaction, now: Standing) -> str:
    """Return the words that stand for those that were cited."""
    if now.now is None or now.place is None:
        return ""
    document_id = transaction.sources.get(now.now.source_id).document_id
    text = transaction.documents.get(document_id).document.text if document_id is not None else ""
    return text[now.place.start : now.place.end]


def _changed_at(transaction: Transaction, citation: Citation, now: Standing, *, words: str) -> datetime:
    """Return when the words that stand there now were read first, at the earliest when others went."""
    gone = citation.retired_at or citation.revision.fetched_at
    versions_now = transaction.documents.versions(now.now.source_id) if now.now is not None else []
    for version in reversed(versions_now):
        later = version.document_id > citation.document_id
        if later and words in transaction.documents.get(version.document_id).document.text:
            return max(gone, version.read_at)
    return gone


def _versions(transaction: Transaction, source_id: str) -> tuple[Source, list[Version]]:
    source = transaction.sources.get(ids.spoken(source_id))
    return source, transaction.documents.versions(source.id)


def _stored(transaction: Transaction, found: list[Version], document_id: int) -> StoredDocument:
    """Return one of the versions found; a number that belongs to another source is no version of this one."""
    if document_id not in {one.document_id for one in found}:
        abort(404)
    return transaction.documents.get(document_id)
