"""Are the pages of a PDF turned, enlarged and marked, and is it told where nothing is sure?"""

import re
from datetime import date

import pytest
from babel.dates import format_date
from playwright.sync_api import expect

from tests.functional.browsing import PHONE, Visit, said
from tests.functional.reading.visitors import Links, all_ways, document_of, link, two_ways


@all_ways
def test_a_printed_page_is_turned_enlarged_and_reached_by_its_outline(visit: Visit, links: Links) -> None:
    page = visit.goto(f"{document_of(links.printed)}/pages/3?passage={links.printed.id}&q=violet+folder")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    expect(page.locator(".sheet rect").first).to_be_attached()
    expect(cited).to_contain_text("violet folder")
    link(page, "150 %").click()
    expect(page.locator(".sheet.zoom-150")).to_be_visible()
    above = page.get_by_role("navigation", name=said(page, "Pages, above the picture"))
    above.get_by_role("link", name=said(page, "Previous page")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(page, "Page %(page)s", page=2))
    expect(page.locator(".sheet.zoom-150")).to_be_visible()
    expect(page.locator(".sheet rect")).to_have_count(0)
    page.get_by_text(said(page, "Outline"), exact=True).click()
    page.locator(".outline").get_by_role("link", name="Writing notes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(page, "Page %(page)s", page=1))


LOW = {"width": 1200, "height": 360}
# How far does what is marked stand out of the box that it is scrolled in?
OUT = """(name) => Array.from(document.querySelectorAll(".facing > *"), (column) => {
    const [mark, box] = [column.querySelector(name), column].map((one) => one?.getBoundingClientRect());
    return mark ? Math.max(box.top - mark.top, mark.top + 10 - box.bottom) : 0;
})"""


@pytest.mark.parametrize(
    "visit", [{"viewport": LOW}, {"viewport": PHONE}], indirect=True, ids=["low", "phone"]
)
def test_picture_and_text_of_a_page_are_scrolled_to_the_cited_words(visit: Visit, links: Links) -> None:
    page = visit.goto(f"{document_of(links.sealed)}/pages/4?passage={links.sealed.id}")
    expect(page.get_by_role("region", name=said(page, "Cited passage"))).to_contain_text("amber wax")
    page.wait_for_load_state("load")
    assert max(page.evaluate(OUT, "rect, .cited")) <= 0
    if not visit.is_phone:
        scrolled = page.evaluate(
            "Array.from(document.querySelectorAll('.facing > *'), (one) => one.scrollTop)"
        )
        assert min(scrolled) > 0


@all_ways
def test_nothing_is_drawn_where_the_place_of_the_words_is_not_sure(
    visit: Visit, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.pages.sure_boxes", lambda *_: [])
    page = visit.goto(f"{document_of(links.printed)}/pages/3?passage={links.printed.id}")
    note = (
        "Where on the page the cited words stand is not known for sure, so nothing is marked in the picture. "
    )
    expect(page.get_by_text(said(page, note + "They are marked in the text."))).to_be_visible()
    expect(page.locator(".sheet rect")).to_have_count(0)
    expect(page.get_by_role("region", name=said(page, "Cited passage"))).to_contain_text("violet folder")


@two_ways
def test_dates_and_numbers_follow_the_language_that_is_chosen(visit: Visit, links: Links) -> None:
    page = visit.goto(document_of(links.printed))
    for code, name in (("es", "Español"), ("en", "English")):
        if page.locator("html").get_attribute("lang") != code:
            page.get_by_role("link", name=name).click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        fetched = page.locator(".provenance time").last
        day = date.fromisoformat(str(fetched.get_attribute("datetime"))[:10])
        expect(fetched).to_have_text(format_date(day, "long", locale=code))
        expect(page.locator(".size").last).to_have_text(
            re.compile(r"^\d+,\d kB" if code == "es" else r"^\d+\.\d kB")
        )
        visit.goto("/")
        expect(page.locator("html")).to_have_attribute("lang", code)
        visit.goto(document_of(links.printed))
