"""Where this machine can be reached, and the lines people type."""

from __future__ import annotations

from pathlib import Path

import ifaddr
import pytest
from twisted.internet.address import HostnameAddress, IPv4Address, IPv6Address, UNIXAddress

from lanchat.addresses import local_addresses, ways_to_join


def adapter(*addresses: str) -> ifaddr.Adapter:
    ips = [ifaddr.IP((one, 0, 0) if ":" in one else one, 24, "eth0") for one in addresses]
    return ifaddr.Adapter("eth0", "eth0", ips)


def addresses(*adapters: ifaddr.Adapter) -> list[str]:
    return local_addresses(lambda: adapters)


def test_ipv4_comes_first() -> None:
    """What works for everybody stands at the top; else the interfaces' own order is kept."""
    found = addresses(adapter("2001:db8::7", "192.168.1.7"), adapter("10.0.0.7", "fd00::7"))
    assert found == ["192.168.1.7", "10.0.0.7", "2001:db8::7", "fd00::7"]


def test_what_nobody_else_can_reach_is_left_out() -> None:
    """Loopback and link-local IPv6 are of no use to others."""
    assert addresses(adapter("127.0.0.1", "::1"), adapter("fe80::1", "192.168.1.7")) == ["192.168.1.7"]


def test_link_local_ipv4_counts() -> None:
    """Two laptops on one cable have only 169.254 addresses, and they work."""
    assert addresses(adapter("169.254.3.4")) == ["169.254.3.4"]


def test_each_address_is_told_once() -> None:
    """An address on two interfaces is one address."""
    assert addresses(adapter("192.168.1.7"), adapter("192.168.1.7")) == ["192.168.1.7"]


def test_a_system_that_does_not_tell_has_no_addresses() -> None:
    """A refused look at the interfaces is no error."""

    def refuse() -> list[ifaddr.Adapter]:
        raise PermissionError(13, "Permission denied")

    assert local_addresses(refuse) == []


def test_this_machine_is_asked() -> None:
    """Without a fake the real interfaces are read, and loopback is not among them."""
    assert not {"127.0.0.1", "::1"} & set(local_addresses())


def test_a_plain_port_is_joined_with_nc_telnet_and_our_client() -> None:
    """The lines for a port on one address."""
    assert ways_to_join(IPv4Address("TCP", "192.168.1.7", 5555), tls=False) == [
        "a browser: http://192.168.1.7:5555/",
        "nc 192.168.1.7 5555",
        "telnet 192.168.1.7 5555",
        "lanchat join 192.168.1.7:5555",
    ]


def test_a_tls_port_is_joined_with_tools_that_speak_tls() -> None:
    """The lines for a port that begins with TLS."""
    assert ways_to_join(IPv4Address("TCP", "192.168.1.7", 5556), tls=True) == [
        "a browser: https://192.168.1.7:5556/",
        "ncat --ssl 192.168.1.7 5556",
        "openssl s_client -quiet -connect 192.168.1.7:5556",
        "lanchat join --tls 192.168.1.7:5556",
    ]


def test_ipv6_is_in_brackets_where_the_port_follows_a_colon() -> None:
    """The tools that take host and port as two words take the address as it is."""
    address = IPv6Address("TCP", "::1", 5555)
    assert ways_to_join(address, tls=False) == [
        "a browser: http://[::1]:5555/",
        "nc ::1 5555",
        "telnet ::1 5555",
        "lanchat join [::1]:5555",
    ]
    assert ways_to_join(address, tls=True) == [
        "a browser: https://[::1]:5555/",
        "ncat --ssl ::1 5555",
        "openssl s_client -quiet -connect [::1]:5555",
        "lanchat join --tls [::1]:5555",
    ]


