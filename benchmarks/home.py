"""How does a library of ready passages come into a home folder? As `kb ingest` leaves it, without the files.

python -m benchmarks.home HOME COUNT      put so many more passages into a library and index them
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.library import Line
from index.sync import sync
from kb import ids
from kb.catalog import Transaction
from kb.model import Block, BlockKind, Document, Revision, Source, SourceState, Span
from kb.settings import load
from kb.text import canonical_line
from webapp.wiring import Services, wire

COLLECTION = "scale"
_TOGETHER = 500
_BETWEEN = "\n\n"


def services_at(home: Path) -> Services:
    """Open the services of a home folder."""
    return wire(load({}, home=str(home)))


def fill(services: Services, lines: Iterable[Line]) -> int:
    """Put passages into the catalog, as documents of those that follow one another; return how many."""
    passages = 0
    documents = itertools.groupby(lines, key=lambda line: line.document)
    for group in _in_groups((name, list(parts)) for name, parts in documents):
        with services.catalog.writing() as transaction:
            for name, parts in group:
                passages += publish(transaction, name, parts)
    return passages


def publish(transaction: Transaction, name: str, lines: Sequence[Line]) -> int:
    """Make some passages those of a document, which is new or has changed; return how many."""
    now = datetime.now(UTC)
    texts = [canonical_line(line.text) for line in lines]
    text = _BETWEEN.join(texts)
    spans = list(_spans(lines, texts))
    blocks = tuple(Block(BlockKind.PARAGRAPH, each.start, each.end, language=each.language) for each in spans)
    document = Document(canonical_line(lines[0].title), lines[0].language, text, blocks, "text/plain")
    source = Source(
        id=ids.source_id(COLLECTION, name),
        collection=COLLECTION,
        place=name,
        uri=f"file:///{name}",
        title=document.title,
        state=SourceState.PENDING,
        added_at=now,
        changed_at=now,
    )
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    transaction.sources.accept(source, Revision(0, source.id, sha256, "text/plain", len(text), now))
    waiting = transaction.sources.get(source.id).waiting_revision_id
    assert waiting is not None
    document_id = transaction.documents.add(waiting, document, reader="bench@1")
    transaction.passages.replace(source.id, document_id, document, spans=spans, restated=False)
    transaction.sources.ready(source.id, document_id=document_id, title=document.title)
    return len(lines)


def _spans(lines: Sequence[Line], texts: Sequence[str]) -> Iterator[Span]:
    start = 0
    for line, text in zip(lines, texts, strict=True):
        yield Span(start, start + len(text), (), line.language)
        start += len(text) + len(_BETWEEN)


def _in_groups(documents: Iterable[tuple[str, list[Line]]]) -> Iterator[list[tuple[str, list[Line]]]]:
    iterator = iter(documents)
    while group := list(itertools.islice(iterator, _TOGETHER)):
        yield group


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("count", type=int)
    options = parser.parse_args()
    services = services_at(options.home)
    words = "the office answers letters about number".split()
    more = [
        Line("", f"more-{n // 50}", "en", f"Letters {n // 50}", " ".join((*words, str(n)) * 12))
        for n in range(options.count)
    ]
    fill(services, more)
    sync(services.catalog, services.generations, wait=60)
    services.close()


if __name__ == "__main__":
    main()
