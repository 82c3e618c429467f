"""How does an EPUB book become a document? Its chapters are web pages, in the order of its spine. (EPUB 3)"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from html.entities import html5
from urllib.parse import unquote, urldefrag

from lxml import etree
from lxml.etree import _Element as Element

from ingest.mediatype import decode
from ingest.readers.epub.notes import with_notes
from ingest.readers.html import fragment
from ingest.readers.remedies import ASK_PUBLISHER
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.rights import rights
from ingest.readers.shared.stated import author_of, day_of
from ingest.readers.shared.zipped import Package, beside, local, parsed
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.model import BlockKind, Document
from kb.text import canonical_line

EPUB = "application/epub+zip"

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"})
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
# A page that leads to so many chapters and says little else is a table of contents.
_FEWEST_LINKS = 2
# Fonts may be garbled and the book still be free to read.
_FONTS = ("idpf.org/2008/embedding", "ns.adobe.com/pdf/enc")


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a book: its chapters, without the pages that only list them.

    A chapter without a heading gets its name in the table of contents. Raises SourceUnreadable for a damaged
    book and one under rights management, SourceEmpty for one without words.
    """
    book = _Book(Package(content, "EPUB book"))
    markups = [(chapter, _as_html(chapter.content)) for chapter in book.chapters()]
    noted = with_notes({chapter.path: markup for chapter, markup in markups})
    pieces: list[Piece] = []
    for chapter, _ in markups:
        found = fragment(noted[chapter.path])
        if chapter.label and found and all(piece.kind is not BlockKind.HEADING for piece in found):
            pieces.append(Piece(BlockKind.HEADING, chapter.label, 1))
        pieces.extend(found)
    return build(
        pieces,
        media_type=EPUB,
        titled=book.stated("title"),
        name=name,
        author=author_of(", ".join(book.stated("creator"))),
        dated=next((day for text in book.stated("date") if (day := day_of(text))), None),
        particulars=rights({name: book.stated(name) for name in ("rights", "license", "publisher")}),
        warnings=[f"chapters that are not in the book: {book.missing}"] if book.missing else [],
    )


@dataclass(frozen=True, slots=True)
class _Chapter:
    path: str
    label: str
    content: bytes


class _Book:
    """The package document of a book: what it states, and its chapters in reading order."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._path = self._rootfile()
        self._root = package.needed(self._path)
        self.missing = 0
        self._items = {str(item.get("id", "")): item for item in self._root.iter() if local(item) == "item"}

    def stated(self, name: str) -> list[str]:
        """Return what the book states of itself under a Dublin Core name."""
        metadata = (element for element in self._root.iter() if local(element) == name)
        return [text for element in metadata if (text := canonical_line("".join(element.itertext())))]

    def chapters(self) -> Iterator[_Chapter]:
        """Yield the chapters in the order of the spine, each once; count those that are not there."""
        seen: set[str] = set()
        labels = self._labels()
        locked = self._locked()
        chapters = {beside(self._path, unquote(str(item.get("href", "")))) for item in self._items.values()}
        listing = {
            beside(self._path, unquote(urldefrag(str(reference.get("href", "")))[0]))
            for reference in self._root.iter()
            if local(reference) == "reference" and reference.get("type") == "toc"
        }
        for entry in self._root.iter():
            item = self._items.get(str(entry.get("idref", ""))) if local(entry) == "itemref" else None
            if (
                item is None
                or item.get("media-type") not in _PAGES
                or "nav" in item.get("properties", "").split()
            ):
                continue
            path = beside(self._path, unquote(str(item.get("href", ""))))
            if path in seen:
                continue
            seen.add(path)
            if self._is_listing(path, chapters, named=path in listing):
                continue
            if path in locked:
                raise SourceUnreadable(
                    "the EPUB book is locked by rights management",
                    remedy=ASK_PUBLISHER,
                )
            content = self._package.part(path)
            self.missing += content is None
            if content:
                yield _Chapter(path, labels.get(path, ""), content)

    def _rootfile(self) -> str:
        container = self._package.tree("META-INF/container.xml")
        for element in container.iter() if container is not None else ():
            if local(element) == "rootfile" and str(element.get("full-path", "")) in self._package:
                return str(element.get("full-path"))
        found = next((path for path in self._package.names if path.endswith(".opf")), None)
        if found is None:
            raise SourceUnreadable("this is not a whole EPUB book: its package document is missing")
        return found

    def _is_listing(self, path: str, chapters: Container[str], *, named: bool) -> bool:
        """Return whether a page is a table of contents: it holds hardly any words that are no links.

        One that the book does not name as such must lead to several of its chapters.
        """
        root = self._package.tree(path)
        body = (
            next((part for part in root.iter() if local(part) == "body"), root) if root is not None else None
        )
        words = "".join(body.itertext()) if body is not None else ""
        links = [
            (beside(path, unquote(urldefrag(target)[0])), len("".join(label.split())))
            for target, label in _links(root)
        ]
        if not named:
            links = [(where, length) for where, length in links if where in chapters and where != path]
        several = named or len({where for where, _ in links}) >= _FEWEST_LINKS
        return several and 2 * sum(length for _, length in links) >= len("".join(words.split()))

    def _labels(self) -> dict[str, str]:
        """Return the names of the chapters in the table of contents, by path."""
        labels: dict[str, str] = {}
        for item in self._items.values():
            path = beside(self._path, unquote(str(item.get("href", ""))))
            if "nav" in item.get("properties", "").split():
                links = _links(self._package.tree(path))
            elif item.get("media-type") == "application/x-dtbncx+xml":
                links = _points(self._package.tree(path))
            else:
                continue
            for target, label in links:
                where = beside(path, unquote(urldefrag(target)[0]))
                labels.setdefault(where, canonical_line(label))
        return labels

    def _locked(self) -> set[str]:
        """Return the paths of the parts that are encrypted, fonts left aside."""
        root = self._package.tree("META-INF/encryption.xml")
        locked: set[str] = set()
        for element in root.iter() if root is not None else ():
            if local(element) != "EncryptedData":
                continue
            inner = list(element.iter())
            methods = [str(part.get("Algorithm", "")) for part in inner if local(part) == "EncryptionMethod"]
            if any(font in method for method in methods for font in _FONTS):
                continue
            locked.update(
                unquote(str(part.get("URI", ""))) for part in inner if local(part) == "CipherReference"
            )
        return locked


def _links(root: Element | None) -> Iterator[tuple[str, str]]:
    for element in root.iter() if root is not None else ():
        if local(element) == "a":
            yield str(element.get("href", "")), "".join(element.itertext())


def _points(root: Element | None) -> Iterator[tuple[str, str]]:
    for element in root.iter() if root is not None else ():
        if local(element) == "navPoint":
            labels = [child for child in element if local(child) == "navLabel"]
            targets = [child for child in element if local(child) == "content"]
            if labels and targets:
                yield str(targets[0].get("src", "")), "".join(labels[0].itertext())


def _as_html(content: bytes) -> str:
    """Return a chapter as HTML: ``<title/>`` and ``<a id="x"/>`` mean other things there than in XHTML."""
    text = _ENTITY.sub(_character, _DECLARATION.sub("", decode(content)[0].removeprefix("\ufeff")))
    try:
        root = parsed(text.encode("utf-8"), "a chapter of the EPUB book", mend=False)
    except (SourceUnreadable, SourceTooLarge):
        return text
    return str(etree.tostring(root, method="html", encoding="unicode"))


def _character(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if name in _XML_ENTITIES else html5.get(f"{name};", found[0])
