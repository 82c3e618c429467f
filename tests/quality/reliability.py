"""How far can "strong", "partial" and "weak" be trusted? Ask with the answers there, and taken away.

    python -m tests.quality.reliability FOLDER   the sets below of FOLDER, each question asked twice
        --fit                                    … and fit the constants of index/ranking/confidence.py
        --table                                  … and write the tables of docs/ranking.md

Half of the questions of stackfaq and squad-es-dev are fitted on, without those that xquad asks too; all that
is reported is on the other halves and on the sets that nothing was fitted on. "Passage": the answering
passages are taken away, and others of the same article stay, so that near misses lead; "article": all
passages of that title are taken away. The area under the ROC curve says how often a question with its answer
there gets a higher probability than one without. Ends with 1 when it is below .95 on xquad.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.engine import Engine, IndexedPassage
from index.engines import ENGINES, open_engine
from index.evaluation import asked, put_all
from index.queryparser import parse
from index.ranking.confidence import PARTIAL_FROM, STRONG_FROM, Evidence, evidence
from index.testsets import read_corpus
from tests.quality.tables import replace_between

PAGE = Path(__file__).parent.parent.parent / "docs" / "ranking.md"
FITTED = ("stackfaq", "squad-es-dev")
MEASURED = (
    ("xquad-en-dev", "passage"),
    ("xquad-es-dev", "passage"),
    ("xquad-en-dev", "article"),
    ("xquad-es-dev", "article"),
    ("stackfaq", "passage"),
    ("squad-es-dev", "passage"),
)
LEAST = 0.95
# Questions of a set, so that it ends within minutes.
_MOST = 1_200

Array = npt.NDArray[np.float64]


@dataclass(slots=True)
class Asked:
    """What spoke for the first hit of each question, with its answer there and without."""

    there: dict[str, Evidence] = field(default_factory=dict)
    gone: dict[str, Evidence] = field(default_factory=dict)

    def without(self, topics: Collection[str]) -> Asked:
        """Return the questions that are not among some."""
        return Asked(
            {topic: each for topic, each in self.there.items() if topic not in topics},
            {topic: each for topic, each in self.gone.items() if topic not in topics},
        )

    def half(self, *, fitted: bool) -> Asked:
        """Return the questions that are fitted on, or the others."""

        def chosen(found: Mapping[str, Evidence]) -> dict[str, Evidence]:
            return {
                topic: each
                for topic, each in found.items()
                if (zlib.crc32(topic.encode()) % 2 == 0) == fitted
            }

        return Asked(chosen(self.there), chosen(self.gone))


def ask(folder: Path, level: str) -> Asked:
    """Ask the questions of a set twice: as it is, and without what answers them."""
    passages = {passage.id: passage for passage in read_corpus(folder)}
    queries, qrels = asked(folder)
    together = {each: passages[each].title if level == "article" else each for each in passages}
    topics: dict[frozenset[str], list[str]] = defaultdict(list)
    for topic in queries:
        answers = {passage for passage, grade in qrels[topic].items() if grade > 0 and passage in passages}
        topics[frozenset(together[each] for each in answers)].append(topic)
    found = Asked()
    with tempfile.TemporaryDirectory() as temporary:
        engine = open_engine(ENGINES[0], Path(temporary))
        put_all(engine, passages.values(), folder=folder)
        for keys in random.Random(0).sample(sorted(topics, key=sorted), len(topics)):
            found.there |= _evidence(engine, {topic: queries[topic] for topic in topics[keys]}, passages)
            answers = {each for each in passages if together[each] in keys}
            with engine.writer(1) as writer:
                for each in answers:
                    writer.delete(each)
            found.gone |= _evidence(engine, {topic: queries[topic] for topic in topics[keys]}, passages)
            with engine.writer(1) as writer:
                for each in answers:
                    writer.put(passages[each])
            if len(found.there) >= _MOST:
                break
        engine.close()
    return found


def _evidence(
    engine: Engine, questions: Mapping[str, str], passages: Mapping[str, IndexedPassage]
) -> dict[str, Evidence]:
    found = {}
    for topic, question in questions.items():
        query = parse(question)
        ranking = engine.search(query, limit=30)
        if ranking.hits:
            first = passages[ranking.hits[0].passage_id]
            found[topic] = evidence(
                query,
                ranking,
                weights=engine.weights(query),
                name=first.title,
                text=first.text,
                language=first.language,
            )
        else:
            found[topic] = Evidence(0.0, 0.0, 0.0)
    return found


def area(there: Iterable[float], gone: Iterable[float]) -> float:
    """Return the area under the ROC curve: how often one of the first is above one of the others."""
    high, low = np.sort(np.fromiter(there, float)), np.sort(np.fromiter(gone, float))
    below, upto = np.searchsorted(low, high, "left"), np.searchsorted(low, high, "right")
    return float((below + upto).sum() / (2 * len(high) * len(low)))


def fit(sets: Sequence[Asked]) -> Array:
    """Return the constant and the three weights of the logistic curve that fits some questions best."""
    rows = [(each, 1.0) for one in sets for each in one.there.values()]
    rows += [(each, 0.0) for one in sets for each in one.gone.values()]
    features = np.array([(1.0, each.together, each.side_by_side, each.lead) for each, _ in rows])
    answered = np.array([value for _, value in rows])
    weights = np.zeros(features.shape[1])
    for _ in range(50):
        likely = 1.0 / (1.0 + np.exp(-features @ weights))
        curvature = (features * (likely * (1.0 - likely))[:, None]).T @ features
        weights -= np.linalg.solve(curvature, features.T @ (likely - answered))
    return weights


def _word(each: Evidence) -> str:
    probability = each.probability()
    return "strong" if probability >= STRONG_FROM else "partial" if probability >= PARTIAL_FROM else "weak"


def bands(sets: Mapping[tuple[str, str], Asked]) -> str:
    """Return how often each word is said, with the answer there and taken away, as a Markdown table."""
    words = "strong, partial, weak"
    rows = [
        f"| set | taken away | area under ROC | there: {words} | taken away: {words} |",
        "|---|---|---|---|---|",
    ]
    for (name, level), found in sets.items():
        shown = []
        for evidences in (found.there, found.gone):
            said = Counter(map(_word, evidences.values()))
            shown.append(
                ", ".join(f"{said[word] / len(evidences):.2f}" for word in ("strong", "partial", "weak"))
            )
        rows.append(f"| {name} | {level} | {roc(found):.3f} | {' | '.join(shown)} |")
    return "\n".join(rows)


def roc(found: Asked) -> float:
    """Return the area under the ROC curve of a set's questions."""
    return area(
        (each.probability() for each in found.there.values()),
        (each.probability() for each in found.gone.values()),
    )


