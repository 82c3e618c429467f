"""ZIP archives made in code, good and hostile."""

import io
import struct
import zipfile
from collections.abc import Mapping


def zipped(files: Mapping[str, bytes | str] | list[tuple[str, bytes | str]]) -> bytes:
    """Return an archive of files, in this order."""
    pairs = list(files.items()) if isinstance(files, Mapping) else files
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            # Not writestr(name): that warns of two files of one name.
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.NameToInfo.clear()
            archive.writestr(entry, content)
    return kept.getvalue()


def with_password(archive: bytes, name: str) -> bytes:
    """Return an archive in which the file of this name says that it has a password."""
    out = bytearray(archive)
    for signature, flags, name_at in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = -1
        while (at := archive.find(signature, at + 1)) >= 0:
            if archive.startswith(name.encode(), at + name_at):
                out[at + flags] |= 1
    return bytes(out)


def declaring(archive: bytes, size: int) -> bytes:
    """Return an archive whose files claim to unpack to ``size`` bytes each."""
    out = bytearray(archive)
    at = -1
    while (at := archive.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", out, at + 24, size)
    return bytes(out)


def overlapping(content: bytes, *, times: int) -> bytes:
    """Return an archive with one file that is listed under several names."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", content)
        first = archive.filelist[0]
        for number in range(1, times):
            other = zipfile.ZipInfo(f"{number}.txt")
            for field in ("compress_type", "compress_size", "file_size", "CRC", "header_offset"):
                setattr(other, field, getattr(first, field))
            archive.filelist.append(other)
    return kept.getvalue()
