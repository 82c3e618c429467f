"""The pages as people meet them: a real server and a real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.functional.browsing import DESK, PHONE, Visit, sideways
from tests.library import services_at, take_in
from webapp.wiring import Services

QUESTION = "which places are kept free for the ambulance"

PADDING = "".join(
    f"## Room {number}\n\nRoom {number} is cleaned every morning before the children come down to eat, "
    f"and the windows on the garden side stay open until they are back from school in the afternoon.\n\n"
    for number in range(1, 30)
)
HOUSE = f"""# House rules

{PADDING}## Parking

There are twelve places behind the house. Two of them are kept free for the ambulance at all times.

| Place | Whose it is |
| --- | --- |
| Nearest the door | The ambulance |
| {"A long word: " + "x" * 90} | Nobody |
"""
CASA = """# Reglas de la casa

## Estacionamiento

Hay doce lugares detrás de la casa. Dos de ellos quedan siempre libres para la ambulancia.
"""
HOSTILE = """<html><head><title>&lt;script&gt;alert(1)&lt;/script&gt;</title></head><body>
<h1>&lt;img src=x onerror=alert(2)&gt;</h1><p>The ambulance &lt;svg onload=alert(3)&gt; comes.</p>
</body></html>"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("browser")
    services = services_at(folder / "home")
    for name, text in {"house.md": HOUSE, "casa.md": CASA, "hostile.html": HOSTILE}.items():
        (folder / "rules").mkdir(exist_ok=True)
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    (folder / "more").mkdir()
    (folder / "more" / "copy.md").write_text(CASA, encoding="utf-8")
    (folder / "more" / "empty.txt").write_bytes(b"")
    take_in(services, folder / "rules", folder / "more")
    yield services
    services.close()


@pytest.mark.parametrize(
    "visit",
    [
        {},
        {"java_script_enabled": False},
        {"viewport": PHONE},
        {"viewport": PHONE, "java_script_enabled": False},
    ],
    indirect=True,
    ids=["desk", "desk without scripts", "phone", "phone without scripts"],
)
def test_a_question_leads_to_the_words_in_their_document(visit: Visit) -> None:
    page = visit.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    first = page.get_by_role("article").first
    expect(first.get_by_role("heading")).to_have_text("House rules")
    expect(first.locator("mark").filter(has_text="ambulance").first).to_be_visible()
    expect(first.locator("strong.best").first).to_contain_text("kept free for the ambulance at all times")

    first.get_by_role("link", name="House rules").click()
    cited = page.get_by_role("region", name="Cited passage")
    expect(cited).to_contain_text("There are twelve places behind the house.")
    expect(cited).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Room 1", exact=True)).not_to_be_in_viewport()

    permanent = cited.locator("a.permalink").get_attribute("href")
    assert permanent is not None
    page.goto(permanent)
    expect(page.get_by_role("region", name="Cited passage")).to_contain_text("twelve places")


