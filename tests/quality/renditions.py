"""Does a guide read the same from its PDF, its web pages and its EPUB as from its plain text?

python -m tests.quality.renditions DATA            measure, and fail below a floor
python -m tests.quality.renditions DATA --table    … and write docs/quality/pdf.md
python -m tests.quality.renditions DATA --raise    … and raise the floors

DATA holds ``renditions-gold/`` (the same guides as PDF, HTML, EPUB and text), ``formats/``, ``pdf-hard/``
(with ``passwords.json``) and ``domain/``. Other readers of PDF are measured on the same files where the extra
``bench`` is installed. Pages are checked against Poppler's pdftotext, which shares no code with any of them.
"""

from __future__ import annotations

import json
import logging
import random
import re
import subprocess
import sys
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

from ingest.readers import epub, html, pdf
from kb.errors import SourceError
from kb.languages import detect
from kb.model import BlockKind, Document
from kb.sentences import sentence_spans
from tests.quality.floors import asked, held

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "quality" / "pdf.md"
GUIDES = ("debian-faq.en", "developers-reference.en", "maint-guide.en", "maint-guide.es")
FOLDERS = ("formats", "pdf-hard", "domain")
# Letters make words: each rendition numbers its sections, notes and pages in its own way.
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?|ftp):\s*//\s*(?:\S*/\n\s*)*\S+")
_NUMBER = re.compile(
    r"^\W*(?:(?:chapter|appendix|capítulo|apéndice)\s+)?(?:\d{1,2}(?:\.\d{1,2})*|[A-C](?:\.\d{1,2})*)\.?\s+",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r"(?:(?:Chapter|Appendix|Capítulo|Apéndice)\s\w{1,2}|(?:\d{1,2}|[A-C])(?:\.\d{1,2})+)\.\s+\S.*"
)
_UNDERLINE = re.compile(r"([=*~-])\1{3,}")
_SAMPLE, _SHORTEST = 250, 40
_SLOWEST = 5


@dataclass(frozen=True, slots=True)
class Score:
    """How well a reader agrees with a guide's text: F1 of word 3-grams, and of headings if it knows any."""

    guide: str
    reader: str
    words: float
    headings: float | None
    seconds: float
    pages: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one PDF: how many pages and characters, or why not, in how many seconds."""

    path: str
    pages: int
    characters: int
    seconds: float
    reason: str = ""
    warnings: tuple[str, ...] = ()


def trigrams(text: str) -> Counter[Hashable]:
    """Count the runs of three words, letters and digits apart, addresses of web pages left out."""
    words = _WORD.findall(_ADDRESS.sub(" ", unicodedata.normalize("NFKC", text).casefold()))
    return Counter(zip(words, words[1:], words[2:], strict=False))


def f1(found: Counter[Hashable], gold: Counter[Hashable]) -> float:
    """Return the harmonic mean of precision and recall of two bags."""
    return 2 * (found & gold).total() / max(found.total() + gold.total(), 1)


def heading_key(text: str) -> str:
    """Return a heading without its number, case, spaces and signs."""
    return "".join(_WORD.findall(_NUMBER.sub("", unicodedata.normalize("NFKC", text).strip()).casefold()))


def gold_headings(text: str) -> Counter[Hashable]:
    """Return the headings of a guide's text: the title, underlined lines, numbered lines at the margin."""
    lines = text.splitlines()
    found = [next(line for line in lines if line.strip())]
    for at, line in enumerate(lines):
        if at + 1 < len(lines) and line.strip() and _UNDERLINE.fullmatch(lines[at + 1]):
            found.append(line)
        elif _HEADED.fullmatch(line) and not lines[at - 1].strip():
            end = at + 1
            while end < len(lines) and lines[end].strip() and not lines[end].startswith(" "):
                end += 1
            found.append(" ".join(lines[at:end]))
    return Counter(heading_key(heading) for heading in set(found))


def headings_of(document: Document) -> Counter[Hashable]:
    """Return the headings that a reader found."""
    found = (document.block_text(block) for block in document.blocks if block.kind is BlockKind.HEADING)
    return Counter(key for text in found if (key := heading_key(text)))


