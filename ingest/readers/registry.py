"""Which reader turns which kind of bytes into a Document?

A reader is a function from bytes to Document; this registry names one for each media type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest import archives, formats
from ingest.parts import LostPart, Part
from ingest.readers import html, markdown, plaintext
from kb.model import Document


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to read a media type. ``version`` goes up whenever the same bytes may read differently.

    ``read`` is None for what has no words of its own, as an archive. ``parts`` yields the files inside.
    """

    name: str
    version: int
    read: Callable[..., Document] | None
    parts: Callable[[bytes], Iterator[Part | LostPart]] | None = None

    @property
    def label(self) -> str:
        """Return ``name@version``, as revisions record it."""
        return f"{self.name}@{self.version}"


READERS: dict[str, Reader] = {
    "text/plain": Reader("plaintext", plaintext.VERSION, plaintext.read),
    "text/markdown": Reader("markdown", markdown.VERSION, markdown.read),
    "text/html": Reader("html", html.VERSION, html.read),
    "text/csv": Reader("plaintext", plaintext.VERSION, plaintext.read),
    "message/rfc822": Reader("plaintext", plaintext.VERSION, plaintext.read),
    "application/zip": Reader("zip", archives.VERSION, None, archives.parts),
}


def reader_for(media_type: str) -> Reader:
    """Return the reader of a media type, or raise UnknownFormat naming what can be read."""
    try:
        return READERS[media_type]
    except KeyError:
        raise formats.unreadable(media_type, READERS) from None
