"""How does a Markdown file become a document?

CommonMark with tables, front matter and footnotes; what stands in HTML is read as HTML.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml.html import defs
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.mediatype import MARKDOWN, decode, decode_as
from ingest.readers.html import fragment
from ingest.readers.markdown.frontmatter import split
from ingest.readers.shared.compose import Piece, build
from kb.model import BlockKind, Document

# Deep enough for any list a person writes, shallow enough for Python's stack: the parser recurses, and leaves
# out what is deeper. A list makes two levels; what has more marks or a wider indent is read as if it had not.
_NESTING = 100
_MOST_MARKS, _MOST_INDENT = 20, 48
_MARK = re.compile(r"[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))")
_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DEFINITION = re.compile(r" {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*(.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,60})\]")
# Template tags of site generators (Liquid, Nunjucks, kramdown, admonitions), which no reader of a page sees.
_TEMPLATE_LINE = re.compile(
    r"\s*(?:\{%.*%\}|\{\{[^}]*\}\}|\{:.*\}|\{\*.*\*\}|:::.*|/{3}.*|\[\[?toc\]?\])\s*", re.IGNORECASE
)
_ATTRIBUTES = re.compile(r"\s*\{\s*[#.:][^{}]*\}\s*$")
_TEMPLATE = re.compile(r"\{%.*?%\}")
# A generator makes the address; what it is made of has spaces, which no address may have.
_TEMPLATE_ADDRESS = re.compile(r"\]\(\s*\{\{[^{}]*\}\}[^()\s]*\)")
# Attributes of a link or picture, as kramdown and pandoc write them behind it.
_LINK_ATTRIBUTES = re.compile(r"(?<=[)\]])\{:?\s*[#.][^{}]{0,200}\}")
_TAG_NAME = re.compile(r"</?([A-Za-z][\w-]*)")


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a Markdown file.

    The title is the front matter's, else the first heading. Ordered list items keep their number, and notes
    the label that their author gave them. Raises SourceEmpty if there are no words.
    """
    text = (decode_as(content, encoding) if encoding else None) or decode(content)[0]
    front, body = split(_LINE_ENDS.sub("\n", text.removeprefix("\ufeff")))
    body, notes = _without_definitions(body)
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable(["table", "strikethrough"])
    walk = _Walk(notes)
    for token in parser.parse(body):
        walk.take(token)
    walk.rest()
    return build(
        walk.found,
        media_type=MARKDOWN,
        titled=front.titles,
        name=name,
        author=front.author,
        dated=front.dated,
        particulars=front.rights,
    )


def _without_definitions(text: str) -> tuple[str, dict[str, str]]:
    """Take footnote definitions out of the text; return the rest and the notes by their mark."""
    notes: dict[str, str] = {}
    kept: list[str] = []
    fence = mark = ""
    for line in text.split("\n"):
        if opened := _FENCE.match(line):
            fence = "" if fence and opened.group(1).startswith(fence) else (fence or opened.group(1))
        found = None if fence else _DEFINITION.match(line)
        if found:
            mark = found.group(1)
            notes[mark] = found.group(2)
        elif mark and line.startswith(("    ", "\t")):
            notes[mark] += " " + line.strip()
        else:
            mark = mark if mark and not line.strip() else ""
            kept.append(line if fence else _plain(line))
    return "\n".join(kept), notes


def _plain(line: str) -> str:
    """Return a line without what is the generator's, and nested no deeper than the parser goes."""
    return (
        ""
        if _TEMPLATE_LINE.fullmatch(line)
        else _shallow(_LINK_ATTRIBUTES.sub("", _TEMPLATE_ADDRESS.sub("](#)", line)))
    )


def _shallow(line: str) -> str:
    """Return a line without the marks and the indent that nest it deeper than the parser goes."""
    at = indent = len(line) - len(line.lstrip(" \t"))
    ends = []
    while mark := _MARK.match(line, at):
        at = mark.end()
        ends.append(at)
    if len(ends) > _MOST_MARKS:
        line = line[: ends[_MOST_MARKS - 1]] + " " + line[at:].lstrip(" \t")
    return line if indent <= _MOST_INDENT else " " * _MOST_INDENT + line[indent:]


@dataclass(slots=True)
class _Item:
    """A list item at hand: its depth and its number, which goes with its first words."""

    level: int
    marker: str
    begun: bool = False


