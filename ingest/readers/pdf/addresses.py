"""Where do the links of a PDF lead? Those that can be clicked, and addresses that only stand in its text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.readers.pdf.opening import opened, page_of


def addresses(content: bytes, *, passwords: Sequence[str] = ()) -> list[str]:
    """Return the addresses of the link annotations, and the text of each page, which may hold others.

    Raises SourceUnreadable for what cannot be opened as a PDF, and for one with a damaged page.
    """
    found: list[str] = []
    with opened(content, passwords=passwords) as document:
        for number in range(1, len(document) + 1):
            page = page_of(document, number)
            found += _annotated(document, page)
            found.append(page.get_textpage().get_text_range())
            page.close()
    return found


def _annotated(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> Iterator[str]:
    place, link = ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, place, link):
        action = raw.FPDFLink_GetAction(link)
        size = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
        if size:
            written = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document, action, written, size)
            yield written.value.decode("utf-8", errors="replace")
