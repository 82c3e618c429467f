"""Do office documents keep their structure? Compare headings, list items, cells and notes with pandoc's.

python -m tests.quality.office DATA            measure, and list what differs
python -m tests.quality.office DATA --table    … and write docs/quality/office.md

DATA is the folder with ``office-gold/pandoc``: documents, each beside the ``.native`` that pandoc expects.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from ingest.readers.registry import READERS
from kb.errors import SourceError
from kb.model import BlockKind, Document
from tests.quality.floors import below_floors
from tests.quality.folders import sets_in
from tests.quality.native import Elements, Node, elements, parse

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "quality" / "office.md"
MEDIA_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".epub": "application/epub+zip",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".eml": "message/rfc822",
}
LABELS = {"headings": "headings", "items": "list items", "cells": "table cells", "notes": "notes"}
MOST_TIMED = 20
# Why a document differs from what pandoc expects of it.
REASONS = {
    "lists_level_override.docx": "Its paragraph states an outline level, which makes it a heading in Word.",
    "metadata.docx": "The title stands in the text; pandoc moves it to the metadata.",
    "wasteland.epub": "The title stands in the text; pandoc moves it to the metadata.",
    "0_level_headers.docx": "A table of one column frames the title page; its text is read as paragraphs.",
    "table_nested_malformed_itap.rtf": "A table in a table gives rows of its own, not one cell.",
}
KINDS = ("headings", "items", "cells", "notes")
# What is written before an item or a heading to number it, which pandoc keeps apart from its words.
_MARK = re.compile(r"^(\d) (?:\(?(?:[0-9]{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})(?:[.)]\d*)+ |[A-Z]{4,} \d+ )")
_NOTE_MARK = re.compile(r"^\[[^\]]{1,8}\] ")
# The numbers of a list that stands in a cell.
_ITEM_MARK = re.compile(r"(?:(?<=\s)|^)\d{1,2}[.)] ")
_CITED = re.compile(r"\[(?:\d{1,3}|[ivx]{1,5}|[*†‡§]+)\]")


@dataclass(slots=True)
class Score:
    """How many elements of one kind are the same, and which are not."""

    same: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)
    extra: list[tuple[str, str]] = field(default_factory=list)

    @property
    def agreement(self) -> float:
        """Return the share of all elements, ours and pandoc's, that both have."""
        every = self.same + len(self.missing) + len(self.extra)
        return self.same / every if every else 1.0


def pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Return the documents that have a native file, each with it."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in MEDIA_TYPES:
            continue
        for beside in (
            path.with_suffix(".native"),
            path.with_name(f"{path.stem}_accept.native"),
            path.parent.parent / "native" / f"{path.stem}.native",
        ):
            if beside.exists():
                found.append((path, beside))
                break
    return found


def ours(document: Document) -> Elements:
    """Return the elements of a document as a reader made it."""
    found = Elements()
    noting = False
    for block in document.blocks:
        text = document.block_text(block)
        if block.kind is BlockKind.HEADING:
            found.headings.append(f"{block.level} {text}")
        elif block.kind is BlockKind.LIST_ITEM:
            found.items.append(f"{block.level} {text}")
        elif block.kind is BlockKind.TABLE_ROW:
            found.cells.extend(_ITEM_MARK.sub("", cell) for cell in text.split(" | "))
        elif block.kind is BlockKind.FOOTNOTE:
            text = document.block_text(block)
            if _NOTE_MARK.match(text) or not noting:
                found.notes.append(_NOTE_MARK.sub("", text))
            else:
                found.notes[-1] += f" {text}"
        noting = block.kind is BlockKind.FOOTNOTE
    return found


def expected(root: Node) -> Elements:
    """Return the elements that pandoc sees. A title that stands in the text is a heading to us."""
    return elements(root)


