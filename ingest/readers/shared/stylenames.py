"""What does the name of a paragraph style say: a heading, a caption, a quotation, code?

Word keeps the built-in names in English whatever its language; other programs translate them.
"""

from __future__ import annotations

import re

from kb.model import BlockKind
from kb.text import fold

_HEADING = re.compile(
    r"(?:heading|titulo|encabezado|uberschrift|titre|titolo|kop|rubrik|nagłowek) ?([1-9])(?: (?:char|car))?"
)
_TITLES = frozenset({"title", "titulo", "titel", "titre", "titolo", "puesto"})
_CONTENTS = re.compile(
    r"(?:toc ?\d|toc heading|contents(?: heading| ?\d)|table of (?:figures|authorities)"
    r"|tdc ?\d|indice ?\d|titulo de tdc|index(?: heading| ?\d))"
)
_CONTENTS_HEADS = frozenset(
    {"contents", "table of contents", "contenido", "contenidos", "tabla de contenido", "tabla de contenidos"}
    | {"indice", "indice de contenidos", "indice general"}
)
_QUOTES = re.compile(r"(?:intense )?quote|block ?(?:text|quote|quotation)|cita(?: destacada)?|quotations?")
_CODE = re.compile(
    r"(?:source )?code(?: block)?|html preformatted|preformatted text|codigo(?: fuente)?|macro(?: text)?"
    r"|verbatim"
)
_CAPTION = re.compile(
    r"(?:(?:table|image|figure) )?caption|illustration|figure|drawing|descripcion|leyenda|epigrafe"
    r"|ilustracion"
)


def plain_name(name: str) -> str:
    """Return a style's name in the form in which the other functions take it."""
    return " ".join(fold(name).replace("_20_", " ").replace("_", " ").replace("-", " ").split())


def heads_contents(text: str) -> bool:
    """Return whether a line is nothing but the heading of a table of contents, which is left out."""
    return len(text) < 40 and plain_name(text).strip(" :.") in _CONTENTS_HEADS


def heading_named(name: str) -> int | None:
    """Return the level, from 1, of a style that is named as a heading."""
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else None


def is_title_named(name: str) -> bool:
    """Return whether this is the name of the style of a document's title."""
    return name in _TITLES


def is_contents_named(name: str) -> bool:
    """Return whether this is the name of a style of tables of contents or of an index."""
    return _CONTENTS.fullmatch(name) is not None


def kind_named(name: str) -> BlockKind | None:
    """Return the kind of block that a style makes by its name; None if the name does not tell."""
    if _CAPTION.fullmatch(name):
        return BlockKind.CAPTION
    if _QUOTES.fullmatch(name):
        return BlockKind.QUOTE
    return BlockKind.CODE if _CODE.fullmatch(name) else None
