import json
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from kb.settings import SETTINGS
from tests.functional.commands import failing, run, twice
from tests.library import write


def test_what_is_ingested_is_found_when_the_command_returns(guides: Path) -> None:
    ingested = run("ingest", guides)
    assert ingested.exit_code == 0, ingested.output
    assert "2 documents: 2 added" in ingested.output
    answer = json.loads(run("search", "hotline number", "--json").output)
    assert answer["hits"][0]["text"].startswith("Call the county hotline at 800-555-0100.")


def test_the_json_answer_has_the_shape_that_programs_rely_on(guides: Path) -> None:
    run("ingest", guides)
    answer = json.loads(run("search", "county hotline", "--json", "-n", "1").output)
    expected = {"query", "total", "took_ms", "generation", "corrected", "confidence", "hits"}
    assert expected <= set(answer)
    (hit,) = answer["hits"]
    assert {
        "rank", "score", "passage_id", "permalink", "text", "highlights", "best_sentence", "language",
        "headings", "pages", "start", "end", "source", "also_in",
    } <= set(hit)  # fmt: skip
    assert {
        "id", "title", "uri", "collection", "media_type", "revision", "sha256", "fetched_at",
    } <= set(hit["source"])  # fmt: skip
    assert hit["permalink"] == f"/p/{hit['passage_id']}"
    assert hit["pages"] is None
    assert all(hit["text"][start:end] for start, end in hit["highlights"])


def test_people_see_the_words_where_they_stand_and_the_link(guides: Path) -> None:
    run("ingest", guides)
    shown = run("search", "county hotline").output
    assert "800-555-0100" in shown
    assert "hotline.txt" in shown
    assert "/p/" in shown


def test_ingesting_again_changes_nothing(guides: Path) -> None:
    run("ingest", guides)
    assert "2 documents: 2 unchanged" in run("ingest", guides).output


def test_a_folder_with_bad_files_takes_in_the_good_ones_and_tells_of_the_rest(guides: Path) -> None:
    (guides / "noise.txt").write_bytes(bytes(range(256)) * 8)
    (guides / "nothing.txt").write_bytes(b"")
    result = run("ingest", guides)
    assert result.exit_code == 1
    assert "2 added, 2 failed" in result.output
    assert "noise.txt" in result.output
    assert "nothing.txt" in result.output
    report = json.loads(run("status", "--json").output)
    assert {failure["code"] for failure in report["failed"]} == {"unknown-format", "source-empty"}
    assert all(failure["reason"] and failure["remedy"] for failure in report["failed"])
    assert report["ok"] is False


def test_a_file_that_is_gone_stays_in_the_library_and_is_told_of(guides: Path) -> None:
    run("ingest", guides)
    (guides / "plan.txt").unlink()
    again = run("ingest", guides)
    assert again.exit_code == 0
    assert "plan.txt: to take it out, kb remove " in again.output
    assert json.loads(run("search", "safety plan", "--json").output)["total"] == 1


