import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.web.addresses import is_trap, parse, tidied
from kb.errors import SourceForbidden


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Agency.EXAMPLE:80", "http://agency.example/"),
        ("https://agency.example:443/a/../b/./c", "https://agency.example/b/c"),
        ("https://agency.example/%7euser/%c3%b1", "https://agency.example/~user/%C3%B1"),
        ("https://agency.example/ñ?q=año nuevo#part", "https://agency.example/%C3%B1?q=a%C3%B1o%20nuevo"),
        ("https://españa.example/", "https://xn--espaa-rta.example/"),
        ("https://agency.example./", "https://agency.example/"),
        ("  https://agency.example/a\nb ", "https://agency.example/ab"),
        ("http://[2001:DB8::0:1]:8080/", "http://[2001:db8::1]:8080/"),
        ("https://agency.example/a/%2e%2e/secret", "https://agency.example/secret"),
    ],
)
def test_one_page_has_one_spelling(written: str, normal: str) -> None:
    assert str(parse(written)) == normal
    assert str(parse(normal)) == normal


@pytest.mark.parametrize(
    "written",
    [
        "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f000001/",
        "http://127.0.0.1.5/", "http://1.2.3.256/", "http://[fe80::1%25eth0]/", "http://[::1/",
    ],
)  # fmt: skip
def test_odd_spellings_of_network_addresses_are_refused(written: str) -> None:
    with pytest.raises(SourceForbidden):
        parse(written)


@pytest.mark.parametrize(
    "written",
    [
        "ftp://agency.example/", "file:///etc/passwd", "gopher://agency.example/", "http:///path",
        "http://name:word@agency.example/", "http://agency.example\\@evil.example/", "http://a b/",
        "http://agency.example:99999/", "http://a..b/", "mailto:a@b.example", "javascript:alert(1)",
        "https://", "http://agency.example/" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(written: str) -> None:
    with pytest.raises(SourceForbidden):
        parse(written)


def test_links_are_relative_to_their_page() -> None:
    page = parse("https://agency.example/rules/visits.html?lang=es")
    assert str(parse("../about#us", base=page)) == "https://agency.example/about"
    assert str(parse("?lang=en", base=page)) == "https://agency.example/rules/visits.html?lang=en"
    assert str(parse("//other.example/x", base=page)) == "https://other.example/x"
    with pytest.raises(SourceForbidden):
        parse("http://[", base=page)


def test_a_folder_holds_what_is_below_it_on_the_same_host_and_port() -> None:
    folder = parse("https://agency.example/rules/visits.html").folder
    assert str(folder) == "https://agency.example/rules/"
    assert folder.holds(parse("https://agency.example/rules/a/b?c"))
    for outside in (
        "https://agency.example/rulesx", "http://agency.example/rules/a", "https://agency.example:444/rules/a",
        "https://www.agency.example/rules/a", "https://agency.example/rules/../secret",
    ):  # fmt: skip
        assert not folder.holds(parse(outside))


def test_what_only_tells_visitors_apart_is_dropped() -> None:
    tracked = "https://agency.example/a;jsessionid=12AB?utm_source=x&page=2&fbclid=y&PHPSESSID=z"
    assert str(tidied(parse(tracked))) == "https://agency.example/a?page=2"


def test_addresses_that_programs_make_up_are_known() -> None:
    assert is_trap(parse("https://agency.example/" + "a/b/" * 5))
    assert is_trap(parse("https://agency.example/?" + "&".join(f"filter{n}=1" for n in range(12))))
    assert not is_trap(parse("https://agency.example/es/rules/2026/01/visits.html?page=3&lang=es"))


@given(st.text(alphabet=string.printable + "ñ€。１", max_size=60))
def test_whatever_follows_the_scheme_is_refused_or_has_one_spelling(text: str) -> None:
    try:
        address = parse("http://" + text)
    except SourceForbidden:
        return
    assert parse(str(address)) == address
    assert address.path.startswith("/")
    assert "/../" not in address.path + "/"
    assert not set(str(address)) & set(" \t\r\n\\#")
