"""What a server says when it is up."""

from __future__ import annotations

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress

from lanchat import announcement as module
from lanchat.announcement import OpenPort, announcement, web_address

PLAIN = OpenPort("tcp:5555", IPv4Address("TCP", "192.168.1.7", 5555), tls=False)
TLS = OpenPort("ssl:5556:privateKey=server.pem", IPv4Address("TCP", "192.168.1.7", 5556), tls=True)
PROXIED = OpenPort("haproxy:tcp:5557", IPv4Address("TCP", "127.0.0.1", 5557), tls=False)
IRC = OpenPort("tcp:6667", IPv4Address("TCP", "192.168.1.7", 6667), tls=False, door="irc")
IRC_TLS = OpenPort("ssl:6697", IPv4Address("TCP", "192.168.1.7", 6697), tls=True, door="irc")
IRC_LOCAL = OpenPort("unix:/run/irc", UNIXAddress("/run/irc"), tls=False, door="irc")
LOCAL = OpenPort("unix:/run/chat", UNIXAddress("/run/chat"), tls=False)


def test_every_port_is_announced_with_the_lines_to_type() -> None:
    """The lines can be typed as they stand."""
    lines = [line.strip() for line in announcement("room-1", [PLAIN, TLS, LOCAL], certificate=False)]
    assert lines[0].endswith("on room-1 is up. Join from this network with any of these:")
    assert {"nc 192.168.1.7 5555", "telnet 192.168.1.7 5555", "lanchat join 192.168.1.7:5555"} <= set(lines)
    assert {"ncat --ssl 192.168.1.7 5556", "lanchat join --tls 192.168.1.7:5556"} <= set(lines)
    assert "nc -U /run/chat" in lines


def test_irc_clients_are_told_what_they_ask_for() -> None:
    """On a port of their own, and which of the others they may take."""
    lines = announcement("room-1", [PLAIN, IRC, IRC_TLS, IRC_LOCAL, LOCAL], certificate=False)
    assert lines[5:8] == [
        "    an IRC client: server 192.168.1.7, port 6667",
        "    an IRC client: server 192.168.1.7, port 6697, with TLS",
        "    an IRC client: the socket /run/irc",
    ]
    assert lines[-1] == "  IRC clients may take port 5555 too."
    assert "IRC clients may take" not in "\n".join(announcement("room-1", [IRC, LOCAL, PROXIED], certificate=False))


def test_no_line_is_announced_twice() -> None:
    """The same port behind two strings is one."""
    lines = announcement("room-1", [PLAIN, PLAIN], certificate=False)
    assert len(lines) == len(set(lines))


def test_a_port_behind_a_proxy_is_joined_through_the_proxy() -> None:
    """Nobody can type what a proxy sends first."""
    lines = announcement("room-1", [PROXIED], certificate=False)
    assert lines[1:] == ["    (through the proxy that stands before haproxy:tcp:5557)"]


def test_what_is_kept_is_said_last() -> None:
    lines = announcement("room-1", [PLAIN], certificate=False, kept="What is said is kept in /srv, for ever.")
    assert lines[-1] == "  What is said is kept in /srv, for ever."


def test_what_is_wanted_first_stands_at_the_end() -> None:
    lines = announcement("room-1", [PLAIN], certificate=False, kept="Kept.", wanted="There is no admin yet.")
    assert lines[-2:] == ["  Kept.", "  There is no admin yet."]


def test_keys_are_announced_once_each() -> None:
    """Who joins for the first time has something to compare."""
    lines = announcement("room-1", [PLAIN], certificate=True, fingerprints=["SHA256:a", "SHA256:a", "SHA256:b"])
    assert lines[-3:] == [
        "  All of these speak TLS too: lanchat join --tls, ncat --ssl, openssl s_client.",
        "  Key of this server: SHA256:a",
        "  Key of this server: SHA256:b",
    ]


@pytest.mark.parametrize(
    ("ports", "found"),
    [
        ([PLAIN, TLS], "http://192.168.1.7:5555/"),
        ([TLS], "https://192.168.1.7:5556/"),
        ([LOCAL, PROXIED, IRC], ""),
        (
            [IRC, OpenPort("tcp:8080", IPv4Address("TCP", "192.168.1.7", 8080), False, "web")],
            "http://192.168.1.7:8080/",
        ),
        ([OpenPort("tcp6:5555", IPv6Address("TCP", "fd00::2", 5555), tls=False)], "http://[fd00::2]:5555/"),
    ],
)
def test_a_browser_finds_the_first_port_that_it_can_open(ports: list[OpenPort], found: str) -> None:
    """A socket in the file system and a port behind a proxy are none."""
    assert web_address(ports) == found


@pytest.mark.parametrize(("addresses", "host"), [(["10.0.0.2", "fd00::2"], "10.0.0.2"), ([], "127.0.0.1")])
def test_a_port_on_all_interfaces_is_found_at_the_first(
    addresses: list[str], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or at this machine's own name for itself, where there is no network."""
    monkeypatch.setattr(module, "local_addresses", lambda: addresses)
    port = OpenPort("tcp:5555", IPv4Address("TCP", "0.0.0.0", 5555), tls=False)
    assert web_address([port]) == f"http://{host}:5555/"
