from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest

from ingest.web.client import Limits
from ingest.web.fetching import Fetcher, Validators, token
from kb.errors import (
    SourceBusy,
    SourceError,
    SourceForbidden,
    SourceGone,
    SourceTooLarge,
    SourceUnreachable,
)
from tests.ingest.web.conftest import Clock, Reply, Site, fetcher_for


def plain(text: str, status: int = 200, **headers: str) -> Reply:
    return Reply(text.encode(), status, headers={"Content-Type": "text/plain", **headers})


class TestRobots:
    def test_the_longest_rule_for_us_decides_and_rules_for_others_do_not(
        self, site: Site, fetcher: Fetcher
    ) -> None:
        site.pages["/robots.txt"] = plain(
            "User-agent: *\nDisallow: /\n\n"
            "User-agent: KB\nDisallow: /private\nAllow: /private/open$\nDisallow: /*.cgi\n"
        )
        for path in ("/", "/private/open", "/other"):
            site.page(path, "words")
            assert fetcher.get(site.address(path)).content
        for path in ("/private", "/private/open/more", "/a/b.cgi?c"):
            with pytest.raises(SourceForbidden, match=r"robots\.txt"):
                fetcher.get(site.address(path))
        assert site.asked == ["/robots.txt", "/", "/private/open", "/other"]

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
    def test_a_site_without_rules_may_be_read(self, site: Site, fetcher: Fetcher, status: int) -> None:
        site.pages["/robots.txt"] = plain("", status)
        site.page("/", "words")
        assert fetcher.get(site.address()).content

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_a_site_that_cannot_give_its_rules_is_left_alone(
        self, site: Site, fetcher: Fetcher, clock: Clock, status: int
    ) -> None:
        site.pages["/robots.txt"] = plain("", status)
        site.page("/", "words")
        for _ in range(2):
            with pytest.raises(SourceUnreachable, match=r"robots\.txt"):
                fetcher.get(site.address())
        assert site.asked == ["/robots.txt"]
        # It may have recovered a while later.
        site.pages["/robots.txt"] = plain("")
        clock.now += 600
        assert fetcher.get(site.address()).content

    def test_rules_are_kept_for_a_day(self, site: Site, fetcher: Fetcher, clock: Clock) -> None:
        site.pages["/robots.txt"] = plain("")
        site.page("/", "words")
        fetcher.get(site.address())
        site.pages["/robots.txt"] = plain("User-agent: *\nDisallow: /")
        clock.now += 23 * 3600
        fetcher.get(site.address())
        clock.now += 2 * 3600
        with pytest.raises(SourceForbidden):
            fetcher.get(site.address())

    def test_rules_are_read_where_redirects_lead(self, site: Site, fetcher: Fetcher) -> None:
        site.redirect("/robots.txt", "/rules", status=301)
        site.pages["/rules"] = plain("User-agent: *\nDisallow: /closed")
        with pytest.raises(SourceForbidden):
            fetcher.get(site.address("/closed"))

    def test_rules_without_end_mean_stay_away(self, site: Site, fetcher: Fetcher) -> None:
        site.pages["/robots.txt"] = plain("# words\n" * 100_000)
        with pytest.raises(SourceUnreachable, match="endless"):
            fetcher.get(site.address())

    def test_where_a_redirect_leads_is_checked_too(self, site: Site, fetcher: Fetcher) -> None:
        site.pages["/robots.txt"] = plain("User-agent: *\nDisallow: /closed")
        site.redirect("/open", "/closed")
        with pytest.raises(SourceForbidden):
            fetcher.get(site.address("/open"))
        assert "/closed" not in site.asked

    def test_the_delay_that_a_site_asks_for_is_kept(self, site: Site, clock: Clock) -> None:
        site.pages["/robots.txt"] = plain("User-agent: *\nCrawl-delay: 7")
        site.page("/", "words")
        fetcher = fetcher_for(site, clock=clock, delay=2)
        for _ in range(3):
            fetcher.get(site.address())
        assert clock.slept == [2, 7, 7]

    def test_we_are_named_by_the_first_word_of_our_agent(self) -> None:
        assert token("agency-kb/1.0 (+https://agency.example/kb)") == "agency-kb"


