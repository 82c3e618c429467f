"""Where do the torture commands write what they found? Each its part of docs/quality/torture.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "quality" / "torture.md"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def merged(part: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table of these rows and of those that the page has of other names."""
    page = PAGE.read_text(encoding="utf-8")
    before = page.partition(f"<!-- {part} -->")[2].partition(f"<!-- end of {part} -->")[0]
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in before.splitlines()]
    known = {row[0]: row for row in cells[2:] if len(row) == len(columns)}
    known.update((str(row[0]), [str(cell) for cell in row]) for row in rows)
    return table(columns, known.values())


def write(part: str, text: str) -> None:
    """Put a text in the place of a part of the page, between its two marks."""
    page = PAGE.read_text(encoding="utf-8")
    between = re.compile(rf"(<!-- {part} -->\n).*?(<!-- end of {part} -->)", re.DOTALL)
    assert between.search(page), f"{PAGE.name} has no place for {part}"
    PAGE.write_text(between.sub(lambda marks: f"{marks[1]}{text}\n{marks[2]}", page), encoding="utf-8")
