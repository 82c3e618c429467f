"""What does a web page state of itself: titles, author, date, address, rights, and whether it is an article?

Sources: Open Graph, schema.org as JSON-LD and as microdata, Dublin Core, and HTML's own elements.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from ingest.readers.html.dates import from_value, labelled
from ingest.readers.html.tags import tags_in, value_of
from ingest.readers.shared.rights import rights
from kb.text import canonical_line

_SITE_MARK = re.compile(r"\s+[|·•»«:–—-]+\s+|\s*\|\s*")
_ARTICLE = re.compile(r"(?:https?://schema\.org/)?\w*(?:Article|BlogPosting|Report)\Z")
_OG_ARTICLE = re.compile(r"(?:article|blog|news|post)\w*", re.IGNORECASE)
_BY = re.compile(r"(?:written\s+)?(?:by|por)[:\s]\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|@|\\u", re.IGNORECASE)
_PUBLISHED = (
    "article:published_time datepublished dc.date.issued dcterms.issued citation_publication_date"
    " parsely-pub-date sailthru.date dc.date dcterms.date dc.date.created dcterms.created date pubdate"
).split()
_MODIFIED = (
    "article:modified_time datemodified dcterms.modified dc.date.modified og:updated_time last-modified"
    " last-updated revised"
).split()
_AUTHORS = (
    "citation_author parsely-author sailthru.author dc.creator dcterms.creator author article:author"
).split()
_NOBODY = frozenset({"unknown", "admin", "administrator", "webmaster", "anonymous", "desconocido"})
_MOST_LD = 500_000
_MOST_SCRIPTS, _MOST_HEADINGS, _MOST_TIMES = 20, 5, 3
_LONGEST_LABELLED = 200
_LONGEST_AUTHOR = 120
_LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Stated:
    """What a page says of itself; ``titles`` are best first.

    ``article`` is that it claims to be one in the words of schema.org or with a time of publication,
    ``maybe_article`` that only Open Graph calls it one, as content systems call any page.
    """

    titles: tuple[str, ...]
    author: str
    dated: date | None
    url: str
    rights: tuple[tuple[str, str], ...]
    article: bool
    maybe_article: bool


@dataclass(slots=True)
class _Marks:
    """The elements of a page that say something of it, gathered in one pass."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    properties: dict[str, Tag] = field(default_factory=dict)
    scripts: list[Tag] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    times: list[Tag] = field(default_factory=list)
    title: str = ""
    writer: Tag | None = None
    canonical: str = ""
    licence: str = ""
    is_article: bool = False


def stated(soup: BeautifulSoup) -> Stated:
    """Return what a parsed page states of itself; nothing is guessed from its words but labelled dates."""
    marks = _Marks()
    for tag in tags_in(soup):
        _note(marks, tag)
    linked = list(_linked_data(marks.scripts))
    return Stated(
        titles=tuple(_titles(marks)),
        author=_author(marks, linked),
        dated=_dated(marks, linked) or _dated_in_text(soup, marks.times),
        url=_url(marks),
        rights=_rights(marks, linked),
        article=_is_article(marks, linked),
        maybe_article=any(_OG_ARTICLE.fullmatch(kind) for kind in marks.meta.get("og:type", ())),
    )


def _note(marks: _Marks, tag: Tag) -> None:
    name, attrs = tag.name, tag.attrs
    if name == "meta":
        _note_meta(marks.meta, tag)
    elif name == "title":
        marks.title = marks.title or canonical_line(tag.get_text(" "))
    elif name in ("link", "a"):
        _note_link(marks, tag)
    elif name == "script" and attrs.get("type") == "application/ld+json":
        marks.scripts.append(tag)
    elif name == "h1" and len(marks.headings) < _MOST_HEADINGS:
        marks.headings.append(canonical_line(tag.get_text(" ")))
    elif name == "time":
        marks.times.append(tag)
    if "itemprop" in attrs:
        marks.properties.setdefault(value_of(tag, "itemprop"), tag)
    if "itemtype" in attrs:
        marks.is_article = marks.is_article or _ARTICLE.match(value_of(tag, "itemtype")) is not None


def _note_link(marks: _Marks, tag: Tag) -> None:
    kinds, is_anchor = value_of(tag, "rel").split(), tag.name == "a"
    if "canonical" in kinds and not is_anchor:
        marks.canonical = marks.canonical or value_of(tag, "href").strip()
    elif "author" in kinds and is_anchor:
        marks.writer = marks.writer or tag
    elif "license" in kinds:
        words = canonical_line(tag.get_text(" "))[:_LONGEST_AUTHOR]
        marks.licence = marks.licence or words or value_of(tag, "href").strip()[:_LONGEST_URL]


def _note_meta(meta: dict[str, list[str]], tag: Tag) -> None:
    value = canonical_line(value_of(tag, "content")[:_LONGEST_URL])
    for attribute in ("property", "name", "itemprop"):
        if value and (name := value_of(tag, attribute).casefold()):
            meta.setdefault(name, []).append(value)


def _linked_data(scripts: Sequence[Tag]) -> Iterator[dict[str, object]]:
    """Yield the nodes of the page's JSON-LD that describe the page, those that are articles first."""
    nodes: list[dict[str, object]] = []
    for script in scripts[:_MOST_SCRIPTS]:
        source = script.get_text()
        try:
            parsed = json.loads(source, strict=False) if len(source) < _MOST_LD else None
        except (ValueError, RecursionError):
            continue
        for node in parsed if isinstance(parsed, list) else [parsed]:
            if isinstance(node, dict):
                graph = node.get("@graph")
                nodes.extend(part for part in [node, *(graph if isinstance(graph, list) else [])] if part)
    described = [node for node in nodes if isinstance(node, dict)]
    yield from sorted(described, key=lambda node: not _is_article_node(node))


