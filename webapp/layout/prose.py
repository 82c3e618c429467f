"""How do the blocks of a document become HTML, with words marked and passages linked?

All text goes through ``escape``; nothing of a document is ever taken as markup.
"""

from __future__ import annotations

import bisect
import itertools
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from markupsafe import Markup, escape

from kb.model import Block, BlockKind, Document

Stretch = tuple[int, int]

# Readers keep the number of a numbered item in its text and drop the mark of others.
_NUMBERED = re.compile(r"(?:\d{1,4}|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)] ")
_CELLS = re.compile(r" ?\| ?")
_WORDS = re.compile(r"\s+|[^\s\w]|\w+")
# Lists deeper than this are drawn at this depth: pages may nest deeper than Python recurses.
_DEEPEST = 8
_LANGUAGES = ("en", "es")
# Characters of a passage by which its link is called: six to ten words.
_CALLED = 60


@dataclass(frozen=True, slots=True)
class Look:
    """What to add to the words of a document; all offsets count from the start of its text.

    ``language`` is that of the element around. ``words`` and ``sentence`` are marked. ``anchors`` names the
    passages by where they start; each start becomes a link of that passage, called ``anchor_label`` and
    its first words.
    ``abbreviations`` are short forms (start, end) with what they stand for. ``found`` are the places of words
    that were looked for, in order; the first is marked with the id ``f-1``.
    ``headings`` gives the HTML tag of each level of heading; a level without one becomes a bold line.
    """

    language: str = ""
    words: Sequence[Stretch] = ()
    sentence: Stretch | None = None
    anchors: Mapping[int, str] = field(default_factory=dict)
    anchor_label: str = ""
    headings: Mapping[int, str] = field(default_factory=dict)
    abbreviations: Mapping[Stretch, str] = field(default_factory=dict)
    found: Sequence[Stretch] = ()


def as_html(document: Document, *, start: int, end: int, look: Look) -> Markup:
    """Return the stretch of a document as HTML elements, one for each block or part of a block in it."""
    return Markup("\n".join(_Writer(document, start, end=end, look=look).elements()))


