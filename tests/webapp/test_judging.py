"""Staff mark answers, and the marks become a test set: the whole circle."""

import json
import re
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kb.catalog.questions import Grade, Judgment
from tests.library import services_at, take_in
from tests.webapp.conftest import VISITAS, VISITS, passages_at, put
from webapp import create_app
from webapp.cli import cli
from webapp.wiring import Services

JSON = {"Accept": "application/json"}
QUESTION = "where is parking"


@pytest.fixture
def house(services: Services, tmp_path: Path) -> Services:
    put(services, tmp_path / "house" / "visits.md", VISITS)
    put(services, tmp_path / "house" / "visitas.md", VISITAS)
    return services


@pytest.fixture
def client(house: Services) -> FlaskClient:
    return create_app(house).test_client()


def address_of(client: FlaskClient, question: str = QUESTION) -> str:
    """Return where the first answer to a question is marked, as the page of results links to it."""
    page = client.get("/search", query_string={"q": question, "lang": "en"}).text
    found = re.search(r'<a class="mark" [^>]*href="([^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def token(client: FlaskClient, address: str) -> str:
    return str(client.get(address, headers=JSON).get_json()["csrf_token"])


def marks(services: Services) -> list[tuple[str, Grade]]:
    with services.catalog.reading() as transaction:
        return [(one.question, one.grade) for one in transaction.questions.judged()]


def test_a_search_sets_no_cookie_and_a_mark_does(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get(f"/search?q={QUESTION}").headers
    assert "session=" in client.get(address_of(client)).headers["Set-Cookie"]


def test_a_mark_is_made_by_a_form_and_led_back_to_the_same_answers(
    client: FlaskClient, house: Services
) -> None:
    address = address_of(client)
    page = client.get(address).text
    assert "There are twelve places" in page
    (csrf,) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    answer = client.post(address, data={"grade": "answers", "csrf_token": csrf})
    assert re.fullmatch(r"/search\?q=where\+is\+parking&lang=en#p-[0-9a-z]{12}", answer.location)
    shown = client.get(answer.location).text
    assert "Thank you: your mark is kept." in shown
    assert "Your mark: Answers it" in shown
    assert f'id="{answer.location.rpartition("#")[2]}"' in shown
    assert marks(house) == [(QUESTION, Grade.ANSWERS)]


def test_a_page_that_is_led_back_to_does_not_count_as_asked_again(
    client: FlaskClient, house: Services
) -> None:
    address = address_of(client)
    client.post(address, data={"grade": "related", "csrf_token": token(client, address)})
    client.get(f"/search?q={QUESTION}")
    assert house.recorder is not None
    house.recorder.settle()
    with house.catalog.reading() as transaction:
        assert sum(transaction.questions.answered(since=date.min).values()) == 1


def test_a_session_has_one_mark_on_an_answer_and_can_take_it_back(
    client: FlaskClient, house: Services
) -> None:
    address = address_of(client)
    csrf = token(client, address)
    for grade in ("wrong", "related", "answers"):
        said = client.post(address, data={"grade": grade, "csrf_token": csrf}, headers=JSON)
        assert said.get_json() == {"grade": grade}
    assert marks(house) == [(QUESTION, Grade.ANSWERS)]
    other = create_app(house).test_client()
    other.post(address, data={"grade": "wrong", "csrf_token": token(other, address)})
    assert sorted(marks(house)) == [(QUESTION, Grade.WRONG), (QUESTION, Grade.ANSWERS)]
    client.post(address, data={"grade": "none", "csrf_token": csrf}, headers=JSON)
    assert marks(house) == [(QUESTION, Grade.WRONG)]
    assert client.get(address, headers=JSON).get_json()["grade"] is None


def test_first_marks_at_once_are_one(client: FlaskClient, house: Services) -> None:
    address = address_of(client)
    asked = client.get(address, headers=JSON)
    headers = {**JSON, "Cookie": asked.headers["Set-Cookie"].partition(";")[0]}
    headers["X-CSRFToken"] = asked.get_json()["csrf_token"]
    app = create_app(house)

    said: list[int] = []

    def post(grade: str) -> None:
        client = app.test_client(use_cookies=False)
        said.append(client.post(address, data={"grade": grade}, headers=headers).status_code)

    marking = [threading.Thread(target=post, args=(grade,)) for grade in ("answers", "related", "wrong") * 2]
    for thread in marking:
        thread.start()
    for thread in marking:
        thread.join()
    assert said == [200] * 6
    assert len(marks(house)) == 1


def test_votes_of_one_session_cannot_be_told_to_be_of_one(client: FlaskClient, house: Services) -> None:
    for question in (QUESTION, "who may visit"):
        address = address_of(client, question)
        client.post(address, data={"grade": "wrong", "csrf_token": token(client, address)})
    with house.catalog.reading() as transaction:
        first, second = transaction.questions.judged()
    assert first.voter != second.voter


def test_the_question_is_kept_masked(client: FlaskClient, house: Services) -> None:
    address = address_of(client, "parking for maria lopez 12-AB-3456")
    assert "parking for …" in client.get(address).text
    client.post(address, data={"grade": "wrong", "csrf_token": token(client, address)})
    assert marks(house) == [("parking for …", Grade.WRONG)]


def test_a_question_of_which_nothing_may_be_kept_is_not_marked(client: FlaskClient, house: Services) -> None:
    passage = passages_at(house, "visits.md")[0].id
    address = f"/mark?q=xylophone&passage={passage}"
    assert "Nothing is kept of this question" in client.get(address).text
    csrf = token(client, address)
    refused = client.post(address, data={"grade": "wrong", "csrf_token": csrf}, headers=JSON)
    assert refused.status_code == 422
    assert client.post(address, data={"grade": "wrong", "csrf_token": csrf}).status_code == 302
    assert marks(house) == []


def stale(client: FlaskClient, address: str) -> dict[str, str]:
    csrf = token(client, address)
    client.delete_cookie("session")
    return {"grade": "wrong", "csrf_token": csrf}


@pytest.mark.parametrize(
    "form",
    [
        lambda _client, _address: {"grade": "wrong"},
        lambda _client, _address: {"grade": "wrong", "csrf_token": "x"},
        lambda client, address: {"grade": "best", "csrf_token": token(client, address)},
        lambda client, address: {"csrf_token": token(client, address)},
        stale,
    ],
    ids=["no token", "wrong token", "unknown grade", "no grade", "no cookie"],
)
def test_a_mark_needs_a_token_of_the_session_and_a_known_grade(
    client: FlaskClient, house: Services, form: Callable[[FlaskClient, str], dict[str, str]]
) -> None:
    address = address_of(client)
    data = form(client, address)
    refused = client.post(address, data=data)
    assert refused.status_code == 400
    assert ("load the page again" in refused.text) == (data.get("grade") == "wrong")
    assert marks(house) == []


@pytest.mark.parametrize(
    "address",
    ["/mark", "/mark?q=parking", "/mark?q=&passage=x", "/mark?q=parking&passage=zzzzzzzzzzzz",
     "/mark?q=a%00b&passage=%00", "/mark?q=" + "x" * 30_000 + "&passage=zzz"],
)  # fmt: skip
def test_what_is_no_answer_cannot_be_marked(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_way_back_leads_to_our_results_only(client: FlaskClient) -> None:
    address = address_of(client) + "&_external=1&_scheme=javascript&_anchor=x&page=2"
    (back,) = re.findall(r'class="trail"><a href="([^"]+)"', client.get(address).text)
    assert back.startswith("/search?q=where+is+parking")


def judge(services: Services, question: str, place: str, at: int, *, grade: Grade, voter: str = "a") -> str:
    passage = passages_at(services, place)[at].id
    with services.catalog.writing() as transaction:
        transaction.questions.judge(Judgment(question, passage, grade, voter))
    return passage


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def qrels(folder: Path) -> list[tuple[str, str, int]]:
    """Return the judgements with the questions in words."""
    queries = {line["_id"]: line["text"] for line in lines(folder / "queries.jsonl")}
    rows = [line.split("\t") for line in (folder / "qrels.tsv").read_text().splitlines()[1:]]
    return [(queries[query], passage, int(grade)) for query, passage, grade in rows]


def run(services: Services, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("KB_HOME", str(services.settings.home))
    result = CliRunner().invoke(cli, list(arguments))
    return result.exit_code, result.output + str(result.exception or "")


def test_marks_become_a_test_set_that_evaluate_reads(
    client: FlaskClient, house: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = address_of(client)
    client.post(address, data={"grade": "answers", "csrf_token": token(client, address)})
    parking = next(one.id for one in passages_at(house, "visits.md") if "twelve places" in one.text)
    judge(house, QUESTION, "visits.md", 0, grade=Grade.WRONG)
    code, said = run(house, monkeypatch, "judgments", "export", str(tmp_path / "set"))
    assert (code, said) == (0, f"1 questions with 2 judged passages written to {tmp_path / 'set'}\n")
    assert (QUESTION, parking, 2) in qrels(tmp_path / "set")
    corpus = {line["_id"]: line for line in lines(tmp_path / "set" / "corpus.jsonl")}
    assert len(corpus) == len(passages_at(house, "visits.md")) + len(passages_at(house, "visitas.md"))
    assert corpus[parking]["headings"] == ["Visits policy", "Parking"]
    code, said = run(house, monkeypatch, "evaluate", str(tmp_path / "set"), "--json")
    assert code == 0
    assert json.loads(said)["mrr@10"] == 1.0


def test_a_set_follows_words_that_changed_and_leaves_out_those_that_are_gone(
    house: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parking = len(passages_at(house, "visits.md")) - 1
    before = judge(house, QUESTION, "visits.md", parking, grade=Grade.ANSWERS)
    judge(house, QUESTION, "visits.md", 1, grade=Grade.RELATED)
    judge(house, QUESTION, "visitas.md", 0, grade=Grade.WRONG)
    changed = VISITS.replace("within minutes", "within the hour").replace("## What to bring", "## Bring")
    bring = VISITS[VISITS.index("Visitors bring nothing") : VISITS.index("## Parking")]
    put(house, tmp_path / "house" / "visits.md", changed.replace(bring, "Zebras graze on hay.\n\n"))
    code, said = run(house, monkeypatch, "judgments", "export", str(tmp_path / "set"))
    assert code == 0
    assert "left out, as their words are in no document any more: 1 passages" in said
    (after,) = [one.id for one in passages_at(house, "visits.md") if "within the hour" in one.text]
    assert after != before
    assert (QUESTION, after, 2) in qrels(tmp_path / "set")
    assert len(qrels(tmp_path / "set")) == 2


def test_copies_have_the_same_grade_and_of_several_votes_the_lower_middle_counts(
    house: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "copies" / "copy.md"
    put(house, copied, VISITS)
    for voter, grade in (
        ("a", Grade.ANSWERS),
        ("b", Grade.ANSWERS),
        ("c", Grade.WRONG),
        ("d", Grade.RELATED),
    ):
        judge(house, QUESTION, "visits.md", 0, grade=grade, voter=voter)
    _, said = run(house, monkeypatch, "judgments", "export", str(tmp_path / "set"))
    assert "taken at the middle: 1" in said
    assert sorted(qrels(tmp_path / "set")) == sorted(
        (QUESTION, passages_at(house, place)[0].id, 1) for place in ("visits.md", "copy.md")
    )


def test_without_marks_there_is_no_set_and_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = services_at(tmp_path / "other")
    take_in(services)
    code, said = run(services, monkeypatch, "judgments", "export", str(tmp_path / "set"))
    services.close()
    assert code == 1
    assert "no answer has been marked yet" in said
    assert not (tmp_path / "set").exists()
