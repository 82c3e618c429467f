"""How does a source get into the catalog? It is accepted, then read: two transactions, one Outcome.

Accepting keeps the bytes and makes the source pending. Reading turns them into a document and passages.
What was accepted is never lost: a process that dies between the two leaves work that the next one does.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlparse

from ingest import children, mediatype
from ingest.children import Step, failed, label
from ingest.fetch import Fetched
from ingest.parts import INSIDE, KeptPart
from ingest.readers.registry import reader_for
from ingest.reading import InProcess, Reading, Seen, Task, too_many, unpacks_to_too_much
from kb import ids
from kb.blobs import BlobStore
from kb.catalog import Catalog, Transaction
from kb.errors import KBError, SourceError, SourceTooLarge, UnexpectedError
from kb.model import Document, Outcome, OutcomeKind, Revision, Source, SourceState

log = logging.getLogger("kb.pipeline")

# Longer than what the limit allows for reading; a reader that died gives its source back then.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Claim:
    """A source that is this process's to read: the revision that waits, the task, and who can do it.

    ``levels_left`` tells how many archives more may stand in it, one in another.
    """

    source: Source
    revision: Revision
    task: Task
    levels_left: int


class Pipeline:
    """Takes sources in. Safe to use from several processes at once."""

    def __init__(self, catalog: Catalog, blobs: BlobStore, reading: Reading | None = None) -> None:
        self._catalog = catalog
        self._blobs = blobs
        self.reading: Reading = reading or InProcess()
        self._lease = LEASE + timedelta(seconds=self.reading.limits.seconds)

    @property
    def catalog(self) -> Catalog:
        """Return the catalog that sources are taken into."""
        return self._catalog

    def accept(self, fetched: Fetched) -> list[Step]:
        """Keep the bytes of a source and make it pending; return its id, as the one thing to do.

        Returns outcomes instead when nothing is left to do: the bytes are those that are served and were
        read by today's reader (one for it and one for each source in it), or no reader can read them (the
        bytes are not kept then).
        """
        media_type = mediatype.media_type(fetched.content, fetched.name)
        try:
            reader = reader_for(media_type)
        except SourceError as error:
            return [self.refuse(fetched, error)]
        sha256 = self._blobs.put(fetched.content)
        with self._catalog.writing() as transaction:
            source = _renamed(fetched, sha256, transaction) or _source_of(fetched, transaction)
            known = transaction.sources.find(source.id)
            if known is not None and known.state is SourceState.READY:
                if transaction.documents.served(source.id) == (sha256, label(reader)):
                    if known.uri != fetched.uri:
                        transaction.sources.move(source.id, fetched.uri)
                    transaction.files.seen(source.id, fetched.stamp)
                    below = children.unchanged(transaction, known)
                    if below is not None:
                        return [Outcome(fetched.uri, OutcomeKind.UNCHANGED, source.id, known.title), *below]
                conflict = _taken_by_another_file(known, fetched)
                if conflict is not None:
                    return [failed(fetched.uri, conflict)]
            size = len(fetched.content)
            transaction.sources.accept(
                source,
                Revision(0, source.id, sha256, media_type, size, fetched.fetched_at, fetched.encoding),
            )
            transaction.files.seen(source.id, fetched.stamp)
        return [source.id]

    def refuse(self, fetched: Fetched, error: SourceError) -> Outcome:
        """Record that a source cannot be taken in, with the reason."""
        with self._catalog.writing() as transaction:
            source = _source_of(fetched, transaction)
            known = transaction.sources.find(source.id)
            if known is None or _taken_by_another_file(known, fetched) is None:
                transaction.sources.refuse(source, error)
                transaction.files.seen(source.id, None)
        return failed(fetched.uri, error, source_id=source.id)

    def read_next(self, source_id: str | None = None) -> Outcome | None:
        """Claim a waiting source (any, or this one) and read it; None when there is none to claim.

        What is found in it waits to be read then. To read several at once see ``ingest.pool``.
        """
        claim = self.claim(source_id)
        if claim is None:
            return None
        try:
            seen = self.read(claim)
        except BaseException:
            self.release(claim)
            raise
        return self.settle(claim, seen)[0]

    def claim(self, source_id: str | None = None, *, alone: bool = True) -> Claim | None:
        """Take a waiting source (any, or this one) to read it; None when there is none.

        Not ``alone``: none that ended its readers before.
        """
        with self._catalog.writing() as transaction:
            source = transaction.claims.take(lease=self._lease, source_id=source_id, alone=alone)
            if source is None:
                return None
            assert source.waiting_revision_id is not None
            revision = transaction.documents.revision(source.waiting_revision_id)
            above = transaction.sources.above(source.id)
            return Claim(
                source,
                revision,
                self._task(transaction, source, revision=revision, above=above),
                self.reading.limits.nesting - len(above) - 1,
            )

    def _task(
        self, transaction: Transaction, source: Source, *, revision: Revision, above: list[Source]
    ) -> Task:
        """Return what is to be read, and what the other archives in the same file leave of the limits."""
        limits = self.reading.limits
        parts, unpacked_mb = limits.parts, limits.unpacked_mb
        if above:
            mine = {source.id, *(below.id for below in transaction.sources.below(source.id))}
            others = [one.id for one in transaction.sources.below(above[-1].id) if one.id not in mine]
            parts = max(parts - len(others), 0)
            unpacked_mb = max(unpacked_mb - transaction.documents.sizes(others) / 1_000_000, 0)
        return Task(
            revision.sha256,
            name_in(source.uri),
            revision.media_type,
            parts,
            unpacked_mb,
            revision.encoding,
        )

    def read(self, claim: Claim) -> Seen | KBError:
        """Read what was claimed, and touch nothing in the catalog: so several threads may do so at once."""
        try:
            return self.reading.read(claim.task, self._blobs)
        except KBError as error:
            return error
        except Exception as error:
            # One document that a reader stumbles over must not stop the others.
            log.exception("unexpected error while reading %s", claim.source.uri)
            return UnexpectedError(f"unexpected error while reading: {error!r}")

    def release(self, claim: Claim) -> None:
        """Give a claimed source back unread."""
        with self._catalog.writing() as transaction:
            transaction.claims.release(claim.source)

    def settle(self, claim: Claim, seen: Seen | KBError) -> tuple[Outcome, list[Step]]:
        """Record what was seen, or why nothing was; return the outcome, then what to do with each part."""
        if not isinstance(seen, KBError):
            try:
                return self._publish(claim, seen)
            except SourceTooLarge as error:
                seen = error
        with self._catalog.writing() as transaction:
            if not transaction.claims.holds(claim.source):
                return _overtaken(transaction, claim), []
            if seen.passes:
                transaction.claims.postpone(claim.source, seen)
            else:
                transaction.sources.failed(claim.source.id, seen)
        return failed(claim.source.uri, seen, source_id=claim.source.id), []

    def remove(self, source_id: str) -> int:
        """Take a source, and what is in it, out of the results; return how many passages went.

        Links to them still resolve.
        """
        with self._catalog.writing() as transaction:
            return children.remove(transaction, source_id)

    def _publish(self, claim: Claim, seen: Seen) -> tuple[Outcome, list[Step]]:
        """Serve a document from now on: all of it or, if the process dies, nothing of it."""
        source, revision = claim.source, claim.revision
        with self._catalog.writing() as transaction:
            if not transaction.claims.holds(source):
                return _overtaken(transaction, claim), []
            current = transaction.sources.get(source.id)
            self._check_room(transaction, claim, seen)
            reader = label(reader_for(revision.media_type))
            kind = _kind(transaction, current, now=(revision.sha256, reader))
            title = self._serve(transaction, claim, seen, reader=reader)
            found = children.Found(seen.parts, revision.fetched_at, claim.levels_left)
            steps = children.settle(transaction, current, found)
            twins = transaction.documents.served_with_hash(revision.sha256, other_than=source.id)
        reason = ""
        if twins and kind is not OutcomeKind.UNCHANGED:
            kind, reason = OutcomeKind.DUPLICATE, f"the same bytes as {twins[0]}"
        passages = len(seen.sight.spans) if seen.sight is not None else 0
        warnings = seen.sight.document.warnings if seen.sight is not None else ()
        outcome = Outcome(
            source.uri, kind, source.id, title, passages=passages, reason=reason, warnings=warnings
        )
        return outcome, steps

    def _check_room(self, transaction: Transaction, claim: Claim, seen: Seen) -> None:
        """Raise SourceTooLarge if what was read meanwhile in the same file leaves no room for these parts."""
        above = transaction.sources.above(claim.source.id)
        if not above or not seen.parts:
            return
        left = self._task(transaction, claim.source, revision=claim.revision, above=above)
        size = sum(part.size for part in seen.parts if isinstance(part, KeptPart))
        if len(seen.parts) > left.parts:
            raise too_many(self.reading.limits)
        if size > left.unpacked_mb * 1_000_000:
            raise unpacks_to_too_much(self.reading.limits)

    def _serve(self, transaction: Transaction, claim: Claim, seen: Seen, *, reader: str) -> str:
        """Make what was seen what the source serves, and return its title."""
        source_id, revision = claim.source.id, claim.revision
        if seen.sight is None:
            title = claim.task.name
            # No words, but the record of what was read, and by which reader.
            nothing = Document(title, "other", "", (), revision.media_type)
            transaction.documents.add(revision.id, nothing, reader=reader)
            transaction.passages.retire_all(source_id)
            transaction.sources.ready(source_id, document_id=None, title=title)
            return title
        document = seen.sight.document
        current = transaction.sources.get(source_id)
        before, day = current.document_id, document.dated or revision.fetched_at.date()
        redated = before is not None and transaction.documents.day(before) != day
        cut_into = len(seen.sight.spans)
        document_id = transaction.documents.add(revision.id, document, reader=reader, cut_into=cut_into)
        transaction.passages.replace(
            source_id,
            document_id,
            document,
            spans=seen.sight.spans,
            restated=redated or document.title != current.title,
        )
        transaction.sources.ready(source_id, document_id=document_id, title=document.title)
        return document.title


def _overtaken(transaction: Transaction, claim: Claim) -> Outcome:
    """Return the outcome of reading what is no longer ours to settle.

    A newer revision came, the source was removed, or the lease ran out and another process took it.
    """
    title = transaction.sources.get(claim.source.id).title
    return Outcome(claim.source.uri, OutcomeKind.UNCHANGED, claim.source.id, title)


def _kind(transaction: Transaction, source: Source, *, now: tuple[str, str]) -> OutcomeKind:
    """Return what reading makes of a source: nothing new, something else, or its first document."""
    if source.document_id is None and not transaction.sources.children(source.id):
        return OutcomeKind.ADDED
    return OutcomeKind.UNCHANGED if transaction.documents.served(source.id) == now else OutcomeKind.UPDATED


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
    if not is_file(fetched.uri):
        return None
    new_id = ids.source_id(fetched.collection, fetched.place)
    if transaction.sources.at(fetched.uri) or transaction.sources.find(new_id) is not None:
        return None
    for source_id in transaction.documents.served_with_hash(sha256, other_than=new_id):
        source = transaction.sources.get(source_id)
        alike = source.parent_id is None and source.collection == fetched.collection
        if alike and is_file(source.uri) and _moved(source.uri, fetched.uri):
            return source
    return None


def _moved(old_uri: str, new_uri: str) -> bool:
    """Tell whether the old file is gone, or is the new one under a name that differs in case only.

    Where names may be written in any case, the old one still opens the file.
    """
    old = file_at(old_uri)
    if not old.exists():
        return True
    if old_uri.casefold() != new_uri.casefold():
        return False
    try:
        return old.name not in os.listdir(old.parent)
    except OSError:
        return False


def is_file(uri: str) -> bool:
    """Tell whether a source stands in a file, not on the web."""
    return uri.startswith("file:")


def file_at(uri: str) -> Path:
    """Return the file that a ``file:`` URI names, or that holds the part which it names."""
    return Path(os.fsdecode(unquote_to_bytes(urlparse(uri).path)))


def name_in(uri: str) -> str:
    """Return the file name that a URI ends in; of a part, the name that it has in its archive or message."""
    parts = urlparse(uri)
    return unquote((parts.fragment.rpartition(INSIDE)[2] or parts.path).rpartition("/")[2])


def _taken_by_another_file(known: Source, fetched: Fetched) -> SourceError | None:
    """Return an error when the place belongs to a different file that still exists."""
    if known.uri == fetched.uri or not is_file(known.uri):
        return None
    other = file_at(known.uri)
    if _moved(known.uri, fetched.uri):
        return None
    return SourceError(
        f"the collection {known.collection!r} already has {known.place!r}, from {other}",
        remedy="Give one of the two libraries a name of its own with --collection.",
    )
