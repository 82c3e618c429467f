"""How are the links in a file corrected? In a copy, in place of the old ids, all else as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from ingest import mediatype
from ingest.linktexts import has_text, texts_of
from kb.errors import SourceError
from webapp.links.finding import written_in

# The slash as it is in text, in addresses that carry others, and in web pages and XML.
_SLASHES = ("/", "%2F", "%2f", "&#47;", "&#x2F;", "&#x2f;")
_SIGNATURES = ("_xmlsignatures/", "META-INF/documentsignatures.xml")


def corrected(content: bytes, new_ids: Mapping[str, str]) -> bytes:
    """Return a copy of a file with its links replaced.

    Raises SourceError, with what to do instead, for kinds of files in which that cannot be done.
    """
    if b"%PDF-" in content[:1024]:
        raise SourceError(
            "links in a PDF cannot be replaced", remedy="Correct the document that the PDF was made from."
        )
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _zipped(content, new_ids)
    if mediatype.media_type(content, "").startswith("message/"):
        raise SourceError(
            "links in a message cannot be replaced: it is as it was sent",
            remedy="Write to those who have it, with the new links.",
        )
    try:
        mediatype.decode(content)
    except SourceError as error:
        raise SourceError(
            "links in this kind of file cannot be replaced",
            remedy="Save it in a newer format (as .docx) and correct that, or replace the links by hand.",
        ) from error
    return _replaced(content, new_ids)


def left(copy: bytes, new_ids: Mapping[str, str]) -> list[str]:
    """Return the old ids that are still in a copy: a program may have cut an address into pieces."""
    found = {link.passage_id for link in written_in(texts_of(copy))}
    return [old for old in new_ids if old in found and old not in new_ids.values()]


def _zipped(content: bytes, new_ids: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        if any(name.startswith(_SIGNATURES) for name in old.namelist()):
            raise SourceError(
                "the file is signed, and a copy with other links would not be",
                remedy="Ask whoever signed it to correct the links and sign it again.",
            )
        for member in old.infolist():
            part = old.read(member)
            new.writestr(member, _replaced(part, new_ids) if has_text(member) else part)
    return made.getvalue()


def _replaced(content: bytes, new_ids: Mapping[str, str]) -> bytes:
    """Replace all ids at once: the new id of one link may be the old one of another."""
    for encoding in ("ascii", "utf-16-le", "utf-16-be"):
        spelled = {old.encode(encoding): new.encode(encoding) for old, new in new_ids.items()}
        slashes = b"|".join(re.escape(slash.encode(encoding)) for slash in _SLASHES)
        path = b"(?:" + slashes + b")" + "p".encode(encoding) + b"(?:" + slashes + b")"
        pattern = re.compile(b"(" + path + b")(" + b"|".join(map(re.escape, spelled)) + b")(?![0-9A-Za-z])")
        pieces = pattern.split(content)
        if len(pieces) > 1:
            pieces[2::3] = [spelled[old] for old in pieces[2::3]]
            return b"".join(pieces)
    return content
