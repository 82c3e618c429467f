"""What is asked is counted without who asked, and shown to those who manage the library."""

import csv
import io
import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb.catalog import Catalog, dialect
from kb.catalog.questions import Asked, Counted
from tests.library import services_at, take_in, write
from tests.webapp.conftest import VISITS
from tests.working import worked
from webapp import create_app
from webapp.insight import as_csv
from webapp.recording import Recorder, same_words
from webapp.wiring import Services

TODAY = datetime.now(UTC).date()


@pytest.fixture
def house(services: Services, tmp_path: Path) -> Services:
    """A library of its own, with what is asked kept beside the answering only when a test says so."""
    take_in(services, write(tmp_path / "house", visits=VISITS))
    return services


def settled(services: Services) -> dict[str, Asked]:
    """Return what has been counted so far, by its text."""
    assert services.recorder is not None
    assert services.recorder.settle()
    with services.catalog.reading() as transaction:
        return {one.text: one for one in transaction.questions.asked(since=TODAY, limit=99)}


def test_a_question_is_counted_with_how_it_was_answered_and_without_who_asked(
    house: Services, tmp_path: Path
) -> None:
    client = create_app(house).test_client()
    client.get(
        "/search?q=where+is+parking",
        headers={"User-Agent": "Telltale/9", "X-Forwarded-For": "203.0.113.8"},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    one = settled(house)["where is parking"]
    assert (one.times, one.total, one.last) == (1, 1, TODAY)
    house.catalog.copy_to(tmp_path / "copy.sqlite")
    content = (tmp_path / "copy.sqlite").read_bytes()
    assert b"where is parking" in content
    assert not re.search(rb"Telltale|203\.0\.113", content)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [("known", "where do … visit …"), ("all", "where do the zebras visit …")],
)
def test_numbers_are_masked_before_they_are_kept_and_words_as_the_settings_say(
    house: Services, tmp_path: Path, kept: str, expected: str
) -> None:
    services = replace(house, settings=replace(house.settings, questions=kept))
    create_app(services).test_client().get("/search?q=where+do+the+zebras+visit+12-AB-3456")
    assert list(settled(services)) == [expected.replace("do …", "do the …") if kept == "known" else expected]
    services.close()
    content = b"".join(path.read_bytes() for path in house.settings.home.glob("catalog.sqlite*"))
    assert b"AB-3456" not in content


def test_nothing_is_kept_where_that_is_said(house: Services) -> None:
    services = replace(house, settings=replace(house.settings, questions="none"))
    client = create_app(services).test_client()
    page = client.get("/search?q=parking").text
    assert services.recorder is None
    assert "/mark?" not in page
    assert client.get("/mark?q=parking&passage=x").status_code == 404
    assert "Questions are not counted now" in client.get("/admin/questions").text


def test_the_same_asking_narrowed_down_and_what_the_owner_follows_count_once(house: Services) -> None:
    client = create_app(house).test_client()
    for more in ("", "&lang=en", "&sort=newest", "&expand=0", "&page=2", "&uncounted=1"):
        assert client.get(f"/search?q=parking{more}").status_code == 200
    client.get("/search?q=ambulance&lang=en")
    client.get("/api/v1/search?q=parking")
    client.get("/api/v1/search?q=parking&offset=10")
    client.get("/api/v1/suggest?q=parki")
    assert {text: one.times for text, one in settled(house).items()} == {"parking": 2, "ambulance": 1}


def test_a_locked_catalog_holds_up_no_answer_and_the_count_comes_later(house: Services) -> None:
    client = create_app(house).test_client()
    with house.catalog.writing():
        for _ in range(3):
            assert client.get("/search?q=parking").status_code == 200
    assert settled(house)["parking"].times == 3


def test_a_catalog_that_cannot_be_written_costs_counts_and_nothing_else(
    house: Services, caplog: pytest.LogCaptureFixture
) -> None:
    path = house.settings.home / "catalog.sqlite"
    unwritable = Catalog(dialect.connect(f"sqlite:///file:{path.as_posix()}?mode=ro&uri=true"))
    recorder = Recorder(unwritable, str, every=0.0)
    for number in range(10_000):
        recorder.note(f"question {number}", total=0, confidence="none")
    assert not recorder.settle()
    assert not recorder.settle()
    recorder.close()
    unwritable.close()
    assert [line.message for line in caplog.records if line.name == "kb.questions"] == [
        "questions are not counted now: the catalog cannot be used: attempt to write a readonly database"
    ]


def test_what_many_ask_at_once_is_counted_to_the_last(house: Services) -> None:
    recorder = Recorder(house.catalog, str, every=0.0)
    asking = [
        threading.Thread(
            target=lambda: [recorder.note("parking", total=1, confidence="strong") for _ in range(100)]
        )
        for _ in range(4)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    recorder.close()
    assert recorder.settle()
    with house.catalog.reading() as transaction:
        (one,) = transaction.questions.asked(since=TODAY, limit=9)
    assert one.times == 400


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("where is parking", "Parking, where is it?"),
        ("visitas menores", "menores de visita"),
        ("explotación sexual", "la explotacion sexual"),
        ("reporting visits", "how do I report a visit"),
    ],
)
def test_the_same_words_in_other_forms_and_order_are_one_question(one: str, other: str) -> None:
    assert same_words(one) == same_words(other)


