"""How do the notes of a book come to stand after the text that cites them, even in another chapter?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup, Tag

_NOTES = frozenset({"footnote", "endnote", "rearnote", "note", "doc-footnote", "doc-endnote"})
_CITES = frozenset({"noteref", "doc-noteref"})
_BACK = frozenset({"backlink", "doc-backlink"})
_BLOCKS = ["p", "li", "blockquote", "table", "dd", "dt", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "div"]
_MARKED = re.compile(r"noteref|doc-footnote|doc-endnote|footnote|endnote|rearnote")


def with_notes(markups: dict[str, str]) -> dict[str, str]:
    """Return the chapters, by path, with each note moved behind the block that first cites it.

    Only what says that it is a note (``epub:type``, ``role``) is one; the link to it becomes its mark.
    """
    marked = {path for path, markup in markups.items() if _MARKED.search(markup)}
    soups = {path: BeautifulSoup(markups[path], "lxml") for path in marked}
    notes = {
        (path, str(note.get("id"))): note
        for path, soup in soups.items()
        for note in soup.find_all(id=True)
        if isinstance(note, Tag) and _types(note) & _NOTES
    }
    for path, soup in soups.items():
        for link in list(_citations(soup)):
            href, anchor = urldefrag(unquote(str(link.get("href", ""))))
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), href)) if href else path
            _cite(link, notes.pop((target, anchor), None), notes_known=bool(anchor))
    return {path: str(soups[path]) if path in soups else markup for path, markup in markups.items()}


def _types(tag: Tag) -> set[str]:
    return set(f"{tag.get('epub:type') or ''} {tag.get('role') or ''}".split())


def _citations(soup: BeautifulSoup) -> Iterator[Tag]:
    for link in soup.find_all("a", href=True):
        if isinstance(link, Tag) and _types(link) & _CITES:
            yield link


def _cite(link: Tag, note: Tag | None, *, notes_known: bool) -> None:
    """Turn a link to a note into its mark, and put the note behind the block that the link stands in."""
    mark = " ".join(link.get_text().split()).strip("[]().")
    if not mark or not notes_known:
        return
    link.string = f"[{mark}]"
    if note is None:
        return
    block = link.find_parent(_BLOCKS)
    if block is None or note in block.parents:
        return
    note = note.extract()
    for back in note.find_all("a"):
        if isinstance(back, Tag) and (
            _types(back) & _BACK or back.get_text().strip(" .[]()") in {mark, "↩", "↩︎", "^"}
        ):
            back.decompose()
    for inner in note.find_all(["blockquote", "pre", "li", "ol", "ul"]):
        if isinstance(inner, Tag):
            # All of it is the note, whatever it is set like.
            inner.name = "div"
    note.name = "div"
    note["role"] = "doc-footnote"
    note.insert(0, f"[{mark}] ")
    while (
        (after := block.next_sibling) is not None
        and isinstance(after, Tag)
        and after.get("role") == "doc-footnote"
    ):
        block = after
    block.insert_after(note)
