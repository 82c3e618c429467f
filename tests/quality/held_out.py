"""Would the ranking's constants be chosen alike without a set, and what would that set then get?

    python -m tests.quality.held_out FOLDER           a folder of sets: measure today's constants and others
                                     --table          … and write the table into docs/ranking.md
                                     --most NUMBER    … with so many questions of a set, drawn by a fixed seed

Each other setting is today's with one constant moved. For each set the setting is chosen that is best in the
mean of the other sets. Each set is indexed once: all that is moved is read when the index is opened or asked.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import fields
from index.engines import ENGINES, open_engine
from index.evaluation import asked, put_all, run_of, score
from index.testsets import Run, read_corpus
from tests.quality.folders import sets_in
from tests.quality.reproducible import ROOT, sets_of
from tests.quality.tables import replace_between

MEASURE = "ndcg@10"
TODAY = "today's"
MOST = 400

GRID: Mapping[str, Sequence[Any]] = {
    "K1": (0.9, 1.6),
    "BURST_WEIGHT": (0.4, 1.0),
    "TITLE_WEIGHT": (0.5, 1.1),
    "ORDER_WEIGHT": (0.1, 0.4),
    "PAIR_WEIGHT": (0.05, 0.3),
    "SMALL_WEIGHT": (0.05, 0.3),
    "FIELD_WEIGHTS": tuple({**fields.FIELD_WEIGHTS, "title": weight} for weight in (2.0, 4.0)),
    "LENGTH_SHARE": tuple({**fields.LENGTH_SHARE, "text": share} for share in (0.45, 0.75)),
}
"""The constants of ``index.fields`` that are moved, one at a time: to a value below and to one above."""


@dataclass(frozen=True, slots=True)
class Held:
    """A set that was left out: the setting chosen without it, what it gives there, and what today's gives."""

    name: str
    setting: str
    chosen: float
    today: float


def settings() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield today's setting, which moves nothing, and every other with its name."""
    yield TODAY, {}
    for name, values in GRID.items():
        today = getattr(fields, name)
        for value in values:
            told = value
            if isinstance(value, dict):
                told = ", ".join(f"{key} {each:g}" for key, each in value.items() if each != today[key])
            yield f"{name} {told}", {name: value}


@contextmanager
def moved(constants: Mapping[str, Any]) -> Iterator[None]:
    """Move constants in every module that has taken them from ``index.fields``, and put them back."""
    taken = [
        (module, name, getattr(module, name))
        for key, module in list(sys.modules.items())
        for name in constants
        if key.startswith("index.") and hasattr(module, name)
    ]
    try:
        for module, name, _ in taken:
            setattr(module, name, constants[name])
        yield
    finally:
        for module, name, value in taken:
            setattr(module, name, value)


def measure(folder: Path, most: int) -> dict[str, float]:
    """Return nDCG@10 of a set with each setting, over the same questions."""
    queries, qrels = asked(folder)
    if len(queries) > most:
        drawn = set(random.Random(most).sample(sorted(queries), most))
        queries = {topic: text for topic, text in queries.items() if topic in drawn}
        qrels = {topic: grades for topic, grades in qrels.items() if topic in drawn}
    return {name: score(qrels, run).means[MEASURE] for name, run in runs(folder, queries)}


def runs(folder: Path, queries: Mapping[str, str]) -> Iterator[tuple[str, Run]]:
    """Index a set once and yield its run with each setting."""
    with tempfile.TemporaryDirectory() as temporary:
        engine = open_engine(ENGINES[0], Path(temporary))
        put_all(engine, read_corpus(folder), folder=folder)
        engine.close()
        for name, constants in settings():
            with moved(constants):
                # Opened anew, since an open engine keeps what words add.
                engine = open_engine(ENGINES[0], Path(temporary))
                yield name, run_of(engine, queries)
                engine.close()


def held_out(figures: Mapping[str, Mapping[str, float]]) -> list[Held]:
    """Leave each set out once, by nDCG@10 by set and setting; of equal settings today's is chosen."""
    result = []
    for name, own in figures.items():
        others = [found for other, found in figures.items() if other != name]
        sums = {setting: sum(found[setting] for found in others) for setting in own}
        chosen = max(sums, key=lambda setting: (sums[setting], setting == TODAY))
        result.append(Held(name, chosen, own[chosen], own[TODAY]))
    return result


def best_peers(page: str) -> dict[str, float]:
    """Return the best of the four other engines on each set, from the table of sets in docs/ranking.md."""
    rows = page.split("<!-- sets -->\n")[1].split("\n<!-- /sets -->", maxsplit=1)[0].splitlines()[2:]
    cells = [[cell.strip(" *") for cell in row.strip("|").split("|")] for row in rows]
    return {row[0]: max(map(float, row[1:5])) for row in cells}


def table(held: Sequence[Held], peers: Mapping[str, float]) -> str:
    """Return the sets that were left out as a table of Markdown."""
    rows = [
        f"| {each.name} | {each.setting} | {each.chosen:.3f} | {each.today:.3f} | "
        f"{each.chosen - each.today:+.3f} | {_told(peers.get(each.name))} |"
        for each in held
    ]
    chosen, today = (
        sum(values) / len(held) for values in zip(*((h.chosen, h.today) for h in held), strict=True)
    )
    return "\n".join(
        [
            "| left out | chosen without it | gives there | today's | difference | best other (all) |",
            "|---|---|---|---|---|---|",
            *rows,
            f"| **mean** | | {chosen:.3f} | {today:.3f} | {chosen - today:+.3f} | |",
        ]
    )


def _told(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=sets_in)
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    figures = {}
    for folder in sets_of(options.folder):
        figures[folder.name] = measure(folder, options.most)
        print(
            folder.name, {name: round(value, 4) for name, value in figures[folder.name].items()}, flush=True
        )
    page = ROOT / "docs" / "ranking.md"
    written = table(held_out(figures), best_peers(page.read_text(encoding="utf-8")))
    print(written)
    if options.table:
        replace_between(page, "held out", written)


if __name__ == "__main__":
    main()
