"""What do the footnotes and endnotes of a Word document say, and which mark does each have?"""

from __future__ import annotations

from collections.abc import Iterable

from lxml.etree import _Element as Element

from ingest.readers.office.ooxml import Office, W
from ingest.readers.office.wordnumbers import written
from ingest.readers.office.wordruns import Runs
from ingest.readers.office.wordstyles import Styles
from ingest.readers.shared.compose import Piece
from kb.model import BlockKind

_FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}


class Notes:
    """The notes of one document; each is given out once, at its first citation."""

    def __init__(self, office: Office, root: Element, styles: Styles) -> None:
        main = office.main
        settings = office.related_tree(main, "settings")
        self._styles = styles
        self._notes: dict[tuple[str, str], Element] = {}
        self.marks: dict[tuple[str, str], str] = {}
        for kind in _FORMS:
            notes = office.related_tree(main, f"{kind}s")
            for element in notes.iter(W + kind) if notes is not None else ():
                if element.get(W + "type", "normal") == "normal":
                    self._notes[kind, str(element.get(W + "id", ""))] = element
        self._number(root, settings)

    def _number(self, root: Element, settings: Element | None) -> None:
        """Give each note its mark: they are counted in the order of their citations."""
        counts = dict.fromkeys(_FORMS, 0)
        forms = {kind: _form(settings, kind) for kind in _FORMS}
        for reference in root.iter(W + "footnoteReference", W + "endnoteReference"):
            kind = reference.tag.rpartition("}")[2].removesuffix("Reference")
            key = (kind, str(reference.get(W + "id", "")))
            deleted = any(parent.tag in {W + "del", W + "moveFrom"} for parent in reference.iterancestors())
            own = reference.get(W + "customMarkFollows") in {"1", "true", "on"}
            if key in self._notes and key not in self.marks and not deleted and not own:
                counts[kind] += 1
                self.marks[key] = written(counts[kind], forms[kind])

    def cited(self, citations: Iterable[tuple[str, str, str]]) -> list[Piece]:
        """Return the notes that a paragraph cites for the first time."""
        found = []
        for kind, identifier, mark in citations:
            element = self._notes.pop((kind, identifier), None)
            if element is None:
                continue
            runs = Runs(self._styles, {})
            paragraphs = (runs.of(paragraph, "").text.strip() for paragraph in element.iter(W + "p"))
            text = "\n".join(paragraph for paragraph in paragraphs if paragraph)
            if text:
                found.append(Piece(BlockKind.FOOTNOTE, f"[{mark}] {text}" if mark else text))
        return found


def _form(settings: Element | None, kind: str) -> str:
    stated = settings.find(f"{W}{kind}Pr/{W}numFmt") if settings is not None else None
    return str(stated.get(W + "val")) if stated is not None else _FORMS[kind]
