"""Which words does a Word paragraph show?

Insertions are in, deletions out; of a field its result, not its code; hidden text, comments and the words of
form fields that wait to be filled in are out. (ECMA-376, 17.3.2, 17.13.5, 17.16.18)
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.office.ooxml import CHART, DIAGRAM, MC, A, M, R, W, on
from ingest.readers.office.wordstyles import Styles
from ingest.readers.shared.symbols import shown
from ingest.readers.shared.zipped import local

_THROUGH = frozenset(
    "hyperlink smartTag sdtContent ins moveTo customXml dir bdo fldSimple rubyBase ruby"
    " oMath oMathPara p tag".split()
)
_BREAKS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class Said:
    """What a paragraph says: its words, the notes it cites, and what else is anchored in it.

    ``notes`` are (``footnote`` or ``endnote``, id, mark) in order; ``boxes`` are the contents of text boxes;
    ``diagrams`` and ``charts`` are the relation ids of SmartArt and of charts.
    """

    words: list[str] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    bold: int = 0
    plain: int = 0

    @property
    def text(self) -> str:
        """Return the words as one text."""
        return "".join(self.words)


@dataclass(slots=True)
class Runs:
    """Gathers the words of paragraphs in reading order; a field may span several of them.

    ``marks`` makes the mark of a note from its kind and id.
    """

    styles: Styles
    marks: dict[tuple[str, str], str]
    # One entry for each field that is open: whether its code is being read, rather than its result.
    fields: list[bool] = field(default_factory=list)

    def of(self, paragraph: Element, style: str, said: Said | None = None) -> Said:
        """Return what a paragraph says, added to ``said`` where that paragraph runs on into this one."""
        said = said or Said()
        self._walk(paragraph, said, hidden=self.styles.hidden(style), bold=self.styles.bold(style))
        return said

    def _walk(self, parent: Element, said: Said, *, hidden: bool, bold: bool) -> None:
        for element in parent:
            name = local(element)
            if name == "r":
                if element.tag.startswith(M):
                    self._say(said, "".join(text.text or "" for text in element.iter(M + "t")), bold=False)
                else:
                    self._run(element, said, hidden=hidden, bold=bold)
            elif name == "sdt":
                if not _waits_to_be_filled(element):
                    self._walk(element, said, hidden=hidden, bold=bold)
            elif name == "AlternateContent":
                self._walk(_choice(element), said, hidden=hidden, bold=bold)
            elif name in _THROUGH or element.tag.startswith(M):
                self._walk(element, said, hidden=hidden, bold=bold)

    def _run(self, run: Element, said: Said, *, hidden: bool, bold: bool) -> None:
        properties = run.find(W + "rPr")
        if properties is not None:
            hidden = self._switch(properties, "vanish", hidden)
            bold = self._switch(properties, "b", bold)
        for element in run:
            name = local(element)
            if name == "fldChar":
                self._field(element)
            elif hidden or any(self.fields):
                continue
            elif name == "t":
                self._say(said, element.text or "", bold=bold)
            elif name in _BREAKS:
                said.words.append(_BREAKS[name])
            elif name == "br":
                said.words.append("\n" if element.get(W + "type", "textWrapping") == "textWrapping" else " ")
            elif name == "sym":
                said.words.append(shown(element.get(W + "font", ""), element.get(W + "char", "")))
            elif name in {"footnoteReference", "endnoteReference"}:
                self._note(element, name.removesuffix("Reference"), said)
            else:
                self._anchored(element, name, said)

    def _say(self, said: Said, text: str, *, bold: bool) -> None:
        if any(self.fields):
            return
        said.words.append(text)
        letters = len(text.strip())
        said.bold += letters if bold else 0
        said.plain += 0 if bold else letters

    def _switch(self, properties: Element, name: str, inherited: bool) -> bool:
        direct = properties.find(W + name)
        if direct is not None:
            return on(direct)
        named = properties.find(W + "rStyle")
        if named is None:
            return inherited
        style = str(named.get(W + "val", ""))
        return inherited or (self.styles.hidden(style) if name == "vanish" else self.styles.bold(style))

    def _field(self, element: Element) -> None:
        step = element.get(W + "fldCharType")
        if step == "begin":
            self.fields.append(True)
        elif step == "separate" and self.fields:
            self.fields[-1] = False
        elif step == "end" and self.fields:
            self.fields.pop()

    def _note(self, element: Element, kind: str, said: Said) -> None:
        identifier = str(element.get(W + "id", ""))
        # A mark of the author's own follows as text, here and in the note.
        own = element.get(W + "customMarkFollows") in {"1", "true", "on"}
        mark = "" if own else self.marks.get((kind, identifier), "")
        said.notes.append((kind, identifier, mark))
        if mark:
            said.words.append(f"[{mark}]")

    def _anchored(self, element: Element, name: str, said: Said) -> None:
        """Take what is drawn at this place: text boxes, diagrams, phonetic guides."""
        if name == "AlternateContent":
            for child in _choice(element):
                self._anchored(child, local(child), said)
        elif name == "ruby":
            self._walk(element, said, hidden=False, bold=False)
        elif name in {"drawing", "pict", "object", "r"}:
            said.boxes.extend(_boxes(element))
            named = element.iter(DIAGRAM + "relIds")
            said.diagrams.extend(str(found.get(R + "dm", "")) for found in named)
            said.charts.extend(str(found.get(R + "id", "")) for found in element.iter(CHART + "chart"))


def _boxes(element: Element) -> list[Element]:
    """Return the contents of the text boxes in a drawing, each once: old readers get a second copy."""
    found = []
    for box in element.iter(W + "txbxContent"):
        parents = [local(parent) for parent in box.iterancestors()]
        depth = parents.index(local(element)) if local(element) in parents else len(parents)
        inner = parents[:depth]
        if "Fallback" not in inner and "txbxContent" not in inner:
            found.append(box)
    return found


def _choice(element: Element) -> Element:
    """Return the branch of an alternative that is read: the first one, which is the richest."""
    choice = element.find(MC + "Choice")
    fallback = element.find(MC + "Fallback")
    if choice is None or (fallback is not None and not len(choice)):
        return fallback if fallback is not None else element
    # A picture for new readers may stand for a text box that only the old form spells out.
    if next(choice.iter(W + "txbxContent", W + "t", A + "t"), None) is None and fallback is not None:
        spelt_out = next(fallback.iter(W + "txbxContent", W + "t"), None)
        return fallback if spelt_out is not None else choice
    return choice


def _waits_to_be_filled(element: Element) -> bool:
    properties = element.find(W + "sdtPr")
    return properties is not None and on(properties.find(W + "showingPlcHdr"))
