"""What does the block of settings at the top of a Markdown file state: title, author, date, rights?

Only what stands at the left margin is read, as one value or a list of values: all that generators of sites
write there. Values that they nest deeper are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.readers.html.dates import from_value
from ingest.readers.shared.rights import rights

_FENCED = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.{0,100000}?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_SETTING = re.compile(r"(?P<name>[\w.-]+)\s*[:=][ \t]*(?P<value>.*)")
_LISTED = re.compile(r"\s*-\s+(?P<value>.*)")
_LIST = re.compile(r"\[(?P<values>.*)\]")
# One value: in quotation marks, within which a mark like it is escaped or doubled, or up to a comma.
_VALUE = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'|([^,]+))\s*,?")
_COMMENT = re.compile(r"\s#.*")
_NAMED = re.compile(r"\{?\s*[\"']?name[\"']?\s*[:=]\s*(?P<value>.*?)\}?\s*$", re.IGNORECASE)
_NOTHING = frozenset({"", ">", "|", ">-", "|-", "null", "~"})
_TITLES = ("title", "título", "titulo")
_AUTHORS = ("author", "authors", "autor", "autora", "autores")
# The day of publication first, as web pages have it.
_DATES = ("date", "fecha", "published", "pubdate", "lastmod", "updated", "last_modified_at", "modified")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file states of itself."""

    titles: tuple[str, ...] = ()
    author: str = ""
    dated: date | None = None
    rights: tuple[tuple[str, str], ...] = ()


def split(text: str) -> tuple[FrontMatter, str]:
    """Return what YAML or TOML front matter states, and the text after it.

    Prose between two rules is no front matter.
    """
    found = _FENCED.match(text)
    if found is None:
        return FrontMatter(), text
    stated = _settings(found.group(2))
    if not stated:
        return FrontMatter(), text
    titles = tuple(title for name in _TITLES for title in stated.get(name, [])[:1])
    authors = next((stated[name] for name in _AUTHORS if stated.get(name)), [])
    days = (from_value(day) for name in _DATES for day in stated.get(name, [])[:1])
    day = next((day for day in days if day), None)
    front = FrontMatter(titles, ", ".join(authors), day, rights(stated))
    return front, text[found.end() :]


def _settings(block: str) -> dict[str, list[str]]:
    """Return the values of each setting, by its name in small letters."""
    stated: dict[str, list[str]] = {}
    values: list[str] = []
    for line in block.split("\n"):
        if setting := _SETTING.match(line):
            values = stated.setdefault(setting["name"].casefold(), [])
            values += _values(setting["value"].strip())
        elif listed := _LISTED.match(line):
            values += _values(listed["value"].strip())
    return stated


def _values(text: str) -> Sequence[str]:
    if named := _NAMED.match(text):
        text = named["value"]
    if listed := _LIST.fullmatch(text):
        found = ["".join(parts) for parts in _VALUE.findall(listed["values"])]
    elif text[:1] in {'"', "'"} and (quoted := _VALUE.match(text)):
        found = ["".join(quoted.groups(""))]
    else:
        found = [_COMMENT.sub("", text)]
    bare = (value.replace('\\"', '"').replace("''", "'").strip() for value in found)
    return [value for value in bare if value not in _NOTHING]
