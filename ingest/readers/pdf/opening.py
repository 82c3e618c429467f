"""Can these bytes be opened as a PDF, and if not, why?"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.readers.remedies import GET_AGAIN, PRINT_ANEW, UNLOCK
from kb.errors import SourceLocked, SourceUnreadable

# PDFium is not safe to call from two threads at once (pypdfium2, "Thread incompatibility").
PDFIUM = threading.RLock()
# A header may stand behind other bytes, but not far (ISO 32000-1, annex H, note 13).
_HEADER_WITHIN = 1024


@contextmanager
def opened(content: bytes, *, name: str = "", passwords: Sequence[str] = ()) -> Iterator[pdfium.PdfDocument]:
    """Give the PDF, and close it at the end. Holds the lock of PDFium for so long.

    The empty password is tried first, then the others in turn. Raises SourceLocked when none opens it, and
    SourceUnreadable when it is damaged beyond repair or is no PDF.
    """
    label = name or "the PDF"
    with PDFIUM:
        document = _first_opened(content, label=label, passwords=passwords)
        try:
            if len(document) == 0:
                raise SourceUnreadable(f"{label} is a PDF without pages, or too damaged to find them")
            yield document
        finally:
            document.close()


def _first_opened(content: bytes, *, label: str, passwords: Sequence[str]) -> pdfium.PdfDocument:
    for password in (None, *passwords):
        try:
            return pdfium.PdfDocument(content, password=password)
        except (pdfium.PdfiumError, ValueError) as error:
            if getattr(error, "err_code", None) != raw.FPDF_ERR_PASSWORD:
                raise _reason(error, content, label=label) from error
    if passwords:
        raise SourceLocked(
            f"{label} is locked with a password, and none that is known opens it", remedy=UNLOCK
        )
    raise SourceLocked(f"{label} is locked with a password", remedy=UNLOCK)


def page_of(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """Return a page, counted from 1; raise SourceUnreadable where it is damaged."""
    try:
        return document[number - 1]
    except pdfium.PdfiumError as error:
        raise SourceUnreadable(f"page {number}: damaged, it cannot be read", remedy=GET_AGAIN) from error


def _reason(error: Exception, content: bytes, *, label: str) -> SourceUnreadable:
    if b"%PDF-" not in content[:_HEADER_WITHIN]:
        return SourceUnreadable(f"{label} is not a PDF, whatever its name says")
    if getattr(error, "err_code", None) == raw.FPDF_ERR_SECURITY:
        return SourceUnreadable(
            f"{label} is encrypted in a way that is not known here",
            remedy=PRINT_ANEW,
        )
    return SourceUnreadable(
        f"{label} is a damaged PDF: its pages cannot be found",
        remedy=GET_AGAIN,
    )
