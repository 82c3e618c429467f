"""A catalog on disk, and a way to put documents into it without reading files."""

from __future__ import annotations

from datetime import UTC, datetime

from kb import ids
from kb.catalog import Catalog
from kb.model import Block, BlockKind, Document, Revision, Source, SourceState, Span

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def document(*paragraphs: str, title: str = "A title", language: str = "en") -> Document:
    """Return a document of paragraphs."""
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(paragraph), language=language))
        at += len(paragraph) + 2
    return Document(title, language, "\n\n".join(paragraphs), tuple(blocks), "text/plain")


def spans(made: Document, *headings: str) -> list[Span]:
    """Return one span for each block of a document."""
    return [Span(block.start, block.end, headings, block.language) for block in made.blocks]


def source(place: str = "a.txt", collection: str = "guides") -> Source:
    """Return a source that is not in any catalog yet."""
    return Source(
        id=ids.source_id(collection, place),
        collection=collection,
        place=place,
        uri=f"file:///library/{place}",
        title=place,
        state=SourceState.PENDING,
        added_at=NOW,
        changed_at=NOW,
    )


def publish(catalog: Catalog, made: Document, *, of: Source, sha256: str = "0" * 64) -> list[str]:
    """Accept, read and serve a document; return the ids of its passages in order."""
    with catalog.writing() as transaction:
        transaction.sources.accept(of, Revision(0, of.id, sha256, "text/plain", 1, NOW))
        waiting = transaction.sources.get(of.id).waiting_revision_id
        assert waiting is not None
        restated = transaction.sources.get(of.id).title != made.title
        document_id = transaction.documents.add(waiting, made, reader="test@1", cut_into=len(made.blocks))
        transaction.passages.replace(of.id, document_id, made, spans=spans(made), restated=restated)
        transaction.sources.ready(of.id, document_id=document_id, title=made.title)
        return [passage.id for passage in transaction.passages.of_source(of.id)]


def accept(catalog: Catalog, *, sha256: str = "0" * 64, place: str = "a.txt") -> str:
    """Note that a file was taken in; return its source's id."""
    made = source(place)
    with catalog.writing() as transaction:
        transaction.sources.accept(made, Revision(0, made.id, sha256, "text/plain", 1, NOW))
    return made.id
