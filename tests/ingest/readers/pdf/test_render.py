"""Are pages shown as pictures, of a size that does no harm?"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ingest.readers.pdf.render import MOST_PIXELS, page_png
from kb.errors import SourceUnreadable
from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper


def image(content: bytes, number: int = 1, *, width: int) -> Image.Image:
    return Image.open(io.BytesIO(page_png(content, number, width=width)))


def test_a_page_is_a_picture_of_the_width_that_was_asked_for() -> None:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    shown = image(paper.content(), width=306)
    assert shown.size == (306, 396)
    assert min(shown.convert("L").tobytes()) < 128


def test_a_page_that_claims_to_be_enormous_has_no_more_dots_than_allowed() -> None:
    paper = Paper((14_400, 14_400))
    paper.prose(PROSE, LEFT, TOP)
    shown = image(paper.content(), width=1_000_000)
    assert shown.width * shown.height <= MOST_PIXELS


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_is_not_there_is_refused(number: int) -> None:
    paper = Paper()
    paper.prose(PROSE, LEFT, TOP)
    with pytest.raises(SourceUnreadable, match=f"no page {number}"):
        page_png(paper.content(), number)
