import io
import json
import re
from dataclasses import replace
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import jsonschema_rs
import pytest
from flask.testing import FlaskClient

from kb.errors import SettingsError
from tests.webapp.conftest import passages_at
from webapp import create_app
from webapp.openapi.schema import Schema, more, schema_of
from webapp.wiring import Services


class Inner(TypedDict):
    """An inner shape."""

    name: NotRequired[str]


class Outer(Inner):
    """An outer shape
    of two lines."""

    inner: Inner | None
    kind: Literal["a", "b"]
    counts: dict[str, list[Annotated[int, more(minimum=0)]]]


def test_a_type_becomes_a_schema() -> None:
    named: dict[str, Schema] = {}
    assert schema_of(list[Outer], named) == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Outer"},
    }
    assert named["Outer"] == {
        "type": "object",
        "description": "An outer shape of two lines.",
        "properties": {
            "name": {"type": "string"},
            "inner": {"anyOf": [{"$ref": "#/components/schemas/Inner"}, {"type": "null"}]},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "counts": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "integer", "minimum": 0}},
            },
        },
        "required": ["inner", "kind", "counts"],
        "additionalProperties": False,
    }
    with pytest.raises(TypeError, match="has no schema"):
        schema_of(set[str], named)


def description(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/api/openapi.json")
    assert response.content_type == "application/json"
    return dict(json.loads(response.data))


def test_the_description_is_openapi_3_1_with_schemas_that_are_ones(client: FlaskClient) -> None:
    found = description(client)
    assert found["openapi"].startswith("3.1.")
    for schema in found["components"]["schemas"].values():
        assert jsonschema_rs.meta.is_valid(schema)
        assert schema["description"]
    said = [operation for path in found["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in said}) == len(said) >= 8
    for operation in said:
        assert operation["summary"].endswith(".")
        assert {"400", "500", "503"} <= set(operation["responses"])


def test_every_reference_leads_somewhere(client: FlaskClient) -> None:
    found = description(client)
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(found)))
    assert references == set(found["components"]["schemas"])


def test_an_answer_with_all_its_parts_is_as_described(client: FlaskClient) -> None:
    found = description(client)
    schema = {"$ref": "#/components/schemas/Answer", "components": found["components"]}
    answer = client.get("/api/v1/search?q=visits+parking+ambulance&explain=1").get_json()
    assert answer["hits"]
    jsonschema_rs.validate(schema, answer)


def test_the_page_has_a_form_for_each_operation_and_nothing_inline(client: FlaskClient) -> None:
    page = client.get("/api/docs").text
    operations = [one for path in description(client)["paths"].values() for one in path.values()]
    assert len(re.findall(r"<form [^>]*data-try", page)) == len(operations)
    assert re.findall(r"<script(?! src=\"/static/)", page) == []
    assert re.findall(r"<[^>]+\s(?:style|on\w+)=", page) == []
    assert "Interfaz de programación" in client.get("/api/docs?ui=es").text


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("search?q=a+%26+b&lang=en&lang=es&collection=&limit=", "/api/v1/search?q=a+%26+b&lang=en&lang=es"),
        ("passage?passage_id=a%2Fb%3Fc", "/api/v1/passages/a%2Fb%3Fc"),
        ("documents", "/api/v1/documents"),
    ],
)
def test_without_scripts_a_form_leads_to_the_address_of_its_operation(
    client: FlaskClient, asked: str, led_to: str
) -> None:
    assert client.get(f"/api/try/{asked}").location == led_to


@pytest.mark.parametrize("operation", ["upload_one", "nothing"])
def test_a_form_leads_to_nothing_that_is_not_read(client: FlaskClient, operation: str) -> None:
    response = client.get(f"/api/try/{operation}")
    assert response.status_code == 404
    assert response.content_type.startswith("text/html")


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("GET", "/api/v2/search", {}, 404),
        ("GET", "/api/", {}, 404),
        ("DELETE", "/api/v1/documents", {}, 405),
        ("PUT", "/api/v1/search", {}, 405),
        ("POST", "/api/v1/documents", {"json": {}}, 415),
        ("POST", "/api/v1/documents", {"data": {"a": "b"}, "content_type": "multipart/form-data"}, 400),
        ("GET", "/api/v1/search", {"headers": {"Host": "evil.example"}}, 400),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_is_a_problem_with_a_remedy(
    client: FlaskClient, method: str, address: str, body: dict[str, Any], status: int
) -> None:
    token = client.get("/api/v1/token").get_json()["csrf_token"]
    body = {**body, "headers": {"X-CSRFToken": token, **body.get("headers", {})}}
    response = client.open(address, method=method, **body)
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data)
    assert (response.status_code, problem["status"]) == (status, status)
    assert problem["detail"]
    assert problem["remedy"]


def test_a_field_without_a_name_is_refused_and_breaks_nothing(client: FlaskClient) -> None:
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\nwords\r\n--x--\r\n"
    response = client.post("/api/v1/documents", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400
    assert "no name" in json.loads(response.data)["detail"]


def test_a_program_takes_a_token_and_sends_a_file(services: Services) -> None:
    client = create_app(services).test_client()
    token = client.get("/api/v1/token").get_json()["csrf_token"]
    body = {"file": (io.BytesIO(b"Parking is behind the house."), "parking.txt")}
    response = client.post("/api/v1/documents", data=body, headers={"X-CSRFToken": token})
    assert (response.status_code, response.get_json()["outcome"]) == (202, "accepted")


def test_other_sites_may_read_nothing_unless_they_are_named(client: FlaskClient, library: Services) -> None:
    asking = {"Origin": "https://intranet.example"}
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/documents", headers=asking).headers
    settings = replace(library.settings, api_origins="https://intranet.example/, http://10.0.0.8:81")
    named = create_app(replace(library, settings=settings)).test_client()
    answer = named.get("/api/v1/documents", headers=asking).headers
    assert answer["Access-Control-Allow-Origin"] == "https://intranet.example"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer
    for address, origin, method in (
        ("/api/v1/documents", "https://evil.example", "GET"),
        ("/api/v1/documents", "null", "GET"),
        ("/api/v1/documents", "https://intranet.example", "POST"),
        ("/documents", "https://intranet.example", "GET"),
        (f"/p/{passages_at(library, 'visits.md')[0].id}", "https://intranet.example", "GET"),
    ):
        other = named.open(address, method=method, headers={"Origin": origin}).headers
        assert "Access-Control-Allow-Origin" not in other
    asked_before = named.options("/api/v1/documents", headers=asking).headers
    assert asked_before["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("origin", ["*", "intranet.example", "https://", "https://a/b", "https://*.example"])
def test_a_site_that_is_none_is_refused_at_the_start(library: Services, origin: str) -> None:
    services = replace(library, settings=replace(library.settings, api_origins=origin))
    with pytest.raises(SettingsError):
        create_app(services)
