"""What stands on one page of a document that is drawn, and where on it do the words of a passage stand?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.model import Box, Document, Page, Passage
from webapp.layout.prose import Stretch

# Between cells and blocks stand bars and line ends that are in no box.
_UNBOXED = re.compile(r"[\s|]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its number and label, its size in points, and its neighbours."""

    page: Page
    before: Page | None
    after: Page | None


def is_drawn(document: Document) -> bool:
    """Tell whether a document has pages that can be shown as pictures."""
    return document.media_type == "application/pdf" and any(page.width > 0 for page in document.pages)


def sheet(document: Document, number: int) -> Sheet | None:
    """Return a page of a document by its number, or None if there is none that can be drawn."""
    pages = [page for page in document.pages if page.width > 0]
    at = next((at for at, page in enumerate(pages) if page.number == number), None)
    if at is None or document.media_type != "application/pdf":
        return None
    return Sheet(pages[at], pages[at - 1] if at else None, pages[at + 1] if at + 1 < len(pages) else None)


def numbered(document: Document, wanted: str) -> int | None:
    """Return the number of the page that people call so: by what is printed on it, else by its number."""
    wanted = wanted.strip().casefold()
    printed = [page.number for page in document.pages if page.label.casefold() == wanted]
    if printed and wanted:
        return printed[0]
    return next((page.number for page in document.pages if str(page.number) == wanted), None)


def stretches(document: Document, number: int) -> list[Stretch]:
    """Return the stretches of text that stand on a page: by lines, else by the blocks that start there."""
    found = [(box.start, box.end) for box in document.boxes if box.page == number]
    if not document.boxes:
        found = [(block.start, block.end) for block in document.blocks if block.page == number]
    return list(_joined(document.text, found))


def _joined(text: str, found: list[Stretch]) -> Iterator[Stretch]:
    """Yield stretches with nothing but spaces and bars between them as one."""
    if not found:
        return
    start, end = found[0]
    for following, until in found[1:]:
        if _UNBOXED.sub("", text[end:following]):
            yield start, end
            start = following
        end = until
    yield start, end


def sure_boxes(document: Document, passage: Passage, number: int) -> list[Box]:
    """Return the lines of a passage on a page; none unless all of its words there are known to be in them.

    Where some of its words are in no line, the places of all are in doubt.
    """
    # Imported here: PDFium takes its time, and most pages need none of it.
    from ingest.readers.pdf.render import boxes_of  # noqa: PLC0415

    lines = boxes_of(document, passage.start, passage.end)
    ends = [passage.start, *(box.end for box in lines)]
    starts = [*(box.start for box in lines), passage.end]
    between = (document.text[end:start] for end, start in zip(ends, starts, strict=True))
    if not lines or any(_UNBOXED.sub("", gap) for gap in between):
        return []
    size = next((page for page in document.pages if page.number == number), None)
    on_page = [box for box in lines if box.page == number]
    if size is None or not all(_is_within(box, size) for box in on_page):
        return []
    return on_page


def _is_within(box: Box, page: Page) -> bool:
    return 0 <= box.left <= box.right <= page.width + 1 and 0 <= box.top <= box.bottom <= page.height + 1
