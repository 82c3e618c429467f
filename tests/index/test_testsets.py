from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.evaluation import asked, evaluate_corpus
from index.testsets import read_corpus, read_qrels, read_queries, read_run, write_run
from kb.errors import EvaluationError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "corpus.jsonl", {"_id": "d1", "title": "Night", "text": "The hotline answers at night."},
          {"_id": "d2", "title": "", "text": "Parking is behind the house."})  # fmt: skip
    write(tmp_path, "queries.jsonl", {"_id": "q1", "text": "who answers at night?"})
    (tmp_path / "qrels.tsv").write_text("q1\td1\t1\n")
    return tmp_path


def write(folder: Path, name: str, *lines: object, before: str = "", between: str = "\n") -> None:
    (folder / name).write_text(before + between.join(map(json.dumps, lines)) + between, encoding="utf-8")


def test_a_set_is_measured_in_an_index_of_its_own(folder: Path) -> None:
    result = evaluate_corpus(folder)
    assert result.as_json() == {**dict.fromkeys(result.means, 1.0), "questions": 1}
    assert list(result.run["q1"]) == ["d1"]


def test_numbers_as_ids_and_missing_titles_and_blank_lines_and_marks_are_read(folder: Path) -> None:
    write(folder, "corpus.jsonl", {"_id": 1, "text": "Lamps."}, {"_id": 2, "title": None, "text": None},
          before="\ufeff", between="\r\n\r\n")  # fmt: skip
    write(folder, "queries.jsonl", {"_id": 7, "text": "lamps", "answer": [1]}, before="\ufeff\n")
    (folder / "qrels.tsv").write_text("\ufeffquery-id\tcorpus-id\tscore\r\n7\t1\t1\r\n\r\n", encoding="utf-8")
    assert [(passage.id, passage.title, passage.text) for passage in read_corpus(folder)] == [
        ("1", "", "Lamps."),
        ("2", "", ""),
    ]
    assert read_queries(folder) == {"7": "lamps"}
    assert evaluate_corpus(folder).means["ndcg@10"] == 1


@pytest.mark.parametrize(
    "lines",
    [
        "q1\td1\t2",
        "q1 0 d1 2",
        "q1\t0\td1\t2",
        "q1\tQ0\td1\t2.0",
        "query\tpassage\tgrade\nq1\td1\t2",
        "q1 d1 2",
    ],
)
def test_judgements_are_read_in_every_form_that_is_used(folder: Path, lines: str) -> None:
    (folder / "qrels.tsv").write_text(lines)
    assert read_qrels(folder) == {"q1": {"d1": 2}}


def test_judgements_in_a_folder_of_splits_are_read_the_test_split_first(folder: Path) -> None:
    (folder / "qrels.tsv").unlink()
    (folder / "qrels").mkdir()
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n")
    assert read_qrels(folder) == {"q1": {"d2": 1}}
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    assert evaluate_corpus(folder).means["recall@1"] == 1


def test_what_a_question_demands_in_vain_is_given_up_as_in_a_search(folder: Path) -> None:
    write(folder, "queries.jsonl", {"_id": "q1", "text": '"night hotline" answers'})
    assert list(evaluate_corpus(folder).run["q1"]) == ["d1"]


def test_ids_and_texts_of_any_kind_are_taken(folder: Path) -> None:
    odd = "a\tb #?/ä"
    write(folder, "corpus.jsonl", {"id": odd, "text": "The \ud83d desk \u0000 is lit.", "more": {"x": [1]}},
          {"_id": 0, "text": ["night", "bus"], "title": 5, "language": None, "headings": None},
          {"_id": "big", "text": "word " * 50_000})  # fmt: skip
    write(
        folder,
        "queries.jsonl",
        {"id": "q1", "text": "is the desk lit \ud83d"},
        {"_id": 2, "text": "night bus"},
    )
    (folder / "qrels.tsv").write_text("q1\t0\t0\nq1\tbig\t0\n2\t0\t3\n")
    run = evaluate_corpus(folder).run
    assert next(iter(run["2"])) == "0"


def test_a_first_judgement_is_no_header(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq1\td2\t0\n")
    assert read_qrels(folder) == {"q1": {"d1": 1, "d2": 0}}


def test_only_questions_that_have_an_answer_are_asked(folder: Path) -> None:
    write(folder, "queries.jsonl", *({"_id": f"q{n}", "text": f"night {n}"} for n in range(4)))
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq2\td1\t0\nq9\td1\t1\n")
    assert asked(folder) == ({"q1": "night 1"}, {"q1": {"d1": 1}})
    assert evaluate_corpus(folder).as_json()["questions"] == 1


def test_a_question_without_words_counts_as_not_answered(folder: Path) -> None:
    write(folder, "queries.jsonl", {"_id": "q1", "text": "?!"}, {"_id": "q2"})
    (folder / "qrels.tsv").write_text("q1\td1\t1\nq2\td1\t1\n")
    assert evaluate_corpus(folder).means["recall@100"] == 0


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("corpus.jsonl", "", "corpus.jsonl has no passages"),
        ("corpus.jsonl", '{"_id": "d1"\n', "corpus.jsonl, line 1"),
        ("corpus.jsonl", '\n["d1", "text"]\n', "corpus.jsonl, line 2: expected an object"),
        ("corpus.jsonl", '{"text": "words"}\n', "line 1: there is no _id"),
        ("queries.jsonl", "", "no question"),
        ("qrels.tsv", "", "no judgements"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "no judgements"),
        ("qrels.tsv", "q1\td1\t1\nq1\td2\n", "line 2: expected query, document and grade"),
        ("qrels.tsv", "q1\td1\t1\nq1\td2\tgood\n", "line 2"),
        ("qrels.tsv", "q1\td1\t0\n", "no question"),
        ("qrels.tsv", b"\xff\xfe\x00", "not UTF-8"),
        ("queries.jsonl", None, "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(
    folder: Path, name: str, content: str | bytes | None, complaint: str
) -> None:
    path = folder / name
    if content is None:
        path.unlink()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content)
    with pytest.raises(EvaluationError, match=complaint):
        evaluate_corpus(folder)


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = {"q1": {"d2": 3.25, "d1": 0.1}, "q2": {"d9": 1e-17}}
    write_run(run, tmp_path / "a.run", tag="test")
    assert (tmp_path / "a.run").read_text().splitlines()[0] == "q1 Q0 d2 1 3.25 test"
    found = read_run(tmp_path / "a.run")
    assert found == run
    assert list(found["q1"]) == ["d2", "d1"]


def test_a_run_has_no_place_for_spaces_and_a_broken_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no spaces"):
        write_run({"q1": {"two words": 1.0}}, tmp_path / "a.run")
    (tmp_path / "b.run").write_text("q1 Q0 d1 first 1.0 x\n")
    with pytest.raises(EvaluationError, match="line 1"):
        read_run(tmp_path / "b.run")
