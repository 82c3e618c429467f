import gzip
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ingest.batch import accept_all
from ingest.pipeline import Pipeline
from ingest.web.intake import WebIntake
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.model import Outcome, OutcomeKind, Source, SourceState
from tests.ingest.web.conftest import Clock, Reply, Site, fetcher_for

VISITS = "<h1>Visits</h1><p>Relatives may visit on weekdays from nine to five.</p>"
PARKING = "<h1>Parking</h1><p>There are twelve places behind the house.</p>"
AT_ONCE = timedelta(0)


@pytest.fixture
def take(web: WebIntake, pipeline: Pipeline) -> "Take":
    return Take(web, pipeline)


class Take:
    """Takes in and reads what is accepted, as the command does."""

    def __init__(self, web: WebIntake, pipeline: Pipeline) -> None:
        self.web = web
        self._pipeline = pipeline

    def __call__(self, url: str, *, site: bool = False, collection: str | None = None) -> list[Outcome]:
        return list(self._read(self.web.take(url, collection=collection, site=site)))

    def again(self, catalog: Catalog) -> list[Outcome]:
        """Visit everything that is due, at once."""
        visits = []
        with catalog.writing() as transaction:
            while visit := transaction.visits.claim_due(AT_ONCE):
                if visit.source_id in {made.source_id for made in visits}:
                    break
                visits.append(visit)
        return list(self._read(step for visit in visits for step in self.web.revisit(visit)))

    def _read(self, steps: Iterator[str | Outcome]) -> Iterator[Outcome]:
        for step in steps:
            outcome = step if isinstance(step, Outcome) else self._pipeline.read_next(step)
            assert outcome is not None
            yield outcome


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.kind.value for outcome in outcomes]


def source_of(catalog: Catalog, outcome: Outcome) -> Source:
    assert outcome.source_id is not None
    with catalog.reading() as transaction:
        return transaction.sources.get(outcome.source_id)


def text_of(catalog: Catalog, outcome: Outcome) -> str:
    document_id = source_of(catalog, outcome).document_id
    assert document_id is not None
    with catalog.reading() as transaction:
        return transaction.documents.get(document_id).document.text


