"""Are pages fetched from the page that adds documents as the command fetches them, and no others?"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.model import SourceState
from tests.ingest.web.conftest import Site
from tests.library import services_at
from webapp import create_app
from webapp.wiring import Services


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


def open_to(site: Site, home: Path, **overrides: object) -> Services:
    return services_at(home, web_ports=str(site.port), web_delay=0, **overrides)


def sent(client: FlaskClient, **fields: str) -> str:
    form = client.get("/admin/upload").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    data = {"csrf_token": token[1], **fields}
    return client.post("/admin/upload/address", data=data, follow_redirects=True).text


def test_a_page_is_fetched_and_waits_to_be_read(site: Site, tmp_path: Path) -> None:
    site.page("/hotline", "<p>Call the county hotline at 800-555-0100.</p>")
    services = open_to(site, tmp_path, web_allow="127.0.0.1")
    page = sent(create_app(services).test_client(), address=site.url("/hotline"), collection="numbers")
    assert "The page was fetched and is being read." in page
    with services.catalog.reading() as transaction:
        (source,) = transaction.sources.all()
    assert (source.uri, source.collection, source.state) == (
        site.url("/hotline"), "numbers", SourceState.PENDING,
    )  # fmt: skip
    services.close()


def test_a_machine_inside_is_refused_in_plain_words(site: Site, tmp_path: Path) -> None:
    site.page("/secret", "<p>Words.</p>")
    services = open_to(site, tmp_path)
    page = sent(create_app(services).test_client(), address=site.url("/secret"))
    assert "inside this network" in page
    assert "KB_WEB_ALLOW" in page
    assert site.url("/secret") in page
    assert site.sent == []
    services.close()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "not an address", "javascript:alert(1)", ""])
def test_what_is_no_address_on_the_web_is_refused(tmp_path: Path, address: str) -> None:
    services = services_at(tmp_path)
    page = sent(create_app(services).test_client(), address=address)
    assert 'class="failure"' in page if address else "Type the address of a page." in page
    with services.catalog.reading() as transaction:
        assert transaction.sources.all() == []
    services.close()


def test_a_page_that_is_not_there_is_told_with_a_remedy(site: Site, tmp_path: Path) -> None:
    services = open_to(site, tmp_path, web_allow="127.0.0.1")
    page = sent(create_app(services).test_client(), address=site.url("/gone"))
    assert 'class="failure"' in page
    services.close()


def test_a_fetch_needs_the_token(tmp_path: Path) -> None:
    services = services_at(tmp_path)
    answer = (
        create_app(services).test_client().post("/admin/upload/address", data={"address": "https://a.org"})
    )
    assert answer.status_code == 400
    services.close()
