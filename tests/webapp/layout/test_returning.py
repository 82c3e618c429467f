"""Pages lead back to where their reader came from, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.library import services_at, take_in, write
from webapp import create_app
from webapp.layout.returning import is_ours


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("returning")
    services = services_at(folder / "home")
    lamp = "Lamp in the hall\n\nThe lamp in the hall is lit at six, not before."
    take_in(services, write(folder / "house", lamp=lamp))
    yield create_app(services).test_client()
    services.close()


def links(client: FlaskClient, address: str) -> dict[str, str]:
    """Return the addresses that a page leads to, by the words of the links; of several alike the first."""
    page = html.fromstring(client.get(address).text)
    found = page.xpath("//main//a[@href]")
    return {" ".join(one.text_content().split()): one.get("href") for one in reversed(found)}


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.org/", "//elsewhere.org", "/\\elsewhere.org", "\\\\elsewhere.org",
        "/\t/elsewhere.org", "\n//elsewhere.org", "javascript:alert(1)", " /search", "", "search",
    ],
)  # fmt: skip
def test_nothing_leads_back_to_another_site(client: FlaskClient, address: str) -> None:
    assert not is_ours(address)
    cited = links(client, "/search?q=lamp")["Cite"].split("?")[0]
    page = html.fromstring(client.get(cited, query_string={"back": address}).text)
    (link,) = page.xpath("//p[@class='trail']/a")
    assert link.get("href").startswith(f"http://localhost{cited.removesuffix('/cite')}")


def test_a_citation_leads_back_to_the_answers_as_they_were_narrowed(client: FlaskClient) -> None:
    answers = "/search?q=lamp+hall&lang=en&sort=newest"
    back = links(client, links(client, answers)["Cite"])["← Back to the answers"]
    assert back.startswith(f"{answers}#p-")
    assert back.split("#")[1] in client.get(back).text


def test_a_document_its_hits_and_its_citation_lead_back_the_same_way(client: FlaskClient) -> None:
    answers = "/search?q=lamp+hall&collection=house"
    document = links(client, answers)["Lamp in the hall"]
    assert links(client, document)["Back to the answers"] == answers
    back = links(client, links(client, document)["Cite"])["← Back"]
    assert links(client, back)["Back to the answers"] == answers


def test_the_address_of_a_plain_question_is_not_taken_along_to_a_document(client: FlaskClient) -> None:
    document = links(client, "/search?q=lamp")["Lamp in the hall"]
    assert "back=" not in document
    assert links(client, document)["Back to the answers"].startswith("/search?q=lamp#p-")


def test_a_question_too_long_to_be_written_twice_still_leads_to_the_document(client: FlaskClient) -> None:
    found = links(client, "/search?q=lamp+" + "hall+" * 900)
    assert found["Cite"].endswith("/cite")
    assert "/p/" in links(client, found["Cite"])["← Read it in the document"]
