"""Where does one passage of a document end and the next begin?

A passage is a contiguous stretch of whole blocks, or of whole sentences of one long block, under one
heading path and in one language. Three rules make the cuts:

1. Headings and changes of language always cut; a heading stays with what it heads.
2. Between the blocks of one section, the cuts are the strongest places at least ``Sizes.aim`` words apart.
   How strong a place is depends on the words around it and on nothing else, so that an edit moves only the
   cuts near it (content-defined chunking: Muthitacharoen et al., A Low-bandwidth Network File System, SOSP
   2001) and every other passage stays as it was.
3. What is still too long is cut at firmer and firmer bonds: between the items of a list or the rows of a
   table, between sentences, and at last inside one.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

from ingest.paging import with_pages
from kb.model import Block, BlockKind, Document, Span
from kb.sentences import sentence_spans

VERSION = 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long passages are, in words.

    Of the answers to 841 questions on articles (COVID-QA), 99.6 % lie whole in one passage with 60 to 180
    words, 98.0 % with 40 to 120 and 99.9 % with 80 to 240; shorter ones are read sooner and cite more
    exactly.
    """

    aim: int = 60  # that a passage has at least, where its section has as many
    most: int = 180  # over which a passage is cut between blocks, items or sentences
    tail: int = 25  # under which a part is too little to stand alone
    stretch: int = 200  # that a passage may have where a cut would leave a tail
    limit: int = 250  # over which even a sentence is cut
    lead: int = 60  # of headings in a row that head a passage; more are a table of contents


SIZES = Sizes()
HEADING_CHARACTERS = 200
PIECE_CHARACTERS = 4000  # where there is no space to cut at

# A word counts once for each 20 characters, so that a wall of characters is not one short word; scripts
# that write no spaces count by character.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\s{_UNSPACED}]{{1,20}}")
_RESTS = (".", "?", "!", "…", "。", "？", "！", ")", "]", "”", '"', "»", "'", "’")
_TITLE_WORDS = 12


class _Bond(IntEnum):
    """How firmly a piece holds on to the one before it; the loosest bonds are cut first."""

    FREE = 0
    ITEM = 1
    NESTED = 2
    SENTENCE = 3
    GLUED = 4
    CLAUSE = 5
    COMMA = 6
    SPACE = 7
    CHARACTER = 8


class _Piece(NamedTuple):
    """The smallest stretch that the cuts at one bond leave whole."""

    start: int
    end: int
    words: int
    bond: _Bond
    titles: bool  # reads like a title of what follows
    rests: bool  # ends like a sentence, so that nothing need follow
    mark: int  # decides between places that are otherwise alike


class _Step(NamedTuple):
    bond: _Bond
    least: int  # words that a cut must leave on either side
    most: int  # words up to which nothing is cut


_NOTES = (BlockKind.FOOTNOTE, BlockKind.CAPTION)
_INSIDE = {
    _Bond.CLAUSE: re.compile(r"(?<=[;:])\s+"),
    _Bond.COMMA: re.compile(r"(?<=,)\s+"),
    _Bond.SPACE: re.compile(r"\s+"),
}


def _steps(sizes: Sizes) -> tuple[_Step, ...]:
    aim, tail, limit = sizes.aim, sizes.tail, sizes.limit
    return (
        _Step(_Bond.FREE, aim, 0),
        *(
            _Step(bond, least, sizes.most)
            for bond in _Bond
            if bond <= _Bond.SENTENCE
            for least in (aim, tail)
        ),
        *(_Step(bond, 1, limit) for bond in (_Bond.FREE, _Bond.SENTENCE, _Bond.GLUED)),
        *(_Step(bond, least, limit) for bond in _Bond if bond >= _Bond.CLAUSE for least in (aim, 1)),
    )


@dataclass(frozen=True, slots=True)
class _Section:
    """Blocks in one language under the same headings; ``lead`` are the headings directly before them."""

    lead: tuple[Block, ...]
    body: tuple[Block, ...]
    headings: tuple[str, ...]


def segment(document: Document, sizes: Sizes = SIZES) -> list[Span]:
    """Cut a document into passages.

    Every character that is not white space is in exactly one span; spans are in order and have no white
    space at their ends.
    """
    spans: list[Span] = []
    for section in _sections(document, sizes):
        if section.body:
            spans.extend(_spans(document.text, section, sizes=sizes))
        else:
            spans[-1] = replace(spans[-1], end=section.lead[-1].end)
    return with_pages(document, spans)


def _sections(document: Document, sizes: Sizes) -> Iterator[_Section]:
    """Yield the sections in order; only the last may have no body, and only after one that has."""
    path: list[Block] = []
    lead: tuple[Block, ...] = ()
    found = False
    for is_heading, group in itertools.groupby(document.blocks, key=_is_heading):
        blocks = tuple(group)
        if not is_heading:
            yield from _by_language(lead, blocks, _texts(document, path))
            lead = ()
            found = True
            continue
        above = _texts(document, path)
        for block in blocks:
            while path and path[-1].level >= block.level:
                path.pop()
            path.append(block)
        lead = _lead(document, blocks, most=sizes.lead)
        contents = blocks[: len(blocks) - len(lead)]
        if not contents and not found and len(blocks) == len(document.blocks):
            contents, lead = blocks, ()
        yield from _by_language((), contents, above)
        found = found or bool(contents)
    if lead:
        yield _Section(lead, (), ())


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING


