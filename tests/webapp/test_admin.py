import io
import json
import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.catalog.orders import OrderState, Work
from kb.model import SourceState
from tests.library import services_at, take_in, write
from tests.working import worked
from webapp import create_app
from webapp.wiring import Services

HOTLINE = b"Call the county hotline at 800-555-0100. It answers day and night."


@pytest.fixture
def client(services: Services, tmp_path: Path) -> FlaskClient:
    take_in(services, write(tmp_path / "guides", plan="A safety plan names people.", empty=""))
    return create_app(services).test_client()


def token(client: FlaskClient, page: str = "/admin/") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, address: str, **form: object) -> TestResponse:
    return client.post(address, data={"csrf_token": token(client), **form})


def plan(services: Services) -> str:
    with services.catalog.reading() as transaction:
        return next(source.id for source in transaction.sources.all() if source.place == "plan.txt")


@pytest.mark.parametrize(
    "address",
    [
        "/admin/orders",
        "/admin/documents/retry",
        "/admin/documents/x/remove",
        "/admin/upload",
        "/api/v1/documents",
    ],
)
def test_no_change_is_made_without_a_token(client: FlaskClient, address: str) -> None:
    assert client.post(address, data={"work": "rebuild"}).status_code == 400


def test_who_renews_the_panels_takes_no_message_from_the_page_that_is_on_its_way(client: FlaskClient) -> None:
    post(client, "/admin/orders", work="rebuild")
    panels = client.get("/admin/?panels=1")
    assert 'class="panels"' in panels.text
    assert "The worker has been told." not in panels.text
    assert "Set-Cookie" not in panels.headers
    assert "The worker has been told." in client.get("/admin/").text


def test_a_rebuild_is_ordered_and_the_worker_does_it(client: FlaskClient, services: Services) -> None:
    answer = post(client, "/admin/orders", work="rebuild")
    assert answer.status_code == 302
    assert "The worker has been told." in client.get("/admin/").text
    post(client, "/admin/orders", work="rebuild")
    assert "at it already" in client.get("/admin/").text
    worked(services)
    assert "Index 2 is live." in client.get("/admin/").text
    assert "El índice 2 está en uso." in client.get("/admin/?ui=es").text
    assert services.generations.live() == 2


def test_what_was_told_stays_while_a_page_without_scripts_loads_itself_again(
    client: FlaskClient, services: Services
) -> None:
    told = "The worker has been told."
    post(client, "/admin/orders", work="verify")
    assert told in client.get("/admin/").text
    again = re.search(r'http-equiv="refresh" content="3; url=([^"]+)"', client.get("/admin/?still=1").text)
    assert again is not None
    for _ in range(3):
        assert told in client.get(again[1]).text
    worked(services)
    ended = client.get(again[1]).text
    assert told in ended
    assert "refresh" not in ended
    assert told not in client.get(again[1]).text


def test_what_was_told_is_not_told_to_who_comes_later(client: FlaskClient) -> None:
    post(client, "/admin/orders", work="verify")
    assert "has been told" in client.get("/admin/").text
    assert "has been told" not in client.get("/admin/").text
    assert "has been told" not in client.get("/admin/?still=1").text


def test_a_check_that_finds_faults_says_which(client: FlaskClient, services: Services) -> None:
    with services.catalog.reading() as transaction:
        sha256 = sorted(transaction.documents.all_hashes())[0]
    services.blobs.path(sha256).unlink()
    post(client, "/admin/orders", work="verify")
    worked(services)
    page = client.get("/admin/").text
    assert "Ended with faults" in page
    assert sha256[:12] in page


def test_what_a_dead_worker_had_begun_is_begun_again(services: Services) -> None:
    with services.catalog.writing() as transaction:
        transaction.orders.give(Work.VERIFY)
        transaction.orders._set(Work.VERIFY, state=OrderState.RUNNING, taken_by="elsewhere:1")
        assert transaction.orders.take() is None, "another machine's worker may be alive"
        ours = f"{socket.gethostname()}:999999999"
        transaction.orders._set(Work.VERIFY, state=OrderState.RUNNING, taken_by=ours)
        assert transaction.orders.take() is Work.VERIFY


def test_nonsense_cannot_be_ordered(client: FlaskClient) -> None:
    assert post(client, "/admin/orders", work="format the disk").status_code == 400


def test_failures_are_listed_and_tried_again(client: FlaskClient, services: Services) -> None:
    page = client.get("/admin/").text
    assert "empty.txt" in page
    post(client, "/admin/documents/retry")
    with services.catalog.reading() as transaction:
        assert transaction.sources.states()[SourceState.PENDING] == 1


