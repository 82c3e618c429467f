import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.ingest.archive_fixtures import zipped
from tests.library import take_in
from tests.webapp.conftest import HOSTILE, VISITS, passages_at, put, source_at
from webapp import create_app, documents
from webapp.wiring import Services


def test_documents_are_listed_by_collection_with_failures_explained(client: FlaskClient) -> None:
    page = client.get("/documents").text
    assert page.index(">house<") < page.index("visits.md") < page.index("hostile.html")
    assert "could not be read" in page
    assert "has no words" in page or "is empty" in page
    assert "Spanish" in page


def test_the_list_can_be_narrowed(client: FlaskClient) -> None:
    odd = client.get("/documents?collection=odd").text
    assert "hostile.html" in odd
    assert "visitas.md" not in odd
    failed = client.get("/documents?state=failed").text
    assert "nothing.txt" in failed
    assert "hostile.html" not in failed
    assert client.get("/documents?state=nonsense").status_code == 200


def test_a_long_list_comes_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "PER_PAGE", 2)
    places: list[str] = []
    for page in (1, 2, 3):
        places += re.findall(r'class="where"><bdi>([^<]+)<', client.get(f"/documents?page={page}").text)
    assert len(places) == len(set(places)) == 5
    assert "Page 3 of 3" in client.get("/documents?page=99").text


def test_a_document_is_shown_whole_with_its_outline_and_provenance(
    client: FlaskClient, library: Services
) -> None:
    source = source_at(library, "visits.md")
    page = client.get(f"/documents/{source.id}").text
    assert page.count("<h1") == 1
    assert re.search(r'<h2 id="h-\d+">Parking<a class="anchor"[^>]*></a></h2>', page)
    anchor = re.search(r'href="#(h-\d+)"><bdi>Parking', page)
    assert anchor is not None
    assert f'id="{anchor[1]}"' in page
    assert "twelve places" in page
    with library.catalog.reading() as transaction:
        revision = transaction.documents.revisions(source.id)[0]
    assert revision.sha256 in page
    assert "text/markdown" in page
    assert "visits.md" in page


def test_every_passage_of_a_document_has_its_own_link(client: FlaskClient, library: Services) -> None:
    page = client.get(f"/documents/{source_at(library, 'visits.md').id}").text
    for passage in passages_at(library, "visits.md"):
        assert f'id="p-{passage.id}" href="/p/{passage.id}"' in page


def test_the_passage_asked_for_is_set_off(client: FlaskClient, library: Services) -> None:
    source = source_at(library, "visits.md")
    passage = passages_at(library, "visits.md")[1]
    page = client.get(f"/documents/{source.id}?passage={passage.id}").text
    cited = page[page.index('<section class="cited"') : page.index("</section>", page.index("cited"))]
    assert f'id="p-{passage.id}"' in cited
    assert "cannot be washed" in cited
    assert f"http://localhost/p/{passage.id}" in cited
    assert "twelve places" not in cited


def test_a_passage_of_another_document_is_led_to_where_it_stands(
    client: FlaskClient, library: Services
) -> None:
    elsewhere = passages_at(library, "hostile.html")[0]
    response = client.get(f"/documents/{source_at(library, 'visits.md').id}?passage={elsewhere.id}")
    assert (response.status_code, response.location) == (302, f"/p/{elsewhere.id}")


def test_hostile_documents_are_text(client: FlaskClient, library: Services) -> None:
    page = client.get(f"/documents/{source_at(library, 'hostile.html').id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "</aside>" in page[page.index("</article>") :]
    assert page.count("</article>") == 1
    assert "<td>unicorn &lt;b&gt;</td>" in page


def test_the_original_is_sent_as_a_file_that_never_runs(client: FlaskClient, library: Services) -> None:
    response = client.get(f"/documents/{source_at(library, 'hostile.html').id}/original")
    assert response.data == HOSTILE.encode()
    assert response.headers["Content-Type"] == "text/html"
    assert response.headers["Content-Disposition"] == "attachment; filename=hostile.html"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ['a"b;c.md', "línea ñ.md", "two\nlines.md", "\u202egpj.md"])
