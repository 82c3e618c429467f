"""What stands in an OpenDocument file: its parts, its styles, what it states of itself? (OpenDocument 1.3)"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml.etree import _Element as Element

from ingest.readers.remedies import UNPROTECT
from ingest.readers.shared.rights import rights
from ingest.readers.shared.stated import Stated, day_of
from ingest.readers.shared.stylenames import plain_name
from ingest.readers.shared.zipped import Package, local, whole_number
from kb.errors import SourceLocked

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, TABLE, STYLE, DRAW, PRESENTATION = (
    f"{{{_NS}{name}:1.0}}" for name in ("office", "text", "table", "style", "drawing", "presentation")
)
META = f"{{{_NS}meta:1.0}}"
FO = f"{{{_NS}xsl-fo-compatible:1.0}}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_NUMBERING = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}num-list-format"


@dataclass(slots=True)
class Style:
    """What a style says; None where it says nothing."""

    name: str
    parent: str = ""
    list_style: str = ""
    hidden: bool | None = None
    bold: bool | None = None


@dataclass(slots=True)
class Level:
    """How the items at one depth of a list are numbered; ``form`` is empty for bullets and bare items."""

    form: str = ""
    prefix: str = ""
    suffix: str = ""
    shown: int = 1
    start: int = 1
    pattern: str = ""
    bullet: bool = False


@dataclass(slots=True)
class Styles:
    """The styles of one document by family and name, and its list styles."""

    known: dict[tuple[str, str], Style] = field(default_factory=dict)
    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    outline: dict[int, Level] = field(default_factory=dict)

    def chain(self, family: str, name: str) -> list[Style]:
        """Return a style and its parents, nearest first."""
        found: list[Style] = []
        seen: set[str] = set()
        while (family, name) in self.known and name not in seen:
            seen.add(name)
            found.append(self.known[family, name])
            name = found[-1].parent
        return found

    def hidden(self, family: str, name: str) -> bool:
        """Return whether a style hides its text."""
        return next((s.hidden for s in self.chain(family, name) if s.hidden is not None), False)

    def bold(self, family: str, name: str) -> bool | None:
        """Return whether a style sets bold type; None if it does not say."""
        return next((s.bold for s in self.chain(family, name) if s.bold is not None), None)


class OpenDocument(Package):
    """An OpenDocument file."""

    def __init__(self, content: bytes, kind: str) -> None:
        super().__init__(content, kind)
        manifest = self.tree("META-INF/manifest.xml")
        if manifest is not None and any(local(element) == "encryption-data" for element in manifest.iter()):
            raise SourceLocked(f"the {kind} is locked with a password", remedy=UNPROTECT)

    @cached_property
    def content(self) -> Element:
        """Return the root of ``content.xml``."""
        return self.needed("content.xml")

    def body(self, name: str) -> Element:
        """Return the body of one kind: ``text``, ``spreadsheet`` or ``presentation``."""
        found = self.content.find(f"{OFFICE}body/{OFFICE}{name}")
        return found if found is not None else self.content

    def styles(self) -> Styles:
        """Return the styles, those of the document and those of single paragraphs."""
        styles = Styles()
        for root in (self.tree("styles.xml"), self.content):
            for element in root.iter(STYLE + "style") if root is not None else ():
                key = (str(element.get(STYLE + "family", "")), str(element.get(STYLE + "name", "")))
                styles.known[key] = _style(element)
            for element in root.iter(TEXT + "list-style") if root is not None else ():
                styles.lists[str(element.get(STYLE + "name", ""))] = _levels(element)
            for element in root.iter(TEXT + "outline-style") if root is not None else ():
                styles.outline = _levels(element)
        return styles

    def stated(self) -> Stated:
        """Return title, author, date and rights as the metadata states them."""
        root = self.tree("meta.xml")
        values: dict[str, str] = {}
        for element in root.iter() if root is not None else ():
            # What people define has a name of its own.
            name = str(element.get(META + "name", local(element)))
            values.setdefault(name, (element.text or "").strip())
        dated = day_of(values.get("date", "")) or day_of(values.get("creation-date", ""))
        author = values.get("initial-creator", "") or values.get("creator", "")
        said = rights({name.casefold(): [value] for name, value in values.items()})
        return Stated(values.get("title", ""), author, dated, said)


def _style(element: Element) -> Style:
    text = element.find(STYLE + "text-properties")
    display = text.get(TEXT + "display") if text is not None else None
    weight = text.get(FO + "font-weight") if text is not None else None
    return Style(
        name=plain_name(str(element.get(STYLE + "display-name") or element.get(STYLE + "name", ""))),
        parent=str(element.get(STYLE + "parent-style-name", "")),
        list_style=str(element.get(STYLE + "list-style-name", "")),
        hidden=None if display is None else display == "none",
        bold=None if weight is None else weight in {"bold", "600", "700", "800", "900"},
    )


def _levels(element: Element) -> dict[int, Level]:
    found = {}
    for level in element:
        depth = whole_number(level.get(TEXT + "level"), 1)
        found[depth] = Level(
            form=str(level.get(STYLE + "num-format", "")),
            prefix=str(level.get(STYLE + "num-prefix", "")),
            suffix=str(level.get(STYLE + "num-suffix", "")),
            shown=whole_number(level.get(TEXT + "display-levels"), 1),
            start=whole_number(level.get(TEXT + "start-value"), 1),
            pattern=str(level.get(_NUMBERING, "")),
            bullet=local(level).endswith(("bullet", "image")),
        )
    return found
