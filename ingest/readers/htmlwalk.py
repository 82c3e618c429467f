"""Which pieces does a part of a web page hold, in reading order?

The walk keeps its own stack: pages nest deeper than Python recurses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4 import Tag
from bs4.element import CData, NavigableString, PageElement

from ingest.readers.compose import Piece
from ingest.readers.markers import ordinal
from kb.model import BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "p div section article main header footer aside nav form fieldset legend figure figcaption caption table"
    " thead tbody tfoot tr td th ul ol menu dl dt dd li blockquote pre address details summary hr center body"
    " h1 h2 h3 h4 h5 h6 hgroup search label".split()
)
_LISTS = frozenset({"ul", "ol", "menu", "dl"})
_KINDS = {
    "blockquote": BlockKind.QUOTE,
    "pre": BlockKind.CODE,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "address": BlockKind.PARAGRAPH,
}
_FOOTNOTE_ROLES = frozenset({"doc-footnote", "doc-endnote", "doc-endnotes", "note"})
_FOOTNOTE_NAMES = re.compile(r"(?:^|[\s_-])(?:footnotes?|endnotes?|fn)(?:$|[\s_-])", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = re.compile(r"\n[ \u00a0]*\n\s*")
_LONG_CELL = 600


@dataclass(slots=True)
class _Place:
    """Where the walk stands: what kind of piece the words it meets belong to."""

    tag: str
    kind: BlockKind
    level: int = 0
    marker: str = ""


@dataclass(slots=True)
class _List:
    ordered: str
    number: int


@dataclass(slots=True)
class _Walk:
    found: list[Piece] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    places: list[_Place] = field(default_factory=lambda: [_Place("", BlockKind.PARAGRAPH)])
    lists: list[_List] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    preformatted: int = 0

    def say(self, text: str) -> None:
        self.words.append(text if self.preformatted else _SPACES.sub(" ", text))

    def flush(self) -> None:
        """End the piece at hand."""
        if self.cells:
            self.words.append(" ")
            return
        text = "".join(self.words)
        self.words.clear()
        if not text.strip():
            return
        place = self.places[-1]
        parts = [text] if place.kind is BlockKind.CODE else _PARAGRAPHS.split(text.strip())
        for part in parts:
            self.found.append(Piece(place.kind, place.marker + part.lstrip(" "), place.level))
            if place.kind is BlockKind.LIST_ITEM:
                # What follows in the same item is its second paragraph, not another item.
                place.kind, place.level = BlockKind.PARAGRAPH, 0
            place.marker = ""


def pieces(root: Tag, dropped: set[int]) -> list[Piece]:
    """Return the pieces under ``root`` without the elements whose ``id()`` is in ``dropped``."""
    walk = _Walk()
    stack: list[tuple[PageElement, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if isinstance(node, Tag):
            if leaving:
                _leave(walk, node)
            elif id(node) not in dropped:
                _enter(walk, node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.contents))
        elif type(node) in {NavigableString, CData}:
            walk.say(str(node))
    walk.flush()
    return walk.found


def _enter(walk: _Walk, tag: Tag) -> None:
    name = tag.name
    if name == "br":
        walk.words.append("\n")
    elif name == "q":
        walk.words.append("“")
    if name not in _BLOCKS:
        return
    if name in {"td", "th"} and walk.cells:
        walk.words.clear()
        return
    walk.flush()
    if name in _LISTS:
        walk.lists.append(_List(_numbering(tag), _number(tag.get("start"), 1)))
    elif name == "tr" and not walk.cells and _is_data_row(tag):
        walk.cells.append([])
        walk.words.clear()
    if place := _place(walk, tag):
        walk.places.append(place)
    if name == "pre":
        walk.preformatted += 1


def _leave(walk: _Walk, tag: Tag) -> None:
    name = tag.name
    if name == "q":
        walk.words.append("”")
    if name not in _BLOCKS:
        return
    if name in {"td", "th"} and walk.cells:
        walk.cells[-1].append(" ".join("".join(walk.words).split()))
        walk.words.clear()
        return
    if name == "tr" and walk.cells:
        row = walk.cells.pop()
        walk.words.clear()
        if any(row):
            walk.found.append(Piece(BlockKind.TABLE_ROW, " | ".join(row).rstrip(" |")))
        return
    walk.flush()
    if name in _LISTS:
        walk.lists.pop()
    if walk.places[-1].tag == name and _place_kind(tag) is not None:
        walk.places.pop()
    if name == "pre":
        walk.preformatted -= 1


def _place(walk: _Walk, tag: Tag) -> _Place | None:
    kind = _place_kind(tag)
    if kind is None or walk.cells:
        return None
    if kind is BlockKind.HEADING:
        return _Place(tag.name, kind, _HEADINGS.get(tag.name, 6))
    if kind is not BlockKind.LIST_ITEM:
        return _Place(tag.name, kind)
    depth = max(1, len(walk.lists)) + (tag.name == "dd")
    return _Place(tag.name, kind, depth, _marker(walk, tag))


def _place_kind(tag: Tag) -> BlockKind | None:
    """Return which kind of piece an element makes, or None if its words belong to what it stands in."""
    if tag.get("role") in _FOOTNOTE_ROLES or (
        tag.name in {"li", "p", "aside", "div"} and _FOOTNOTE_NAMES.search(str(tag.get("id") or ""))
    ):
        return BlockKind.FOOTNOTE
    if tag.name in _HEADINGS:
        return BlockKind.HEADING
    if tag.name == "summary":
        return BlockKind.HEADING if _heads_a_row(tag) else None
    if tag.name in {"li", "dt", "dd"}:
        return BlockKind.LIST_ITEM
    return _KINDS.get(tag.name)


def _heads_a_row(summary: Tag) -> bool:
    """Return whether a summary is one of several in a row: questions, each with its answer below."""
    details = summary.parent
    if not isinstance(details, Tag) or details.name != "details":
        return False
    return any(
        isinstance(near, Tag) and near.name == "details"
        for near in (details.find_next_sibling(), details.find_previous_sibling())
    )


def _marker(walk: _Walk, tag: Tag) -> str:
    if tag.name != "li" or not walk.lists or not walk.lists[-1].ordered:
        return ""
    current = walk.lists[-1]
    number = _number(tag.get("value"), current.number)
    current.number = number + 1
    return ordinal(number, current.ordered) + ". "


def _numbering(tag: Tag) -> str:
    return str(tag.get("type") or "1")[:1] if tag.name == "ol" else ""


def _number(stated: object, otherwise: int) -> int:
    text = str(stated or "")
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else otherwise


def _is_data_row(row: Tag) -> bool:
    """Return whether a row holds facts in cells; rows of layout tables hold parts of a page."""
    table = row.find_parent("table")
    if isinstance(table, Tag) and table.get("role") in {"presentation", "none"}:
        return False
    cells = row.find_all(["td", "th"], recursive=False)
    if len(cells) < 2:
        return False
    if row.find(["table", "h1", "h2", "h3", "blockquote", "pre"]) is not None:
        return False
    return all(len(cell.get_text()) <= _LONG_CELL for cell in cells)
