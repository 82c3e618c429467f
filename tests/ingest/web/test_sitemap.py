import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.sitemap import Sitemap, is_sitemap, read
from kb.errors import SourceError, SourceTooLarge, SourceUnreadable

LISTED = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://agency.example/a?b=1&amp;c=2 </loc><lastmod>2026-01-01</lastmod>
    <image:image><image:loc>https://agency.example/a.png</image:loc></image:image></url>
  <url><loc>https://agency.example/b</loc></url>
</urlset>"""
PAGES = ("https://agency.example/a?b=1&c=2", "https://agency.example/b")
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://agency.example/one.xml.gz</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize(
    "content", [LISTED, gzip.compress(LISTED), LISTED.decode().replace("UTF-8", "UTF-16").encode("utf-16")]
)
def test_the_pages_of_a_sitemap_are_listed(content: bytes) -> None:
    assert is_sitemap(content)
    assert read(content) == Sitemap(PAGES, ())


def test_an_index_lists_sitemaps() -> None:
    assert read(INDEX) == Sitemap((), ("https://agency.example/one.xml.gz",))


def test_a_text_file_of_addresses_is_a_sitemap_when_it_is_named_as_one() -> None:
    text = "\ufeffhttps://agency.example/a\r\nno address\nhttps://agency.example/b\n"
    assert read(text.encode()).pages == ("https://agency.example/a", "https://agency.example/b")
    assert not is_sitemap(text.encode())


def test_entities_are_refused_before_they_multiply() -> None:
    bomb = b"""<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
    <urlset><url><loc>&b;</loc></url></urlset>"""
    with pytest.raises(SourceUnreadable, match="document type"):
        read(bomb)
    outside = b"""<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset></urlset>"""
    with pytest.raises(SourceUnreadable, match="document type"):
        read(outside)


def test_a_packed_sitemap_without_end_is_refused() -> None:
    with pytest.raises(SourceTooLarge):
        read(gzip.compress(b"<urlset>" + bytes(60_000_000)))


def test_a_sitemap_is_cut_at_the_number_that_the_protocol_allows() -> None:
    many = b"<urlset>" + b"<url><loc>https://agency.example/x</loc></url>" * 50_010 + b"</urlset>"
    assert len(read(many).pages) == 50_000


@pytest.mark.parametrize(
    "content",
    [b"<urlset><url>", b"<urlset>" + b"<a>" * 100, b"\x1f\x8b<urlset", b"<urlset>\xff\xff</urlset>"],
)
def test_broken_sitemaps_are_refused_or_empty(content: bytes) -> None:
    with suppress(SourceUnreadable):
        assert read(content) == Sitemap((), ())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for tried in (content, b"<urlset>" + content, b"\x1f\x8b" + content):
        is_sitemap(tried)
        with suppress(SourceError):
            read(tried)
