"""How does an Outlook message become a document, and which files came with it? (MS-OXMSG, MS-OXPROPS)"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from io import BytesIO

import olefile

from ingest.mediatype import decode, decode_as
from ingest.parts import Part
from ingest.readers.mail.message import Message, document_of, pictures_in
from ingest.readers.richtext.compressed import unpacked
from ingest.readers.richtext.rtf import Walk
from kb.errors import SourceUnreadable
from kb.model import Document

MSG = "application/vnd.ms-outlook"

_DAMAGED = (OSError, ValueError, IndexError, KeyError, TypeError, struct.error)
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_TO, _CC, _SENT, _DELIVERED = 0x0E04, 0x0E03, 0x0039, 0x0E06
_FILE, _LONG_FILE, _SHORT_FILE, _CONTENT_ID, _ATTACHED_FLAGS = 0x3701, 0x3707, 0x3704, 0x3712, 0x3714
_HIDDEN, _CODE_PAGE = 0x7FFE, 0x3FFD
# The flag of a picture that the HTML text shows.
_SHOWN_INLINE = 4
# What olefile says of a table of contents that leads in circles or to what is no part.
_CIRCLES = ("more than once", "double reference", "directory tree")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_DEEPEST = 20


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in an Outlook message: subject and text, with sender, receivers and date beside it.

    Raises SourceUnreadable for a damaged file and one that holds no message.
    """
    with _opened(content) as container:
        try:
            message = _message(_Storage(container, []))
        except _DAMAGED as error:
            raise SourceUnreadable("the Outlook message is damaged: its parts cannot be read") from error
        # types-olefile does not know of these.
        issues = [str(issue) for _, issue in container.parsing_issues]  # type: ignore[attr-defined]
    if any(words in issue for issue in issues for words in _CIRCLES):
        message = replace(message, warnings=("the message is damaged: parts of it may be missing",))
    return document_of(message, media_type=MSG, name=name)


def parts(content: bytes) -> Iterator[Part]:
    """Yield the files attached to a message, forwarded messages too; not the pictures in its text."""
    with _opened(content) as container:
        try:
            yield from _attached(_Storage(container, []))
        except _DAMAGED as error:
            raise SourceUnreadable("the Outlook message is damaged: its parts cannot be read") from error


def _opened(content: bytes) -> olefile.OleFileIO[str]:
    try:
        container = olefile.OleFileIO(BytesIO(content))
    except _DAMAGED as error:
        raise SourceUnreadable("this is not a whole Outlook message: its container is damaged") from error
    if not container.exists("__properties_version1.0"):
        container.close()
        raise SourceUnreadable("this is not an Outlook message: it has no properties")
    return container


