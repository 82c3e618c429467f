"""Which titles does the block of settings at the top of a Markdown file state?"""

from __future__ import annotations

import re

_FENCED = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.{0,100000}?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_SETTING = re.compile(r"^[\w.-]+\s*[:=]", re.MULTILINE)
_TITLE = re.compile(
    r"^(?:title|título|titulo)\s*[:=]\s*(?P<quote>[\"']?)(?P<title>.*?)(?P=quote)\s*$",
    re.MULTILINE | re.IGNORECASE,
)


def split(text: str) -> tuple[list[str], str]:
    """Return the titles that YAML or TOML front matter states, and the text after it.

    Only the title is read: a line ``title: …`` at the left margin. Prose after a rule is no front matter.
    """
    found = _FENCED.match(text)
    if found is None or not _SETTING.search(found.group(2)):
        return [], text
    titles = [match.group("title").replace('\\"', '"') for match in _TITLE.finditer(found.group(2))]
    return [title for title in titles if title not in {"", ">", "|"}], text[found.end() :]
