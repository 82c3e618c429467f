"""Which paragraphs does a shape on a slide hold, and which of them are list items? (ECMA-376, 21.1.2.4)

Whether a paragraph has a bullet is said by itself, or its shape, or the layout, or the master.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.office.ooxml import A, M, Office, P
from ingest.readers.shared.numerals import letters, roman
from ingest.readers.shared.zipped import local, whole_number

_NUMBERED = {"alphaLc": letters, "alphaUc": letters, "romanLc": roman, "romanUc": roman}
_BODIES = frozenset({"body", "obj", "subTitle"})


@dataclass(slots=True)
class Paragraph:
    """A paragraph in a shape: its words, its depth from 0, and the properties that say what mark it has."""

    text: str
    depth: int
    properties: Element | None


def said(shape: Element) -> list[Paragraph]:
    """Return the paragraphs in a shape or a cell."""
    found = []
    for paragraph in shape.iter(A + "p"):
        words: list[str] = []
        for element in paragraph:
            name = local(element)
            if name in {"r", "fld"}:
                words.extend(text.text or "" for text in element.iter(A + "t"))
            elif name == "br":
                words.append("\n")
            else:
                words.extend(text.text or "" for text in element.iter(M + "t"))
        properties = paragraph.find(A + "pPr")
        depth = whole_number(properties.get("lvl"), 0) if properties is not None else 0
        found.append(Paragraph("".join(words).strip(), depth, properties))
    return found


class Bullets:
    """Finds what a slide's layout and master say of the bullets in its shapes."""

    def __init__(self, office: Office, slide: str) -> None:
        self._layout = office.related_tree(slide, "slideLayout")
        layouts = office.related(slide, "slideLayout")
        self._master = office.related_tree(layouts[0], "slideMaster") if layouts else None

    def of(self, shape: Element, kind: str | None) -> list[Element]:
        """Return the list styles that hold for a shape, the nearest first."""
        found = [
            style for body in shape.iter(P + "txBody") if (style := body.find(A + "lstStyle")) is not None
        ]
        if kind is None:
            return found
        place = next(shape.iter(P + "ph"), None)
        index = place.get("idx") if place is not None else None
        for root in (self._layout, self._master):
            body = _matching(root, kind, index) if root is not None else None
            style = body.find(A + "lstStyle") if body is not None else None
            if style is not None:
                found.append(style)
        if self._master is not None and kind in _BODIES:
            found.extend(self._master.iter(P + "bodyStyle"))
        return found


def _matching(root: Element, kind: str, index: str | None) -> Element | None:
    """Return the text body of the place in a layout or master that a shape fills: by index, else by kind."""
    by_kind = None
    for place in root.iter(P + "ph"):
        shape = next((parent for parent in place.iterancestors() if local(parent) == "sp"), None)
        body = shape.find(P + "txBody") if shape is not None else None
        if index is not None and place.get("idx") == index:
            return body
        if by_kind is None and place.get("type", "obj") == kind:
            by_kind = body
    return by_kind


@dataclass(slots=True)
class Outline:
    """Counts the numbered paragraphs of one shape."""

    styles: list[Element]
    counts: dict[int, tuple[str, int]] = field(default_factory=dict)

    def place(self, paragraph: Paragraph) -> tuple[str | None, int]:
        """Return the mark before a paragraph and its level; no mark (None) if it is no list item."""
        for depth in [deep for deep in self.counts if deep > paragraph.depth]:
            del self.counts[depth]
        mark = self._mark(paragraph)
        if mark is None or local(mark) == "buNone":
            self.counts.pop(paragraph.depth, None)
            return None, 0
        if local(mark) != "buAutoNum":
            return "", paragraph.depth + 1
        form = str(mark.get("type", "arabicPeriod"))
        before, count = self.counts.get(paragraph.depth, ("", 0))
        count = count + 1 if before == form else whole_number(mark.get("startAt"), 1)
        self.counts[paragraph.depth] = (form, count)
        return _written(form, count) + " ", paragraph.depth + 1

    def _mark(self, paragraph: Paragraph) -> Element | None:
        named = f"{A}lvl{paragraph.depth + 1}pPr"
        stated = [paragraph.properties, *(style.find(named) for style in self.styles)]
        for properties in stated:
            for element in properties if properties is not None else ():
                if local(element) in {"buNone", "buChar", "buAutoNum", "buBlip"}:
                    return element
        return None


def _written(form: str, number: int) -> str:
    family = next((name for name in _NUMBERED if form.startswith(name)), "")
    text = _NUMBERED[family](number) if family else str(number)
    text = text.upper() if family.endswith("Uc") else text
    if form.endswith("ParenBoth"):
        return f"({text})"
    return text + {"ParenR": ")", "Period": "."}.get(form.removeprefix(family or "arabic"), "")
