"""Is a passage cited with one click, and does its link lead to its words ever after?"""

from pathlib import Path

from playwright.sync_api import expect

from tests.functional.browsing import Visit, said
from tests.functional.reading.visitors import (
    WEB,
    Links,
    all_ways,
    document_of,
    link,
    with_scripts,
    without_scripts,
)
from webapp.passages import STYLES


@with_scripts
def test_each_way_to_cite_is_copied_with_one_click(visit: Visit, links: Links) -> None:
    page = visit.goto(f"/p/{links.current.id}/cite")
    for style in STYLES:
        region = page.get_by_role("region", name=said(page, str(style.name)), exact=True)
        button = region.get_by_role("button")
        button.click()
        expect(button).to_have_text(said(page, "Copied"))
        copied = page.evaluate("navigator.clipboard.readText()")
        sent = page.request.get(f"{visit.address}/p/{links.current.id}/cite.{style.suffix}").text()
        assert copied.strip() == sent.strip()
        assert f"/p/{links.current.id}" in copied
        assert "lamp in room 3" in copied or style.suffix in ("apa.txt", "bib", "csl.json")


@without_scripts
def test_each_way_to_cite_is_a_file_without_scripts(visit: Visit, links: Links) -> None:
    page = visit.goto(document_of(links.current) + f"?passage={links.current.id}")
    link(page, "Cite").click()
    downloads = page.get_by_role("link", name=said(page, "Download"), exact=True)
    assert downloads.count() == len(STYLES) + 1
    expect(page.locator("pre.citation").nth(1)).to_contain_text("> The lamp in room 3")
    with page.expect_download() as started:
        downloads.nth(0).click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert text.strip().endswith(f"/p/{links.current.id}")


@all_ways
def test_a_link_leads_to_its_words_however_old_it_is(visit: Visit, links: Links) -> None:
    page = visit.goto(f"/p/{links.current.id}")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    expect(cited).to_contain_text("The lamp in room 3")
    expect(cited).to_be_in_viewport()

    visit.goto(f"/p/{links.moved.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        said(page, "These words now stand in another passage")
    )
    link(page, "Read it in the document").click()
    expect(cited).to_contain_text("whom a young person trusts")
    expect(cited).not_to_contain_text("bicycles")

    visit.goto(f"/p/{links.changed.id}")
    expect(page.locator("del")).to_have_text("three")
    expect(page.locator("ins")).to_have_text("seven")
    link(page, "Read it in the document").click()
    expect(cited).to_contain_text("seven apple trees")

    visit.expected = "410"
    visit.goto(f"/p/{links.removed.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        said(page, "This passage is no longer in the documents")
    )
    expect(page.get_by_role("main")).to_contain_text("nine ladders")
    expect(page.get_by_role("main").locator(".lead time")).to_be_visible()


@all_ways
def test_a_page_of_the_web_opens_at_the_cited_words(visit: Visit, links: Links, web: str) -> None:
    visit.expected = web
    page = visit.goto(f"/p/{links.web.id}")
    original = link(page, "On the web page")
    assert str(original.get_attribute("href")).startswith(f"{web}#:~:text=The%20county%20answers")
    original.click()
    expect(page.get_by_text(WEB)).to_be_in_viewport()
