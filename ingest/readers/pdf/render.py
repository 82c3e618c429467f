"""How does a page of a PDF look, and where on it does a stretch of its text stand?"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2 as pdfium

from ingest.readers.pdf.opening import opened, page_of
from kb.errors import SourceUnreadable
from kb.model import Box, Document

# A picture never has more dots than this, whatever size a page claims (a page may state 200 inches square).
MOST_PIXELS = 16_000_000
WIDEST = 4_000


def page_png(content: bytes, number: int, *, width: int = 1000, passwords: Sequence[str] = ()) -> bytes:
    """Return a page, counted from 1, as a PNG of so many dots in width, fewer where that would be too large.

    Raises SourceUnreadable for bytes that are no PDF, and for a page that is not there; SourceLocked as
    ``opened`` does.
    """
    with opened(content, passwords=passwords) as document:
        if not 1 <= number <= len(document):
            raise SourceUnreadable(f"the PDF has {len(document)} pages; there is no page {number}")
        page = page_of(document, number)
        try:
            return picture(page, scale=min(width, WIDEST) / max(page.get_width(), 1.0))[0]
        finally:
            page.close()


def picture(page: pdfium.PdfPage, *, scale: float, grey: bool = False, turn: int = 0) -> tuple[bytes, float]:
    """Return a page as a PNG, turned clockwise by some more degrees, and its scale in dots a point."""
    width, height = page.get_size()
    most = math.sqrt(MOST_PIXELS / max(width * height, 1.0))
    scale = min(scale, most, WIDEST * 2 / max(width, height, 1.0))
    bitmap = page.render(scale=scale, grayscale=grey, rotation=turn)
    try:
        stream = io.BytesIO()
        bitmap.to_pil().save(stream, "PNG", compress_level=3)
        return stream.getvalue(), scale
    finally:
        bitmap.close()


def boxes_of(document: Document, start: int, end: int, *, page: int | None = None) -> list[Box]:
    """Return where ``text[start:end]`` stands, line by line, on one page or on all.

    A line that is only partly meant is narrowed by its share of the characters, which is right to within a
    letter or two in proportional type.
    """
    found = []
    for box in document.boxes:
        if box.end <= start or box.start >= end or (page is not None and box.page != page):
            continue
        first, last = max(start, box.start), min(end, box.end)
        width, length = box.right - box.left, box.end - box.start
        left = box.left + width * (first - box.start) / length
        right = box.left + width * (last - box.start) / length
        found.append(replace(box, start=first, end=last, left=left, right=right))
    return found
