"""What does a test set hold? Its passages, questions and judgements, read from a folder as others write them.

``corpus.jsonl`` {_id, title, text}, ``queries.jsonl`` {_id, text}, ``qrels.tsv`` (query, document, grade), as
in the BEIR collection (N. Thakur et al., 2021), where the judgements are in ``qrels/test.tsv`` (or ``dev``,
or ``train``); a passage may have ``headings`` and its ``language`` too. Ids may be numbers, titles may be
missing, the judgements may have a header or the four columns of TREC; blank lines and a byte order mark are
passed over. Of several lines with one id the last one counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.engine import IndexedPassage
from kb.errors import EvaluationError
from kb.languages import OTHER, detect

Qrels = dict[str, dict[str, int]]
"""The grades of judged passages by topic."""

Run = dict[str, dict[str, float]]
"""The scores of ranked passages by topic, the best first."""


def read_queries(folder: Path) -> dict[str, str]:
    """Return the questions of a set by their ids, in their order."""
    return {_id(line, where): _text(line, "text") for where, line in lines(folder / "queries.jsonl")}


def read_corpus(folder: Path) -> Iterator[IndexedPassage]:
    """Yield the lines of a corpus as passages, each a document of its own."""
    for where, line in lines(folder / "corpus.jsonl"):
        passage_id, title, text = _id(line, where), _text(line, "title"), _text(line, "text")
        yield IndexedPassage(
            id=passage_id,
            title=title,
            headings=_headings(line),
            text=text,
            language=_language(line) or detect(f"{title}\n{text}"),
            collection="corpus",
            source_id=passage_id,
            media_type="text/plain",
        )


def read_qrels(folder: Path) -> Qrels:
    """Return the grades of the judged passages by topic.

    Raises EvaluationError for a line, but the first, that is no judgement, and when there is none at all.
    """
    qrels: Qrels = {}
    path = _judgements(folder)
    for number, line in _numbered(path):
        columns = _columns(line)
        grade = _grade(columns[-1])
        if len(columns) in (3, 4) and grade is not None:
            # TREC's own form has a second column that says nothing.
            qrels.setdefault(columns[0], {})[columns[-2]] = grade
        elif number > 1:
            raise EvaluationError(f"{path}, line {number}: expected query, document and grade")
    if not qrels:
        raise EvaluationError(f"{path} has no judgements")
    return qrels


def _judgements(folder: Path) -> Path:
    inside = (folder / "qrels" / f"{split}.tsv" for split in ("test", "dev", "train"))
    flat = folder / "qrels.tsv"
    return flat if flat.exists() else next((path for path in inside if path.exists()), flat)


def read_run(path: Path) -> Run:
    """Return a run in TREC form: topic Q0 passage rank score tag; the ranks give the order."""
    found: dict[str, list[tuple[int, str, float]]] = {}
    for number, line in _numbered(path):
        columns = line.split()
        try:
            topic, _, passage_id, rank, value = columns[:5]
            found.setdefault(topic, []).append((int(rank), passage_id, float(value)))
        except ValueError as error:
            raise EvaluationError(f"{path}, line {number}: expected topic Q0 passage rank score") from error
    return {topic: {each: value for _, each, value in sorted(hits)} for topic, hits in found.items()}


def write_run(run: Run, path: Path, *, tag: str = "kb") -> None:
    """Write a run in TREC form, which has no place for ids with spaces in them."""
    for name in (*run, *(passage for scores in run.values() for passage in scores)):
        if len(name.split()) != 1:
            raise EvaluationError(f"a run cannot name {name!r}: TREC's form has no spaces in ids")
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for topic, scores in run.items():
                for rank, (passage, value) in enumerate(scores.items(), start=1):
                    file.write(f"{topic} Q0 {passage} {rank} {value!r} {tag}\n")
    except OSError as error:
        raise EvaluationError(
            f"{path} cannot be written: {error.strerror}", remedy="Name a file in a folder that is there."
        ) from error


def lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the JSON objects of a file, one a line, each with its place in words."""
    for number, line in _numbered(path):
        where = f"{path}, line {number}"
        try:
            values = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{where}: {error}") from error
        if not isinstance(values, dict):
            raise EvaluationError(f"{where}: expected an object in braces")
        yield where, values


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.strip("\r\n")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not UTF-8 text: {error.reason}") from error


def _id(line: dict[str, Any], where: str) -> str:
    value = line.get("_id", line.get("id"))
    if value is None or str(value) == "":
        raise EvaluationError(f"{where}: there is no _id")
    return str(value)


def _text(line: dict[str, Any], name: str) -> str:
    value = line.get(name)
    return "" if value is None else str(value)


def _headings(line: dict[str, Any]) -> tuple[str, ...]:
    """Return the headings of a passage; what others mean by the same name is passed over."""
    value = line.get("headings")
    named = isinstance(value, list) and all(isinstance(heading, str) for heading in value)
    return tuple(value) if named and value else ()


def _language(line: dict[str, Any]) -> str | None:
    value = line.get("language")
    return value if value in ("en", "es", OTHER) else None


def _columns(line: str) -> list[str]:
    return [column.strip() for column in line.split("\t")] if "\t" in line else line.split()


def _grade(column: str) -> int | None:
    try:
        return int(float(column))
    except (ValueError, OverflowError):
        return None