class TestOnePage:
    def test_a_page_becomes_a_document_of_its_host(self, site: Site, take: Take, catalog: Catalog) -> None:
        site.page("/visits", VISITS)
        (outcome,) = take(site.url("/visits#hours"))
        assert (outcome.kind, outcome.passages) == (OutcomeKind.ADDED, 1)
        source = source_of(catalog, outcome)
        assert (source.collection, source.place, source.uri) == (
            "127.0.0.1",
            site.url("/visits"),
            site.url("/visits"),
        )
        assert "nine to five" in text_of(catalog, outcome)

    def test_a_page_that_has_not_changed_costs_a_question_and_no_page(self, site: Site, take: Take) -> None:
        def reply(handler: BaseHTTPRequestHandler) -> Reply:
            if handler.headers.get("If-None-Match") == '"1"':
                return Reply(status=304, headers={"ETag": '"1"'})
            return Reply(VISITS.encode(), headers={"Content-Type": "text/html", "ETag": '"1"'})

        site.pages["/visits"] = reply
        assert kinds(take(site.url("/visits"))) == ["added"]
        assert kinds(take(site.url("/visits"))) == ["unchanged"]
        assert kinds(take(site.url("/visits"))) == ["unchanged"]

    def test_a_page_that_has_changed_keeps_its_source(self, site: Site, take: Take, catalog: Catalog) -> None:
        site.page("/visits", VISITS, ETag='"1"')
        (first,) = take(site.url("/visits"))
        site.page("/visits", PARKING, ETag='"2"')
        (second,) = take(site.url("/visits"))
        assert (second.kind, second.source_id) == (OutcomeKind.UPDATED, first.source_id)
        assert "twelve places" in text_of(catalog, second)

    def test_where_a_page_moves_its_source_goes_along(self, site: Site, take: Take, catalog: Catalog) -> None:
        site.page("/visits", VISITS)
        (first,) = take(site.url("/visits"))
        site.redirect("/visits", "/house/visits", status=301)
        site.page("/house/visits", VISITS)
        (second,) = take(site.url("/visits"))
        assert second.source_id == first.source_id
        assert source_of(catalog, second).uri == site.url("/house/visits")
        (third,) = take(site.url("/house/visits"))
        assert third.source_id == first.source_id

    def test_the_same_words_at_two_addresses_are_two_documents(self, site: Site, take: Take) -> None:
        site.page("/a", VISITS)
        site.pages["/b"] = site.pages["/a"]
        take(site.url("/a"))
        assert kinds(take(site.url("/b"))) == ["duplicate"]

    def test_a_file_with_the_bytes_of_a_page_is_a_document_of_its_own(
        self, site: Site, take: Take, pipeline: Pipeline, tmp_path: Path, catalog: Catalog
    ) -> None:
        site.page("/a", VISITS)
        (page,) = take(site.url("/a"), collection="guides")
        reply = site.pages["/a"]
        assert isinstance(reply, Reply)
        (tmp_path / "a.html").write_bytes(reply.body)
        (step,) = accept_all(pipeline, [tmp_path / "a.html"], collection="guides", max_bytes=1_000_000)
        assert step != page.source_id
        assert source_of(catalog, page).uri == site.url("/a")

    def test_a_page_with_the_bytes_of_a_file_that_is_gone_is_a_document_of_its_own(
        self, site: Site, take: Take, pipeline: Pipeline, tmp_path: Path, catalog: Catalog
    ) -> None:
        site.page("/a", VISITS)
        reply = site.pages["/a"]
        assert isinstance(reply, Reply)
        path = tmp_path / "a.html"
        path.write_bytes(reply.body)
        (step,) = accept_all(pipeline, [path], collection="guides", max_bytes=1_000_000)
        assert isinstance(step, str)
        pipeline.read_next(step)
        path.unlink()
        (page,) = take(site.url("/a"), collection="guides")
        assert page.source_id != step

    def test_the_encoding_that_the_server_states_is_used(
        self, site: Site, take: Take, catalog: Catalog
    ) -> None:
        # Bytes that are letters in several encodings: only the server knows which.
        words = "<p>Γεια σας, αυτό είναι ένα κείμενο.</p>".encode("iso-8859-7")
        site.pages["/"] = Reply(words, headers={"Content-Type": "text/html; charset=iso-8859-7"})
        (outcome,) = take(site.url("/"))
        assert "Γεια σας" in text_of(catalog, outcome)

    @pytest.mark.parametrize(
        ("status", "code"), [(404, "source-gone"), (410, "source-gone"), (403, "source-forbidden")]
    )
    def test_a_page_that_is_gone_is_told_and_its_document_stays(
        self, site: Site, take: Take, catalog: Catalog, status: int, code: str
    ) -> None:
        site.page("/visits", VISITS)
        (first,) = take(site.url("/visits"))
        site.pages["/visits"] = Reply(status=status)
        (second,) = take(site.url("/visits"))
        assert (second.kind, second.code) == (OutcomeKind.FAILED, code)
        source = source_of(catalog, first)
        assert (source.state, source.error_code) == (SourceState.FAILED, code)
        assert source.document_id is not None
        site.page("/visits", VISITS)
        take(site.url("/visits"))
        assert source_of(catalog, first).state is SourceState.READY

    def test_a_page_that_never_was_leaves_no_trace(self, site: Site, take: Take, catalog: Catalog) -> None:
        (outcome,) = take(site.url("/nowhere"))
        assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "source-gone")
        with catalog.reading() as transaction:
            assert transaction.sources.all() == []

    def test_a_server_that_is_down_gets_three_chances(self, site: Site, take: Take, catalog: Catalog) -> None:
        site.page("/visits", VISITS)
        (first,) = take(site.url("/visits"))
        site.pages["/visits"] = Reply(status=502)
        states = []
        for _ in range(3):
            assert take(site.url("/visits"))[0].code == "source-unreachable"
            states.append(source_of(catalog, first).state)
        assert states == [SourceState.READY, SourceState.READY, SourceState.FAILED]

    @pytest.mark.parametrize("by", ["page", "server"])
    def test_a_page_that_is_not_to_be_kept_is_not(
        self, site: Site, take: Take, catalog: Catalog, by: str
    ) -> None:
        if by == "page":
            site.page("/", VISITS, head='<meta name="robots" content="noindex">')
        else:
            site.page("/", VISITS, **{"X-Robots-Tag": "noindex"})
        (outcome,) = take(site.url("/"))
        assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "source-forbidden")
        assert "noindex" in outcome.reason

    def test_what_no_reader_knows_is_refused_with_its_reason(self, site: Site, take: Take) -> None:
        site.pages["/a.bin"] = Reply(
            bytes(range(256)) * 20, headers={"Content-Type": "application/octet-stream"}
        )
        assert take(site.url("/a.bin"))[0].code == "unknown-format"

    def test_an_address_that_may_not_be_asked_is_a_failure_with_a_remedy(self, take: Take) -> None:
        for url in ("http://169.254.169.254/latest", "http://0x7f.1/", "https://"):
            (outcome,) = take(url)
            assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "source-forbidden")
            assert outcome.remedy

    def test_a_stored_copy_that_is_damaged_is_mended(
        self, site: Site, take: Take, tmp_path: Path, catalog: Catalog
    ) -> None:
        site.page("/", VISITS, ETag='"1"')
        take(site.url("/"))
        (blob,) = [path for path in (tmp_path / "home" / "blobs").rglob("*") if path.is_file()]
        blob.write_bytes(b"damaged")
        take(site.url("/"))
        assert "if-none-match" not in site.sent[-1]


