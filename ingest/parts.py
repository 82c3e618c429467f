"""What stands inside a document as a file of its own?

The files in an archive, the attachments of a message. Their names are labels: nothing is ever written where
a name points to.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.errors import SourceError
from kb.text import canonical_line

# Stands between the place of a source and the name of a part in it. No path below a folder has two slashes
# in a row, so no file is ever mistaken for a part.
INSIDE = "//"
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came in another: an attachment of a message, a member of an archive."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A part that can be read, and what kind of file it is."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LostPart:
    """A file that is in another but cannot be got out of it, or not be read, and why."""

    name: str
    error: SourceError


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A part that can be read and whose bytes have been kept under their SHA-256."""

    name: str
    media_type: str
    sha256: str
    size: int


def harmless(name: str) -> str:
    """Return the name of a part as a label: a path below nothing, without drives, ``..`` and controls."""
    steps = (canonical_line(step) for step in re.split(r"[/\\]+", name))
    kept = [step for step in steps if step not in {"", ".", ".."} and not re.fullmatch(r"[A-Za-z]:", step)]
    return "/".join(kept)[-_LONGEST_NAME:].lstrip("/") or "unnamed"


def unlike(name: str, taken: Container[str]) -> str:
    """Return the name, with a number if another part has it already: ``plan (2).txt``."""
    path = PurePosixPath(name)
    number, found = 1, name
    while found in taken:
        number += 1
        found = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    return found
