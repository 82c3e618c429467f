"""Are answers narrowed, turned over and come back to, and do pages without an answer lead on?"""

import re

import pytest
from playwright.sync_api import expect

from tests.functional.browsing import Visit, said
from tests.functional.reading.visitors import Links, all_ways, link

RETURNING = {
    f"{width} wide {'with' if scripts else 'without'} scripts, {locale}": {
        "viewport": {"width": width, "height": 844}, "locale": locale, "java_script_enabled": scripts
    }
    for width, scripts, locale in (
        (390, True, "es-MX"), (390, False, "en-US"), (768, True, "en-US"), (768, False, "es-MX"),
    )
}  # fmt: skip


@all_ways
def test_answers_are_narrowed_sorted_and_turned_over_and_the_address_holds_it_all(visit: Visit) -> None:
    page = visit.goto("/search?q=lamp+room")
    page.get_by_text(said(page, "Narrow down and sort")).click()
    link(page, "Newest first").click()
    page.get_by_label(said(page, "From day")).fill("2020-01-02")
    page.get_by_role("button", name=said(page, "Apply")).click()
    languages = page.get_by_role("navigation", name=said(page, "Language"))
    languages.get_by_role("link", name=said(page, "English")).click()
    expect(page.get_by_role("article")).to_have_count(4)
    first = page.get_by_role("article").get_by_role("heading").all_text_contents()
    page.get_by_role("link", name=said(page, "Next")).click()
    expect(page).to_have_url(re.compile("page=2"))
    for part in ("q=lamp", "sort=newest", "since=2020-01-02", "lang=en"):
        assert part in page.url
    second = page.get_by_role("article").get_by_role("heading").all_text_contents()
    assert len(second) == 4
    assert not set(first) & set(second)

    page.goto(page.url)
    assert page.get_by_role("article").get_by_role("heading").all_text_contents() == second
    expect(page.get_by_label(said(page, "From day"))).to_have_value("2020-01-02")
    page.get_by_role("link", name=said(page, "Previous")).click()
    assert page.get_by_role("article").get_by_role("heading").all_text_contents() == first
    link(page, "Best first").click()
    expect(page.locator(".verdict")).to_be_visible()


@all_ways
def test_pages_that_find_nothing_or_know_nothing_lead_on(visit: Visit) -> None:
    page = visit.goto("/search?q=xylophone&lang=es")
    expect(
        page.get_by_role("heading", name=said(page, "Nothing in these documents answers this"))
    ).to_be_visible()
    link(page, "Search all of them").click()
    expect(page).to_have_url(re.compile(r"/search\?q=xylophone$"))
    link(page, "See which documents there are").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(page, "Documents"))
    visit.expected = "404"
    visit.goto("/nowhere")
    page.get_by_label(said(page, "Your question")).fill("lamp")
    page.get_by_role("button", name=said(page, "Search"), exact=True).click()
    expect(page.get_by_role("article").first).to_be_visible()


@pytest.mark.parametrize("visit", RETURNING.values(), indirect=True, ids=RETURNING)
def test_pages_lead_back_to_where_their_reader_came_from(visit: Visit, links: Links) -> None:
    page = visit.goto("/search?q=violet+folder&lang=en&sort=oldest")
    answers = page.url
    hit = page.locator(f"#p-{links.printed.id}")
    hit.get_by_role("link", name=said(page, "Cite"), exact=True).click()
    page.get_by_role("link", name=said(page, "Back to the answers")).click()
    expect(page).to_have_url(f"{answers}#p-{links.printed.id}")
    hit.locator(".facts a").click()
    page.get_by_role("link", name=said(page, "Next page")).or_(
        page.get_by_role("link", name=said(page, "Previous page"))
    ).first.click()
    page.get_by_role("link", name=said(page, "Back to the answers")).click()
    expect(page).to_have_url(re.compile(re.escape(answers)))
    hit.get_by_role("heading").get_by_role("link").click()
    document = page.url
    link(page, "See it on the page").click()
    link(page, "Cite").click()
    link(page, f"← {said(page, 'Back')}").click()
    expect(page).to_have_url(re.compile(r"/pages/3\?"))
    link(page, "Read it in the document").click()
    expect(page).to_have_url(document)
    link(page, "Cite").click()
    link(page, f"← {said(page, 'Back')}").click()
    expect(page).to_have_url(document)
    link(page, "Back to the answers").click()
    expect(page).to_have_url(answers)


@all_ways
def test_the_programming_interface_is_tried_on_its_page(visit: Visit, links: Links) -> None:
    visit.expected = "404"  # Beside JSON that is shown as a page, Chromium asks for a picture.
    page = visit.goto("/api/docs")
    operation = page.locator(".operation").filter(has=page.get_by_text("GET /api/v1/search", exact=True))
    operation.get_by_role("textbox").first.fill("lamp in room 3")
    operation.get_by_role("button").first.click()
    answer = operation.locator("output pre") if visit.has_scripts else page.locator("body")
    expect(answer).to_contain_text(
        f'"passage_id": "{links.current.id}"' if visit.has_scripts else links.current.id
    )
    if visit.has_scripts:
        expect(operation.locator("output")).to_contain_text("200 OK")