def scores(folder: Path, guide: str) -> Iterator[Score]:
    """Yield the scores of every reader on one guide."""
    (file,) = (folder / guide).glob("*.pdf")
    (plain,) = (folder / guide).glob("*.txt")
    text = plain.read_text(encoding="utf-8")
    gold, headings = trigrams(text), gold_headings(text)
    content = file.read_bytes()
    start = time.process_time()
    document = pdf.read(content, name=file.name)
    seconds, pages = time.process_time() - start, len(document.pages)
    yield Score(
        guide,
        "kb, PDF",
        f1(trigrams(document.text), gold),
        f1(headings_of(document), headings),
        seconds,
        pages,
    )
    for name, read in peers():
        start = time.process_time()
        said = read(file)
        yield Score(guide, name, f1(trigrams(said), gold), None, time.process_time() - start, pages)
    web = [html.read(page.read_bytes(), name=page.name) for page in in_order(folder / guide / "html")]
    yield Score(
        guide,
        "kb, HTML",
        f1(sum(map(trigrams, (page.text for page in web)), Counter()), gold),
        f1(sum(map(headings_of, web), Counter()), headings),
        0,
        0,
    )
    for book in (folder / guide).glob("*.epub"):
        read_book = epub.read(book.read_bytes(), name=book.name)
        yield Score(
            guide, "kb, EPUB", f1(trigrams(read_book.text), gold), f1(headings_of(read_book), headings), 0, 0
        )


def in_order(folder: Path) -> list[Path]:
    """Return the web pages of a guide in the order in which its index leads to them; search forms aside."""
    (index,) = folder.glob("index*.html")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        links = BeautifulSoup(index.read_bytes(), "lxml").find_all("a", href=True)
    named = dict.fromkeys(str(link["href"]).partition("#")[0] for link in links)
    found = [folder / name for name in named if name and (folder / name).is_file()]
    return [index, *(page for page in found if page != index and page.stem not in {"search", "genindex"})]


