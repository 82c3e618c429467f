"""Which words does an OpenDocument paragraph show, and what is anchored in it?

Deletions stand apart from the text and are never met; comments and hidden text are out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from ingest.readers.opendocument.odf import DRAW, TEXT, Styles
from ingest.readers.shared.zipped import local, whole_number

_SPACES = re.compile(r"\s+")
# What stands in a paragraph but not among its words.
_SILENT = frozenset(
    "annotation annotation-end tracked-changes hidden-text hidden-paragraph bookmark-ref-format script"
    " title desc object object-ole image binary-data event-listeners ruby-text alphabetical-index-mark"
    " toc-mark user-index-mark notes forms".split()
)


@dataclass(slots=True)
class Said:
    """What a paragraph says: its words, the notes it cites as (mark, body), and what is drawn in it."""

    words: list[str] = field(default_factory=list)
    notes: list[tuple[str, Element]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    bold: int = 0
    plain: int = 0

    @property
    def text(self) -> str:
        """Return the words as one text."""
        return "".join(self.words).strip()


def said(paragraph: Element, styles: Styles) -> Said:
    """Return what a paragraph says."""
    found = Said()
    style = str(paragraph.get(TEXT + "style-name", ""))
    if not styles.hidden("paragraph", style):
        _walk(paragraph, styles, found, bold=bool(styles.bold("paragraph", style)))
    return found


def _walk(parent: Element, styles: Styles, found: Said, *, bold: bool) -> None:
    _say(found, parent.text, bold=bold)
    for element in parent:
        name = local(element)
        if name == "s":
            found.words.append(" " * min(whole_number(element.get(TEXT + "c"), 1), 100))
        elif name == "tab":
            found.words.append("\t")
        elif name == "line-break":
            found.words.append("\n")
        elif name == "note":
            _note(element, found)
        elif element.tag.startswith(DRAW) and name != "a":
            found.boxes.append(element)
        elif name == "span":
            style = str(element.get(TEXT + "style-name", ""))
            if not styles.hidden("text", style):
                stated = styles.bold("text", style)
                _walk(element, styles, found, bold=bold if stated is None else stated)
        elif name not in _SILENT:
            _walk(element, styles, found, bold=bold)
        _say(found, element.tail, bold=bold)


def _say(found: Said, text: str | None, *, bold: bool) -> None:
    if text:
        # White space in the XML is one space, whatever it is made of (OpenDocument 1.3, 6.1.2).
        found.words.append(_SPACES.sub(" ", text))
        letters = len(text.strip())
        found.bold += letters if bold else 0
        found.plain += 0 if bold else letters


def _note(element: Element, found: Said) -> None:
    citation, body = element.find(TEXT + "note-citation"), element.find(TEXT + "note-body")
    mark = "".join(citation.itertext()).strip() if citation is not None else ""
    if body is not None:
        found.notes.append((mark, body))
        found.words.append(f"[{mark}]" if mark else "")
