import json
from pathlib import Path

import pytest

from tests.functional.commands import failing, run


def test_a_set_of_questions_is_measured_on_an_index_of_its_own(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    corpus = [
        "the hotline answers at night",
        "the plan is reviewed at every visit",
        "parking is behind the house",
    ]
    lines = [json.dumps({"_id": f"d{n}", "title": "", "text": text}) for n, text in enumerate(corpus)]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "who reviews the plan?"}))
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    result = run("evaluate", folder, "--json", "--run", tmp_path / "out.run")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output)
    assert figures == {
        "ndcg@10": 1, "mrr@10": 1, "recall@1": 1, "recall@5": 1, "recall@10": 1, "recall@100": 1,
        "questions": 1,
    }  # fmt: skip
    assert (tmp_path / "out.run").read_text().startswith("q1 Q0 d1 1 ")
    assert not home.exists()


def test_a_set_is_compared_with_a_stored_run_and_held_to_its_floors(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    lines = [json.dumps({"_id": f"d{n}", "text": text}) for n, text in enumerate(["night bus", "day bus"])]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "bus by night"}))
    (folder / "qrels.tsv").write_text("q1\td0\t1\n")
    (tmp_path / "before.run").write_text("q1 Q0 d1 1 2.0 x\nq1 Q0 d0 2 1.0 x\n")
    shown = run("evaluate", folder, "--against", tmp_path / "before.run").output
    assert "mrr@10       1.0000  1.0000 – 1.0000  +0.5000  (+0.5000 – +0.5000)" in shown.splitlines()
    compared = json.loads(run("evaluate", folder, "--json", "--against", tmp_path / "before.run").output)
    assert compared["above"]["mrr@10"] == [0.5, 0.5, 0.5]
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"small": {"mrr@10": 1.0}, "other": {"mrr@10": 2.0}}))
    assert run("evaluate", folder, "--floors", floors).exit_code == 0
    floors.write_text(json.dumps({"mrr@10": 1.1}))
    failed = run("evaluate", folder, "--floors", floors)
    assert failed.exit_code == 1
    assert "mrr@10 is 1.0000, below its floor of 1.1000" in failed.output


def test_floors_of_other_sets_and_broken_sets_are_said_to_be_so(
    guides: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (guides / "corpus.jsonl").write_text('{"_id": 1}')
    message = failing("evaluate", guides, monkeypatch=monkeypatch, capsys=capsys)
    assert "queries.jsonl cannot be read" in message
    assert message.count("\n") == 1


def test_a_folder_that_is_no_set_and_a_run_that_cannot_be_written_are_one_line_of_advice(
    guides: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    message = failing("evaluate", guides, monkeypatch=monkeypatch, capsys=capsys)
    assert "has no corpus.jsonl" in message
    (tmp_path / "corpus.jsonl").write_text('{"_id": 1, "text": "night bus"}')
    (tmp_path / "queries.jsonl").write_text('{"_id": 1, "text": "bus by night"}')
    (tmp_path / "qrels.tsv").write_text("1\t1\t1\n")
    nowhere = tmp_path / "nowhere" / "out.run"
    message = failing("evaluate", tmp_path, "--run", nowhere, monkeypatch=monkeypatch, capsys=capsys)
    assert "cannot be written" in message
    assert message.count("\n") == 1