def _lead(document: Document, headings: Sequence[Block], *, most: int) -> tuple[Block, ...]:
    """Return the last of a run of headings, as many as may head a passage."""
    words = 0
    for count, block in enumerate(reversed(headings)):
        words += _words(document.block_text(block))
        if words > most:
            return tuple(headings[len(headings) - count :])
    return tuple(headings)


def _by_language(
    lead: tuple[Block, ...], body: Sequence[Block], headings: tuple[str, ...]
) -> Iterator[_Section]:
    for _, blocks in itertools.groupby(body, key=lambda block: block.language):
        yield _Section(lead, tuple(blocks), headings)
        lead = ()


def _texts(document: Document, path: Iterable[Block]) -> tuple[str, ...]:
    return tuple(_shortened(document.block_text(block)) for block in path)


def _shortened(heading: str) -> str:
    heading = " ".join(heading.split())
    if len(heading) <= HEADING_CHARACTERS:
        return heading
    return heading[:HEADING_CHARACTERS].rsplit(" ", 1)[0] + "…"


def _spans(text: str, section: _Section, *, sizes: Sizes) -> Iterator[Span]:
    language = section.body[0].language
    blocks = (*section.lead, *section.body)
    parts = _joined(_parts(text, _pieces(text, section.body), language=language, sizes=sizes), sizes)
    starts = [blocks[0].start, *(part[0].start for part in parts[1:])]
    for first, part in zip(starts, parts, strict=True):
        stretch = text[first : part[-1].end]
        start = first + len(stretch) - len(stretch.lstrip())
        end = first + len(stretch.rstrip())
        yield Span(start=start, end=end, headings=section.headings, language=language)


def _pieces(text: str, blocks: Sequence[Block]) -> list[_Piece]:
    pieces = []
    outer = 0
    host: Block | None = None  # the last block that is no footnote or caption
    for before, block, after in zip((None, *blocks), blocks, _kinds_after(blocks), strict=False):
        if block.kind is BlockKind.LIST_ITEM:
            in_list = host is not None and host.kind is BlockKind.LIST_ITEM
            outer = min(outer, block.level) if in_list else block.level
        behind = before if block.kind in _NOTES or host is None else host
        bond = _Bond.FREE
        if behind is not None:
            bond = _bond(behind.kind, block.kind, after)
            if bond is _Bond.ITEM and block.kind is BlockKind.LIST_ITEM and block.level > outer:
                bond = _Bond.NESTED
            if bond is _Bond.FREE and text.endswith(":", behind.start, behind.end):
                bond = _Bond.GLUED
        pieces.append(_piece(text, block.start, block.end, bond=bond))
        host = host if block.kind in _NOTES else block
    return pieces


def _kinds_after(blocks: Sequence[Block]) -> list[BlockKind | None]:
    """Return for each block the kind of the next that is no footnote or caption."""
    kinds: list[BlockKind | None] = []
    kind: BlockKind | None = None
    for block in reversed(blocks):
        kinds.append(kind)
        kind = kind if block.kind in _NOTES else block.kind
    return kinds[::-1]


def _bond(before: BlockKind, kind: BlockKind, after: BlockKind | None) -> _Bond:
    """Return how firmly a block holds on to the one before it, from what these and the next are."""
    match (before, kind):
        case (
            (BlockKind.LIST_ITEM, BlockKind.LIST_ITEM)
            | (BlockKind.TABLE_ROW, BlockKind.TABLE_ROW)
            | (BlockKind.FOOTNOTE, BlockKind.FOOTNOTE)
        ):
            return _Bond.ITEM
        case (_, BlockKind.LIST_ITEM):
            # One item between paragraphs is more like a title of the next than a list under the one before.
            return _Bond.GLUED if after is BlockKind.LIST_ITEM else _Bond.FREE
        case (_, BlockKind.CAPTION):
            return _Bond.FREE if after is BlockKind.TABLE_ROW else _Bond.GLUED
        case (_, BlockKind.FOOTNOTE) | (BlockKind.CAPTION, BlockKind.TABLE_ROW):
            return _Bond.GLUED
    return _Bond.FREE


def _piece(text: str, start: int, end: int, *, bond: _Bond) -> _Piece:
    words = _words(text[start:end])
    rests = text.endswith(_RESTS, start, end)
    titles = words <= _TITLE_WORDS and not rests and not text.endswith((",", ";"), start, end)
    mark = zlib.crc32(text[start : min(end, start + 40)].encode())
    return _Piece(start, end, words, bond, titles=titles, rests=rests, mark=mark)


