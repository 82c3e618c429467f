from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.model import Passage, Source
from tests.library import services_at, take_in
from webapp import create_app
from webapp.wiring import Services

VISITS = """# Visits policy

## Who may visit

Relatives may visit on weekdays from nine to five. They bring a card with a photograph and sign the book at
the front desk, where the person on duty checks both. Nobody under sixteen visits alone, and groups of more
than four ask for the large room a week ahead.

## What to bring

Visitors bring nothing that cannot be washed. These are welcome:

- fruit, as long as it is whole
- books
  - without pencils in them
- warm clothes

## Parking

There are twelve places behind the house. Two of them are kept free for the ambulance at all times, and
whoever stands there is towed away within minutes, whatever the reason given at the desk.
"""
VISITAS = """# Reglas de visita

## Horario

Los familiares pueden venir de lunes a viernes, de nueve a cinco. En la entrada muestran su identificación y
firman el libro. Los menores de dieciséis años no entran solos.
"""
HOSTILE = """<!doctype html><html lang="en"><head>
<title>&lt;script&gt;alert(1)&lt;/script&gt; notes</title></head>
<body><h1>&lt;img src=x onerror=alert(2)&gt; heading</h1>
<p>Words of a unicorn: &lt;/article&gt;&lt;script&gt;alert(3)&lt;/script&gt; &amp; more.</p>
<table><tr><th>Animal</th><th>Horns</th></tr><tr><td>unicorn &lt;b&gt;</td><td>one</td></tr></table>
<ol><li>catch the unicorn<ol><li>softly</li></ol></li><li>let it go</li></ol></body></html>
"""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A small library in two collections; tests only read it."""
    folder = tmp_path_factory.mktemp("library")
    services = services_at(folder / "home", results_per_page=5)
    house = folder / "house"
    house.mkdir()
    (house / "visits.md").write_text(VISITS, encoding="utf-8")
    (house / "visitas.md").write_text(VISITAS, encoding="utf-8")
    (house / "nothing.txt").write_bytes(b"")
    odd = folder / "odd"
    odd.mkdir()
    (odd / "hostile.html").write_text(HOSTILE, encoding="utf-8")
    (odd / "copy of visits.md").write_text(VISITS, encoding="utf-8")
    take_in(services, house, odd)
    yield services
    services.close()


@pytest.fixture
def client(library: Services) -> FlaskClient:
    return create_app(library).test_client()


@pytest.fixture
def empty(services: Services) -> FlaskClient:
    """A client of a service that holds nothing and has no index."""
    return create_app(services).test_client()


def source_at(services: Services, place: str) -> Source:
    with services.catalog.reading() as transaction:
        return next(source for source in transaction.sources.all() if source.place == place)


def passages_at(services: Services, place: str) -> list[Passage]:
    source = source_at(services, place)
    with services.catalog.reading() as transaction:
        return transaction.passages.of_source(source.id)


def put(services: Services, path: Path, text: str) -> str:
    """Write and ingest one file; return the id of its source."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (outcome,) = take_in(services, path)
    assert outcome.source_id is not None
    return outcome.source_id
