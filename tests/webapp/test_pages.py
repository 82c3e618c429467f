"""Do the pages of a PDF show what stands on them, to those who may read the document?"""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from kb.model import Passage, Source
from tests.ingest.readers.pdf.paper import PROSE, notes_paper
from tests.library import services_at, take_in
from webapp import create_app
from webapp.wiring import Services

MORE = "The office keeps them for seven years. " * 12
LAST = "On the second page the worker signs the notes & files them <b>at once</b>."


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("printed")
    (folder / "docs").mkdir()
    (folder / "docs" / "notes.pdf").write_bytes(notes_paper(f"{LAST} {MORE}"))
    (folder / "docs" / "plain.txt").write_text(PROSE, encoding="utf-8")
    services = services_at(folder / "home")
    take_in(services, folder / "docs")
    yield services
    services.close()


@pytest.fixture
def client(printed: Services) -> FlaskClient:
    return create_app(printed).test_client()


@pytest.fixture
def pdf(printed: Services) -> Source:
    with printed.catalog.reading() as transaction:
        return next(one for one in transaction.sources.all() if one.place == "notes.pdf")


@pytest.fixture
def last(printed: Services, pdf: Source) -> Passage:
    with printed.catalog.reading() as transaction:
        return next(one for one in transaction.passages.of_source(pdf.id) if "files them" in one.text)


def test_a_page_shows_its_picture_its_words_and_the_lines_of_the_passage(
    client: FlaskClient, pdf: Source, last: Passage
) -> None:
    page = client.get(f"/documents/{pdf.id}/pages/2?passage={last.id}").get_data(as_text=True)
    assert f"/documents/{pdf.id}/pages/2.png?width=1600 1600w" in page
    assert page.count("<rect ") >= 1
    assert "&lt;b&gt;at once" in page
    assert "<b>at once" not in page
    assert "A worker who visits" not in page.partition('<article class="prose')[2].partition("</article>")[0]
    assert "style=" not in page


def test_a_page_without_the_passage_leads_to_its_page(
    client: FlaskClient, pdf: Source, last: Passage
) -> None:
    assert last.pages == (2, 2)
    page = client.get(f"/documents/{pdf.id}/pages/1?passage={last.id}").get_data(as_text=True)
    assert "does not stand on this page" in page
    assert "<rect " not in page


def test_a_picture_is_kept_by_browsers_but_asked_for_again(client: FlaskClient, pdf: Source) -> None:
    answer = client.get(f"/documents/{pdf.id}/pages/1.png?width=800")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(
        f"/documents/{pdf.id}/pages/1.png?width=800", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert not again.data


@pytest.mark.parametrize(
    "rest", ["pages/3.png", "pages/0.png", "pages/1.png?width=801", "pages/3", "pages?to=ix"]
)
def test_what_is_not_there_is_not_drawn(client: FlaskClient, pdf: Source, rest: str) -> None:
    assert client.get(f"/documents/{pdf.id}/{rest}").status_code == 404


def test_a_number_typed_leads_to_its_page_with_the_question(client: FlaskClient, pdf: Source) -> None:
    answer = client.get(f"/documents/{pdf.id}/pages?to=2&q=notes")
    assert answer.headers["Location"] == f"/documents/{pdf.id}/pages/2?q=notes"


def test_a_document_without_pages_is_read_as_text(client: FlaskClient, printed: Services) -> None:
    with printed.catalog.reading() as transaction:
        plain = next(one for one in transaction.sources.all() if one.place == "plain.txt")
    assert client.get(f"/documents/{plain.id}/pages/1").headers["Location"] == f"/documents/{plain.id}"
    assert client.get(f"/documents/{plain.id}/pages/1.png").status_code == 404


def test_hits_and_documents_lead_to_the_page(client: FlaskClient, pdf: Source, last: Passage) -> None:
    results = client.get("/search?q=second+page+signs+files").get_data(as_text=True)
    assert f"/documents/{pdf.id}/pages/{last.first_page}?passage={last.id}&amp;q=second+page" in results
    read = client.get(f"/documents/{pdf.id}?passage={last.id}").get_data(as_text=True)
    assert f"/documents/{pdf.id}/pages/{last.first_page}?passage={last.id}" in read
