"""Does the sentence that is marked hold the answer?

    python -m tests.quality.best_sentence SET [SET …]   the share of questions, on the passage that is right
        --table                                         … and write the table of docs/quality.md

The questions of a set have an ``answer``, words of the right passage. "By chance" is the share of its
sentences that hold them.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from index.engines import ENGINES, open_engine
from index.evaluation import asked, put_all
from index.measures import Interval, interval
from index.queryparser import parse
from index.quote import best_sentence
from index.testsets import lines, read_corpus
from kb.sentences import sentence_spans
from tests.quality.tables import replace_between

PAGE = Path(__file__).parent.parent.parent / "docs" / "quality.md"


def measure(folder: Path) -> tuple[Interval, Interval]:
    """Return the share of questions whose marked sentence holds the answer, and what chance would give."""
    passages = {passage.id: passage for passage in read_corpus(folder)}
    queries, qrels = asked(folder)
    answers = {str(line["_id"]): str(line["answer"]) for _, line in lines(folder / "queries.jsonl")}
    marked, by_chance = [], []
    with tempfile.TemporaryDirectory() as temporary:
        engine = open_engine(ENGINES[0], Path(temporary))
        put_all(engine, passages.values(), folder=folder)
        for topic, question in queries.items():
            right = passages[max(qrels[topic], key=lambda each: qrels[topic][each])]
            spans = sentence_spans(right.text, right.language)
            holding = [(start, end) for start, end in spans if answers[topic] in right.text[start:end]]
            if holding:
                query = parse(question)
                found = best_sentence(right.text, right.language, query, weights=engine.weights(query))
                marked.append(float(found in holding))
                by_chance.append(len(holding) / len(spans))
        engine.close()
    return interval(marked), interval(by_chance)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    rows = ["| set | marked sentence holds the answer | by chance |", "|---|---|---|"]
    for folder in options.folders:
        found, chance = measure(folder)
        rows.append(
            f"| {folder.name} | {found.mean:.3f} ({found.low:.3f} – {found.high:.3f}) | {chance.mean:.3f} |"
        )
    print("\n".join(rows))
    if options.table:
        replace_between(PAGE, "sentences", "\n".join(rows))


if __name__ == "__main__":
    main()
