"""On which pages does a passage stand, and what do people call them?

The boxes of a page that is drawn tell exactly; without them a block's own page is all there is to know.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace

from kb.model import Document, Span


def with_pages(document: Document, spans: Sequence[Span]) -> list[Span]:
    """Return the spans with their first and last page and the label of these."""
    starts, ends, pages = _stretches(document)
    labels = {page.number: page.label for page in document.pages if page.label}
    placed = []
    for span in spans:
        held = pages[bisect.bisect_right(ends, span.start) : bisect.bisect_left(starts, span.end)]
        numbers = [page for page in held if page is not None]
        if not numbers:
            placed.append(span)
            continue
        first, last = min(numbers), max(numbers)
        label = page_label(labels, first, last=last)
        placed.append(replace(span, first_page=first, last_page=last, page_label=label))
    return placed


def _stretches(document: Document) -> tuple[list[int], list[int], list[int | None]]:
    """Return where each stretch of one page starts and ends, and its page."""
    if document.boxes:
        boxes = document.boxes
        return [box.start for box in boxes], [box.end for box in boxes], [box.page for box in boxes]
    blocks = document.blocks
    return (
        [block.start for block in blocks],
        [block.end for block in blocks],
        [block.page for block in blocks],
    )


def page_label(labels: dict[int, str], first: int, *, last: int) -> str:
    """Return what people call the pages from first to last; empty when their numbers say it all."""
    if first not in labels and last not in labels:
        return ""
    start, end = labels.get(first, str(first)), labels.get(last, str(last))
    return start if start == end else f"{start}–{end}"
