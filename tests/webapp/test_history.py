from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.library import services_at, take_in, write
from webapp import create_app
from webapp.wiring import Services

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = "VISITS\n\nVisits are on Monday at nine.\n\nBring a book for the child."
SECOND = "VISITS\n\nVisits are on Friday at nine.\n\nBring a book for the child.\n\nParking is free."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Services]:
    services = services_at(tmp_path / "home")
    take_in(services, write(tmp_path / "guides", visits=FIRST))
    take_in(services, write(tmp_path / "guides", visits=SECOND))
    yield services
    services.close()


@pytest.fixture
def client(library: Services) -> FlaskClient:
    return create_app(library).test_client()


@pytest.fixture
def source_id(library: Services) -> str:
    with library.catalog.reading() as transaction:
        return transaction.sources.all()[0].id


def test_every_version_is_listed_the_newest_first(client: FlaskClient, source_id: str) -> None:
    page = client.get(f"/documents/{source_id}/versions").text
    assert page.count("/versions/") == 3
    assert page.index("served now") < page.index("first version")
    assert "/versions" in client.get(f"/documents/{source_id}").text


def test_an_earlier_version_is_shown_as_it_was(client: FlaskClient, source_id: str) -> None:
    page = client.get(f"/documents/{source_id}/versions/1").text
    assert "Visits are on Monday" in page
    assert "It is not what is served now" in page
    assert "Visits are on Friday" in client.get(f"/documents/{source_id}/versions/2").text


def test_what_changed_is_marked_word_by_word(client: FlaskClient, source_id: str) -> None:
    page = client.get(f"/documents/{source_id}/versions/2/changes").text
    assert "2 places differ" in page
    assert "<del>Monday</del>" in page
    assert "<ins>Friday</ins>" in page
    assert "<ins>Parking is free.</ins>" in page
    assert "Bring a book" not in page
    assert "none to compare" in client.get(f"/documents/{source_id}/versions/1/changes").text


def test_a_day_leads_to_the_version_of_that_day(client: FlaskClient, source_id: str) -> None:
    today = client.get(f"/documents/{source_id}/versions?at=9999-01-01")
    assert today.headers["Location"].endswith("/versions/2")
    assert client.get(f"/documents/{source_id}/versions?at=1999-01-01").status_code == 404
    assert client.get(f"/documents/{source_id}/versions?at=yesterday").status_code == 400


def test_a_version_of_another_document_is_not_shown(
    client: FlaskClient, library: Services, source_id: str, tmp_path: Path
) -> None:
    take_in(library, write(tmp_path / "other", plan="A plan."))
    assert client.get(f"/documents/{source_id}/versions/3").status_code == 404
    assert client.get("/documents/000000000000/versions").status_code == 404


def test_a_feed_tells_of_changes_in_a_collection(client: FlaskClient) -> None:
    feed = ElementTree.fromstring(client.get("/changes.atom?collection=guides").data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    assert "/versions/2/changes" in entries[0].find(f"{ATOM}link").get("href", "")  # type: ignore[union-attr]
    empty = ElementTree.fromstring(client.get("/changes.atom?collection=none").data)
    assert empty.findall(f"{ATOM}entry") == []


def test_a_feed_tells_when_cited_words_are_replaced(client: FlaskClient, library: Services) -> None:
    with library.catalog.reading() as transaction:
        live = set(transaction.passages.live_ids())
        cited = transaction.passages.citations([*live])[0].passage.id
        retired = next(
            change.passage.id for change in transaction.passages.changes_since(0, limit=9) if change.retired
        )
    unchanged = ElementTree.fromstring(client.get(f"/p/{cited}/changes.atom").data)
    assert unchanged.findall(f"{ATOM}entry") == []
    changed = ElementTree.fromstring(client.get(f"/p/{retired}/changes.atom").data)
    (entry,) = changed.findall(f"{ATOM}entry")
    assert "Friday" in (entry.findtext(f"{ATOM}summary") or "")


def test_hostile_titles_are_words_in_a_feed(client: FlaskClient, library: Services, tmp_path: Path) -> None:
    (tmp_path / "guides" / "evil.html").write_text(
        "<title>&lt;script&gt;alert(1)&lt;/script&gt; \u202egnp.exe</title><p>Some words of a page."
    )
    take_in(library, tmp_path / "guides")
    answer = client.get("/changes.atom").text
    assert "<script" not in answer
    assert "\u202e" not in answer
