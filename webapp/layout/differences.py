"""What differs between two versions of a document? Block by block, and word by word where one changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from markupsafe import Markup

from kb.model import BlockKind, Document
from webapp.layout.prose import compared

# Blocks this unlike are taken for one that went and one that came, not for one that changed.
_LEAST_LIKENESS = 0.5


@dataclass(frozen=True, slots=True)
class Difference:
    """One block that went, came or changed: its words before and now, with what differs marked.

    ``heading`` is the heading that the block stands under in the version where it stands.
    """

    heading: str
    was: Markup
    becomes: Markup


def differences(old: Document, new: Document) -> list[Difference]:
    """Return what differs between two versions, in reading order; nothing for the same words."""
    before, after = _texts(old), _texts(new)
    operations = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found = []
    for operation, a, b, c, d in operations:
        if operation == "equal":
            continue
        for was, becomes in _pairs(before[a:b], after[c:d]):
            heading = _heading(new, c) if becomes else _heading(old, a)
            marked = compared(was, becomes) if was and becomes else _whole(was, becomes)
            found.append(Difference(heading, *marked))
    return found


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pair the blocks of a stretch that changed: each with the one at its place, if they are alike."""
    for was, becomes in zip_longest(before, after, fillvalue=""):
        if was and becomes and SequenceMatcher(None, was, becomes).quick_ratio() < _LEAST_LIKENESS:
            yield was, ""
            yield "", becomes
        else:
            yield was, becomes


def _whole(was: str, becomes: str) -> tuple[Markup, Markup]:
    gone = Markup("<del>{}</del>").format(was) if was else Markup("")
    come = Markup("<ins>{}</ins>").format(becomes) if becomes else Markup("")
    return gone, come


def _texts(document: Document) -> list[str]:
    return [document.block_text(block) for block in document.blocks]


def _heading(document: Document, at: int) -> str:
    for block in reversed(document.blocks[: at + 1]):
        if block.kind is BlockKind.HEADING:
            return document.block_text(block)
    return ""
