"""Do office documents keep their structure? Compare headings, list items, cells and notes with pandoc's.

python -m tests.quality.office DATA            measure, and list what differs
python -m tests.quality.office DATA --table    … and write docs/quality/office.md

DATA is the folder with ``office-gold/pandoc``: documents, each beside the ``.native`` that pandoc expects.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ingest.readers.registry import READERS
from kb.errors import SourceError
from kb.model import BlockKind, Document
from tests.quality.native import Elements, Node, elements, parse

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "quality" / "office.md"
MEDIA_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".epub": "application/epub+zip",
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


def main() -> None:
    """Measure as asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    scores, _number, refused = measure(arguments.data / "office-gold" / "pandoc")
    for kind, score in scores.items():
        print(
            f"{kind}: {score.agreement:.3f} same {score.same}, missing {len(score.missing)}, extra {len(score.extra)}"
        )
        for name, text in score.missing:
            print(f"  - {name}: {text[:100]}")
        for name, text in score.extra:
            print(f"  + {name}: {text[:100]}")
    print(*refused, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
