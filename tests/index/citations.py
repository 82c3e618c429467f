"""Citations of invented documents, for tests that need no catalog."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kb.model import Citation, Passage, Revision, Source, SourceState


def cited(
    name: str,
    text: str,
    *,
    heading: str = "Night shelter",
    title: str = "Handbook",
    language: str = "en",
    day: date = date(2024, 1, 1),
) -> Citation:
    """Return a citation of a passage that is a document called ``name``."""
    at = datetime(2024, 6, 1, tzinfo=UTC)
    headings = (heading,) if heading else ()
    return Citation(
        Passage(f"p-{name}", name, 0, 0, len(text), text, headings, language),
        Source(name, "guides", f"{name}.txt", f"file:///{name}.txt", title, SourceState.READY, at, at),
        Revision(1, name, "0" * 64, "text/plain", len(text), at),
        document_id=1,
        document_title=title,
        prefix="",
        suffix="",
        text_hash=text,
        dated=day,
    )
