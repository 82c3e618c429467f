import pytest

from ingest.web.addresses import parse
from ingest.web.guard import Guard
from kb.errors import SettingsError, SourceForbidden

INSIDE = [
    "127.0.0.1", "127.8.9.10", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1",
    "fc00::1",
    "fd12::1", "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "::127.0.0.1",
    "2001:0:a00:1:0:0:f5ff:fffe", "2001:db8::1", "fe80::1%eth0", "100::1", "not an address",
]  # fmt: skip
OUTSIDE = [
    "93.184.215.14",
    "8.8.8.8",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


def guard(*found: str, allow: str = "", ports: str = "80,443") -> Guard:
    return Guard(allow, ports=ports, resolver=lambda _host, _port: found)


@pytest.mark.parametrize("ip", INSIDE)
def test_no_machine_inside_is_asked_whatever_form_its_address_has(ip: str) -> None:
    with pytest.raises(SourceForbidden, match="inside this network"):
        guard(ip).addresses(parse("http://agency.example/"))


@pytest.mark.parametrize("ip", OUTSIDE)
def test_machines_outside_may_be_asked(ip: str) -> None:
    assert guard(ip).addresses(parse("http://agency.example/")) == [ip]


def test_of_several_addresses_only_those_that_may_be_asked_are_used() -> None:
    assert guard("10.0.0.1", "8.8.8.8", "::1").addresses(parse("http://agency.example/")) == ["8.8.8.8"]


@pytest.mark.parametrize("ip", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_a_network_that_is_allowed_may_be_asked(ip: str) -> None:
    assert guard(ip, allow="10.0.0.0/8").addresses(parse("http://intranet.example/")) == [ip]
    with pytest.raises(SourceForbidden):
        guard(ip, allow="10.2.0.0/16, 192.168.0.0/16").addresses(parse("http://intranet.example/"))


def test_a_host_that_is_allowed_may_be_inside_but_never_where_clouds_keep_their_keys() -> None:
    allow = "Intranet.example"
    for ip in ("10.1.2.3", "127.0.0.1", "fd12::1", "100.64.0.1"):
        assert guard(ip, allow=allow).addresses(parse("http://intranet.example/")) == [ip]
        with pytest.raises(SourceForbidden):
            guard(ip, allow=allow).addresses(parse("http://other.intranet.example/"))
    for ip in ("169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "::ffff:169.254.169.254"):
        with pytest.raises(SourceForbidden):
            guard(ip, allow=allow).addresses(parse("http://intranet.example/"))


def test_only_the_ports_of_the_setting_are_asked() -> None:
    assert guard("8.8.8.8").addresses(parse("https://agency.example/"))
    with pytest.raises(SourceForbidden, match="port 22"):
        guard("8.8.8.8").addresses(parse("http://agency.example:22/"))
    assert guard("8.8.8.8", ports="8443").addresses(parse("https://agency.example:8443/"))
    with pytest.raises(SourceForbidden, match="port 443"):
        guard("8.8.8.8", ports="8443").addresses(parse("https://agency.example/"))


@pytest.mark.parametrize(
    ("allow", "ports"), [("10.0.0.0/99", "80"), ("a/b", "80"), ("", "http"), ("a:b", "80")]
)
def test_a_setting_that_says_nothing_sensible_is_refused(allow: str, ports: str) -> None:
    with pytest.raises(SettingsError, match="KB_WEB_"):
        Guard(allow, ports=ports)
