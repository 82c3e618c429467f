"""What becomes of a page, a sitemap or a site when it is taken in? Outcomes, one by one, as they happen."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingest.children import Step, failed
from ingest.fetch import Fetched
from ingest.pipeline import Pipeline
from ingest.readers.html.links import Links
from ingest.web import sitemap
from ingest.web.addresses import Address, parse
from ingest.web.crawl import Crawl, Missed, links_of
from ingest.web.fetching import Fetcher, Page, Validators
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.errors import KBError, SourceBusy, SourceError, SourceForbidden, SourceGone, SourceUnreachable
from kb.model import Outcome, Source, SourceState, Visit

log = logging.getLogger("kb.web")

# Visits in a row without an answer before a document that is served is shown as failed.
_PATIENCE = 3
# An index of sitemaps may name sitemaps only (sitemaps.org); some name indexes all the same.
_MOST_SITEMAPS = 100


class WebIntake:
    """Takes in what stands on the web. ``agent`` is the product token that pages may speak to us by."""

    def __init__(
        self,
        pipeline: Pipeline,
        catalog: Catalog,
        blobs: BlobStore,
        *,
        fetcher: Fetcher,
        agent: str,
        most_pages: int,
    ) -> None:
        self._pipeline = pipeline
        self._catalog = catalog
        self._blobs = blobs
        self._fetcher = fetcher
        self._agent = agent
        self._most_pages = most_pages

    def take(self, url: str, *, collection: str | None, site: bool) -> Iterator[Step]:
        """Take in a page, all that a sitemap lists, or with ``site`` all below the page's folder.

        Yields the source id of each page that is to be read, or its Outcome if it has one. The collection is
        named after the host unless one is given.
        """
        try:
            address = parse(url)
        except SourceError as error:
            yield failed(url, error)
            return
        collection = collection or address.host
        if site:
            yield from self._site(address, collection)
            return
        try:
            page = self._get(address, collection)
        except SourceError as error:
            yield self._missed(address, collection, error)
            return
        if sitemap.is_sitemap(page.content or b""):
            yield from self._listed(page, collection)
        else:
            yield from self._accept_if_wanted(address, page, collection)

    def revisit(self, visit: Visit) -> list[Step]:
        """Ask for a known page again and take in what is there now; return what ``take`` would yield."""
        with self._catalog.reading() as transaction:
            source = transaction.sources.get(visit.source_id)
        try:
            address = parse(visit.asked)
            page = self._get(address, source.collection)
        except SourceError as error:
            return [self._unanswered(source, visit, error)]
        return self._accept_if_wanted(address, page, source.collection)

    def look(self, url: str) -> bytes:
        """Return what stands at an address, and keep nothing of it; raise SourceError if it can't be had."""
        return self._fetcher.get(parse(url)).content or b""

    def close(self) -> None:
        """Break off what is under way. Safe to call from another thread."""
        self._fetcher.close()

    def _site(self, start: Address, collection: str) -> Iterator[Step]:
        crawl = Crawl(
            start,
            get=lambda address: self._get(address, collection),
            agent=self._agent,
            most=self._most_pages,
            listed=self._sitemaps_of,
        )
        left_out: Counter[str] = Counter()
        for step in crawl.run():
            named = step.asked == start or self._known(step.asked, collection) is not None
            if isinstance(step, Missed):
                if named or not isinstance(step.error, (SourceGone, SourceForbidden)):
                    yield self._missed(step.asked, collection, step.error)
                else:
                    # Nobody asked for this very page: a dead or a closed link is no failure of ours.
                    left_out[step.error.code] += 1
            elif named or step.found.index:
                yield from self._accept_if_wanted(step.asked, step.page, collection, found=step.found)
        for code, count in left_out.items():
            log.warning("%s: %d links were left out (%s)", start, count, code)

    def _sitemaps_of(self, site: Address) -> Iterator[Address]:
        for place in self._fetcher.robots.sitemaps(site):
            try:
                page = self._fetcher.get(place)
                yield from self._addresses(page)
            except SourceError as error:
                log.warning("the sitemap %s was left out: %s", place, error)

    def _listed(self, page: Page, collection: str) -> Iterator[Step]:
        """Take in the pages that a sitemap lists, each once."""
        seen: set[Address] = set()
        try:
            for address in self._addresses(page):
                if address in seen:
                    continue
                if len(seen) >= self._most_pages:
                    log.warning("%s lists more than %d pages", page.address, self._most_pages)
                    return
                seen.add(address)
                try:
                    yield from self._accept_if_wanted(address, self._get(address, collection), collection)
                except SourceError as error:
                    yield self._missed(address, collection, error)
                    if isinstance(error, SourceBusy):
                        return
        except SourceError as error:
            yield failed(str(page.address), error)

    def _addresses(self, page: Page) -> Iterator[Address]:
        """Yield the addresses on the same host that a sitemap lists, and those of the sitemaps it names."""
        host = page.address.host
        waiting = [page]
        asked = {page.address}
        while waiting:
            listing = sitemap.read(waiting.pop(0).content or b"")
            yield from _on_host(host, listing.pages)
            for address in _on_host(host, listing.sitemaps):
                if address not in asked and len(asked) < _MOST_SITEMAPS:
                    asked.add(address)
                    waiting.append(self._fetcher.get(address))

    def _get(self, address: Address, collection: str) -> Page:
        """Return a page with its content: the stored one when the server says that it has not changed."""
        visit = self._known(address, collection)
        if visit is not None and (content := self._stored(visit)) is not None:
            validators = Validators(visit.url, visit.etag, visit.last_modified)
            page = self._fetcher.get(address, validators=validators)
            return page if page.content is not None else replace(page, content=content)
        page = self._fetcher.get(address)
        if page.content is None:
            raise SourceUnreachable(f"{address.host} says that nothing changed, though it was not asked that")
        return page

    def _known(self, address: Address, collection: str) -> Visit | None:
        with self._catalog.reading() as transaction:
            return transaction.visits.find(str(address), collection=collection)

    def _stored(self, visit: Visit) -> bytes | None:
        if not (visit.etag or visit.last_modified):
            return None
        with self._catalog.reading() as transaction:
            revisions = transaction.documents.revisions(visit.source_id)
        try:
            return self._blobs.get(revisions[0].sha256) if revisions else None
        except KBError:
            # A stored copy that is lost or damaged is mended by asking for the whole page.
            return None

    def _accept_if_wanted(
        self, asked: Address, page: Page, collection: str, *, found: Links | None = None
    ) -> list[Step]:
        if not (found or links_of(page, agent=self._agent)).index:
            refused = SourceForbidden(f"{page.address} asks not to be kept by search programs (noindex)")
            return [self._missed(asked, collection, refused)]
        return self._accept(asked, page, collection)

    def _accept(self, asked: Address, page: Page, collection: str) -> list[Step]:
        visit = self._known(asked, collection)
        fetched = self._fetched(page, collection, visit)
        steps = self._pipeline.accept(fetched)
        step = steps[0]
        source_id = step.source_id if isinstance(step, Outcome) else step
        if source_id is not None and not (isinstance(step, Outcome) and step.code):
            with self._catalog.writing() as transaction:
                transaction.visits.keep(
                    Visit(
                        source_id,
                        str(asked),
                        page.validators.url,
                        page.validators.etag,
                        page.validators.last_modified,
                        checked_at=page.fetched_at,
                    )
                )
        return steps

    def _fetched(self, page: Page, collection: str, visit: Visit | None) -> Fetched:
        """Return a page as the pipeline takes it; a known one keeps its place when it has moved."""
        place = str(page.address)
        if visit is not None:
            with self._catalog.reading() as transaction:
                place = transaction.sources.get(visit.source_id).place
        name = page.address.name
        if page.media_type in {"text/html", "application/xhtml+xml"} and "." not in name:
            name = f"{name or 'index'}.html"
        return Fetched(
            collection,
            place,
            str(page.address),
            name,
            page.content or b"",
            page.fetched_at,
            encoding=page.encoding,
        )

    def _missed(self, address: Address, collection: str, error: SourceError) -> Outcome:
        """Report an address that gave no page; where nothing ever was, no record is kept."""
        visit = self._known(address, collection)
        if visit is None:
            return failed(str(address), error)
        with self._catalog.reading() as transaction:
            source = transaction.sources.get(visit.source_id)
        if source.state is SourceState.REMOVED:
            return failed(str(address), error)
        return self._unanswered(source, visit, error)

    def _unanswered(self, source: Source, visit: Visit, error: SourceError) -> Outcome:
        """Note a visit in vain. The document stays; it is shown as failed once that is sure.

        A server that is down or busy gets several chances; a page that is gone or forbidden does not.
        """
        now = datetime.now(UTC)
        failures = visit.failures + 1
        wait = error.seconds if isinstance(error, SourceBusy) else 0.0
        not_before = now + timedelta(seconds=wait) if wait else None
        with self._catalog.writing() as transaction:
            transaction.visits.keep(replace(visit, checked_at=now, failures=failures, not_before=not_before))
        if isinstance(error, SourceUnreachable) and failures < _PATIENCE:
            return failed(source.uri, error, source_id=source.id)
        fetched = Fetched(source.collection, source.place, source.uri, source.title, b"", now)
        return self._pipeline.refuse(fetched, error)


def _on_host(host: str, texts: tuple[str, ...]) -> Iterator[Address]:
    """Yield the addresses on a host: a sitemap speaks for its own only (sitemaps.org, "location")."""
    for text in texts:
        try:
            address = parse(text)
        except SourceForbidden:
            continue
        if address.host == host:
            yield address