class TestRevisits:
    def test_what_is_due_is_visited_once(self, site: Site, take: Take, catalog: Catalog) -> None:
        for path, words in (("/a", VISITS), ("/b", PARKING)):
            site.page(path, words)
            take(site.url(path))
        site.page("/b", VISITS + PARKING)
        assert sorted(kinds(take.again(catalog))) == ["unchanged", "updated"]
        with catalog.writing() as transaction:
            assert transaction.visits.claim_due(timedelta(hours=1)) is None

    def test_what_was_removed_is_not_visited(
        self, site: Site, take: Take, catalog: Catalog, pipeline: Pipeline
    ) -> None:
        site.page("/a", VISITS)
        (outcome,) = take(site.url("/a"))
        assert outcome.source_id is not None
        pipeline.remove(outcome.source_id)
        assert take.again(catalog) == []
        # Asking for it by name brings it back with its id.
        assert take(site.url("/a"))[0].source_id == outcome.source_id

    def test_a_server_that_wants_peace_is_not_visited_before(
        self, site: Site, take: Take, catalog: Catalog
    ) -> None:
        site.page("/a", VISITS)
        take(site.url("/a"))
        site.pages["/a"] = Reply(status=503, headers={"Retry-After": "7200"})
        (outcome,) = take.again(catalog)
        assert outcome.code == "source-busy"
        assert take.again(catalog) == []


class TestSitemaps:
    def test_the_pages_of_a_sitemap_are_taken_in(self, site: Site, take: Take) -> None:
        listed = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in ("/a", "/b", "/a", "/gone"))
        listed += "<url><loc>http://other.example/c</loc></url><url><loc>nonsense</loc></url>"
        site.pages["/part.xml.gz"] = Reply(gzip.compress(f"<urlset>{listed}</urlset>".encode()), headers={})
        index = f"<sitemapindex><sitemap><loc>{site.url('/part.xml.gz')}</loc></sitemap></sitemapindex>"
        site.pages["/sitemap.xml"] = Reply(index.encode(), headers={"Content-Type": "application/xml"})
        site.page("/a", VISITS)
        site.page("/b", PARKING)
        assert kinds(take(site.url("/sitemap.xml"))) == ["added", "added", "failed"]

    def test_a_broken_sitemap_is_a_failure(self, site: Site, take: Take) -> None:
        site.pages["/sitemap.xml"] = Reply(b"<!DOCTYPE x><urlset></urlset>", headers={})
        (outcome,) = take(site.url("/sitemap.xml"))
        assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "source-unreadable")


