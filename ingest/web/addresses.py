"""When are two web addresses the same, and which may be asked for at all?

An address is normalised once, here (RFC 3986 section 6, IDNA 2008): what is compared, kept in the catalog
and asked for is one spelling of it.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from kb.errors import SourceForbidden

PORTS = {"http": 80, "https": 443}
# Longer ones come out of programs that never end; RFC 9110 (4.1) asks servers for 8,000.
LONGEST = 2000

_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")
_UNRESERVED = re.compile(r"%(2[DE]|3\d|[46][1-9A-F]|[57][0-9A]|5F|7E)", re.IGNORECASE)
# Hosts whose last part is a number are IPv4 addresses, in whatever spelling (WHATWG URL, section 3.5).
_NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)", re.IGNORECASE)
# What advertisers and servers add to tell visitors apart; the page is the same without.
_TRACKING = re.compile(
    r"utm_\w+|[gd]clid|gclsrc|fbclid|msclkid|mc_[ce]id|_ga|_gl|igshid|jsessionid|phpsessid|aspsessionid\w*"
    r"|session_?id",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;?]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """A normalised http or https address without a fragment; ``host`` has no brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Return the host and, unless it is the scheme's own, the port: what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return scheme, host and port as a URL without a path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def path(self) -> str:
        """Return the path, percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def name(self) -> str:
        """Return the last part of the path as a file name; empty for a folder."""
        return unquote(self.path.rpartition("/")[2])

    @property
    def folder(self) -> Address:
        """Return the address of the folder that this one is in: up to the last slash."""
        return Address(self.scheme, self.host, self.port, self.path.rpartition("/")[0] + "/")

    def holds(self, other: Address) -> bool:
        """Tell whether another address lies below this one, on the same host and port."""
        return self.origin == other.origin and other.path.startswith(self.path)

    def __str__(self) -> str:
        return self.origin + self.target


def parse(text: str, *, base: Address | None = None) -> Address:
    """Return an address, or raise SourceForbidden saying what is wrong with it.

    With ``base``, ``text`` is a link on that page. The fragment is dropped.
    """
    joined = _plain(_joined(text, base))
    if len(joined) > LONGEST:
        raise SourceForbidden(f"the address is longer than {LONGEST:,} characters: {joined[:80]}…")
    try:
        url = parse_url(joined)
    except LocationParseError:
        raise SourceForbidden(f"{joined} is not a web address") from None
    if url.scheme not in PORTS:
        raise SourceForbidden(f"{joined} is neither http nor https")
    if url.auth is not None:
        raise SourceForbidden(
            f"the address of {url.host} holds a user name or password",
            remedy="Leave it out: addresses are shown with every answer.",
        )
    host = _host(url.host or "", joined)
    path = url.path or "/"
    query = f"?{url.query}" if url.query else ""
    return Address(url.scheme, host, url.port or PORTS[url.scheme], path + query)


def _joined(text: str, base: Address | None) -> str:
    # Browsers drop what surrounds an address and the line breaks in it (WHATWG URL, section 4.4).
    text = re.sub(r"[\t\r\n]", "", text.strip())
    try:
        joined = text if base is None else urljoin(str(base), text)
    except ValueError:
        raise SourceForbidden(f"{text} is not a web address") from None
    parts = joined.partition("#")[0]
    if _CONTROL.search(parts.partition("?")[0].partition("//")[2].partition("/")[0]):
        raise SourceForbidden(f"{joined} is not a web address")
    return parts


def _host(host: str, text: str) -> str:
    """Return a host in its one spelling; refuse numbers that are not plainly written addresses."""
    host = host.strip("[]").lower().rstrip(".")
    if not host or "%" in host or ".." in host:
        raise SourceForbidden(f"{text} names no host")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        if ":" in host or _NUMERIC.fullmatch(host):
            raise SourceForbidden(f"the host {host} is an oddly written network address") from None
    return host


def _plain(text: str) -> str:
    """Undo percent-encoding where it changes nothing (RFC 3986, 6.2.2.2).

    Before dots are resolved, or ``%2e%2e`` would lead out of a folder that it seems to be in.
    """
    return _UNRESERVED.sub(lambda match: chr(int(match[1], 16)), text)


def tidied(address: Address) -> Address:
    """Return the address without what only tells visitors apart, so that one page has one address."""
    scheme, rest, path, query, _ = urlsplit(_SESSION_IN_PATH.sub("", str(address)))
    kept = [pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])]
    return parse(urlunsplit((scheme, rest, path, "&".join(kept), "")))


def is_trap(address: Address) -> bool:
    """Tell whether an address looks like one of endlessly many that a program makes up.

    Deep paths, a part that comes back again and again, or more parameters than a person's link has.
    """
    parts = [part for part in address.path.split("/") if part]
    again = max((parts.count(part) for part in parts), default=0)
    return len(parts) > 20 or again > 3 or len(parse_qsl(address.target.partition("?")[2])) > 8
