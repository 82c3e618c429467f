"""Which lines belong to the page and not to the text: page numbers, running heads and feet?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.readers.text.lines import Line

_PAGE_LABEL = re.compile(
    r"(?:[-–—|]\s*)?(?:page|pg\.?|p\.|página|pág\.?)\s*\d{1,4}(?:\s*(?:of|de|/)\s*\d{1,4})?(?:\s*[-–—|])?"
    r"|\d{1,4}\s*(?:/|of|de)\s*\d{1,4}|[-–—]\s*\d{1,4}\s*[-–—]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,4}|[ivxl]{1,6}")
_DIGITS = re.compile(r"\d+")
_COUNTED = re.compile(r"(?P<first>\d{1,4})\s+\D.*|.*\D\s+(?P<last>\d{1,4})")
# Lines at the top and bottom of a page where a running head or foot may stand.
_EDGE = 3
_FEWEST_PAGES = 3
_USUAL_SHARE = 0.3
_LONGEST = 90


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without page numbers, running heads and running feet."""
    pages: dict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        pages[line.page].append(at)
    dropped = {at for at in range(len(lines)) if _is_label(lines, at)}
    if len(pages) > 1:
        dropped |= _numbers_at_edges(lines, pages)
        dropped |= _running(lines, pages, dropped) | _counting(lines, pages)
    else:
        dropped |= _lone_numbers(lines)
    return _without(lines, dropped)


def _without(lines: Sequence[Line], dropped: set[int]) -> list[Line]:
    kept: list[Line] = []
    gap, start, ruled = 0, False, False
    for at, line in enumerate(lines):
        if at in dropped:
            gap, start, ruled = max(gap, line.gap, 1), start or line.start, ruled or line.ruled
        else:
            before = max(gap, line.gap)
            kept.append(replace(line, gap=before, start=start or line.start, ruled=ruled or line.ruled))
            gap, start, ruled = 0, False, False
    return kept


def _edges(page: list[int]) -> list[int]:
    return page[:_EDGE] + page[max(_EDGE, len(page) - _EDGE) :]


def _numbers_at_edges(lines: Sequence[Line], pages: dict[int, list[int]]) -> set[int]:
    """Find numbers alone on the first or last lines of a page."""
    found = set()
    for page in pages.values():
        for at in {*page[:2], *page[-2:]}:
            if len(page) > 1 and _NUMBER.fullmatch(lines[at].text):
                found.add(at)
        found.update(at for at in page if lines[at].text == str(lines[at].page) and _stands_alone(lines, at))
    return found


def _running(lines: Sequence[Line], pages: dict[int, list[int]], numbers: set[int]) -> set[int]:
    """Find lines that come again at the edge of many pages, or of some pages beside the page number."""
    shapes: dict[str, list[int]] = defaultdict(list)
    for page in pages.values():
        for at in _edges([at for at in page if at not in numbers]):
            if len(lines[at].text) <= _LONGEST:
                shapes[_shape(lines[at].text)].append(at)
    found: set[int] = set()
    for places in shapes.values():
        on_pages = len({lines[at].page for at in places})
        if on_pages < _FEWEST_PAGES:
            continue
        beside = [at for at in places if _is_beside(lines, at, numbers)]
        if on_pages >= _USUAL_SHARE * len(pages) or len(beside) >= 0.5 * len(places):
            # On the first page, away from its number, it is the title that the others repeat.
            first = places[0]
            found.update(places if lines[first].page > 1 or first in beside else places[1:])
    return found


def _is_beside(lines: Sequence[Line], at: int, numbers: set[int]) -> bool:
    near = {at - 1, at + 1} & numbers
    return any(lines[other].page == lines[at].page for other in near)


def _shape(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.casefold().split()))


def _counting(lines: Sequence[Line], pages: dict[int, list[int]]) -> set[int]:
    """Find first and last lines with a number that goes up with the page: ``Handbook 12``."""
    steps: dict[int, list[int]] = defaultdict(list)
    for number, page in pages.items():
        for at in {page[0], page[-1]}:
            if len(lines[at].text) <= _LONGEST and (found := _COUNTED.fullmatch(lines[at].text)):
                steps[int(found.group("first") or found.group("last")) - number].append(at)
    usual = max(steps.values(), key=len, default=[])
    return set(usual) if len(usual) >= max(_FEWEST_PAGES, _USUAL_SHARE * len(pages)) else set()


def _is_label(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line is ``Page 3 of 9``, or the page number that a contents line leads to."""
    text = lines[at].text
    return bool(_PAGE_LABEL.fullmatch(text)) or (
        at > 0 and text.isdecimal() and lines[at - 1].text.endswith("…")
    )


def _lone_numbers(lines: Sequence[Line]) -> set[int]:
    """Find page numbers in a text that lost its page breaks: numbers alone that count up one by one."""
    alone = [
        (at, int(line.text))
        for at, line in enumerate(lines)
        if line.text.isdecimal() and len(line.text) <= 3 and _stands_alone(lines, at)
    ]
    found: set[int] = set()
    for (at, number), (then, following) in pairwise(alone):
        if following == number + 1 and then - at > 5:
            found |= {at, then}
    found |= {at for at, _ in alone if _splits_sentence(lines, at)}
    return found


def _stands_alone(lines: Sequence[Line], at: int) -> bool:
    return bool(lines[at].gap or at == 0) and (at + 1 == len(lines) or lines[at + 1].gap > 0)


def _splits_sentence(lines: Sequence[Line], at: int) -> bool:
    if at == 0 or at + 1 == len(lines):
        return False
    before, after = lines[at - 1].text, lines[at + 1].text
    return before[-1].isalpha() and after[0].islower() and len(before) > 30
