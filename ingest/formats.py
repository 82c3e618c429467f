"""What do people call the kinds of files, and what can they do about one that cannot be read?"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from kb.errors import SourceError, SourceLocked, UnknownFormat

PLAIN, MARKDOWN, HTML, CSV = "text/plain", "text/markdown", "text/html", "text/csv"
PDF, RTF, EPUB, ZIP = "application/pdf", "application/rtf", "application/epub+zip", "application/zip"
MESSAGE, OUTLOOK = "message/rfc822", "application/vnd.ms-outlook"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODP = "application/vnd.oasis.opendocument.presentation"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
DOC, PPT, XLS = "application/msword", "application/vnd.ms-powerpoint", "application/vnd.ms-excel"
# Neither is registered with IANA: an office file behind a password, and an OLE file that nobody knows.
LOCKED, OLE = "application/x-locked-office", "application/x-ole-storage"
XML, UNKNOWN = "application/xml", "application/octet-stream"

# What can be read is told in this order, the most usual first.
_TOLD: tuple[tuple[str, str], ...] = (
    (PDF, "PDF"),
    (DOCX, "Word (DOCX)"),
    (PPTX, "PowerPoint (PPTX)"),
    (XLSX, "Excel (XLSX)"),
    (XLS, "old Excel (XLS)"),
    (ODT, "OpenDocument text (ODT)"),
    (ODP, "OpenDocument slides (ODP)"),
    (ODS, "OpenDocument sheets (ODS)"),
    (RTF, "Rich Text (RTF)"),
    (EPUB, "books (EPUB)"),
    (HTML, "web pages (HTML)"),
    (MESSAGE, "e-mail (EML)"),
    (OUTLOOK, "Outlook messages (MSG)"),
    (CSV, "tables (CSV)"),
    (MARKDOWN, "Markdown"),
    (PLAIN, "plain text"),
    (ZIP, "ZIP archives of these"),
)
_UNPACK = "Unpack it, and ingest what is in it."
_NEWER = "Open it, save it in a newer format (DOCX, XLSX or PPTX) or as a PDF, and ingest it again."
_UNLOCK = "Save it without a password, and ingest it again."
_RECOGNISE = "If it shows text, turn it into a PDF with recognised text, and ingest that."


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file as a sentence names it, and what to do where no reader exists for it."""

    called: str
    remedy: str = UnknownFormat.remedy


FORMATS: dict[str, Format] = {
    PDF: Format("a PDF"),
    DOCX: Format("a Word document"),
    PPTX: Format("a PowerPoint presentation"),
    XLSX: Format("an Excel workbook"),
    ODT: Format("an OpenDocument text"),
    ODP: Format("an OpenDocument presentation"),
    ODS: Format("an OpenDocument spreadsheet"),
    "application/vnd.oasis.opendocument": Format("an OpenDocument file that is no text, slides or sheets"),
    RTF: Format("a Rich Text document"),
    EPUB: Format("an EPUB book"),
    HTML: Format("a web page"),
    MARKDOWN: Format("a Markdown text"),
    PLAIN: Format("a plain text"),
    MESSAGE: Format("an e-mail"),
    OUTLOOK: Format("an Outlook message"),
    CSV: Format("a table"),
    ZIP: Format("a ZIP archive", _UNPACK),
    DOC: Format("an old Word document (DOC)", _NEWER),
    PPT: Format("an old PowerPoint presentation (PPT)", _NEWER),
    XLS: Format("an old Excel workbook (XLS)", _NEWER),
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": Format("a binary Excel workbook (XLSB)", _NEWER),
    LOCKED: Format("a locked Word, Excel or PowerPoint file", _UNLOCK),
    OLE: Format("an old Office file of an unknown kind", _NEWER),
    XML: Format("an XML document"),
    "image/svg+xml": Format("a drawing (SVG)", _RECOGNISE),
    "image/png": Format("a PNG image", _RECOGNISE),
    "image/jpeg": Format("a JPEG image", _RECOGNISE),
    "image/gif": Format("a GIF image", _RECOGNISE),
    "image/tiff": Format("a TIFF image", _RECOGNISE),
    "image/bmp": Format("a bitmap image", _RECOGNISE),
    "image/webp": Format("a WebP image", _RECOGNISE),
    "image/heic": Format("a HEIC image", _RECOGNISE),
    "application/gzip": Format("a gzip archive", _UNPACK),
    "application/x-7z-compressed": Format("a 7-Zip archive", _UNPACK),
    "application/vnd.rar": Format("a RAR archive", _UNPACK),
    "application/x-bzip2": Format("a bzip2 archive", _UNPACK),
    "application/x-xz": Format("an xz archive", _UNPACK),
    "application/x-tar": Format("a TAR archive", _UNPACK),
    "application/x-executable": Format("a program"),
    "application/vnd.sqlite3": Format("a SQLite database"),
    "application/postscript": Format("a PostScript document", "Turn it into a PDF, and ingest that."),
    "audio/mpeg": Format("a sound recording"),
    "audio/ogg": Format("a sound recording"),
    "audio/wav": Format("a sound recording"),
    "video/mp4": Format("a video or a sound recording"),
    "video/x-msvideo": Format("a video"),
    UNKNOWN: Format("a binary file of an unknown kind"),
}

# All words for kinds of files that stand in reasons.
CALLED = (*(known.called for known in FORMATS.values()), *(words for _, words in _TOLD))


def unreadable(media_type: str, readable: Container[str]) -> SourceError:
    """Return the error for a kind of file that no reader exists for.

    It names the kinds that can be read, unless there is a way for this kind: the remedy then comes soon.
    """
    if media_type == LOCKED:
        return SourceLocked("the Word, Excel or PowerPoint file is locked with a password", remedy=_UNLOCK)
    known = FORMATS.get(media_type, Format(f"of the type {media_type}"))
    if known.remedy != UnknownFormat.remedy:
        return UnknownFormat(f"it seems to be {known.called}; such files cannot be read", remedy=known.remedy)
    told = ", ".join(words for kind, words in _TOLD if kind in readable)
    return UnknownFormat(f"it seems to be {known.called}; what can be read: {told}", remedy=known.remedy)
