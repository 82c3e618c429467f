"""Is a file of any format that is cut off somewhere read as far as it goes, or refused with a reason?"""

from __future__ import annotations

import functools
import io

import openpyxl
import pptx
import pytest
import xlwt
from pptx.util import Inches

from ingest.mediatype import media_type
from ingest.readers.registry import READERS, reader_for
from ingest.reading import Limits, Sight, Task, sights
from kb.errors import SourceError
from tests.functional.hostile_repeats import epub
from tests.ingest.archive_fixtures import zipped
from tests.ingest.readers import packages
from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper
from tests.ingest.readers.shape import assert_well_formed

# Where in the file it ends, in hundredths.
_ENDS = (0, 1, 5, 15, 30, 50, 70, 85, 95, 99)
_MARKUP = "".join(f"<h2>Part {n}</h2><p>{PROSE}</p><table><tr><td>a</td></tr></table>" for n in range(3))


_MARKDOWN = f"---\ntitle: Desk\n---\n# Desk\n\n{PROSE}\n\n| a | b |\n|---|---|\n| c | d |\n\n```\nx\n"


def _rtf() -> bytes:
    return (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}" + (rb"{\b Desk}\par " + PROSE.encode() + rb"\par ") * 5 + b"}"
    )


def _pdf() -> bytes:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    paper.page()
    paper.prose(PROSE, LEFT, TOP)
    return paper.content()


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    for number in range(40):
        book.active.append([f"County {number}", "Answers at night", number])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Desk")
    for number in range(40):
        sheet.write(number, 0, f"County {number}")
        sheet.write(number, 1, "Answers at night")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _pptx() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(4)).text_frame.text = PROSE
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


def _msg() -> bytes:
    texts = {"0037": "Desk", "0C1A": "Ana Ruiz", "1000": PROSE}
    wide = {f"__substg1.0_{tag}001F": text.encode("utf-16-le") for tag, text in texts.items()}
    return packages.compound({"__properties_version1.0": bytes(32), **wide})


def _eml() -> bytes:
    return (
        b"From: a@agency.org\nSubject: Desk\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: text/html\n\n" + _MARKUP.encode() + b"\n--b\nContent-Type: text/plain\n"
        b"Content-Disposition: attachment; filename=a.txt\n\n" + PROSE.encode() + b"\n--b--\n"
    )


_SLIDE = "<draw:page><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></draw:page>"
_ROWS = "".join(
    f"<table:table-row><table:table-cell><text:p>{PROSE[n : n + 60]}</text:p></table:table-cell>"
    f"<table:table-cell><text:p>{n}</text:p></table:table-cell></table:table-row>"
    for n in range(30)
)


@functools.cache
def made() -> dict[str, bytes]:
    """Return a small file of each format that is read."""
    return {
        "a.txt": PROSE.encode(),
        "a.md": _MARKDOWN.encode(),
        "a.html": f"<!doctype html><title>Desk</title><body>{_MARKUP}</body>".encode(),
        "a.csv": b"county,desk\n" + b'"Pine, north","at night, always"\n' * 40,
        "a.pdf": _pdf(),
        "a.docx": packages.docx("".join(packages.p(PROSE[n:]) for n in range(20))),
        "a.pptx": _pptx(),
        "a.xlsx": _xlsx(),
        "a.xls": _xls(),
        "a.odt": packages.odf(f"<text:p>{PROSE}</text:p>" * 20),
        "a.ods": packages.odf(f'<table:table table:name="Desk">{_ROWS}</table:table>', "spreadsheet"),
        "a.odp": packages.odf(_SLIDE.format(PROSE) * 3, "presentation"),
        "a.rtf": _rtf(),
        "a.epub": epub('<itemref idref="c0"/>'),
        "a.eml": _eml(),
        "a.msg": _msg(),
        "a.zip": zipped({"desk.txt": PROSE, "rules.md": f"# Rules\n\n{PROSE}"}),
    }  # fmt: skip


def test_there_is_a_file_of_every_format_that_is_read() -> None:
    assert {media_type(content, name) for name, content in made().items()} == set(READERS)


@pytest.mark.parametrize("end", _ENDS)
@pytest.mark.parametrize("name", sorted(made()))
def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_or_refused_with_a_reason(
    name: str, end: int
) -> None:
    whole = made()[name]
    content = whole[: len(whole) * end // 100]
    refused: SourceError | None = None
    try:
        kind = media_type(content, name)
        reader_for(kind)
        found = list(sights(content, Task("", name, kind, 100, 10.0), limits=Limits()))
    except SourceError as error:
        found, refused = [], error
    assert found or (refused and str(refused) and refused.remedy), "nothing was seen, and no reason given"
    for sight in found:
        if isinstance(sight, Sight):
            assert_well_formed(sight.document)
            assert sight.document.text.strip()
