import gzip
import socket
import ssl
import tracemalloc
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import chain, repeat

import pytest
import trustme

from ingest.web.client import Client, Limits
from ingest.web.guard import Guard
from kb.errors import SourceForbidden, SourceTooLarge, SourceUnreachable
from tests.ingest.web.conftest import AGENT, Reply, Site, client_for


def test_a_page_comes_with_its_status_and_headers_and_we_say_who_asks(site: Site) -> None:
    site.page("/a?b=c", "words", ETag='"1"')
    answer = client_for(site).get(site.address("/a?b=c"))
    assert (answer.status, answer.headers["etag"]) == (200, '"1"')
    assert b"words" in answer.content
    assert site.sent[0]["user-agent"] == AGENT
    assert site.sent[0]["host"] == f"127.0.0.1:{site.port}"


def test_a_machine_inside_is_not_even_connected_to(site: Site) -> None:
    with pytest.raises(SourceForbidden):
        client_for(site, allow="").get(site.address())
    assert site.asked == []


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(site: Site) -> None:
    site.page("/", "words")
    answers = chain([["127.0.0.1"]], repeat(["127.0.0.2"]))
    client = client_for(site, allow="127.0.0.1/32", resolver=lambda _host, _port: next(answers))
    # The name is resolved once, and the machine asked is the one that was checked …
    assert client.get(site.address(host="agency.example")).status == 200
    assert site.sent[0]["host"] == f"agency.example:{site.port}"
    # … and the next request is checked anew.
    with pytest.raises(SourceForbidden):
        client.get(site.address(host="agency.example"))
    assert len(site.asked) == 1


def test_the_next_machine_is_asked_when_the_first_does_not_answer(site: Site) -> None:
    site.page("/", "words")
    client = client_for(site, allow="127.0.0.0/8", resolver=lambda _host, _port: ["127.0.0.3", "127.0.0.1"])
    assert client.get(site.address(host="agency.example")).status == 200


