from __future__ import annotations

import io

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.readers.office import docx as word
from ingest.readers.office.pptx import read
from tests.ingest.readers.packages import docx, p, parts_of, zipped
from tests.ingest.readers.shape import assert_well_formed


def deck_with(data: CategoryChartData, title: str = "") -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Visits by year"
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data)
    frame.chart.has_title = bool(title)
    if title:
        frame.chart.chart_title.text_frame.text = title
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


def test_the_figures_of_a_chart_are_rows_under_the_names_of_its_series() -> None:
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["2023", "2024"]
    data.add_series("En casa", (0.5, 0.625))
    data.add_series("Office", (0.25, None))
    document = read(deck_with(data, "Share of visits"))
    assert_well_formed(document)
    assert [(b.kind.value, document.block_text(b), b.headers) for b in document.blocks] == [
        ("heading", "Visits by year", ()),
        ("caption", "Share of visits", ()),
        ("table_row", "En casa | Office", ()),
        ("table_row", "2023 | 50.0% | 25.0%", ("", "En casa", "Office")),
        ("table_row", "2024 | 62.5%", ("", "En casa")),
    ]
    assert {block.page for block in document.blocks} == {1}


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e400"])
def test_a_figure_that_is_no_number_is_shown_as_it_stands(value: str) -> None:
    data = CategoryChartData()
    data.categories = ["North", "South"]
    data.add_series("Calls", (4711, 3))
    parts = parts_of(deck_with(data))
    path = next(path for path in parts if path.startswith("ppt/charts/chart"))
    drawn = parts[path]
    assert isinstance(drawn, bytes)
    parts[path] = drawn.replace(b">4711<", b">%s<" % value.encode())
    assert read(zipped(parts)).text.splitlines()[-1] == "South | 3"


def test_a_chart_in_a_word_document_follows_the_paragraph_that_it_is_anchored_in() -> None:
    drawn = (
        '<w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
        ' r:id="rIdChart"/></w:drawing>'
    )
    parts = parts_of(docx(p("Calls fell.") + f"<w:p><w:r>{drawn}</w:r></w:p>" + p("They rose again.")))
    relation = (
        '<Relationship Id="rIdChart" Target="chart1.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/chart"/></Relationships>'
    )
    named = "word/_rels/document.xml.rels"
    held = parts[named].decode() if isinstance(parts[named], bytes) else parts[named]
    empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    parts[named] = held.replace(empty, empty[:-2] + "></Relationships>").replace("</Relationships>", relation)
    data = CategoryChartData()
    data.categories = ["June"]
    data.add_series("Calls", (7,))
    deck = parts_of(deck_with(data))
    parts["word/chart1.xml"] = next(deck[path] for path in deck if path.startswith("ppt/charts/chart"))
    assert word.read(zipped(parts)).text.split() == "Calls fell. Calls June | 7 They rose again.".split()
