"""How does a Markdown file become a document?

CommonMark with tables, front matter and footnotes; what stands in HTML is read as HTML.
"""

from __future__ import annotations

import re
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

# Deep enough for any list a person writes, shallow enough for Python's stack: the parser recurses.
_NESTING = 40
_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_DEFINITION = re.compile(r" {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*(.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,60})\]")
# Template tags of site generators (Liquid, Nunjucks, kramdown, admonitions), which no reader of a page sees.
_TEMPLATE_LINE = re.compile(
    r"\s*(?:\{%.*%\}|\{\{[^}]*\}\}|\{:.*\}|:::.*|/{3}.*|\[\[?toc\]?\])\s*", re.IGNORECASE
)
_ATTRIBUTES = re.compile(r"\s*\{\s*[#.:][^{}]*\}\s*$")
_TEMPLATE = re.compile(r"\{%.*?%\}")
_TAG_NAME = re.compile(r"</?([A-Za-z][\w-]*)")


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a Markdown file.

    The title is the front matter's, else the first heading. Ordered list items keep their number. Raises
    SourceEmpty if there are no words.
    """
    text = (decode_as(content, encoding) if encoding else None) or decode(content)[0]
    stated, body = split(_LINE_ENDS.sub("\n", text.removeprefix("\ufeff")))
    body, notes = _without_definitions(body)
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable(["table", "strikethrough"])
    walk = _Walk(notes)
    for token in parser.parse(body):
        walk.take(token)
    walk.rest()
    return build(walk.found, media_type=MARKDOWN, titled=stated, name=name)


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
            kept.append(line if fence or not _TEMPLATE_LINE.fullmatch(line) else "")
    return "\n".join(kept), notes


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
    found: list[Piece] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    ordered: list[bool] = field(default_factory=list)
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
            self.ordered.append(token.tag == "ol")
        elif token.tag == "li":
            marker = f"{token.info}{token.markup} " if self.ordered[-1] else ""
            self.items.append(_Item(len(self.ordered), marker))
        elif token.tag == "blockquote":
            self.quotes += 1
        elif token.type == "heading_open":
            self.heading = int(token.tag[1])
        elif token.tag == "tr":
            self.row = []
        elif token.tag == "table":
            self.headers = ()

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
        marks = [] if piece.kind is BlockKind.CODE else _REFERENCE.findall(piece.text)
        cited = [(mark, self.notes.pop(mark)) for mark in dict.fromkeys(marks) if mark in self.notes]
        text = piece.text if not marks else _REFERENCE.sub(r"[\1]", piece.text)
        self.found.append(replace(piece, text=text))
        self.found.extend(_note(mark, words) for mark, words in cited)

    def rest(self) -> None:
        """Add the footnotes that nothing cites."""
        self.found.extend(_note(mark, words) for mark, words in self.notes.items())
        self.notes.clear()


def _note(mark: str, words: str) -> Piece:
    return Piece(BlockKind.FOOTNOTE, f"[{mark}] {''.join(_inline(words))}")


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
