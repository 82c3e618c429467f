"""How does a PDF become a document?

bytes → pages: words and rules (or Tesseract's words) → lines in reading order → without furniture
      → footnotes apart → drafts (lines that run on, joined) → headings → pieces with boxes → document
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.formats import PDF
from ingest.readers.pdf.captions import mark_captions
from ingest.readers.pdf.contents import mark_entries
from ingest.readers.pdf.drafts import Draft, drafts_of
from ingest.readers.pdf.furniture import without_furniture
from ingest.readers.pdf.headings import mark_headings
from ingest.readers.pdf.measures import Measures, with_marks_joined
from ingest.readers.pdf.notes import note_drafts, placed, set_marks
from ingest.readers.pdf.opening import opened
from ingest.readers.pdf.outline import Entry, key, outline_of
from ingest.readers.pdf.pages import Sheet, lay_out
from ingest.readers.pdf.pieces import pieces_of
from ingest.readers.pdf.rights import stated_rights
from ingest.readers.pdf.sheets import read_sheets
from ingest.readers.pdf.stated import dated
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.stated import author_of, believable
from kb.model import BlockKind, Document, Page

# A title is not smaller than the headings under it by more than this factor.
_LARGER = 1.25
_FEWEST_SLIDES, _MOST_WORDS = 3, 180


def read(content: bytes, *, name: str = "", passwords: Sequence[str] = ()) -> Document:
    """Return the document in a PDF.

    ``passwords`` are tried in turn where it does not open without. Raises SourceLocked when none opens it;
    SourceUnreadable when it is damaged, or has only pictures of text and Tesseract is not installed;
    SourceEmpty when it shows no words at all.
    """
    with opened(content, name=name, passwords=passwords) as document:
        found = read_sheets(document, name=name)
        about = document.get_metadata_dict()
        outline = outline_of(document)
    sheets = found.sheets
    drafts = _drafts(sheets, outline)
    pieces = list(pieces_of(drafts, sheets))
    return build(
        pieces,
        media_type=PDF,
        titled=_titles(about.get("Title", ""), drafts, pieces=pieces, name=name),
        name=name,
        pages=[Page(sheet.number, sheet.label, *sheet.frame.size) for sheet in sheets],
        author=author_of(about.get("Author", "")),
        dated=dated(about.get("CreationDate", "")),
        particulars=stated_rights(content),
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
    drafts = mark_headings(drafts, measures, outline, slides=_are_slides(sheets))
    notes = note_drafts([line for line in lines if line.mark])
    asides = [Draft(BlockKind.PARAGRAPH, [line]) for sheet in sheets for line in sheet.asides]
    return _with_asides(placed(drafts, notes), asides)


def _are_slides(sheets: Sequence[Sheet]) -> bool:
    """Return whether the pages are wider than high and have few words, as those of a presentation."""
    wide = sum(sheet.frame.size[0] > 1.2 * sheet.frame.size[1] for sheet in sheets)
    words = sum(len(sheet.words) for sheet in sheets)
    return len(sheets) >= _FEWEST_SLIDES and wide > 0.8 * len(sheets) and words < _MOST_WORDS * len(sheets)


def _with_asides(drafts: Sequence[Draft], asides: Sequence[Draft]) -> list[Draft]:
    """Put text that runs in another direction after what its page starts with."""
    found: list[Draft] = []
    waiting = list(asides)
    for draft in drafts:
        while waiting and waiting[0].first.page < draft.first.page:
            found.append(waiting.pop(0))
        found.append(draft)
    return [*found, *waiting]


def _titles(stated: str, drafts: Sequence[Draft], *, pieces: Sequence[Piece], name: str) -> list[str]:
    """Return what may be the title, best first.

    A stated title that the first pages do not say word for word is often that of the template: the heading
    that they start with goes before it, unless a much larger one follows.
    """
    opening = [draft for draft in drafts[:12] if draft.kind is BlockKind.HEADING and draft.first.page == 1]
    largest = max((draft.first.size for draft in opening), default=0.0)
    headings = [draft.text for draft in opening if draft.first.size >= largest / _LARGER][:1]
    if not believable(stated, pieces, name=name):
        return headings
    said = key(stated) in key(" ".join(draft.text for draft in drafts if draft.first.page <= 2))
    return [stated, *headings] if said else [*headings, stated]
