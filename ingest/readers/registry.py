"""Which reader turns which kind of bytes into a Document?

A reader is a function from bytes to Document; this registry names one for each media type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest import archives, formats
from ingest.parts import LostPart, Part
from ingest.readers import epub, html, markdown, pdf
from ingest.readers.mail import eml, msg
from ingest.readers.office import docx, pptx, xls, xlsx
from ingest.readers.opendocument import odp, ods, odt
from ingest.readers.richtext import rtf
from ingest.readers.text import csvtable, plaintext
from kb.model import Document


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to read a media type. ``version`` goes up whenever the same bytes may read differently.

    ``read`` raises SourceEmpty for what has no words of its own, as an archive. ``parts`` yields the files
    inside, such as the attachments of a message.
    """

    name: str
    version: int
    read: Callable[..., Document]
    parts: Callable[[bytes], Iterator[Part | LostPart]] | None = None

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
    formats.PDF: Reader("pdf", pdf.VERSION, pdf.read),
    rtf.RTF: Reader("rtf", rtf.VERSION, rtf.read),
    epub.EPUB: Reader("epub", epub.VERSION, epub.read),
    eml.EML: Reader("eml", eml.VERSION, eml.read, eml.parts),
    msg.MSG: Reader("msg", msg.VERSION, msg.read, msg.parts),
    csvtable.CSV: Reader("csv", csvtable.VERSION, csvtable.read),
    xls.XLS: Reader("xls", xls.VERSION, xls.read),
    "application/zip": Reader("zip", archives.VERSION, archives.read, archives.parts),
}


def reader_for(media_type: str) -> Reader:
    """Return the reader of a media type, or raise UnknownFormat naming what can be read."""
    try:
        return READERS[media_type]
    except KeyError:
        raise formats.unreadable(media_type, READERS) from None
