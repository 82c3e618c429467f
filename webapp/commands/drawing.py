"""What did a reader see on a page? The page as a picture, with a box around each line, by kind of block."""

from __future__ import annotations

import bisect
import io
from collections.abc import Callable

from PIL import Image, ImageDraw

from kb.errors import SourceUnreadable
from kb.model import BlockKind, Document

_WIDTH = 1200
_COLOURS = {
    BlockKind.HEADING: "#c0392b",
    BlockKind.PARAGRAPH: "#2471a3",
    BlockKind.LIST_ITEM: "#1e8449",
    BlockKind.TABLE_ROW: "#b9770e",
    BlockKind.CAPTION: "#884ea0",
    BlockKind.FOOTNOTE: "#616a6b",
    BlockKind.QUOTE: "#117a65",
    BlockKind.CODE: "#1b2631",
}


def page_with_boxes(document: Document, page: int, drawn: Callable[[int], bytes]) -> bytes:
    """Return a page of a PDF as a PNG with the lines that were read, or raise SourceUnreadable.

    ``drawn`` gives the page itself as a PNG so many dots wide.
    """
    place = next((one for one in document.pages if one.number == page), None)
    if place is None or not place.width:
        raise SourceUnreadable(
            f"page {page} cannot be drawn", remedy="Choose a page of a PDF; `kb inspect` lists its pages."
        )
    picture = Image.open(io.BytesIO(drawn(_WIDTH))).convert("RGB")
    scale = picture.width / place.width
    draw = ImageDraw.Draw(picture)
    ends = [block.end for block in document.blocks]
    for box in document.boxes:
        if box.page == page:
            block = document.blocks[min(bisect.bisect_right(ends, box.start), len(ends) - 1)]
            edges = [edge * scale for edge in (box.left, box.top, box.right, box.bottom)]
            draw.rectangle(edges, outline=_COLOURS[block.kind], width=2)
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
