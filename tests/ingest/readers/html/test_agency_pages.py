"""Does a page of an agency keep what people look for, even when it calls itself an article?"""

from __future__ import annotations

import pytest

from ingest.readers import html
from tests.ingest.readers.html.agencypages import CLAIMS, FRAME, PAGES, AgencyPage, page_of
from tests.ingest.readers.shape import assert_well_formed


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_people_look_for_survives_and_the_frame_does_not(page: AgencyPage, claim: str) -> None:
    document = html.read(page_of(page, claim), name="page.html")
    assert_well_formed(document)
    said = " ".join(document.text.split())
    assert [words for words in page.kept if words not in said] == []
    assert [words for words in (*FRAME, *page.left_out) if words in said] == []
