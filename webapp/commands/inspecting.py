"""What did a reader see in a file? Its blocks and passages with their places, for a person to check."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.fetch import Found, read_file
from ingest.parts import LostPart
from ingest.readers.registry import reader_for
from ingest.reading import Reading, Seen, Sight, Task
from kb.blobs import BlobStore
from kb.errors import SourceUnreadable
from kb.model import Block, Document, Span
from kb.text import canonical_line
from webapp.work.aside import kept_aside

_NARROWEST = 80


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file is, which reader read it, and what that saw."""

    file: Path
    media_type: str
    reader: str
    seen: Seen


def inspect(file: Path, reading: Reading) -> Inspection:
    """Read a file as `kb ingest` would, and keep nothing of it; raise SourceError if that cannot be done."""
    with _kept(file, reading) as (task, blobs):
        reader = reader_for(task.media_type)
        return Inspection(file, task.media_type, reader.label, reading.read(task, blobs))


@contextmanager
def _kept(file: Path, reading: Reading) -> Iterator[tuple[Task, BlobStore]]:
    max_bytes = int(reading.limits.file_mb * 1_000_000)
    content = read_file(Found(file.absolute(), file.name, ""), max_bytes=max_bytes).content
    with kept_aside(content, file.name, reading) as kept:
        yield kept


def drawn(inspection: Inspection, page: int, reading: Reading) -> bytes:
    """Return a page of what was inspected as a PNG with a box around each line that was read."""
    sight = inspection.seen.sight
    if sight is None:
        raise SourceUnreadable("there are no words to draw", remedy="Choose a page of a PDF.")
    # Imported here: drawing costs the other commands what it takes to load.
    from webapp.commands.drawing import page_with_boxes  # noqa: PLC0415

    with _kept(inspection.file, reading) as (task, blobs):
        return page_with_boxes(
            sight.document,
            page,
            lambda width: reading.picture(replace(task, page=page, width=width), blobs),
        )


def inspection_json(inspection: Inspection, *, passages: bool) -> dict[str, Any]:
    """Return all that was seen, for programs."""
    sight = inspection.seen.sight
    report: dict[str, Any] = {
        "file": str(inspection.file),
        "media_type": inspection.media_type,
        "reader": inspection.reader,
        "parts": [
            {"name": part.name, "reason": f"{part.error}. {part.error.remedy}"}
            if isinstance(part, LostPart)
            else {"name": part.name, "media_type": part.media_type, "size": part.size}
            for part in inspection.seen.parts
        ],
    }
    if sight is not None:
        report.update(_document_json(sight.document))
    if sight is not None and passages:
        report["passages"] = [_span_json(sight.document, span) for span in sight.spans]
    return report


def _document_json(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "language": document.language,
        "author": document.author,
        "dated": document.dated.isoformat() if document.dated else None,
        "url": document.url,
        "particulars": [list(pair) for pair in document.particulars],
        "warnings": list(document.warnings),
        "pages": [
            {"number": page.number, "label": page.label, "width": page.width, "height": page.height}
            for page in document.pages
        ],
        "blocks": [
            {
                "kind": block.kind.value,
                "level": block.level,
                "page": block.page,
                "start": block.start,
                "end": block.end,
                "language": block.language,
                "headers": list(block.headers),
                "text": document.block_text(block),
            }
            for block in document.blocks
        ],
    }


def _span_json(document: Document, span: Span) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "headings": list(span.headings),
        "language": span.language,
        "pages": None if span.first_page is None else [span.first_page, span.last_page],
        "page_label": span.page_label,
        "text": document.text[span.start : span.end],
    }


def inspection_text(inspection: Inspection, *, passages: bool) -> str:
    """Return what was seen, a line for each block (or passage), for people."""
    lines = [f"{inspection.file}: {inspection.media_type}, read by {inspection.reader}"]
    if inspection.seen.sight is not None:
        lines += _sight_lines(inspection.seen.sight, passages=passages)
    for part in inspection.seen.parts:
        told = str(part.error) if isinstance(part, LostPart) else f"{part.media_type}, {part.size:,} bytes"
        lines.append(f"file in it: {part.name}: {told}")
    return "\n".join(lines)


def _sight_lines(sight: Sight, *, passages: bool) -> list[str]:
    document = sight.document
    stated = [
        ("title", document.title),
        ("language", document.language),
        ("author", document.author),
        ("dated", document.dated.isoformat() if document.dated else ""),
        ("url", document.url),
        *document.particulars,
        *(("warning", warning) for warning in document.warnings),
    ]
    lines = [f"{name}: {value}" for name, value in stated if value]
    if document.pages:
        labels = [page.label or str(page.number) for page in document.pages]
        lines.append(f"pages: {len(labels)} ({', '.join(labels[:12])}{', …' if len(labels) > 12 else ''})")
    lines.append(f"blocks: {len(document.blocks)}; passages: {len(sight.spans)}")
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    if passages:
        return lines + [_span_line(document, span)[:width] for span in sight.spans]
    return lines + [_block_line(document, block)[:width] for block in document.blocks]


def _block_line(document: Document, block: Block) -> str:
    kind = f"{block.kind.value} {block.level}" if block.level else block.kind.value
    page = f"p.{block.page}" if block.page is not None else ""
    words = canonical_line(document.block_text(block))
    headers = f"[{' | '.join(block.headers)}] " if block.headers else ""
    return f"{block.start:>8}–{block.end:<8} {page:<6} {kind:<13} {block.language:<5} {headers}{words}"


def _span_line(document: Document, span: Span) -> str:
    page = span.page_label or ("" if span.first_page is None else f"{span.first_page}–{span.last_page}")
    words = canonical_line(document.text[span.start : span.end])
    return f"{span.start:>8}–{span.end:<8} {page:<6} {span.language:<5} {' › '.join(span.headings)} ‖ {words}"