def kept(sets: Sequence[Asked], *, steps: int = 5) -> str:
    """Return how often the answer was there beside the probability that was given, as a Markdown table."""
    given = [(each.probability(), 1) for one in sets for each in one.there.values()]
    given += [(each.probability(), 0) for one in sets for each in one.gone.values()]
    rows = ["| probability given | questions | answer was there |", "|---|---|---|"]
    for step in range(steps):
        low, high = step / steps, (step + 1) / steps
        inside = [was for probability, was in given if low <= probability < high]
        if inside:
            rows.append(f"| {low:.1f} – {high:.1f} | {len(inside)} | {sum(inside) / len(inside):.2f} |")
    return "\n".join(rows)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    found = {(name, level): ask(options.folder / name, level) for name, level in MEASURED}
    if options.fit:
        xquad = found["xquad-es-dev", "passage"].there
        halves = [found[name, "passage"].half(fitted=True).without(xquad) for name in FITTED]
        print(np.round(fit(halves), 2))
    held_out = {key: each.half(fitted=False) if key[0] in FITTED else each for key, each in found.items()}
    taken = [each for (_, level), each in held_out.items() if level == "passage"]
    shown = f"{bands(held_out)}\n\n{kept(taken)}"
    print(shown)
    if options.table:
        replace_between(PAGE, "reliability", shown)
    sys.exit(any(roc(each) < LEAST for (name, _), each in held_out.items() if name.startswith("xquad")))


if __name__ == "__main__":
    main()