def _is_article_node(node: dict[str, object]) -> bool:
    kinds = node.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE.match(kind) for kind in named)


def _is_article(marks: _Marks, linked: Sequence[dict[str, object]]) -> bool:
    return (
        marks.is_article
        or "article:published_time" in marks.meta
        or "articleBody" in marks.properties
        or any(map(_is_article_node, linked))
    )


def _titles(marks: _Marks) -> Iterator[str]:
    """Yield what may be the title, best first: og:title and <title> without the site's name, then <h1>."""
    headings = [heading for heading in marks.headings if heading]
    for name in ("og:title", "twitter:title", "dc.title"):
        if name in marks.meta:
            yield _without_site(marks.meta[name][0], headings)
    if marks.title:
        yield _without_site(marks.title, headings)
    yield from headings


def _without_site(title: str, headings: list[str]) -> str:
    """Return the part of ``Page | Site`` that names the page.

    A part that is also a heading is the page's own name; else the longest part, the first of equals.
    """
    parts = [part for part in _SITE_MARK.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    known = {heading.casefold() for heading in headings}
    if title.casefold() in known:
        return title
    for part in parts:
        if part.casefold() in known:
            return part
    if " | " in title or len(parts) == 2:
        pieces = [part.strip() for part in re.split(r"\s*\|\s*", title)] if "|" in title else parts
        first = pieces[0]
        return first if len(first.split()) >= 2 or len(pieces[-1]) <= len(first) else max(pieces, key=len)
    return title


def _author(marks: _Marks, linked: Sequence[dict[str, object]]) -> str:
    """Return who wrote the page; several names are joined by commas."""
    for node in linked:
        if names := list(_names(node.get("author"))):
            return ", ".join(dict.fromkeys(names))[:_LONGEST_AUTHOR]
    for name in _AUTHORS:
        if names := [found for value in marks.meta.get(name, ()) if (found := _name(value))]:
            return ", ".join(dict.fromkeys(names))[:_LONGEST_AUTHOR]
    for tag in (marks.properties.get("author"), marks.writer):
        if tag is not None and (found := _name(tag.get_text(" "))):
            return found
    return ""


def _names(author: object) -> Iterator[str]:
    for one in author if isinstance(author, list) else [author]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and (found := _name(name)):
            yield found


def _name(text: str) -> str:
    name = _BY.sub("", canonical_line(unescape(text)), count=1).strip(" ,|")
    if name.casefold() in _NOBODY:
        return ""
    return "" if _ADDRESS.search(name) or len(name) > _LONGEST_AUTHOR else name


def _rights(marks: _Marks, linked: Sequence[dict[str, object]]) -> tuple[tuple[str, str], ...]:
    """Return licence, rights, owner and publisher; what is said of the page itself goes first."""
    said = {name: list(values) for name, values in marks.meta.items()}
    for node in linked:
        for name in ("license", "copyrightHolder", "copyrightNotice", "publisher"):
            said.setdefault(name.casefold(), []).extend(_texts(node.get(name)))
    if marks.licence:
        said.setdefault("license", []).insert(0, marks.licence)
    return rights(said)


def _texts(value: object) -> Iterator[str]:
    """Yield what JSON-LD says by words, by the name of a thing, or by its address."""
    for one in value if isinstance(value, list) else [value]:
        text = one.get("name") or one.get("url") or one.get("@id") if isinstance(one, dict) else one
        if isinstance(text, str):
            yield unescape(text)


def _dated(marks: _Marks, linked: Sequence[dict[str, object]]) -> date | None:
    """Return the day of publication, else of the last change."""
    for wanted, named in (("datePublished", _PUBLISHED), ("dateModified", _MODIFIED)):
        values = [node.get(wanted) for node in linked]
        values += [value for name in named for value in marks.meta.get(name, ())]
        if marked := marks.properties.get(wanted):
            values += [value_of(marked, "datetime"), marked.get_text(" ")]
        for value in values:
            if isinstance(value, str) and (found := from_value(value)):
                return found
    return None


def _dated_in_text(soup: BeautifulSoup, times: Sequence[Tag]) -> date | None:
    for tag in times[:_MOST_TIMES]:
        if "pubdate" in tag.attrs or tag.find_parent(["header", "main", "article"]) is not None:
            return from_value(value_of(tag, "datetime") or tag.get_text(" "))
    body = soup.body
    for text in body.descendants if isinstance(body, Tag) else ():
        if type(text) is NavigableString and len(text) < _LONGEST_LABELLED and (found := labelled(text)):
            return found
    return None


def _url(marks: _Marks) -> str:
    """Return the page's canonical address (RFC 6596), else Open Graph's; only one that can be followed."""
    known = [url for url in (marks.canonical, *marks.meta.get("og:url", ())) if _is_address(url)]
    # A canonical link to the site's front page is a template's mistake when the page names a longer one.
    return next((url for url in known if urlsplit(url).path.strip("/")), known[0] if known else "")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and len(url) <= _LONGEST_URL
        and not any(char.isspace() or ord(char) < 32 for char in url)
    )
