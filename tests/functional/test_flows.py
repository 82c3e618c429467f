"""What staff do all day, in a real browser: with and without scripts, at the desk and on the phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import Shelf

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}
WAYS = {
    "desk": {"viewport": DESK},
    "phone": {"viewport": PHONE},
    "desk without scripts": {"viewport": DESK, "java_script_enabled": False},
    "phone without scripts": {"viewport": PHONE, "java_script_enabled": False},
}
# Machines that run the tests may be busy: what is expected comes, but not always soon.
expect.set_options(timeout=60_000)
both = pytest.mark.parametrize("page", ["desk", "phone without scripts"], indirect=True)


@pytest.fixture
def page(chromium: Browser, shelf: Shelf, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window in English that must have had no trouble at its end."""
    context = chromium.new_context(
        **{"locale": "en-US", "base_url": shelf.address, **WAYS[getattr(request, "param", "desk")]}
    )
    context.set_default_timeout(60_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    made = context.new_page()
    trouble: list[str] = []
    made.on("pageerror", lambda error: trouble.append(str(error)))
    made.on("console", lambda message: trouble.append(message.text))
    made.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
    yield made
    context.close()
    assert [one for one in trouble if "404" not in one and "410" not in one] == []


@both
def test_a_hit_in_a_pdf_leads_to_its_page_with_its_lines_marked(page: Page, shelf: Shelf) -> None:
    page.goto("/search?q=supervisor+signs+the+notes")
    hit = page.locator(f"#p-{shelf.printed.id}")
    hit.get_by_role("link", name="page 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Page 2")
    picture = page.get_by_role("img", name="Page 2 as it is printed")
    expect(picture).to_be_visible()
    expect(page.locator(".sheet rect").first).to_be_attached()
    box, sheet = page.locator(".sheet rect").first.bounding_box(), picture.bounding_box()
    assert box is not None
    assert sheet is not None
    assert sheet["x"] <= box["x"] < box["x"] + box["width"] <= sheet["x"] + sheet["width"]
    expect(page.get_by_role("region", name="Cited passage")).to_contain_text("files them at once")

    page.get_by_role("navigation", name="Pages, above the picture").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Page 1")
    expect(page.get_by_text("The cited passage does not stand on this page.")).to_be_visible()
    page.get_by_label("Go to page").fill("2")
    page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_role("link", name="200 %").click()
    expect(page).to_have_url(re.compile(r"pages/2\?.*zoom=200"))
    expect(page.locator(".sheet.zoom-200")).to_be_visible()


@both
def test_the_question_goes_along_from_hit_to_hit_and_back(page: Page, shelf: Shelf) -> None:
    page.goto(f"/documents/{shelf.sources['visits.md'].id}?q=relatives+ambulance")
    hits = page.get_by_role("navigation", name="Hits in this document")
    hits.get_by_role("link", name="Next hit").click()
    expect(page.get_by_role("region", name="Cited passage")).to_contain_text("Relatives may visit")
    hits.get_by_role("link", name="Next hit").click()
    cited = page.get_by_role("region", name="Cited passage")
    expect(cited).to_contain_text("fourteen places")
    expect(cited.locator("mark", has_text="ambulance")).to_be_visible()
    hits.get_by_role("link", name="Back to the answers").click()
    expect(page).to_have_url(re.compile(r"/search\?q=relatives\+ambulance"))


@both
def test_words_are_found_in_a_document(page: Page, shelf: Shelf) -> None:
    page.goto(f"/documents/{shelf.sources['visits.md'].id}")
    page.get_by_role("searchbox", name="Find in this document").fill("PLACES")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_text("1 place has these words.")).to_be_visible()
    expect(page.locator("mark.found")).to_have_text("places")
    page.locator(".found a").first.click()
    expect(page).to_have_url(re.compile("#f-1$"))
    expect(page.locator("mark.found")).to_be_in_viewport()


def test_keys_walk_the_hits_copy_a_citation_and_open_one(page: Page, shelf: Shelf) -> None:
    page.goto("/search?q=places+for+the+ambulance+notes")
    links = page.locator(".hit h2 a")
    assert links.count() >= 2
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_text("The citation was copied.")).to_be_attached()
    assert "/p/" in page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("/")
    box = page.get_by_label("Your question")
    expect(box).to_be_focused()
    page.keyboard.type(" jkoc?")
    expect(box).to_have_value(re.compile(r"jkoc\?$"))
    links.nth(0).focus()
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile("/documents/"))


def test_keys_are_explained_and_can_be_turned_off(page: Page) -> None:
    page.goto("/")
    page.locator("main").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys on these pages")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Keys are on").uncheck()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    page.locator("main").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).not_to_be_focused()


def test_recent_searches_stay_in_the_browser_until_they_are_forgotten(page: Page) -> None:
    page.goto("/")
    recent = page.get_by_role("region", name="Recent searches")
    expect(recent).to_be_hidden()
    page.goto("/search?q=places+for+the+ambulance")
    page.goto("/")
    expect(recent.get_by_role("link", name="places for the ambulance")).to_be_visible()
    recent.get_by_role("button", name="Forget them").click()
    expect(recent).to_be_hidden()
    assert page.evaluate("localStorage.getItem('kb-recent')") is None


@both
def test_a_link_to_changed_and_to_removed_words_says_what_became_of_them(page: Page, shelf: Shelf) -> None:
    page.goto(f"/p/{shelf.changed.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This passage has changed since it was cited")
    expect(page.locator("del")).to_have_text("twelve")
    expect(page.locator("ins")).to_have_text("fourteen")
    page.goto(f"/p/{shelf.removed.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("This passage is no longer in the documents")
    expect(page.get_by_text("three places behind the house")).to_be_visible()


@both
def test_an_address_inside_the_network_is_refused_in_plain_words(page: Page) -> None:
    page.goto("/admin/upload")
    page.get_by_label("Address").fill("http://127.0.0.1/secret")
    page.get_by_role("button", name="Fetch").click()
    expect(page.locator(".adding .failure")).to_contain_text("inside this network")


@both
def test_a_document_is_removed_and_brought_back(page: Page, shelf: Shelf) -> None:
    page.goto(f"/admin/documents/{shelf.sources['hostile.html'].id}")
    page.get_by_role("button", name="Remove from the library").click()
    told = page.locator(".told")
    expect(told).to_contain_text("was removed")
    told.get_by_role("button", name="Bring it back").click()
    expect(page.locator(".told")).to_contain_text("will be read again")


@both
def test_work_is_ordered_and_said_to_wait(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_role("button", name="Check everything").click()
    expect(page.locator("[data-order=verify]")).to_contain_text("Waits for the worker.")


def test_what_failed_is_read_again_from_the_page(page: Page) -> None:
    page.goto("/admin/")
    page.locator(".failures li").filter(has_text="empty.txt").get_by_role("button").click()
    expect(page.locator(".told")).to_contain_text("will be read again")


def test_the_same_is_said_in_spanish(page: Page, shelf: Shelf) -> None:
    page.goto(f"/documents/{shelf.sources['visits.md'].id}?q=ambulance&find=places&ui=es")
    expect(page.get_by_role("searchbox", name="Buscar en este documento")).to_have_value("places")
    expect(page.get_by_role("link", name="Volver a las respuestas")).to_be_visible()
    page.goto(f"/documents/{shelf.sources['notes.pdf'].id}/pages/1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Página 1")
    expect(page.get_by_role("link", name="Página siguiente")).to_have_count(2)
    page.get_by_role("button", name="Teclas").click()
    expect(page.get_by_role("dialog", name="Teclas en estas páginas")).to_contain_text("copiar la cita")
