"""Which documents are to be read again: those that failed, of one type, or that an older reader read?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.batch import accept_file
from ingest.children import Step, failed, label
from ingest.fetch import Found
from ingest.pipeline import file_at, is_file
from ingest.readers.registry import reader_for
from kb.catalog import Transaction
from kb.catalog.readings import LastReading
from kb.errors import SourceError, SourceMissing
from kb.model import Source, SourceState
from webapp.wiring import Services


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be read again; what is not named does not narrow the choice."""

    source_ids: tuple[str, ...] = ()
    failed: bool = False
    older_readers: bool = False
    media_types: tuple[str, ...] = ()
    collection: str | None = None

    def takes(self, reading: LastReading) -> bool:
        """Tell whether a source is among those chosen."""
        return (
            (not self.source_ids or reading.source_id in self.source_ids)
            and (not self.failed or reading.failed)
            and (not self.older_readers or is_older(reading))
            and (not self.media_types or reading.media_type in self.media_types)
            and self.collection in (None, reading.collection)
        )


def is_older(reading: LastReading) -> bool:
    """Tell whether today's reader is another one than that which read a source last."""
    try:
        return bool(reading.reader) and reading.reader != label(reader_for(reading.media_type))
    except SourceError:
        return False


def chosen(transaction: Transaction, choice: Choice) -> list[str]:
    """Return the ids of the sources that are chosen and of which something is kept."""
    return [reading.source_id for reading in transaction.readings.all() if choice.takes(reading)]


def order(transaction: Transaction, choice: Choice) -> int:
    """Make all that is chosen pending; return how many sources that are."""
    return sum(transaction.sources.read_again(source_id) for source_id in chosen(transaction, choice))


def steps(services: Services, choice: Choice) -> Iterator[Step]:
    """Make all that is chosen pending, and yield what is to be done with each.

    A document that failed before its bytes were kept (too large, of an unknown kind) is taken from where it
    stands.
    """
    with services.catalog.writing() as transaction:
        wanted = chosen(transaction, choice)
        for source_id in wanted:
            transaction.sources.read_again(source_id)
        unkept = _unkept(transaction, choice, set(wanted)) if choice.failed or choice.source_ids else []
    yield from wanted
    for source in unkept:
        yield from _taken_again(services, source)


def _unkept(transaction: Transaction, choice: Choice, wanted: Collection[str]) -> list[Source]:
    """Return the sources that are chosen by name or by their failure, and of which nothing is kept."""
    found = transaction.sources.all(collection=choice.collection, states=[SourceState.FAILED])
    return [
        source
        for source in found
        if source.id not in wanted
        and source.parent_id is None
        and (not choice.source_ids or source.id in choice.source_ids)
        and not choice.media_types
        and not choice.older_readers
        and not transaction.documents.revisions(source.id)
    ]


def _taken_again(services: Services, source: Source) -> list[Step]:
    if is_file(source.uri):
        path: Path = file_at(source.uri)
        max_bytes = services.settings.max_file_mb * 1_000_000
        return accept_file(
            services.pipeline, Found(path, source.place, source.collection), max_bytes=max_bytes
        )
    with services.catalog.reading() as transaction:
        visit = transaction.visits.of(source.id)
    if visit is None:
        gone = SourceMissing("nothing of it is kept", remedy="Add it again from where it came.")
        return [failed(source.uri, gone, source_id=source.id)]
    return services.web.revisit(visit)
