from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.html.links import Links, links


def test_links_come_in_order_and_once() -> None:
    page = b"""<a href="b.html">b</a><p><a href=/a>a</a> <a href='b.html'>again</a></p>
    <area href="c"><iframe src="d"></iframe><link rel="next" href="?page=2">
    <link rel=stylesheet href=s.css>"""
    assert links(page).addresses == ("b.html", "/a", "c", "d", "?page=2")


def test_what_is_no_page_or_not_to_be_followed_is_left_out() -> None:
    page = b"""<a href="mailto:a@b.example">m</a><a href="JavaScript:x()">j</a><a href="#part">p</a>
    <a>none</a>
    <a href="ad" rel="sponsored">x</a><a href="guest" rel="external UGC">x</a><a href="no" rel=nofollow>x</a>
    <a href=" yes ">x</a>"""
    assert links(page).addresses == ("yes",)


def test_what_a_page_asks_of_all_programs_or_of_us_is_told() -> None:
    assert links(b'<meta name="ROBOTS" content="noindex, follow">') == Links(index=False)
    assert links(b'<meta name="robots" content="none">') == Links(index=False, follow=False)
    ours = b'<meta name="kb" content="NoFollow"><meta name="otherbot" content="noindex">'
    assert links(ours, agent="kb") == Links(follow=False)


def test_base_and_canonical_are_told() -> None:
    found = links(b'<base href="/x/"><link rel="Canonical" href="https://agency.example/x">')
    assert (found.base, found.canonical) == ("/x/", "https://agency.example/x")
    assert found.addresses == ("https://agency.example/x",)


def test_a_page_in_xhtml_is_read_like_any_other() -> None:
    page = b"""<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "x">
    <html xmlns="http://www.w3.org/1999/xhtml"><body><a href="a" /></body></html>"""
    assert links(page).addresses == ("a",)


def test_the_stated_encoding_is_used() -> None:
    page = '<a href="/año">x</a>'.encode("utf-16-le")
    assert links(page, encoding="utf-16-le").addresses == ("/año",)


@given(st.binary(max_size=300))
def test_any_bytes_give_links(content: bytes) -> None:
    links(b'<a href="x"' + content)


def test_a_page_of_links_in_one_another_is_looked_through_in_a_moment() -> None:
    page = b"<a href='/first'>" + b"".join(b"<a href='/%d'>" % number for number in range(200_000))
    found = links(page).addresses
    assert found[:2] == ("/first", "/0")
    assert len(found) == 10_000
