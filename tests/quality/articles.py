"""How well are web pages read? Two public sets of pages, our reader and others side by side, in one run.

python -m tests.quality.articles DATA           measure (install the extra ``bench``), and fail below a floor
python -m tests.quality.articles DATA --table   … and write docs/quality/html.md
python -m tests.quality.articles DATA --raise   … and raise the floors to what was measured

DATA holds ``html-gold/article-extraction`` (pages with the text of their article) and
``html-gold/trafilatura-en-es`` (pages with segments that must, and that must not, be in what is read).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from bs4 import BeautifulSoup

from ingest.readers import html
from kb.errors import SourceError
from kb.model import BlockKind, Document
from tests.quality.floors import asked, held
from tests.quality.tables import replace_between

_MEASURED = "kb"
TABLE = Path(__file__).parent.parent.parent / "docs" / "quality" / "html.md"
Extractor = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Article:
    """A page and the text of its article; ``half`` is 0 (rules were made on it) or 1 (they were not)."""

    page: bytes
    text: str
    half: int


@dataclass(frozen=True, slots=True)
class Segmented:
    """A page and segments of text that must, and that must not, be in what is read."""

    page: bytes
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one extractor reaches: precision, recall and F1 of articles, F1 by half; then of segments."""

    precision: float
    recall: float
    f1: float
    halves: tuple[float, float]
    segments: float
    segments_precision: float
    segments_recall: float
    speed: float


def articles(data: Path) -> list[Article]:
    """Return the pages of the article extraction benchmark; the SHA-256 of a page's name halves the set."""
    folder = data / "html-gold" / "article-extraction"
    gold = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    return [
        Article(
            gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()),
            truth["articleBody"],
            int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2,
        )
        for name, truth in sorted(gold.items())
    ]


def segmented(data: Path) -> list[Segmented]:
    """Return trafilatura's English and Spanish pages with their segments."""
    folder = data / "html-gold" / "trafilatura-en-es"
    gold = json.loads((folder / "evaldata.json").read_text(encoding="utf-8"))
    return [
        Segmented((folder / "html" / page["file"]).read_bytes(), tuple(page["with"]), tuple(page["without"]))
        for page in gold.values()
    ]


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """Return the runs of ``size`` words in a text; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)) if words)


def overlap(true: str, found: str) -> tuple[float, float]:
    """Return precision and recall of a page's shingles, as the article extraction benchmark counts them."""
    wanted, given = shingles(true), shingles(found)
    common = (wanted & given).total()
    precision = common / given.total() if given else float(not wanted)
    recall = common / wanted.total() if wanted else float(not given)
    return precision, recall


def f1_of(pairs: Iterable[tuple[float, float]]) -> tuple[float, float, float]:
    """Return mean precision, mean recall, and the F1 of the two means."""
    pairs = list(pairs)
    precision, recall = mean(p for p, _ in pairs), mean(r for _, r in pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def segments_of(pages: list[Segmented], texts: list[str]) -> tuple[float, float, float]:
    """Return accuracy, precision and recall over all segments, white space aside: trafilatura's own count."""
    right = missed = kept = 0
    for page, text in zip(pages, texts, strict=True):
        said = " ".join(text.split())
        found = sum(" ".join(segment.split()) in said for segment in page.wanted)
        right, missed = right + found, missed + len(page.wanted) - found
        kept += sum(" ".join(segment.split()) in said for segment in page.unwanted)
    dropped = sum(len(page.unwanted) for page in pages) - kept
    accuracy = (right + dropped) / (right + dropped + missed + kept)
    return accuracy, right / (right + kept), right / (right + missed)


def measured(extract: Extractor, ours: list[Article], theirs: list[Segmented]) -> Figures:
    """Run an extractor over both sets; the speed is in pages per second of processor time."""
    extract(ours[0].page)
    begun = time.process_time()
    texts = [extract(article.page) for article in ours]
    spent = time.process_time() - begun
    pairs = [overlap(article.text, text) for article, text in zip(ours, texts, strict=True)]
    precision, recall, f1 = f1_of(pairs)
    first, second = (
        f1_of(pair for pair, article in zip(pairs, ours, strict=True) if article.half == half)[2]
        for half in (0, 1)
    )
    accuracy, kept, found = segments_of(theirs, [extract(page.page) for page in theirs])
    return Figures(precision, recall, f1, (first, second), accuracy, kept, found, len(ours) / spent)


def read_whole(page: bytes) -> str:
    """Return all that our reader reads, the headline too."""
    document = _document(page)
    return document.text if document else ""


def read_body(page: bytes) -> str:
    """Return what our reader reads without the heading at the top, which the texts of the benchmark lack."""
    document = _document(page)
    if document is None:
        return ""
    top = next(
        (block for block in document.blocks if block.kind is BlockKind.HEADING and block.level == 1), None
    )
    return "\n".join(document.block_text(block) for block in document.blocks if block is not top)


def _document(page: bytes) -> Document | None:
    try:
        return html.read(page)
    except SourceError:
        return None


def peers() -> dict[str, Extractor]:
    """Return the other extractors, each as its own documentation has it."""
    import readability  # noqa: PLC0415
    import trafilatura  # noqa: PLC0415

    def judged(page: bytes, *, fast: bool) -> str:
        return trafilatura.extract(page, include_comments=False, fast=fast) or ""

    def summed_up(page: bytes) -> str:
        summary = readability.Document(trafilatura.utils.decode_file(page)).summary()
        return BeautifulSoup(summary, "lxml").get_text("\n")

    return {
        "trafilatura": lambda page: judged(page, fast=False),
        "trafilatura, fast": lambda page: judged(page, fast=True),
        "readability-lxml": summed_up,
        "Beautiful Soup, all text": lambda page: BeautifulSoup(page, "lxml").get_text("\n"),
    }


def rows(figures: dict[str, Figures]) -> str:
    """Return the table of all extractors."""
    head = (
        "| | articles F1 | precision | recall | F1, half for making | F1, half for testing"
        " | segments accuracy | precision | recall | pages/s |\n|---|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(
        f"| {name} | {one.f1:.3f} | {one.precision:.3f} | {one.recall:.3f} | {one.halves[0]:.3f}"
        f" | {one.halves[1]:.3f} | {one.segments:.3f} | {one.segments_precision:.3f}"
        f" | {one.segments_recall:.3f} | {one.speed:.0f} |"
        for name, one in figures.items()
    )


def main() -> None:
    """Run the command."""
    options = asked(__doc__)
    logging.disable(logging.CRITICAL)
    ours, theirs = articles(options.data), segmented(options.data)
    extractors = {
        _MEASURED: read_whole,
        "kb, without the headline": read_body,
        **peers(),
    }
    figures = {name: measured(extract, ours, theirs) for name, extract in extractors.items()}
    print(rows(figures))
    if options.table:
        replace_between(TABLE, "articles", rows(figures))
    one = figures[_MEASURED]
    reached = {
        "articles f1": one.f1,
        "articles f1, half for testing": one.halves[1],
        "segments accuracy": one.segments,
    }
    sys.exit(held(reached, "articles", raised_first=options.raise_))


if __name__ == "__main__":
    main()
