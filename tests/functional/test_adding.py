"""Documents are added, and each is told what became of it: by everybody, on a library with a worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.functional.browsing import drop
from tests.functional.staff import PEOPLE, WITHIN, Person, at, everybody, with_scripts, worked_on
from tests.ingest.web.conftest import Site
from tests.library import services_at, take_in
from tests.waiting import wait_until
from webapp.wiring import Services

# For each person a document of its own, so that nobody's work depends on anybody else's.
MINE = {who: who.lower().replace(" ", "-") for who in PEOPLE}
POLICY = "# The {mine} policy\n\nRelatives may visit the {mine} ward {when}, and sign the book.\n"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("adding")
    services = services_at(
        folder / "home",
        worker_interval=0.05,
        web_allow="127.0.0.1",
        web_ports=str(site.port),
        web_delay=0,
        max_file_mb=2,
    )
    shelf = folder / "policies"
    shelf.mkdir()
    for when in ("from nine to five", "daily at ten"):
        for mine in MINE.values():
            (shelf / f"{mine}.md").write_text(POLICY.format(mine=mine, when=when), encoding="utf-8")
        take_in(services, shelf)
    (shelf / "empty.txt").write_bytes(b"")
    (shelf / "damaged.pdf").write_bytes(b"%PDF-1.7\nno more")
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


def written(folder: Path, texts: dict[str, str | bytes]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        content = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(content)
    return [folder / name for name in texts]


def panel(person: Person) -> Locator:
    return person.page.get_by_role("region", name=person.say("Documents that are being added"))


def line(person: Person, name: str) -> Locator:
    return panel(person).get_by_role("listitem").filter(has_text=name)


class Gate:
    """Holds what is sent to an address, until it is opened or torn down."""

    def __init__(self, person: Person, address: str) -> None:
        self._person = person
        self._held: list[Route] = []
        self._open = False
        person.context.route(address, self._meet)

    def _meet(self, route: Route) -> None:
        if self._open:
            route.continue_()
        else:
            self._held.append(route)

    def wait_for(self, count: int) -> None:
        """Wait until so many are held."""

        def enough() -> bool:
            self._person.page.wait_for_timeout(10)  # Playwright hears of them only while it waits.
            return len(self._held) >= count

        wait_until(enough, f"{count} requests are held")

    def open(self) -> None:
        """Let all through, also those that come."""
        self._open = True
        for route in self._held:
            route.continue_()

    def lose(self) -> None:
        """Break the connections that are held; those that come get through."""
        self._open = True
        for route in self._held:
            route.abort()


@with_scripts
def test_files_that_are_dropped_go_two_at_a_time_each_with_its_progress(person: Person, mine: str) -> None:
    gate = Gate(person, "**/admin/upload/one")
    person.goto("/documents")
    names = [f"{mine}-room-{number}.txt" for number in range(5)]
    drop(person.page, {name: f"The room of {name} is blue.".encode() for name in names})
    gate.wait_for(2)
    bars = panel(person).get_by_role("progressbar")
    expect(bars).to_have_count(2, timeout=WITHIN)
    assert {bar.get_attribute("aria-label") for bar in bars.all()} == set(names[:2])
    expect(panel(person).get_by_text(person.say("is being sent"), exact=True)).to_have_count(2)
    expect(panel(person).get_by_text(person.say("waits"), exact=True)).to_have_count(3)
    gate.open()
    found = panel(person).get_by_role("link", name=person.say("can be found now"))
    expect(found).to_have_count(5, timeout=WITHIN)
    expect(bars).to_have_count(0, timeout=WITHIN)
    said = person.say("%(found)s of %(all)s can be found now; %(failed)s could not be read.")
    expect(panel(person).get_by_role("status")).to_have_text(said % {"found": 5, "all": 5, "failed": 0})
    line(person, names[3]).get_by_role("link").click()
    expect(person.page.get_by_role("article")).to_contain_text(
        f"The room of {names[3]} is blue.", timeout=WITHIN
    )


@with_scripts
def test_a_folder_that_is_dropped_stands_for_the_files_in_it(person: Person, mine: str) -> None:
    person.goto("/admin/upload")
    files = {
        "one.txt": f"The first form of {mine}.",
        ".hidden": "x",
        "two.txt": f"The second form of {mine}.",
    }
    drop(person.page, {name: text.encode() for name, text in files.items()}, folder=f"{mine}-forms")
    for name in (f"{mine}-forms/one.txt", f"{mine}-forms/two.txt"):
        expect(line(person, name)).to_contain_text(person.say("can be found now"), timeout=WITHIN)
    expect(panel(person).get_by_role("listitem")).to_have_count(2)


@with_scripts
def test_each_file_that_goes_wrong_says_why_and_what_to_do(person: Person, mine: str) -> None:
    person.expected = "ERR_FAILED"
    files = {
        f"{mine}-damaged.pdf": b"%PDF-1.7\nno more",
        f"{mine}-program.bin": b"\x7fELF\x02\x01\x01" + bytes(50),
        f"{mine}-large.txt": b" " * 2_000_001,
    }
    person.goto("/admin/upload")
    drop(person.page, files)
    damaged = line(person, f"{mine}-damaged.pdf").locator(".failure")
    expect(damaged).to_contain_text(
        person.say("Get the file again from where it came from, or open it and save it as a new PDF."),
        timeout=WITHIN,
    )
    expect(line(person, f"{mine}-program.bin").locator(".failure")).to_be_visible(timeout=WITHIN)
    large = line(person, f"{mine}-large.txt").locator(".failure")
    expect(large).to_have_text(
        person.say("The file is larger than this library takes: split it, or ask for a higher limit."),
        timeout=WITHIN,
    )


@with_scripts
def test_a_file_whose_connection_is_lost_is_sent_again_by_a_click(person: Person, mine: str) -> None:
    person.expected = "ERR_FAILED"
    gate = Gate(person, "**/admin/upload/one")
    person.goto("/search?q=visits")
    drop(person.page, {f"{mine}-lost.txt": f"The lost words of {mine}.".encode()})
    gate.wait_for(1)
    gate.lose()
    lost = line(person, f"{mine}-lost.txt")
    expect(lost).to_contain_text(person.say("The connection was lost."), timeout=WITHIN)
    lost.get_by_role("button", name=person.say("Try again")).click()
    expect(lost).to_contain_text(person.say("can be found now"), timeout=WITHIN)
    panel(person).get_by_role("button", name=person.say("Close")).click()
    expect(panel(person)).to_have_count(0)


@everybody
def test_files_that_are_chosen_are_added_to_a_collection(person: Person, mine: str, tmp_path: Path) -> None:
    texts = {f"{mine}-{number}.txt": f"Memo {number} of {mine} speaks of chairs." for number in (1, 2)}
    person.goto("/admin/")
    person.follow("Add documents")
    person.page.get_by_label(person.say("Collection")).first.fill(f"memos of {mine}")
    person.page.get_by_label(person.say("Files")).set_input_files(written(tmp_path / "memos", texts))
    person.press("Add")
    if person.scripts:
        expect(panel(person).get_by_role("link", name=person.say("can be found now"))).to_have_count(
            2, timeout=WITHIN
        )
    else:
        expect(person.page).to_have_url(re.compile(r"/documents\?collection=memos"), timeout=WITHIN)
        expect(person.page.get_by_role("rowheader")).to_have_count(2)
    person.finds(f"memo+2+of+{mine}+speaks+of+chairs", f"memos of {mine}")


@everybody
def test_files_that_cannot_be_taken_in_are_told_with_the_others(
    person: Person, mine: str, tmp_path: Path
) -> None:
    name = f"{mine} <b>program \u202egpj.bin"
    files = {name: b"\x7fELF\x02\x01\x01" + bytes(50), f"{mine}-good.txt": f"A good memo of {mine}."}
    person.goto("/admin/upload")
    person.page.get_by_label(person.say("Files")).set_input_files(written(tmp_path / "some", files))
    person.press("Add")
    listed = person.page.locator(".adding li").filter(has_text="<b>program")
    expect(listed.locator(".failure")).to_be_visible(timeout=WITHIN)
    assert "\u202e" not in person.page.locator(".adding").inner_text()
    good = person.page.locator(".adding li").filter(has_text=f"{mine}-good.txt")
    expect(good).to_contain_text(
        person.say("can be found now") if person.scripts else person.say("taken in"), timeout=WITHIN
    )


@everybody
def test_of_two_files_with_one_name_the_second_is_told_to_take_another(person: Person, mine: str) -> None:
    person.goto("/admin/upload")
    buffers = [f"The {bird} of {mine} waits at the door.".encode() for bird in ("penguin", "heron")]
    person.page.get_by_label(person.say("Files")).set_input_files(
        [{"name": f"{mine}-twice.txt", "mimeType": "text/plain", "buffer": buffer} for buffer in buffers]
    )
    person.press("Add")
    refused = person.page.locator(".adding .failure").filter(
        has_text=person.say("Another file of this name comes with it.")
    )
    expect(refused).to_have_count(1, timeout=WITHIN)
    person.finds(f"penguin+of+{mine}", f"The penguin of {mine} waits at the door.")


@everybody
def test_a_page_from_the_web_is_fetched_and_found(person: Person, mine: str, site: Site) -> None:
    site.page(f"/{mine}", f"<p>The hotline of {mine} answers at 800-555-0100.</p>")
    person.goto("/admin/upload")
    person.page.get_by_label(person.say("Address")).fill(site.url(f"/{mine}"))
    person.press("Fetch")
    person.sees("The page was fetched and is being read.")
    person.finds(f"hotline+of+{mine}", f"The hotline of {mine} answers at 800-555-0100.")
    person.goto("/admin/upload")
    person.page.get_by_label(person.say("Address")).fill(site.url("/gone"))
    person.press("Fetch")
    expect(person.page.locator(".adding .failure")).to_contain_text("404", timeout=WITHIN)
    expect(person.page.get_by_label(person.say("Address"))).to_have_value(site.url("/gone"))