def test_what_was_read_is_searchable_when_the_work_is_broken_off(
    guides: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    write(guides, roster="The roster hangs at the door of the hotline room.")
    # One is read while the next one waits; so the third is taken in when the first is done.
    monkeypatch.setenv("KB_READERS", "1")
    with monkeypatch.context() as patched:
        patched.setattr(Pipeline, "accept", twice(Pipeline.accept, broken_off))
        run("ingest", guides)
    assert json.loads(run("search", "hotline", "--json").output)["total"] == 1


def test_outcomes_come_as_json_lines_for_programs(guides: Path) -> None:
    lines = [json.loads(line) for line in run("ingest", guides, "--json").output.splitlines()]
    assert [line["kind"] for line in lines] == ["added", "added"]
    assert all(line["source_id"] and line["passages"] for line in lines)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_path_without_documents_fails(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    result = run("ingest", tmp_path / name)
    assert result.exit_code == 1
    assert "does not exist" in result.output or "no documents were found" in result.output


def test_without_waiting_the_worker_does_the_reading(guides: Path) -> None:
    assert "2 accepted" in run("ingest", guides, "--no-wait").output
    assert json.loads(run("status", "--json").output)["documents"]["pending"] == 2
    assert run("worker", "--once").exit_code == 0
    assert json.loads(run("search", "hotline", "--json").output)["total"] == 1


def test_every_setting_is_shown_with_its_help(home: Path) -> None:
    shown = run("settings").output
    assert all(row.variable in shown and row.help in shown for row in SETTINGS)
    assert json.loads(run("settings", "--json").output)["home"] == str(home)


def test_a_question_before_any_document_says_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    message = failing("search", "hotline", monkeypatch=monkeypatch, capsys=capsys)
    assert "kb ingest" in message
    assert message.count("\n") == 1


@pytest.mark.parametrize("question", ["", "?!", "\x07"])
def test_a_question_without_words_is_one_line_of_advice(
    guides: Path, question: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ingest", guides)
    message = failing("search", question, monkeypatch=monkeypatch, capsys=capsys)
    assert message.startswith("kb: ")
    assert ".." not in message
    assert message.count("\n") == 1


def test_a_misspelt_setting_is_noticed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_PROT", "1")
    assert "KB_PROT" in run("status").output


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (["serve", "--host", "0.0.0.0"], {}, "no sign-in"),
        (["serve", "--host", "example.org"], {}, "no sign-in"),
        (["serve", "--port", "70000"], {}, "no port number"),
        (["serve"], {"KB_PORT": "http"}, "whole number"),
        (["serve"], {"KB_HOME": "/dev/null/kb"}, "cannot be written"),
    ],
)
def test_a_server_that_cannot_start_says_why_in_one_line(
    home: Path,
    arguments: list[str],
    variables: dict[str, str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    message = failing(*arguments, monkeypatch=monkeypatch, capsys=capsys)
    assert words in message
    assert message.count("\n") == 1


def test_the_links_of_a_memo_are_checked(guides: Path, tmp_path: Path) -> None:
    run("ingest", guides)
    cited = json.loads(run("search", "hotline", "--json").output)["hits"][0]["permalink"]
    memo = tmp_path / "memo.txt"
    memo.write_text(f"As https://kb.example.org{cited} says.", encoding="utf-8")
    assert run("links", "check", memo).exit_code == 0
    write(guides, hotline="Call the county hotline at 800-555-0199. It answers day and night.")
    run("ingest", guides)
    checked = run("links", "check", memo, "--write", tmp_path / "new.txt", "--changed")
    assert checked.exit_code == 1
    assert "was: 0100" in checked.output
    assert "now: 0199" in checked.output
    assert run("links", "check", tmp_path / "new.txt").exit_code == 0
    report = json.loads(run("links", "check", memo, "--json").output)
    assert report["links"][0]["status"] == "changed"


def test_a_receipt_is_checked_without_the_library(
    guides: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", guides)
    cited = json.loads(run("search", "hotline", "--json").output)["hits"][0]["permalink"]
    kept = tmp_path / "receipt.json"
    kept.write_text(run("receipt", cited).output, encoding="utf-8")
    monkeypatch.setenv("KB_HOME", str(tmp_path / "nowhere"))
    proved = run("verify-citation", kept, "--document", guides / "hotline.txt")
    assert (proved.exit_code, proved.output) == (0, "the words stand in this document\n")
    refuted = run("verify-citation", kept, "--document", guides / "plan.txt")
    assert refuted.exit_code == 1
    assert not (tmp_path / "nowhere").exists()


def test_an_answer_is_narrowed_counted_and_explained(guides: Path) -> None:
    run("ingest", guides)
    told = run("search", "hotline", "--explain", "--facets").output
    assert "collection: guides (" in told
    assert "“hotline” is there" in told
    assert "together" in told
    assert "nothing in these documents" in run("search", "hotline", "--until", "1999-01-01").output.lower()
    assert json.loads(run("search", "hotline", "--json", "--sort", "newest", "--type", "text").output)[
        "total"
    ]


def test_passages_like_one_are_found_by_its_id(guides: Path) -> None:
    run("ingest", guides)
    first = json.loads(run("search", "hotline", "--json").output)["hits"][0]
    like = json.loads(run("search", "--like", first["passage_id"], "--json").output)
    assert first["passage_id"] not in [hit["passage_id"] for hit in like["hits"]]


@pytest.mark.parametrize(
    "options",
    [(), ("question", "--like", "x"), ("question", "--since", "monday"), ("question", "--lang", "fr")],
)
def test_options_that_mean_nothing_are_usage_errors(home: Path, options: tuple[str, ...]) -> None:
    result = run("search", *options)
    assert result.exit_code == 2
    assert "search [OPTIONS] [QUESTION]" in result.output


def test_a_slip_of_the_hand_gets_a_hint_and_synonyms_widen(guides: Path, home: Path) -> None:
    run("ingest", guides)
    assert "did you mean: hotline" in run("search", "hotlien").output.lower()
    (home / "synonyms.txt").write_text("crisis = hotline\noops\n", encoding="utf-8")
    assert "also searching: hotline" in run("search", "crisis").output
    assert "also searching" not in run("search", "crisis", "--exactly").output
    assert "synonyms.txt: line 2: " in run("status").output
