"""What is being done is told as it goes, and what is ordered is done; the tests move the worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from index.sync import sync
from ingest.batch import accept_all
from kb.catalog.orders import Work
from tests.functional.staff import WITHIN, Person, at, everybody, with_scripts
from tests.library import services_at, take_in, write
from tests.working import worked
from webapp.wiring import Services

PACE = r"(a minute|por minuto).*(left|restante)"
BUILDING = r"{done}[,.]000 .*9[,.]000 .*(a second|por segundo).*(left|restante)"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("work")
    services = services_at(folder / "home")
    (folder / "desk").mkdir()
    (folder / "desk" / "empty.txt").write_bytes(b"")
    (folder / "desk" / "damaged.pdf").write_bytes(b"%PDF-1.7\nno more")
    take_in(services, write(folder / "desk", hotline="Call the county hotline at 800-555-0100."))
    yield services
    services.close()


@pytest.fixture
def person(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Person]:
    with at(chromium, address, request.param) as somebody:
        yield somebody


@pytest.fixture
def waiting(library: Services, tmp_path: Path) -> None:
    """Six documents, four of which have been read just now; two wait."""
    # Each in words of its own, as a rebuild asks for every passage by its words.
    notes = {f"note{number}": " ".join(uuid4().hex for _ in range(9)) for number in range(6)}
    list(
        accept_all(
            library.pipeline, [write(tmp_path / tmp_path.name, **notes)], collection=None, max_bytes=9999
        )
    )
    for _ in range(4):
        library.pipeline.read_next()


def read_one(services: Services) -> None:
    """Read one document and index it."""
    services.pipeline.read_next()
    sync(services.catalog, services.generations, wait=5)


def watch_the_rest_being_read(person: Person, services: Services) -> None:
    """See two documents wait, then one, then none."""
    reading = person.page.get_by_role("region", name=person.say("Reading"))
    pending = reading.locator("[data-state=pending]")
    expect(pending).to_have_text("2", timeout=WITHIN)
    expect(reading.get_by_role("status")).to_have_text(re.compile(f"^.*2 .*{PACE}"), timeout=WITHIN)
    read_one(services)
    expect(pending).to_have_text("1", timeout=WITHIN)
    expect(reading.get_by_role("status")).to_have_text(re.compile(f"^.*1 .*{PACE}"), timeout=WITHIN)
    read_one(services)
    expect(reading.get_by_role("status")).to_have_text(
        person.say("Nothing waits to be read."), timeout=WITHIN
    )
    expect(pending).to_have_text("0")
    expect(reading.locator("[data-state=failed]")).to_have_text("2")


@everybody
def test_the_page_says_what_waits_how_fast_it_goes_and_how_long_it_will_take(
    person: Person, library: Services, waiting: None
) -> None:
    person.goto("/admin/")
    watch_the_rest_being_read(person, library)


@with_scripts
def test_the_page_asks_by_itself_where_no_events_get_through(
    person: Person, library: Services, waiting: None
) -> None:
    person.expected = "503"
    person.context.route("**/admin/progress", lambda route: route.fulfill(status=503))
    with person.page.expect_response("**/admin/progress.json", timeout=WITHIN):
        person.goto("/admin/")
    watch_the_rest_being_read(person, library)


@everybody
def test_a_rebuild_says_how_far_it_is_its_rate_and_the_time_left(person: Person, library: Services) -> None:
    with library.catalog.writing() as transaction:
        transaction.orders.give(Work.REBUILD)
        transaction.orders.take()
        transaction.orders.progress(Work.REBUILD, 2000, total=9000)
    person.goto("/admin/")
    rebuild = person.page.locator("[data-order=rebuild]")
    bar = rebuild.get_by_role("progressbar")
    expect(bar).to_have_attribute("value", "2000", timeout=WITHIN)
    expect(rebuild).to_have_text(re.compile(BUILDING.format(done=2)), timeout=WITHIN)
    with library.catalog.writing() as transaction:
        transaction.orders.progress(Work.REBUILD, 4000, total=9000)
    expect(bar).to_have_attribute("value", "4000", timeout=WITHIN)
    expect(rebuild).to_have_text(re.compile(BUILDING.format(done=4)), timeout=WITHIN)
    with library.catalog.writing() as transaction:
        transaction.orders.end(Work.REBUILD, failed=False, report=["index 7 is live"])
    expect(rebuild).to_contain_text(person.say("Done:"), timeout=WITHIN)
    expect(bar).to_have_count(0)
    said = person.say("index %(number)s is live", number=7)
    person.sees(f"{said[0].upper()}{said[1:]}.")


@everybody
def test_the_index_is_built_anew_taken_back_and_checked(person: Person, library: Services) -> None:
    person.goto("/admin/")
    in_use = person.page.locator("[data-generation]")
    generations = [library.generations.live() or 0]
    expect(in_use).to_have_text(str(generations[0]))
    for label, work in (("Build anew", "rebuild"), ("Go back", "roll-back"), ("Check everything", "verify")):
        person.press(label)
        person.sees("The worker has been told.")
        order = person.page.locator(f"[data-order={work}]")
        expect(order).to_contain_text(person.say("Waits for the worker."), timeout=WITHIN)
        worked(library)
        expect(order).to_contain_text(person.say("Done:"), timeout=WITHIN)
        generations.append(library.generations.live() or 0)
        expect(in_use).to_have_text(str(generations[-1]), timeout=WITHIN)
        # The page has renewed itself since, and still tells it.
        person.sees("The worker has been told.")
    before, built, back, checked = generations
    assert before < built > back == checked


@everybody
def test_a_check_that_finds_faults_says_which_and_search_goes_on(person: Person, library: Services) -> None:
    with library.catalog.reading() as transaction:
        sha256 = sorted(transaction.documents.all_hashes())[0]
    path = library.blobs.path(sha256)
    content = path.read_bytes()
    path.unlink()
    person.goto("/admin/")
    person.press("Check everything")
    worked(library)
    order = person.page.locator(".order", has=person.page.locator("[data-order=verify]"))
    expect(order).to_contain_text(person.say("Ended with faults:"), timeout=WITHIN)
    expect(order.locator(".report")).to_contain_text(sha256[:12])
    path.write_bytes(content)
    person.goto("/search?q=county+hotline")
    expect(person.page.locator(".hit").first).to_contain_text("800-555-0100")
