"""Which drafts of a plain text are headings, and of which level?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from itertools import groupby, pairwise, takewhile

from ingest.readers.shared.titles import first_sentence
from ingest.readers.text.drafts import LABELLED, Draft, is_capitals
from ingest.readers.text.lines import ends
from kb.model import BlockKind

_LONGEST, _MOST_WORDS = 160, 26
# A heading in sentence case is shorter than one that capitals set apart.
_LONGEST_PLAIN, _MOST_WORDS_PLAIN = 100, 16
_MOST_LINES = 5
_MOST_IN_A_ROW = 4
_NUMBERED = re.compile(
    r"(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?\s+(?-i:(?=[A-ZÁÉÍÓÚÑ¿]))|(?:[IVX]{1,5}|[A-Z])\.\s+(?=[^\W\d_])"
    r"|(?:chapter|section|part|article|appendix|annex|step|module|capítulo|sección|parte|artículo|anexo"
    r"|título|apéndice|paso|módulo)\s+(?:\d{1,3}|[IVXL]{1,5}|[A-Z])\b",
    re.IGNORECASE,
)
_NO_HEADING = re.compile(
    r"^\d{1,2} (?:de )?\w+ (?:de )?\d{4}$|^\w+ \d{1,2}, \d{4}$|,.*,.*,"
    r"|https?://|www\.|@|\d{3}[-. ]\d{4}|\$\d|…|^\W*$|\|"
)
# The end of a line in a table of contents.
_LEADER = re.compile(r"…\s*[\divx]*$")
_SMALL_WORDS = frozenset(
    "a an the and or nor but of for to in on at by from with as is vs via per de del la el los las y o u e en"
    " con para por un una al que se su sus no".split()
)
# A body says something: it is a list, or text at least this long, or a sentence.
_BODY = 60


class Style(IntEnum):
    """How a heading looks; what looks alike has one level."""

    CAPITALS = 1
    NUMBERED = 2
    PLAIN = 3
    INDENTED = 4


def mark_headings(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts with headings found, those over several lines joined, and levels given."""
    _join_title(drafts)
    styles = _styles(drafts)
    drafts, styles = _joined(drafts, _without_clusters(styles))
    for draft, style in zip(drafts, styles, strict=True):
        if style is not None:
            draft.kind = BlockKind.HEADING
    _give_levels(drafts, styles)
    return drafts


def _styles(drafts: Sequence[Draft]) -> list[Style | None]:
    """Return the style of each draft that is a heading. Goes backwards: a heading has something under it."""
    styles: list[Style | None] = [None] * len(drafts)
    for at in range(len(drafts) - 2, -1, -1):
        draft, following = drafts[at], drafts[at + 1]
        before = drafts[at - 1] if at else None
        if draft.lines > _MOST_LINES or not _may_be_kind(draft, before, following):
            continue
        if draft.text.endswith(":") and not _opens_title(draft, following, styles[at + 1]):
            continue
        under = drafts[at + 1 : at + 5]
        if _may_be(draft) and _stands_out(draft, before) and _heads(draft, under, styles[at + 1]):
            styles[at] = _style(draft)
    return styles


def _without_clusters(styles: list[Style | None]) -> list[Style | None]:
    """Take back headings in a row of many: the cells of a form or table. The last may still be one."""
    kept = list(styles)
    for found, group in groupby(range(len(styles)), key=lambda at: styles[at] is not None):
        row = list(group)
        if found and len(row) > _MOST_IN_A_ROW:
            for at in row[1 if row[0] == 0 else 0 : -1]:
                kept[at] = None
    return kept


def _may_be_kind(draft: Draft, before: Draft | None, following: Draft) -> bool:
    """Return whether it is a paragraph, or a numbered line among paragraphs: ``3. Methods``."""
    if draft.kind is BlockKind.PARAGRAPH:
        return not draft.head
    if draft.marker is None or not draft.marker.ordered or draft.marker.style[-1] != ".":
        return False
    listed = before is not None and before.kind is BlockKind.LIST_ITEM
    return following.kind is BlockKind.PARAGRAPH and not listed


def _may_be(draft: Draft) -> bool:
    text = draft.text
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or _NO_HEADING.search(text):
        return False
    long = len(text) > _LONGEST_PLAIN or len(text.split()) > _MOST_WORDS_PLAIN
    if long and not (is_capitals(text) or _is_title_case(text)):
        return False
    if text.endswith((".", ",", ";", "-", "–")) and not re.search(r"\b[A-Z]\.$|\b(?:Inc|etc)\.$", text):
        return False
    if not is_capitals(text) and not _NUMBERED.match(text) and first_sentence(text) != " ".join(text.split()):
        return False
    letters = sum(map(str.isalpha, text))
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")):
        return False
    return text.lstrip("¿¡\"“‘'([")[:1].isupper() or text[0].isdigit()


def _stands_out(draft: Draft, before: Draft | None) -> bool:
    """Return whether nothing before runs into the draft."""
    if before is None or not draft.tied:
        return True
    if before.kind is BlockKind.LIST_ITEM:
        return is_capitals(draft.text) or before.ended
    return before.ended or is_capitals(draft.text) or before.text.endswith(":")


