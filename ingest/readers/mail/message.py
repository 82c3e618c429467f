"""How does a message become a document, whatever program kept it? Its subject is its title."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parseaddr
from urllib.parse import unquote

from ingest.readers.html import fragment
from ingest.readers.shared.compose import Piece, build
from ingest.readers.text import plaintext
from kb.errors import SourceEmpty
from kb.model import BlockKind, Document

_QUOTED = re.compile(r"[ \t]?(?:>[ \t]?)+")
_BLANK = re.compile(r"\n\s*\n")
_ORIGINAL = re.compile(
    r"-{3,} ?(?:original message|mensaje original|forwarded message|mensaje reenviado) ?-{3,}", re.I
)
_FROM = re.compile(r"(?:from|de) ?:\s", re.I)
_SENT = re.compile(r"(?:sent|date|enviado(?: el)?|fecha) ?:\s", re.I)
_SUBJECT = re.compile(r"(?:subject|asunto) ?:", re.I)
# Lines from the sender to the subject in the head of a message that is answered.
_LONGEST_HEAD = 8
_PICTURE = re.compile(r"""\bcid:([^"'<>\s()]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """A message: what its head says, and the texts of its body in order, each with whether it is HTML."""

    subject: str = ""
    sender: str = ""
    to: str = ""
    copied: str = ""
    sent: str = ""
    dated: date | None = None
    bodies: tuple[tuple[str, bool], ...] = ()
    warnings: tuple[str, ...] = ()


def document_of(message: Message, *, media_type: str, name: str) -> Document:
    """Return the document that a message makes. Raises SourceEmpty if it says nothing at all."""
    heads = [Piece(BlockKind.HEADING, message.subject, 1)] if message.subject.strip() else []
    body = [
        piece for text, is_html in message.bodies for piece in (fragment if is_html else plain_pieces)(text)
    ]
    return build(
        [*heads, *_with_answered(body)],
        media_type=media_type,
        titled=[message.subject],
        name=name,
        author=parseaddr(message.sender)[0] or message.sender,
        dated=message.dated,
        particulars=[
            ("From", message.sender),
            ("To", message.to),
            ("Cc", message.copied),
            ("Date", message.sent),
        ],
        warnings=message.warnings,
    )


def _with_answered(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with what is repeated of an earlier message as quotations: its sender said it.

    Outlook repeats the message that is answered without any mark but its head: from, sent, to, subject.
    """
    for at, piece in enumerate(pieces):
        if _ORIGINAL.match(piece.text.strip()) or _begins_head(pieces[at : at + _LONGEST_HEAD]):
            told = (
                replace(one, kind=BlockKind.QUOTE) if one.kind is BlockKind.PARAGRAPH else one
                for one in pieces[at:]
            )
            return [*pieces[:at], *told]
    return list(pieces)


def _begins_head(pieces: Sequence[Piece]) -> bool:
    """Return whether a message's head stands here, in one paragraph or line by line."""
    if not pieces or not _FROM.match(pieces[0].text.strip()):
        return False
    lines = "\n".join(piece.text for piece in pieces).splitlines()[:_LONGEST_HEAD]
    return any(map(_SENT.match, map(str.strip, lines))) and any(map(_SUBJECT.match, map(str.strip, lines)))


def pictures_in(markup: str) -> frozenset[str]:
    """Return the Content-IDs of the pictures that the HTML of a message shows in its text (RFC 2392)."""
    return frozenset(unquote(html.unescape(found)) for found in _PICTURE.findall(markup))


def plain_pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a plain message; lines that begin with ``>`` are quotations."""
    run: list[str] = []
    quoted = False
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), None]:
        mark = _QUOTED.match(line) if line is not None else None
        if line is None or bool(mark) != quoted:
            yield from _quotation(run) if quoted else _words(run)
            run, quoted = [], bool(mark)
        if line is not None:
            run.append(line[mark.end() :] if mark else line)


def _quotation(lines: list[str]) -> Iterator[Piece]:
    for paragraph in _BLANK.split("\n".join(lines)):
        if paragraph.strip():
            yield Piece(BlockKind.QUOTE, paragraph.strip())


def _words(lines: list[str]) -> Iterator[Piece]:
    # Two dashes on a line of their own stand before a signature (RFC 3676, 4.3), and are no words of it.
    text = "\n".join("" if line.rstrip() == "--" else line for line in lines)
    if not text.strip():
        return
    try:
        read = plaintext.read(text.encode("utf-8", "replace"))
    except SourceEmpty:
        return
    for block in read.blocks:
        yield Piece(block.kind, read.block_text(block), block.level)
