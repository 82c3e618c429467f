"""What does a PDF state of itself: title, author, date, page labels?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pypdfium2 as pdfium

from kb.text import canonical_line, fold

# Titles that programs put in for want of one.
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel|publisher)\b.*|(?:powerpoint|word) (?:presentation|document)"
    r"|presentaci[oó]n de powerpoint|.*[\\/][^ ]*\.\w{2,4}|\W*|[\w.-]*\d{5,}[\w.-]*"
    r"|.*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|pub|tex|dvi|rtf|odt|txt|html?|ai|cdr|p65)"
    r"|(?:untitled|sin t[ií]tulo|document|documento|layout|slide|page|print|book|flyer|full page photo)[\s_-]*\d*",
    re.IGNORECASE,
)
# Names of accounts and machines.
_NO_AUTHOR = re.compile(
    r"(?:owner|user|usuario|admin(?:istrator)?|administrador|unknown|author|autor|default|guest|pc|office"
    r"|anonymous|root|microsoft office user|windows user|usuario de windows|scanner|toshiba|hp|dell|lenovo|acer"
    r"|asus|none|n/?a|\(?anonymous\)?|unspecified)?\W*\d*",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:D:)?\s*(\d{4})-?(\d{2})?-?(\d{2})?")
_FIRST_YEAR = 1985


def titles(stated: str, headings: Sequence[str], opening: str) -> list[str]:
    """Return what may be the title, best first. ``opening`` is the text of the first pages.

    Programs state titles of templates and old versions: one that the first pages do not say comes after the
    heading that they start with.
    """
    title = canonical_line(stated)
    if not title or _NO_TITLE.fullmatch(title):
        return list(headings)
    said = _bare(title) in _bare(opening)
    return [title, *headings] if said else [*headings, title]


def author(stated: str) -> str:
    """Return the author, unless it is an account's or a program's default name."""
    name = canonical_line(stated)
    account = name.islower() and " " not in name
    return "" if _NO_AUTHOR.fullmatch(name) or account or len(name) > 200 else name


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
    return "" if label == str(at + 1) or len(label) > 20 else label


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))
