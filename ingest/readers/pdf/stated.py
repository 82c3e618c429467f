"""When was a PDF made, and what are its pages called?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pypdfium2 as pdfium

from kb.text import canonical_line

_DATE = re.compile(r"(?:D:)?\s*(\d{4})-?(\d{2})?-?(\d{2})?")
_FIRST_YEAR = 1985
_LONGEST_LABEL = 20


def dated(stated: str) -> date | None:
    """Return the day that a PDF date names (ISO 32000-1, 7.9.4), if it can be true."""
    found = _DATE.match(stated.strip())
    if found is None:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        named = date(year, month, day)
    except ValueError:
        return None
    return named if year >= _FIRST_YEAR and named <= datetime.now(UTC).date() else None


def label_of(document: pdfium.PdfDocument, at: int) -> str:
    """Return what a page is called, empty where that is its number."""
    label = canonical_line(document.get_page_label(at))
    return "" if label == str(at + 1) or len(label) > _LONGEST_LABEL else label
