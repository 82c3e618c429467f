"""Which parts does an Office Open XML file have, and what does it state of itself? (ECMA-376, part 2)"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Element as Element

from ingest.readers.shared.rights import rights
from ingest.readers.shared.stated import Stated, day_of
from ingest.readers.shared.zipped import Package, beside, local

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FALSE = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another: the last word of the relation's type, and the other's path."""

    kind: str
    target: str
    external: bool


class Office(Package):
    """An Office Open XML file; ``kind`` is what people call it."""

    def __init__(self, content: bytes, kind: str) -> None:
        super().__init__(content, kind)
        self._relations: dict[str, dict[str, Relation]] = {}

    @cached_property
    def main(self) -> str:
        """Return the path of the document itself; it need not be at the usual place."""
        found = [near.target for near in self.relations("").values() if near.kind == "officeDocument"]
        usual = ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml")
        return next((path for path in [*found, *usual] if path in self), usual[0])

    def relations(self, path: str) -> dict[str, Relation]:
        """Return the relations of a part by their id; those of the whole file for an empty path."""
        if path not in self._relations:
            self._relations[path] = self._read_relations(path)
        return self._relations[path]

    def _read_relations(self, path: str) -> dict[str, Relation]:
        folder, _, leaf = path.rpartition("/")
        root = self.tree(f"{folder}/_rels/{leaf}.rels" if folder else f"_rels/{leaf}.rels")
        found: dict[str, Relation] = {}
        for element in root if root is not None else ():
            kind = str(element.get("Type", "")).rpartition("/")[2]
            external = element.get("TargetMode") == "External"
            target = str(element.get("Target", ""))
            where = target if external else beside(path, target)
            found[str(element.get("Id", ""))] = Relation(kind, where, external)
        return found

    def related(self, path: str, kind: str) -> list[str]:
        """Return the paths of the parts that a part is related to in one way, such as ``styles``."""
        found = (near for near in self.relations(path).values() if near.kind == kind and not near.external)
        return [near.target for near in found]

    def related_tree(self, path: str, kind: str) -> Element | None:
        """Return the root of the first part that a part is related to in one way, if any."""
        for target in self.related(path, kind):
            return self.tree(target)
        return None

    def stated(self) -> Stated:
        """Return title, author and date as the core properties state them, and the rights as all do."""
        values = self._properties("core-properties")
        dated = day_of(values.get("modified", "")) or day_of(values.get("created", ""))
        named = {**self._properties("extended-properties"), **self._properties("custom-properties"), **values}
        said = rights({name.casefold(): [value] for name, value in named.items()})
        return Stated(values.get("title", ""), values.get("creator", ""), dated, said)

    def _properties(self, kind: str) -> dict[str, str]:
        """Return the properties of one kind by name; people who define some name them."""
        root = self.related_tree("", kind)
        return {
            str(element.get("name", local(element))): "".join(map(str, element.itertext())).strip()
            for element in (root if root is not None else ())
        }


def on(element: Element | None, otherwise: bool = False) -> bool:
    """Return whether a switch such as ``<w:vanish/>`` is on; ``otherwise`` where it is not there."""
    if element is None:
        return otherwise
    value = element.get(W + "val", element.get("val", "1"))
    return value not in _FALSE


def diagram_lines(office: Office, target: str) -> list[str]:
    """Return the texts of a SmartArt diagram, in the order in which they were entered."""
    root = office.tree(target)
    if root is None:
        return []
    points = root.iter(DIAGRAM + "pt")
    texts = (
        "\n".join("".join(run.text or "" for run in line.iter(A + "t")) for line in point.iter(A + "p"))
        for point in points
        if point.get("type", "node") in {"node", "asst"}
    )
    return [text for text in texts if text.strip()]
