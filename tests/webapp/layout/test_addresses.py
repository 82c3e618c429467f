import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from webapp.i18n import page_language, translated
from webapp.layout.addresses import address
from webapp.layout.paging import here

ASKED = [
    ("search.results", {}),
    ("search.start", {"ui": None}),
    ("passages.similar", {"passage_id": "0123456789ab"}),
    ("passages.similar", {"passage_id": "é/%"}),
    ("passages.permalink", {"passage_id": "0123456789ab", "_external": True}),
    ("passages.beside", {"passage_id": "0123456789ab", "other_id": "ba9876543210"}),
    ("documents.document", {"source_id": "0123456789ab"}),
    ("search.results", {"q": "rent"}),
    ("search.results", {"q": "rent & heat"}),
    ("search.results", {"q": None}),
    ("admin.overview", {"_anchor": "below"}),
]


@pytest.fixture
def app(client: FlaskClient) -> Flask:
    return client.application


@pytest.mark.parametrize("root", ["", "/kb", "/~library"])
@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_an_address_is_what_flask_says(
    app: Flask, endpoint: str, values: dict[str, object], root: str
) -> None:
    with app.test_request_context("/search?q=rent", environ_overrides={"SCRIPT_NAME": root}):
        expected = url_for(endpoint, **values)  # type: ignore[arg-type]
        assert [address(endpoint, **values), address(endpoint, **values)] == [expected, expected]


def test_the_address_at_hand_changes_where_it_is_asked_to(app: Flask) -> None:
    with app.test_request_context("/search?q=a+b&lang=en&lang=es&page=2&ui=es"):
        assert here() == "/search?q=a+b&lang=en&lang=es&page=2"
        assert here(page=None) == "/search?q=a+b&lang=en&lang=es"
        assert here(q="c&d", page=3) == "/search?lang=en&lang=es&q=c%26d&page=3"
        assert here(lang=["es"], q=None, page=None) == "/search?lang=es"
        assert here(lang=[], q=None, page=None) == "/search"


def test_each_request_has_its_own_address_and_language(app: Flask) -> None:
    for language, word in (("es", "Buscar"), ("en", "Search")):
        with app.test_request_context(f"/search?q={word}&ui={language}"):
            assert (here(), page_language()) == (f"/search?q={word}", language)
            assert translated("Search") == word


def test_texts_have_their_values_put_in_escaped(app: Flask) -> None:
    with app.test_request_context("/?ui=es"):
        assert translated("Page %(page)s", page="<2>") == "Página &lt;2&gt;"
