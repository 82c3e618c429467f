"""What does a ZIP or OLE file hold: an office document, a book, a message, or just files?

Both are wrappings that many formats share; the parts inside tell them apart.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import olefile

from ingest.formats import DOC, DOCX, EPUB, LOCKED, ODP, ODS, ODT, OLE, OUTLOOK, PPT, PPTX, XLS, XLSX, ZIP

# A directory of more files is not looked through here; that it is too many is told when it is unpacked.
_MOST_FILES = 50_000
_ENTRY = b"PK\x01\x02"
_READ = 262_144

# What zipfile and zlib raise for bytes that are no whole ZIP archive.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    struct.error,
)
# What olefile raises for bytes that are no whole OLE file.
_BROKEN_OLE = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error)

# ECMA-376 part 2, 10.1.2: the type of the main part stands in [Content_Types].xml. Macros and templates
# change its name, not what can be read.
_MAIN_PART = re.compile(
    rb'ContentType\s*=\s*["\'](application/vnd\.(?:openxmlformats-officedocument\.|ms-)[a-z.\-]*?'
    rb"(?:document|template|presentation|slideshow|sheet|addin)[a-z.]*?\.main(?:\+xml)?)[\"']",
    re.IGNORECASE,
)
_PROGRAMS = (
    ("word", DOCX),
    ("presentationml", PPTX),
    ("powerpoint", PPTX),
    ("spreadsheetml", XLSX),
    ("excel", XLSX),
)
_MAIN_NAMES = (("word/document.xml", DOCX), ("ppt/presentation.xml", PPTX), ("xl/workbook.xml", XLSX))
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
_OPEN_KINDS = (ODT, ODP, ODS)
_MANIFEST = re.compile(rb'media-type\s*=\s*["\'](application/vnd\.oasis\.opendocument\.[a-z\-]+)["\']')
_STREAMS = (
    ("EncryptedPackage", LOCKED),
    ("EncryptionInfo", LOCKED),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
    ("__properties_version1.0", OUTLOOK),
)


def kind_of_zip(content: bytes) -> str:
    """Return the media type of bytes that start as a ZIP archive does."""
    if content.count(_ENTRY) > _MOST_FILES:
        return ZIP
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _kind(archive)
    except BROKEN_ZIP:
        # Cut off, most likely: the names at the start of each file still tell which reader can say so.
        return next((kind for name, kind in _MAIN_NAMES if name.encode() in content[:_READ]), ZIP)


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        stated = _start(archive, "mimetype").decode("ascii", "replace").strip().lower()
        if stated == EPUB:
            return EPUB
        if stated.startswith(_OPEN_DOCUMENT):
            return _open_kind(stated)
    if "[Content_Types].xml" in names:
        main = _MAIN_PART.search(_start(archive, "[Content_Types].xml"))
        if main:
            return _office_kind(main.group(1).decode("ascii").lower())
    for name, kind in _MAIN_NAMES:
        if name in names:
            return kind
    if "META-INF/manifest.xml" in names and "content.xml" in names:
        main = _MANIFEST.search(_start(archive, "META-INF/manifest.xml"))
        return _open_kind(main.group(1).decode("ascii")) if main else ZIP
    return EPUB if "META-INF/container.xml" in names else ZIP


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_READ)


def _open_kind(stated: str) -> str:
    return next((kind for kind in _OPEN_KINDS if stated.startswith(kind)), _OPEN_DOCUMENT)


def _office_kind(main: str) -> str:
    if "binary" in main:
        return XLSB
    return next((kind for program, kind in _PROGRAMS if program in main), ZIP)


def kind_of_ole(content: bytes) -> str:
    """Return the media type of bytes that start as an OLE compound file does ([MS-CFB])."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as storage:
            return next((kind for stream, kind in _STREAMS if storage.exists(stream)), OLE)
    except _BROKEN_OLE:
        return OLE
