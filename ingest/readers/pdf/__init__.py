"""How does a PDF become a document?

bytes → pages: words and rules (or Tesseract's words) → lines in reading order → without furniture
      → footnotes apart → drafts (lines that run on, joined) → headings → pieces with boxes → document
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.compose import build
from ingest.readers.pdf import stated
from ingest.readers.pdf.captions import mark_captions
from ingest.readers.pdf.contents import mark_entries
from ingest.readers.pdf.drafts import Draft, drafts_of
from ingest.readers.pdf.furniture import without_furniture
from ingest.readers.pdf.headings import mark_headings
from ingest.readers.pdf.measures import Measures, with_marks_joined
from ingest.readers.pdf.notes import note_drafts, placed, set_marks
from ingest.readers.pdf.opening import opened
from ingest.readers.pdf.outline import Entry, outline_of
from ingest.readers.pdf.pages import Sheet, lay_out
from ingest.readers.pdf.pieces import pieces_of
from ingest.readers.pdf.sheets import read_sheets
from kb.model import BlockKind, Document, Page

PDF = "application/pdf"
VERSION = 1


def read(content: bytes, *, name: str = "", password: str | None = None) -> Document:
    """Return the document in a PDF.

    Raises SourceUnreadable when it is damaged, needs a password, or has only pictures of text and Tesseract
    is not installed; SourceEmpty when it shows no words at all.
    """
    with opened(content, name=name, password=password) as document:
        found = read_sheets(document, name=name)
        about = document.get_metadata_dict()
        outline = outline_of(document)
    sheets = found.sheets
    drafts = _drafts(sheets, outline)
    opening = " ".join(draft.text for draft in drafts if draft.first.page <= 2)
    return build(
        pieces_of(drafts, sheets),
        media_type=PDF,
        titled=stated.titles(about.get("Title", ""), _first_headings(drafts), opening),
        name=name,
        pages=[Page(sheet.number, sheet.label, *sheet.frame.size) for sheet in sheets],
        author=stated.author(about.get("Author", "")),
        dated=stated.dated(about.get("CreationDate", "")),
        warnings=found.warnings,
    )


def _drafts(sheets: Sequence[Sheet], outline: Sequence[Entry]) -> list[Draft]:
    for sheet in sheets:
        lay_out(sheet)
    without_furniture(sheets)
    everything = [line for sheet in sheets for line in sheet.lines]
    mark_entries(everything)
    usual = Measures(everything)
    for sheet in sheets:
        set_marks(sheet, usual)
    lines = [line for sheet in sheets for line in sheet.lines]
    flow = with_marks_joined([line for line in lines if not line.mark])
    measures = Measures(flow)
    drafts = drafts_of(flow, measures)
    mark_captions(drafts)
    drafts = mark_headings(drafts, measures, outline)
    notes = note_drafts([line for line in lines if line.mark])
    asides = [Draft(BlockKind.PARAGRAPH, [line]) for sheet in sheets for line in sheet.asides]
    return _with_asides(placed(drafts, notes), asides)


def _with_asides(drafts: Sequence[Draft], asides: Sequence[Draft]) -> list[Draft]:
    """Put text that runs in another direction after what its page starts with."""
    found: list[Draft] = []
    waiting = list(asides)
    for draft in drafts:
        while waiting and waiting[0].first.page < draft.first.page:
            found.append(waiting.pop(0))
        found.append(draft)
    return [*found, *waiting]


def _first_headings(drafts: Sequence[Draft]) -> list[str]:
    """Return the largest heading at the start, which is the title where the PDF states none that is true."""
    opening = [draft for draft in drafts[:12] if draft.kind is BlockKind.HEADING and draft.first.page == 1]
    largest = max((draft.first.size for draft in opening), default=0.0)
    return [draft.text for draft in opening if draft.first.size >= largest - 0.5][:1]
