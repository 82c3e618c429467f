"""Which part of a web page is its own content, and what in it is furniture?

On an article a stricter judge follows (``article``). Here the rule is that of a page of an agency: what
is not surely furniture stays, and what gives a number to call stays anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from ingest.readers.html.contact import BOX, is_contact
from ingest.readers.html.panels import Panels, is_named_panel, panels_of
from ingest.readers.html.tags import HEADINGS, children_of, names_of, tags_in, value_of
from kb.text import canonical_line, fold

# What never holds words to read.
_SILENT = frozenset(
    "script style noscript template svg math iframe object embed canvas audio video map head datalist"
    " input select textarea option progress meter dialog".split()
)
_FRAME_TAGS = frozenset({"nav", "menu"})
_FRAME_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist".split()
)
_SIDE_ROLES = frozenset({"complementary", "note"})
_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|shar(?:e|ing)|social(?!-(?:security|work|service|care|support))|breadcrumbs?|newsletter|subscribe|advert\w*|ads"
    r"|skip|skiplinks?|popup|modal|paginat\w+|pager|nav|navbar|navigation|menu|comments|commentlist|disqus|toolbar"
    r"|sr-only|visually-hidden|visuallyhidden|screen-reader-text|entry-meta|post-meta|noprint|edit-?section|toc)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FOOT = re.compile(r"(?:^|[\s_-])(?:footer|colophon|pie-de-pagina)(?:$|[\s_-])", re.IGNORECASE)
_BESIDE = re.compile(r"(?:^|[\s_-])(?:sidebar|contact)(?:$|[\s_-])", re.IGNORECASE)
_SIDE_NAMES = re.compile(r"(?:^|[\s_-])(?:sidebar|promo|related|masthead|footer)(?:$|[\s_-])", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADED = frozenset({*HEADINGS, "summary", "dt"})
_MOST_KEPT = 10_000
_KEPT_TAGS = frozenset({"html", "body", "main", "article", *HEADINGS, "p", "td", "th"})
_ID_PARTS = re.compile(r"[a-z0-9]+")
_LONGEST_NAME = 3
# A part that claims to be the main one must hold this share of the page's words: empty <article> teasers
# and <main> wrappers around one widget are common.
_MAIN_SHARE = 0.25
# What holds this share of the words is content, whatever its class says ("has-sidebar" on a page wrapper).
_CONTENT_SHARE = 0.5
_LINKED_SHARE = 0.75
_FEW_LINKS = 4
_SMALL_FORM = 400
# An aside with this many characters that are not links says something of its own.
_SPOKEN = 60
# A menu's links are a word or two; a list of forms or offices has names.
_LINK_NAME = 14
_FRAME_BOX = 400
# No page that people write nests so deep; one that does is read whole, without weighing its parts.
_DEEPEST = 1000
_HEADING_SHOWN = 80
_FOLLOW_UP = re.compile(
    r"\W*(?:related|more from|recommended|most (?:read|popular|viewed)|popular (?:posts|stories|now)|trending"
    r"|latest (?:news|posts|stories)|recent (?:posts|news|articles)|archives?$|categories$|tags$|follow us"
    r"|share (?:this|on)|comments?$|leave a (?:reply|comment)|relacionad"
    r"|(?:contenido|nota|noticia|artículo)s? relacionad|más (?:leíd|vist)|(?:te|le) puede interesar"
    r"|también (?:te|le) puede|últimas noticias|categorías$|etiquetas$|síguenos|compart|comentarios?$"
    r"|deja (?:un|tu) comentario)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Content:
    """Where a page's content stands, and the ids (``id()``) of elements to leave out.

    ``beside`` are boxes outside of it that give a number to call, ``below`` those in the site's own footer.
    """

    root: Tag
    dropped: set[int]
    panels: Panels
    beside: tuple[Tag, ...] = ()
    below: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class _Size:
    """How much an element holds: characters of text, those in links, links, and levels of elements."""

    text: int = 0
    linked: int = 0
    links: int = 0
    height: int = 0

    @property
    def is_mostly_links(self) -> bool:
        return self.links >= _FEW_LINKS and self.linked >= _LINKED_SHARE * self.text


def content_of(soup: BeautifulSoup) -> Content:
    """Return the elements that hold the content, and what in them to leave out."""
    body = soup.body if isinstance(soup.body, Tag) else soup
    sizes = _sizes(body)
    if sizes[id(body)].height > _DEEPEST:
        return Content(body, silent(body), Panels())
    panels = panels_of(soup)
    root = _main(body, sizes)
    dropped = _furniture(root, sizes, panels, claimed=root is not body)
    if not _words_left(root, dropped):
        # A page that is nothing but navigation still says what it links to.
        return Content(body, silent(body, panels), panels)
    beside = tuple(box for tag in _outside(body, root, _is_beside) for box in _contact_boxes(tag, sizes, BOX))
    below = tuple(
        box for tag in _outside(body, root, _is_foot) for box in _contact_boxes(tag, sizes, _FRAME_BOX)
    )
    for box in (*beside, *below):
        dropped |= _furniture(box, sizes, panels, claimed=True)
    return Content(root, dropped, panels, beside, below)


def _is_beside(tag: Tag) -> bool:
    if _is_foot(tag):
        return False
    return tag.name == "aside" or tag.attrs.get("role") == "complementary" or _is_named(tag, _BESIDE)


def _is_foot(tag: Tag) -> bool:
    return tag.name == "footer" or tag.attrs.get("role") == "contentinfo" or _is_named(tag, _FOOT)


def _outside(body: Tag, root: Tag, wanted: Callable[[Tag], bool]) -> Iterator[Tag]:
    """Yield the outermost elements of a kind that are not part of the content and do not hold it."""
    around = {id(parent) for parent in root.parents}
    stack: list[Tag] = [body]
    while stack:
        tag = stack.pop()
        if tag is root and root is not body:
            continue
        if id(tag) not in around and tag is not body and wanted(tag):
            yield tag
        elif tag.name not in _FRAME_TAGS:
            stack.extend(child for child in reversed(tag.contents) if isinstance(child, Tag))


def silent(root: Tag, panels: Panels | None = None) -> set[int]:
    """Return the ids (``id()``) of elements that show no words: scripts, controls, what stays hidden."""
    shown = panels.shown if panels is not None else set()
    return {
        id(tag) for tag in tags_in(root) if tag.name in _SILENT or (id(tag) not in shown and _hidden(tag))
    }


def _sizes(body: Tag) -> dict[int, _Size]:
    sizes: dict[int, _Size] = {}
    stack: list[tuple[PageElement, bool]] = [(body, False)]
    while stack:
        node, seen = stack.pop()
        if not isinstance(node, Tag):
            continue
        if node.name in _SILENT:
            sizes[id(node)] = _Size()
        elif not seen:
            stack.append((node, True))
            stack.extend((child, False) for child in node.children if isinstance(child, Tag))
        else:
            sizes[id(node)] = _size(node, sizes)
    return sizes


def _size(tag: Tag, sizes: Mapping[int, _Size]) -> _Size:
    text = linked = links = height = 0
    for child in tag.children:
        if isinstance(child, Tag):
            more = sizes[id(child)]
            text, linked, links = text + more.text, linked + more.linked, links + more.links
            height = max(height, more.height + 1)
        elif type(child).__name__ == "NavigableString":
            text += len(str(child).strip())
    if tag.name == "a":
        linked, links = text, 1
    return _Size(text, linked, links, height)


def _main(body: Tag, sizes: Mapping[int, _Size]) -> Tag:
    whole = sizes.get(id(body), _Size()).text
    claims: tuple[list[Tag], ...] = ([], [], [])
    for tag in tags_in(body):
        if tag.name == "main":
            claims[0].append(tag)
        elif tag.attrs.get("role") == "main":
            claims[1].append(tag)
        elif tag.name == "article":
            claims[2].append(tag)
    for claim in claims:
        shown = [tag for tag in claim if id(tag) in sizes]
        if len(shown) == 1 and sizes[id(shown[0])].text > _MAIN_SHARE * whole:
            return shown[0]
    return body


def _furniture(root: Tag, sizes: Mapping[int, _Size], panels: Panels, *, claimed: bool) -> set[int]:
    most = _CONTENT_SHARE * sizes.get(id(root), _Size()).text
    dropped = silent(root, panels)
    kept = _kept_within(root) | panels.shown
    stack = list(children_of(root))
    while stack:
        tag = stack.pop()
        if id(tag) in dropped or id(tag) not in sizes:
            continue
        size = sizes[id(tag)]
        if _is_furniture(tag, size, panels, most=most, claimed=claimed, kept=kept):
            dropped.add(id(tag))
        else:
            stack.extend(children_of(tag))
    return dropped


def _is_furniture(
    tag: Tag, size: _Size, panels: Panels, *, most: float, claimed: bool, kept: set[int]
) -> bool:
    if tag.name in _KEPT_TAGS:
        return False
    if id(tag) in panels.tabs or _is_frame(tag) or (_is_foot(tag) and not _closes_a_part(tag)):
        return True
    if size.text > most or id(tag) in kept or id(tag) in panels.openers:
        return False
    if _is_named(tag, _FRAME_NAMES):
        return True
    return _is_side(tag, size, claimed) and not is_contact(tag, size.text)


def _is_named(tag: Tag, names: re.Pattern[str]) -> bool:
    """Return whether a class, or an id that is not made of the heading below it, is one of some names.

    Ids are made of headings in many systems: ``id="social-security"`` is content.
    """
    if names.search(value_of(tag, "class")):
        return True
    anchor = value_of(tag, "id")
    if not names.search(anchor) or len(_ID_PARTS.findall(anchor)) > _LONGEST_NAME:
        return False
    heading = next((child for child in children_of(tag) if child.name in HEADINGS), None)
    return (
        heading is None or _ID_PARTS.findall(fold(heading.get_text(" ")))[:2] != _ID_PARTS.findall(anchor)[:2]
    )


def _closes_a_part(foot: Tag) -> bool:
    """Return whether a footer is that of a part of the page, not the site's."""
    return foot.find_parent(["main", "article", "section", "aside", "blockquote"]) is not None


