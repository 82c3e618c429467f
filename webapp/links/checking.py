"""Do the links in a memo or page still lead to the words that were cited? For each: same, moved, changed …

A link is looked for wherever a program may have put it: in the bytes of a text file or web page, and in
every part of a Word, OpenDocument or other file that is a ZIP of XML.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ingest.mediatype import decode
from kb.catalog import Catalog
from kb.errors import PassageUnknown, SourceError
from kb.model import Citation
from webapp.links.standing import Standing, StandingKind, standing

# The path of a permalink, in whatever stands before it; ids are written in small letters.
_LINK = re.compile(r"/p/([0-9a-hjkmnp-tv-z]{12})(?![0-9A-Za-z])")
# A part of a document that unpacks to more holds pictures or is meant to do harm, not links.
_MOST_BYTES = 50_000_000
_TEXT_PARTS = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx")


class Found(StrEnum):
    """What became of a link."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"
    UNKNOWN = "unknown"


_OF_STANDING = {
    StandingKind.CURRENT: Found.SAME,
    StandingKind.MOVED: Found.MOVED,
    StandingKind.CHANGED: Found.CHANGED,
    StandingKind.REMOVED: Found.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Link:
    """One passage that a file links to. ``citation`` is None for a link that leads to no passage."""

    passage_id: str
    found: Found
    citation: Citation | None = None
    standing: Standing | None = None


def check_links(content: bytes, catalog: Catalog) -> list[Link]:
    """Return what became of each passage that a file links to, in the order of their first links."""
    wanted = dict.fromkeys(match for text in _texts(content) for match in _LINK.findall(text))
    with catalog.reading() as transaction:
        links = []
        for passage_id in wanted:
            try:
                citation = transaction.passages.citation(passage_id)
            except PassageUnknown:
                links.append(Link(passage_id, Found.UNKNOWN))
                continue
            now = standing(transaction, citation)
            links.append(Link(passage_id, _OF_STANDING[now.kind], citation, now))
        return links


def corrections(links: list[Link], *, changed: bool = False) -> dict[str, str]:
    """Return the new id for each link whose words moved, and, if asked, for those whose words changed."""
    wanted = {Found.MOVED, Found.CHANGED} if changed else {Found.MOVED}
    return {
        link.passage_id: link.standing.now.id
        for link in links
        if link.found in wanted and link.standing is not None and link.standing.now is not None
    }


def corrected(content: bytes, new_ids: Mapping[str, str]) -> bytes:
    """Return a file with its links replaced, all else as it was; raise SourceError for a PDF."""
    if content.startswith(b"%PDF"):
        raise SourceError(
            "links in a PDF cannot be replaced", remedy="Correct the document that the PDF was made from."
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return _replaced(content, new_ids)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.infolist():
            part = old.read(member)
            new.writestr(member, _replaced(part, new_ids) if _has_text(member) else part)
    return made.getvalue()


def _replaced(content: bytes, new_ids: Mapping[str, str]) -> bytes:
    for old, new in new_ids.items():
        for encoding in ("ascii", "utf-16-le", "utf-16-be"):
            content = content.replace(f"/p/{old}".encode(encoding), f"/p/{new}".encode(encoding))
    return content


def _texts(content: bytes) -> Iterator[str]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield decode(content)[0]
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if _has_text(member):
                yield archive.read(member).decode("utf-8", errors="replace")


def _has_text(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().endswith(_TEXT_PARTS) and member.file_size <= _MOST_BYTES
