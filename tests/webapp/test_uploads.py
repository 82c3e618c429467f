"""Is each file that a page sends by itself told what became of it?"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.working import worked
from webapp import create_app
from webapp.wiring import Services

HOTLINE = b"Call the county hotline at 800-555-0100. It answers day and night."


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services).test_client()


def send(client: FlaskClient, content: bytes, name: str, *, ui: str = "en") -> dict[str, Any]:
    token = client.get("/api/v1/token").get_json()["csrf_token"]
    body = {"file": (io.BytesIO(content), name), "collection": "desk"}
    answer = client.post(f"/admin/upload/one?ui={ui}", data=body, headers={"X-CSRFToken": token})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


def fates(client: FlaskClient, *sources: str, ui: str = "en") -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get(
        "/admin/upload/fates", query_string={"id": sources, "ui": ui}
    ).get_json()["documents"]
    return told


def test_a_file_is_taken_in_and_then_found(client: FlaskClient, services: Services) -> None:
    taken = send(client, HOTLINE, "hotline.txt")
    assert (taken["outcome"], taken["why"]) == ("accepted", "")
    (waiting,) = fates(client, taken["id"])
    assert (waiting["state"], waiting["found"]) == ("pending", False)
    worked(services)
    (done,) = fates(client, taken["id"])
    assert (done["state"], done["found"], done["why"]) == ("ready", True, "")
    assert client.get(done["address"]).status_code == 200


def test_who_added_documents_sees_all_of_them_found_and_no_other(
    client: FlaskClient, services: Services
) -> None:
    sent = [
        send(client, f"{word} is open on weekdays.".encode(), f"{word}-{place}.txt")["id"]
        for place, word in enumerate(("clinic", "kitchen", "clinic and kitchen"))
    ]
    worked(services)
    answer = client.get("/admin/upload/found", query_string={"id": sent[:2]}, follow_redirects=True)
    shown = answer.get_data(as_text=True)
    assert "2 passages match." in shown
    assert "is open on weekdays" in shown
    assert answer.request.args["q"]
    assert client.get("/admin/upload/found?id=nobody", follow_redirects=True).status_code == 200


def test_what_is_read_but_not_yet_in_the_index_is_not_said_to_be_found(
    client: FlaskClient, services: Services
) -> None:
    send(client, HOTLINE, "first.txt")
    worked(services)
    taken = send(client, HOTLINE.replace(b"0100", b"0199"), "second.txt")
    assert services.pipeline.read_next() is not None
    (read,) = fates(client, taken["id"])
    assert (read["state"], read["found"]) == ("ready", False)


def test_a_file_that_is_here_already_is_unchanged(client: FlaskClient, services: Services) -> None:
    send(client, HOTLINE, "hotline.txt")
    worked(services)
    assert send(client, HOTLINE, "hotline.txt")["outcome"] == "unchanged"


def test_a_file_that_cannot_be_read_says_why_in_the_language_of_the_page(
    client: FlaskClient, services: Services
) -> None:
    taken = send(client, b"%PDF-1.7\nno more", "damaged.pdf")
    worked(services)
    (failed,) = fates(client, taken["id"])
    assert failed["state"] == "failed"
    assert "damaged.pdf" in failed["why"]
    assert "Get the file again" in failed["why"]
    (failed,) = fates(client, taken["id"], ui="es")
    assert "damaged.pdf es un PDF dañado" in failed["why"]


def test_a_file_that_is_too_large_is_told_so(services: Services) -> None:
    small = replace(services, settings=replace(services.settings, max_file_mb=0))
    refused = send(create_app(small).test_client(), HOTLINE, "long.txt")
    assert refused["outcome"] == "failed"
    assert refused["why"].startswith("The file is larger than the limit of 0 MB. ")


@pytest.mark.parametrize("address", ["/admin/upload/one", "/admin/upload/one?ui=es"])
def test_a_file_without_a_token_is_not_taken_in(client: FlaskClient, address: str) -> None:
    body = {"file": (io.BytesIO(HOTLINE), "hotline.txt")}
    assert client.post(address, data=body).status_code == 400
    assert fates(client, "nonsense", "", "0" * 12) == []


def test_a_name_with_a_script_or_a_turned_direction_stays_a_name(
    client: FlaskClient, services: Services
) -> None:
    taken = send(client, b"%PDF-1.7\nno more", "<script>alert(1)</script> \u202egpj.pdf")
    worked(services)
    (failed,) = fates(client, taken["id"])
    assert "\u202e" not in failed["why"]
    for page in ("/admin/", "/documents", f"/documents/{taken['id']}", f"/admin/documents/{taken['id']}"):
        shown = client.get(page).text
        assert "script&gt; gpj.pdf" in shown
        assert "\u202e" not in shown
        assert "<script>alert" not in shown