def test_other_words_and_small_words_alone_are_told_apart() -> None:
    assert same_words("parking hours") != same_words("visiting hours")
    assert same_words("what is that") not in ("", same_words("who are you"))


def test_the_worker_forgets_what_is_older_than_the_setting(house: Services) -> None:
    days = house.settings.question_days
    old, young = TODAY - timedelta(days=days + 1), TODAY - timedelta(days=days)
    with house.catalog.writing() as transaction:
        transaction.questions.count([counted("old", day=old), counted("young", day=young)])
    worked(house)
    with house.catalog.reading() as transaction:
        assert [one.text for one in transaction.questions.asked(since=date.min, limit=9)] == ["young"]


@pytest.mark.parametrize("days", [0, 10**9])
def test_any_number_of_days_can_be_set(tmp_path: Path, days: int) -> None:
    services = services_at(tmp_path / "other", question_days=days)
    with services.catalog.writing() as transaction:
        transaction.questions.count([counted("today"), counted("before", day=TODAY - timedelta(days=1))])
    worked(services)
    with services.catalog.reading() as transaction:
        left = {one.text for one in transaction.questions.asked(since=date.min, limit=9)}
    assert left == ({"today"} if days == 0 else {"today", "before"})
    assert create_app(services).test_client().get("/admin/questions").status_code == 200
    services.close()


def counted(text: str, *, day: date = TODAY, times: int = 1, confidence: str = "strong") -> Counted:
    return Counted(text, same_words(text), day, times, 1, confidence)


@pytest.fixture
def owner(house: Services) -> FlaskClient:
    with house.catalog.writing() as transaction:
        transaction.questions.count(
            [
                counted("where is parking", times=5),
                counted("parking, where?", times=2),
                counted("swimming pool", times=3, confidence="none"),
                counted("=cmd|'/c calc'!A1", confidence="weak"),
                counted("<script>alert(1)</script>", confidence="weak"),
                counted("old question", day=TODAY - timedelta(days=40), confidence="none"),
            ]
        )
    return create_app(house).test_client()


def test_the_page_shows_the_most_asked_first_with_links_and_other_wordings(owner: FlaskClient) -> None:
    page = owner.get("/admin/questions").text
    assert 'href="/search?q=where+is+parking&amp;uncounted=1"' in page
    assert "<q><bdi>parking, where?</bdi></q>" in page
    assert page.index("where is parking") < page.index("swimming pool")
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "old question" not in page
    assert "old question" in owner.get("/admin/questions?days=90").text


def test_the_page_shows_what_found_no_answer(owner: FlaskClient) -> None:
    page = owner.get("/admin/questions?only=unanswered").text
    assert "swimming pool" in page
    assert "where is parking" not in page
    assert "nothing found" in page


@pytest.mark.parametrize("address", ["?days=-1", "?days=x", "?days=99999999999999999999", "?page=99&only=no"])
def test_any_address_shows_a_page(owner: FlaskClient, address: str) -> None:
    assert "where is parking" in owner.get(f"/admin/questions{address}").text


def test_the_page_speaks_spanish(owner: FlaskClient) -> None:
    page = owner.get("/admin/questions?ui=es").text
    assert "Qué se pregunta" in page
    assert "What is asked" not in page


def test_the_table_for_spreadsheets_has_no_formula(owner: FlaskClient) -> None:
    response = owner.get("/admin/questions/table.csv?only=unanswered")
    assert response.headers["Content-Disposition"] == "attachment; filename=questions.csv"
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert {row["question"] for row in rows} == {
        "swimming pool", "'=cmd|'/c calc'!A1", "<script>alert(1)</script>",
    }  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r", "＝", "＋"])
def test_every_beginning_of_a_formula_is_made_text(start: str) -> None:
    one = Asked("w", f"{start}1+1", (f"{start}2",), 1, 1, "none", TODAY)
    (_, row) = csv.reader(io.StringIO(as_csv([one])))
    assert row[0].startswith("'")
    assert row[-1].startswith("'")


def test_a_question_is_removed_by_a_form_with_a_token(owner: FlaskClient, house: Services) -> None:
    words = {"words": same_words("where is parking")}
    assert owner.post("/admin/questions/forget", data=words).status_code == 400
    page = owner.get("/admin/questions").text
    (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    answer = owner.post("/admin/questions/forget?days=7", data={**words, "csrf_token": token})
    assert answer.location == "/admin/questions?days=7"
    assert "where is parking" not in settled(house)
    assert "The question was removed." in owner.get("/admin/questions").text