def peers() -> Iterator[tuple[str, Callable[[Path], str]]]:
    """Yield the other readers of PDF that are installed; each gives all words of a file."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        import pdfplumber  # noqa: PLC0415
        import pypdf  # noqa: PLC0415
        from pdfminer.high_level import extract_text  # noqa: PLC0415
    except ImportError:
        return
    yield "pypdf", lambda file: "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    yield "pdfminer.six", extract_text
    yield "pdfplumber", lambda file: "\n".join(page.extract_text() for page in pdfplumber.open(file).pages)


def right_pages(file: Path) -> tuple[int, int]:
    """Return how many sampled sentences stand on the pages that their boxes name, and how many were sampled.

    A sentence is right if the letters of each of its lines stand, in their order, in what pdftotext finds on
    the page of that line's box.
    """
    document = pdf.read(file.read_bytes(), name=file.name)
    said = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout
    pages = [letters(page) for page in said.decode("utf-8").split("\f")]
    sentences = [
        (block.start + start, block.start + end)
        for block in document.blocks
        if block.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.FOOTNOTE}
        for start, end in sentence_spans(document.block_text(block), block.language)
        if end - start >= _SHORTEST
    ]
    sample = random.Random(0).sample(sentences, min(_SAMPLE, len(sentences)))
    return sum(_is_right(document, span, pages) for span in sample), len(sample)


def _is_right(document: Document, span: tuple[int, int], pages: Sequence[str]) -> bool:
    lines = [box for box in document.boxes if box.start < span[1] and box.end > span[0]]
    stretches = ((max(box.start, span[0]), min(box.end, span[1]), box.page) for box in lines)
    return bool(lines) and all(
        letters(document.text[start:end]) in pages[page - 1] for start, end, page in stretches
    )


def letters(text: str) -> str:
    """Return nothing but the letters, in one case."""
    return "".join(filter(str.isalpha, unicodedata.normalize("NFKC", text).casefold()))


def fates(data: Path) -> Iterator[Fate]:
    """Read every PDF of the folders; give those with a password theirs."""
    passwords = json.loads((data / "pdf-hard" / "passwords.json").read_text(encoding="utf-8"))
    for file in sorted(path for folder in FOLDERS for path in (data / folder).rglob("*.pdf")):
        content, start = file.read_bytes(), time.perf_counter()
        try:
            known = passwords.get(file.name)
            document = pdf.read(content, name=file.name, passwords=[known] if known else [])
        except SourceError as error:
            yield Fate(file.name, 0, 0, time.perf_counter() - start, f"{error}")
        else:
            took = time.perf_counter() - start
            yield Fate(file.name, len(document.pages), len(document.text), took, "", document.warnings)


def report(found: Sequence[Score], right: dict[str, tuple[int, int]], read: Sequence[Fate]) -> str:
    """Return the page of the figures."""
    lines = [
        "# How well are PDFs read?",
        "",
        "Measured by `make quality DATA=folder` (`python -m tests.quality.renditions DATA --table`).",
        "",
        "## The same guide from each of its renditions",
        "",
        "Four guides exist as PDF and as plain text, which serves as the truth. Words: F1 of the word 3-grams"
        " (runs of letters, addresses of web pages left out). Headings: F1 of the headings in the text. Speed"
        " is in pages a second of processor time, languages and all structure included, on a busy machine.",
        "",
        "| guide | reader | words | headings | pages/s |",
        "|---|---|---|---|---|",
    ]
    for score in found:
        headings = "" if score.headings is None else f"{score.headings:.3f}"
        speed = f"{score.pages / score.seconds:.0f}" if score.seconds else ""
        lines.append(f"| {score.guide} | {score.reader} | {score.words:.3f} | {headings} | {speed} |")
    lines += [
        "",
        "What is missing is mostly not the reader's: the text spells out the titles of cross-references where"
        " the PDF has numbers, and draws its tables so that words of neighbouring cells mix.",
        "",
        "## Pages",
        "",
        "Sentences sampled at random, each line of which must stand, by Poppler's `pdftotext`, on the page"
        " that its box names.",
        "",
        "| guide | sentences | right |",
        "|---|---|---|",
        *(f"| {guide} | {of} | {ok / of:.3f} |" for guide, (ok, of) in right.items()),
        "",
        *_fates_told(read),
    ]
    return "\n".join(lines) + "\n"


def _fates_told(read: Sequence[Fate]) -> Iterator[str]:
    refused = [fate for fate in read if fate.reason]
    slowest = sorted(read, key=lambda fate: -fate.seconds)[:_SLOWEST]
    yield "## Hard files"
    yield ""
    yield (
        f"{len(read)} PDFs, among them damaged, encrypted, scanned, right-to-left and turned ones (passwords"
        f" given where known): {len(read) - len(refused)} read, {len(refused)} refused, none crashed."
    )
    yield ""
    yield "| refused | reason |"
    yield "|---|---|"
    for fate in refused:
        yield f"| {fate.path} | {fate.reason} |"
    yield ""
    yield "| slowest | pages | seconds |"
    yield "|---|---|---|"
    for fate in slowest:
        yield f"| {fate.path} | {fate.pages} | {fate.seconds:.1f} |"
    warned = [fate for fate in read if fate.warnings]
    if warned:
        yield ""
        yield "| read with a warning | |"
        yield "|---|---|"
        for fate in warned:
            yield f"| {fate.path} | {'; '.join(fate.warnings[:2])} |"


def figures_of(found: Sequence[Score], right: dict[str, tuple[int, int]]) -> dict[str, float | int]:
    """Return what floors are kept for: the worst of the guides in each measure."""
    ours = [score for score in found if score.reader == "kb, PDF"]
    return {
        "words f1, worst": min(score.words for score in ours),
        "headings f1, worst": min(score.headings or 0.0 for score in ours),
        "pages right, worst": min(ok / of for ok, of in right.values()),
    }


def main() -> int:
    """Measure as asked on the command line; fail below a floor."""
    options = asked(__doc__)
    detect("The model of languages is read before any clock runs.")
    folder = options.data / "renditions-gold"
    found = [score for guide in GUIDES for score in scores(folder, guide)]
    right = {guide: right_pages(next((folder / guide).glob("*.pdf"))) for guide in GUIDES}
    read = list(fates(options.data))
    page = report(found, right, read)
    print(page)
    if options.table:
        TABLE.write_text(page, encoding="utf-8")
    figures = figures_of(found, right)
    return held(figures, "pdf", raised_first=options.raise_)


if __name__ == "__main__":
    sys.exit(main())
