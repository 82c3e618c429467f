import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
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


def test_the_list_says_how_long_versions_are_kept(
    client: FlaskClient, library: Services, source_id: str
) -> None:
    assert "was ever read from this source is kept" in client.get(f"/documents/{source_id}/versions").text
    month = replace(library, settings=replace(library.settings, keep_days=30))
    page = create_app(month).test_client().get(f"/documents/{source_id}/versions").text
    assert "kept for 30 days after it was replaced" in page


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
    assert_is_atom(feed)
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


def assert_is_atom(feed: ElementTree.Element) -> None:
    """Check what RFC 4287 asks of a feed (4.1.1) and of its entries (4.1.2)."""
    names = [feed.findtext(f"{ATOM}id") or ""]
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert {"self", "alternate"} <= {link.get("rel") for link in feed.findall(f"{ATOM}link")}
    moments = []
    for entry in feed.findall(f"{ATOM}entry"):
        names.append(entry.findtext(f"{ATOM}id") or "")
        moments.append(datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or ""))
        assert entry.findtext(f"{ATOM}title")
        assert (entry.find(f"{ATOM}link").get("href") or "").startswith("http")  # type: ignore[union-attr]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"urn:[a-z]+:[!-~]+", name) for name in names)
    assert all(moment.tzinfo is not None for moment in moments)
    assert moments == sorted(moments, reverse=True)
    updated = datetime.fromisoformat(feed.findtext(f"{ATOM}updated") or "")
    assert not moments or updated == moments[0]


def test_a_feed_tells_of_documents_that_were_taken_out(
    client: FlaskClient, library: Services, source_id: str
) -> None:
    library.pipeline.remove(source_id)
    feed = ElementTree.fromstring(client.get("/changes.atom").data)
    assert_is_atom(feed)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert "was removed" in (entry.findtext(f"{ATOM}title") or "")


def test_collections_have_feeds_of_their_own(client: FlaskClient) -> None:
    paths = ("/changes.atom", "/changes.atom?collection=guides", "/changes.atom?collection=a%20b%C3%A9%3C")
    feeds = [ElementTree.fromstring(client.get(path).data) for path in paths]
    assert len({feed.findtext(f"{ATOM}id") for feed in feeds}) == 3
    for feed in feeds:
        assert_is_atom(feed)


def test_who_has_a_feed_is_told_that_it_is_the_same(
    client: FlaskClient, library: Services, tmp_path: Path
) -> None:
    etag = client.get("/changes.atom").headers["ETag"]
    again = client.get("/changes.atom", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    take_in(library, write(tmp_path / "guides", visits=FIRST))
    assert client.get("/changes.atom", headers={"If-None-Match": etag}).status_code == 200


def test_each_change_of_cited_words_is_told_once(
    client: FlaskClient, library: Services, tmp_path: Path
) -> None:
    with library.catalog.reading() as transaction:
        retired = next(
            change.passage.id for change in transaction.passages.changes_since(0, limit=9) if change.retired
        )
    told = []
    for text in (SECOND, f"{SECOND}\n\nMore.", SECOND.replace("Friday", "Sunday")):
        take_in(library, write(tmp_path / "guides", visits=text))
        feed = ElementTree.fromstring(client.get(f"/p/{retired}/changes.atom").data)
        assert_is_atom(feed)
        (entry,) = feed.findall(f"{ATOM}entry")
        told.append((entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")))
    assert told[0] == told[1], "what changed elsewhere in the document is no news"
    assert told[1][0] != told[2][0]


def test_what_xml_cannot_write_is_left_out(client: FlaskClient, library: Services, tmp_path: Path) -> None:
    (tmp_path / "guides" / "odd.html").write_text(
        "<title>Odd \uffff \ufffe title</title><p>Some words of a page.</p>", encoding="utf-8"
    )
    take_in(library, tmp_path / "guides")
    ElementTree.fromstring(client.get("/changes.atom").data)
