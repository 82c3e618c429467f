import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.sync import sync
from ingest.batch import accept_all
from tests.library import outcomes_of, services_at
from tests.webapp.conftest import VISITS, passages_at, put, source_at
from webapp import create_app
from webapp.presenters import search_json
from webapp.wiring import Services


def got(client: FlaskClient, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.text
    return json.loads(response.data)


def test_a_search_has_the_shape_of_the_command_line(client: FlaskClient, library: Services) -> None:
    body = got(client, "/api/v1/search?q=ambulance+parking&limit=3")
    expected = search_json(library.search.search("ambulance parking", limit=3))
    assert {**body, "took_ms": 0} == {**json.loads(json.dumps(expected)), "took_ms": 0}
    (hit, *_) = body["hits"]
    assert hit["permalink"] == f"/p/{hit['passage_id']}"
    assert [hit["text"][a:b].lower() for a, b in hit["highlights"]].count("ambulance") == 1
    start, end = hit["best_sentence"]
    assert "ambulance" in hit["text"][start:end]
    (copy,) = hit["also_in"]
    assert {hit["source"]["collection"], copy["source"]["collection"]} == {"house", "odd"}
    assert body["missing"] == []


def test_a_search_is_paged_and_filtered(client: FlaskClient) -> None:
    first = got(client, "/api/v1/search?q=visits+book&limit=1")["hits"]
    second = got(client, "/api/v1/search?q=visits+book&limit=1&offset=1")["hits"]
    assert [hit["rank"] for hit in first + second] == [1, 2]
    assert first[0]["passage_id"] != second[0]["passage_id"]
    spanish = got(client, "/api/v1/search?q=firman+el+libro&lang=es")["hits"]
    assert {hit["language"] for hit in spanish} == {"es"}
    odd = got(client, "/api/v1/search?q=visits&collection=odd")["hits"]
    assert {hit["source"]["collection"] for hit in odd} == {"odd"}


@pytest.mark.parametrize(
    "query",
    ["q=x&limit=0", "q=x&limit=101", "q=x&limit=ten", "q=x&offset=-1", "q=x&offset=10001", "q=x&lang=fr",
     "q=x&limit=1e3", "q=x&limit=", "q=x&limit=٣", "", "q=", "q=%3F%3F"],
)  # fmt: skip
def test_bad_parameters_are_problems_with_a_remedy(client: FlaskClient, query: str) -> None:
    response = client.get(f"/api/v1/search?{query}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data)
    assert problem["status"] == 400
    assert problem["title"] == "Bad Request"
    assert problem["code"]
    assert problem["detail"]
    assert problem["remedy"]


@pytest.mark.parametrize("query", ["q=%FF%FE", "q=a%00b", "q=" + "x" * 5000, "q=" + "x+" * 5000, "q=🦄+%F0"])
def test_odd_questions_are_answered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/search?{query}").status_code == 200


def test_a_passage_has_w3c_selectors(client: FlaskClient, library: Services) -> None:
    passage = passages_at(library, "visits.md")[1]
    body = got(client, f"/api/v1/passages/{passage.id.upper()}")
    quote, position = body["selectors"]
    assert (quote["type"], quote["exact"]) == ("TextQuoteSelector", passage.text)
    assert position == {"type": "TextPositionSelector", "start": passage.start, "end": passage.end}
    assert body["status"] == "current"
    assert body["now"]["passage_id"] == passage.id
    assert body["source"]["sha256"]


def test_a_changed_passage_tells_what_stands_there_now(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "house" / "visits.md"
    put(services, path, VISITS)
    cited = passages_at(services, "visits.md")[0].id
    put(services, path, VISITS.replace("on weekdays from nine to five", "daily at ten"))
    body = got(create_app(services).test_client(), f"/api/v1/passages/{cited}")
    assert body["status"] == "changed"
    assert "on weekdays" in body["text"]
    assert "daily at ten" in body["now"]["text"]
    assert 0.7 <= body["now"]["likeness"] < 1
    assert body["retired_at"]


def test_documents_are_listed_and_shown(client: FlaskClient, library: Services) -> None:
    body = got(client, "/api/v1/documents?collection=house&limit=2")
    assert body["total"] == 3
    assert len(body["documents"]) == 2
    (failed,) = got(client, "/api/v1/documents?state=failed")["documents"]
    assert failed["error"]["code"] == "source-empty"
    assert failed["error"]["remedy"]
    source = source_at(library, "visits.md")
    one = got(client, f"/api/v1/documents/{source.id}")
    assert one["document"]["language"] == "en"
    assert one["found"] is True
    assert [cited["passage_id"] for cited in one["cited_as"]] == [
        p.id for p in passages_at(library, "visits.md")
    ]
    nothing = got(client, f"/api/v1/documents/{failed['id']}")
    assert (nothing["document"], nothing["found"]) == (None, False)


def test_a_document_is_found_when_the_index_has_its_passages(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "house" / "visits.md"
    source_id = put(services, path, VISITS)
    client = create_app(services).test_client()
    path.write_text(VISITS.replace("twelve", "twenty"), encoding="utf-8")
    outcomes_of(
        services.pipeline, accept_all(services.pipeline, [path], collection=None, max_bytes=64_000_000)
    )
    assert got(client, f"/api/v1/documents/{source_id}")["found"] is False
    sync(services.catalog, services.generations, wait=5)
    # Another server: this one looks for a new index once a second.
    other = services_at(services.settings.home)
    assert got(create_app(other).test_client(), f"/api/v1/documents/{source_id}")["found"] is True
    other.close()


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/passages/zzzzzzzzzzzz", 404, "passage-unknown"),
        ("/api/v1/documents/zzzzzzzzzzzz", 404, "source-unknown"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/api/v1/documents?state=lost", 400, "bad-request"),
        ("/api/v1/documents?limit=1000", 400, "bad-request"),
    ],
)
def test_errors_are_problem_details(client: FlaskClient, address: str, status: int, code: str) -> None:
    response = client.get(address)
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data)
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)


def test_the_api_is_read_only(client: FlaskClient) -> None:
    response = client.post("/api/v1/search?q=x")
    assert response.status_code == 405
    assert response.content_type == "application/problem+json"
    assert "GET" in response.headers["Allow"]


def test_without_an_index_the_api_says_what_to_do(empty: FlaskClient) -> None:
    problem = got(empty, "/api/v1/search?q=hello", 503)
    assert problem["code"] == "index-missing"
    assert "kb ingest" in problem["remedy"]
