"""What does a document hold according to pandoc? Its native format is a Haskell value; this reads one.

Only what is compared is kept: headings, list items, table cells and notes, as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""\s*(?:("(?:[^"\\]|\\.)*")|([A-Z][\w.']*)|(-?\d+(?:\.\d+)?(?:e-?\d+)?)|([a-z]\w*)|(.))""", re.S
)
_ESCAPE = re.compile(r"\\(?:(\d+)|x([0-9a-fA-F]+)|([&nrtabfv\"\\'])|(\s+)\\|([A-Z]{2,3}))")
_ENDS = {"(": ")", "[": "]", "{": "}"}
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "&": "", "a": "", "b": "", "f": "", "v": ""}


@dataclass(slots=True)
class Node:
    """A constructor with its arguments; lists and tuples are nodes without a name."""

    name: str
    parts: list[Node | str] = field(default_factory=list)


def parse(source: str) -> Node:
    """Return the value that a native file holds."""
    tokens = [(found.lastindex or 0, found[found.lastindex or 0]) for found in _TOKEN.finditer(source)]
    tokens = [token for token in tokens if token[1].strip() or token[0] == 1]
    node, _ = _terms(tokens, 0, "")
    return node


def _terms(tokens: list[tuple[int, str]], at: int, end: str) -> tuple[Node, int]:
    """Read terms up to ``end``; a constructor takes all that follow it up to a comma."""
    group = Node("")
    term: list[Node | str] = []
    while at < len(tokens):
        kind, text = tokens[at]
        at += 1
        if kind == 5 and text == end:
            break
        if kind == 5 and text == ",":
            _close(group, term)
        elif kind == 5 and text in _ENDS:
            inner, at = _terms(tokens, at, _ENDS[text])
            # Parentheses round one term only group it; round several they are a tuple.
            lone = text == "(" and len(inner.parts) == 1
            term.append(inner.parts[0] if lone else Node("[]" if text == "[" else "()", inner.parts))
        elif kind == 1:
            term.append(_unescaped(text[1:-1]))
        elif kind in {2, 3, 4}:
            term.append(Node(text) if kind == 2 else text)
    _close(group, term)
    return group, at


def _close(group: Node, term: list[Node | str]) -> None:
    """Add a term to its group, with what follows a constructor as its arguments."""
    if term and isinstance(term[0], Node) and term[0].name and not term[0].parts:
        term[0].parts.extend(term[1:])
        group.parts.append(term[0])
    elif term:
        group.parts.append(term[0] if len(term) == 1 else Node("", list(term)))
    term.clear()


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            return chr(int(found[1] or found[2], 10 if found[1] else 16))
        return _PLAIN.get(found[3], found[3]) if found[3] else ""

    return _ESCAPE.sub(one, text)


@dataclass(slots=True)
class Elements:
    """The elements of a document that are compared, as plain text."""

    headings: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def elements(root: Node) -> Elements:
    """Return the headings, list items, table cells and notes in a document; items with their depth."""
    found = Elements()
    _collect(root, 0, found)
    return found


def _collect(node: Node | str, depth: int, found: Elements) -> None:
    if isinstance(node, str):
        return
    match node.name:
        case "Header":
            if text := words(node.parts[-1]):
                found.headings.append(f"{node.parts[0]} {text}")
        case "Note":
            found.notes.append(words(Node("", node.parts)))
        case "BulletList" | "OrderedList":
            _list(node, depth, found)
            return
        case "DefinitionList":
            _definitions(node, depth, found)
            return
        case "Cell":
            rows = _number(node, "RowSpan")
            # A cell without words is no passage; one that spans rows speaks for each of them.
            found.cells.extend([text] * rows if (text := words(node.parts[-1])) else [])
            _within_cell(node, found)
            return
    for part in node.parts:
        _collect(part, depth, found)


def _within_cell(node: Node, found: Elements) -> None:
    for part in _descendants(node):
        if part.name == "Note":
            found.notes.append(words(Node("", part.parts)))


def _list(node: Node, depth: int, found: Elements) -> None:
    entries = node.parts[-1]
    for entry in entries.parts if isinstance(entries, Node) else ():
        blocks = _opened(entry.parts if isinstance(entry, Node) else [])
        if blocks and isinstance(blocks[0], Node) and blocks[0].name in {"Para", "Plain"}:
            found.items.append(f"{depth + 1} {words(blocks[0])}")
        for block in blocks:
            _collect(block, depth + 1, found)


def _definitions(node: Node, depth: int, found: Elements) -> None:
    """Take the terms as items, and what they mean as items under them: as web pages show both."""
    entries = node.parts[-1]
    for entry in entries.parts if isinstance(entries, Node) else ():
        term, meanings = entry.parts if isinstance(entry, Node) else ("", "")
        found.items.append(f"{depth + 1} {words(term)}")
        for meaning in meanings.parts if isinstance(meanings, Node) else ():
            blocks = meaning.parts if isinstance(meaning, Node) else []
            blocks = _opened(blocks)
            if blocks and isinstance(blocks[0], Node) and blocks[0].name in {"Para", "Plain"}:
                found.items.append(f"{depth + 2} {words(blocks[0])}")
            for block in blocks:
                _collect(block, depth + 2, found)


def _opened(blocks: list[Node | str]) -> list[Node | str]:
    """Return blocks with a division at their start replaced by what is in it."""
    while blocks and isinstance(blocks[0], Node) and blocks[0].name == "Div":
        inner = blocks[0].parts[-1]
        blocks = [*(inner.parts if isinstance(inner, Node) else []), *blocks[1:]]
    return blocks


def _number(node: Node, name: str) -> int:
    for part in node.parts:
        if isinstance(part, Node) and part.name == name:
            return int(str(part.parts[0]))
    return 1


def _descendants(node: Node) -> Iterator[Node]:
    for part in node.parts:
        if isinstance(part, Node):
            yield part
            yield from _descendants(part)


def words(node: Node | str) -> str:
    """Return the plain text of inlines and blocks, without notes."""
    return " ".join("".join(_say(node)).split())


def _say(node: Node | str) -> Iterator[str]:
    if isinstance(node, str):
        return
    match node.name:
        case "Str":
            yield str(node.parts[0])
        case "Space" | "SoftBreak" | "LineBreak":
            yield " "
        case "Code" | "Math" | "CodeBlock":
            yield str(node.parts[-1])
        case "Note" | "Image" | "RawInline" | "RawBlock":
            # A note inside a note is none; what is asked for itself is said.
            return
        case "Quoted":
            single = isinstance(node.parts[0], Node) and node.parts[0].name == "SingleQuote"
            yield "‘" if single else "“"
            yield from _say(node.parts[1])
            yield "’" if single else "”"
        case _:
            for part in node.parts:
                yield from _say(part)
            if node.name in {"Para", "Plain", "Header", "Cell", "LineBlock"}:
                yield " "
