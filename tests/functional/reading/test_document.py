"""Is everything in a document reached: headings, places of words, hits?"""

import re

from playwright.sync_api import expect

from tests.functional.browsing import Visit, said
from tests.functional.reading.visitors import all_ways, link, with_scripts, without_scripts


@all_ways
def test_an_outline_leads_to_a_heading_in_any_part(visit: Visit, book: str) -> None:
    page = visit.goto(book)
    expect(page.get_by_text("The heron of chapter 1 waits.")).to_be_visible()
    if visit.is_phone:
        link(page, "Outline").click()
    outline = page.get_by_role("navigation", name=said(page, "Outline"))
    outline.get_by_role("link", name="Chapter 29").click()
    expect(page.get_by_role("heading", name="Chapter 29")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"part=\d+#h-\d+$"))
    outline.get_by_role("link", name="Chapter 30").click()
    expect(page.get_by_role("heading", name="Chapter 30")).to_be_in_viewport()


@with_scripts
def test_the_way_to_the_next_place_is_always_in_sight_and_leads_through_all_parts(
    visit: Visit, book: str
) -> None:
    page = visit.goto(book)
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name=said(page, "Find in this document"))
    expect(box).to_be_focused()
    page.keyboard.type("HERÓN of chapter 2")
    page.keyboard.press("Enter")
    walk = page.get_by_role("group", name=said(page, "Places of these words"))
    following = walk.get_by_role("button", name=said(page, "Next place"))
    # Chapter 2, and 20 to 29.
    for number, chapter in enumerate((2, *range(20, 30)), start=1):
        expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=number, total=11))
        expect(page.locator("mark.found.here")).to_be_in_viewport()
        expect(page.locator("p").filter(has=page.locator("mark.found.here"))).to_contain_text(
            f"The heron of chapter {chapter} waits"
        )
        expect(following).to_be_in_viewport(ratio=1)
        following.click()
    expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=1, total=11))
    walk.get_by_role("button", name=said(page, "Previous place")).click()
    expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=11, total=11))
    box.press("Enter")
    expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=1, total=11))


@without_scripts
def test_all_places_are_links_without_scripts(visit: Visit, book: str) -> None:
    page = visit.goto(book)
    page.get_by_role("searchbox", name=said(page, "Find in this document")).fill("heron of chapter 2")
    page.get_by_role("button", name=said(page, "Find"), exact=True).click()
    page.get_by_text(said(page, "All places")).click()
    page.locator(".found a").last.click()
    expect(page.locator("#f-11")).to_be_in_viewport()
    expect(page.locator(".walk")).to_be_hidden()


@with_scripts
def test_keys_go_from_hit_to_hit_in_a_document_and_copy_its_citation(visit: Visit, book: str) -> None:
    page = visit.goto(f"{book}?q=heron+of+chapter+12")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    shown = []
    for key in ("j", "j", "k"):
        before = page.url
        page.keyboard.press(key)
        expect(page).not_to_have_url(before)
        expect(cited).to_be_in_viewport()
        shown.append(cited.get_attribute("id"))
    assert shown[0] == shown[2] != shown[1]
    page.keyboard.press("c")
    expect(page.get_by_text(said(page, "The citation was copied."))).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“")
    assert copied.endswith(str(shown[0]).replace("p-", "/p/"))


@without_scripts
def test_hits_in_a_document_are_links_without_scripts(visit: Visit, book: str) -> None:
    page = visit.goto(f"{book}?q=heron+of+chapter+12")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    shown = []
    for name in ("Next hit", "Next hit", "Previous hit"):
        before = page.url
        page.get_by_role("link", name=said(page, name)).click()
        expect(page).not_to_have_url(before)
        expect(cited).to_be_in_viewport()
        shown.append(cited.get_attribute("id"))
    assert shown[0] == shown[2] != shown[1]
