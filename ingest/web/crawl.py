"""Which pages does a site have? Breadth first from where one starts, within a prefix, and never for ever."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.readers.html.links import Links, links
from ingest.web.addresses import Address, is_trap, parse, tidied
from ingest.web.fetching import Page
from kb.errors import SourceBusy, SourceError, SourceForbidden, SourceUnreachable

log = logging.getLogger("kb.web")

# Pages of one path that differ in their parameters only: lists have some dozen, calendars never end.
_MOST_VARIANTS = 100
# Failures in a row after which a server is taken to be down.
_MOST_FAILURES = 10
# Links are looked for in pages up to this size; larger ones are lists for machines.
_LARGEST = 5_000_000
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})
# What is on web pages and never a document.
_NOT_DOCUMENTS = frozenset(
    "jpg jpeg png gif svg webp ico bmp avif css js mjs map woff woff2 ttf eot mp3 mp4 m4a m4v mov avi webm"
    " ogg wav exe dmg msi iso apk rss atom".split()
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page of the site."""

    asked: Address
    page: Page
    found: Links


@dataclass(frozen=True, slots=True)
class Missed:
    """An address of the site that gave no page, and why."""

    asked: Address
    error: SourceError


class Crawl:
    """One walk through a site. ``get`` fetches a page and gives its content also when it is unchanged.

    ``agent`` is the product token that pages may speak to us by, ``most`` how many pages are asked for.
    ``listed`` names further pages of a site, as its sitemaps do, once it is known where the site stands.
    """

    def __init__(
        self,
        start: Address,
        *,
        get: Callable[[Address], Page],
        agent: str,
        most: int,
        listed: Callable[[Address], Iterable[Address]] = lambda _: (),
    ) -> None:
        self._get = get
        self._agent = agent
        self._most = most
        self._listed = listed
        self._prefix = start.folder
        self._start = start
        self._waiting: deque[Address] = deque()
        self._known: set[str] = set()
        self._arrived: set[str] = set()
        self._variants: Counter[str] = Counter()
        self._failures = 0

    def run(self) -> Iterator[Arrived | Missed]:
        """Yield the pages as they come. Ends when all were seen, after the most that are allowed, or when the
        server is down or asks for peace.
        """
        self._known.add(str(self._start))
        self._waiting.appendleft(self._start)
        asked = 0
        while self._waiting and asked < self._most and self._failures < _MOST_FAILURES:
            address = self._waiting.popleft()
            asked += 1
            try:
                yield from self._visit(address)
            except SourceForbidden as error:
                yield Missed(address, error)
            except SourceError as error:
                self._failures += isinstance(error, SourceUnreachable)
                yield Missed(address, error)
                if isinstance(error, SourceBusy):
                    break
            else:
                self._failures = 0
        if self._waiting:
            log.warning("%s: %d known pages were not asked for", self._prefix, len(self._waiting))

    def _add(self, addresses: Iterable[Address]) -> None:
        """Put addresses on the way, as a sitemap or a page names them; those outside are left out."""
        for address in addresses:
            if not self._prefix.holds(address) or address.name.rpartition(".")[2].lower() in _NOT_DOCUMENTS:
                continue
            address = tidied(address)
            # As many again as may be asked for, so that what fails has a replacement; no more in memory.
            if str(address) in self._known or len(self._known) >= 10 * self._most or is_trap(address):
                continue
            if "?" in address.target:
                if self._variants[address.path] >= _MOST_VARIANTS:
                    continue
                self._variants[address.path] += 1
            self._known.add(str(address))
            self._waiting.append(address)

    def _visit(self, asked: Address) -> Iterator[Arrived]:
        page = self._get(asked)
        if asked is self._start:
            self._settle(page.address)
        if not self._prefix.holds(page.address) or str(page.address) in self._arrived:
            return
        self._arrived.add(str(page.address))
        self._known.add(str(page.address))
        found = links_of(page, agent=self._agent)
        yield Arrived(asked, page, found)
        if found.follow:
            self._add(_addresses(found, page.address))
        if asked is self._start:
            self._add(self._listed(self._prefix))

    def _settle(self, arrived: Address) -> None:
        """Let the first redirect change the host or scheme (www., https), but not lead out of the folder."""
        moved = Address(arrived.scheme, arrived.host, arrived.port, self._prefix.target)
        if not moved.holds(arrived):
            raise SourceForbidden(
                f"{self._prefix} leads to {arrived}", remedy="Start from there, if that site is meant."
            )
        self._prefix = moved


def links_of(page: Page, *, agent: str) -> Links:
    """Return where a page leads and what it or its server asks of programs; none for what is not HTML."""
    content = page.content or b""
    found = Links()
    if page.media_type in _HTML and len(content) <= _LARGEST:
        found = links(content, encoding=page.encoding, agent=agent)
    return replace(
        found,
        index=found.index and not page.directives & {"noindex", "none"},
        follow=found.follow and not page.directives & {"nofollow", "none"},
    )


def _addresses(found: Links, page: Address) -> Iterator[Address]:
    try:
        base = parse(found.base, base=page) if found.base else page
    except SourceForbidden:
        base = page
    for text in found.addresses:
        try:
            yield parse(text, base=base)
        except SourceForbidden:
            continue
