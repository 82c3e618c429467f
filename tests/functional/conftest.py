"""One browser for all who drive the pages (Playwright runs once at a time), and a library to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ingest.reading import InProcess
from kb.model import Passage, Source
from tests.functional.browsing import DESK, PHONE, Visit, launched, served
from tests.ingest.readers.pdf.paper import notes_paper
from tests.library import services_at, take_in, write
from webapp.wiring import Services

VISITS = """# Visits policy

## Who may visit

Relatives may visit on weekdays from nine to five. They bring a card with a photograph and sign the book at
the front desk, where the person on duty checks both. Nobody under sixteen visits alone, and groups of more
than four ask for the large room a week ahead.

## Parking

There are {places} places behind the house. Two of them are kept free for the ambulance at all times, and
whoever stands there is towed away within minutes, whatever the reason given at the desk.
"""
SIGNING = "The supervisor signs the notes and files them at once. " * 12
HOSTILE = """<!doctype html><html><head><title>&lt;script&gt;alert(1)&lt;/script&gt; \u202eevil</title></head>
<body><h1>&lt;img src=x onerror=alert(2)&gt; [a](javascript:alert(4))</h1>
<p>The unicorn &lt;svg onload=alert(3)&gt; comes with \u202eolleh and {long}.</p></body></html>"""


@dataclass(frozen=True)
class Shelf:
    """A library that is served, with the sources and passages that tests name."""

    services: Services
    address: str
    sources: dict[str, Source]
    changed: Passage
    removed: Passage
    printed: Passage


def _passage(services: Services, source: Source, words: str) -> Passage:
    with services.catalog.reading() as transaction:
        return next(one for one in transaction.passages.of_source(source.id) if words in one.text)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(library: Services) -> Iterator[str]:
    """Where the module's own fixture `library` is served."""
    with served(library) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit that must have gone without trouble at its end; parametrize it with Playwright's options."""
    options = getattr(request, "param", {})
    context = chromium.new_context(**{"viewport": DESK, "locale": "en-US", **options})
    context.set_default_timeout(20_000)
    made = Visit(
        context,
        address,
        has_scripts=options.get("java_script_enabled", True),
        is_phone=options.get("viewport") == PHONE,
    )
    yield made
    context.close()
    assert made.surprises() == []


@contextmanager
def filled_shelf(folder: Path) -> Iterator[Shelf]:
    """Serve a library below ``folder`` that has every kind of page to show."""
    services = services_at(folder / "home")
    docs = folder / "policies"
    docs.mkdir()
    (docs / "visits.md").write_text(VISITS.format(places="twelve"), encoding="utf-8")
    (docs / "old.md").write_text(VISITS.format(places="three"), encoding="utf-8")
    (docs / "notes.pdf").write_bytes(notes_paper(SIGNING))
    (docs / "hostile.html").write_text(HOSTILE.format(long="x" * 100_000), encoding="utf-8")
    (docs / "empty.txt").write_bytes(b"")
    take_in(services, docs)
    with services.catalog.reading() as transaction:
        sources = {source.place: source for source in transaction.sources.all()}
    changed = _passage(services, sources["visits.md"], "twelve places")
    removed = _passage(services, sources["old.md"], "three places")
    printed = _passage(services, sources["notes.pdf"], "supervisor signs")
    (docs / "visits.md").write_text(VISITS.format(places="fourteen"), encoding="utf-8")
    take_in(services, docs)
    services.pipeline.remove(sources["old.md"].id)
    take_in(services, docs / "notes.pdf")
    with served(services) as address:
        yield Shelf(services, address, sources, changed, removed, printed)
    services.close()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with filled_shelf(tmp_path_factory.mktemp("shelf")) as shelf:
        yield shelf


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KB_LOCK_WAIT", "5")
    # What is read in processes of their own has tests of its own.
    monkeypatch.setattr("webapp.wiring.Isolated", InProcess)
    return tmp_path / "home"


@pytest.fixture
def guides(tmp_path: Path, home: Path) -> Path:
    return write(
        tmp_path / "guides",
        hotline="Call the county hotline at 800-555-0100. It answers day and night.",
        plan="A safety plan names the people whom a young person trusts.",
    )
