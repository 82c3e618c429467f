"""Which machines may be asked? None inside the network unless the operator allows it (SSRF).

A name is resolved once, every address it gives is checked, and the connection is made to a checked address:
so nothing changes between check and use, whatever the name gives the next time.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable

from ingest.web.addresses import Address
from kb.errors import SettingsError, SourceForbidden, SourceUnreachable

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Iterable[str]]

# IPv6 addresses that a gateway unpacks to the IPv4 ones in them (RFC 6052). Mapped, 6to4 and Teredo ones are
# known to the standard library.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REMEDY = "If that machine is meant, allow it with KB_WEB_ALLOW."


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the system gives for a name; raise SourceUnreachable when there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise SourceUnreachable(
            f"there is no host {host}", remedy="Check the address and the network connection."
        ) from error
    return [str(entry[4][0]) for entry in found]


class Guard:
    """Decides which machines and ports may be asked.

    ``allow`` lists, separated by commas, networks (10.0.0.0/8), addresses and host names that may be asked
    although they are inside; ``ports`` lists the ports. Raises SettingsError for what is neither.
    """

    def __init__(self, allow: str = "", *, ports: str = "80,443", resolver: Resolver = resolve) -> None:
        self._networks: list[Network] = []
        self._hosts: set[str] = set()
        self._resolver = resolver
        for entry in _entries(allow):
            self._allow(entry)
        try:
            self._ports = {int(port) for port in _entries(ports)}
        except ValueError:
            raise SettingsError(f"KB_WEB_PORTS must be port numbers, not {ports!r}") from None

    def _allow(self, entry: str) -> None:
        try:
            self._networks.append(ipaddress.ip_network(entry, strict=False))
        except ValueError:
            if "/" in entry or ":" in entry:
                raise SettingsError(f"KB_WEB_ALLOW: {entry!r} is neither a network nor a host") from None
            self._hosts.add(entry.lower().rstrip("."))

    def addresses(self, address: Address) -> list[str]:
        """Return the network addresses that may be connected to for a web address, the best first.

        Raises SourceForbidden when its port or all of them are refused.
        """
        if address.port not in self._ports:
            raise SourceForbidden(
                f"port {address.port} of {address.host} may not be asked",
                remedy="Allow it with KB_WEB_PORTS.",
            )
        found = list(dict.fromkeys(self._resolver(address.host, address.port)))
        allowed = [ip for ip in found if self._may(ip, address.host)]
        if not allowed:
            raise SourceForbidden(
                f"{address.host} is inside this network ({', '.join(found[:3])})", remedy=_REMEDY
            )
        return allowed

    def _may(self, text: str, host: str) -> bool:
        try:
            ip = ipaddress.ip_address(text)
        except ValueError:  # an IPv6 address with a zone is link-local
            return False
        carried = _carried(ip)
        if all(_is_public(each) or any(each in net for net in self._networks) for each in carried):
            return True
        return host in self._hosts and all(_is_inside(each) for each in carried)


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _carried(ip: IPAddress) -> list[IPAddress]:
    """Return all addresses that a packet to this one may end at: itself, or the IPv4 ones in it."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped is not None:
        return [ip.ipv4_mapped]
    if ip in _NAT64:
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    carried: list[IPAddress | None] = [ip, ip.sixtofour, *(ip.teredo or ())]
    return [each for each in carried if each is not None]


def _is_public(ip: IPAddress) -> bool:
    inside = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_reserved
    inside = inside or (isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local)
    return ip.is_global and not (inside or ip.is_multicast or ip.is_unspecified)


def _is_inside(ip: IPAddress) -> bool:
    """Tell whether an address is one that a machine of the agency may have: public, private or loopback.

    Link-local ones are left out: cloud machines give out their keys there. They need a network to be named.
    """
    shared = not ip.is_global and not ip.is_private  # 100.64.0.0/10, RFC 6598
    usable = not (ip.is_link_local or ip.is_multicast or ip.is_unspecified)
    return usable and (_is_public(ip) or ip.is_private or ip.is_loopback or shared)
