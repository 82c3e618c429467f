"""How do the parent and a reading process talk? In frames of JSON, with the bytes of a part after its frame.

Nothing is unpickled: what a process that went astray sends can be wrong, but it cannot run. A frame is its
length (four bytes, the most significant first) and JSON in UTF-8; where the JSON has ``bytes``, so many
bytes follow.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import date
from typing import IO, Any

from ingest.reading import Limits, Sight, Task
from kb import errors
from kb.errors import KBError, SourceError, UnexpectedError
from kb.model import Block, BlockKind, Box, Document, Page, Span

_LENGTH = struct.Struct(">I")
_SPAN = ("start", "end", "headings", "language", "first_page", "last_page", "page_label")


def send(stream: IO[bytes], frame: dict[str, Any], content: bytes = b"") -> None:
    """Write one frame, and the bytes that belong to it."""
    if content:
        frame = {**frame, "bytes": len(content)}
    # Single surrogates must come back as they were, so neither escaped nor refused.
    packed = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(_LENGTH.pack(len(packed)))
    stream.write(packed)
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes], *, most: int) -> dict[str, Any]:
    """Read one frame; raise EOFError when there are no more, ValueError for one that is none.

    Raises OverflowError for one of more than ``most`` bytes, and leaves it unread.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > most:
        raise OverflowError
    frame = json.loads(_exactly(stream, length).decode("utf-8", "surrogatepass"))
    if not isinstance(frame, dict):
        raise ValueError("a frame is a JSON object")
    return frame


def content_after(stream: IO[bytes], frame: dict[str, Any], *, most: int) -> bytes:
    """Read the bytes that belong to a frame; raise OverflowError for more than ``most``."""
    size = int(frame.get("bytes", 0))
    if size > most:
        raise OverflowError
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    read = stream.read(size)
    if len(read) < size:
        raise EOFError
    return read


def task_frame(task: Task, limits: Limits, *, folder: str) -> dict[str, Any]:
    """Return the frame that asks for a task; ``folder`` is where the bytes are kept."""
    return {"task": asdict(task), "limits": asdict(limits), "folder": folder}


def task_from(frame: dict[str, Any]) -> tuple[Task, Limits, str]:
    """Return what ``task_frame`` was made of."""
    asked = frame["task"]
    task = Task(**{**asked, "passwords": tuple(asked["passwords"])})
    return task, Limits(**frame["limits"]), frame["folder"]


def sight_frame(sight: Sight) -> dict[str, Any]:
    """Return the frame that holds a document and its spans."""
    document = sight.document
    return {
        "title": document.title,
        "language": document.language,
        "text": document.text,
        "media_type": document.media_type,
        "blocks": [
            [b.kind.value, b.start, b.end, b.level, b.language, b.page, list(b.headers)]
            for b in document.blocks
        ],
        "pages": [[p.number, p.label, p.width, p.height] for p in document.pages],
        "boxes": [[b.start, b.end, b.page, b.left, b.top, b.right, b.bottom] for b in document.boxes],
        "author": document.author,
        "dated": document.dated.isoformat() if document.dated is not None else None,
        "url": document.url,
        "particulars": [list(pair) for pair in document.particulars],
        "warnings": list(document.warnings),
        "spans": [[getattr(span, name) for name in _SPAN] for span in sight.spans],
    }


def sight_from(frame: dict[str, Any]) -> Sight:
    """Return the document and spans of a frame, exactly as they were."""
    document = Document(
        title=frame["title"],
        language=frame["language"],
        text=frame["text"],
        media_type=frame["media_type"],
        blocks=tuple(_block(*packed) for packed in frame["blocks"]),
        pages=tuple(Page(*packed) for packed in frame["pages"]),
        boxes=tuple(Box(*packed) for packed in frame["boxes"]),
        author=frame["author"],
        dated=date.fromisoformat(frame["dated"]) if frame["dated"] is not None else None,
        url=frame["url"],
        particulars=tuple((name, value) for name, value in frame["particulars"]),
        warnings=tuple(frame["warnings"]),
    )
    spans = (Span(start, end, tuple(headings), *rest) for start, end, headings, *rest in frame["spans"])
    return Sight(document, tuple(spans))


def _block(
    kind: str, start: int, end: int, level: int, language: str, page: int | None, headers: list[str]
) -> Block:
    return Block(BlockKind(kind), start, end, level, language, page, tuple(headers))


def error_frame(error: KBError) -> dict[str, Any]:
    """Return the frame of an error of ours."""
    return {"code": error.code, "message": str(error), "remedy": error.remedy}


def error_from(frame: dict[str, Any]) -> KBError:
    """Return the error of a frame; a code that is not known becomes UnexpectedError."""
    kind = _KINDS.get(frame["code"], UnexpectedError)
    return kind(frame["message"], remedy=frame["remedy"])


def source_error_from(frame: dict[str, Any]) -> SourceError:
    """Return the error of a frame about a part; one of another kind becomes a plain SourceError."""
    error = error_from(frame)
    return error if isinstance(error, SourceError) else SourceError(str(error), remedy=error.remedy)


_KINDS: dict[str, type[KBError]] = {
    kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, KBError)
}
