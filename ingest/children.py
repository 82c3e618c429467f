"""What becomes of the files in an archive or message when it is read, again, or removed?

Each is a source of its own below its parent: what is new is accepted, what is as it was stays, what is gone
is removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ingest import segment
from ingest.parts import INSIDE, KeptPart, LostPart, unlike
from ingest.readers.registry import Reader, reader_for
from kb import ids
from kb.catalog import Transaction
from kb.errors import KBError, SourceTooLarge
from kb.model import Outcome, OutcomeKind, Revision, Source, SourceState

# What is to be done with a source: read the one with this id, or nothing more, as the outcome says.
Step = str | Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """The parts that were found in a source, when, and how many archives they may hold in one another."""

    parts: tuple[KeptPart | LostPart, ...]
    at: datetime
    levels_left: int


def settle(transaction: Transaction, parent: Source, found: Found) -> list[Step]:
    """Make the sources below one those that were found in it; return what is to be done with each."""
    before = {child.id: child for child in transaction.sources.children(parent.id)}
    taken: set[str] = set()
    steps: list[Step] = []
    for part in found.parts:
        name = unlike(part.name, taken)
        taken.add(name)
        child = _child(parent, name, found.at)
        before.pop(child.id, None)
        if isinstance(part, LostPart):
            steps.append(_refused(transaction, child, part.error))
        elif found.levels_left < 1 and reader_for(part.media_type).parts is not None:
            steps.append(_refused(transaction, child, _too_deep()))
        else:
            steps += _kept(transaction, child, part)
    for gone in before.values():
        remove(transaction, gone.id)
        steps.append(Outcome(gone.uri, OutcomeKind.REMOVED, gone.id, gone.title))
    return steps


def unchanged(transaction: Transaction, source: Source) -> list[Outcome] | None:
    """Return the outcomes of all sources below one, if there is nothing to do for any; else None."""
    outcomes = []
    for child in transaction.sources.below(source.id):
        served = transaction.documents.served(child.id)
        newest = transaction.documents.revisions(child.id)[:1]
        if child.state is not SourceState.READY or not newest:
            return None
        if served != (newest[0].sha256, label(reader_for(newest[0].media_type))):
            return None
        outcomes.append(Outcome(child.uri, OutcomeKind.UNCHANGED, child.id, child.title))
    return outcomes


def remove(transaction: Transaction, source_id: str) -> int:
    """Take a source and all that is in it out of the results; return how many passages went."""
    retired = 0
    for source in (*transaction.sources.below(source_id), transaction.sources.get(source_id)):
        transaction.sources.removed(source.id)
        retired += transaction.passages.retire_all(source.id)
    return retired


def label(reader: Reader) -> str:
    """Return what a document records of how it was made: the reader and the splitter with their versions."""
    return f"{reader.label}+segment@{segment.VERSION}"


def failed(uri: str, error: KBError, *, source_id: str | None = None) -> Outcome:
    """Return the outcome of a source that could not be taken in."""
    return Outcome(
        uri, OutcomeKind.FAILED, source_id, code=error.code, reason=str(error), remedy=error.remedy
    )


def _child(parent: Source, name: str, at: datetime) -> Source:
    place = f"{parent.place}{INSIDE}{name}"
    inside = INSIDE if "#" in parent.uri else "#"
    return Source(
        id=ids.source_id(parent.collection, place),
        collection=parent.collection,
        place=place,
        uri=f"{parent.uri}{inside}{quote(name)}",
        title=name.rpartition("/")[2],
        state=SourceState.PENDING,
        added_at=at,
        changed_at=at,
        parent_id=parent.id,
    )


def _kept(transaction: Transaction, child: Source, part: KeptPart) -> Iterable[Step]:
    known = transaction.sources.find(child.id)
    now = (part.sha256, label(reader_for(part.media_type)))
    if known is not None and known.state is SourceState.READY:
        transaction.sources.move(child.id, child.uri)
        below = unchanged(transaction, known) if transaction.documents.served(child.id) == now else None
        if below is not None:
            return [Outcome(child.uri, OutcomeKind.UNCHANGED, child.id, known.title), *below]
    revision = Revision(0, child.id, part.sha256, part.media_type, part.size, child.changed_at)
    transaction.sources.accept(child, revision)
    return [child.id]


def _refused(transaction: Transaction, child: Source, error: KBError) -> Outcome:
    transaction.sources.refuse(child, error)
    return failed(child.uri, error, source_id=child.id)


def _too_deep() -> SourceTooLarge:
    return SourceTooLarge(
        "it is an archive or message in too many others",
        remedy="Unpack it and ingest what is in it, or raise KB_MAX_NESTING.",
    )
