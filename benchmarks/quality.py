"""How well do we rank beside our peers, on sets that others made?

    python -m benchmarks.quality FOLDER [SET …]   nDCG@10 of ours and of each peer on each set of FOLDER
        --table                                   … and write the table of docs/ranking.md
        --raise                                   … and raise the floors in tests/quality/floors.json
        --runs FOLDER                             … and keep our runs, SET.run, in TREC's form

FOLDER holds the sets, each with corpus.jsonl, queries.jsonl and qrels.tsv. Ends with 1 when a set has sunk
below its floor. `kb evaluate SET --against SET.run` compares with a run that was kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.engines import PEERS, Line, Peer
from index.evaluation import DEPTH, Evaluation, asked, below, evaluate_corpus, score
from index.measures import Interval, difference, interval
from index.testsets import Run, read_corpus, write_run
from tests.quality.floors import FLOORS, raised
from tests.quality.tables import replace_between

MEASURE = "ndcg@10"
OURS = "ours"
PAGE = Path(__file__).parent.parent / "docs" / "ranking.md"

Values = dict[str, float]
"""A measure of each topic."""


def evaluate_peer(peer: Peer, folder: Path) -> Evaluation:
    """Index a set with a peer, ask its questions, and score the run as ours is scored."""
    lines: list[Line] = [(passage.id, passage.title, passage.text) for passage in read_corpus(folder)]
    queries, qrels = asked(folder)
    with tempfile.TemporaryDirectory() as temporary:
        peer.build(lines, Path(temporary))
        run: Run = {}
        for topic, question in queries.items():
            found = peer.search(question, DEPTH)
            run[topic] = {passage_id: float(len(found) - place) for place, passage_id in enumerate(found)}
    return score(qrels, run)


def best_peer(values: Mapping[str, Values]) -> str:
    """Return the name of the peer that does best on a set."""
    return max((peer.name for peer in PEERS), key=lambda name: _mean(values[name]))


def table(figures: Mapping[str, Mapping[str, Values]]) -> str:
    """Return the figures as a Markdown table, with a line of means: topics' values by set and engine."""
    names = [peer.name for peer in PEERS]
    rows = [
        f"| set | {' | '.join(names)} | ours | 95 % interval | above the best of the four |",
        "|---|" + "---|" * (len(names) + 3),
    ]
    for set_name, values in figures.items():
        above = difference(values[OURS], values[best_peer(values)])
        rows.append(
            _row(set_name, {name: _mean(values[name]) for name in names}, _interval(values[OURS]), above)
        )
    means = {name: sum(_mean(values[name]) for values in figures.values()) / len(figures) for name in names}
    ours = interval(*(list(values[OURS].values()) for values in figures.values()))
    leader = max(means, key=lambda name: means[name])
    gaps = [
        [value - values[leader][topic] for topic, value in values[OURS].items()]
        for values in figures.values()
    ]
    return "\n".join([*rows, _row("**mean**", means, ours, interval(*gaps))])


def _row(name: str, peers: Mapping[str, float], ours: Interval, above: Interval) -> str:
    best = max(peers.values())
    shown = [f"**{value:.3f}**" if value == best else f"{value:.3f}" for value in peers.values()]
    return (
        f"| {name} | {' | '.join(shown)} | **{ours.mean:.3f}** | {ours.low:.3f} – {ours.high:.3f} "
        f"| {above.mean:+.3f} ({above.low:+.3f} – {above.high:+.3f}) |"
    )


def _interval(values: Values) -> Interval:
    return interval(list(values.values()))


def _mean(values: Values) -> float:
    return sum(values.values()) / len(values)


def measure(folder: Path, keep: Callable[[Run], None]) -> dict[str, Values]:
    """Return nDCG@10 of each topic of a set, of ours and of each peer's."""
    ours = evaluate_corpus(folder)
    keep(ours.run)
    return {OURS: ours.values(MEASURE)} | {
        peer.name: evaluate_peer(peer(), folder).values(MEASURE) for peer in PEERS
    }


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--raise", dest="raise_", action="store_true")
    parser.add_argument("--runs", type=Path)
    options = parser.parse_args()
    figures: dict[str, dict[str, Values]] = {}
    for folder in sorted(path.parent for path in options.folder.glob("*/corpus.jsonl")):
        if options.sets and folder.name not in options.sets:
            continue

        def keep(run: Run, name: str = folder.name) -> None:
            if options.runs is not None:
                options.runs.mkdir(parents=True, exist_ok=True)
                write_run(run, options.runs / f"{name}.run")

        figures[folder.name] = measure(folder, keep)
        means = {name: round(_mean(values), 4) for name, values in figures[folder.name].items()}
        print(folder.name, means, flush=True)
    shown = table(figures)
    print(shown)
    if options.table:
        replace_between(PAGE, "sets", shown)
    sys.exit(_hold_floors(figures, raising=options.raise_))


def _hold_floors(figures: Mapping[str, Mapping[str, Values]], *, raising: bool) -> int:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    sunk = 0
    for set_name, values in figures.items():
        found = {MEASURE: _mean(values[OURS])}
        for sentence in below(found, floors.get(set_name, {})):
            print(f"{set_name}: {sentence}")
            sunk = 1
        if raising:
            floors[set_name] = raised(floors.get(set_name, {}), found)
    if raising:
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return sunk


if __name__ == "__main__":
    main()
