"""How well do we rank beside our peers, on sets that others made?

    python -m benchmarks.quality FOLDER [SET …]   one line a set: nDCG@10 of ours and of each peer
                                                  and at the end the table that docs/ranking.md shows

FOLDER holds the sets, each with corpus.jsonl, queries.jsonl and qrels.tsv.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.engines import PEERS, Line, Peer
from index.evaluation import DEPTH, Evaluation, Run, evaluate_corpus, read_qrels, read_queries, score

MEASURE = "ndcg@10"


def read_lines(folder: Path) -> list[Line]:
    """Return the passages of a corpus as every peer takes them."""
    lines = []
    with (folder / "corpus.jsonl").open(encoding="utf-8") as file:
        for line in file:
            values = json.loads(line)
            lines.append((str(values["_id"]), values.get("title") or "", values.get("text") or ""))
    return lines


def evaluate_peer(peer: Peer, folder: Path) -> Evaluation:
    """Index a set with a peer, ask its questions, and score the run as ours is scored."""
    with tempfile.TemporaryDirectory() as temporary:
        peer.build(read_lines(folder), Path(temporary))
        run: Run = {}
        for topic, question in read_queries(folder).items():
            found = peer.search(question, DEPTH)
            run[topic] = {passage_id: float(len(found) - place) for place, passage_id in enumerate(found)}
    return score(read_qrels(folder), run)


def measure(folder: Path) -> dict[str, float]:
    """Return nDCG@10 on one set: ours first, then each peer's."""
    figures = {"ours": evaluate_corpus(folder).means[MEASURE]}
    for make in PEERS:
        figures[make.name] = evaluate_peer(make(), folder).means[MEASURE]
    return figures


def table(figures: dict[str, dict[str, float]]) -> str:
    """Return the figures as a Markdown table with a line of means."""
    names = list(next(iter(figures.values())))
    means = {name: sum(values[name] for values in figures.values()) / len(figures) for name in names}
    rows = [f"| set | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    for set_name, values in {**figures, "**mean**": means}.items():
        best = max(values.values())
        shown = (
            f"**{values[name]:.3f}**" if values[name] == best else f"{values[name]:.3f}" for name in names
        )
        rows.append(f"| {set_name} | {' | '.join(shown)} |")
    return "\n".join(rows)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*")
    options = parser.parse_args()
    found = sorted(path.parent for path in options.folder.glob("*/corpus.jsonl"))
    figures = {}
    for folder in found:
        if not options.sets or folder.name in options.sets:
            figures[folder.name] = measure(folder)
            print(
                folder.name,
                {name: round(value, 4) for name, value in figures[folder.name].items()},
                flush=True,
            )
    print(table(figures))


if __name__ == "__main__":
    main()
