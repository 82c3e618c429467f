"""How does plain text become a document?

    bytes → lines → without page furniture → drafts (lines that run on, joined) → footnotes to their place
          → headings → pieces → document

Much plain text was once a PDF: lines are broken by hand, words hyphenated, pages numbered, bullets private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.mediatype import PLAIN, decode, decode_as
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.markers import Marker
from ingest.readers.text.drafts import Draft, drafts_of
from ingest.readers.text.footnotes import note_starts, placed
from ingest.readers.text.furniture import without_furniture
from ingest.readers.text.headings import mark_headings
from ingest.readers.text.lines import Line, lines_of, widths, without_margin
from ingest.readers.text.listing import levels, with_marks_joined
from kb.model import BlockKind, Document

_SUBJECT = re.compile(r"(?:subject|asunto|re)\s*:\s*(\S.*)", re.IGNORECASE)
_LETTERHEAD = 12


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in plain text.

    Pages are counted where the text has form feeds. The title is a stated subject, else what the text starts
    with. Raises SourceEmpty if there are no words.
    """
    text = (decode_as(content, encoding) if encoding else None) or decode(content)[0]
    lines = with_marks_joined(without_furniture(without_margin(lines_of(text.removeprefix("\ufeff")))))
    drafts = placed(drafts_of(lines, widths(lines), note_starts(lines)))
    drafts = mark_headings(drafts)
    paged = bool(lines) and lines[-1].page > 1
    return build(_pieces(drafts, paged), media_type=PLAIN, titled=_subjects(lines), name=name)


def _subjects(lines: Sequence[Line]) -> list[str]:
    found = (_SUBJECT.fullmatch(line.text) for line in lines[:_LETTERHEAD])
    return [match.group(1) for match in found if match]


def _pieces(drafts: Sequence[Draft], paged: bool) -> Iterable[Piece]:
    depths = levels([_mark(draft) for draft in drafts if draft.kind is not BlockKind.FOOTNOTE])
    deep = iter(depths)
    waiting: list[str] = []
    for at, draft in enumerate(drafts):
        depth = 0 if draft.kind is BlockKind.FOOTNOTE else next(deep)
        page = draft.first.page if paged else None
        following = drafts[at + 1] if at + 1 < len(drafts) else None
        if following is not None and _is_stacked(draft, following):
            waiting.append(draft.text)
            continue
        text = "\n".join([*waiting, draft.text])
        waiting = []
        yield Piece(draft.kind, text, draft.level if draft.kind is BlockKind.HEADING else depth, page)


def _mark(draft: Draft) -> tuple[Marker, int] | None:
    return (draft.marker, draft.first.indent) if draft.marker is not None else None


def _is_stacked(draft: Draft, following: Draft) -> bool:
    """Return whether two drafts are lines of one stack, as in an address: no stop, no blank line between."""
    return (
        draft.kind is BlockKind.PARAGRAPH
        and following.kind is BlockKind.PARAGRAPH
        and following.tied
        and not draft.ended
    )