class TestRedirects:
    def test_a_page_is_found_where_redirects_lead(self, site: Site, fetcher: Fetcher) -> None:
        site.redirect("/old", "/older?x=1", status=301)
        site.redirect("/older?x=1", site.url("/new"), status=308)
        site.page("/new", "words")
        assert str(fetcher.get(site.address("/old")).address) == site.url("/new")

    def test_a_redirect_to_a_machine_inside_is_not_followed(self, site: Site, clock: Clock) -> None:
        other = Site()
        try:
            other.page("/", "secret")
            site.redirect("/", other.url(host="127.0.0.2"))
            with pytest.raises(SourceForbidden, match="inside this network"):
                fetcher_for(site, other, clock=clock).get(site.address())
            assert other.asked == []
        finally:
            other.close()

    @pytest.mark.parametrize(
        "to", ["file:///etc/passwd", "http://169.254.169.254/", "gopher://x/", "http://2130706433/"]
    )
    def test_a_redirect_to_something_else_is_not_followed(
        self, site: Site, fetcher: Fetcher, to: str
    ) -> None:
        site.redirect("/", to)
        with pytest.raises(SourceForbidden):
            fetcher.get(site.address())

    def test_redirects_in_circles_end(self, site: Site, fetcher: Fetcher) -> None:
        site.redirect("/a", "/b")
        site.redirect("/b", "/a")
        with pytest.raises(SourceUnreachable, match="circles"):
            fetcher.get(site.address("/a"))
        assert len(site.asked) == 12

    def test_a_redirect_to_nowhere_is_told(self, site: Site, fetcher: Fetcher) -> None:
        site.pages["/"] = Reply(status=302, headers={})
        with pytest.raises(SourceUnreachable, match="nowhere"):
            fetcher.get(site.address())


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "error"),
        [(404, SourceGone), (410, SourceGone), (401, SourceForbidden), (403, SourceForbidden),
         (451, SourceForbidden), (500, SourceUnreachable), (502, SourceUnreachable), (418, SourceUnreachable),
         (204, SourceUnreachable)],
    )  # fmt: skip
    def test_each_status_has_its_error(
        self, site: Site, fetcher: Fetcher, status: int, error: type[SourceError]
    ) -> None:
        site.pages["/"] = Reply(status=status)
        with pytest.raises(error, match=str(status)):
            fetcher.get(site.address())

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_busy_server_is_asked_again_when_it_says(
        self, site: Site, fetcher: Fetcher, clock: Clock, status: int
    ) -> None:
        def reply(_: BaseHTTPRequestHandler) -> Reply:
            busy = site.asked.count("/") < 2
            return Reply(status=status, headers={"Retry-After": "20"}) if busy else Reply(b"words")

        site.pages["/"] = reply
        assert fetcher.get(site.address()).content == b"words"
        assert clock.slept == [20]

    def test_a_server_that_stays_busy_is_left_alone(self, site: Site, fetcher: Fetcher, clock: Clock) -> None:
        site.pages["/"] = Reply(status=503)
        with pytest.raises(SourceBusy):
            fetcher.get(site.address())
        assert clock.slept == [60, 60]
        assert site.asked.count("/") == 3

    def test_a_server_that_wants_peace_for_long_is_not_asked_for_anything(
        self, site: Site, fetcher: Fetcher, clock: Clock
    ) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
        site.pages["/"] = Reply(status=503, headers={"Retry-After": later})
        for path in ("/", "/other"):
            with pytest.raises(SourceBusy) as caught:
                fetcher.get(site.address(path))
            assert 7100 < caught.value.seconds <= 7200
        assert "/other" not in site.asked
        assert clock.slept == []


class TestConditions:
    def test_a_page_that_has_not_changed_is_not_sent_again(self, site: Site, fetcher: Fetcher) -> None:
        site.page("/", "words", **{"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"})
        first = fetcher.get(site.address())
        site.pages["/"] = Reply(status=304, headers={})
        second = fetcher.get(site.address(), validators=first.validators)
        assert (second.content, second.validators) == (None, first.validators)
        assert site.sent[-1]["if-none-match"] == '"1"'
        assert site.sent[-1]["if-modified-since"] == "Thu, 01 Jan 2026 00:00:00 GMT"

    def test_the_marks_of_one_address_are_not_sent_to_another(self, site: Site, fetcher: Fetcher) -> None:
        site.redirect("/a", "/b")
        site.page("/b", "words")
        fetcher.get(site.address("/a"), validators=Validators(site.url("/a"), etag='"1"'))
        assert ["if-none-match" in headers for headers in site.sent] == [False, True, False]

    def test_the_stated_encoding_and_type_are_handed_on(self, site: Site, fetcher: Fetcher) -> None:
        site.pages["/"] = Reply(b"x", headers={"Content-Type": 'Text/HTML; Charset="ISO-8859-15"'})
        page = fetcher.get(site.address())
        assert (page.media_type, page.encoding) == ("text/html", "iso-8859-15")
        site.pages["/"] = Reply(b"x", headers={})
        page = fetcher.get(site.address())
        assert (page.media_type, page.encoding) == ("", None)

    def test_what_the_server_asks_of_programs_is_handed_on(self, site: Site, fetcher: Fetcher) -> None:
        site.page("/", "words", **{"X-Robots-Tag": "noindex, NoFollow"})
        assert fetcher.get(site.address()).directives == {"noindex", "nofollow"}


def test_a_page_over_the_limit_is_told(site: Site, clock: Clock) -> None:
    site.page("/", "words " * 1000)
    with pytest.raises(SourceTooLarge):
        fetcher_for(site, clock=clock, limits=Limits(size=2000)).get(site.address())


def test_requests_to_one_host_keep_their_distance(site: Site, clock: Clock) -> None:
    site.page("/", "words")
    fetcher = fetcher_for(site, clock=clock, delay=3)
    for _ in range(3):
        fetcher.get(site.address())
    assert clock.slept == [3, 3, 3]
