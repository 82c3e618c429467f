import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask.testing import FlaskClient

import webapp
from ingest.formats import FORMATS
from ingest.readers.remedies import REMEDIES
from kb.errors import KBError
from tests.webapp.conftest import source_at
from webapp import create_app
from webapp.i18n import number
from webapp.layout import refusals
from webapp.wiring import Services

FOLDER = Path(webapp.__file__).parent
SPANISH = FOLDER / "translations" / "es" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true"}}


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    with (SPANISH / "messages.po").open("rb") as file:
        return read_po(file, locale="es")


def errors(kind: type[KBError] = KBError) -> Iterator[type[KBError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == "kb.errors":
            yield from errors(below)


def said() -> set[str | tuple[str, ...]]:
    """Return every message that the pages may show: those in the code and templates, and all remedies."""
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(str(FOLDER), METHODS, OPTIONS, keywords=keywords)
    remedies = {error.remedy for error in errors()} | {known.remedy for known in FORMATS.values()}
    remedies |= set(REMEDIES) | set(refusals.REASONS) | set(refusals.KINDS) | set(refusals.REMEDIES)
    return {message[2] for message in found} | remedies


def test_every_message_is_translated_and_none_is_left_over(spanish: Catalog) -> None:
    translated = {message.id if isinstance(message.id, str) else tuple(message.id) for message in spanish} - {
        ""
    }
    assert translated == said()
    for message in spanish:
        strings = [message.string] if isinstance(message.string, str) else message.string
        assert strings
        assert all(strings), message.id
        assert not message.fuzzy
        assert list(message.check(spanish)) == []


def test_what_is_used_was_made_from_what_is_edited(spanish: Catalog) -> None:
    made = io.BytesIO()
    write_mo(made, spanish)
    made.seek(0)
    with (SPANISH / "messages.mo").open("rb") as file:
        used, expected = ([(m.id, m.string) for m in read_mo(mo) if m.id] for mo in (file, made))
    assert used == expected


def test_the_browser_chooses_the_language(client: FlaskClient) -> None:
    spanish = client.get("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    assert '<html lang="es">' in spanish.text
    assert "¿Qué necesita saber?" in spanish.text
    assert "4 documentos" in spanish.text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "fr"}).text
    assert "Accept-Language" in spanish.headers["Vary"]
    assert "Set-Cookie" not in spanish.headers


def test_a_choice_is_kept_until_another(client: FlaskClient) -> None:
    chosen = client.get("/documents?ui=es")
    assert "Documentos" in chosen.text
    cookie = chosen.headers["Set-Cookie"]
    assert cookie.startswith("ui=es;")
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
    assert '<html lang="es">' in client.get("/").text
    assert "Set-Cookie" not in client.get("/").headers
    assert '<html lang="en">' in client.get("/?ui=en").text
    assert '<html lang="en">' in client.get("/").text


def test_an_unknown_choice_is_ignored(client: FlaskClient) -> None:
    response = client.get("/?ui=xx")
    assert '<html lang="en">' in response.text
    assert "Set-Cookie" not in response.headers


def test_the_other_language_shows_the_same_page(client: FlaskClient) -> None:
    page = client.get("/search?q=a+%26+b+parking&lang=en").text
    assert 'href="/search?q=a+%26+b+parking&amp;lang=en&amp;ui=es"' in page


def test_passages_in_another_language_than_the_page_say_so(client: FlaskClient, library: Services) -> None:
    page = client.get("/search?q=familiares").text
    assert '<div class="prose words" lang="es">' in page
    assert '<div class="prose words">' in client.get("/search?q=familiares&ui=es").text
    document = client.get(f"/documents/{source_at(library, 'visitas.md').id}?ui=en").text
    assert '<article class="prose text" lang="es">' in document


@pytest.mark.parametrize("address", ["/", "/search?q=parking", "/documents", "/admin/", "/api/docs"])
def test_no_page_speaks_the_language_of_whoever_asked_first(library: Services, address: str) -> None:
    def said(languages: str) -> dict[str, str]:
        client = create_app(library).test_client()
        pages = {
            code: client.get(address, headers={"Accept-Language": code}).text for code in languages.split()
        }
        return {code: re.sub(r'csrf_token" value="[^"]+', "", page) for code, page in pages.items()}

    assert said("en es") == said("es en")


def test_dates_are_written_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert " de 20" in client.get("/search?q=parking&ui=es").text


@pytest.mark.parametrize("question", ["%3F%3F", "-arresto", "lang:es"])
def test_advice_is_given_in_spanish(client: FlaskClient, question: str) -> None:
    page = client.get(f"/search?q={question}&ui=es").text
    assert "No hay nada que buscar" in page
    assert "La pregunta" in page
    assert "The question" not in page
    assert "Ask with" not in page
    assert "Add a word" not in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_whole_numbers_are_written_as_babel_writes_them(library: Services, language: str) -> None:
    with create_app(library).test_request_context(headers={"Accept-Language": language}):
        for value in (0, 7, 999, 1_000, 1_234, 9_999, 10_000, 54_321, 999_999, 1_000_000, 12_345_678, -4_321):
            assert number(value) == format_decimal(value, locale=language)


def test_what_all_pages_share_is_said_in_the_language_of_each(library: Services) -> None:
    client = create_app(library).test_client()
    for _ in range(2):
        english, spanish = (client.get(f"/documents?ui={language}").text for language in ("en", "es"))
        assert "go to the search box" in english
        assert "go to the search box" not in spanish
        assert "Documents that are being added" in english
        assert "Documents that are being added" not in spanish


def test_what_all_pages_share_leads_to_where_the_pages_are_served(library: Services) -> None:
    client = create_app(library).test_client()
    for root in ("", "/kb", ""):
        page = client.get("/documents", base_url=f"http://localhost{root}").text
        assert f'data-token="{root}/api/v1/token"' in page
        assert f'href="{root}/static/style.css' in page
