"""What do the short forms that a library explains do to the ranking? Each set with and without them.

python -m tests.quality.expansion FOLDER… [--weights .25 .5 1] [--questions]

A folder is a test set with a corpus. Only questions with a short form or a long one change; for these the
table gives how many rank better and how many worse, and --questions prints each.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from index.engine import Engine, IndexedPassage
from index.engines import ENGINES, open_engine
from index.evaluation import DEPTH, Evaluation, asked, put_all, score
from index.library import filling, store
from index.library.expansion import ACRONYM_WEIGHT, Expander
from index.library.filling import Shelved
from index.library.glossary import Glossary
from index.library.store import Library
from index.library.synonyms import Synonyms
from index.library.vocabulary import Vocabulary
from index.query import Query
from index.queryparser import parse
from index.testsets import Qrels, Run, read_corpus
from kb.errors import QueryError
from kb.model import Passage

MEASURE = "ndcg@10"


def shelved(passage: IndexedPassage) -> Shelved:
    """Return a line of a corpus as a document of one passage."""
    held = Passage(passage.id, passage.id, 0, 0, len(passage.text), passage.text, (), passage.language)
    return Shelved(passage.id, passage.collection, passage.title, [held])


def expander_over(corpus: list[IndexedPassage], folder: Path) -> Expander:
    """Return what finds expansions in a corpus; its file is kept in a folder."""
    with closing(store.opened(folder / store.NAME)) as file:
        filling.put(file, map(shelved, corpus), sequence=1)
    known = Library(folder)
    return Expander(Glossary(known), Vocabulary(known), Synonyms(folder / "none"))


def expanded(questions: dict[str, str], expander: Expander) -> Iterator[tuple[str, Query]]:
    """Yield the questions that have expansions, with them."""
    for topic, question in questions.items():
        try:
            query = parse(question)
        except QueryError:
            continue
        found = expander.expansions(query)
        if found:
            yield topic, replace(query, expansions=found)


def run_of(engine: Engine, queries: dict[str, Query]) -> Run:
    """Ask each and return the scores of the best passages of each."""
    return {
        topic: {hit.passage_id: hit.score for hit in engine.search(query, limit=DEPTH).hits}
        for topic, query in queries.items()
    }


def plain(questions: dict[str, str]) -> dict[str, Query]:
    """Return the questions as they are typed, those without a word left out."""
    found = {}
    for topic, question in questions.items():
        try:
            found[topic] = parse(question)
        except QueryError:
            continue
    return found


def weighed(query: Query, weight: float) -> Query:
    """Return a query with another weight for its expansions."""
    return replace(query, expansions=tuple(replace(each, weight=weight) for each in query.expansions))


def report(folder: Path, weights: list[float], *, questions: bool) -> None:
    """Print the figures of one set."""
    asked_for, qrels = asked(folder)
    with tempfile.TemporaryDirectory(prefix="kb-expansion-") as temporary:
        engine = open_engine(ENGINES[0], Path(temporary) / "index")
        corpus = list(read_corpus(folder))
        put_all(engine, corpus, folder=folder)
        changed = dict(expanded(asked_for, expander_over(corpus, Path(temporary))))
        before = run_of(engine, plain(asked_for))
        base = score(qrels, before)
        print(f"| {folder.name} | {len(asked_for)} | {len(changed)} | {base.means[MEASURE]:.4f} |", end="")
        for weight in weights:
            again = run_of(engine, {topic: weighed(query, weight) for topic, query in changed.items()})
            print(_cell(base, score(qrels, {**before, **again})), end="", flush=True)
        print()
        if questions:
            _each(base, score(qrels, {**before, **again}), changed, asked_for, qrels)
        engine.close()


def _cell(base: Evaluation, other: Evaluation) -> str:
    was, now = base.values(MEASURE), other.values(MEASURE)
    better = sum(now[topic] > was[topic] + 1e-9 for topic in was)
    worse = sum(now[topic] < was[topic] - 1e-9 for topic in was)
    return f" {other.means[MEASURE]:.4f} (+{better} −{worse}) |"


def _each(
    base: Evaluation, other: Evaluation, changed: dict[str, Query], asked_for: dict[str, str], qrels: Qrels
) -> None:
    for topic, query in changed.items():
        if topic in qrels:
            was, now = base.values(MEASURE).get(topic, 0.0), other.values(MEASURE).get(topic, 0.0)
            told = ", ".join(f"{each.word} → {each.text}" for each in query.expansions)
            print(f"    {was:.3f} → {now:.3f}  {asked_for[topic][:90]}  [{told}]")


def main() -> None:
    """Measure the sets that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--weights", nargs="+", type=float, default=[ACRONYM_WEIGHT])
    parser.add_argument("--questions", action="store_true")
    given = parser.parse_args()
    print("| set | questions | expanded | without |" + "".join(f" {w:g} |" for w in given.weights))
    print("|---|---|---|---|" + "---|" * len(given.weights))
    for folder in given.folders:
        report(folder, given.weights, questions=given.questions)


if __name__ == "__main__":
    main()
