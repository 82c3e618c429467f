"""Documents fail and are read again, go and come back, and say what they said before: for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.functional.staff import PEOPLE, WITHIN, Person, at, everybody, worked_on
from tests.ingest.readers.pdf.paper import LEFT, TOP, Paper
from tests.library import services_at, take_in
from webapp.wiring import Services

# For each person documents of their own, so that nobody's work depends on anybody else's.
MINE = {who: who.lower().replace(" ", "-") for who in PEOPLE}
POLICY = "# The {mine} policy\n\nRelatives may visit the {mine} ward {when}, and sign the book.\n"


@pytest.fixture(scope="module")
def passwords(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("secret") / "passwords.txt"
    file.touch(mode=0o600)
    return file


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, passwords: Path) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("keeping")
    services = services_at(folder / "home", worker_interval=0.05, password_file=str(passwords))
    shelf = folder / "policies"
    shelf.mkdir()
    (shelf / "empty.txt").write_bytes(b"")
    for mine in MINE.values():
        paper = Paper(password=f"acorn of {mine}")
        paper.prose(f"The locked plan of {mine} names three people to call. " * 5, LEFT, TOP)
        (shelf / f"locked-{mine}.pdf").write_bytes(paper.content())
    for when in ("from nine to five", "daily at ten"):
        for mine in MINE.values():
            for name in (mine, f"old-{mine}"):
                (shelf / f"{name}.md").write_text(POLICY.format(mine=name, when=when), encoding="utf-8")
        take_in(services, shelf)
    with worked_on(services):
        yield services
    services.close()


@pytest.fixture
def person(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Person]:
    with at(chromium, address, request.param) as somebody:
        yield somebody


@pytest.fixture
def mine(request: pytest.FixtureRequest) -> str:
    """Return the name of what belongs to the person of this test."""
    return MINE[request.node.callspec.params["person"]]


def source_of(services: Services, place: str) -> str:
    with services.catalog.reading() as transaction:
        return next(source.id for source in transaction.sources.all() if source.place == place)


@everybody
def test_what_failed_says_why_and_is_found_once_it_can_be_read(
    person: Person, mine: str, passwords: Path
) -> None:
    person.goto("/admin/")
    failed = person.page.locator(".failures li").filter(has_text=f"locked-{mine}.pdf")
    reason = person.say("%(name)s is locked with a password", name="")
    expect(failed).to_contain_text(reason.strip(), timeout=WITHIN)
    expect(failed).to_contain_text("KB_PASSWORD_FILE")
    with passwords.open("a", encoding="utf-8") as file:
        file.write(f"acorn of {mine}\n")
    person.press("Read all of them again")
    person.finds(f"locked+plan+of+{mine}", f"The locked plan of {mine} names three people to call.")


@everybody
def test_a_document_is_read_again(person: Person, mine: str, library: Services) -> None:
    source_id = source_of(library, f"{mine}.md")
    person.goto(f"/documents/{source_id}")
    person.follow("Manage this document")
    person.press("Read again")
    person.sees("“%(title)s” will be read again.", title=f"The {mine} policy")

    def is_ready() -> bool:
        person.goto(f"/admin/documents/{source_id}")
        return person.page.locator(".state.ready").count() == 1

    person.waits_until(is_ready)


@everybody
def test_a_document_is_removed_and_brought_back_with_its_links(
    person: Person, mine: str, library: Services
) -> None:
    person.finds(f"visit+the+{mine}+ward", f"the {mine} ward daily at ten")
    link = person.page.locator(".hit").filter(has_text=f"the {mine} ward").locator("a.permalink")
    permanent = str(link.first.get_attribute("href"))
    person.goto(f"/admin/documents/{source_of(library, f'{mine}.md')}")
    person.press("Remove from the library")
    person.sees("“%(title)s” was removed.", title=f"The {mine} policy")
    other = person.context.new_page()
    answer = other.goto(permanent)
    assert answer is not None
    assert answer.status == 410
    expect(other.locator("main")).to_contain_text(f"the {mine} ward daily at ten")
    other.close()
    person.press("Bring it back")
    person.sees("“%(title)s” will be read again.", title=f"The {mine} policy")
    person.finds(f"visit+the+{mine}+ward", f"the {mine} ward daily at ten")
    person.goto(permanent)
    expect(person.page).to_have_url(re.compile("/documents/"))


@everybody
def test_what_a_document_said_before_stands_beside_what_it_says_now(person: Person, mine: str) -> None:
    person.goto("/documents")
    person.page.get_by_role("link", name=f"The old-{mine} policy", exact=True).click()
    person.follow("What changed last")
    expect(person.page.locator("del")).to_contain_text(["from nine to five"], timeout=WITHIN)
    expect(person.page.locator("ins")).to_contain_text(["daily at ten"])
    person.follow("Versions of this document")
    rows = person.page.get_by_role("row")
    expect(rows).to_have_count(3, timeout=WITHIN)
    expect(rows.nth(1)).to_contain_text(person.say("served now"))
    expect(rows.nth(2)).to_contain_text(person.say("first version"))
    rows.nth(2).get_by_role("link").first.click()
    expect(person.page.get_by_role("article")).to_contain_text("from nine to five", timeout=WITHIN)


@everybody
def test_the_library_says_of_each_document_what_it_is_and_how_it_is(person: Person, mine: str) -> None:
    person.goto("/documents?collection=policies")
    row = person.page.get_by_role("row").filter(has_text=f"The {mine} policy")
    for said in ("ready", "English"):
        expect(row).to_contain_text(person.say(said) if said == "ready" else re.compile("English|inglés"))
    person.page.get_by_role("link", name=re.compile("could not be read|no se pudo|no se pudieron")).click()
    failed = person.page.get_by_role("row").filter(has_text="empty.txt")
    expect(failed).to_contain_text(
        person.say("If the document should have text, open it and save it again."), timeout=WITHIN
    )