def test_a_removed_document_is_brought_back_with_its_links(client: FlaskClient, services: Services) -> None:
    with services.catalog.reading() as transaction:
        before = list(transaction.passages.live_ids())
    source_id = plan(services)
    assert "Remove from the library" in client.get(f"/admin/documents/{source_id}").text
    removed = post(client, f"/admin/documents/{source_id}/remove")
    page = client.get(removed.location).text
    assert "Bring it back" in page
    worked(services)
    assert client.get(f"/p/{before[0]}").status_code == 410
    post(client, f"/admin/documents/{source_id}/read")
    worked(services)
    with services.catalog.reading() as transaction:
        assert list(transaction.passages.live_ids()) == before
    assert client.get(f"/p/{before[0]}").status_code == 302


def test_a_form_leads_back_only_to_pages_of_ours(client: FlaskClient, services: Services) -> None:
    address = f"/admin/documents/{plan(services)}/read"
    assert post(client, address, back="/documents?page=2").location == "/documents?page=2"
    assert post(client, address, back="https://evil.example/").location == "/admin/"
    assert post(client, address, back="//evil.example/").location == "/admin/"


def test_progress_is_told_to_pages_that_ask(client: FlaskClient) -> None:
    now = client.get("/admin/progress.json").get_json()
    assert now["states"]["ready"] == 1
    assert now["behind"] == 0
    assert now["busy"] is False


def test_progress_is_streamed_as_events(client: FlaskClient) -> None:
    answer = client.get("/admin/progress")
    assert answer.content_type.startswith("text/event-stream")
    events = iter(answer.response)
    assert next(events).startswith(b"retry:")
    event = next(events)
    assert json.loads(event.removeprefix(b"data: "))["states"]["failed"] == 1
    answer.close()


def test_files_come_in_by_a_form_and_are_found_when_read(client: FlaskClient, services: Services) -> None:
    files = [(io.BytesIO(HOTLINE), "hotline.txt"), (io.BytesIO(b"Visits are on Monday."), "visits.txt")]
    answer = post(client, "/admin/upload", file=files, collection="desk")
    assert answer.location == "/documents?collection=desk"
    worked(services)
    answers = services_at(services.settings.home).search.search("hotline number")
    assert answers.hits[0].citation.source.collection == "desk"
    assert "visits.txt" in client.get(answer.location).text


def test_a_program_sends_one_file_and_hears_what_became_of_it(client: FlaskClient) -> None:
    headers = {"X-CSRFToken": token(client)}

    def send(content: bytes, name: str) -> TestResponse:
        body = {"file": (io.BytesIO(content), name), "collection": "desk"}
        return client.post("/api/v1/documents", data=body, headers=headers)

    first = send(HOTLINE, "hotline.txt")
    assert (first.status_code, first.get_json()["outcome"]) == (202, "accepted")
    refused = send(b"\x7fELF\x02\x01\x01" + bytes(50), "program.txt")
    assert refused.status_code == 422
    assert refused.get_json()["error"]["remedy"]


def test_a_file_of_the_same_name_is_the_next_revision(client: FlaskClient, services: Services) -> None:
    for content in (HOTLINE, HOTLINE.replace(b"0100", b"0199")):
        post(client, "/admin/upload", file=(io.BytesIO(content), "hotline.txt"), collection="desk")
        worked(services)
    with services.catalog.reading() as transaction:
        (source,) = transaction.sources.all(collection="desk")
        assert len(transaction.documents.versions(source.id)) == 2


def test_two_files_of_one_name_in_one_form_do_not_replace_each_other(
    client: FlaskClient, services: Services
) -> None:
    words = [f"The {animal} waits at the door of the house.".encode() for animal in ("penguin", "walrus")]
    files = [(io.BytesIO(one), "same.txt") for one in words]
    answer = client.post("/admin/upload", data={"csrf_token": token(client), "file": files})
    assert answer.text.count("Another file of this name comes with it.") == 1 + 1  # for scripts, and told
    worked(services)
    assert services.search.search("penguin").total == 1
    assert services.search.search("walrus").total == 0


def test_a_name_is_a_label_and_never_a_path(client: FlaskClient, services: Services) -> None:
    post(client, "/admin/upload", file=(io.BytesIO(HOTLINE), "../../etc/passwd"), collection="desk")
    with services.catalog.reading() as transaction:
        (source,) = transaction.sources.all(collection="desk")
    assert source.place == "etc/passwd"


def test_a_file_over_the_limit_is_refused_with_a_reason(tmp_path: Path, services: Services) -> None:
    small = replace(services, settings=replace(services.settings, max_file_mb=0))
    client = create_app(small).test_client()
    answer = post(client, "/admin/upload", file=(io.BytesIO(HOTLINE), "long.txt"))
    assert "larger than the limit of" in answer.text


def test_the_secret_is_made_once_and_is_private(services: Services) -> None:
    first, second = create_app(services), create_app(services)
    assert first.secret_key == second.secret_key
    assert (services.settings.home / "secret").stat().st_mode & 0o077 == 0