class _Storage:
    """A message, an attachment or a receiver: a folder of properties in the container."""

    def __init__(self, container: olefile.OleFileIO[str], path: list[str]) -> None:
        self._container = container
        self._path = path
        self._fixed = self._read_fixed()
        self._encoding = f"cp{self.number(_CODE_PAGE) or 1252}"

    @property
    def depth(self) -> int:
        """Return how many messages this one stands in."""
        return len(self._path)

    def text(self, tag: int) -> str:
        """Return a property that is text; empty where it is not there."""
        wide = self.stream(tag, 0x001F)
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\x00")
        narrow = self.stream(tag, 0x001E)
        if narrow is None:
            return ""
        known = decode_as(narrow, self._encoding)
        return (known if known is not None else decode(narrow)[0]).rstrip("\x00")

    def stream(self, tag: int, kind: int) -> bytes | None:
        """Return the bytes of a property of variable length, or None."""
        path = [*self._path, f"__substg1.0_{tag:04X}{kind:04X}"]
        if not self._container.exists(path) or self._container.get_type(path) != olefile.STGTY_STREAM:
            return None
        return bytes(self._container.openstream(path).read())

    def number(self, tag: int) -> int:
        """Return a property that is a number or a switch; 0 where it is not there."""
        return self._fixed.get(tag, 0)

    def moment(self, tag: int) -> datetime | None:
        """Return a property that is a time: counted in tenths of microseconds from 1601."""
        ticks = self._fixed.get(tag, 0)
        try:
            return _EPOCH + timedelta(microseconds=ticks // 10) if ticks > 0 else None
        except OverflowError:
            return None

    def inner(self, prefix: str) -> list[_Storage]:
        """Return the folders in this one whose name begins so, in order."""
        depth = len(self._path)
        names = {
            entry[depth]
            for entry in self._container.listdir(streams=False, storages=True)
            if len(entry) == depth + 1 and entry[:depth] == self._path and entry[depth].startswith(prefix)
        }
        return [_Storage(self._container, [*self._path, name]) for name in sorted(names)]

    def _read_fixed(self) -> dict[int, int]:
        path = [*self._path, "__properties_version1.0"]
        if not self._container.exists(path):
            return {}
        content = self._container.openstream(path).read()
        # The message itself has a longer head than what is in it (MS-OXMSG, 2.4).
        last = self._path[-1] if self._path else ""
        head = 8 if last.startswith(("__attach", "__recip")) else 24 if last else 32
        found = {}
        for at in range(head, len(content) - 15, 16):
            kind, tag, _, value = struct.unpack_from("<HHIQ", content, at)
            found[tag] = value if kind == 0x0040 else value & 0xFFFFFFFF
        return found


def _message(storage: _Storage) -> Message:
    sent = storage.moment(_SENT) or storage.moment(_DELIVERED)
    address = storage.text(_SENDER_SMTP) or storage.text(_SENDER_ADDRESS)
    named = storage.text(_SENDER)
    shown = f"{named} <{address}>" if named and "@" in address and address != named else named or address
    return Message(
        subject=storage.text(_SUBJECT),
        sender=shown,
        to=storage.text(_TO),
        copied=storage.text(_CC),
        sent=format_datetime(sent) if sent is not None else "",
        dated=_day(sent),
        bodies=_bodies(storage),
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _bodies(storage: _Storage) -> tuple[tuple[str, bool], ...]:
    """Return the text in its richest form that is read: HTML, else plain, else what Rich Text holds."""
    markup = storage.stream(_HTML, 0x0102)
    if markup and markup.strip(b"\x00\r\n\t "):
        return ((decode(markup)[0], True),)
    if wide := storage.text(_HTML):
        return ((wide, True),)
    if plain := storage.text(_BODY):
        return ((plain, False),)
    packed = storage.stream(_RTF, 0x0102)
    if not packed:
        return ()
    walk = Walk()
    walk.through(unpacked(packed))
    return (("\n\n".join(piece.text for piece in walk.finish().found), False),)


def _attached(storage: _Storage) -> Iterator[Part]:
    shown = pictures_in("".join(text for text, is_html in _bodies(storage) if is_html))
    for attachment in storage.inner("__attach_version1.0_"):
        if attachment.number(_HIDDEN) or attachment.number(_ATTACHED_FLAGS) & _SHOWN_INLINE:
            continue
        if attachment.text(_CONTENT_ID).strip("<>") in shown:
            continue
        name = attachment.text(_LONG_FILE) or attachment.text(_SHORT_FILE)
        name = name.replace("\\", "/").rpartition("/")[2].strip()
        content = attachment.stream(_FILE, 0x0102)
        if content and name:
            yield Part(name, content)
        for forwarded in attachment.inner(f"__substg1.0_{_FILE:04X}000D"):
            if forwarded.depth <= 2 * _DEEPEST:
                message = _message(forwarded)
                yield Part(
                    f"{message.subject.strip() or name or 'message'}.eml", _as_mail(message, forwarded)
                )


def _as_mail(message: Message, storage: _Storage) -> bytes:
    """Return a message that stands in another as a mail message: alone it has no container of its own."""
    mail = EmailMessage()
    heads = (
        ("Subject", message.subject),
        ("From", message.sender),
        ("To", message.to),
        ("Cc", message.copied),
    )
    lines = [
        f"{name}: {' '.join(value.split())}" for name, value in (*heads, ("Date", message.sent)) if value
    ]
    for text, is_html in message.bodies or (("", False),):
        mail.set_content(text, subtype="html" if is_html else "plain")
    for part in _attached(storage):
        mail.add_attachment(part.content, maintype="application", subtype="octet-stream", filename=part.name)
    return "\n".join(lines).encode("utf-8") + b"\n" + mail.as_bytes()