@pytest.mark.parametrize("visit", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_a_link_is_copied_with_one_click(visit: Visit) -> None:
    page = visit.goto(f"/search?q={QUESTION}")
    first = page.get_by_role("article").first
    button = first.get_by_role("button", name="Copy link")
    button.click()
    expect(first.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == first.get_by_role("link", name="Permanent link").get_attribute("data-link")
    assert re.fullmatch(re.escape(visit.address) + r"/p/[0-9a-z]{12}", copied)


def test_a_slash_goes_to_the_search_box_and_can_be_typed_in_it(visit: Visit) -> None:
    page = visit.goto(f"/search?q={QUESTION}")
    page.keyboard.press("/")
    box = page.get_by_label("Your question")
    expect(box).to_be_focused()
    page.keyboard.type("12/14")
    expect(box).to_have_value("12/14")


def test_the_keyboard_reaches_all_in_order(visit: Visit) -> None:
    page = visit.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("ambulance")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=ambulance")


@pytest.mark.parametrize(
    "visit",
    [
        {"viewport": PHONE, "locale": "es-MX"},
        {"viewport": PHONE, "color_scheme": "dark"},
        {"viewport": DESK, "locale": "es-MX", "color_scheme": "dark"},
    ],
    indirect=True,
    ids=["phone Spanish", "phone dark", "desk Spanish dark"],
)
def test_no_page_is_wider_than_its_window(visit: Visit, library: Services) -> None:
    with library.catalog.reading() as transaction:
        sources = transaction.sources.all()
    places = [f"/documents/{source.id}" for source in sources]
    for path in ["/", f"/search?q={QUESTION}", "/search?q=xylophone", "/documents", *places]:
        page = visit.goto(path)
        assert sideways(page) <= 0, path
        assert page.locator("h1").count() == 1, path
        assert page.locator("main").count() == 1, path


@pytest.mark.parametrize("visit", [{"viewport": PHONE, "locale": "es-MX"}], indirect=True, ids=["phone"])
def test_a_long_title_is_read_whole_among_the_versions_of_its_document(
    visit: Visit, library: Services, tmp_path: Path
) -> None:
    # Of other words than the other documents: they all share the library.
    title = "Walks with dogs along the river, by those who have one and by those who would like to have one"
    (tmp_path / "long.md").write_text(f"# {title}\n\nOtters swim there.\n", encoding="utf-8")
    (outcome,) = take_in(library, tmp_path / "long.md")
    page = visit.goto(f"/documents/{outcome.source_id}/versions")
    table = page.locator("table.versions")
    assert title in table.inner_text()
    assert table.evaluate("(one) => one.parentElement.scrollWidth - one.parentElement.clientWidth") <= 0


def test_a_reader_goes_on_in_spanish(visit: Visit) -> None:
    page = visit.goto("/search?q=lugares+libres+para+la+ambulancia")
    page.get_by_role("link", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_label("Su pregunta")).to_have_value("lugares libres para la ambulancia")
    first = page.get_by_role("article").first
    expect(first.get_by_role("heading")).to_have_text("Reglas de la casa")
    expect(first).to_contain_text("También en:")
    page.get_by_role("link", name="Documentos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Documentos")
    expect(page.get_by_text("no se pudo leer", exact=True)).to_be_visible()


def test_results_are_narrowed_by_one_click(visit: Visit) -> None:
    page = visit.goto("/search?q=ambulance+ambulancia")
    page.get_by_role("navigation", name="Language").get_by_role("link", name="Spanish").click()
    expect(page).to_have_url(re.compile("lang=es"))
    titles = page.get_by_role("article").get_by_role("heading").all_text_contents()
    assert titles == ["Reglas de la casa"]
    page.get_by_role("navigation", name="Language").get_by_role("link", name="All").click()
    assert page.get_by_role("article").count() > 1


def test_hostile_documents_run_nothing(visit: Visit) -> None:
    page = visit.goto("/search?q=ambulance+comes")
    page.get_by_role("link", name="<script>alert(1)</script>").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("<script>alert(1)</script>")
    expect(page.get_by_role("article")).to_contain_text("<svg onload=alert(3)>")


def test_the_original_is_saved_and_not_opened(visit: Visit, tmp_path: Path) -> None:
    page = visit.goto("/search?q=ambulance+comes")
    page.get_by_role("link", name="<script>alert(1)</script>").first.click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the original").click()
    assert started.value.suggested_filename == "hostile.html"
    started.value.save_as(tmp_path / "saved.html")
    assert (tmp_path / "saved.html").read_text(encoding="utf-8") == HOSTILE


def test_suggestions_are_walked_with_the_keyboard(visit: Visit) -> None:
    page = visit.goto("/")
    box = page.get_by_role("combobox", name="Your question")
    box.press_sequentially("house")
    options = page.get_by_role("option")
    expect(options.first).to_have_text("House rules")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_value("House rules")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("house")
    box.press_sequentially(" ru")
    expect(options.first).to_have_text("House rules")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=House\+rules"))
    expect(page.get_by_role("article").first).to_be_visible()


def test_a_suggestion_is_taken_by_a_click(visit: Visit) -> None:
    page = visit.goto("/")
    page.get_by_role("combobox", name="Your question").press_sequentially("estaciona")
    page.get_by_role("option", name="Estacionamiento").first.click()
    expect(page).to_have_url(re.compile("q=Estacionamiento"))


def test_the_choices_and_the_reasons_open_and_lead_on(visit: Visit) -> None:
    page = visit.goto(f"/search?q={QUESTION}")
    page.get_by_text("Narrow down and sort").click()
    page.get_by_role("link", name="Newest first").click()
    expect(page.get_by_role("link", name="Newest first")).to_have_attribute("aria-current", "true")
    page.get_by_text("Why here?").first.click()
    expect(page.locator("details.reasons").first).to_contain_text("Together")
    page.get_by_role("link", name="Passages like this one").first.click()
    expect(page.get_by_role("heading", name="Passages about the same as this one")).to_be_visible()
