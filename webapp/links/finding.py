"""Which links to this knowledge base are in a file, whatever kind of file it is?

A link is looked for wherever a program may have put it: in the text of a memo or web page, in every part of a
Word, OpenDocument or other file that is a ZIP of XML, in the annotations of a PDF, in the parts of a message.
"""

from __future__ import annotations

import email
import html
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote

from ingest import archives, mediatype
from ingest.readers.pdf.addresses import addresses as addresses_in_pdf
from kb.errors import SourceError

# The path of a permalink and what stands before it; ids are written in small letters.
_LINK = re.compile(r"(?P<before>[^\s\"'<>(){}|\\^`]{0,300}?)/p/(?P<id>[0-9a-hjkmnp-tv-z]{12})(?![0-9A-Za-z])")
_TAGS = re.compile(r"<[^<>]*>")
_HOST = re.compile(r"(?:[^/@]*@)?(?P<host>[^/:@]+|\[[0-9a-f:]+\])(?::\d+)?(?:/.*)?", re.IGNORECASE)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TEXT_PARTS = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".md", ".txt")
_MOST_PARTS, _MOST_BYTES = 10_000, 500_000_000


@dataclass(frozen=True, slots=True)
class Written:
    """A link as it is written: the id, and the host that it names; empty for a bare ``/p/…``."""

    passage_id: str
    host: str

    def is_ours(self, hosts: Collection[str]) -> bool:
        """Tell whether the link names no host, this machine, or one of ours."""
        return not self.host or self.host in LOOPBACK or self.host in hosts


def written_in(content: bytes) -> list[Written]:
    """Return the links in a file, each once, in order; raise SourceError if it cannot be looked into."""
    found: dict[Written, None] = {}
    for text in texts_of(content):
        for form in dict.fromkeys((text, html.unescape(text), unquote(text))):
            for match in _LINK.finditer(form):
                host = _host(match["before"])
                if host is not None:
                    found.setdefault(Written(match["id"], host))
    return list(found)


def _host(before: str) -> str | None:
    """Return the host that stands before the path; None where it is no address but a path like ``a/b``."""
    _, scheme, rest = before.rpartition("//")
    if not scheme and not before.strip("[.=,;:/-—–"):
        return ""
    matched = _HOST.fullmatch(rest)
    if matched is None:
        return None
    host = matched["host"].lower().strip("[]")
    return host if scheme or "." in host.strip(".") or host in LOOPBACK else None


def texts_of(content: bytes) -> Iterator[str]:
    """Yield all texts in a file that may hold a link."""
    if b"%PDF-" in content[:1024]:
        yield from addresses_in_pdf(content)
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
