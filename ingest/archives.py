"""Which files are in a ZIP archive, and is it safe to unpack?

Nothing is ever written to where a name points: the bytes go into the catalog's store, the name is a label.
See D. Fifield, A better zip bomb (WOOT 2019), for what is guarded against.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import Final

from ingest.packages import BROKEN_ZIP
from ingest.parts import LostPart, Part, harmless
from kb.errors import SourceEmpty, SourceError, SourceLocked, SourceTooLarge, SourceUnreadable
from kb.model import Document

VERSION = 1

# Deflate reaches 1,032 to one. In 208 office files and books, the test files of other projects, no part that
# unpacks to more than 0.2 MB is above 33 to one.
MOST_RATIO: Final = 200
_SMALL = 1_000_000
_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<26xHH")
_ENCRYPTED = 0x1
_NOT_DOCUMENTS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_UNPACK = "Unpack it yourself, look at what is in it, and ingest the documents."


def check(content: bytes, *, most_parts: int, most_bytes: int) -> None:
    """Raise SourceTooLarge for an archive that unpacks to more than is allowed, by what it declares.

    Unpacking stops at what was declared, so an archive that lies yields less than it holds, never more.
    Raises SourceUnreadable for one that is damaged, or whose files lie over one another.
    """
    if content.count(_ENTRY) > 2 * most_parts + 1000:
        raise _too_many(most_parts)
    with _opened(content) as archive:
        entries = archive.infolist()
    if len(entries) > most_parts:
        raise _too_many(most_parts)
    total = sum(entry.file_size for entry in entries)
    if total > most_bytes:
        raise SourceTooLarge(
            f"it unpacks to {total / 1e6:,.0f} MB, more than the limit of {most_bytes / 1e6:,.0f} MB",
            remedy="Unpack it and ingest what is in it, or raise KB_MAX_UNPACKED_MB.",
        )
    for entry in entries:
        if entry.file_size > max(_SMALL, MOST_RATIO * entry.compress_size):
            raise SourceTooLarge(
                f"{harmless(entry.filename)} in it unpacks to more than {MOST_RATIO} times its size, "
                "as archives do that are made to fill disks",
                remedy=_UNPACK,
            )
    _check_apart(content, entries)


def _check_apart(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse files that share bytes: so a small archive can unpack to a thousand times its size."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = entry.header_offset
        if start < end:
            raise SourceUnreadable("files in it lie over one another", remedy=_UNPACK)
        header = content[start : start + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size:
            raise _damaged()
        name, extra = _LOCAL_HEADER.unpack(header)
        end = start + _LOCAL_HEADER.size + name + extra + entry.compress_size


def read(_content: bytes, *, name: str = "") -> Document:
    """Raise SourceEmpty: an archive has no words of its own, only files with theirs."""
    raise SourceEmpty(f"there are no words in {name or 'an archive'} but those of its files")


def parts(content: bytes) -> Iterator[Part | LostPart]:
    """Yield the files of a ZIP archive in its order; what programs leave in archives is left out.

    A file that is damaged, locked or a link is yielded as LostPart; an archive in which all are locked raises
    SourceLocked, and an empty one SourceEmpty.
    """
    with _opened(content) as archive:
        entries = [entry for entry in archive.infolist() if _may_be_document(entry)]
        if not entries:
            raise SourceEmpty("the archive holds no files")
        if all(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise _locked("the archive")
        for entry in entries:
            yield _unpacked(archive, entry)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Part | LostPart:
    name = _name(entry)
    if entry.flag_bits & _ENCRYPTED:
        return LostPart(name, _locked("the file"))
    if stat.S_ISLNK(entry.external_attr >> 16):
        return LostPart(
            name, SourceUnreadable("it is a link to another file, not a document", remedy=_UNPACK)
        )
    try:
        return Part(name, archive.read(entry))
    except BROKEN_ZIP as error:
        return LostPart(name, SourceUnreadable(f"it cannot be unpacked: {error}", remedy=_UNPACK))


def _may_be_document(entry: zipfile.ZipInfo) -> bool:
    last = entry.filename.rpartition("/")[2]
    return not entry.filename.endswith("/") and not (
        entry.filename.startswith(_NOT_DOCUMENTS) or last in _NOT_DOCUMENTS or last.startswith(("._", "~$"))
    )


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name: programs that do not mark UTF-8 write it all the same, or what MS-DOS wrote."""
    if entry.flag_bits & 0x800:
        return harmless(entry.filename)
    raw = entry.orig_filename.encode("cp437", "replace")
    try:
        return harmless(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return harmless(raw.decode("cp850"))


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except BROKEN_ZIP as error:
        raise _damaged() from error


def _damaged() -> SourceUnreadable:
    return SourceUnreadable("the file is damaged or cut off", remedy="Copy or download it again.")


def _locked(what: str) -> SourceError:
    return SourceLocked(f"{what} is locked with a password", remedy=_UNPACK)


def _too_many(most_parts: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"it holds more files than the limit of {most_parts:,}",
        remedy="Unpack it and ingest what is in it, or raise KB_MAX_PARTS.",
    )
