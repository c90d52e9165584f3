"""Hosts, origins, and what every answer carries."""

from __future__ import annotations

import pytest

from lanchat.doors.web.headers import guarding, is_host, is_same_origin, tokens


@pytest.mark.parametrize(
    "host", ["a", "room-1.local", "room-1:5555", "192.168.7.1:5555", "[fd00::1]:5555", "[::1]", "[fe80::1%25eth0]:80"]
)
def test_hosts(host: str) -> None:
    """Names and addresses, with a port or without."""
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a b",
        "a/b",
        "a;b",
        "a@b",
        "a'",
        "a:",
        "a:b",
        "a:123456",
        "[::1",
        "::1",
        "[x]",
        "<x>",
        "a\n",
        "é",
        "a" * 254,
    ],
)
def test_what_is_no_host(host: str) -> None:
    """Nothing that could mean something else in a head, a policy or a page."""
    assert not is_host(host)


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("192.168.7.1:5555", True),
        ("[fe80::1]:5555", True),
        ("[fe80::1]", True),
        ("localhost:5555", True),
        ("room-1.lan", True),
        ("room-1.home.arpa:5555", True),
        ("chat.example.com:5555", True),
        ("evil.example:5555", False),
        ("192.168.7.1.evil.example:5555", False),
        ("local.evil.example", False),
        ("evil.example.", False),
    ],
)
def test_a_domain_of_others_that_means_our_address_is_not_us(host: str, near: bool) -> None:
    """Or any page in the world could chat with us, from the browser of whoever looks at it."""
    assert is_same_origin(f"http://{host}", host, "Chat.example.com") is near
    assert is_same_origin(f"https://{host}", host)  # there is no certificate for it


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://room-1:5555", "room-1:5555", True),
        ("http://Room-1:5555", "room-1:5555", True),
        ("https://room-1:5555", "room-1:5555", True),
        ("http://room-1", "room-1", True),
        ("http://room-1", "room-1:80", True),
        ("https://room-1:443", "room-1", True),
        ("http://room-1:5556", "room-1:5555", False),
        ("http://evil.example", "room-1:5555", False),
        ("http://room-1:5555.evil.example", "room-1:5555", False),
        ("http://evil.example/room-1:5555", "room-1:5555", False),
        ("https://room-1:80", "room-1", False),
        ("ftp://room-1:5555", "room-1:5555", False),
        ("room-1:5555", "room-1:5555", False),
        ("null", "room-1:5555", False),
        ("http://", "", False),
    ],
)
def test_same_origin(origin: str, host: str, same: bool) -> None:
    """The page's host and port are those that are asked; nothing that only looks like them will do."""
    assert is_same_origin(origin, host) is same


def test_lists_in_fields() -> None:
    """Several values, several fields, any case."""
    assert tokens(["keep-alive, Upgrade", "TE"]) == {"keep-alive", "upgrade", "te"}


def test_policy_names_the_sockets_of_the_host() -> None:
    """Old Safaris do not count a WebSocket as 'self'; without a host there is nothing to name."""
    named, unnamed = dict(guarding("room-1:5555")), dict(guarding())
    assert "connect-src 'self' ws://room-1:5555 wss://room-1:5555;" in named["Content-Security-Policy"]
    assert "connect-src 'self';" in unnamed["Content-Security-Policy"]
    for policy in (named, unnamed):
        assert policy["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy["Content-Security-Policy"]
        assert policy["X-Content-Type-Options"] == "nosniff"
        assert policy["Referrer-Policy"] == "no-referrer"
        assert policy["Cross-Origin-Resource-Policy"] == "same-origin"
