"""How does a source get into the catalog? It is accepted, then read: two transactions, one Outcome.

Accepting keeps the bytes and makes the source pending. Reading turns them into a document and passages.
What was accepted is never lost: a process that dies between the two leaves work that the next one does.
"""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlparse

from ingest import mediatype, segment
from ingest.fetch import Fetched
from ingest.readers.registry import Reader, reader_for
from kb import ids
from kb.blobs import BlobStore
from kb.catalog import Catalog, Transaction
from kb.errors import KBError, SourceEmpty, SourceError, SourceTooLarge, UnexpectedError
from kb.model import Document, Outcome, OutcomeKind, Revision, Source, SourceState, Span

log = logging.getLogger("kb.pipeline")

# Longer than reading any document within the limits takes; a reader that died gives its source back then.
LEASE = timedelta(minutes=10)


class Pipeline:
    """Takes sources in. Safe to use from several processes at once."""

    def __init__(self, catalog: Catalog, blobs: BlobStore, *, max_text_chars: int) -> None:
        self._catalog = catalog
        self._blobs = blobs
        self._max_text_chars = max_text_chars

    def accept(self, fetched: Fetched) -> str | Outcome:
        """Keep the bytes of a source and make it pending; return its id.

        Returns an Outcome at once when nothing is left to do: the bytes are those that are served and
        were read by today's reader, or no reader can read them (the bytes are not kept then).
        """
        try:
            media_type = mediatype.media_type(fetched.content, fetched.name)
            reader = reader_for(media_type)
        except SourceError as error:
            return self.refuse(fetched, error)
        sha256 = self._blobs.put(fetched.content)
        with self._catalog.writing() as transaction:
            source = _renamed(fetched, sha256, transaction) or _source_of(fetched, transaction)
            known = transaction.sources.find(source.id)
            if known is not None and known.state is SourceState.READY:
                if transaction.documents.served(source.id) == (sha256, label(reader)):
                    transaction.sources.move(source.id, fetched.uri)
                    return Outcome(fetched.uri, OutcomeKind.UNCHANGED, source.id, known.title)
                conflict = _taken_by_another_file(known, fetched)
                if conflict is not None:
                    return failed(fetched.uri, conflict)
            transaction.sources.accept(
                source,
                Revision(0, source.id, sha256, media_type, len(fetched.content), fetched.fetched_at),
            )
        return source.id

    def refuse(self, fetched: Fetched, error: SourceError) -> Outcome:
        """Record that a source cannot be taken in, with the reason."""
        with self._catalog.writing() as transaction:
            source = _source_of(fetched, transaction)
            known = transaction.sources.find(source.id)
            if known is None or _taken_by_another_file(known, fetched) is None:
                transaction.sources.refuse(source, error)
        return failed(fetched.uri, error, source_id=source.id)

    def read_next(self, source_id: str | None = None) -> Outcome | None:
        """Claim a waiting source (any, or this one) and read it; None when there is none to claim.

        A document that cannot be read is a failed Outcome, recorded in the catalog with its reason.
        """
        with self._catalog.writing() as transaction:
            source = transaction.sources.claim(lease=LEASE, source_id=source_id)
            if source is None:
                return None
            assert source.waiting_revision_id is not None
            revision = transaction.documents.revision(source.waiting_revision_id)
        try:
            reader = reader_for(revision.media_type)
            document, spans = self._read(source, revision, reader)
        except KBError as error:
            return self._give_up(source, error)
        except Exception as error:
            # One document that a reader stumbles over must not stop the others.
            log.exception("unexpected error while reading %s", source.uri)
            return self._give_up(source, UnexpectedError(f"unexpected error while reading: {error!r}"))
        except BaseException:
            with self._catalog.writing() as transaction:
                transaction.sources.release(source.id)
            raise
        return self._publish(source, revision, document, spans=spans, reader=label(reader))

    def _give_up(self, source: Source, error: KBError) -> Outcome:
        with self._catalog.writing() as transaction:
            transaction.sources.failed(source.id, error)
        return failed(source.uri, error, source_id=source.id)

    def remove(self, source_id: str) -> int:
        """Take a source out of the results; return how many passages went. Its links still resolve."""
        with self._catalog.writing() as transaction:
            transaction.sources.get(source_id)
            transaction.sources.removed(source_id)
            return transaction.passages.retire_all(source_id)

    def _read(self, source: Source, revision: Revision, reader: Reader) -> tuple[Document, list[Span]]:
        content = self._blobs.get(revision.sha256)
        if revision.media_type.startswith("text/") and len(content) > 4 * self._max_text_chars:
            raise self._too_long()
        document = reader.read(content, name=name_in(source.uri))
        if len(document.text) > self._max_text_chars:
            raise self._too_long()
        spans = segment.segment(document)
        if not spans:
            raise SourceEmpty("the document has no words")
        return document, spans

    def _too_long(self) -> SourceTooLarge:
        return SourceTooLarge(
            f"the document has more than {self._max_text_chars:,} characters",
            remedy="Split the document, or raise KB_MAX_TEXT_CHARS.",
        )

    def _publish(
        self, source: Source, revision: Revision, document: Document, *, spans: list[Span], reader: str
    ) -> Outcome:
        """Serve a document from now on: all of it or, if the process dies, nothing of it."""
        with self._catalog.writing() as transaction:
            current = transaction.sources.get(source.id)
            if current.waiting_revision_id != revision.id:
                # A newer revision came, or the source was removed, while this one was read.
                return Outcome(source.uri, OutcomeKind.UNCHANGED, source.id, current.title)
            document_id = transaction.documents.add(revision.id, document, reader=reader)
            transaction.passages.replace(
                source.id, document_id, document, spans=spans, renamed=document.title != current.title
            )
            transaction.sources.ready(source.id, document_id=document_id, title=document.title)
            twins = transaction.documents.served_with_hash(revision.sha256, other_than=source.id)
        kind = OutcomeKind.DUPLICATE if twins else OutcomeKind.ADDED
        reason = f"the same bytes as {twins[0]}" if twins else ""
        return Outcome(source.uri, kind, source.id, document.title, passages=len(spans), reason=reason)


