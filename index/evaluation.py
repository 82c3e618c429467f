"""How good is the ranking on a test set? Ask its questions, score the run, hold it to what was.

Two kinds of sets, each a folder:

- ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``: every corpus line is one passage of an index
  that is thrown away;
- ``queries.jsonl`` and ``expected.jsonl`` {query, document, quote, grade}: asked of a library, where the
  passage of ``document`` (its place in its collection) that holds ``quote`` is the one expected.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.demands import nearest
from index.engine import Engine, IndexedPassage
from index.engines import ENGINES, open_engine
from index.measures import MEASURES, Interval, difference, interval
from index.queryparser import parse
from index.testsets import Qrels, Run, lines, read_corpus, read_qrels, read_queries
from kb.catalog import Catalog
from kb.errors import EvaluationError, QueryError

# How deep a run goes; recall@100 is the deepest measure.
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The mean of each measure over the judged topics, each topic's own values, and the run."""

    means: dict[str, float]
    by_topic: dict[str, dict[str, float]]
    run: Run

    def as_json(self) -> dict[str, float | int]:
        """Return the means and the number of questions, as one flat mapping."""
        return {**self.means, "questions": len(self.by_topic)}

    def values(self, measure: str) -> dict[str, float]:
        """Return one measure of each topic."""
        return {topic: values[measure] for topic, values in self.by_topic.items()}

    def intervals(self) -> dict[str, Interval]:
        """Return the mean of each measure with its 95 % interval."""
        return {name: interval(list(self.values(name).values())) for name in MEASURES}

    def above(self, other: Evaluation) -> dict[str, Interval]:
        """Return how far each measure is above that of another run on the same questions."""
        return {name: difference(self.values(name), other.values(name)) for name in MEASURES}


def evaluate_corpus(folder: Path) -> Evaluation:
    """Index a corpus in a throw-away index, ask its questions, and score the run."""
    queries, qrels = asked(folder)
    with tempfile.TemporaryDirectory(prefix="kb-evaluate-") as temporary:
        engine = open_engine(ENGINES[0], Path(temporary))
        try:
            put_all(engine, read_corpus(folder), folder=folder)
            return score(qrels, run_of(engine, queries))
        finally:
            engine.close()


def put_all(engine: Engine, corpus: Iterable[IndexedPassage], *, folder: Path) -> None:
    """Put a corpus into an engine; raises EvaluationError when it is empty."""
    with engine.writer(1) as writer:
        for passage in corpus:
            writer.put(passage)
    if not engine.count():
        raise EvaluationError(f"{folder / 'corpus.jsonl'} has no passages")


def asked(folder: Path) -> tuple[dict[str, str], Qrels]:
    """Return the questions of a set that have an answer among its judgements, and these judgements.

    Raises EvaluationError when there are none.
    """
    queries, qrels = read_queries(folder), read_qrels(folder)
    answered = {topic: grades for topic, grades in qrels.items() if topic in queries and _answered(grades)}
    if not answered:
        raise EvaluationError(f"no question of {folder / 'queries.jsonl'} has a judgement above 0")
    return {topic: queries[topic] for topic in queries if topic in answered}, answered


def evaluate_library(folder: Path, catalog: Catalog, engine: Engine) -> Evaluation:
    """Ask a library the questions of a set, and score the run by where the expected quotes stand."""
    return score(expected_passages(folder, catalog), run_of(engine, read_queries(folder)))


def run_of(engine: Engine, queries: Mapping[str, str]) -> Run:
    """Ask each question and return the scores of the best passages of each."""
    run: Run = {}
    for topic, question in queries.items():
        try:
            query = parse(question)
        except QueryError:
            run[topic] = {}
            continue
        hits = engine.search(query, limit=DEPTH).hits
        if not hits:
            # As the search service does.
            other = nearest(query, lambda easier: engine.search(easier, limit=1).total > 0)
            hits = engine.search(other[0], limit=DEPTH).hits if other else ()
        run[topic] = {hit.passage_id: hit.score for hit in hits}
    return run


def score(qrels: Qrels, run: Run) -> Evaluation:
    """Return every measure over the topics that have an answer; a topic without hits counts as 0."""
    judged = {topic: grades for topic, grades in qrels.items() if _answered(grades)}
    if not judged:
        raise EvaluationError("the set has no judgements above 0")
    by_topic = {
        topic: {name: measure(list(run.get(topic, ())), grades) for name, measure in MEASURES.items()}
        for topic, grades in judged.items()
    }
    means = {name: sum(values[name] for values in by_topic.values()) / len(by_topic) for name in MEASURES}
    return Evaluation(means, by_topic, run)


def below(figures: Mapping[str, float | int], floors: Mapping[str, float]) -> list[str]:
    """Return the measures that are below their floors, as sentences."""
    return [
        f"{name} is {figures[name]:.4f}, below its floor of {floor:.4f}"
        for name, floor in floors.items()
        if name in figures and figures[name] < floor
    ]


def expected_passages(folder: Path, catalog: Catalog) -> Qrels:
    """Return the passages of a library that hold the expected quotes, as judgements.

    Raises EvaluationError for a quote that no passage of its document holds.
    """
    qrels: Qrels = {}
    with catalog.reading() as transaction:
        places = {source.place: source for source in transaction.sources.all()}
        for where, line in lines(folder / "expected.jsonl"):
            try:
                query, document, quote = line["query"], line["document"], " ".join(line["quote"].split())
            except KeyError as error:
                raise EvaluationError(f"{where}: there is no {error.args[0]}") from error
            source = places.get(document)
            passages = transaction.passages.of_source(source.id) if source is not None else []
            holding = [passage.id for passage in passages if quote in " ".join(passage.text.split())]
            if not holding:
                raise EvaluationError(f"{query}: no passage of {document} holds {quote!r}")
            grades = qrels.setdefault(query, {})
            for passage_id in holding:
                grades[passage_id] = max(int(line.get("grade", 1)), grades.get(passage_id, 0))
    return qrels


def _answered(grades: Mapping[str, int]) -> bool:
    return any(grade > 0 for grade in grades.values())
