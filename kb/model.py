"""Which types flow through the service? Frozen, comparable, and free of I/O.

    Source ──fetch──▶ Revision ──read──▶ Document ──has──▶ Block ──segment──▶ Passage ──rank──▶ Hit

Every offset is a count of code points into ``Document.text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    QUOTE = "quote"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item … of a document.

    ``level`` is the depth of a heading (1 is the top) or of a list item (1 is the outer list), else 0.
    ``language`` is ``en``, ``es`` or ``other``. ``page`` (or slide, or sheet) is the one that the block
    starts on, counted from 1; None where there are none. ``headers`` are the header cells above a table row.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    language: str = "other"
    page: int | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Where ``text[start:end]``, a line or a part of one, stands on a page that is drawn.

    Coordinates are points (1/72 inch) from the left top corner of the page as shown, turned and cropped.
    """

    start: int
    end: int
    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page, slide or sheet: the name that people know it by, and its size in points where it is drawn.

    ``label`` is what is printed on it ("iv", "A-3"), or a sheet's name; empty when that is just its number.
    """

    number: int
    label: str = ""
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader saw in one revision: the canonical text and its blocks.

    Blocks are in reading order, never overlap, and leave out nothing but the white space between them.
    ``title`` is one that a person recognises. ``language`` is the language of most of the text. ``boxes``
    are in the order of their starts. ``author``, ``dated``, ``url`` (the canonical one) and ``particulars``
    (name, value: who sent a message, to whom …) are what the document itself states. ``warnings`` say in a
    sentence each what could not be read while the rest was.
    """

    title: str
    language: str
    text: str
    blocks: tuple[Block, ...]
    media_type: str
    pages: tuple[Page, ...] = ()
    boxes: tuple[Box, ...] = ()
    author: str = ""
    dated: date | None = None
    url: str = ""
    particulars: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()

    def block_text(self, block: Block) -> str:
        """Return the words of a block."""
        return self.text[block.start : block.end]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document that stands on its own as a passage, before it has an identity.

    ``page_label`` names its pages as people do ("iv–v", "Budget 2024"); empty when their numbers do.
    """

    start: int
    end: int
    headings: tuple[str, ...]
    language: str
    first_page: int | None = None
    last_page: int | None = None
    page_label: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A citable stretch of a document: ``document.text[start:end] == text``, always.

    ``page_label`` is that of its ``Span``.
    """

    id: str
    source_id: str
    ordinal: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    language: str
    first_page: int | None = None
    last_page: int | None = None
    page_label: str = ""

    @property
    def pages(self) -> tuple[int, int] | None:
        """Return the first and last page, or None where the document has no pages."""
        if self.first_page is None or self.last_page is None:
            return None
        return (self.first_page, self.last_page)


class SourceState(StrEnum):
    """How far a source's newest revision has come."""

    PENDING = "pending"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Source:
    """A stable place that documents come from: a file in a collection, a URL, an upload.

    ``place`` is the path below the ingested root (or the URL) at first sight; with the collection it makes
    the id, so that the same library ingested elsewhere has the same links. ``uri`` is where it is now.
    ``parent_id`` names the archive or message that a source came in. What has no words of its own, as an
    archive, is ready without a ``document_id``. ``attempts`` counts how often reading was begun and neither
    ended nor given back; the next waits until ``not_before``.
    """

    id: str
    collection: str
    place: str
    uri: str
    title: str
    state: SourceState
    added_at: datetime
    changed_at: datetime
    document_id: int | None = None
    waiting_revision_id: int | None = None
    parent_id: str | None = None
    error_code: str | None = None
    error: str | None = None
    remedy: str | None = None
    attempts: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What was found at a source at one time, named by the SHA-256 of its bytes.

    ``encoding`` is the one that a web server stated for them.
    """

    id: int
    source_id: str
    sha256: str
    media_type: str
    size: int
    fetched_at: datetime
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """When a source on the web was last asked for, and what its server can tell a change by.

    ``asked`` is the address as it was named or linked, ``url`` where redirects led: the validators (RFC 9110,
    8.8) are those of ``url``. ``failures`` counts the visits in a row that got no answer; the server wants no
    other before ``not_before``.
    """

    source_id: str
    asked: str
    url: str
    etag: str
    last_modified: str
    checked_at: datetime
    failures: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the catalog keeps it: which revision it was read from, by which reader, and when."""

    id: int
    document: Document
    revision: Revision
    reader: str
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One document that a source has served: when it was read, from which revision, by which reader."""

    document_id: int
    title: str
    reader: str
    read_at: datetime
    revision: Revision


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage with its proof: the source, the revision it stands in, and the words around it.

    ``prefix`` and ``suffix`` are those of a W3C TextQuoteSelector. ``retired_at`` is set when the words no
    longer stand in the source's current document under this id; ``document_id`` then names the old one.
    ``dated`` is the day that the document states of itself.
    """

    passage: Passage
    source: Source
    revision: Revision
    document_id: int
    document_title: str
    prefix: str
    suffix: str
    text_hash: str
    retired_at: datetime | None = None
    dated: date | None = None

    @property
    def day(self) -> date:
        """Return the day that the document states of itself, else the day on which it was fetched."""
        return self.dated or self.revision.fetched_at.date()

    @property
    def permalink(self) -> str:
        """Return the path of the link that holds for ever."""
        return f"/p/{self.passage.id}"


@dataclass(frozen=True, slots=True)
class Change:
    """What an index must learn of one passage: its new words and values, or that it is gone.

    ``day`` is the one that the document states of itself, else the one on which it was fetched.
    """

    sequence: int
    passage: Passage
    retired: bool
    title: str
    collection: str
    media_type: str
    day: date


class OutcomeKind(StrEnum):
    """What became of one source in a batch.

    ``added`` is new, ``updated`` was known and reads differently now, ``duplicate`` is either with the same
    bytes as another source, ``removed`` is no longer in its archive or message, and ``accepted`` will be
    read by a worker.
    """

    ADDED = "added"
    UPDATED = "updated"
    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REMOVED = "removed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of ingesting one source; ``reason`` and ``remedy`` say what went wrong and what to do.

    ``warnings`` are those of the document: what could not be read of it while the rest was.
    """

    uri: str
    kind: OutcomeKind
    source_id: str | None = None
    title: str = ""
    passages: int = 0
    code: str = ""
    reason: str = ""
    remedy: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage as an engine returns it: no words, only which passage and why it ranks there."""

    passage_id: str
    score: float
    rank: int