def _same_form(text: str) -> str:
    """Return a text in the form in which both are compared: no note marks, plain quotes and spaces."""
    text = _CITED.sub("", text)
    for typed, plain in (("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("\u2011", "-"), ("\u00a0", " ")):
        text = text.replace(typed, plain)
    return " ".join(text.split())


def compare(name: str, gold: Elements, read: Elements, scores: dict[str, Score]) -> None:
    """Add how one document agrees to the scores."""
    for kind in KINDS:
        wanted = Counter(map(_same_form, getattr(gold, kind)))
        found = Counter(map(_same_form, getattr(read, kind)))
        score = scores[kind]
        score.same += (wanted & found).total()
        wanted, found = wanted - found, found - wanted
        # What differs only by its number is the same.
        found = Counter(
            _MARK.sub(r"\1 ", text) if _MARK.sub(r"\1 ", text) in wanted else text
            for text in found.elements()
        )
        score.same += (wanted & found).total()
        score.missing.extend((name, text) for text in (wanted - found).elements())
        score.extra.extend((name, text) for text in (found - wanted).elements())


def measure(folder: Path) -> tuple[dict[str, Score], int, list[str]]:
    """Return the scores of all documents in a folder, their number, and those that were refused."""
    scores = {kind: Score() for kind in KINDS}
    refused = []
    both = pairs(folder)
    for path, beside in both:
        gold = expected(parse(beside.read_text(encoding="utf-8")))
        reader = READERS.get(MEDIA_TYPES[path.suffix])
        if reader is None:
            continue
        try:
            read = ours(reader.read(path.read_bytes(), name=path.name))
        except SourceError as error:
            refused.append(f"{path.relative_to(folder)}: {error}")
            read = Elements()
        compare(str(path.relative_to(folder)), gold, read, scores)
    return scores, len(both), refused


def speeds(folder: Path) -> list[tuple[str, int, dict[str, float | None]]]:
    """Return for each kind of file how many there are, and how many a second each reader takes.

    The best of two rounds over files that both read; None where markitdown is not installed.
    """
    found = []
    for suffix in (".docx", ".pptx", ".xlsx", ".epub", ".eml"):
        every = (path for path in sorted(folder.rglob(f"*{suffix}")) if _both_read(path))
        paths = list(islice(every, MOST_TIMED))
        rates = {name: _rate(paths, convert) for name, convert in READ_BY.items()}
        found.append((suffix, len(paths), rates))
    return found


def _ours(path: Path) -> str:
    kind = MEDIA_TYPES[path.suffix]
    return READERS[kind].read(path.read_bytes(), name=path.name).text


def _markitdown() -> Callable[[Path], str] | None:
    try:
        from markitdown import MarkItDown  # noqa: PLC0415 - a peer, installed with the extra `bench` only
    except ImportError:
        return None
    converter = MarkItDown(enable_plugins=False)
    return lambda path: str(converter.convert(path).text_content)


READ_BY: dict[str, Callable[[Path], str] | None] = {"kb": _ours, "markitdown": _markitdown()}


def _both_read(path: Path) -> bool:
    try:
        return all(convert(path).strip() for convert in READ_BY.values() if convert is not None)
    except Exception:  # noqa: BLE001 - whatever a peer raises, the file is left out
        return False


def _rate(paths: list[Path], convert: Callable[[Path], str] | None) -> float | None:
    if convert is None or not paths:
        return None
    rounds = []
    for _ in range(2):
        start = time.perf_counter()
        for path in paths:
            convert(path)
        rounds.append(time.perf_counter() - start)
    return len(paths) / min(rounds)


def report(scores: dict[str, Score], documents: int, folder: Path) -> str:
    """Return the page with the scores, what differs and why, and the speeds."""
    same = sum(score.same for score in scores.values())
    other = sum(len(score.missing) + len(score.extra) for score in scores.values())
    lines = [
        "# Office documents",
        "",
        f"{documents} documents (DOCX, ODT, RTF, EPUB) of pandoc's own tests, each with the structure that",
        "pandoc expects. An element agrees if it is there with the same words and, for headings and items,",
        "the same level. Numbers before items and headings are ours to add and are left aside. The"
        " table counts",
        "the elements that both have, that only pandoc has, and that only kb has.",
        "",
        "`python -m tests.quality.office DATA --table`",
        "",
        "| element | both | only pandoc | only kb | agreement |",
        "|---|---|---|---|---|",
    ]
    for kind, score in scores.items():
        counts = f"{score.same} | {len(score.missing)} | {len(score.extra)}"
        lines.append(f"| {LABELS[kind]} | {counts} | {score.agreement:.3f} |")
    lines.append(f"| all | {same} | | {other} | {same / (same + other):.3f} |")
    lines += ["", "## What differs, and why", ""]
    for score in scores.values():
        lines += [f"- only pandoc, {name}: “{text[:60]}”. {_why(name)}" for name, text in score.missing]
        lines += [f"- only kb, {name}: “{text[:60]}”. {_why(name)}" for name, text in score.extra]
    lines += [
        "",
        "## Speed",
        "",
        f"Documents a second on one core, over up to {MOST_TIMED} files of each kind that both read; kb also",
        "tells the language of each block. docling was left out, as it installs PyTorch.",
        "",
        "| kind | files | " + " | ".join(READ_BY) + " |",
        "|---|---|" + "---|" * len(READ_BY),
    ]
    for suffix, number, rates in speeds(folder):
        shown = (f"{rate:.0f}" if rate is not None else "–" for rate in rates.values())
        lines.append(f"| {suffix} | {number} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


def _why(name: str) -> str:
    return REASONS.get(Path(name).name, "No reason known.")


def main() -> int:
    """Measure as asked on the command line; fail below the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=sets_in)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    scores, documents, refused = measure(arguments.data / "office-gold" / "pandoc")
    same = sum(score.same for score in scores.values())
    every = sum(score.same + len(score.missing) + len(score.extra) for score in scores.values())
    for kind, score in scores.items():
        print(f"{kind}: {score.agreement:.3f}, {score.same} the same")
        print(*(f"  - {name}: {text[:100]}" for name, text in score.missing), sep="\n", end="")
        print(*(f"  + {name}: {text[:100]}" for name, text in score.extra), sep="\n")
    print("refused:", *refused, sep="\n  ")
    if arguments.table:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(report(scores, documents, arguments.data), encoding="utf-8")
    sunk = below_floors({"agreement": same / every}, "office")
    print(*sunk, sep="\n", file=sys.stderr)
    return 1 if sunk else 0


if __name__ == "__main__":
    sys.exit(main())
