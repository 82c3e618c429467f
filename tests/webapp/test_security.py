import dataclasses
import re

import pytest
from flask.testing import FlaskClient

from kb.settings import load
from tests.webapp.conftest import source_at
from webapp import create_app
from webapp.security import host_name, known_hosts
from webapp.wiring import Services


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8000"]
)
def test_this_machine_is_answered_by_any_of_its_names(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:8000", "127.0.0.2", "localhost:1:2",
     "a@localhost", "[::1", "", "localhost/", "<script>", "192.168.0.1"],
)  # fmt: skip
def test_unknown_host_names_are_refused_everywhere(client: FlaskClient, host: str) -> None:
    for address in ("/", "/api/v1/search?q=x", "/static/style.css", "/health/live", "/nothing"):
        response = client.get(address, headers={"Host": host})
        assert response.status_code == 400
        assert "<script>" not in response.text


def test_a_refused_name_gets_a_sentence(client: FlaskClient) -> None:
    assert "do not answer to this host name" in client.get("/", headers={"Host": "evil.example"}).text


def test_more_names_can_be_allowed(library: Services) -> None:
    settings = dataclasses.replace(
        library.settings, allowed_hosts="kb.agency.example, other", host="127.0.0.9"
    )
    services = dataclasses.replace(library, settings=settings)
    client = create_app(services).test_client()
    for host in ("KB.agency.example:443", "other", "127.0.0.9:8000"):
        assert client.get("/", headers={"Host": host}).status_code == 200


def test_nothing_but_names_is_known() -> None:
    assert known_hosts(load({})) == {"localhost", "127.0.0.1", "::1"}
    assert host_name("a b") is None


@pytest.mark.parametrize(
    "address", ["/", "/search?q=parking", "/documents", "/nothing", "/api/v1/search?q=parking", "/p/zzz"]
)
def test_every_answer_has_the_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers


def test_pages_need_no_inline_script_or_style_and_no_other_site(
    client: FlaskClient, library: Services
) -> None:
    document = f"/documents/{source_at(library, 'hostile.html').id}"
    for address in ("/", "/search?q=unicorn", "/documents", document, "/p/zzz"):
        page = client.get(address).text
        assert re.findall(r"<script(?! src=\"/static/)", page) == []
        assert "<style" not in page
        # What stands in quotes is a value, whatever it says.
        assert re.findall(r"<[^>]+\s(?:style|on\w+)=", re.sub(r'"[^"]*"', '""', page)) == []
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//(?!localhost/)', page) == []


def test_static_files_may_be_kept_because_their_address_changes_with_them(client: FlaskClient) -> None:
    page = client.get("/").text
    (address,) = re.findall(r'href="(/static/style.css\?v=[0-9a-f]+)"', page)
    with client.get(address) as response:
        assert response.status_code == 200
        assert "max-age=31536000" in response.headers["Cache-Control"]


def test_the_pages_stay_small(client: FlaskClient) -> None:
    sizes = {}
    for name in ("style.css", "page.js", "icon.svg"):
        with client.get(f"/static/{name}") as response:
            sizes[name] = len(response.data)
    assert sizes["page.js"] < 5_000
    assert sum(sizes.values()) < 30_000
