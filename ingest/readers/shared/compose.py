"""How do the pieces that a reader found become one document with offsets?

A reader yields pieces in reading order; ``build`` makes their text canonical, joins them, counts offsets and
settles the languages. Nothing else in the project makes offsets into a document's text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingest.readers.shared.placing import Placed, settled
from ingest.readers.shared.titles import OPENING, choose
from kb.errors import SourceEmpty
from kb.languages import assign
from kb.model import Block, BlockKind, Box, Document, Page
from kb.text import canonical, canonical_code, canonical_line

ONE_LINE = frozenset({BlockKind.HEADING, BlockKind.TABLE_ROW})
LISTED = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})
_BULLET = re.compile(r"\s*[•●▪◦‣·\uf0b7]\s*(?=\w)(.+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, heading, list item … as a reader found it; ``text`` need not be canonical yet.

    ``level``, ``page`` and ``headers`` mean what they mean in ``Block``. ``places`` says of stretches of
    ``text``, in order and apart, where on a drawn page they stand; they are carried into the canonical text.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    headers: tuple[str, ...] = ()
    places: tuple[Placed, ...] = ()


def build(  # noqa: PLR0913 - one keyword for each thing that a document states
    pieces: Iterable[Piece],
    *,
    media_type: str,
    titled: Sequence[str] = (),
    name: str = "",
    pages: Sequence[Page] = (),
    author: str = "",
    dated: date | None = None,
    url: str = "",
    particulars: Sequence[tuple[str, str]] = (),
    warnings: Sequence[str] = (),
) -> Document:
    """Return the document that the pieces make.

    ``titled`` are titles that the format itself states, best first; without one that a person would
    recognise, the text and then the file name give the title. The rest is what it is in ``Document``. Raises
    SourceEmpty if no piece has a word.
    """
    found = [_canonical(item) for piece in pieces for item in _typed_items(piece)]
    kept = [piece for piece in found if any(map(str.isalnum, piece.text))]
    if not kept:
        if any(piece.text.strip() for piece in found):
            raise SourceEmpty(f"{name or 'the document'} has no words, only signs such as dashes and dots")
        raise SourceEmpty(f"{name or 'the document'} has no words")
    text, spans = _joined(kept)
    # Code has no language of its own: it goes with the text around it.
    languages = assign(["" if piece.kind is BlockKind.CODE else piece.text for piece in kept])
    blocks = tuple(
        Block(piece.kind, start, end, piece.level, language, piece.page, piece.headers)
        for piece, (start, end), language in zip(kept, spans, languages, strict=True)
    )
    opening = [(piece.kind, piece.level, piece.text) for piece in kept[:OPENING]]
    title = choose(titled, opening, name)
    return Document(
        title,
        _main_language(blocks),
        text,
        blocks,
        media_type,
        pages=tuple(pages),
        boxes=_boxes(kept, spans),
        author=canonical_line(author),
        dated=dated,
        url=url,
        particulars=tuple((label, canonical_line(value)) for label, value in particulars if value.strip()),
        warnings=tuple(warnings),
    )


def _typed_items(piece: Piece) -> Iterator[Piece]:
    """Yield a paragraph whose lines all begin with a typed bullet as list items, anything else as it is."""
    lines = piece.text.strip().split("\n") if piece.kind is BlockKind.PARAGRAPH and not piece.places else []
    items = [found[1] for line in lines if (found := _BULLET.match(line))]
    if not items or len(items) < len(lines):
        yield piece
        return
    for item in items:
        yield replace(piece, kind=BlockKind.LIST_ITEM, text=item, level=1)


def _canonical(piece: Piece) -> Piece:
    if piece.kind is BlockKind.CODE:
        text = canonical_code(piece.text)
    elif piece.kind in ONE_LINE:
        text = canonical_line(piece.text)
    else:
        text = canonical(piece.text)
    headers = tuple(map(canonical_line, piece.headers))
    places = settled(piece.places, piece.text, text) if piece.places else ()
    return replace(piece, text=text, headers=headers, places=places)


def _boxes(pieces: Sequence[Piece], spans: Sequence[tuple[int, int]]) -> tuple[Box, ...]:
    return tuple(
        Box(
            start + place.start,
            start + place.end,
            place.page,
            left=place.left,
            top=place.top,
            right=place.right,
            bottom=place.bottom,
        )
        for piece, (start, _) in zip(pieces, spans, strict=True)
        for place in piece.places
    )


def _joined(pieces: Sequence[Piece]) -> tuple[str, list[tuple[int, int]]]:
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    before: BlockKind | None = None
    for piece in pieces:
        if before is not None:
            gap = "\n" if piece.kind is before and before in LISTED else "\n\n"
            parts.append(gap)
            at += len(gap)
        parts.append(piece.text)
        spans.append((at, at + len(piece.text)))
        at += len(piece.text)
        before = piece.kind
    return "".join(parts), spans


def _main_language(blocks: Sequence[Block]) -> str:
    weights: Counter[str] = Counter()
    for block in blocks:
        weights[block.language] += block.end - block.start
    return weights.most_common(1)[0][0]
