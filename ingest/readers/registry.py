"""Which reader turns which kind of bytes into a Document?

A reader is a function from bytes to Document; this registry names one for each media type. Its module, with
the parsers that it needs, is loaded for the first document of its kind: who reads nothing waits for none.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest import archives, formats
from ingest.parts import LostPart, Part
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


def _in(module: str, function: str = "read") -> Callable[..., Any]:
    def late(*args: object, **stated: object) -> Any:
        return getattr(importlib.import_module(f"ingest.readers.{module}"), function)(*args, **stated)

    return late


READERS: dict[str, Reader] = {
    formats.PLAIN: Reader("plaintext", 3, _in("text.plaintext")),
    formats.MARKDOWN: Reader("markdown", 6, _in("markdown")),
    formats.HTML: Reader("html", 5, _in("html")),
    formats.CSV: Reader("csv", 2, _in("text.csvtable")),
    formats.PDF: Reader("pdf", 3, _in("pdf")),
    formats.DOCX: Reader("docx", 3, _in("office.docx")),
    formats.PPTX: Reader("pptx", 3, _in("office.pptx")),
    formats.XLSX: Reader("xlsx", 3, _in("office.xlsx")),
    formats.XLS: Reader("xls", 2, _in("office.xls")),
    formats.ODT: Reader("odt", 3, _in("opendocument.odt")),
    formats.ODS: Reader("ods", 3, _in("opendocument.ods")),
    formats.ODP: Reader("odp", 3, _in("opendocument.odp")),
    formats.RTF: Reader("rtf", 2, _in("richtext.rtf")),
    formats.EPUB: Reader("epub", 3, _in("epub")),
    formats.MESSAGE: Reader("eml", 3, _in("mail.eml"), _in("mail.eml", "parts")),
    formats.OUTLOOK: Reader("msg", 3, _in("mail.msg"), _in("mail.msg", "parts")),
    formats.ZIP: Reader("zip", archives.VERSION, archives.read, archives.parts),
}


def reader_for(media_type: str) -> Reader:
    """Return the reader of a media type, or raise UnknownFormat naming what can be read."""
    try:
        return READERS[media_type]
    except KeyError:
        raise formats.unreadable(media_type, READERS) from None
