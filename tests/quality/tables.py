"""Where do measured figures go? Between two marks of a page, so that nobody copies them by hand."""

from __future__ import annotations

from pathlib import Path


def replace_between(page: Path, mark: str, text: str) -> None:
    """Put a text between the lines ``<!-- mark -->`` and ``<!-- /mark -->`` of a page."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    before, rest = page.read_text(encoding="utf-8").split(begin)
    page.write_text(f"{before}{begin}{text}\n{end}{rest.split(end)[1]}", encoding="utf-8")
