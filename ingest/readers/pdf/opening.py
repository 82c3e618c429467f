"""Can these bytes be opened as a PDF, and if not, why?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.readers.remedies import GET_AGAIN, PRINT_ANEW, UNPROTECT
from kb.errors import SourceUnreadable

# PDFium is not safe to call from two threads at once (pypdfium2, "Thread incompatibility").
PDFIUM = threading.RLock()
# A header may stand behind other bytes, but not far (ISO 32000-1, annex H, note 13).
_HEADER_WITHIN = 1024


@contextmanager
def opened(content: bytes, *, name: str = "", password: str | None = None) -> Iterator[pdfium.PdfDocument]:
    """Give the PDF, and close it at the end. Holds the lock of PDFium for so long.

    Raises SourceUnreadable when it needs a password, is damaged beyond repair or is no PDF.
    """
    label = name or "the PDF"
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(content, password=password)
            pages = len(document)
        except (pdfium.PdfiumError, ValueError) as error:
            raise _reason(error, content, label=label, password=password) from error
        try:
            if pages == 0:
                raise SourceUnreadable(f"{label} is a PDF without pages, or too damaged to find them")
            yield document
        finally:
            document.close()


def _reason(error: Exception, content: bytes, *, label: str, password: str | None) -> SourceUnreadable:
    code = getattr(error, "err_code", None)
    if b"%PDF-" not in content[:_HEADER_WITHIN] and code != raw.FPDF_ERR_PASSWORD:
        return SourceUnreadable(f"{label} is not a PDF, whatever its name says")
    if code == raw.FPDF_ERR_PASSWORD:
        said = "the password given does not open it" if password else "it can only be opened with a password"
        return SourceUnreadable(
            f"{label} is encrypted: {said}",
            remedy=UNPROTECT,
        )
    if code == raw.FPDF_ERR_SECURITY:
        return SourceUnreadable(
            f"{label} is encrypted in a way that is not known here",
            remedy=PRINT_ANEW,
        )
    return SourceUnreadable(
        f"{label} is a damaged PDF: its pages cannot be found",
        remedy=GET_AGAIN,
    )
