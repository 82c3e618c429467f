"""What does `kb evaluate` say? A set is measured, set beside a stored run, and held to its floors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.engine import Engine
from index.evaluation import (
    Evaluation,
    asked,
    below,
    evaluate_corpus,
    evaluate_library,
    expected_passages,
    score,
)
from index.measures import Interval
from index.rebuild import Check
from index.testsets import Qrels, read_run
from kb.catalog import Catalog
from kb.errors import EvaluationError
from webapp.wiring import Services


def has_corpus(folder: Path) -> bool:
    """Tell whether a set brings its own passages; else it asks those of the library.

    Raises EvaluationError for a folder that does neither.
    """
    if (folder / "corpus.jsonl").exists():
        return True
    if not (folder / "expected.jsonl").exists():
        raise EvaluationError(f"{folder} has no corpus.jsonl")
    return False


def measure(folder: Path, wired: Services | None) -> Evaluation:
    """Measure a set, on an index of its own where it has a corpus."""
    if wired is None:
        return evaluate_corpus(folder)
    return evaluate_library(folder, wired.catalog, wired.live.engine()[0])


def floors_check(services: Services) -> Check | None:
    """Return what holds a new index to the floors of the set in KB_JUDGED_SET, if one is set."""
    if not services.settings.judged_set:
        return None
    folder = Path(services.settings.judged_set).expanduser().resolve()

    def check(engine: Engine) -> list[str]:
        floors = read_floors(folder / "floors.json", folder.name)
        if has_corpus(folder):
            return below(evaluate_corpus(folder).means, floors)
        return below(evaluate_library(folder, services.catalog, engine).means, floors)

    return check


def stored(folder: Path, run_file: Path, *, catalog: Catalog | None) -> Evaluation:
    """Score a stored run by the judgements of a set."""
    qrels: Qrels = asked(folder)[1] if catalog is None else expected_passages(folder, catalog)
    return score(qrels, read_run(run_file))


def read_floors(path: Path, set_name: str) -> dict[str, float]:
    """Return the floors of a set: a file holds one set's {measure: floor}, or {set: {measure: floor}}.

    Raises EvaluationError when there are none for this set.
    """
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise EvaluationError(f"{path}: {error}") from error
    floors = found.get(set_name, found) if isinstance(found, dict) else None
    if not isinstance(floors, dict) or not all(isinstance(value, int | float) for value in floors.values()):
        raise EvaluationError(f"{path} has no floors for {set_name}")
    return floors


def as_json(result: Evaluation, against: Evaluation | None) -> dict[str, Any]:
    """Return the means and the number of questions; what a stored run has less only when there is one."""
    figures: dict[str, Any] = dict(result.as_json())
    if against is not None:
        figures["above"] = {name: tuple(found) for name, found in result.above(against).items()}
    return figures


def as_text(result: Evaluation, against: Evaluation | None) -> str:
    """Return one line for each measure: its mean, the interval, and what it is above a stored run."""
    above: Mapping[str, Interval] = result.above(against) if against is not None else {}
    lines = [f"{'':<12}{'mean':>7}  {'95 % interval':<17}" + ("  above the stored run" if above else "")]
    for name, found in result.intervals().items():
        line = f"{name:<12}{found.mean:>7.4f}  {found.low:.4f} – {found.high:.4f}"
        if name in above:
            more = above[name]
            line += f"  {more.mean:+.4f}  ({more.low:+.4f} – {more.high:+.4f})"
        lines.append(line)
    return "\n".join([*lines, f"{'questions':<12}{len(result.by_topic):>7}"])


def sunk(result: Evaluation, floors: Path | None, *, folder: Path) -> list[str]:
    """Return the measures of a set that are below the floors of a file."""
    return below(result.means, read_floors(floors, folder.resolve().name)) if floors is not None else []
