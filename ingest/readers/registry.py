"""Which reader turns which kind of bytes into a Document?

A reader is a function from bytes to Document; this registry names one for each media type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.parts import Part
from ingest.readers import docx, html, markdown, odp, ods, odt, plaintext, pptx, rtf, xlsx
from kb.errors import UnknownFormat
from kb.model import Document


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to read a media type. ``version`` goes up whenever the same bytes may read differently.

    ``parts`` yields the files that stand inside one of this type, such as the attachments of a message.
    """

    name: str
    version: int
    read: Callable[..., Document]
    parts: Callable[[bytes], Iterator[Part]] | None = None

    @property
    def label(self) -> str:
        """Return ``name@version``, as revisions record it."""
        return f"{self.name}@{self.version}"


READERS: dict[str, Reader] = {
    "text/plain": Reader("plaintext", plaintext.VERSION, plaintext.read),
    "text/markdown": Reader("markdown", markdown.VERSION, markdown.read),
    "text/html": Reader("html", html.VERSION, html.read),
    docx.DOCX: Reader("docx", docx.VERSION, docx.read),
    pptx.PPTX: Reader("pptx", pptx.VERSION, pptx.read),
    xlsx.XLSX: Reader("xlsx", xlsx.VERSION, xlsx.read),
    odt.ODT: Reader("odt", odt.VERSION, odt.read),
    ods.ODS: Reader("ods", ods.VERSION, ods.read),
    odp.ODP: Reader("odp", odp.VERSION, odp.read),
    rtf.RTF: Reader("rtf", rtf.VERSION, rtf.read),
}


def reader_for(media_type: str) -> Reader:
    """Return the reader of a media type, or raise UnknownFormat naming those that exist."""
    try:
        return READERS[media_type]
    except KeyError:
        known = ", ".join(sorted(READERS))
        raise UnknownFormat(f"no reader for {media_type}; these can be read: {known}") from None