def _source_of(fetched: Fetched, transaction: Transaction) -> Source:
    """Return the source that a file belongs to: the one known at its place, else a new one."""
    for known in transaction.sources.at(fetched.uri):
        if known.collection == fetched.collection:
            return replace(known, changed_at=fetched.fetched_at)
    return Source(
        id=ids.source_id(fetched.collection, fetched.place),
        collection=fetched.collection,
        place=fetched.place,
        uri=fetched.uri,
        title=fetched.name,
        state=SourceState.PENDING,
        added_at=fetched.fetched_at,
        changed_at=fetched.fetched_at,
    )


def _renamed(fetched: Fetched, sha256: str, transaction: Transaction) -> Source | None:
    """Return the source whose file was given another name: same bytes, same collection, old file gone."""
    new_id = ids.source_id(fetched.collection, fetched.place)
    if transaction.sources.at(fetched.uri) or transaction.sources.find(new_id) is not None:
        return None
    for source_id in transaction.documents.served_with_hash(sha256, other_than=new_id):
        source = transaction.sources.get(source_id)
        if source.collection == fetched.collection and not file_at(source.uri).exists():
            return source
    return None


def failed(uri: str, error: KBError, *, source_id: str | None = None) -> Outcome:
    """Return the outcome of a source that could not be taken in."""
    return Outcome(
        uri, OutcomeKind.FAILED, source_id, code=error.code, reason=str(error), remedy=error.remedy
    )


def label(reader: Reader) -> str:
    """Return what a document records of how it was made: the reader and the splitter with their versions."""
    return f"{reader.label}+segment@{segment.VERSION}"


def file_at(uri: str) -> Path:
    """Return the file that a ``file:`` URI names."""
    return Path(os.fsdecode(unquote_to_bytes(urlparse(uri).path)))


def name_in(uri: str) -> str:
    """Return the file name that a URI ends in."""
    return unquote(urlparse(uri).path.rpartition("/")[2])


def _taken_by_another_file(known: Source, fetched: Fetched) -> SourceError | None:
    """Return an error when the place belongs to a different file that still exists."""
    other = file_at(known.uri)
    if known.uri == fetched.uri or not other.exists():
        return None
    return SourceError(
        f"the collection {known.collection!r} already has {known.place!r}, from {other}",
        remedy="Give one of the two libraries a name of its own with --collection.",
    )
