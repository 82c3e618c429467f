"""Which elements does a part of a web page hold, and how do they name themselves?

Beautiful Soup's own searches weigh every filter at every node; a page is gone through many times, so these
are plain loops.
"""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import Tag

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def tags_in(root: Tag) -> Iterator[Tag]:
    """Yield the elements under ``root`` in the order of the page."""
    return (node for node in root.descendants if isinstance(node, Tag))


def children_of(tag: Tag) -> Iterator[Tag]:
    """Yield the elements right under an element."""
    return (node for node in tag.contents if isinstance(node, Tag))


def value_of(tag: Tag, name: str) -> str:
    """Return an attribute as text, empty if it is not there."""
    stated = tag.attrs.get(name)
    return " ".join(stated) if isinstance(stated, list) else str(stated or "")


def names_of(tag: Tag) -> str:
    """Return an element's classes and id."""
    return f"{value_of(tag, 'class')} {value_of(tag, 'id')}"
