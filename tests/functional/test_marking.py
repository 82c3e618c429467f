"""Marking answers, reading what is asked, and trying the API, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.functional.browsing import PHONE, Visit, sideways
from tests.library import services_at, take_in, write
from webapp.wiring import Services

PARKING = "There are twelve places behind the house. Two are kept free for the ambulance at all times."
VISITS = "Relatives may visit on weekdays from nine to five, and sign the book at the front desk."
WITHOUT_SCRIPTS = {"java_script_enabled": False}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("marking")
    services = services_at(folder / "home")
    take_in(services, write(folder / "rules", parking=PARKING, visits=VISITS))
    yield services
    services.close()


def mark(page: Page, name: str) -> None:
    page.get_by_role("article").first.get_by_role("button", name=name).click()


def pressed(page: Page, name: str, state: str) -> None:
    button = page.get_by_role("article").first.get_by_role("button", name=name)
    expect(button).to_have_attribute("aria-pressed", state)


def test_one_click_marks_another_replaces_and_the_same_takes_back(visit: Visit) -> None:
    page = visit.goto("/search?q=where+are+the+places")
    first = page.get_by_role("article").first
    expect(first.get_by_role("group", name="Does this answer it?")).to_be_visible()
    mark(page, "Wrong")
    expect(first.get_by_role("status")).to_have_text("Thank you: your mark is kept.")
    mark(page, "Answers it")
    pressed(page, "Answers it", "true")
    pressed(page, "Wrong", "false")
    page.reload()
    pressed(page, "Answers it", "true")
    mark(page, "Answers it")
    expect(first.get_by_role("status")).to_have_text("Your mark was taken back.")
    page.reload()
    pressed(page, "Answers it", "false")


def test_two_tabs_of_one_browser_have_one_mark(visit: Visit, library: Services) -> None:
    page, other = visit.goto("/search?q=who+may+visit"), visit.context.new_page()
    other.goto(page.url)
    mark(page, "Related")
    pressed(page, "Related", "true")
    mark(other, "Wrong")
    pressed(other, "Wrong", "true")
    with library.catalog.reading() as transaction:
        marks = [one for one in transaction.questions.judged() if one.question == "who may visit"]
    assert [one.grade for one in marks] == [0]


@pytest.mark.parametrize("visit", [WITHOUT_SCRIPTS, {**WITHOUT_SCRIPTS, "viewport": PHONE}], indirect=True)
def test_without_scripts_a_link_leads_to_the_choices_and_back(visit: Visit) -> None:
    page = visit.goto("/search?q=which+places+are+kept+free&lang=en")
    page.get_by_role("link", name="Does this answer it?").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Does this answer it?")
    page.get_by_role("button", name="Related").click()
    expect(page).to_have_url(re.compile(r"/search\?q=which\+places\+are\+kept\+free&lang=en#p-"))
    expect(page.get_by_text("Thank you: your mark is kept.")).to_be_visible()
    page.get_by_role("link", name="Your mark: Related").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Your mark was taken back.")).to_be_visible()


def test_what_cannot_be_kept_is_said_beside_the_buttons(visit: Visit) -> None:
    page = visit.goto("/search?q=places")
    visit.context.route("**/mark?*", lambda route: route.fulfill(status=400, body="<p>no</p>"))
    mark(page, "Wrong")
    first = page.get_by_role("article").first
    expect(first.get_by_role("status")).to_contain_text("could not be kept")
    visit.expected = "400 (Bad Request)"


@pytest.mark.parametrize("visit", [{}, WITHOUT_SCRIPTS], indirect=True, ids=["scripts", "no scripts"])
def test_the_owner_reads_what_is_asked_follows_it_and_removes_it(visit: Visit, library: Services) -> None:
    visit.goto("/search?q=places+for+the+ambulance")
    assert library.recorder is not None
    library.recorder.settle()
    page = visit.goto("/admin/")
    page.get_by_role("link", name="What is asked, and what finds no answer").click()
    row = page.get_by_role("row").filter(has_text="places for the ambulance")
    row.get_by_role("link", name="places for the ambulance").click()
    expect(page.get_by_label("Your question")).to_have_value("places for the ambulance")
    page.go_back()
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The question was removed.")).to_be_visible()
    expect(row).to_have_count(0)


def test_the_table_is_saved_for_spreadsheets(visit: Visit, library: Services) -> None:
    visit.goto("/search?q=twelve+places")
    assert library.recorder is not None
    library.recorder.settle()
    page = visit.goto("/admin/questions")
    with page.expect_download() as started:
        page.get_by_role("link", name="Save as a table (CSV)").click()
    assert started.value.suggested_filename == "questions.csv"
    assert "twelve places" in Path(started.value.path()).read_text(encoding="utf-8")


def test_an_operation_of_the_api_is_tried_on_its_page(visit: Visit) -> None:
    page = visit.goto("/api/docs")
    suggest = page.get_by_role("region", name="GET /api/v1/suggest")
    suggest.get_by_label("q", exact=False).first.fill("pla")
    suggest.get_by_role("button").click()
    expect(suggest.locator("output pre")).to_contain_text('"suggestions"')
    expect(suggest.locator("output code")).to_contain_text("/api/v1/suggest?q=pla")
    upload = page.get_by_role("region", name="POST /api/v1/documents")
    upload.locator('input[type="file"]').set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"A note of the house."}
    )
    upload.get_by_role("button", name="POST").click()
    expect(upload.locator("output")).to_contain_text("202")


@pytest.mark.parametrize("visit", [WITHOUT_SCRIPTS], indirect=True)
def test_without_scripts_an_operation_opens_as_a_page(visit: Visit) -> None:
    page = visit.goto("/api/docs")
    passage = page.get_by_role("region", name="GET /api/v1/passages/{passage_id}", exact=True)
    passage.locator("input").fill("zzzzzzzzzzzz")
    passage.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/api/v1/passages/zzzzzzzzzzzz$"))
    expect(page.locator("body")).to_contain_text("passage-unknown")
    visit.expected = "404 (NOT FOUND)"


@pytest.mark.parametrize(
    "visit",
    [
        {"viewport": PHONE, "locale": "es-MX"},
        {"viewport": PHONE, "color_scheme": "dark"},
        {"locale": "es-MX"},
    ],
    indirect=True,
    ids=["phone Spanish", "phone dark", "desk Spanish"],
)
def test_no_page_is_wider_than_its_window(visit: Visit, library: Services) -> None:
    page = visit.goto("/search?q=places")
    link = page.request.get(page.url).text().split('class="mark" rel="nofollow" href="')[1].split('"')[0]
    for path in ["/search?q=places", link.replace("&amp;", "&"), "/admin/questions", "/api/docs"]:
        page = visit.goto(path)
        assert sideways(page) <= 0, path
        assert page.locator("h1").count() == 1, path