@pytest.mark.parametrize("wildcard", ["", "0.0.0.0"])
def test_a_port_on_all_ipv4_addresses_is_told_with_each_of_them(wildcard: str) -> None:
    """0.0.0.0 is no address that anybody could type, and IPv6 does not reach it."""
    lines = ways_to_join(IPv4Address("TCP", wildcard, 5555), tls=False, local=["192.168.1.7", "10.0.0.7", "fd00::7"])
    assert [line for line in lines if line.startswith("nc ")] == ["nc 192.168.1.7 5555", "nc 10.0.0.7 5555"]
    assert len(lines) == 8


def test_a_port_on_all_ipv6_addresses_takes_ipv4_too() -> None:
    """The wildcard of IPv6 listens for both."""
    lines = ways_to_join(IPv6Address("TCP", "::", 5555), tls=False, local=["192.168.1.7", "fd00::7"])
    assert [line for line in lines if line.startswith("nc ")] == ["nc 192.168.1.7 5555", "nc fd00::7 5555"]


def test_without_a_network_there_is_loopback() -> None:
    """A machine on its own can still talk to itself."""
    lines = ways_to_join(IPv4Address("TCP", "0.0.0.0", 5555), tls=False, local=["fd00::7"])
    assert lines[1] == "nc 127.0.0.1 5555"


def test_a_wildcard_asks_this_machine_for_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts the server need not know them."""
    monkeypatch.setattr("lanchat.addresses.local_addresses", lambda: ["192.168.1.9"])
    assert ways_to_join(IPv4Address("TCP", "0.0.0.0", 5555), tls=False)[1] == "nc 192.168.1.9 5555"


def test_a_unix_socket_is_joined_by_its_path() -> None:
    """The tools for sockets in the file system."""
    assert ways_to_join(UNIXAddress(b"/run/lanchat/chat.sock"), tls=False) == [
        "nc -U /run/lanchat/chat.sock",
        "socat - UNIX-CONNECT:/run/lanchat/chat.sock",
        "lanchat join unix:/run/lanchat/chat.sock",
    ]


def test_a_port_for_irc_clients_is_told_as_they_ask_for_it() -> None:
    """They have fields for a server and a port, and a switch for TLS."""
    address = IPv6Address("TCP", "fd00::2", 6667)
    assert ways_to_join(address, tls=False, door="irc") == ["an IRC client: server fd00::2, port 6667"]
    assert ways_to_join(address, tls=True, door="irc") == ["an IRC client: server fd00::2, port 6667, with TLS"]
    assert ways_to_join(UNIXAddress(b"/run/irc"), tls=False, door="irc") == ["an IRC client: the socket /run/irc"]


def test_a_port_for_browsers_is_told_as_an_address() -> None:
    """It is typed into a browser as it stands; a socket in the file system is for a proxy."""
    address = IPv4Address("TCP", "192.168.1.7", 8080)
    assert ways_to_join(address, tls=False, door="web") == ["a browser: http://192.168.1.7:8080/"]
    assert ways_to_join(address, tls=True, door="web") == ["a browser: https://192.168.1.7:8080/"]
    assert ways_to_join(UNIXAddress(b"/run/web"), tls=False, door="web") == [
        "a proxy for browsers: the socket /run/web"
    ]


def test_a_unix_path_is_told_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever types the line stands somewhere else."""
    monkeypatch.chdir(tmp_path)
    assert ways_to_join(UNIXAddress(b"chat.sock"), tls=False)[0] == f"nc -U {tmp_path}/chat.sock"


def test_a_unix_path_survives_the_shell_and_the_endpoint_string() -> None:
    """Spaces are quoted for the shell, colons for socat and Twisted."""
    assert ways_to_join(UNIXAddress(b"/run/a b:c"), tls=False) == [
        "nc -U '/run/a b:c'",
        "socat - 'UNIX-CONNECT:/run/a b\\:c'",
        "lanchat join 'unix:/run/a b\\:c'",
    ]


def test_nobody_can_type_a_socket_without_a_name() -> None:
    """What has no address gets no lines."""
    assert ways_to_join(UNIXAddress(None), tls=False) == []
    assert ways_to_join(HostnameAddress(b"room-1", 5555), tls=False) == []
