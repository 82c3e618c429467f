"""Which words does each page of a PDF have, and which pages could not be read?"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.readers.pdf import ocr
from ingest.readers.pdf.frames import Frame
from ingest.readers.pdf.pages import Sheet, main_turn
from ingest.readers.pdf.render import picture
from ingest.readers.pdf.rules import rules_on
from ingest.readers.pdf.stated import label_of
from ingest.readers.pdf.words import Word, unreadable_share, words_on
from ingest.readers.remedies import RECOGNISE
from kb.errors import SourceEmpty, SourceUnreadable

# A text layer with a larger share of characters that mean nothing is none.
_MOST_UNREADABLE = 0.3
# A page that is mostly one picture and has fewer words than this is a scan with a stamp on it.
_FEWEST_WORDS, _PICTURE_SHARE = 12, 0.6
# Slides have few words before a picture too: Tesseract must find so many times more than there are.
_MORE = 3
# Seconds for all scanned pages of one document: under the time that a reader is given (KB_READ_SECONDS).
_LONGEST_RECOGNISING = 200.0
_MOST_ANNOTATIONS = 2000
_INSTALL = "install tesseract-ocr"


@dataclass(slots=True)
class Read:
    """The pages of a PDF as far as they could be read; ``warnings`` say of the others why not."""

    sheets: list[Sheet] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_sheets(document: pdfium.PdfDocument, *, name: str = "") -> Read:
    """Return the pages with their words.

    Raises SourceUnreadable if there are pages with pictures or garbage only and nothing to read them with,
    SourceEmpty if no page shows anything.
    """
    found = Read()
    until = time.monotonic() + _LONGEST_RECOGNISING
    tagged = bool(raw.FPDFCatalog_IsTagged(document))
    for at in range(len(document)):
        try:
            page = _with_annotations(document, at)
        except pdfium.PdfiumError:
            found.warnings.append(f"page {at + 1}: damaged, it cannot be read")
            found.sheets.append(Sheet(at + 1, label_of(document, at), Frame(0, 0, 612, 792)))
            continue
        try:
            label = label_of(document, at)
            sheet, warning = _sheet(page, at + 1, label=label, tagged=tagged, until=until)
        finally:
            page.close()
        found.sheets.append(sheet)
        if warning:
            found.warnings.append(f"page {at + 1}: {warning}")
    if not any(sheet.words for sheet in found.sheets):
        raise _nothing(found.warnings, name or "the PDF")
    return found


def _with_annotations(document: pdfium.PdfDocument, at: int) -> pdfium.PdfPage:
    """Return a page with what was filled into its form and written over it made part of its content."""
    page = document[at]
    if raw.FPDFPage_GetAnnotCount(page) == 0 or not _is_written_on(page):
        return page
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    page.close()
    return document[at]


def _is_written_on(page: pdfium.PdfPage) -> bool:
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind in {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP}:
            return True
    return False


def _nothing(warnings: list[str], label: str) -> SourceUnreadable | SourceEmpty:
    if not warnings:
        return SourceEmpty(f"{label} has no words: its pages are blank or hold pictures without text")
    if any(_INSTALL in warning for warning in warnings):
        return SourceUnreadable(
            f"{label} has no text that can be read, only pictures of it", remedy=RECOGNISE
        )
    return SourceUnreadable(f"{label} cannot be read: {warnings[0]}")


def _sheet(page: pdfium.PdfPage, number: int, *, label: str, tagged: bool, until: float) -> tuple[Sheet, str]:
    """Return a page, and what is wrong with it."""
    left, bottom, right, top = page.get_bbox()
    frame = Frame(left, bottom, right, top, page.get_rotation())
    words = words_on(page, frame, tagged=tagged)
    lacking = _lacking(page, words, frame)
    warning = ""
    if lacking:
        found, warning = _recognise(page, frame, lacking, until=until)
        if lacking != _STAMPED or len(found) >= _MORE * len(words) + _FEWEST_WORDS:
            words = found
        else:
            warning = ""
    sheet = Sheet(number, label, frame, words, turned=main_turn(words))
    if words:
        sheet.rules = rules_on(page, frame, degrees=sheet.turned)
    return sheet, warning


_BARE = "no text layer"
_GARBAGE = "its text layer has no meaning"
_STAMPED = "hardly any text on a scanned page"


def _lacking(page: pdfium.PdfPage, words: list[Word], frame: Frame) -> str:
    """Return what is the matter with the text of a page, if anything."""
    if not words:
        return _BARE if raw.FPDFPage_CountObjects(page) > 0 else ""
    if unreadable_share(words) > _MOST_UNREADABLE:
        return _GARBAGE
    return _STAMPED if len(words) < _FEWEST_WORDS and _is_picture(page, frame) else ""


def _is_picture(page: pdfium.PdfPage, frame: Frame) -> bool:
    width, height = frame.size
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = drawn.get_bounds()
        if (right - left) * (top - bottom) > _PICTURE_SHARE * width * height:
            return True
    return False


def _recognise(page: pdfium.PdfPage, frame: Frame, lacking: str, *, until: float) -> tuple[list[Word], str]:
    """Return what Tesseract reads on a page, and what is wrong if that is not enough."""
    if not ocr.installed():
        return [], f"{lacking}; {_INSTALL}"
    if time.monotonic() > until:
        return [], f"{lacking}; recognising the pages before it took all the time there is"
    png, scale = picture(page, scale=ocr.DOTS / 72, grey=True)
    found = ocr.recognised(png, dots=72 * scale, turned=frame.turned)
    if found is not None and found.words and not found.good and (turn := ocr.turn_needed(png)):
        png, scale = picture(page, scale=ocr.DOTS / 72, grey=True, turn=turn)
        again = ocr.recognised(png, dots=72 * scale, turned=(frame.turned + turn) % 360)
        found = again if again is not None and (again.good or again.sure > found.sure) else found
    if found is None:
        return [], f"{lacking}, and Tesseract could not read it"
    if found.words and found.sure < ocr.SURE_PAGE:
        return [], f"{lacking}, and what Tesseract reads there makes no sense"
    if not found.words and lacking == _GARBAGE:
        return [], f"{lacking}, and Tesseract reads nothing there"
    return found.words, ""
