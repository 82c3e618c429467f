"""How are the cells of an Excel workbook shown, and which texts do they share?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from ingest.readers.office.numberformats import BUILT_IN, GENERAL
from ingest.readers.office.ooxml import S, on
from ingest.readers.shared.zipped import whole_number

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Look:
    """The number format of a cell, and whether it stands out: bold, or on a coloured ground."""

    code: str = GENERAL
    strong: bool = False


class Looks:
    """The looks of a workbook's cells, by the number of their style."""

    def __init__(self, looks: list[Look]) -> None:
        self._looks = looks

    def of(self, style: str) -> Look:
        """Return the look of a style by its number; the plain one for a number that is not known."""
        place = whole_number(style, len(self._looks))
        return self._looks[place] if place < len(self._looks) else Look()


def looks_of(root: Element | None) -> Looks:
    """Return the looks in ``styles.xml``."""
    if root is None:
        return Looks([])
    codes = dict(BUILT_IN)
    for element in root.iter(S + "numFmt"):
        if (identifier := whole_number(element.get("numFmtId"), -1)) >= 0:
            codes[identifier] = str(element.get("formatCode", GENERAL))
    fonts, fills = root.find(S + "fonts"), root.find(S + "fills")
    bold = [on(font.find(S + "b")) for font in fonts] if fonts is not None else []
    # The first two fills are none and a pattern that Excel keeps for itself.
    filled = [at > 1 and _is_filled(fill) for at, fill in enumerate(fills)] if fills is not None else []
    cells = root.find(S + "cellXfs")
    return Looks([_look(cell, codes, bold, filled) for cell in cells] if cells is not None else [])


def _is_filled(fill: Element) -> bool:
    pattern = fill.find(S + "patternFill")
    return pattern is not None and pattern.get("patternType", "none") != "none"


def _look(cell: Element, codes: dict[int, str], bold: list[bool], filled: list[bool]) -> Look:
    def holds(switches: list[bool], at: int) -> bool:
        return at < len(switches) and switches[at]

    code = codes.get(whole_number(cell.get("numFmtId"), 0), GENERAL)
    return Look(
        code,
        holds(bold, whole_number(cell.get("fontId"), 0))
        or holds(filled, whole_number(cell.get("fillId"), 0)),
    )


def strings_of(root: Element | None) -> list[str]:
    """Return the texts that cells share, by their number."""
    return [words_of(element) for element in root.iter(S + "si")] if root is not None else []


def words_of(element: Element) -> str:
    """Return the words of a text with its runs, without the phonetic guides to it."""
    return written(
        "".join(
            text.text or ""
            for text in element.iter(S + "t")
            if text.getparent().tag in {element.tag, S + "r"}
        )
    )


def written(stored: str) -> str:
    """Return a text as people see it: what XML cannot hold is stored as ``_x000D_`` (ECMA-376, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), stored) if "_x" in stored else stored