class _Writer:
    def __init__(self, document: Document, start: int, *, end: int, look: Look) -> None:
        self._document = document
        self._start = start
        self._end = end
        self._look = look
        self._anchors = sorted(place for place in look.anchors if start <= place < end)

    def elements(self) -> Iterator[str]:
        for kind, group in itertools.groupby(self._blocks(), key=lambda block: block.kind):
            blocks = list(group)
            if kind is BlockKind.LIST_ITEM:
                yield self._list(blocks)
            elif kind is BlockKind.TABLE_ROW:
                yield self._table(blocks)
            elif kind is BlockKind.FOOTNOTE:
                yield f'<div class="footnotes">{"".join(self._single(block, "p") for block in blocks)}</div>'
            else:
                yield from (self._alone(block) for block in blocks)

    def _blocks(self) -> Iterator[Block]:
        blocks = self._document.blocks
        first = bisect.bisect_right(blocks, self._start, key=lambda block: block.end)
        return itertools.takewhile(
            lambda block: block.start < self._end, itertools.islice(blocks, first, None)
        )

    def _alone(self, block: Block) -> str:
        if block.kind is BlockKind.HEADING:
            tag = self._look.headings.get(block.level)
            if tag is None:
                return self._single(block, "p", ' class="heading"')
            return self._heading(block, tag)
        if block.kind is BlockKind.QUOTE:
            return f"<blockquote>{self._single(block, 'p')}</blockquote>"
        if block.kind is BlockKind.CODE:
            return f'<pre tabindex="0"><code{self._lang(block)}>{self._inside(block)}</code></pre>'
        return self._single(block, "p", ' class="caption"' if block.kind is BlockKind.CAPTION else "")

    def _heading(self, block: Block, tag: str) -> str:
        """Return a heading whose own words come first: who reads by ear goes from heading to heading."""
        start, _ = self._clipped(block)
        link = self._anchor(start) if start in self._look.anchors else ""
        words = self._inside(block).removeprefix(link)
        return f'<{tag} id="h-{block.start}"{self._lang(block)}>{words}{link}</{tag}>'

    def _single(self, block: Block, tag: str, attributes: str = "") -> str:
        return f"<{tag}{attributes}{self._lang(block)}>{self._inside(block)}</{tag}>"

    def _list(self, blocks: Sequence[Block], depth: int = 1) -> str:
        tag = "ol" if self._is_numbered(blocks[0]) else "ul"
        written = [f'<{tag} role="list">']
        at = 0
        while at < len(blocks):
            block, after = blocks[at], at + 1
            while depth < _DEEPEST and after < len(blocks) and blocks[after].level > block.level:
                after += 1
            numbered = ' class="numbered"' if self._is_numbered(block) else ""
            nested = self._list(blocks[at + 1 : after], depth + 1) if after > at + 1 else ""
            written.append(f"<li{numbered}{self._lang(block)}>{self._inside(block)}{nested}</li>")
            at = after
        return "".join([*written, f"</{tag}>"])

    def _is_numbered(self, block: Block) -> bool:
        return _NUMBERED.match(self._document.text, block.start) is not None

    def _table(self, blocks: Sequence[Block]) -> str:
        rows = "".join(f"<tr{self._lang(block)}>{self._cells(block)}</tr>" for block in blocks)
        return f'<div class="table" tabindex="0"><table><tbody>{rows}</tbody></table></div>'

    def _cells(self, block: Block) -> str:
        start, end = self._clipped(block)
        edges = [start]
        for match in _CELLS.finditer(self._document.text, start, end):
            edges += match.span()
        edges.append(end)
        cells = zip(edges[::2], edges[1::2], strict=True)
        return "".join(f"<td>{self._text(*cell)}</td>" for cell in cells)

    def _lang(self, block: Block) -> str:
        if block.language == self._look.language or block.language not in _LANGUAGES:
            return ""
        return f' lang="{block.language}"'

    def _inside(self, block: Block) -> str:
        return self._text(*self._clipped(block))

    def _clipped(self, block: Block) -> Stretch:
        return max(block.start, self._start), min(block.end, self._end)

    def _text(self, start: int, end: int) -> str:
        first = bisect.bisect_left(self._anchors, start)
        places = self._anchors[first : bisect.bisect_left(self._anchors, end, first)]
        edges = [start, *places, end]
        return "".join(
            (self._anchor(begin) if begin in self._look.anchors else "") + self._with_found(begin, until)
            for begin, until in itertools.pairwise(edges)
            if begin < until
        )

    def _anchor(self, place: int) -> str:
        passage_id = self._look.anchors[place]
        # Which passage: a list of links that are all called the same is of no use to who hears it.
        line = self._document.text[place : place + _CALLED * 4].partition("\n")[0]
        words = textwrap.shorten(line, _CALLED, placeholder="…")
        label = escape(f"{self._look.anchor_label}: {words}")
        return f'<a class="anchor" id="p-{passage_id}" href="/p/{passage_id}" aria-label="{label}"></a>'

    def _with_found(self, start: int, end: int) -> str:
        found = self._look.found
        at = bisect.bisect_right(found, start, key=lambda place: place[1])
        written = []
        while at < len(found) and found[at][0] < end:
            first, last = max(found[at][0], start), min(found[at][1], end)
            # A place that runs over the edge of a block has its id once.
            name = f' id="f-{at + 1}"' if first == found[at][0] else ""
            written += [self._marked(start, first), f'<mark class="found"{name}>']
            written += [self._marked(first, last), "</mark>"]
            start, at = last, at + 1
        return "".join([*written, self._marked(start, end)])

    def _marked(self, start: int, end: int) -> str:
        sentence = [self._look.sentence] if self._look.sentence else []
        look = self._look
        return str(
            marked(
                self._document.text,
                (start, end),
                words=look.words,
                sentence=sentence,
                abbreviations=look.abbreviations,
            )
        )


