"""How do the pieces that a reader found become one document with offsets?

A reader yields pieces in reading order; ``build`` makes their text canonical, joins them, counts offsets and
settles the languages. Nothing else in the project makes offsets into a document's text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.readers.titles import OPENING, choose
from kb.errors import SourceEmpty
from kb.languages import assign
from kb.model import Block, BlockKind, Document
from kb.text import canonical, canonical_code, canonical_line

ONE_LINE = frozenset({BlockKind.HEADING, BlockKind.TABLE_ROW})
LISTED = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, heading, list item … as a reader found it; ``text`` need not be canonical yet.

    ``level``, ``page`` and ``headers`` mean what they mean in ``Block``.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    headers: tuple[str, ...] = ()


def build(
    pieces: Iterable[Piece],
    *,
    media_type: str,
    titled: Sequence[str] = (),
    name: str = "",
    author: str = "",
    dated: date | None = None,
    url: str = "",
) -> Document:
    """Return the document that the pieces make.

    ``titled`` are titles that the format itself states, best first; without one that a person would
    recognise, the text and then the file name give the title. ``author``, ``dated`` and ``url`` go into the
    document as they are. Raises SourceEmpty if no piece has a word.
    """
    kept = [piece for piece in map(_canonical, pieces) if any(map(str.isalnum, piece.text))]
    if not kept:
        raise SourceEmpty(f"{name or 'the document'} has no words")
    text, spans = _joined(kept)
    # Code has no language of its own: it goes with the text around it.
    languages = assign(["" if piece.kind is BlockKind.CODE else piece.text for piece in kept])
    blocks = tuple(
        Block(
            piece.kind,
            start,
            end,
            level=piece.level,
            language=language,
            page=piece.page,
            headers=piece.headers,
        )
        for piece, (start, end), language in zip(kept, spans, languages, strict=True)
    )
    opening = [(piece.kind, piece.level, piece.text) for piece in kept[:OPENING]]
    title = choose(titled, opening, name)
    return Document(
        title, _main_language(blocks), text, blocks, media_type, author=author, dated=dated, url=url
    )


def _canonical(piece: Piece) -> Piece:
    if piece.kind is BlockKind.CODE:
        text = canonical_code(piece.text)
    elif piece.kind in ONE_LINE:
        text = canonical_line(piece.text)
    else:
        text = canonical(piece.text)
    headers = tuple(canonical_line(cell) for cell in piece.headers)
    return Piece(piece.kind, text, piece.level, piece.page, headers)


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
