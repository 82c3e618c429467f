"""Four tasks of staff, walked in a real browser, step by step: docs/quality/tasks.md counts them.

A step is one thing that a person does: a click, a text typed, a key that acts, files dropped. Each walk
begins on the start page.
"""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.functional.browsing import DESK, drop, served
from tests.library import services_at, take_in
from webapp.wiring import Services
from webapp.work.worker import Worker

ROOT = Path(__file__).parent.parent.parent
POLICY = "# Visits policy\n\nRelatives may visit on weekdays from nine to five, and sign the book.\n"
WITHIN = 30_000


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Services]:
    services = services_at(tmp_path / "home", worker_interval=0.05)
    (tmp_path / "rules").mkdir()
    policy = tmp_path / "rules" / "visits.md"
    for text in (POLICY, POLICY.replace("from nine to five", "daily at ten")):
        policy.write_text(text, encoding="utf-8")
        take_in(services, policy)
    worker = Worker(services)
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield services
    worker.stop()
    thread.join(30)
    services.close()


@pytest.fixture
def address(library: Services) -> Iterator[str]:
    with served(library) as address:
        yield address


class Walk:
    """A person at the start page, whose steps are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0

    def click(self, what: Locator) -> None:
        """Click something."""
        self.steps += 1
        what.click()

    def type(self, text: str) -> None:
        """Type a question; the box has the focus or takes it by one key, which is not counted."""
        self.steps += 1
        self.page.get_by_label("Your question").fill(text)

    def press(self, key: str) -> None:
        """Press a key that acts."""
        self.steps += 1
        self.page.keyboard.press(key)

    def drop(self, files: dict[str, bytes]) -> None:
        """Drop files onto the page from outside the browser."""
        self.steps += 1
        drop(self.page, files)


@pytest.fixture
def walk(chromium: Browser, address: str) -> Iterator[Walk]:
    context = chromium.new_context(
        viewport=DESK, locale="en-US", permissions=["clipboard-read", "clipboard-write"]
    )
    context.set_default_timeout(WITHIN)
    page = context.new_page()
    page.goto(address)
    yield Walk(page)
    context.close()


def counted(task: str) -> int:
    """Return how many steps docs/quality/tasks.md says that a task takes here."""
    text = (ROOT / "docs" / "quality" / "tasks.md").read_text(encoding="utf-8")
    found = re.search(rf"^\| {re.escape(task)} \| \*\*(\d+)\*\* \|", text, flags=re.MULTILINE)
    assert found is not None, task
    return int(found[1])


def test_find_a_fact_and_send_its_link(walk: Walk) -> None:
    walk.type("when may relatives visit")
    walk.press("Enter")
    walk.click(walk.page.get_by_role("article").first.get_by_role("button", name="Copy link"))
    expect(walk.page.get_by_role("button", name="Copied")).to_be_visible(timeout=WITHIN)
    assert re.search(r"/p/[0-9a-z]{12}$", walk.page.evaluate("navigator.clipboard.readText()"))
    assert walk.steps == counted("Find a fact and send a colleague its link")


def test_add_ten_documents_and_see_them_found(walk: Walk) -> None:
    files = {f"room-{number}.txt": f"Room {number} is blue inside.".encode() for number in range(10)}
    walk.drop(files)
    panel = walk.page.get_by_role("region", name="Documents that are being added")
    expect(panel.get_by_role("link", name="can be found now")).to_have_count(10, timeout=WITHIN)
    walk.click(panel.get_by_role("link", name="See them found"))
    expect(walk.page.get_by_text("10 passages match.")).to_be_visible(timeout=WITHIN)
    expect(walk.page.get_by_role("article")).to_have_count(10)
    assert walk.steps == counted("Add ten documents and see them found")


def test_learn_why_one_failed(walk: Walk) -> None:
    walk.drop({"good.txt": b"Words of a memo.", "empty.txt": b"", "damaged.pdf": b"%PDF-1.7\nno more"})
    panel = walk.page.get_by_role("region", name="Documents that are being added")
    expect(panel.get_by_role("listitem").filter(has_text="empty.txt")).to_contain_text(
        "open it and save it again", timeout=WITHIN
    )
    expect(panel.locator(".failure")).to_have_count(2, timeout=WITHIN)
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)
    # And for a person who comes later:
    walk.page.goto(walk.page.url)
    walk.steps = 0
    walk.click(walk.page.get_by_role("link", name="Manage"))
    failures = walk.page.get_by_role("region", name="Could not be read")
    expect(failures).to_contain_text("damaged.pdf", timeout=WITHIN)
    expect(failures).to_contain_text("Get the file again")
    assert walk.steps == counted("Learn why one failed")


def test_see_what_changed_in_a_policy(walk: Walk) -> None:
    walk.click(walk.page.get_by_role("link", name="Documents"))
    walk.click(walk.page.get_by_role("link", name="Visits policy"))
    walk.click(walk.page.get_by_role("link", name="What changed last"))
    expect(walk.page.locator("del").first).to_be_visible(timeout=WITHIN)
    expect(walk.page.locator("ins").first).to_be_visible()
    assert walk.steps == counted("See what changed in a policy")
