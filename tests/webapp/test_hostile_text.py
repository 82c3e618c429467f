"""Text of documents that is made to do harm is text wherever it is sent: pages, feeds, programs, tables.

Every address that can be read is asked for every hostile document, so a new page is held to it as well.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.model import Citation
from tests.library import services_at, take_in
from tests.webapp.citation_readers import bibtex_fields, markdown_reading
from webapp import create_app
from webapp.cli import cli
from webapp.passages import STYLES
from webapp.wiring import Services

TAG = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(2)>"
LINK = "[press](javascript:alert(3))"
CLOSING = "\"></title></article></bdi>'}}, note = {{x"
FORMULA = "=cmd|'/c calc'!A1"
OVERRIDE = "\u202egpj.exe\u2066"
LONG = "w" * 1_000_000
ALL = f"{TAG} {IMAGE} {LINK} {CLOSING} {OVERRIDE}"
NEVER = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0, 0x1B]))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


PAGE = (
    f'<html><head><title>{escaped(ALL)}</title><meta name="author" content="{escaped(ALL)}"></head><body>'
    f"<h1>{escaped(ALL)}</h1><p>The unicorn eats {escaped(ALL)} at noon.</p><h2>{escaped(FORMULA)}</h2>"
    f"<p>The unicorn sleeps from 1 to 2.</p></body></html>"
)
NOTE = (
    f"# {LINK} `{TAG}` **{IMAGE}**\n\nThe unicorn drinks: {LINK}, 1. > * _x_ &lt;b&gt; {OVERRIDE}.\n\n---\n"
)
MAIL = (
    f"From: {ALL} <evil@example.org>\nSubject: {FORMULA} {ALL}\nContent-Type: text/plain; charset=utf-8\n\n"
    f"The unicorn writes {ALL}.\n- one\n1. two\n    code\n===\n"
)
DOCUMENTS = {
    "page.html": PAGE,
    f"{LINK}.md": NOTE,
    "mail.eml": MAIL,
    f"{OVERRIDE}.txt": "The unicorn goes home under its own name.",
    "two\nlines 'and' \"quotes\" <b>.txt": "The unicorn has a name on two lines.",
    f"{FORMULA.replace('/', '')}.txt": "The unicorn counts its horns.",
    "long.txt": f"The unicorn said: {LONG}. Then it went away.",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("hostile")
    services = services_at(folder / "home")
    shelf = folder / f"{IMAGE} {OVERRIDE}"
    shelf.mkdir()
    for name, text in DOCUMENTS.items():
        (shelf / name).write_text(text, encoding="utf-8")
    take_in(services, shelf)
    (shelf / "page.html").write_text(PAGE.replace("eats", "drinks"), encoding="utf-8")
    take_in(services, shelf)
    yield services
    services.close()


@pytest.fixture(scope="module")
def app(hostile: Services) -> Flask:
    return create_app(hostile)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@dataclass
class Seen(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its text."""

    faults: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = name in {"href", "src", "action", "formaction", "srcset", "data"}
            if name.startswith("on") or name == "style":
                self.faults.append(f"<{tag} {name}>")
            if address and re.match(r"\s*(javascript|data|vbscript):", value or "", re.I):
                self.faults.append(f"<{tag} {name}={value}>")
            if (
                tag in {"script", "img", "link"}
                and name in {"src", "href"}
                and not re.match(r"/\w", value or "")
            ):
                self.faults.append(f"<{tag} {name}={value}>")
        if tag in {"iframe", "object", "embed", "base", "applet"}:
            self.faults.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def faults_of(answer: TestResponse) -> list[str]:
    """Return what hostile text has brought about in an answer; nothing, it is hoped."""
    if answer.mimetype == "image/png" or "attachment" in answer.headers.get("Content-Disposition", ""):
        return []
    faults = [f"has U+{ord(char):04X}" for char in NEVER if char in answer.text]
    if answer.mimetype == "text/html":
        page = Seen()
        page.feed(answer.text)
        return faults + page.faults
    if answer.mimetype.endswith("json"):
        json.loads(answer.text)
        return faults
    if answer.mimetype.endswith("xml"):
        names = {element.tag for element in ElementTree.fromstring(answer.text).iter()}
        known = {"feed", "title", "id", "updated", "author", "name", "link", "entry", "summary"}
        return faults + sorted(names - {f"{{http://www.w3.org/2005/Atom}}{name}" for name in known})
    return faults


def values_of(services: Services) -> dict[str, list[dict[str, str | int]]]:
    """Return, by the names in an address, all values that there are for them."""
    with services.catalog.reading() as transaction:
        sources = transaction.sources.all()
        read = [one for one in sources if one.document_id is not None]
        passages = [passage.id for one in read for passage in transaction.passages.of_source(one.id)[:3]]
        versions = [
            {"source_id": one.id, "document_id": version.document_id}
            for one in read
            for version in transaction.documents.versions(one.id)
        ]
    return {
        "": [{}],
        "source_id": [{"source_id": one.id} for one in sources],
        "number,source_id": [{"source_id": one.id, "number": 1} for one in sources],
        "document_id,source_id": versions,
        "passage_id": [{"passage_id": one} for one in passages],
        "other_id,passage_id": [{"passage_id": one, "other_id": passages[0]} for one in passages],
        "passage_id,style": [
            {"passage_id": one, "style": style.suffix} for one in passages for style in STYLES
        ],
        "operation": [{"operation": "search"}],
    }


