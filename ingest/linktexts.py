"""In which texts of a file may links stand, whatever kind of file it is?

A link is wherever a program may have put it: in the text of a memo or web page, in every part of a Word,
OpenDocument or other file that is a ZIP of XML, in the annotations of a PDF, in the parts of a message.
"""

from __future__ import annotations

import email
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from email.message import Message

from ingest import archives, mediatype
from kb.errors import SourceError

_TAGS = re.compile(r"<[^<>]*>")
_TEXT_PARTS = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".md", ".txt")
_MOST_PARTS, _MOST_BYTES = 10_000, 500_000_000


def texts_of(content: bytes, *, passwords: Sequence[str] = ()) -> Iterator[str]:
    """Yield all texts in a file that may hold a link; raise SourceError if it cannot be looked into."""
    if b"%PDF-" in content[:1024]:
        # Imported here: who looks into a text needs no PDFium.
        from ingest.readers.pdf.addresses import addresses as addresses_in_pdf  # noqa: PLC0415

        yield from addresses_in_pdf(content, passwords=passwords)
    elif zipfile.is_zipfile(io.BytesIO(content)):
        yield from _zipped(content)
    elif mediatype.media_type(content, "").startswith("message/"):
        yield from _mailed(email.message_from_bytes(content))
    else:
        try:
            yield mediatype.decode(content)[0]
        except SourceError:
            # Old office files and messages keep addresses as they are, or with two bytes a letter.
            yield from (content.decode("latin-1"), content.decode("utf-16-le", errors="replace"))
            yield content[1:].decode("utf-16-le", errors="replace")


def _zipped(content: bytes) -> Iterator[str]:
    archives.check(content, most_parts=_MOST_PARTS, most_bytes=_MOST_BYTES)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if has_text(member):
                part = archive.read(member).decode("utf-8", errors="replace")
                yield part
                # Word may cut an address that was typed into several runs.
                yield _TAGS.sub("", part)


def has_text(member: zipfile.ZipInfo) -> bool:
    """Tell whether a part of an office file or book holds text."""
    return member.filename.lower().endswith(_TEXT_PARTS)


def _mailed(message: Message) -> Iterator[str]:
    for part in message.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content:
            continue
        if part.get_content_maintype() == "text":
            stated = mediatype.decode_as(content, part.get_content_charset() or "utf-8")
            yield stated if stated is not None else content.decode("latin-1")
        elif part.get_content_maintype() == "application":
            yield from texts_of(content)
