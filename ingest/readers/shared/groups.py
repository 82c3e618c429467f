"""Which pieces belong together, and which short bold paragraphs are headings that nobody styled as such?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.readers.shared.compose import Piece
from kb.model import BlockKind

_LONGEST_HEADING = 100
_ENDS = (".", ";", ",", ":", "!", "…")
_FEWEST = 2


def with_code_joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join lines of code that stand one under the other into one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.kind is BlockKind.CODE and joined[-1].kind is BlockKind.CODE:
            joined[-1] = Piece(BlockKind.CODE, f"{joined[-1].text}\n{piece.text}")
        else:
            joined.append(piece)
    return joined


def with_headings(pieces: Sequence[Piece], bold: set[int]) -> list[Piece]:
    """Make headings of short bold paragraphs over other text, in a document that has no heading at all.

    ``bold`` holds the ``id()`` of the pieces whose words are all bold. One alone may be an emphasis; two and
    more, each over a text that is not bold, are how people write headings who do not know of styles.
    """
    if any(piece.kind is BlockKind.HEADING for piece in pieces):
        return list(pieces)
    heads = {
        at
        for at, piece in enumerate(pieces[:-1])
        if id(piece) in bold and _may_head(piece) and id(pieces[at + 1]) not in bold
    }
    if len(heads) < _FEWEST or 2 * len(heads) > len(pieces):
        return list(pieces)
    return [
        Piece(BlockKind.HEADING, piece.text, 1) if at in heads else piece for at, piece in enumerate(pieces)
    ]


def _may_head(piece: Piece) -> bool:
    text = piece.text.strip()
    return piece.kind is BlockKind.PARAGRAPH and len(text) <= _LONGEST_HEADING and not text.endswith(_ENDS)
