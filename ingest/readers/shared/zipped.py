"""What stands in the parts of a document that is a ZIP of XML: Office Open XML, OpenDocument, EPUB?

Parts are read within limits and never written anywhere; XML is parsed without entities, network or DTDs.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO

from lxml import etree
from lxml.etree import _Element as Element
from lxml.etree import _LogEntry as LogEntry

from ingest.readers.remedies import SAVE_AGAIN, UNPROTECT
from kb.errors import SourceLocked, SourceTooLarge, SourceUnreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A part of more than this, unpacked, is no document that a person wrote.
LARGEST_PART = 200 * 1024 * 1024
# An archive with more members than this is no document.
_MOST_PARTS = 50_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
# Parts that state the strict form of ISO/IEC 29500 use other namespaces for the same elements.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_STRICT_FAMILIES = {
    b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    b"wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"presentationml/main": b"http://schemas.openxmlformats.org/presentationml/2006/main",
    b"drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
    b"drawingml/diagram": b"http://schemas.openxmlformats.org/drawingml/2006/diagram",
    b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


class Package:
    """The parts of one document by their path, as a ZIP holds them; paths are compared without case."""

    def __init__(self, content: bytes, kind: str) -> None:
        self._kind = kind
        if content.startswith(OLE):
            # Office wraps an encrypted document in its old container (MS-OFFCRYPTO, 1.3.2).
            raise SourceLocked(f"the {kind} is locked with a password", remedy=UNPROTECT)
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
            members = self._archive.infolist()
        except _DAMAGED as error:
            raise SourceUnreadable(f"this is not a whole {kind}: its archive is damaged") from error
        if len(members) > _MOST_PARTS:
            raise SourceTooLarge(f"the {kind} has more than {_MOST_PARTS:,} parts")
        self._members = {_plain(member.filename).casefold(): member for member in members}
        self.names = [_plain(member.filename) for member in members]

    def __contains__(self, path: str) -> bool:
        return _plain(path).casefold() in self._members

    def part(self, path: str) -> bytes | None:
        """Return the bytes of a part, or None if it is not there.

        Raises SourceTooLarge over the limit, SourceUnreadable for a damaged part, SourceLocked for one
        that is locked.
        """
        member = self._members.get(_plain(path).casefold())
        if member is None:
            return None
        if member.flag_bits & 1:
            raise SourceLocked(f"the {self._kind} is locked with a password", remedy=UNPROTECT)
        try:
            with self._archive.open(member) as opened:
                content = opened.read(LARGEST_PART + 1)
        except (*_DAMAGED, RuntimeError) as error:
            raise SourceUnreadable(f"the {self._kind} is damaged: {path} cannot be unpacked") from error
        if len(content) > LARGEST_PART:
            raise SourceTooLarge(f"{path} in the {self._kind} unpacks to more than {LARGEST_PART >> 20} MB")
        return content

    def tree(self, path: str) -> Element | None:
        """Return the root element of an XML part, or None if it is not there or empty."""
        content = self.part(path)
        return parsed(content, f"{path} in the {self._kind}") if content else None

    def needed(self, path: str) -> Element:
        """Return the root element of a part without which there is no document."""
        root = self.tree(path)
        if root is None:
            raise SourceUnreadable(f"this is not a whole {self._kind}: {path} is missing")
        return root


def parsed(content: bytes, label: str, *, mend: bool = True) -> Element:
    """Return the root of an XML text; ``mend`` reads on where it is broken, which may lose words.

    Raises SourceUnreadable for what is no XML, and SourceTooLarge beyond the limits of the parser.
    """
    content = transitional(content)
    for recover in (False, True) if mend else (False,):
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=recover,
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            check_limits(parser.error_log, label)
            if recover or not mend:
                raise SourceUnreadable(f"{label} is damaged: it is not XML") from error
            continue
        if root is not None:
            return root
    raise SourceUnreadable(f"{label} is damaged: it is not XML")


def check_limits(log: Iterable[LogEntry], label: str) -> None:
    """Raise SourceTooLarge if a parser stopped at one of its limits: what comes after is lost."""
    for entry in log:
        if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise SourceTooLarge(f"{label} {_limit(entry.message)}", remedy=SAVE_AGAIN)


def _limit(message: str) -> str:
    if "amplification" in message or "entity" in message:
        return "uses entities that multiply, as in texts made to fill memory"
    return (
        "nests its elements more than 256 deep"
        if "depth" in message
        else "holds more than 10 MB in one piece"
    )


def transitional(content: bytes) -> bytes:
    """Return the XML with the namespaces of strict Office Open XML turned into the usual ones."""
    if b"purl.oclc.org/ooxml" not in content:
        return content
    return _STRICT.sub(
        lambda found: _STRICT_FAMILIES.get(found[1] + b"/" + found[2], found[0]),
        content,
    )


def local(element: Element) -> str:
    """Return an element's name without its namespace; empty for an entity that was not resolved."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def whole_number(stated: str | None, otherwise: int) -> int:
    """Return the whole number that an attribute states, or ``otherwise``."""
    return int(stated) if stated is not None and stated.isdecimal() and len(stated) < 10 else otherwise


def beside(path: str, target: str) -> str:
    """Return the path that a target names, seen from the part at ``path``: never one above the root."""
    if target.startswith("/"):
        return _plain(target)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return _plain(joined)


def _plain(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/")).lstrip("/").removeprefix("../")