def test_a_port_where_nobody_listens_is_told(site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = Client(Guard("127.0.0.1", ports=str(port)), agent=AGENT)
    address = site.address()
    with pytest.raises(SourceUnreachable, match="cannot be reached: Connection refused"):
        client.get(type(address)("http", "127.0.0.1", port, "/"))


def test_a_page_that_says_it_is_too_large_is_not_read(site: Site) -> None:
    site.pages["/"] = Reply(headers={"Content-Length": "3000000"}, send=lambda _: None)
    with pytest.raises(SourceTooLarge, match="2 MB"):
        client_for(site, limits=Limits(size=2_000_000)).get(site.address())


def test_a_page_without_end_is_cut_off(site: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        try:
            while not site.ended.is_set():
                handler.wfile.write(b"x" * 65536)
        except OSError:
            return

    site.pages["/"] = Reply(send=endless)
    with pytest.raises(SourceTooLarge):
        client_for(site, limits=Limits(size=500_000)).get(site.address())


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_small_page_that_unpacks_to_a_huge_one_is_cut_off_in_little_memory(
    site: Site, encoding: str
) -> None:
    bomb = gzip.compress(bytes(40_000_000)) if "gzip" in encoding else zlib.compress(bytes(40_000_000))
    bomb = gzip.compress(bomb) if encoding == "gzip, gzip" else bomb
    assert len(bomb) < 60_000
    site.pages["/"] = Reply(bomb, headers={"Content-Encoding": encoding})
    client = client_for(site, limits=Limits(size=1_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(SourceTooLarge):
            client.get(site.address())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_a_packed_page_is_unpacked_and_a_damaged_one_told(site: Site) -> None:
    packed = gzip.compress(b"words " * 100)
    site.pages["/"] = Reply(packed, headers={"Content-Encoding": "gzip"})
    assert client_for(site).get(site.address()).content == b"words " * 100
    site.pages["/"] = Reply(b"no gzip at all", headers={"Content-Encoding": "gzip"})
    with pytest.raises(SourceUnreachable):
        client_for(site).get(site.address())


def test_half_a_page_is_no_page(site: Site) -> None:
    site.pages["/"] = Reply(
        headers={"Content-Length": "100"}, send=lambda to: to.wfile.write(b"half") and None
    )
    with pytest.raises(SourceUnreachable):
        client_for(site).get(site.address())


def test_a_server_that_says_nothing_is_given_up(site: Site) -> None:
    site.pages["/"] = Reply(send=lambda _: site.ended.wait() and None)
    with pytest.raises(SourceUnreachable, match="too long"):
        client_for(site, limits=Limits(quiet=0.05)).get(site.address())


def drip(site: Site, handler: BaseHTTPRequestHandler) -> None:
    try:
        while not site.ended.wait(0.01):
            handler.wfile.write(b"x")
            handler.wfile.flush()
    except OSError:
        return


def test_a_server_that_drips_its_page_is_given_up_in_the_end(site: Site) -> None:
    site.pages["/"] = Reply(send=lambda handler: drip(site, handler))
    with pytest.raises(SourceUnreachable, match=r"longer than 0\.2 seconds"):
        client_for(site, limits=Limits(total=0.2)).get(site.address())


def test_a_server_that_drips_its_headers_is_given_up_in_the_end(site: Site) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> Reply:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        drip(site, handler)
        return Reply(status=500)

    site.pages["/"] = reply
    with pytest.raises(SourceUnreachable, match=r"longer than 0\.2 seconds"):
        client_for(site, limits=Limits(total=0.2)).get(site.address())


def test_closing_breaks_off_what_is_under_way(site: Site) -> None:
    client = client_for(site)

    def reply(_: BaseHTTPRequestHandler) -> Reply:
        client.close()
        return Reply(send=lambda handler: drip(site, handler))

    site.pages["/"] = reply
    with pytest.raises(SourceUnreachable):
        client.get(site.address())
    with pytest.raises(SourceUnreachable, match="broken off"):
        client.get(site.address())


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("agency.example").configure_cert(context)
    running = Site(context)
    yield running
    running.close()


def secure_client(site: Site, authority: trustme.CA | None, **limits: float) -> Client:
    guard = Guard("127.0.0.1", ports=str(site.port), resolver=lambda _host, _port: ["127.0.0.1"])
    context = ssl.create_default_context()
    if authority is not None:
        authority.configure_trust(context)
    return Client(guard, agent=AGENT, tls=context, limits=Limits(**limits))  # type: ignore[arg-type]


def test_a_secure_server_is_known_by_its_name_though_it_is_reached_by_address(
    secure: Site, authority: trustme.CA
) -> None:
    secure.page("/", "words")
    client = secure_client(secure, authority)
    assert b"words" in client.get(secure.address(host="agency.example")).content
    with pytest.raises(SourceUnreachable, match="certificate is not trusted"):
        client.get(secure.address(host="other.example"))
    assert len(secure.asked) == 1


def test_a_secure_server_without_a_trusted_certificate_is_not_asked(secure: Site) -> None:
    with pytest.raises(SourceUnreachable, match="certificate is not trusted"):
        secure_client(secure, None).get(secure.address(host="agency.example"))
    assert secure.asked == []


def test_a_secure_server_that_drips_is_given_up_in_the_end(secure: Site, authority: trustme.CA) -> None:
    secure.pages["/"] = Reply(send=lambda handler: drip(secure, handler))
    with pytest.raises(SourceUnreachable, match=r"longer than 0\.3 seconds"):
        secure_client(secure, authority, total=0.3).get(secure.address(host="agency.example"))


def test_the_system_decides_whom_to_trust_unless_told_otherwise(secure: Site) -> None:
    guard = Guard("127.0.0.1", ports=str(secure.port), resolver=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(SourceUnreachable, match="certificate"):
        Client(guard, agent=AGENT).get(secure.address(host="agency.example"))