def _is_frame(tag: Tag) -> bool:
    """Return whether an element belongs to the site, not to the page, by what HTML and ARIA call it."""
    return tag.name in _FRAME_TAGS or tag.attrs.get("role") in _FRAME_ROLES


def _is_side(tag: Tag, size: _Size, claimed: bool) -> bool:
    """Return whether an element stands beside the content: kept only if it gives a number to call."""
    if tag.name == "aside" or tag.attrs.get("role") in _SIDE_ROLES:
        spoken = size.text - size.linked
        return _is_named(tag, _SIDE_NAMES) or size.is_mostly_links or spoken < _SPOKEN
    if tag.name in {"footer", "header", "button"} or (tag.name == "form" and size.text < _SMALL_FORM):
        return True
    if _is_named(tag, _SIDE_NAMES):
        return True
    return not claimed and _is_menu(tag, size)


def _is_menu(tag: Tag, size: _Size) -> bool:
    """Return whether an element is a list of links that leads away, not one that is what the page is for."""
    if tag.name not in {"ul", "ol", "div", "section", "table"} or not size.is_mostly_links:
        return False
    if size.linked < _LINK_NAME * size.links:
        return True
    heading = tag.find(HEADINGS) or tag.find_previous_sibling()
    if not isinstance(heading, Tag) or heading.name not in {*HEADINGS, "p"}:
        return True
    return leads_away(heading.get_text(" "))


