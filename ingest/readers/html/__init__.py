"""How does a web page become a document?

Parse, leave out what is not the page's own content, walk what is left in reading order.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.exceptions import ParserRejectedMarkup

from ingest.mediatype import HTML, decode, decode_as
from ingest.readers.html.article import content_pieces
from ingest.readers.html.contact import with_addresses
from ingest.readers.html.content import silent
from ingest.readers.html.meta import stated
from ingest.readers.html.walk import pieces
from ingest.readers.shared.compose import Piece, build
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.model import Document

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"<\?xml[^>]*>", re.IGNORECASE)
# lxml stops at a NUL, and no control character but white space is allowed in HTML (WHATWG, 13.2.3.5).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_HEAD = 4096
# A parsed element takes 1.6 kB and has two tags; a page with more is a database, and would not fit in memory.
_MOST_TAGS = 2_000_000


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in an HTML page.

    ``encoding`` is what the server said; a byte order mark and valid UTF-8 go before it, as pages state wrong
    encodings more often than UTF-8 text happens by chance. Raises SourceEmpty for a page without words of its
    own, SourceTooLarge for one with millions of tags, and SourceUnreadable for bytes that cannot be parsed.
    """
    markup = with_addresses(_text(content, encoding))
    if markup.count("<") > _MOST_TAGS:
        raise SourceTooLarge(f"{name or 'the page'} has more than {_MOST_TAGS:,} tags")
    soup = _parsed(markup)
    says = stated(soup)
    return build(
        content_pieces(soup, says, markup),
        media_type=HTML,
        titled=says.titles,
        name=name,
        author=says.author,
        dated=says.dated,
        particulars=says.rights,
        url=says.url,
    )


def fragment(markup: str) -> list[Piece]:
    """Return the pieces in a stretch of HTML that stands in a document of another format."""
    soup = _parsed(markup)
    return [found.piece for found in pieces(soup, silent(soup))]


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