class TestSites:
    def test_all_pages_below_the_start_are_taken_in_and_no_others(self, site: Site, take: Take) -> None:
        start = "<p>Start.</p><a href='a'>a</a><a href='/docs/b#x'>b</a><a href='/outside'>o</a>"
        site.page("/docs/", start + "<a href='http://other.example/docs/'>x</a><a href='photo.jpg'>p</a>")
        site.page(
            "/docs/a", VISITS + "<a href='./'>up</a><a href='deep/c?utm_source=a'>c</a><a href='gone'>g</a>"
        )
        site.page("/docs/b", PARKING)
        site.page("/docs/deep/c", "<p>The deepest page.</p>")
        outcomes = take(site.url("/docs/"), site=True)
        assert [outcome.uri.partition("/docs/")[2] for outcome in outcomes] == ["", "a", "b", "deep/c"]
        assert kinds(outcomes) == ["added"] * 4
        assert kinds(take(site.url("/docs/"), site=True)) == ["unchanged"] * 4
        assert "/outside" not in site.asked

    def test_pages_that_are_not_to_be_kept_or_followed_are_not(self, site: Site, take: Take) -> None:
        site.page("/", "<p>Start.</p><a href='a'>a</a><a href='b'>b</a><a rel=nofollow href='c'>c</a>")
        site.page("/a", VISITS + "<a href='d'>d</a>", head="<meta name=robots content=noindex>")
        site.page("/b", PARKING + "<a href='e'>e</a>", head="<meta name=robots content=nofollow>")
        for path in ("/c", "/d", "/e"):
            site.page(path, f"<p>The page {path}.</p>")
        outcomes = take(site.url("/"), site=True)
        assert [outcome.uri.removeprefix(site.url("")) for outcome in outcomes] == ["/", "/b", "/d"]

    def test_sitemaps_that_robots_txt_names_are_read_too(self, site: Site, take: Take) -> None:
        site.pages["/robots.txt"] = Reply(f"Sitemap: {site.url('/map.xml')}\nSitemap: /gone.xml".encode())
        listed = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in ("/docs/lonely", "/other"))
        site.pages["/map.xml"] = Reply(f"<urlset>{listed}</urlset>".encode(), headers={})
        site.page("/docs/", VISITS)
        site.page("/docs/lonely", PARKING)
        site.page("/other", "<p>Elsewhere.</p>")
        assert kinds(take(site.url("/docs/"), site=True)) == ["added", "added"]

    def test_an_endless_calendar_ends(self, site: Site, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ingest.web.crawl._MOST_VARIANTS", 5)

        def calendar(handler: BaseHTTPRequestHandler) -> Reply:
            day = int(handler.path.partition("=")[2] or 0)
            return Reply(f"<p>Day {day}.</p><a href='?day={day + 1}'>next</a>".encode())

        site.pages["/"] = calendar
        for day in range(20):
            site.pages[f"/?day={day}"] = calendar
        assert len(take(site.url("/"), site=True)) == 6

    def test_no_more_pages_are_asked_for_than_allowed(
        self, site: Site, pipeline: Pipeline, catalog: Catalog, blobs: BlobStore, clock: Clock
    ) -> None:
        site.page("/", "<p>Start.</p>" + "".join(f"<a href='p{n}'>p</a>" for n in range(200)))
        for n in range(200):
            site.page(f"/p{n}", f"<p>Page {n}.</p>")
        few = WebIntake(
            pipeline, catalog, blobs, fetcher=fetcher_for(site, clock=clock), agent="kb", most_pages=7
        )
        assert len(Take(few, pipeline)(site.url("/"), site=True)) == 7

    def test_a_server_that_goes_down_is_not_asked_for_every_page(self, site: Site, take: Take) -> None:
        site.page("/", "<p>Start.</p>" + "".join(f"<a href='p{n}'>p</a>" for n in range(40)))
        for n in range(40):
            site.pages[f"/p{n}"] = Reply(status=500)
        assert kinds(take(site.url("/"), site=True)) == ["added"] + ["failed"] * 10

    def test_a_server_that_asks_for_peace_gets_it(self, site: Site, take: Take) -> None:
        site.page("/", "<p>Start.</p><a href='a'>a</a><a href='b'>b</a>")
        site.pages["/a"] = Reply(status=429, headers={"Retry-After": "3600"})
        outcomes = take(site.url("/"), site=True)
        assert [outcome.code for outcome in outcomes] == ["", "source-busy"]

    def test_a_start_that_leads_elsewhere_is_told(self, site: Site, take: Take) -> None:
        site.redirect("/docs/", "/login")
        site.page("/login", VISITS)
        (outcome,) = take(site.url("/docs/"), site=True)
        assert (outcome.kind, "leads to" in outcome.reason) == (OutcomeKind.FAILED, True)

    def test_a_link_that_leads_outside_is_not_taken_in(self, site: Site, take: Take) -> None:
        site.page("/docs/", "<p>Start.</p><a href='a'>a</a>")
        site.redirect("/docs/a", "/login")
        site.page("/login", VISITS)
        assert kinds(take(site.url("/docs/"), site=True)) == ["added"]

    def test_a_site_may_move_to_another_host_as_a_whole(self, clock: Clock, site: Site, take: Take) -> None:
        other = Site()
        try:
            site.redirect("/docs/", other.url("/docs/"), status=301)
            other.page("/docs/", "<p>Start.</p><a href='a'>a</a>")
            other.page("/docs/a", VISITS)
            take.web._fetcher = fetcher_for(site, other, clock=clock)
            assert kinds(take(site.url("/docs/"), site=True)) == ["added", "added"]
        finally:
            other.close()

    def test_what_is_refused_on_the_way_is_no_failure(self, site: Site, take: Take) -> None:
        site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private")
        site.page("/", "<p>Start.</p><a href='private'>p</a><a href='members'>m</a>")
        site.pages["/members"] = Reply(status=401)
        assert kinds(take(site.url("/"), site=True)) == ["added"]
        assert "/private" not in site.asked
