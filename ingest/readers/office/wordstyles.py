"""What does the style of a Word paragraph make of it: a heading, a caption, a quotation, code?

Styles are known by their built-in name, which is English in every language of Word; by the outline level that
they set; and by the styles that they are based on. (ECMA-376, 17.7)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.office.ooxml import W, on
from ingest.readers.shared.stylenames import (
    heading_named,
    is_contents_named,
    is_title_named,
    kind_named,
    plain_name,
)
from kb.model import BlockKind

BODY_LEVEL = 9


@dataclass(slots=True)
class Style:
    """What a style says; ``level`` is an outline level from 0, None where it says nothing."""

    name: str
    based_on: str
    level: int | None = None
    hidden: bool | None = None
    bold: bool | None = None
    number: str | None = None
    depth: int | None = None
    first_row: bool = False


@dataclass(slots=True)
class Styles:
    """The styles of one document."""

    known: dict[str, Style] = field(default_factory=dict)
    default: str = ""

    def chain(self, identifier: str) -> list[Style]:
        """Return a style and those that it is based on, nearest first."""
        found: list[Style] = []
        seen: set[str] = set()
        while identifier in self.known and identifier not in seen:
            seen.add(identifier)
            found.append(self.known[identifier])
            identifier = found[-1].based_on
        return found

    def heading(self, identifier: str) -> int | None:
        """Return the outline level, from 0, that a paragraph style gives; 9 is body text.

        A style made from a built-in heading looks like it, whatever level it was given for the outline.
        """
        chain = self.chain(identifier)
        stated = next((style.level for style in chain if style.level is not None), None)
        if stated == BODY_LEVEL:
            return BODY_LEVEL
        named = next((level for style in chain if (level := heading_named(style.name))), None)
        return named - 1 if named else stated

    def is_title(self, identifier: str) -> bool:
        """Return whether this is the style of a document's title."""
        return any(is_title_named(style.name) for style in self.chain(identifier)[:2])

    def is_contents(self, identifier: str) -> bool:
        """Return whether this is a style of tables of contents or of an index."""
        return any(is_contents_named(style.name) for style in self.chain(identifier)[:1])

    def kind(self, identifier: str) -> BlockKind:
        """Return what kind of block a style makes, where it is no heading."""
        for style in self.chain(identifier):
            if (kind := kind_named(style.name)) is not None:
                return kind
        return BlockKind.PARAGRAPH

    def hidden(self, identifier: str) -> bool:
        """Return whether a style hides its text."""
        return next((style.hidden for style in self.chain(identifier) if style.hidden is not None), False)

    def bold(self, identifier: str) -> bool:
        """Return whether a style sets its text in bold type."""
        return next((style.bold for style in self.chain(identifier) if style.bold is not None), False)

    def numbering(self, identifier: str) -> tuple[str | None, int | None]:
        """Return the list that a style belongs to and its depth from 0, each None where it says nothing."""
        chain = self.chain(identifier)
        number = next((style.number for style in chain if style.number is not None), None)
        depth = next((style.depth for style in chain if style.depth is not None), None)
        return number, depth


def styles_of(root: Element | None) -> Styles:
    """Return the styles in ``styles.xml``."""
    styles = Styles()
    for element in root.iter(W + "style") if root is not None else ():
        identifier = str(element.get(W + "styleId", ""))
        styles.known[identifier] = _style(element)
        if element.get(W + "type") == "paragraph" and element.get(W + "default") in {"1", "true"}:
            styles.default = identifier
    return styles


def _style(element: Element) -> Style:
    based_on = element.find(W + "basedOn")
    style = Style(
        name=_plain_name(element),
        based_on=str(based_on.get(W + "val", "")) if based_on is not None else "",
        first_row=any(part.get(W + "type") == "firstRow" for part in element.findall(W + "tblStylePr")),
    )
    paragraph, run = element.find(W + "pPr"), element.find(W + "rPr")
    if paragraph is not None:
        style.level = outline_level(paragraph)
        number, depth = list_of(paragraph)
        style.number, style.depth = number, depth
    if run is not None:
        style.hidden = _switch(run, "vanish")
        style.bold = _switch(run, "b")
    return style


def _plain_name(element: Element) -> str:
    named = element.find(W + "name")
    stated = named.get(W + "val", "") if named is not None else element.get(W + "styleId", "")
    return plain_name(str(stated))


def outline_level(properties: Element) -> int | None:
    """Return the outline level that paragraph properties state, if any."""
    level = properties.find(W + "outlineLvl")
    return number_in(level) if level is not None else None


def list_of(properties: Element) -> tuple[str | None, int | None]:
    """Return the list that paragraph properties name, and the depth in it from 0."""
    numbering = properties.find(W + "numPr")
    if numbering is None:
        return None, None
    number, depth = numbering.find(W + "numId"), numbering.find(W + "ilvl")
    return (
        str(number.get(W + "val", "0")) if number is not None else None,
        number_in(depth) if depth is not None else None,
    )


def number_in(element: Element | None, otherwise: int | None = None) -> int | None:
    """Return the whole number that an element states, if it states one."""
    stated = str(element.get(W + "val", "")) if element is not None else ""
    return int(stated) if re.fullmatch(r"-?\d{1,9}", stated) else otherwise


def _switch(properties: Element, name: str) -> bool | None:
    element = properties.find(W + name)
    return None if element is None else on(element)
