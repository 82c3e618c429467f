"""What comes of reading some bytes: a document in passages, parts that are files of their own, or both?

    bytes ──reader──▶ Document ──segment──▶ spans        (Sight)
          ──reader──▶ parts ──media type──▶ kept bytes   (KeptPart, or LostPart with the reason)

``sights`` does it wherever it is called: in this process (``InProcess``), or in one that may die of it
(``ingest.isolation``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Any, Protocol

from ingest import archives, linktexts, mediatype, segment
from ingest.formats import PDF
from ingest.parts import FoundPart, KeptPart, LostPart, Part, harmless
from ingest.readers.registry import Reader, reader_for
from kb.blobs import BlobStore
from kb.errors import SourceEmpty, SourceError, SourceTooLarge, SourceUnreadable, StorageError
from kb.model import Document, Span


@dataclass(frozen=True, slots=True)
class Limits:
    """How much reading one source may take. Sizes in megabytes are of 1,000,000 bytes."""

    text_chars: int = 10_000_000
    file_mb: float = 64
    seconds: float = 300
    memory_mb: float = 1024
    output_mb: float = 64
    parts: int = 10_000
    unpacked_mb: float = 512
    nesting: int = 3


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be read: the kept bytes, how they are called, and of what kind they are.

    ``parts`` and ``unpacked_mb`` are what is left of the limits after the other archives that the same file
    holds. ``encoding`` is the one that a web server stated for text. With a ``page``, counted from 1, a
    picture of that page is asked for, ``width`` dots wide, and no words. ``passwords`` are tried in turn
    on what is locked. With ``for_links`` the texts that may hold links are asked for, and nothing else.
    """

    sha256: str
    name: str
    media_type: str
    parts: int
    unpacked_mb: float
    encoding: str | None = None
    page: int | None = None
    width: int = 0
    for_links: bool = False
    # Shown nowhere: an error or a log may show the task.
    passwords: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Sight:
    """The words that a reader saw, cut into passages."""

    document: Document
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a reader saw in one source; ``sight`` is None where only the parts have words."""

    sight: Sight | None
    parts: tuple[KeptPart | LostPart, ...] = ()


class Reading(Protocol):
    """A way of reading. Safe to use from several threads at once."""

    limits: Limits

    def read(self, task: Task, blobs: BlobStore) -> Seen:
        """Read kept bytes, and keep those of the parts; raise a KBError that says why it cannot be done."""

    def picture(self, task: Task, blobs: BlobStore) -> bytes:
        """Return the picture of a page as a PNG; raise a KBError that says why there is none."""

    def texts(self, task: Task, blobs: BlobStore) -> list[str]:
        """Return the texts that may hold links; raise a KBError that says why they cannot be had."""

    def close(self) -> None:
        """Let go of what the reading needed; reading that is under way fails."""


class InProcess:
    """Reads in this process: nothing stops a reader that hangs or takes all memory."""

    def __init__(self, limits: Limits | None = None, *, sizes: segment.Sizes = segment.SIZES) -> None:
        self.limits = limits or Limits()
        self._sizes = sizes

    def read(self, task: Task, blobs: BlobStore) -> Seen:
        """Read kept bytes; see ``Reading``."""
        seen = sights(blobs.get(task.sha256), task, limits=self.limits, sizes=self._sizes)
        return gathered(seen, blobs)

    def picture(self, task: Task, blobs: BlobStore) -> bytes:
        """Return the picture of a page; see ``Reading``."""
        return the_picture(sights(blobs.get(task.sha256), task, limits=self.limits))

    def texts(self, task: Task, blobs: BlobStore) -> list[str]:
        """Return the texts that may hold links; see ``Reading``."""
        asked = replace(task, for_links=True)
        return the_texts(sights(blobs.get(task.sha256), asked, limits=self.limits))

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def gathered(found: Iterable[Sight | FoundPart | LostPart], blobs: BlobStore) -> Seen:
    """Return what was found, with the bytes of the parts kept.

    They lie aside until all has been read: of what is refused half way, nothing is kept.
    """
    sight: Sight | None = None
    parts: list[FoundPart | LostPart] = []
    with tempfile.TemporaryFile(dir=blobs.folder if blobs.folder.is_dir() else None) as aside:
        sizes = []
        for one in found:
            if isinstance(one, Sight):
                sight = one
                continue
            if isinstance(one, FoundPart):
                sizes.append(_laid(aside, one.content))
                one = replace(one, content=b"")
            parts.append(one)
        aside.seek(0)
        contents = (aside.read(size) for size in sizes)
        return Seen(sight, tuple(_kept(part, contents, blobs) for part in parts))


def _laid(aside: IO[bytes], content: bytes) -> int:
    try:
        return aside.write(content)
    except OSError as error:
        raise StorageError(f"the document cannot be stored: {error.strerror or error}") from error


def _kept(part: FoundPart | LostPart, contents: Iterator[bytes], blobs: BlobStore) -> KeptPart | LostPart:
    if isinstance(part, LostPart):
        return part
    content = next(contents)
    return KeptPart(part.name, part.media_type, blobs.put(content), len(content))


def the_picture(found: Iterable[Sight | FoundPart | LostPart]) -> bytes:
    """Return the bytes of the picture that was asked for."""
    pictures = [one.content for one in found if isinstance(one, FoundPart)]
    if not pictures:
        raise SourceUnreadable("no picture was made of the page")
    return pictures[0]


def the_texts(found: Iterable[Sight | FoundPart | LostPart]) -> list[str]:
    """Return the texts that were asked for."""
    return [one.content.decode("utf-8", "surrogatepass") for one in found if isinstance(one, FoundPart)]


def sights(
    content: bytes, task: Task, *, limits: Limits, sizes: segment.Sizes = segment.SIZES
) -> Iterator[Sight | FoundPart | LostPart]:
    """Yield the parts, then the words of some bytes; raise SourceError where they cannot be had.

    A message without words of its own is no failure as long as it brings a part. Where a picture of a page is
    asked for, it is the only part.
    """
    if task.page is not None:
        yield _drawn(content, task, page=task.page)
        return
    if task.for_links:
        for text in linktexts.texts_of(content, passwords=task.passwords):
            yield FoundPart("", "text/plain", text.encode("utf-8", "surrogatepass"))
        return
    reader = reader_for(task.media_type)
    if content.startswith(b"PK\x03\x04"):
        most_bytes = int(task.unpacked_mb * 1_000_000)
        archives.check(content, most_parts=task.parts, most_bytes=most_bytes)
    number = 0
    for part in _parts(reader, content, task, limits=limits):
        number += 1
        yield part
    if task.media_type.startswith("text/") and len(content) > 4 * limits.text_chars:
        raise _too_long(limits)
    try:
        yield _sight(reader.read(content, name=task.name, **_told(task)), limits, sizes=sizes)
    except SourceEmpty:
        if not number:
            raise


def _told(task: Task) -> dict[str, Any]:
    """Return what is told to a reader beside the bytes and their name."""
    told: dict[str, Any] = {}
    if task.encoding and task.media_type.startswith("text/"):
        told["encoding"] = task.encoding
    if task.passwords and task.media_type == PDF:
        told["passwords"] = task.passwords
    return told


def _drawn(content: bytes, task: Task, *, page: int) -> FoundPart:
    if task.media_type != PDF:
        raise SourceUnreadable("only pages of a PDF can be drawn")
    # Imported here: who reads text needs no PDFium.
    from ingest.readers.pdf.render import page_png  # noqa: PLC0415

    return FoundPart(
        f"{page}.png", "image/png", page_png(content, page, width=task.width, passwords=task.passwords)
    )


def _sight(document: Document, limits: Limits, *, sizes: segment.Sizes) -> Sight:
    if len(document.text) > limits.text_chars:
        raise _too_long(limits)
    spans = segment.segment(document, sizes)
    if not spans:
        raise SourceEmpty("the document has no words")
    return Sight(document, tuple(spans))


def _parts(reader: Reader, content: bytes, task: Task, *, limits: Limits) -> Iterator[FoundPart | LostPart]:
    number, unpacked = 0, 0
    for part in reader.parts(content) if reader.parts is not None else ():
        number += 1
        if number > task.parts:
            raise too_many(limits)
        if isinstance(part, LostPart):
            yield LostPart(harmless(part.name), part.error)
            continue
        unpacked += len(part.content)
        if unpacked > task.unpacked_mb * 1_000_000:
            raise unpacks_to_too_much(limits)
        yield _readable(part, limits)


def _readable(part: Part, limits: Limits) -> FoundPart | LostPart:
    name = harmless(part.name)
    if len(part.content) > limits.file_mb * 1_000_000:
        return LostPart(name, too_large(limits.file_mb))
    media_type = mediatype.media_type(part.content, name)
    try:
        reader_for(media_type)
    except SourceError as error:
        return LostPart(name, error)
    return FoundPart(name, media_type, part.content)


def too_large(file_mb: float) -> SourceTooLarge:
    """Return the error for a file over the limit."""
    return SourceTooLarge(
        f"the file is larger than the limit of {file_mb:,.0f} MB",
        remedy="Split the document, or raise KB_MAX_FILE_MB.",
    )


def too_many(limits: Limits) -> SourceTooLarge:
    """Return the error for an archive or message with too many files."""
    return SourceTooLarge(
        f"it holds more files than the limit of {limits.parts:,}",
        remedy="Unpack it and ingest what is in it, or raise KB_MAX_PARTS.",
    )


def unpacks_to_too_much(limits: Limits) -> SourceTooLarge:
    """Return the error for an archive or message whose files are too large together."""
    return SourceTooLarge(
        f"it unpacks to more than the limit of {limits.unpacked_mb:,.0f} MB",
        remedy="Unpack it and ingest what is in it, or raise KB_MAX_UNPACKED_MB.",
    )


def _too_long(limits: Limits) -> SourceTooLarge:
    return SourceTooLarge(
        f"the document has more than {limits.text_chars:,} characters",
        remedy="Split the document, or raise KB_MAX_TEXT_CHARS.",
    )