def _heads(draft: Draft, under: Sequence[Draft], style: Style | None) -> bool:
    """Return whether what follows can stand under the draft."""
    text, following = draft.text, under[0]
    if draft.first.start and draft.first.page == 1 and not following.tied and _is_title_case(text):
        return True
    if style is not None:
        return not text.endswith(":") or following.tied
    if following.kind is BlockKind.FOOTNOTE or _LEADER.search(following.text[-16:]):
        return False
    if is_capitals(text) or _NUMBERED.match(text):
        return True
    if LABELLED.match(text) and LABELLED.match(following.text):
        return False
    if following.kind in {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}:
        return _is_title_case(text) or not following.tied
    stack = list(takewhile(lambda lower: lower is following or lower.tied, under))
    body = sum(len(lower.text) for lower in stack) >= _BODY or ends(following.text)
    if _is_title_case(text) or text.endswith("?"):
        return body and (len(stack) > 1 or len(following.text) > len(text) or following.text.endswith(":"))
    apart = not following.tied or (draft.first.start and draft.first.page == 1)
    return body and apart and following.text[0].isupper()


def _join_title(drafts: list[Draft]) -> None:
    """Join the lines of a title that the text starts with."""
    title = list(takewhile(lambda draft: draft is drafts[0] or draft.tied, drafts[: _MOST_LINES + 1]))
    lines = list(takewhile(lambda draft: _is_title_line(draft) and _is_title_case(draft.text), title))
    if 1 < len(lines) <= _MOST_LINES and sum(len(line.text) for line in lines) <= _LONGEST:
        first, *others = lines
        first.parts.extend(" " + line.text for line in others)
        first.last, first.lines = others[-1].last, sum(line.lines for line in lines)
        del drafts[1 : len(lines)]


def _is_title_line(draft: Draft) -> bool:
    return draft.kind is BlockKind.PARAGRAPH and not draft.head and draft.lines <= 2 and _may_be(draft)


def _opens_title(draft: Draft, following: Draft, style: Style | None) -> bool:
    """Return whether a line with a colon is the first line of a heading: ``Fact sheet:`` over its subject."""
    return style is not None and following.tied and draft.lines == 1


def _is_title_case(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if word.casefold() not in _SMALL_WORDS]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _style(draft: Draft) -> Style:
    if _NUMBERED.match(draft.text):
        return Style.NUMBERED
    if draft.first.indent >= 2:
        return Style.INDENTED
    return Style.CAPITALS if is_capitals(draft.text) else Style.PLAIN


def _joined(drafts: list[Draft], styles: list[Style | None]) -> tuple[list[Draft], list[Style | None]]:
    """Join headings that go on in the next draft: a bracket under it, a subject after a colon."""
    kept: list[Draft] = []
    looks: list[Style | None] = []
    for draft, style in zip(drafts, styles, strict=True):
        if kept and looks[-1] is not None and draft.tied and _goes_on(kept[-1], draft, style):
            kept[-1].parts.append(" " + draft.text)
            kept[-1].last, kept[-1].lines = draft.last, kept[-1].lines + draft.lines
        else:
            kept.append(draft)
            looks.append(style)
    return kept, looks


def _goes_on(heading: Draft, draft: Draft, style: Style | None) -> bool:
    if draft.kind is not BlockKind.PARAGRAPH or heading.lines + draft.lines > _MOST_LINES:
        return False
    text = draft.text
    if text.startswith("(") and text.endswith(")") and len(text) <= _LONGEST:
        return True
    if style is None:
        return False
    return heading.text.endswith(":") or is_capitals(heading.text) == is_capitals(text)


def _give_levels(drafts: Sequence[Draft], styles: Sequence[Style | None]) -> None:
    """Give each heading a level: the title 1, then by number, indentation and what stands over what."""
    base = 2 if styles and styles[0] is not None else 1
    over = _over(styles)
    nested = over[Style.CAPITALS, Style.PLAIN] > over[Style.PLAIN, Style.CAPITALS] + 1
    for at, (draft, style) in enumerate(zip(drafts, styles, strict=True)):
        if style is None:
            continue
        draft.level = base
        found = _NUMBERED.match(draft.text)
        if at == 0:
            draft.level = 1
        elif style is Style.NUMBERED and found and found.group("number"):
            draft.level = base + found.group("number").count(".")
        elif style is Style.INDENTED or (style is Style.PLAIN and nested):
            draft.level = base + 1
        elif style is Style.PLAIN and at + 1 < len(styles) and styles[at + 1] is Style.CAPITALS:
            # A second title: the sections under it are set like those under the first.
            draft.level = 1


def _over(styles: Sequence[Style | None]) -> Counter[tuple[Style, Style]]:
    """Count which style stands directly over which, the title aside."""
    over: Counter[tuple[Style, Style]] = Counter()
    for upper, lower in pairwise(styles[1:]):
        if upper is not None and lower is not None and upper is not lower:
            over[upper, lower] += 1
    return over
