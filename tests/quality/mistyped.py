"""What do questions lose that are typed without care?

    python -m tests.quality.mistyped SET [SET …]   nDCG@10 of each set as it is, and typed in five worse ways
        --table                                    … and write the table of docs/ranking.md

Ends with 1 when the questions lose .05 or more with everything at once. Slips are drawn with a fixed seed:
one in a word of four letters or more that is no stop word; a letter left out, doubled, replaced by another,
or two swapped, anywhere in the word.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

from index.engines import ENGINES, open_engine
from index.evaluation import asked, put_all, run_of, score
from index.measures import difference, interval
from index.stopwords import STOPWORDS
from index.testsets import read_corpus
from kb.text import fold
from tests.quality.tables import replace_between

PAGE = Path(__file__).parent.parent.parent / "docs" / "ranking.md"
MOST_LOST = 0.05
MEASURE = "ndcg@10"

_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SMALL = frozenset(word for words in STOPWORDS.values() for word in words)


def without_accents(question: str) -> str:
    """Return a question without its accents and tildes."""
    apart = unicodedata.normalize("NFD", question)
    return "".join(char for char in apart if not unicodedata.combining(char))


def without_marks(question: str) -> str:
    """Return a question without its question marks."""
    return re.sub(r"[?¿]", "", question).strip()


def with_slip(question: str) -> str:
    """Return a question with one slip in one of its telling words; the same every time."""
    chance = random.Random(question)
    words = [match for match in _WORD.finditer(question) if fold(match.group()) not in _SMALL]
    if not words:
        return question
    match = chance.choice(words)
    return question[: match.start()] + _slip(match.group(), chance) + question[match.end() :]


def _slip(word: str, chance: random.Random) -> str:
    kind = chance.choice(["left out", "doubled", "replaced", "swapped"])
    at = chance.randrange(len(word) - (kind == "swapped"))
    if kind == "left out":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    if kind == "replaced":
        return word[:at] + chance.choice(_LETTERS) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def carelessly(question: str) -> str:
    """Return a question with all of it: a slip, no accents, no capitals, no question mark."""
    return without_marks(without_accents(with_slip(question))).lower()


WAYS: dict[str, Callable[[str], str]] = {
    "no accents": without_accents,
    "lower case": str.lower,
    "no question mark": without_marks,
    "one slip": with_slip,
    "all of these": carelessly,
}


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Return nDCG@10 of each question of a set, typed well and in each of the worse ways."""
    queries, qrels = asked(folder)
    with tempfile.TemporaryDirectory() as temporary:
        engine = open_engine(ENGINES[0], Path(temporary))
        try:
            put_all(engine, read_corpus(folder), folder=folder)
            found = {"as it is": score(qrels, run_of(engine, queries)).values(MEASURE)}
            for name, typed in WAYS.items():
                worse = {topic: typed(question) for topic, question in queries.items()}
                found[name] = score(qrels, run_of(engine, worse)).values(MEASURE)
            return found
        finally:
            engine.close()


def table(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    """Return the figures as a Markdown table; the last column is what is lost, with its 95 % interval."""
    names = list(next(iter(figures.values())))
    rows = [f"| set | {' | '.join(names)} | lost by all |", "|---|" + "---|" * (len(names) + 1)]
    for set_name, values in figures.items():
        means = [f"{interval(list(values[name].values())).mean:.3f}" for name in names]
        lost = difference(values[names[0]], values[names[-1]])
        rows.append(
            f"| {set_name} | {' | '.join(means)} | {lost.mean:.3f} ({lost.low:.3f} – {lost.high:.3f}) |"
        )
    return "\n".join(rows)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    figures = {folder.name: measure(folder) for folder in options.folders}
    shown = table(figures)
    print(shown)
    if options.table:
        replace_between(PAGE, "mistyped", shown)
    names = ("as it is", "all of these")
    lost = [difference(values[names[0]], values[names[1]]).mean for values in figures.values()]
    sys.exit(max(lost) >= MOST_LOST)


if __name__ == "__main__":
    main()
