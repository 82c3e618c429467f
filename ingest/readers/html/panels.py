"""Which hidden parts of a web page open when a reader asks, and what are they called?

Accordions and tabs hide what they hold until a button is pressed; the words are the page's own all the same
(ARIA Authoring Practices: accordion, disclosure, tabs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from ingest.readers.html.tags import HEADINGS, names_of, tags_in, value_of
from kb.text import canonical_line

_TABBING = frozenset({"tab", "pill", "tabs"})
_NEVER = frozenset({"nav", "dialog", "menu", "form", "header", "footer"})
_NEVER_ROLES = frozenset({"dialog", "alertdialog", "menu", "menubar", "navigation", "search", "listbox"})
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:accordion|collaps\w*|tab|tabs|tab-?panel|tab-?pane|panel|faq|answer|toggle|disclosure"
    r"|acorde[oó]n|pesta[nñ]a)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|modal|popup|lang\w*|search|cookie\w*|banner)(?:$|[\s_-])", re.IGNORECASE
)
_WORDS = re.compile(r"\w{2}")
_LONGEST_LABEL = 200


@dataclass(slots=True)
class Panels:
    """What opens what, by ``id()``: panels to show, buttons that head one, labels of tabs, rows of tabs."""

    shown: set[int] = field(default_factory=set)
    openers: set[int] = field(default_factory=set)
    labels: dict[int, str] = field(default_factory=dict)
    tabs: set[int] = field(default_factory=set)


def panels_of(soup: BeautifulSoup) -> Panels:
    """Return the panels of a page."""
    found = Panels()
    by_id: dict[str, Tag] = {}
    openers: list[Tag] = []
    for tag in tags_in(soup):
        by_id.setdefault(value_of(tag, "id"), tag)
        if _may_open(tag):
            openers.append(tag)
    for tag in openers:
        panel = by_id.get(_target(tag) or "#") or _next_panel(tag)
        if panel is None or not _is_panel(panel):
            continue
        found.shown.add(id(panel))
        label = canonical_line(tag.get_text(" "))
        if not 0 < len(label) <= _LONGEST_LABEL:
            continue
        if tag.get("role") == "tab" or _toggles(tag) in _TABBING:
            found.tabs.add(id(tag))
            if not _is_headed(panel, label):
                found.labels[id(panel)] = label
        elif tag.name == "button":
            found.openers.add(id(tag))
    return found


def is_named_panel(names: str) -> bool:
    """Return whether class and id name a part that opens, and not one of the page's frame."""
    return _NAMED.search(names) is not None and _FRAME.search(names) is None


def _toggles(tag: Tag) -> str:
    return (value_of(tag, "data-toggle") or value_of(tag, "data-bs-toggle")).casefold()


def _may_open(tag: Tag) -> bool:
    return (
        tag.has_attr("aria-controls")
        or tag.get("role") == "tab"
        or _toggles(tag) in {"collapse", *_TABBING}
        or (tag.name == "button" and (tag.has_attr("aria-expanded") or is_named_panel(names_of(tag))))
    )


def _target(tag: Tag) -> str:
    for name in ("aria-controls", "data-target", "data-bs-target", "href"):
        if stated := value_of(tag, name).strip():
            return stated.removeprefix("#")
    return ""


def _next_panel(button: Tag) -> Tag | None:
    """Return the element after a button, or after the heading that a button stands in."""
    place: Tag | None = button
    if button.parent is not None and button.parent.name in {"h2", "h3", "h4", "h5", "h6"}:
        place = button.parent
    following = place.find_next_sibling() if place is not None else None
    return (
        following if isinstance(following, Tag) and following.name in {"div", "section", "p", "ul"} else None
    )


def _is_panel(tag: Tag) -> bool:
    return (
        tag.name not in _NEVER
        and tag.get("role") not in _NEVER_ROLES
        and not _FRAME.search(names_of(tag))
        and tag.find(string=_WORDS) is not None
    )


def _is_headed(panel: Tag, label: str) -> bool:
    heading = panel.find(HEADINGS)
    return isinstance(heading, Tag) and canonical_line(heading.get_text(" ")).casefold() == label.casefold()
