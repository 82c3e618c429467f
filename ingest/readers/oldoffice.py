"""What is an old or encrypted Office file, and what can a person do about it? None is read. (MS-CFB)"""

from __future__ import annotations

from io import BytesIO
from typing import NoReturn

import olefile

from ingest.readers.zipped import UNPROTECT
from kb.errors import SourceUnreadable
from kb.model import Document

VERSION = 1
DOC, PPT, OLE_FILE = "application/msword", "application/vnd.ms-powerpoint", "application/x-ole-storage"

_DAMAGED = (OSError, ValueError, IndexError, KeyError, TypeError)
# The stream that tells each kind, what it is, and what to do.
_KINDS = (
    ("EncryptedPackage", "an Office document protected with a password", UNPROTECT),
    ("WordDocument", "a Word document in the format of before 2007", "Open it in Word and save it as DOCX."),
    (
        "PowerPoint Document",
        "a PowerPoint presentation in the format of before 2007",
        "Open it in PowerPoint and save it as PPTX.",
    ),
)


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Refuse an old or encrypted Office file, saying which it is and what to save it as."""
    refuse(content)


def refuse(content: bytes) -> NoReturn:
    """Raise SourceUnreadable that says what an old Office container holds and what to do about it."""
    for stream, kind, remedy in _KINDS:
        if stream in streams_of(content):
            raise SourceUnreadable(f"this is {kind}, which is not read", remedy=remedy)
    raise SourceUnreadable(
        "this is an old Office file that is not read",
        remedy="Open it where it came from and save it as DOCX.",
    )


def streams_of(content: bytes) -> set[str]:
    """Return the names of what stands at the top of an old Office container."""
    try:
        with olefile.OleFileIO(BytesIO(content)) as container:
            return {entry[0] for entry in container.listdir(storages=True)}
    except _DAMAGED as error:
        raise SourceUnreadable("the old Office file is damaged: its parts cannot be found") from error
