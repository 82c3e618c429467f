"""What goes over the wire: compressed, once, and never another's."""

import gzip
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.webapp.conftest import put
from webapp import create_app
from webapp.wiring import Services

ASKED = "/search?q=hotline"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def library(services: Services, tmp_path: Path) -> FlaskClient:
    put(services, tmp_path / "guide.txt", "Call the county hotline at 800-555-0100. " * 8)
    return create_app(services).test_client()


@pytest.mark.parametrize("address", [ASKED, "/api/v1/search?q=hotline", "/documents", "/"])
def test_what_is_compressed_is_what_is_sent_plain(library: FlaskClient, address: str) -> None:
    plain, packed = library.get(address), library.get(address, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == packed.content_length < len(plain.data)
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_browser_that_has_a_page_is_told_so_until_something_changes(
    library: FlaskClient, services: Services, tmp_path: Path
) -> None:
    etag = {"If-None-Match": library.get(ASKED, headers=GZIP).headers["ETag"]}
    again = library.get(ASKED, headers={**GZIP, **etag})
    assert (again.status_code, again.data) == (304, b"")
    assert "Accept-Encoding" in again.headers["Vary"]
    put(services, tmp_path / "other.txt", "Another hotline is for the parents of a child.")
    services.live.engine()[0].refresh()
    changed = library.get(ASKED, headers=etag)
    assert changed.status_code == 200
    assert "parents of a child" in changed.text


def test_a_withdrawn_document_is_not_sent_from_memory(
    library: FlaskClient, services: Services, tmp_path: Path
) -> None:
    source_id = put(services, tmp_path / "secret.txt", "Of the shelter\n\nThe hotline is not to be told.")
    services.live.engine()[0].refresh()
    assert "not to be told" in library.get(ASKED).text
    services.pipeline.remove(source_id)
    assert "not to be told" not in library.get(ASKED).text


def test_each_language_has_its_own_page_at_the_same_address(library: FlaskClient) -> None:
    english = library.get(ASKED, headers={"Accept-Language": "en"})
    spanish = library.get(ASKED, headers={"Accept-Language": "es"})
    assert ('<html lang="en">' in english.text, '<html lang="es">' in spanish.text) == (True, True)
    assert english.headers["ETag"] != spanish.headers["ETag"]
    assert {"Accept-Language", "Cookie"} <= set(english.headers["Vary"].split(", "))
    assert english.headers["Cache-Control"] == "private, no-cache"


def test_what_a_session_has_marked_is_shown_to_nobody_else(library: FlaskClient, services: Services) -> None:
    stranger = create_app(services).test_client()
    page = library.get(ASKED).text
    passage = page.split('id="p-')[1][:12]
    told = library.get(f"/mark?q=hotline&passage={passage}", headers={"Accept": "application/json"}).json
    assert told is not None
    marked = library.post(
        f"/mark?q=hotline&passage={passage}",
        data={"grade": "answers"},
        headers={"X-CSRFToken": told["csrf_token"], "Accept": "application/json"},
    )
    assert marked.status_code == 200
    assert 'data-grade="answers"' in library.get(ASKED).text
    assert 'data-grade="answers"' not in stranger.get(ASKED).text
    library.delete_cookie("session")
    assert 'data-grade="answers"' not in library.get(ASKED).text


def test_a_page_with_a_token_is_not_compressed(library: FlaskClient) -> None:
    """Its length would tell of the token, letter by letter, to who can put words into the page."""
    assert "Content-Encoding" not in library.get("/admin/upload", headers=GZIP).headers


def test_files_of_the_pages_are_kept_by_browsers_for_good(library: FlaskClient) -> None:
    address = library.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    packed = library.get(address, headers=GZIP)
    with library.get(address) as plain:
        assert gzip.decompress(packed.data) == plain.data
    assert {"immutable", "max-age=31536000"} <= set(packed.headers["Cache-Control"].split(", "))
    with library.get(address, headers={"If-None-Match": packed.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_questions_are_counted_although_their_answers_are_kept(
    library: FlaskClient, services: Services
) -> None:
    for _ in range(3):
        assert library.get(ASKED).status_code == 200
    before = services.search.state()
    assert services.recorder is not None
    services.recorder.settle()
    assert services.search.state() == before, "counting makes no answer out of date"
    with services.catalog.reading() as transaction:
        (asked,) = transaction.questions.asked(since=date.min, limit=5, offset=0)
    assert asked.times == 3