def test_an_odd_file_name_is_no_error(services: Services, tmp_path: Path, name: str) -> None:
    source_id = put(services, tmp_path / "odd" / name, VISITS)
    client = create_app(services).test_client()
    assert client.get("/documents").status_code == 200
    page = client.get(f"/documents/{source_id}")
    assert page.status_code == 200
    response = client.get(f"/documents/{source_id}/original")
    assert response.data == VISITS.encode()
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_an_id_read_aloud_is_understood(client: FlaskClient, library: Services) -> None:
    source_id = source_at(library, "visits.md").id
    response = client.get(f"/documents/{source_id.upper()}?part=1")
    assert (response.status_code, response.location) == (302, f"/documents/{source_id}?part=1")


def test_parameters_cannot_bend_a_redirect(client: FlaskClient, library: Services) -> None:
    source_id = source_at(library, "visits.md").id
    response = client.get(f"/documents/{source_id.upper()}?_external=1&_scheme=javascript&_anchor=x")
    assert response.location.startswith(f"/documents/{source_id}?")


def test_an_unknown_document_is_not_found(client: FlaskClient) -> None:
    response = client.get("/documents/zzzzzzzzzzzz")
    assert response.status_code == 404
    assert "No document has this address" in response.text
    assert client.get("/documents/zzzzzzzzzzzz/original").status_code == 404


def test_a_document_that_could_not_be_read_says_why(client: FlaskClient, library: Services) -> None:
    source_id = source_at(library, "nothing.txt").id
    page = client.get(f"/documents/{source_id}")
    assert page.status_code == 200
    assert "could not be read" in page.text
    assert client.get(f"/documents/{source_id}/original").status_code == 404


def test_a_removed_document_is_gone_and_says_when(services: Services, tmp_path: Path) -> None:
    source_id = put(services, tmp_path / "house" / "visits.md", VISITS)
    services.pipeline.remove(source_id)
    response = create_app(services).test_client().get(f"/documents/{source_id}")
    assert response.status_code == 410
    assert "taken out of the library" in response.text


def test_the_version_before_a_failed_one_is_served_with_a_note(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "house" / "visits.md"
    source_id = put(services, path, VISITS)
    put(services, path, "")
    page = create_app(services).test_client().get(f"/documents/{source_id}").text
    assert "A newer version of this document could not be read" in page
    assert "twelve places" in page


def test_an_archive_lists_its_files_and_each_names_the_archive(services: Services, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "papers.zip").write_bytes(zipped({"plan.txt": "The plan is kept.", "empty.txt": ""}))
    take_in(services, tmp_path / "docs")
    client = create_app(services).test_client()
    archive, part = (source_at(services, f"papers.zip{inner}") for inner in ("", "//plan.txt"))
    listing = client.get("/documents").text
    assert f"/documents/{archive.id}" in listing
    assert "papers.zip//plan.txt" in listing
    page = client.get(f"/documents/{archive.id}")
    assert page.status_code == 200
    assert f'href="/documents/{part.id}"' in page.text
    assert "could not be read" in page.text
    assert "waiting" not in page.text
    below = client.get(f"/documents/{part.id}").text
    assert f'href="/documents/{archive.id}"' in below
    assert "papers.zip › plan.txt" in below
    original = client.get(f"/documents/{archive.id}/original")
    assert original.mimetype == "application/zip"
    assert "filename=plan.txt" in client.get(f"/documents/{part.id}/original").headers["Content-Disposition"]


def test_a_document_says_its_licence_and_owner_in_the_language_of_the_page(
    services: Services, tmp_path: Path
) -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    head = f'<link rel=license href="{licence}"><meta name="rightsholder" content="County of Lakes">'
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "desk.html").write_text(
        f"<html><head><title>Desk</title>{head}</head><body><p>The desk answers at night.</p></body></html>"
    )
    take_in(services, tmp_path / "web")
    with services.catalog.reading() as transaction:
        (source,) = transaction.sources.all()
    client = create_app(services).test_client()
    told = client.get(f"/api/v1/documents/{source.id}").get_json()["document"]
    assert told["particulars"] == [
        {"name": "Licence", "value": licence},
        {"name": "Owner", "value": "County of Lakes"},
    ]
    assert (told["author"], told["dated"], told["url"]) == ("", None, "")
    for ui, labels in (("en", ("Licence", "Owner")), ("es", ("Licencia", "Propietario"))):
        page = html.fromstring(client.get(f"/documents/{source.id}?ui={ui}").text)
        said = {row.findtext("dt/bdi"): row.find("dd") for row in page.findall(".//section/dl/div")}
        assert said[labels[0]].find("a").get("href") == licence
        assert said[labels[1]].text_content() == "County of Lakes"
