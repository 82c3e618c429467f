from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb import ids
from tests.webapp.conftest import VISITS, passages_at, put, source_at
from webapp import create_app
from webapp.links.receipts import check_receipt
from webapp.passages import STYLES
from webapp.wiring import Services


def test_a_permanent_link_leads_to_the_passage_in_its_document(
    client: FlaskClient, library: Services
) -> None:
    passage = passages_at(library, "visits.md")[-1]
    response = client.get(f"/p/{passage.id}")
    source_id = source_at(library, "visits.md").id
    assert response.status_code == 302
    assert response.location == f"/documents/{source_id}?passage={passage.id}#p-{passage.id}"
    assert f'class="cited" id="p-{passage.id}"' in client.get(f"/p/{passage.id}", follow_redirects=True).text


def test_a_link_read_over_the_phone_is_understood(client: FlaskClient, library: Services) -> None:
    passage_id = passages_at(library, "visits.md")[0].id
    said = f"{passage_id[:6]}-{passage_id[6:]}".upper().replace("0", "O").replace("1", "L")
    response = client.get(f"/p/{said}")
    assert (response.status_code, response.location) == (302, f"/p/{passage_id}")


@pytest.mark.parametrize("passage_id", ["zzzzzzzzzzzz", "x", "%00", "a" * 3000, "<script>", "%F0%9F%A6%84"])
def test_an_unknown_link_is_a_helpful_not_found(client: FlaskClient, passage_id: str) -> None:
    response = client.get(f"/p/{passage_id}")
    assert response.status_code == 404
    assert "No passage has this link" in response.text
    assert "<script>" not in response.text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "house" / "visits.md"


def changed(services: Services, path: Path, text: str) -> tuple[FlaskClient, list[str]]:
    """Put the visits policy and then another text in its place; return the ids of the first passages."""
    source_id = put(services, path, VISITS)
    with services.catalog.reading() as transaction:
        before = [passage.id for passage in transaction.passages.of_source(source_id)]
    put(services, path, text)
    return create_app(services).test_client(), before


def test_changed_words_stand_beside_those_that_were_cited(services: Services, path: Path) -> None:
    client, before = changed(services, path, VISITS.replace("on weekdays from nine to five", "daily at ten"))
    response = client.get(f"/p/{before[0]}")
    assert response.status_code == 200
    assert "This passage has changed since it was cited" in response.text
    assert "<del>on weekdays" in response.text
    assert "<ins>daily at ten</ins>" in response.text
    (now,) = [p.id for p in passages_at(services, "visits.md") if "daily" in p.text]
    assert f"passage={now}#p-{now}" in response.text
    assert client.get(f"/p/{before[1]}").status_code == 302


def test_words_that_stand_in_another_passage_now_are_led_to(services: Services, path: Path) -> None:
    shorter = VISITS.replace("# Visits policy\n\n", "# Visits policy\n\nRead this before you come.\n\n")
    client, before = changed(services, path, shorter)
    cited = client.get(f"/p/{before[0]}")
    assert cited.status_code in (200, 302)
    split = VISITS.replace("\n## Parking\n\nThere are", "\nThere are")
    client, before = changed(services, path, split)
    lists = client.get(f"/p/{before[1]}")
    assert lists.status_code == 200
    assert "These words now stand in another passage" in lists.text


def test_words_that_are_gone_are_still_shown(services: Services, path: Path) -> None:
    client, before = changed(services, path, VISITS.split("## Parking", maxsplit=1)[0])
    response = client.get(f"/p/{before[-1]}")
    assert response.status_code == 410
    assert "This passage is no longer in the documents" in response.text
    assert "twelve places behind the house" in response.text
    assert "The document was changed on" in response.text


def test_a_passage_of_a_removed_document_is_still_shown(services: Services, path: Path) -> None:
    source_id = put(services, path, VISITS)
    passage = passages_at(services, "visits.md")[0]
    services.pipeline.remove(source_id)
    response = create_app(services).test_client().get(f"/p/{passage.id}")
    assert response.status_code == 410
    assert "Relatives may visit" in response.text
    assert "taken out of the library" in response.text


def test_links_resolve_without_any_index(library: Services, services: Services, path: Path) -> None:
    source_id = put(services, path, VISITS)
    passage_id = passages_at(services, "visits.md")[0].id
    for file in services.generations.folder.rglob("*"):
        if file.is_file():
            file.unlink()
    response = create_app(services).test_client().get(f"/p/{passage_id}")
    assert response.status_code == 302
    assert ids.spoken(source_id) in response.location


def test_a_passage_is_cited_in_every_style(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=visits").get_json()["hits"][0]
    page = client.get(f"{found['permalink']}/cite").text
    assert page.count("data-copy-of=") == len(STYLES)
    for style in STYLES:
        sent = client.get(f"{found['permalink']}/cite.{style.suffix}")
        assert sent.status_code == 200
        assert found["permalink"] in sent.text
    assert client.get(f"{found['permalink']}/cite.exe").status_code == 404


def test_a_receipt_is_sent_that_proves_itself(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=visits").get_json()["hits"][0]
    sent = client.get(f"{found['permalink']}/receipt.json")
    assert sent.status_code == 200
    assert "attachment" in sent.headers["Content-Disposition"]
    assert check_receipt(sent.get_json()) == []
    assert f"{found['permalink']}/receipt.json" in client.get(f"{found['permalink']}/cite").text
