"""What must hold for every document, whatever it was read from?"""

from __future__ import annotations

from kb.model import BlockKind, Document
from kb.text import canonical, canonical_code


def assert_well_formed(document: Document) -> None:
    """Check that blocks are in order, apart, in bounds, canonical, and leave out only white space."""
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end <= len(document.text)
        assert not document.text[at : block.start].strip()
        text = document.block_text(block)
        made = canonical_code(text) if block.kind is BlockKind.CODE else canonical(text)
        assert made == text
        assert block.language in {"en", "es", "other"}
        at = block.end
    assert at == len(document.text)
    assert document.title
    assert "\n" not in document.title
