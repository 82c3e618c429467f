"""How is a whole document laid out for reading: in parts, with an outline, and a passage set off?"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.model import Block, BlockKind, Document, Passage
from webapp.layout.finding import Found, described, places
from webapp.layout.prose import Look, Stretch, as_html, heading_tags

# Headings that the outline lists; a table of everything would be longer than its document.
_OUTLINE = 2_000
# Characters after which a document goes on to another part. On two cores Chromium shows so many in 0.5 s;
# one page of 10 million took it 19 s.
PART = 250_000


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A heading in the outline: how deep it stands (0 is the top), its words, the part and id to go to."""

    depth: int
    text: str
    part: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One part of a document as HTML: what stands before the cited passage, that passage, and the rest.

    ``part`` counts from 1. Without a cited passage all stands in ``before``. ``outline`` has the headings and
    ``found`` the places of the words that were looked for, of all parts.
    """

    part: int
    parts: int
    before: Markup
    cited: Markup
    after: Markup
    outline: tuple[OutlineEntry, ...]
    found: tuple[Found, ...] = ()


def lay_out(
    document: Document,
    passages: Sequence[Passage],
    *,
    cited: Passage | None,
    part: int | None,
    anchor_label: str,
    words: Sequence[Stretch] = (),
    find: str = "",
) -> Layout:
    """Return the part of a document that holds the cited passage, else the part asked for or the nearest.

    ``words`` are marked; so is each place of the words to ``find``. If no part is asked for, the one with the
    first of these is returned.
    """
    body = _body(document)
    parts = split(body, passages)
    if cited is not None:
        part = next((n for n, (_, end) in enumerate(parts, start=1) if cited.start < end), len(parts))
    found = places(document.text, find, start=body[0]) if find else []
    described_places = described(document.text, found, parts)
    if part is None:
        part = described_places[0].part if described_places else 1
    part = min(max(part, 1), len(parts))
    start, end = parts[part - 1]
    first, last = (end, end) if cited is None else (max(cited.start, start), min(cited.end, end))
    blocks = [block for block in document.blocks if body[0] <= block.start]
    tags = heading_tags(blocks)
    look = Look(
        language=document.language,
        anchors={max(p.start, body[0]): p.id for p in passages if p is not cited and p.end > body[0]},
        anchor_label=anchor_label,
        headings=tags,
        words=words,
        found=found,
    )
    return Layout(
        part=part,
        parts=len(parts),
        before=as_html(document, start=start, end=first, look=look),
        cited=as_html(document, start=first, end=last, look=look),
        after=as_html(document, start=last, end=end, look=look),
        outline=_outline(document, blocks, parts, tags=tags),
        found=tuple(described_places),
    )


def _outline(
    document: Document, blocks: Sequence[Block], parts: Sequence[Stretch], *, tags: dict[int, str]
) -> tuple[OutlineEntry, ...]:
    headings = [block for block in blocks if block.kind is BlockKind.HEADING][:_OUTLINE]
    starts = [start for start, _ in parts]
    return tuple(
        OutlineEntry(
            int(tags[block.level][1]) - 2,
            document.block_text(block),
            bisect_right(starts, block.start),
            f"h-{block.start}",
        )
        for block in headings
    )


def split(body: Stretch, passages: Sequence[Passage]) -> list[Stretch]:
    """Return the stretches of a document's parts; each but the first starts where a passage does."""
    edges = [body[0]]
    for passage in passages:
        if passage.start - edges[-1] >= PART:
            edges.append(passage.start)
    return list(itertools.pairwise([*edges, body[1]]))


def _body(document: Document) -> Stretch:
    """Return what stands below the title: the page shows a heading that is the title once, at its top."""
    first, *rest = document.blocks
    if rest and first.kind is BlockKind.HEADING and _same_words(document, first):
        return rest[0].start, len(document.text)
    return 0, len(document.text)


def _same_words(document: Document, block: Block) -> bool:
    return document.block_text(block).casefold() == document.title.casefold()
