"""The pages stay light: what a browser loads for them, compressed as a proxy in front would."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.library import services_at, take_in
from webapp import create_app

SAMPLE = Path(__file__).parent.parent.parent / "sample"
BUDGET = 60_000
QUESTION = "/search?q=what+number+do+I+call+to+report+trafficking"
LOADED = re.compile(
    r'<(?:script|link|img|iframe|source|object|embed|video|audio)\b[^>]*?(?:src|href|data)="([^"]+)"'
)
INSIDE = re.compile(r'(?:url\(|@import |fetch\(|import\()\s*["\']?([^"\')\s]+)')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the sample library: pages with ten results, as people meet them."""
    services = services_at(tmp_path_factory.mktemp("budget") / "home")
    take_in(services, SAMPLE)
    yield create_app(services).test_client()
    services.close()


def loaded(client: FlaskClient, address: str) -> dict[str, bytes]:
    """Return what a browser loads for a page, by address: itself, and what it names."""
    page = client.get(address)
    assert page.status_code == 200
    found = {address: page.data}
    for name in LOADED.findall(page.text):
        with client.get(name.replace("&amp;", "&")) as part:
            assert part.status_code == 200, name
            found[name] = part.data
    return found


@pytest.mark.parametrize("address", ["/", QUESTION, "/documents", "/admin/questions", "/admin/", "/api/docs"])
def test_a_page_and_all_that_it_loads_fit_the_budget(client: FlaskClient, address: str) -> None:
    parts = loaded(client, address)
    assert any("style.css" in name for name in parts)
    sizes = {name: len(gzip.compress(content, 6)) for name, content in parts.items()}
    assert sum(sizes.values()) <= BUDGET, sizes


@pytest.mark.parametrize("address", ["/", QUESTION, "/documents", "/admin/questions", "/api/docs"])
def test_nothing_is_loaded_from_elsewhere(client: FlaskClient, address: str) -> None:
    parts = loaded(client, address)
    assert all(name.startswith("/") and not name.startswith("//") for name in parts)
    for name, content in parts.items():
        if "/static/" in name:
            inside = INSIDE.findall(content.decode("utf-8", "replace"))
            assert not [place for place in inside if re.match(r"(?:https?:)?//", place)], name
