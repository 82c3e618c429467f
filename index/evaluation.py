"""How good is the ranking? Topics, judgements, runs and the measures that others use too.

Two kinds of test sets, each a folder:

- ``corpus.jsonl`` {_id, title, text}, ``queries.jsonl`` {_id, text}, ``qrels.tsv`` (query, document, grade):
  every corpus line is one passage of a throw-away index;
- ``queries.jsonl`` and ``expected.jsonl`` {query, document, quote, grade}: asked of a library, where the
  passage of ``document`` (its place in its collection) that holds ``quote`` is the one expected.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ir_measures

from index.engine import Engine, IndexedPassage
from index.engines import ENGINES, open_engine
from index.queryparser import parse
from kb.catalog import Catalog
from kb.errors import EvaluationError, QueryError
from kb.languages import detect

# How deep a run goes; recall@100 is the deepest measure.
DEPTH = 100

MEASURES = {
    "ndcg@10": ir_measures.nDCG @ 10,
    "mrr@10": ir_measures.RR @ 10,
    "recall@1": ir_measures.R @ 1,
    "recall@5": ir_measures.R @ 5,
    "recall@10": ir_measures.R @ 10,
    "recall@100": ir_measures.R @ 100,
}

Qrels = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The mean of each measure over the judged topics, each topic's own values, and the run."""

    means: dict[str, float]
    by_topic: dict[str, dict[str, float]]
    run: Run

    def as_json(self) -> dict[str, float | int]:
        """Return the means and the number of questions, as one flat mapping."""
        return {**self.means, "questions": len(self.by_topic)}


def evaluate_corpus(folder: Path) -> Evaluation:
    """Index a corpus in a throw-away index, ask its questions, and score the run."""
    queries, qrels = read_queries(folder), read_qrels(folder)
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as temporary:
        engine = open_engine(ENGINES[0], Path(temporary))
        try:
            with engine.writer(1) as writer:
                for passage in read_corpus(folder):
                    writer.put(passage)
            return score(qrels, run_of(engine, queries))
        finally:
            engine.close()


def evaluate_library(folder: Path, catalog: Catalog, engine: Engine) -> Evaluation:
    """Ask a library the questions of a set, and score the run by where the expected quotes stand."""
    return score(expected_passages(folder, catalog), run_of(engine, read_queries(folder)))


def run_of(engine: Engine, queries: Mapping[str, str]) -> Run:
    """Ask each question and return the scores of the best passages of each."""
    run: Run = {}
    for topic, question in queries.items():
        try:
            ranking = engine.search(parse(question), limit=DEPTH)
        except QueryError:
            run[topic] = {}
            continue
        run[topic] = {hit.passage_id: hit.score for hit in ranking.hits}
    return run


def score(qrels: Qrels, run: Run) -> Evaluation:
    """Return every measure over the topics that have a judgement; a topic without hits counts as 0."""
    if not qrels:
        raise EvaluationError("the set has no judgements")
    judged = [topic for topic, grades in qrels.items() if any(grade > 0 for grade in grades.values())]
    by_topic: dict[str, dict[str, float]] = {topic: dict.fromkeys(MEASURES, 0.0) for topic in judged}
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, _parted(run)):
        if metric.query_id in by_topic:
            by_topic[metric.query_id][names[metric.measure]] = metric.value
    means = {
        name: sum(values[name] for values in by_topic.values()) / len(by_topic) if by_topic else 0.0
        for name in MEASURES
    }
    return Evaluation(means, by_topic, run)


def _parted(run: Run) -> Run:
    """Return the run with scores that say its order: measuring tools break ties in ways of their own."""
    return {
        topic: {passage: float(len(scores) - place) for place, passage in enumerate(scores)}
        for topic, scores in run.items()
    }


def write_run(run: Run, path: Path, *, tag: str = "kb") -> None:
    """Write a run in TREC form: topic Q0 passage rank score tag."""
    with path.open("w", encoding="utf-8") as file:
        for topic, scores in run.items():
            for rank, (passage, value) in enumerate(scores.items(), start=1):
                file.write(f"{topic} Q0 {passage} {rank} {value!r} {tag}\n")


def read_queries(folder: Path) -> dict[str, str]:
    """Return the questions of a set by their ids, in their order."""
    return {str(line["_id"]): str(line["text"]) for line in _lines(folder / "queries.jsonl")}


def read_corpus(folder: Path) -> Iterator[IndexedPassage]:
    """Yield the lines of a corpus as passages."""
    for line in _lines(folder / "corpus.jsonl"):
        text = str(line.get("text") or "")
        title = str(line.get("title") or "")
        yield IndexedPassage(
            id=str(line["_id"]),
            title=title,
            headings=(),
            text=text,
            language=detect(f"{title}\n{text}"),
            collection="corpus",
            source_id=str(line["_id"]),
            media_type="text/plain",
        )


def read_qrels(folder: Path) -> Qrels:
    """Return the grades of the judged passages by topic; a header line is passed over."""
    qrels: Qrels = {}
    path = folder / "qrels.tsv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        columns = line.split("\t")
        # TREC's own form has a second column that is always 0 or Q0.
        columns = [columns[0], *columns[-2:]] if len(columns) >= 3 else columns
        if len(columns) < 3 or not columns[2].strip().lstrip("-").isdigit():
            if number == 1 or not line.strip():
                continue
            raise EvaluationError(f"{path}, line {number}: expected query, document and grade")
        qrels.setdefault(columns[0], {})[columns[1]] = int(columns[2])
    return qrels


def expected_passages(folder: Path, catalog: Catalog) -> Qrels:
    """Return the passages of a library that hold the expected quotes, as judgements.

    Raises EvaluationError for a quote that no passage of its document holds.
    """
    qrels: Qrels = {}
    with catalog.reading() as transaction:
        places = {source.place: source for source in transaction.sources.all()}
        for line in _lines(folder / "expected.jsonl"):
            source = places.get(line["document"])
            passages = transaction.passages.of_source(source.id) if source is not None else []
            quote = " ".join(line["quote"].split())
            holding = [passage.id for passage in passages if quote in " ".join(passage.text.split())]
            if not holding:
                raise EvaluationError(f"{line['query']}: no passage of {line['document']} holds {quote!r}")
            grades = qrels.setdefault(line["query"], {})
            for passage_id in holding:
                grades[passage_id] = max(int(line.get("grade", 1)), grades.get(passage_id, 0))
    return qrels


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    try:
                        yield json.loads(line)
                    except ValueError as error:
                        raise EvaluationError(f"{path}, line {number}: {error}") from error
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}") from error