def leads_away(heading: str) -> bool:
    """Return whether a heading stands over links to other pages, or over what visitors wrote."""
    return _FOLLOW_UP.match(canonical_line(heading[:_HEADING_SHOWN])) is not None


def _kept_within(root: Tag) -> set[int]:
    """Return the elements that are kept whatever they look like: those around an <h1>, and what a heading,
    an article or a section holds of buttons and headers.
    """
    kept: set[int] = set()
    for tag in tags_in(root):
        if tag.name == "h1" and len(kept) < _MOST_KEPT:
            kept.update(id(parent) for parent in tag.parents)
        if tag.name in _HEADED:
            kept.update(id(child) for child in children_of(tag) if child.name == "button")
        elif tag.name in {"article", "main", "section"}:
            kept.update(id(child) for child in children_of(tag) if child.name == "header")
    return kept


def _contact_boxes(tag: Tag, sizes: Mapping[int, _Size], limit: int) -> Iterator[Tag]:
    """Yield the largest parts of an element, of at most ``limit`` characters, that give a number to call."""
    stack = [tag]
    while stack:
        part = stack.pop()
        size = sizes.get(id(part), _Size()).text
        if size == 0 or part.name in {"nav", "a"} or _hidden(part):
            continue
        if size > limit:
            stack.extend(child for child in reversed(part.contents) if isinstance(child, Tag))
        elif is_contact(part, size):
            yield part


def _hidden(tag: Tag) -> bool:
    gone = (
        "hidden" in tag.attrs
        or tag.attrs.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(value_of(tag, "style")) is not None
    )
    return gone and not is_named_panel(names_of(tag))


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
