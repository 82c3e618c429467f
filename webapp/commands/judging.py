"""How do marked answers become a test set? Each question with the passages that hold the marked words now.

The set stands by itself: it has the library's passages, so that any version of the ranking can be measured
by it (``kb evaluate``), also on another machine. A passage whose words have moved or changed since it was
marked is followed to where they stand; one whose words are gone is left out and counted.
"""

from __future__ import annotations

import hashlib
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from index.testsets import Qrels
from kb import ids
from kb.catalog import Catalog, Transaction
from kb.catalog.questions import Judgment
from kb.errors import EvaluationError
from kb.model import Change
from webapp.links.standing import StandingKind, standing
from webapp.wiring import opened

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a test set: its questions, judged passages, those that are gone, and disputed ones."""

    questions: int
    judged: int
    gone: int
    disputed: int


@click.group()
def judgments() -> None:
    """Use what staff said of answers ("answers it", "related", "wrong")."""


@judgments.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write marked answers as a test set into a FOLDER, for `kb evaluate FOLDER`."""
    with opened() as services:
        done = write_set(services.catalog, folder)
    click.echo(f"{done.questions:,} questions with {done.judged:,} judged passages written to {folder}")
    if done.gone:
        click.echo(f"left out, as their words are in no document any more: {done.gone:,} passages", err=True)
    if done.disputed:
        click.echo(
            f"marked differently by several people, and taken at the middle: {done.disputed:,}", err=True
        )


def write_set(catalog: Catalog, folder: Path) -> Exported:
    """Write corpus.jsonl, queries.jsonl and qrels.tsv as they stand now, and tell what went in.

    Raises EvaluationError when nothing has been marked, or when the folder cannot be written.
    """
    with catalog.reading() as transaction:
        grades, disputed = _grades(transaction.questions.judged())
        if not grades:
            raise EvaluationError(
                "no answer has been marked yet",
                remedy="Mark answers on the page of results: answers it, related, wrong.",
            )
        qrels, gone = _followed(transaction, grades)
        names = {question: _name(question) for question in qrels}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / "corpus.jsonl", map(_json_line, map(_passage, _live(transaction))))
            _write(folder / "queries.jsonl", (_json_line({"_id": names[q], "text": q}) for q in qrels))
            _write(folder / "qrels.tsv", ["query-id\tcorpus-id\tscore", *_lines(qrels, names)])
        except OSError as error:
            raise EvaluationError(f"{folder} cannot be written: {error.strerror}") from error
    judged = sum(map(len, qrels.values()))
    return Exported(len(qrels), judged, gone, disputed)


def _grades(marks: Iterable[Judgment]) -> tuple[dict[tuple[str, str], int], int]:
    """Return one grade for each question and passage, the lower middle of all, and how many were disputed."""
    given: dict[tuple[str, str], list[int]] = defaultdict(list)
    for mark in marks:
        given[mark.question, mark.passage_id].append(int(mark.grade))
    middle = {which: int(statistics.median_low(grades)) for which, grades in given.items()}
    return middle, sum(len(set(grades)) > 1 for grades in given.values())


def _followed(transaction: Transaction, grades: dict[tuple[str, str], int]) -> tuple[Qrels, int]:
    """Return the grades of the passages that hold the words now, and how many passages are gone.

    Passages that say the same word for word have the same grade: which of them is shown is chance.
    """
    now = {passage: _now(transaction, passage) for passage in {passage for _, passage in grades}}
    qrels: Qrels = {}
    for (question, passage), grade in grades.items():
        for one in now[passage]:
            of_question = qrels.setdefault(question, {})
            of_question[one] = max(grade, of_question.get(one, 0))
    return qrels, sum(not found for found in now.values())


def _now(transaction: Transaction, passage_id: str) -> list[str]:
    """Return the passages that hold the words of one now, in any document."""
    words = set()
    for citation in transaction.passages.citations([passage_id]):
        words.add(citation.text_hash)
        found = standing(transaction, citation)
        if found.now is not None and found.kind is not StandingKind.REMOVED:
            words.add(ids.text_hash(found.now.text))
    return [copy.passage.id for copy in transaction.passages.with_same_words(words)]


def _live(transaction: Transaction) -> Iterator[Change]:
    sequence = 0
    while changes := transaction.passages.changes_since(sequence, limit=_BATCH):
        yield from (change for change in changes if not change.retired)
        sequence = changes[-1].sequence


def _passage(change: Change) -> dict[str, Any]:
    passage = change.passage
    return {
        "_id": passage.id,
        "title": change.title,
        "headings": list(passage.headings),
        "language": passage.language,
        "text": passage.text,
    }


def _lines(qrels: Qrels, names: dict[str, str]) -> Iterator[str]:
    for question, grades in qrels.items():
        for passage, grade in sorted(grades.items()):
            yield f"{names[question]}\t{passage}\t{grade}"


def _name(question: str) -> str:
    """Return a short name that a question keeps from one set to the next, so that runs can be compared."""
    return f"q{hashlib.sha256(question.encode()).hexdigest()[:10]}"


def _json_line(values: dict[str, Any]) -> str:
    """Return values as one line of JSON."""
    return json.dumps(values, ensure_ascii=False)


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