@dataclass(slots=True)
class _Walk:
    """Goes through the parser's flat token stream and collects pieces."""

    notes: dict[str, str]
    labels: set[str] = field(default_factory=set)
    found: list[Piece] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    # Of each list at hand the last number as written and as shown, None where it has bullets.
    ordered: list[tuple[str, int] | None] = field(default_factory=list)
    quotes: int = 0
    heading: int = 0
    row: list[str] | None = None
    headers: tuple[str, ...] = ()

    def take(self, token: Token) -> None:
        """Follow one token."""
        if token.type == "inline":
            self.say(_words(token.children or []))
        elif token.type in {"fence", "code_block"}:
            self.add(Piece(BlockKind.CODE, token.content))
        elif token.type == "html_block":
            self.found.extend(fragment(_TEMPLATE.sub("", token.content)))
        elif token.nesting > 0:
            self._enter(token)
        elif token.nesting < 0:
            self._leave(token)

    def _enter(self, token: Token) -> None:
        if token.tag in {"ul", "ol"}:
            self.ordered.append(("", 0) if token.tag == "ol" else None)
        elif token.tag == "li":
            self.items.append(_Item(len(self.ordered), self._marker(token)))
        elif token.tag == "blockquote":
            self.quotes += 1
        elif token.type == "heading_open":
            self.heading = int(token.tag[1])
        elif token.tag == "tr":
            self.row = []
        elif token.tag == "table":
            self.headers = ()

    def _marker(self, token: Token) -> str:
        """Return the number of an item as it is shown: who writes 1 before each has them counted."""
        before = self.ordered[-1]
        if before is None:
            return ""
        shown = before[1] + 1 if token.info == before[0] else int(token.info)
        self.ordered[-1] = (token.info, shown)
        return f"{shown}{token.markup} "

    def _leave(self, token: Token) -> None:
        if token.tag in {"ul", "ol"}:
            self.ordered.pop()
        elif token.tag == "li":
            self.items.pop()
        elif token.tag == "blockquote":
            self.quotes -= 1
        elif token.type == "heading_close":
            self.heading = 0
        elif token.tag == "tr" and self.row is not None:
            text = " | ".join(self.row).rstrip(" |")
            self.add(Piece(BlockKind.TABLE_ROW, text, headers=self.headers))
            # Markdown's tables have one row of header cells, the first.
            self.headers = self.headers or tuple(self.row)
            self.row = None

    def say(self, text: str) -> None:
        """Add the words of a heading, a cell or a paragraph."""
        text = _TEMPLATE.sub("", text)
        if self.row is not None:
            self.row.append(" ".join(text.split()))
        elif self.heading:
            self.add(Piece(BlockKind.HEADING, _ATTRIBUTES.sub("", text), self.heading))
        elif self.items and not self.items[-1].begun:
            item = self.items[-1]
            item.begun = True
            self.add(Piece(BlockKind.LIST_ITEM, item.marker + text, item.level))
        else:
            self.add(Piece(BlockKind.QUOTE if self.quotes else BlockKind.PARAGRAPH, text))

    def add(self, piece: Piece) -> None:
        """Add a piece and, right after it, the footnotes that it cites for the first time."""
        following = deque([piece])
        while following:
            piece = following.popleft()
            if piece.kind is not BlockKind.CODE:
                following.extend(self._cited(piece.text))
                headers = tuple(map(self._marked, piece.headers))
                piece = replace(piece, text=self._marked(piece.text), headers=headers)
            self.found.append(piece)

    def _cited(self, text: str) -> Iterator[Piece]:
        for mark in _REFERENCE.findall(text):
            if mark in self.notes:
                yield self._note(mark)

    def _note(self, mark: str) -> Piece:
        self.labels.add(mark)
        words = "".join(_inline(self.notes.pop(mark)))
        return Piece(BlockKind.FOOTNOTE, f"[{mark}] {words}")

    def _marked(self, text: str) -> str:
        """Return a text with the labels of the notes that it cites; what cites none stays as it is."""
        return _REFERENCE.sub(lambda cited: f"[{cited[1]}]" if cited[1] in self.labels else cited[0], text)

    def rest(self) -> None:
        """Add the footnotes that nothing cites."""
        while self.notes:
            self.add(self._note(next(iter(self.notes))))


def _inline(source: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark", {"maxNesting": _NESTING}).parseInline(source):
        yield _words(token.children or [])


def _words(tokens: Sequence[Token]) -> str:
    """Return what a reader sees of inline markup: no marks, links as their text, images as their alt text."""
    parts: list[str] = []
    for token in tokens:
        if token.type in {"text", "code_inline", "text_special"}:
            parts.append(token.content)
        elif token.type == "softbreak":
            parts.append(" ")
        elif token.type == "hardbreak" or (token.type == "html_inline" and token.content.startswith("<br")):
            parts.append("\n")
        elif token.type == "html_inline" and not _is_tag(token.content):
            parts.append(token.content)
        elif token.type == "image":
            parts.append(_alternative(token))
    return "".join(parts)


def _is_tag(source: str) -> bool:
    """Tell HTML from words that someone put in angle brackets: ``<your name>`` is text."""
    name = _TAG_NAME.match(source)
    return name is None or name.group(1).lower() in defs.tags


def _alternative(image: Token) -> str:
    return "".join(child.content for child in image.children or [] if child.type in {"text", "code_inline"})
