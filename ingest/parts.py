"""What stands inside a document as a file of its own?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came in another: an attachment of a message, a member of an archive."""

    name: str
    content: bytes
