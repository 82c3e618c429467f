"""Which pieces does a part of a web page hold, in reading order?

The walk keeps its own stack: pages nest deeper than Python recurses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bs4 import Tag
from bs4.element import CData, NavigableString, PageElement

from ingest.readers.html.table import Table, is_layout, is_row_of_facts
from ingest.readers.shared.compose import Piece
from ingest.readers.shared.markers import ordinal
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
_OPENING, _CLOSING = {"br": "\n", "q": "“"}, {"q": "”"}
_FOOTNOTE_ROLES = frozenset({"doc-footnote", "doc-endnote", "doc-endnotes", "note"})
_FOOTNOTE_NAMES = re.compile(r"(?:^|[\s_-])(?:footnotes?|endnotes?|fn)(?:$|[\s_-])", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = re.compile(r"\n[ \u00a0]*\n\s*")
# Comments, declarations and the contents of scripts are strings of other types.
_SPOKEN = frozenset({NavigableString, CData})
_LOWEST = 6
_NONE: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Found:
    """A piece and the element that its first words stand in."""

    piece: Piece
    tag: Tag


@dataclass(slots=True)
class _Place:
    """Where the walk stands: what kind of piece the words it meets belong to."""

    element: Tag | None
    kind: BlockKind
    level: int = 0
    marker: str = ""


@dataclass(slots=True)
class _List:
    ordered: str
    number: int


@dataclass(slots=True)
class _Walk:
    labels: Mapping[int, str]
    openers: Collection[int]
    found: list[Found] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    begun: Tag | None = None
    places: list[_Place] = field(default_factory=lambda: [_Place(None, BlockKind.PARAGRAPH)])
    lists: list[_List] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    preformatted: int = 0
    heading: int = 0

    def say(self, text: NavigableString) -> None:
        """Add words as the page shows them, and note where a piece begins."""
        if self.begun is None and not text.isspace():
            self.begun = text.parent
        self.words.append(str(text) if self.preformatted else _SPACES.sub(" ", text))

    def add(self, piece: Piece, tag: Tag) -> None:
        """Add a piece as it is."""
        self.found.append(Found(piece, tag))
        if piece.kind is BlockKind.HEADING and tag.name in _HEADINGS:
            self.heading = piece.level

    @property
    def below(self) -> int:
        """Return the level of a heading that belongs under the last one that has a level of its own."""
        return min(_LOWEST, self.heading + 1)

    def flush(self) -> None:
        """End the piece at hand."""
        if self.cells:
            self.words.append(" ")
            return
        text, begun = "".join(self.words), self.begun
        self.words.clear()
        self.begun = None
        if begun is None:
            return
        place = self.places[-1]
        parts = [text] if place.kind is BlockKind.CODE else _PARAGRAPHS.split(text.strip())
        for part in parts:
            self.add(Piece(place.kind, place.marker + part.lstrip(" "), place.level), begun)
            if place.kind is BlockKind.LIST_ITEM:
                # What follows in the same item is its second paragraph, not another item.
                place.kind, place.level = BlockKind.PARAGRAPH, 0
            place.marker = ""


def pieces(
    root: Tag,
    dropped: set[int],
    *,
    labels: Mapping[int, str] = _NONE,
    openers: Collection[int] = (),
) -> list[Found]:
    """Return the pieces under ``root`` without the elements whose ``id()`` is in ``dropped``.

    By ``id()`` too, ``labels`` are words that stand elsewhere and head an element (the tabs of a row), and
    ``openers`` are buttons that head what follows.
    """
    walk = _Walk(labels, openers)
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
        elif isinstance(node, NavigableString) and type(node) in _SPOKEN:
            walk.say(node)
    walk.flush()
    return walk.found


def _enter(walk: _Walk, tag: Tag) -> None:
    name = tag.name
    walk.words.append(_OPENING.get(name, ""))
    if name not in _BLOCKS and id(tag) not in walk.openers:
        return
    if name in {"td", "th"} and walk.cells:
        walk.words.clear()
        return
    walk.flush()
    if label := walk.labels.get(id(tag)):
        walk.add(Piece(BlockKind.HEADING, label, walk.below), tag)
    if name in _LISTS:
        walk.lists.append(_List(_numbering(tag), _number(tag.get("start"), 1)))
    elif name == "table":
        walk.tables.append(Table(is_layout(tag)))
    elif name == "tr":
        _begin_row(walk, tag)
    elif name == "pre":
        walk.preformatted += 1
    if place := _place(walk, tag):
        walk.places.append(place)


def _leave(walk: _Walk, tag: Tag) -> None:
    name = tag.name
    walk.words.append(_CLOSING.get(name, ""))
    if name not in _BLOCKS and id(tag) not in walk.openers:
        return
    if name in {"td", "th"} and walk.cells:
        walk.cells[-1].append(" ".join("".join(walk.words).split()))
        walk.words.clear()
        return
    if name == "tr" and walk.cells:
        _end_row(walk, tag)
        return
    walk.flush()
    if name in _LISTS:
        walk.lists.pop()
    elif name == "table":
        walk.tables.pop()
    if walk.places[-1].element is tag:
        walk.places.pop()
    if name == "pre":
        walk.preformatted -= 1


def _begin_row(walk: _Walk, row: Tag) -> None:
    layout = bool(walk.tables) and walk.tables[-1].layout
    if not walk.cells and not layout and is_row_of_facts(row):
        walk.cells.append([])
        walk.words.clear()


def _end_row(walk: _Walk, row: Tag) -> None:
    cells = walk.cells.pop()
    walk.words.clear()
    walk.begun = None
    headers = walk.tables[-1].add(row, cells) if walk.tables else ()
    if any(cells):
        kept = headers if any(headers) else ()
        walk.add(Piece(BlockKind.TABLE_ROW, " | ".join(cells).rstrip(" |"), headers=kept), row)


def _place(walk: _Walk, tag: Tag) -> _Place | None:
    kind = BlockKind.HEADING if id(tag) in walk.openers else _place_kind(tag)
    if kind is None or walk.cells:
        return None
    if kind is BlockKind.HEADING:
        return _heading(walk, tag)
    if kind is not BlockKind.LIST_ITEM:
        return _Place(tag, kind)
    depth = max(1, len(walk.lists)) + (tag.name == "dd")
    return _Place(tag, kind, depth, _marker(walk, tag))


def _heading(walk: _Walk, tag: Tag) -> _Place | None:
    if walk.places[-1].kind is BlockKind.HEADING:
        return None
    stated = _number(tag.get("aria-level"), 2) if tag.get("role") == "heading" else walk.below
    return _Place(tag, BlockKind.HEADING, _HEADINGS.get(tag.name, max(1, min(_LOWEST, stated))))


def _place_kind(tag: Tag) -> BlockKind | None:
    """Return which kind of piece an element makes, or None if its words belong to what it stands in."""
    if tag.get("role") in _FOOTNOTE_ROLES or (
        tag.name in {"li", "p", "aside", "div"} and _FOOTNOTE_NAMES.search(str(tag.get("id") or ""))
    ):
        return BlockKind.FOOTNOTE
    if tag.name in _HEADINGS or tag.get("role") == "heading":
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
