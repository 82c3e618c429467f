"""A passage ready to be cited, without a library."""

from __future__ import annotations

from datetime import date

from kb.model import Block, BlockKind, Citation, Document, Passage, Revision
from tests.kb.catalog_fixtures import NOW, source
from webapp.links.citations import Cited

LINK = "https://kb.example.org/p/0123456789ab"


def cited(
    text: str = "Call 800-555-0100. It answers at night.",
    *,
    author: str = "",
    dated: date | None = None,
    pages: tuple[int, int] | None = None,
    label: str = "",
    media_type: str = "text/plain",
) -> Cited:
    """Return a citation of a document called "Hotlines & desks" that is nothing but one passage."""
    made = source("hotlines.txt")
    first, last = pages or (None, None)
    passage = Passage("0123456789ab", made.id, 0, 0, len(text), text, (), "en", first, last, page_label=label)
    revision = Revision(1, made.id, "0" * 64, media_type, len(text), NOW)
    block = Block(BlockKind.PARAGRAPH, 0, len(text), language="en")
    document = Document("Hotlines & desks", "en", text, (block,), media_type, author=author, dated=dated)
    return Cited(Citation(passage, made, revision, 1, document.title, "", "", "0" * 32), document, LINK)
