"""Which part of a web page is its own content, and what in it is furniture?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from kb.text import canonical_line

# What never holds words to read.
_SILENT = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video map head datalist"
    " input select textarea option progress meter dialog".split()
)
_FURNITURE_TAGS = frozenset({"nav", "aside", "footer", "menu"})
_FURNITURE_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar".split()
)
_FURNITURE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|shar(?:e|ing)|social|breadcrumbs?|sidebar|newsletter|subscribe"
    r"|advert\w*|ads|promo|related|skip|skiplinks?|popup|modal|paginat\w+|pager|nav|navbar|navigation|menu"
    r"|masthead|footer|comments|disqus|toolbar|sr-only|visually-hidden|visuallyhidden|screen-reader-text"
    r"|noprint|edit-?section|toc)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_KEPT_TAGS = frozenset(
    {"html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6", "p", "td", "th"}
)
# A part that claims to be the main one must hold this share of the page's words: empty <article> teasers
# and <main> wrappers around one widget are common.
_MAIN_SHARE = 0.25
# What holds this share of the words is content, whatever its class says ("has-sidebar" on a page wrapper).
_CONTENT_SHARE = 0.5
_LINKED_SHARE = 0.75
_FEW_LINKS = 4
_SMALL_FORM = 400


def content_of(soup: BeautifulSoup) -> tuple[Tag, set[int]]:
    """Return the element that holds the content, and the ids (``id()``) of elements in it to leave out."""
    body = soup.body if isinstance(soup.body, Tag) else soup
    sizes = _sizes(body)
    root = _main(body, sizes)
    dropped = _furniture(root, sizes, claimed=root is not body)
    if not _words_left(root, dropped):
        # A page that is nothing but navigation still says what it links to.
        return body, silent(body)
    return root, dropped


def silent(root: Tag) -> set[int]:
    """Return the ids (``id()``) of elements that show no words: scripts, controls, what is hidden."""
    return {id(tag) for tag in _tags(root) if tag.name in _SILENT or _hidden(tag)}


def _tags(root: Tag) -> Iterator[Tag]:
    return (node for node in root.descendants if isinstance(node, Tag))


def _sizes(body: Tag) -> dict[int, tuple[int, int, int]]:
    """Return for each element its characters of text, those in links, and its number of links."""
    sizes: dict[int, tuple[int, int, int]] = {}
    stack: list[tuple[PageElement, bool]] = [(body, False)]
    while stack:
        node, seen = stack.pop()
        if not isinstance(node, Tag):
            continue
        if node.name in _SILENT:
            sizes[id(node)] = (0, 0, 0)
        elif not seen:
            stack.append((node, True))
            stack.extend((child, False) for child in node.children if isinstance(child, Tag))
        else:
            sizes[id(node)] = _size(node, sizes)
    return sizes


def _size(tag: Tag, sizes: dict[int, tuple[int, int, int]]) -> tuple[int, int, int]:
    text = linked = links = 0
    for child in tag.children:
        if isinstance(child, Tag):
            more, more_linked, more_links = sizes[id(child)]
            text, linked, links = text + more, linked + more_linked, links + more_links
        elif type(child).__name__ == "NavigableString":
            text += len(str(child).strip())
    if tag.name == "a":
        return text, text, 1
    return text, linked, links


def _main(body: Tag, sizes: dict[int, tuple[int, int, int]]) -> Tag:
    whole = sizes.get(id(body), (0, 0, 0))[0]
    for found in (
        body.find_all("main"),
        body.find_all(attrs={"role": "main"}),
        body.find_all("article"),
    ):
        tags = [tag for tag in found if isinstance(tag, Tag) and id(tag) in sizes]
        if len(tags) == 1 and sizes[id(tags[0])][0] > _MAIN_SHARE * whole:
            return tags[0]
    return body


def _furniture(root: Tag, sizes: dict[int, tuple[int, int, int]], *, claimed: bool) -> set[int]:
    most = _CONTENT_SHARE * sizes.get(id(root), (0, 0, 0))[0]
    dropped = silent(root)
    kept = _kept_within(root)
    for tag in _tags(root):
        size = sizes.get(id(tag))
        if size is None or tag.name in _KEPT_TAGS or id(tag) in dropped:
            continue
        certain = tag.name in _FURNITURE_TAGS or tag.get("role") in _FURNITURE_ROLES
        likely = bool(_FURNITURE_NAMES.search(_names(tag))) or _furniture_part(tag, size)
        if not claimed:
            likely = likely or _mostly_links(tag, size)
        if certain or (likely and size[0] <= most and id(tag) not in kept):
            dropped.add(id(tag))
    return dropped


def _kept_within(root: Tag) -> set[int]:
    """Return the elements that are kept whatever they look like: those around an <h1>, and what a heading,
    an article or a section holds of buttons and headers.
    """
    kept: set[int] = set()
    for tag in root.find_all("h1", limit=20):
        kept.update(id(parent) for parent in tag.parents)
    for tag in root.find_all(["h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"]):
        kept.update(id(button) for button in tag.find_all("button", limit=5))
    for tag in root.find_all(["article", "main", "section"]):
        kept.update(id(child) for child in tag.find_all("header", recursive=False))
    return kept


def _furniture_part(tag: Tag, size: tuple[int, int, int]) -> bool:
    """Return whether this is a small form, a button, or a header."""
    return (tag.name == "form" and size[0] < _SMALL_FORM) or tag.name in {"button", "header"}


def _mostly_links(tag: Tag, size: tuple[int, int, int]) -> bool:
    text, linked, links = size
    return (
        tag.name in {"ul", "ol", "div", "section", "table"}
        and links >= _FEW_LINKS
        and linked >= (_LINKED_SHARE * text)
    )


def _names(tag: Tag) -> str:
    classes = tag.get("class")
    words = list(classes) if isinstance(classes, list) else [str(classes or "")]
    return " ".join([*words, str(tag.get("id") or "")])


def _hidden(tag: Tag) -> bool:
    return (
        tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(str(tag.get("style") or "")))
    )


def _words_left(root: Tag, dropped: set[int]) -> bool:
    stack: list[PageElement] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Tag):
            if id(node) not in dropped:
                stack.extend(node.children)
        elif type(node).__name__ == "NavigableString" and canonical_line(str(node)):
            return True
    return False