QUESTIONS = ["unicorn", f"unicorn {TAG} {IMAGE} {LINK} {CLOSING}", f'"unicorn" {FORMULA}', LONG[:5000]]


def addresses(app: Flask, services: Services) -> Iterator[str]:
    """Yield every address that can be read, for every document and passage, and all that takes words."""
    values = values_of(services)
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "admin.stream"}:
                continue
            for given in values[",".join(sorted(rule.arguments))]:
                yield url_for(rule.endpoint, **given)
        for question in QUESTIONS:
            for endpoint in ("search.results", "api.search", "api.suggest"):
                yield url_for(endpoint, q=question)
            for given in values["source_id"]:
                yield url_for("documents.document", q=question, find=question[:200], **given)
            for given in values["passage_id"]:
                yield url_for("judging.form", q=question, passage=given["passage_id"])
        yield url_for("documents.listing", collection=f"{IMAGE} {OVERRIDE}")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_address_sends_hostile_text_as_anything_but_text(
    app: Flask, hostile: Services, client: FlaskClient, language: str
) -> None:
    faults = []
    for address in addresses(app, hostile):
        answer = client.get(address, headers={"Accept-Language": language})
        assert answer.status_code < 500, address
        faults += [f"{address[:120]}: {fault}" for fault in faults_of(answer)]
    assert faults == []


def test_hostile_text_is_shown_as_it_was_written(client: FlaskClient, hostile: Services) -> None:
    page = Seen()
    page.feed(client.get("/search?q=at+noon").text)
    shown = "".join(page.text)
    for text in (TAG, IMAGE, LINK, CLOSING):
        assert text in shown


def test_a_word_of_a_megabyte_does_not_make_pages_of_megabytes(
    client: FlaskClient, hostile: Services
) -> None:
    assert len(client.get("/search?q=unicorn+said+went+away").data) < 100_000
    assert len(client.get("/api/v1/suggest?q=www").data) < 10_000


def cited_as(client: FlaskClient, services: Services, style: str) -> list[tuple[Citation, str]]:
    """Return the citation of each passage in a style, beside the passage."""
    with services.catalog.reading() as transaction:
        sources = [one for one in transaction.sources.all() if one.document_id is not None]
        found = [
            transaction.passages.citation(passage.id)
            for one in sources
            for passage in transaction.passages.of_source(one.id)[:3]
        ]
    assert len(found) > 5
    return [(one, client.get(f"/p/{one.passage.id}/cite.{style}").text) for one in found]


def test_no_title_or_author_ends_its_field_in_bibtex(client: FlaskClient, hostile: Services) -> None:
    for citation, entry in cited_as(client, hostile, "bib"):
        fields = bibtex_fields(entry)
        assert set(fields) <= {"title", "author", "year", "month", "pages", "url", "urldate", "note"}
        assert fields["url"].endswith(f"/p/{citation.passage.id}")
        assert fields["note"] == f"sha256 {citation.revision.sha256}"


def test_quoted_words_are_the_words_of_the_document_once_markdown_is_made_a_page(
    client: FlaskClient, hostile: Services
) -> None:
    for citation, written in cited_as(client, hostile, "md"):
        words, addresses = markdown_reading(written)
        assert " ".join(words.split()).startswith(" ".join(citation.passage.text.split()))
        assert [re.sub(r"https?://[^/]+", "", one) for one in addresses] == [f"/p/{citation.passage.id}"]


def test_titles_in_csl_json_and_annotations_are_strings(client: FlaskClient, hostile: Services) -> None:
    for citation, written in cited_as(client, hostile, "csl.json"):
        (entry,) = json.loads(written)
        assert entry["title"] == " ".join(citation.document_title.split())
        assert entry["URL"].endswith(citation.passage.id)
    for citation, written in cited_as(client, hostile, "jsonld"):
        quote = json.loads(written)["target"]["selector"][0]
        assert quote["exact"] == citation.passage.text


def test_mail_and_sentences_keep_titles_on_one_line(client: FlaskClient, hostile: Services) -> None:
    for _, written in cited_as(client, hostile, "eml.txt"):
        assert all(line.startswith(">") for line in written.split("\n\n")[0].split("\n"))
    for citation, written in cited_as(client, hostile, "txt"):
        assert "\n" not in written.strip()
        assert written.strip().endswith(f"/p/{citation.passage.id}")


def test_no_question_is_a_formula_in_a_table(client: FlaskClient, hostile: Services) -> None:
    for question in (FORMULA, "+1+1 unicorn", "@sum unicorn", "\t=1 unicorn", "-unicorn horn"):
        client.get("/search", query_string={"q": question})
    rows = list(csv.reader(io.StringIO(client.get("/admin/questions/table.csv").text.lstrip("\ufeff"))))
    assert all(not cell.lstrip().startswith(tuple("=+-@")) for row in rows[1:] for cell in row)


def test_an_original_is_saved_under_a_name_of_one_line(client: FlaskClient, hostile: Services) -> None:
    for source in values_of(hostile)["source_id"]:
        answer = client.get(f"/documents/{source['source_id']}/original")
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert not set(NEVER) & set(unquote(disposition))
        assert "\n" not in unquote(disposition)
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_terminal_is_sent_no_commands(hostile: Services) -> None:
    """A title may hold what a terminal takes for a command (ESC), or a name that reads backwards."""
    given = CliRunner().invoke(
        cli, ["search", "unicorn", "-n", "20"], env={"KB_HOME": str(hostile.settings.home)}
    )
    assert given.exit_code == 0
    assert not set(NEVER) & set(given.output)
