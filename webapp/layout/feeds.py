"""How are changes told to a feed reader? As Atom (RFC 4287), built as a tree: words are never markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from flask import Response, request

from kb.text import canonical
from webapp.presenters import moment

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: what it is, when it was, and where to read it."""

    id: str
    title: str
    updated: datetime
    address: str
    summary: str


# Characters that XML 1.0 (2.2, Char) has no way to write.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONG_AGO = datetime.fromtimestamp(0, UTC)


def atom(
    title: str, name: str, entries: Sequence[Entry], *, alternate: str = "", since: datetime = _LONG_AGO
) -> Response:
    """Return a feed; it is as new as its newest entry, or as old as ``since`` without any.

    Who has it already, by its ETag, is told so (RFC 9110, 13.1.2).
    """
    updated = max((entry.updated for entry in entries), default=since)
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    _add(feed, "title", title)
    _add(feed, "id", name)
    _add(feed, "updated", moment(updated))
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", "kb")
    ElementTree.SubElement(feed, "link", rel="self", href=request.url)
    if alternate:
        ElementTree.SubElement(feed, "link", rel="alternate", href=alternate)
    for entry in entries:
        element = ElementTree.SubElement(feed, "entry")
        _add(element, "title", entry.title)
        _add(element, "id", entry.id)
        _add(element, "updated", moment(entry.updated))
        ElementTree.SubElement(element, "link", rel="alternate", href=entry.address)
        _add(element, "summary", entry.summary)
    content = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    response = Response(content, content_type="application/atom+xml; charset=utf-8")
    response.add_etag()
    response.make_conditional(request)
    return response


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _NO_XML.sub("\ufffd", canonical(text))