def _words(text: str) -> int:
    return len(_WORD.findall(text))


def _parts(text: str, pieces: list[_Piece], *, language: str, sizes: Sizes) -> list[list[_Piece]]:
    """Cut pieces into parts, step by step from the loosest bonds to the firmest."""
    steps = _steps(sizes)
    done: list[list[_Piece]] = []
    waiting = [(pieces, 0, _Bond.FREE)]
    while waiting:
        part, number, fineness = waiting.pop()
        words = sum(piece.words for piece in part)
        if number == len(steps) or (number > 0 and words <= sizes.most):
            done.append(part)
            continue
        step = steps[number]
        cuts: list[int] = []
        if words > _most(part, step, sizes):
            if step.bond > fineness:
                part = _finer(text, part, bond=step.bond, language=language, tail=sizes.tail)
                fineness = step.bond
            cuts = _cuts(part, step, most=sizes.most)
        again = number if cuts and step.most else number + 1
        bounds = itertools.pairwise([0, *cuts, len(part)])
        waiting.extend(reversed([(part[begin:end], again, fineness) for begin, end in bounds]))
    return done


def _most(part: Sequence[_Piece], step: _Step, sizes: Sizes) -> int:
    several = any(piece.bond is _Bond.FREE for piece in part[1:])
    return sizes.stretch if several and step.most == sizes.most and step.bond > _Bond.FREE else step.most


def _finer(text: str, part: list[_Piece], *, bond: _Bond, language: str, tail: int) -> list[_Piece]:
    """Return pieces that end at each sentence, clause … as the bond says."""
    if bond < _Bond.SENTENCE or bond is _Bond.GLUED:
        return part
    finer: list[_Piece] = []
    for piece in part:
        if piece.words <= tail:
            finer.append(piece)
            continue
        bonds = itertools.chain([piece.bond], itertools.repeat(bond))
        for start, end in _inner(text[piece.start : piece.end], bond=bond, language=language):
            finer.append(_piece(text, piece.start + start, piece.start + end, bond=next(bonds)))
    return finer


def _inner(stretch: str, *, bond: _Bond, language: str) -> Iterable[tuple[int, int]]:
    if bond is _Bond.SENTENCE:
        return sentence_spans(stretch, language)
    if bond is _Bond.CHARACTER:
        cuts = range(0, len(stretch), PIECE_CHARACTERS)
        return [(cut, min(cut + PIECE_CHARACTERS, len(stretch))) for cut in cuts]
    gaps = [match.span() for match in _INSIDE[bond].finditer(stretch)]
    starts = [0, *(end for _, end in gaps)]
    return zip(starts, [*(start for start, _ in gaps), len(stretch)], strict=True)


def _cuts(part: Sequence[_Piece], step: _Step, *, most: int) -> list[int]:
    """Return before which pieces to cut, so that at least ``least`` words are left on either side."""
    sums = list(itertools.accumulate((piece.words for piece in part), initial=0))
    total = sums[-1]
    places = [
        place
        for place in range(1, len(part))
        if part[place].bond <= step.bond and step.least <= sums[place] <= total - step.least
    ]
    if step.most and total <= 2 * most:  # two parts will do: as even as may be
        return sorted(places, key=lambda place: (-_fits(part, place), abs(2 * sums[place] - total)))[:1]
    # Cuts half of the most apart leave parts between that half and MOST, if there are places enough.
    apart = max(step.least, most // 2) if step.most else step.least
    return _strongest(part, places, sums=sums, apart=apart)


def _fits(part: Sequence[_Piece], place: int) -> int:
    """Return how well a passage may end and another begin here: 2 between a sentence's end and a title."""
    if part[place].bond is _Bond.ITEM:
        return 1  # items and rows end as they like
    return part[place].titles + part[place - 1].rests


def _strongest(part: Sequence[_Piece], places: list[int], *, sums: list[int], apart: int) -> list[int]:
    """Take the strongest place, then the strongest of those not too near to one taken, and so on."""
    strengths = [(_fits(part, place), part[place].mark) for place in places]
    near = [False] * len(places)
    taken = []
    for index in sorted(range(len(places)), key=strengths.__getitem__, reverse=True):
        if near[index]:
            continue
        taken.append(places[index])
        for way in (range(index, len(places)), range(index, -1, -1)):
            for other in way:
                if abs(sums[places[other]] - sums[places[index]]) >= apart:
                    break
                near[other] = True
    return sorted(taken)


def _joined(parts: Iterable[list[_Piece]], sizes: Sizes) -> list[list[_Piece]]:
    """Join a part too short to stand alone with the one before it, where they fit together."""
    joined: list[list[_Piece]] = []
    for part in parts:
        if joined:
            words = [sum(piece.words for piece in side) for side in (joined[-1], part)]
            room = sizes.stretch if min(words) < sizes.tail else sizes.most
            if min(words) < sizes.aim and sum(words) <= room:
                joined[-1] = joined[-1] + part
                continue
        joined.append(part)
    return joined
