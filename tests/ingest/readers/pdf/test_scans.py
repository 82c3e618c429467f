"""Are pages that are only pictures of text read by Tesseract, and named where it is missing?"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader

from ingest.readers import pdf
from ingest.readers.pdf import ocr
from kb.errors import SourceUnreadable
from kb.model import Document
from tests.ingest.readers.pdf.paper import HEIGHT, LEFT, PROSE, TOP, WIDTH, Paper, by_hand, stream

ENGLISH = ["The worker visits the family", "every month and writes down", "what was said and agreed."]
SPANISH = ["La trabajadora visita a la familia", "cada mes y anota la atención", "que recibió cada niño."]

# A font with accents that comes with the library that the tests set their pages with.
_FONT = str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")
# A table of letters that names signs for private use for all of them (ISO 32000-1, 9.10.3).
_PRIVATE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Private def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfrange <20> <7E> <E020> endbfrange
endcmap end end"""


def picture(lines: list[str], *, turned: int = 0) -> ImageReader:
    """Return a picture of a page with some lines of print."""
    image = Image.new("L", (1275, 1650), 255)
    draw = ImageDraw.Draw(image)
    for at, line in enumerate(lines):
        draw.text((200, 300 + 60 * at), line, fill=0, font=ImageFont.truetype(_FONT, 40))
    stream = io.BytesIO()
    image.rotate(-turned, expand=True).save(stream, "PNG")
    stream.seek(0)
    return ImageReader(stream)


def scanned(lines: list[str], *, turned: int = 0) -> Paper:
    paper = Paper()
    paper.canvas.drawImage(picture(lines, turned=turned), 0, 0, WIDTH, HEIGHT)
    return paper


def words(document: Document) -> str:
    return " ".join(document.text.split())


def test_a_scan_is_read_in_both_languages() -> None:
    paper = scanned(ENGLISH)
    paper.page()
    paper.canvas.drawImage(picture(SPANISH), 0, 0, WIDTH, HEIGHT)
    document = paper.read()
    assert " ".join(ENGLISH) in words(document)
    assert " ".join(SPANISH) in words(document)
    assert document.warnings == ()


def test_lines_of_a_scan_have_boxes_where_they_stand() -> None:
    document = scanned(ENGLISH).read()
    box = document.boxes[0]
    assert document.text[box.start : box.end] == ENGLISH[0]
    # The picture has 150 dots an inch.
    assert abs(box.left - 200 * 72 / 150) < 3
    assert 295 * 72 / 150 < box.top < box.bottom < 365 * 72 / 150


def test_a_scan_on_its_head_is_read() -> None:
    lines = [*ENGLISH, *SPANISH, *ENGLISH]
    assert " ".join(ENGLISH) in words(scanned(lines, turned=180).read())


def test_only_pages_without_text_are_recognised() -> None:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    paper.page()
    paper.canvas.drawImage(picture(ENGLISH), 0, 0, WIDTH, HEIGHT)
    document = paper.read()
    assert document.text.startswith(PROSE)
    assert [block.page for block in document.blocks] == [1, *[2] * (len(document.blocks) - 1)]


def test_a_text_layer_that_means_nothing_is_none() -> None:
    lines = b" T* ".join(b"(%s) Tj" % line.encode() for line in ENGLISH)
    content = by_hand(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        stream(b"BT /F 16 Tf 20 TL 72 600 Td " + lines + b" ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        stream(_PRIVATE),
    )
    assert words(pdf.read(content)) == " ".join(ENGLISH)


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", tuple)


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_the_page_is_named_and_the_rest_is_read() -> None:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    paper.page()
    paper.canvas.drawImage(picture(ENGLISH), 0, 0, WIDTH, HEIGHT)
    document = paper.read()
    assert document.text == PROSE
    assert document.warnings == ("page 2: no text layer; install tesseract-ocr",)


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_a_document_of_scans_only_is_refused_with_what_to_install() -> None:
    with pytest.raises(SourceUnreadable, match="only pictures of it") as caught:
        scanned(ENGLISH).read()
    assert "tesseract-ocr" in caught.value.remedy


_SMALL = [
    "Respiratory: Clear to auscultation bilaterally, no wheezes or rales.",
    "Neurological: Cranial nerves intact, normal strength and sensation.",
    "Impression: Normal examination, no acute intracranial pathology.",
]


def test_small_print_on_a_poor_scan_loses_no_word() -> None:
    image = Image.new("L", (850, 1100), 250)
    draw = ImageDraw.Draw(image)
    for at, line in enumerate(_SMALL):
        draw.text((60, 100 + 22 * at), line, fill=40, font=ImageFont.truetype(_FONT, 11))
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=60)
    kept.seek(0)
    paper = Paper((408, 528))
    paper.canvas.drawImage(ImageReader(kept), 0, 0, 408, 528)
    document = paper.read()
    assert words(document) == " ".join(_SMALL)
    assert {block.kind.value for block in document.blocks} <= {"paragraph", "list_item"}


def hocr(*lines: list[tuple[str, int, int]]) -> bytes:
    """Return what Tesseract would say of lines of words, each with its height in dots and its certainty."""
    written = []
    for at, line in enumerate(lines):
        foot = 100 * (at + 1)
        spans = "".join(
            f"<span class='ocrx_word' title='bbox {200 * n} {foot - height} {200 * n + 150} {foot};"
            f" x_wconf {sure}'>{text}</span>"
            for n, (text, height, sure) in enumerate(line)
        )
        written.append(
            f"<span class='ocr_line' title='bbox 0 {foot - 30} 999 {foot}; baseline 0 0;"
            f" x_size {27 + 9 * at}'>{spans}</span>"
        )
    return f"<html><body>{''.join(written)}</body></html>".encode()


def test_a_doubtful_word_stays_in_a_line_of_print_and_specks_go(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = [("No", 30, 95), ("wheezes", 30, 22), ("or", 21, 91), ("~|", 30, 12), ("rales", 30, 94)]
    specks = [("Ilij", 30, 20), ("oOo", 30, 30)]
    monkeypatch.setattr(ocr, "_run", lambda *_: hocr(printed, specks))
    seen = ocr.recognised(b"", dots=300)
    assert seen is not None
    assert [word.text for word in seen.words] == ["No", "wheezes", "or", "rales"]


def test_the_size_of_a_line_is_told_by_its_tall_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [[("Visits", 60, 95)], *[[("Call", 30, 95), ("us", 20, 95)]] * 4]
    monkeypatch.setattr(ocr, "_run", lambda *_: hocr(*lines))
    seen = ocr.recognised(b"", dots=300)
    assert seen is not None
    first, *others = [word.face.size for word in seen.words]
    assert len(set(others)) == 1
    assert first > 1.5 * others[0]
