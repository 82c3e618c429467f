"""Which paragraphs of a PDF are headings, and of which level?

The outline tells where there is one. Otherwise headings are set larger or bolder than the body, and what is
set alike has one level.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.readers.pdf.drafts import Draft
from ingest.readers.pdf.measures import Measures
from ingest.readers.pdf.outline import Entry, key
from ingest.readers.text.drafts import is_capitals
from kb.model import BlockKind

_LONGEST, _MOST_LINES, _LONGEST_PLAIN = 220, 5, 90
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=\S*[^\W\d_])")
_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " uno dos tres cuatro cinco seis siete ocho nueve diez once doce"
).split()
# "Chapter 2" over its title, on one line or two.
_LABEL = re.compile(
    r"(?:chapter|part|section|appendix|annex|capítulo|parte|sección|apéndice|anexo)"
    rf"(?:\s+(?:[\divxlc]+|[a-z]|{'|'.join(_COUNTED)})[.:]?)?",
    re.IGNORECASE,
)
_NO_HEADING = re.compile(r"https?://|www\.|\w@\w|…$|^\W*$|^[\d\W]+$")
_WORD = re.compile(r"[^\W\d_]{3}|[\u0590-\uffff]{2}")
_DEEPEST = 6
# An outline is trusted when this share of its entries is found in the text.
_FOUND = 0.5
# How many drafts one outline entry may be spread over.
_SPREAD = 3
_SIZE_STEP = 0.6
# Sizes that differ by less than this share are meant to be one.
_ALIKE = 0.07

Style = tuple[float, bool, bool]


def mark_headings(
    drafts: list[Draft], measures: Measures, outline: Sequence[Entry], *, slides: bool = False
) -> list[Draft]:
    """Return the drafts with headings found and given levels; those over several drafts are joined.

    On ``slides`` type is as large as the words allow, so that each page has its own scale.
    """
    drafts, levels = _from_outline(drafts, outline)
    trusted = len(levels) >= max(1, _FOUND * len(outline)) if outline else False
    if not trusted:
        levels = {}
    candidates = [
        draft for at, draft in enumerate(drafts) if id(draft) in levels or _may_head(drafts, at, measures)
    ]
    _without_crowds(drafts, candidates, levels)
    _give_levels(candidates, levels, measures)
    if slides and not trusted:
        _level_slides(candidates)
    return _with_labels_joined(drafts, levels)


def _with_labels_joined(drafts: Sequence[Draft], levels: dict[int, int]) -> list[Draft]:
    """Put ``Chapter 2`` on a line of its own before the heading that it numbers."""
    joined: list[Draft] = []
    for draft in drafts:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind is draft.kind is BlockKind.HEADING
            and _LABEL.fullmatch(before.text)
            and before.first.page == draft.first.page
        ):
            if id(before) not in levels:
                before.level = draft.level
            before.lines.extend(draft.lines)
        else:
            joined.append(draft)
    return joined


def _from_outline(drafts: list[Draft], outline: Sequence[Entry]) -> tuple[list[Draft], dict[int, int]]:
    """Find each entry of the outline on its page or the next."""
    pages: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} and not draft.entry:
            pages[draft.first.page].append(draft)
    levels: dict[int, int] = {}
    gone: set[int] = set()
    for entry in outline:
        wanted = key(entry.title)
        near = [*pages[entry.page], *pages[entry.page + 1][:6]]
        found = _match(near, wanted, set(levels) | gone) if wanted else []
        if found:
            levels[id(found[0])] = entry.level
            for more in found[1:]:
                found[0].lines.extend(more.lines)
                gone.add(id(more))
    return [draft for draft in drafts if id(draft) not in gone], levels


def _match(drafts: Sequence[Draft], wanted: str, taken: set[int]) -> list[Draft]:
    best: list[Draft] = []
    for at, draft in enumerate(drafts):
        if id(draft) in taken or len(draft.lines) > _MOST_LINES:
            continue
        said = ""
        for end in range(at, min(at + _SPREAD, len(drafts))):
            said += key(drafts[end].text) if end == at else key("x " + drafts[end].text)[1:]
            if said == wanted and (not best or draft.first.size > best[0].first.size):
                best = list(drafts[at : end + 1])
            if not wanted.startswith(said):
                break
    return best


def _may_head(drafts: Sequence[Draft], at: int, measures: Measures) -> bool:
    draft = drafts[at]
    text = draft.text
    if draft.kind is not BlockKind.PARAGRAPH or draft.entry or at + 1 == len(drafts):
        return False
    if len(text) > _LONGEST or len(draft.lines) > _MOST_LINES or _NO_HEADING.search(text):
        return False
    if text.lstrip("¿¡\"“‘'([")[:1].islower() and draft.first.size < 1.3 * measures.body:
        return False
    if text.endswith((",", ";")) or _WORD.search(text) is None:
        return False
    if text.endswith((".", ":")) and draft.first.size < 1.15 * measures.body and len(text) > 40:
        return False
    following = drafts[at + 1]
    if draft.first.size < 0.92 * measures.body:
        return False
    if all(measures.is_display(line) for line in draft.lines):
        return True
    plain = len(text) <= _LONGEST_PLAIN and following.kind is not BlockKind.CODE
    return plain and is_capitals(text) and len(text.split()) > 1 and not is_capitals(following.text)


def _without_crowds(drafts: Sequence[Draft], candidates: list[Draft], levels: dict[int, int]) -> None:
    """Take back small headings in a row of many of one style: they are text on a form or poster."""
    chosen = set(map(id, candidates))
    run: list[Draft] = []
    for draft in [*drafts, None]:
        if draft is not None and id(draft) in chosen and (not run or _style(run[-1]) == _style(draft)):
            run.append(draft)
            continue
        if len(run) > 2:
            for crowded in run[:-1] if draft is not None else run:
                if id(crowded) not in levels:
                    candidates.remove(crowded)
        run = [draft] if draft is not None and id(draft) in chosen else []


def _style(draft: Draft) -> Style:
    return (round(draft.first.size / _SIZE_STEP) * _SIZE_STEP, draft.first.bold, is_capitals(draft.text))


def _give_levels(candidates: Sequence[Draft], levels: dict[int, int], measures: Measures) -> None:
    known = _known_levels(candidates, levels)
    ranks = _ranks([draft for draft in candidates if id(draft) not in levels], measures)
    numbered = _numbered_base(candidates, ranks)
    deepest = max(levels.values(), default=0)
    for draft in candidates:
        draft.kind, draft.marker = BlockKind.HEADING, None
        draft.breaks.clear()
        style = _style(draft)
        found = _NUMBERED.match(draft.text)
        if id(draft) in levels:
            level = levels[id(draft)]
        elif known:
            larger = [known[other] for other in known if other[0] > style[0]]
            smaller = [known[other] for other in known if other[0] < style[0]]
            level = known.get(style) or (
                min(smaller) if smaller and not larger else max(larger, default=deepest) + 1
            )
        elif numbered is not None and found:
            level = numbered + found.group("number").count(".")
        else:
            level = ranks[style]
        draft.level = max(1, min(level, _DEEPEST))


def _level_slides(candidates: Sequence[Draft]) -> None:
    """Give the title of the first page level 1, that of each other 2, and what stands under it 3."""
    pages: dict[int, list[Draft]] = defaultdict(list)
    for draft in candidates:
        pages[draft.first.page].append(draft)
    for page, headings in pages.items():
        largest = max(draft.first.size for draft in headings)
        for draft in headings:
            draft.level = (1 if page == 1 else 2) if draft.first.size >= largest - 0.5 else 3


def _known_levels(candidates: Sequence[Draft], levels: dict[int, int]) -> dict[Style, int]:
    """Return the level that the outline gives most headings of each style."""
    counts: dict[Style, Counter[int]] = defaultdict(Counter)
    for draft in candidates:
        if id(draft) in levels:
            counts[_style(draft)][levels[id(draft)]] += 1
    return {style: count.most_common(1)[0][0] for style, count in counts.items()}


def _ranks(candidates: Sequence[Draft], measures: Measures) -> dict[Style, int]:
    """Return a level for each style: by size, then bold before light, capitals before small letters."""
    styles = sorted(
        {_style(draft) for draft in candidates}, key=lambda style: (-style[0], not style[1], not style[2])
    )
    ranks: dict[Style, int] = {}
    level, size = 0, 0.0
    for style in styles:
        smaller = not size or style[0] < size * (1 - _ALIKE)
        # Among large type weight tells nothing; among headings of the body's size it is all that tells.
        if smaller or style[0] < 1.5 * measures.body:
            level += 1
        size = style[0] if smaller else size
        ranks[style] = level
    return ranks


def _numbered_base(candidates: Sequence[Draft], ranks: dict[Style, int]) -> int | None:
    """Return the level of headings with one number, where headings are numbered."""
    numbered = [draft for draft in candidates if _NUMBERED.match(draft.text)]
    if len(numbered) < max(2, 0.3 * len(candidates)):
        return None
    single = [ranks.get(_style(draft), 1) for draft in numbered if "." not in _numbers(draft)]
    return min(single, default=1)


def _numbers(draft: Draft) -> str:
    found = _NUMBERED.match(draft.text)
    return found.group("number") if found else ""
