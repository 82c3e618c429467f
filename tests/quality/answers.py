"""Does the passage in which an answer begins hold the whole answer? Counted on articles with exact answers.

python -m tests.quality.answers DATA            measure, and fail below a floor
python -m tests.quality.answers DATA --table    … and write the table in docs/quality.md
python -m tests.quality.answers DATA --raise    … and raise the floor

DATA holds ``retrieval/covidqa-dev`` (COVID-QA, Möller et al., 2020): articles as plain text, and questions
with the offsets of their answer in the article. The articles are read and cut as any text file is.
"""

from __future__ import annotations

import json
import statistics
import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.text import plaintext
from ingest.segment import SIZES, Sizes, segment
from kb.model import Document, Span
from kb.text import canonical_code
from tests.quality.floors import asked, held
from tests.quality.tables import replace_between

TABLE = Path(__file__).parent.parent.parent / "docs" / "quality.md"
# Other sizes, measured beside those in use to show what these were chosen among.
OTHERS = (Sizes(aim=40, most=120, stretch=140, limit=180), Sizes(aim=80, most=240, stretch=260, limit=320))
_HYPHENS = "-\u2010\u2011"
# How far lines that reading drops may move an answer.
_NEAR = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question, and where in its article it begins, in code points."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article with the answers that are in it."""

    text: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many answers lie whole in one passage, of how many, and how many words a passage has (median)."""

    whole: int
    answers: int
    passages: int
    words: float

    @property
    def share(self) -> float:
        """Return the share of the answers that lie whole in one passage."""
        return self.whole / self.answers


def articles(folder: Path) -> list[Article]:
    """Return the articles of a set with their answers."""
    answers: dict[str, list[Answer]] = {}
    for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        answers.setdefault(asked["doc"], []).append(Answer(asked["answer"], asked["start"]))
    return [
        Article(article["text"], tuple(answers.get(article["_id"], ())))
        for article in map(json.loads, (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines())
    ]


def visible(text: str) -> str:
    """Return what reading leaves as it was: no white space, nor hyphens, as broken words are made whole."""
    return "".join(filter(_is_kept, canonical_code(text)))


def _is_kept(char: str) -> bool:
    return not char.isspace() and char not in _HYPHENS


def places(article: Article, document: Document) -> list[tuple[int, int] | None]:
    """Return where in a document the answers begin and end; None for one whose words are not there.

    White space and hyphens are left aside on both sides. Of several places with the words of the answer the
    one nearest to where the set has it counts.
    """
    at = [place for place, char in enumerate(document.text) if _is_kept(char)]
    read = visible(document.text)
    found: list[tuple[int, int] | None] = []
    for answer in article.answers:
        words = visible(answer.text)
        stated = len(visible(article.text[: answer.start]))
        first = max(stated - _NEAR, 0)
        starts = []
        while (first := read.find(words, first, stated + _NEAR + len(words))) >= 0:
            starts.append(first)
            first += 1
        nearest = min(starts, key=lambda start: abs(start - stated), default=None)
        found.append(None if nearest is None else (at[nearest], at[nearest + len(words) - 1] + 1))
    return found


def holds(spans: Sequence[Span], place: tuple[int, int] | None) -> bool:
    """Return whether the passage in which a place begins goes on to its end."""
    if place is None:
        return False
    number = bisect_right([span.start for span in spans], place[0]) - 1
    return number >= 0 and place[1] <= spans[number].end


def measure(found: Sequence[tuple[Article, Document]], sizes: Sizes) -> Figures:
    """Return how many answers lie whole in one passage when documents are cut to these sizes."""
    whole, answers, words = 0, 0, []
    for article, document in found:
        spans = segment(document, sizes)
        words += [len(document.text[span.start : span.end].split()) for span in spans]
        held = [holds(spans, place) for place in places(article, document)]
        whole, answers = whole + sum(held), answers + len(held)
    return Figures(whole, answers, len(words), statistics.median(words))


def rows(figures: Sequence[tuple[Sizes, Figures]]) -> str:
    """Return the table of sizes and what they reach."""
    head = (
        "| words that a passage has | answers | whole in one passage | share | passages | words, median |\n"
    )
    lines = [
        f"| {sizes.aim} to {sizes.most}{' (in use)' if sizes == SIZES else ''} | {one.answers} | {one.whole}"
        f" | {one.share:.3f} | {one.passages:,} | {one.words:.0f} |"
        for sizes, one in figures
    ]
    return head + "|---|---|---|---|---|---|\n" + "\n".join(lines)


def main() -> int:
    """Measure as asked on the command line; fail below the floor."""
    options = asked(__doc__)
    found = [
        (article, plaintext.read(article.text.encode(), name="article.txt"))
        for article in articles(options.data / "retrieval" / "covidqa-dev")
    ]
    figures = [(sizes, measure(found, sizes)) for sizes in (SIZES, *OTHERS)]
    table = rows(figures)
    print(table)
    if options.table:
        replace_between(TABLE, "answers", table)
    reached = {"whole answers": figures[0][1].share}
    return held(reached, "answers", raised_first=options.raise_)


if __name__ == "__main__":
    sys.exit(main())
