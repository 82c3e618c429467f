"""A task by keyboard alone: search, hit, document, citation, library, upload; the focus is always seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.functional.staff import WITHIN, Person, at, everybody, worked_on
from tests.library import services_at, take_in, write
from webapp.wiring import Services

# What has the focus: is there a line around it, and is it within the window and not behind anything else?
FOCUS = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return { name: "", seen: true };
    const style = getComputedStyle(focused);
    const lined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const box = focused.getClientRects()[0] ?? focused.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const inside = x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
    const above = document.elementFromPoint(x, y);
    const open = above === focused || focused.contains(above) || above?.contains(focused);
    const name = `${focused.tagName} ${focused.className} ${focused.textContent.trim().slice(0, 40)}`;
    return { name, seen: Boolean(lined && inside && open), lined, inside, open };
}"""
MOST = 80


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("keyboard")
    services = services_at(folder / "home", worker_interval=0.05)
    house = "The ambulance keeps two places behind the house. Nobody else leaves a car there."
    take_in(services, write(folder / "rules", house=house))
    with worked_on(services):
        yield services
    services.close()


@pytest.fixture
def person(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Person]:
    with at(chromium, address, request.param) as somebody:
        yield somebody


def next_stop(person: Person) -> dict[str, Any]:
    """Press Tab; return what has the focus then, and whether it is seen once the page has scrolled to it."""
    person.page.keyboard.press("Tab")
    for _ in range(100):
        focus: dict[str, Any] = person.page.evaluate(FOCUS)
        if focus["seen"]:
            break
        person.page.wait_for_timeout(50)
    return focus


def tab_to(person: Person, what: Locator) -> None:
    """Press Tab until something has the focus; on the way there, the focus is seen at every stop."""
    expect(what).to_be_visible(timeout=WITHIN)
    unseen = []
    for _ in range(MOST):
        focus = next_stop(person)
        unseen += [] if focus["seen"] else [focus]
        if what.evaluate("element => element === document.activeElement"):
            assert unseen == []
            return
    pytest.fail(f"the keyboard does not come to {what}")


@everybody
def test_a_fact_is_found_cited_and_a_document_added(person: Person, tmp_path: Path) -> None:
    page, keyboard = person.page, person.page.keyboard
    person.goto("/")
    question = page.get_by_label(person.say("Your question"))
    if not question.evaluate("element => element === document.activeElement"):
        tab_to(person, question)
    keyboard.type("who keeps places behind the house")
    keyboard.press("Enter")
    hit = page.locator(".hit h2 a").first
    tab_to(person, hit)
    keyboard.press("Enter")
    cited = page.get_by_role("region", name=person.say("Cited passage"))
    expect(cited).to_contain_text("two places behind the house", timeout=WITHIN)
    cite = cited.get_by_role("link", name=person.say("Cite"), exact=True)
    tab_to(person, cite)
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/cite[?]back="), timeout=WITHIN)
    tab_to(person, page.get_by_role("link", name=person.say("Download"), exact=True).first)
    person.goto(page.url)
    tab_to(person, page.get_by_role("navigation").first.get_by_role("link", name=person.say("Documents")))
    keyboard.press("Enter")
    add = page.get_by_role("link", name=person.say("Add documents"))
    tab_to(person, add)
    keyboard.press("Enter")
    name = f"{tmp_path.name}.txt"
    (tmp_path / name).write_text(f"The garden of {tmp_path.name} opens at noon.", encoding="utf-8")
    tab_to(person, page.get_by_label(person.say("Files")))
    # Enter opens the system's own dialog here, which no test can walk through.
    page.locator("input[type=file]:focus").set_input_files(tmp_path / name)
    tab_to(person, page.get_by_role("button", name=person.say("Add"), exact=True))
    keyboard.press("Enter")
    if person.scripts:
        expect(page.get_by_role("link", name=person.say("can be found now"))).to_be_visible(timeout=WITHIN)
    else:
        expect(page.get_by_role("rowheader").filter(has_text=name)).to_be_visible(timeout=WITHIN)
    person.finds(f"garden+of+{tmp_path.name}", f"The garden of {tmp_path.name} opens at noon.")


@everybody
def test_the_focus_is_seen_at_every_stop_of_a_page(person: Person, library: Services) -> None:
    with library.catalog.reading() as transaction:
        source_id = transaction.sources.all()[0].id
    unseen = []
    pages = ("/admin/", "/documents", "/admin/upload", f"/admin/documents/{source_id}")
    for address in pages:
        person.goto(address)
        for _ in range(MOST):
            focus = next_stop(person)
            if not focus["name"]:
                break
            unseen += [] if focus["seen"] else [(address, focus)]
    assert unseen == []
