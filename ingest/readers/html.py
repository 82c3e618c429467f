"""How does a web page become a document?

Parse, leave out what is not the page's own content, walk what is left in reading order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from ingest.mediatype import HTML, decode, decode_as
from ingest.readers.compose import Piece, build
from ingest.readers.htmlcontent import content_of, silent
from ingest.readers.htmlwalk import pieces
from kb.errors import SourceUnreadable
from kb.model import Document
from kb.text import canonical_line

VERSION = 1

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"<\?xml[^>]*>", re.IGNORECASE)
# lxml stops at a NUL, and no control character but white space is allowed in HTML (WHATWG, 13.2.3.5).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_SITE_MARK = re.compile(r"\s+[|·•»«:–—-]+\s+|\s*\|\s*")
_HEAD = 4096


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in an HTML page.

    ``encoding`` is what the server said; a byte order mark and valid UTF-8 go before it, as pages state wrong
    encodings more often than UTF-8 text happens by chance. Raises SourceEmpty for a page without words of its
    own and SourceUnreadable for bytes that cannot be parsed.
    """
    soup = _parsed(_text(content, encoding))
    stated = list(_stated_titles(soup))
    root, dropped = content_of(soup)
    return build(pieces(root, dropped), media_type=HTML, titled=stated, name=name)


def fragment(markup: str) -> list[Piece]:
    """Return the pieces in a stretch of HTML that stands in a document of another format."""
    soup = _parsed(markup)
    return pieces(soup, silent(soup))


def _text(content: bytes, encoding: str | None) -> str:
    text, found = decode(content)
    if not found.startswith("utf"):
        declared = _DECLARED.search(content[:_HEAD])
        for stated in (encoding, declared.group(1).decode("ascii") if declared else None):
            if stated and (known := decode_as(content, stated)) is not None:
                return known
    return text


def _parsed(text: str) -> BeautifulSoup:
    text = _FORBIDDEN.sub("", text).lstrip()
    if declared := _XML_DECLARATION.match(text):
        text = text[declared.end() :]
    try:
        return BeautifulSoup(text + "\n", "lxml")
    except (ParserRejectedMarkup, RecursionError, AssertionError) as error:
        raise SourceUnreadable("the page cannot be parsed as HTML") from error


def _stated_titles(soup: BeautifulSoup) -> Iterator[str]:
    """Yield what may be the title, best first: og:title and <title> without the site's name, then <h1>."""
    headings = [canonical_line(tag.get_text(" ")) for tag in soup.find_all("h1", limit=5)]
    headings = [heading for heading in headings if heading]
    tag = soup.find("title")
    page = canonical_line(tag.get_text(" ")) if isinstance(tag, Tag) else ""
    for name in ("og:title", "twitter:title", "dc.title"):
        meta = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
        if isinstance(meta, Tag) and (stated := canonical_line(str(meta.get("content") or ""))):
            yield _without_site(stated, headings)
    if page:
        yield _without_site(page, headings)
    yield from headings


def _without_site(title: str, headings: list[str]) -> str:
    """Return the part of ``Page | Site`` that names the page.

    A part that is also a heading is the page's own name; else the longest part, the first of equals.
    """
    parts = [part for part in _SITE_MARK.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    known = {heading.casefold() for heading in headings}
    if title.casefold() in known:
        return title
    for part in parts:
        if part.casefold() in known:
            return part
    if " | " in title or len(parts) == 2:
        pieces = [part.strip() for part in re.split(r"\s*\|\s*", title)] if "|" in title else parts
        first = pieces[0]
        return first if len(first.split()) >= 2 or len(pieces[-1]) <= len(first) else max(pieces, key=len)
    return title
