"""Which pages does a sitemap list? XML, plain text or an index of more, packed or not (sitemaps.org, 0.9)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from xml.parsers import expat

from kb.errors import SourceTooLarge, SourceUnreadable

# The protocol's own limits: 50 MB unpacked, 50,000 addresses.
_MOST_BYTES = 52_428_800
_MOST_ADDRESSES = 50_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses that a sitemap lists, as they are written: of pages and of further sitemaps."""

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...]


def is_sitemap(content: bytes) -> bool:
    """Tell whether these bytes, packed or not, are an XML sitemap."""
    head = content[:1024]
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(content[:4096], 1024)
        except zlib.error:
            return False
    head = head.decode("utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "latin-1", "replace").encode()
    return b"<urlset" in head or b"<sitemapindex" in head


def read(content: bytes) -> Sitemap:
    """Return what a sitemap lists.

    Raises SourceTooLarge when it unpacks to more than the protocol allows, SourceUnreadable when it is broken
    or declares entities, which no sitemap needs and bombs are made of.
    """
    content = _unpacked(content)
    if not is_sitemap(content):
        lines = content.decode("utf-8-sig", errors="replace").split()
        return Sitemap(
            tuple(line for line in lines if line.startswith(("http://", "https://")))[:_MOST_ADDRESSES], ()
        )
    return _Listing().read(content)


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(content, _MOST_BYTES + 1)
    except zlib.error as error:
        raise SourceUnreadable("the sitemap is packed and damaged") from error
    if len(unpacked) > _MOST_BYTES:
        raise SourceTooLarge(
            f"the sitemap unpacks to more than {_MOST_BYTES / 1e6:.0f} MB",
            remedy="Ask those who run the site to split it.",
        )
    return unpacked


class _Listing:
    """Collects every <loc> that stands directly in a <url> or a <sitemap>."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._words: list[str] = []
        self._found: dict[str, list[str]] = {"url": [], "sitemap": []}

    def read(self, content: bytes) -> Sitemap:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words.append
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError) as error:
            raise SourceUnreadable(f"the sitemap is not sound XML: {error}") from error
        return Sitemap(
            tuple(self._found["url"][:_MOST_ADDRESSES]), tuple(self._found["sitemap"][:_MOST_ADDRESSES])
        )

    def _refuse(self, *_: object) -> None:
        raise SourceUnreadable("the sitemap declares a document type, which none needs")

    def _start(self, name: str, _attributes: object) -> None:
        self._path.append(name.rpartition(" ")[2].lower())
        self._words.clear()
        if len(self._path) > _DEEPEST:
            raise SourceUnreadable("the sitemap is nested too deeply")

    def _end(self, _name: str) -> None:
        # The extensions for images and videos have <loc>s of their own, deeper down.
        parent = self._path[-2] if len(self._path) == 3 else ""
        if self._path[-1] == "loc" and parent in self._found and (text := "".join(self._words).strip()):
            self._found[parent].append(text)
        self._path.pop()
        self._words.clear()
