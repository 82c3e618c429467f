"""How good are the answers? Measure them on the sample library, hold the floors, write the table.

python -m tests.quality.measure                 measure, and fail below a floor
python -m tests.quality.measure --raise         … and raise the floors to what was measured
python -m tests.quality.measure --table         … and write docs/quality.md
python -m tests.quality.measure --seeds FOLDER  ask the questions of tests/quality/seeds.jsonl of that folder
                        --distractors FOLDER …  … while it stands among the documents of others
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from index.evaluation import Evaluation, evaluate_library
from tests.library import services_at, take_in
from tests.quality.floors import below_floors, raise_floors
from tests.quality.tables import replace_between
from webapp.wiring import Services

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer is known by a key that the right passage must hold."""

    id: str
    text: str
    documents: tuple[str, ...]
    answer: str


def sample_library(home: Path) -> Services:
    """Return a service that holds the sample collection."""
    services = services_at(home)
    take_in(services, ROOT / "sample")
    return services


def measure_sample(services: Services) -> Evaluation:
    """Ask the sample library the questions of its test set."""
    return evaluate_library(HERE / "sample", services.catalog, services.live.engine()[0])


def read_seed_questions() -> list[Question]:
    """Return the questions on the documents that the service was first asked to serve."""
    questions = []
    for line in (HERE / "seeds.jsonl").read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        documents = values["document"]
        named = (documents,) if isinstance(documents, str) else tuple(documents)
        questions.append(Question(values["_id"], values["text"], named, values["answer"]))
    return questions


def first_right(services: Services, question: Question, *, depth: int = 10) -> int | None:
    """Return the rank of the first passage that holds the answer, or None below ``depth``."""
    key = " ".join(question.answer.split())
    for hit in services.search.search(question.text, limit=depth).hits:
        places = {hit.citation.source.place, *(other.source.place for other in hit.also_in)}
        from_it = any(place.startswith(document) for place in places for document in question.documents)
        if from_it and key in " ".join(hit.citation.passage.text.split()):
            return hit.rank
    return None


def measure_seeds(folder: Path, distractors: Sequence[Path] = ()) -> dict[str, float | int]:
    """Ask the questions on the seed documents; print those not answered in the top three."""
    questions = read_seed_questions()
    with tempfile.TemporaryDirectory() as home:
        services = services_at(Path(home))
        outcomes = take_in(services, folder, *distractors)
        ranks = {question.id: first_right(services, question) for question in questions}
        services.close()
    for question in questions:
        rank = ranks[question.id]
        if rank is None or rank > 3:
            print(f"{question.id} rank {rank}: {question.text} → {question.answer!r} in {question.documents}")
    shares = {
        f"success@{depth}": sum(rank is not None and rank <= depth for rank in ranks.values()) / len(ranks)
        for depth in (1, 3, 5)
    }
    failed = sum(outcome.code != "" for outcome in outcomes)
    return {**shares, "questions": len(questions), "documents": len(outcomes), "failed documents": failed}


def write_table(figures: dict[str, float | int]) -> None:
    """Write the figures into docs/quality.md, between their two marks."""
    rows = [f"| {name} | {value:.3f} |" for name, value in figures.items() if name != "questions"]
    replace_between(
        ROOT / "docs" / "quality.md", "sample", "\n".join(["| measure | mean |", "|---|---|", *rows])
    )


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--raise", dest="raise_", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--distractors", type=Path, nargs="+", default=())
    options = parser.parse_args()
    if options.seeds is not None:
        found = measure_seeds(options.seeds, options.distractors)
        finish(found, "seeds among others" if options.distractors else "seeds")
    with tempfile.TemporaryDirectory() as home:
        services = sample_library(Path(home))
        figures = measure_sample(services).as_json()
        services.close()
    if options.raise_:
        raise_floors(figures, "sample")
    if options.table:
        write_table(figures)
    finish(figures, "sample")


def finish(figures: dict[str, float | int], library: str) -> NoReturn:
    """Print the figures and end, with 1 when one is below its floor."""
    print(json.dumps(figures, indent=2))
    sunk = below_floors(figures, library)
    print("\n".join(sunk) or "no floor is broken")
    sys.exit(1 if sunk else 0)


if __name__ == "__main__":
    main()