def marked(
    text: str,
    stretch: Stretch,
    *,
    words: Iterable[Stretch],
    sentence: Iterable[Stretch],
    abbreviations: Mapping[Stretch, str] | None = None,
) -> Markup:
    """Return ``text[start:end]`` escaped, with words in ``mark`` and the best sentence in ``strong``.

    ``abbreviations`` become ``abbr`` with what they stand for as their title.
    """
    start, end = stretch
    inner = _within(words, start, end)
    outer = _within(sentence, start, end)
    short = {place: long for place, long in (abbreviations or {}).items() if _within([place], start, end)}
    if not inner and not outer and not short:
        return escape(text[start:end])
    edges = sorted(
        {start, end, *itertools.chain.from_iterable([*inner, *outer, *_within(short, start, end)])}
    )
    held = _held(inner, edges)
    first_of, last_of = {first for first, _ in outer}, {last for _, last in outer}
    written: list[str] = []
    for begin, until in itertools.pairwise(edges):
        piece = str(escape(text[begin:until]))
        for (first, last), long in short.items():
            if first <= begin < last:
                piece = f'<abbr title="{escape(long)}">{piece}</abbr>'
        if begin in held:
            piece = f"<mark>{piece}</mark>"
        if begin in first_of:
            piece = f'<strong class="best">{piece}'
        if until in last_of:
            piece = f"{piece}</strong>"
        written.append(piece)
    return Markup("".join(written))


def _within(stretches: Iterable[Stretch], start: int, end: int) -> list[Stretch]:
    return [(max(a, start), min(b, end)) for a, b in stretches if a < end and b > start]


def _held(stretches: Iterable[Stretch], edges: Sequence[int]) -> set[int]:
    """Return the edges that stand in a stretch or where one begins; ``edges`` has those of all."""
    held: set[int] = set()
    for start, end in stretches:
        held.update(edges[bisect.bisect_left(edges, start) : bisect.bisect_left(edges, end)])
    return held


def heading_tags(blocks: Iterable[Block]) -> dict[int, str]:
    """Return the HTML tag of each level of heading, without gaps, below the page's own ``h1``."""
    levels = sorted({block.level for block in blocks if block.kind is BlockKind.HEADING})
    return {level: f"h{min(rank, 6)}" for rank, level in enumerate(levels, start=2)}


def compared(old: str, new: str) -> tuple[Markup, Markup]:
    """Return two texts with the words that differ in ``del`` and ``ins``."""
    left: list[str] = []
    right: list[str] = []
    for same, group in itertools.groupby(_differences(old, new), key=lambda difference: difference.same):
        pairs = list(group)
        was = str(escape("".join(pair.old for pair in pairs)))
        becomes = str(escape("".join(pair.new for pair in pairs)))
        left.append(was if same or not was else f"<del>{was}</del>")
        right.append(becomes if same or not becomes else f"<ins>{becomes}</ins>")
    return Markup("".join(left)), Markup("".join(right))


def changed_words(old: str, new: str) -> list[tuple[str, str]]:
    """Return each stretch of words that differs, as it was and as it is; "" for nothing."""
    pairs = []
    for same, group in itertools.groupby(_differences(old, new), key=lambda difference: difference.same):
        if not same:
            stretch = list(group)
            pairs.append(
                ("".join(pair.old for pair in stretch).strip(), "".join(pair.new for pair in stretch).strip())
            )
    return pairs


class _Difference(NamedTuple):
    same: bool
    old: str
    new: str


def _differences(old: str, new: str) -> list[_Difference]:
    """Return the two texts piece by piece; a space between two changed words counts as changed too."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    operations = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found = []
    for number, (operation, a, b, c, d) in enumerate(operations):
        was = "".join(before[a:b])
        between = 0 < number < len(operations) - 1 and was == " "
        found.append(_Difference(operation == "equal" and not between, was, "".join(after[c:d])))
    return found
