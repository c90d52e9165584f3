"""What the server tells of itself: LUSERS, MOTD, INFO, VERSION, TIME, ADMIN, STATS (RFC 2812, 3.4)."""

from __future__ import annotations

import pytest

from tests.doors.irc.clients import Irc
from tests.doors.irc.newcomers import numerics
from tests.network import Network

NOWHERE = ":room-1.lan 402 alice elsewhere.lan :No such server: room-1.lan is the only one"


@pytest.mark.parametrize(
    "line",
    [
        *["MOTD elsewhere.lan", "VERSION elsewhere.lan", "TIME elsewhere.lan", "INFO elsewhere.lan"],
        *["ADMIN elsewhere.lan", "LUSERS * elsewhere.lan", "STATS u elsewhere.lan"],
    ],
)
def test_another_server_is_not_there(network: Network, line: str) -> None:
    """RFC 2812, 3.4, ERR_NOSUCHSERVER."""
    assert Irc(network, "alice").asks(line) == [NOWHERE]


@pytest.mark.parametrize("target", ["room-1.lan", "ROOM-1.LAN", "room-1", "*.lan", "*", "Bob"])
def test_this_server_by_its_names(network: Network, target: str) -> None:
    """RFC 2812, 3.4: by its name, by a mask, by somebody who is on it."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert numerics(alice.asks(f"TIME {target}")) == ["391"]


def test_targets_are_one_word(network: Network) -> None:
    """RFC 2812, 3.4, ERR_NOSUCHSERVER: whatever was asked for, the numeric can be read."""
    (refused,) = Irc(network, "alice").asks("TIME ::two words")
    assert refused.startswith(":room-1.lan 402 alice two :")


def test_lusers_and_motd_again(network: Network) -> None:
    """RFC 2812, 3.4.1, 3.4.2: the same as in the greeting, as it is now."""
    alice = Irc(network, "alice")
    assert alice.asks("LUSERS") == alice.greeted[7:14]
    network.hub.motd = "Be kind."
    assert alice.asks("MOTD") == [
        ":room-1.lan 375 alice :- room-1.lan Message of the day -",
        ":room-1.lan 372 alice :- Be kind.",
        ":room-1.lan 376 alice :End of /MOTD command.",
    ]


def test_version(network: Network) -> None:
    """RFC 2812, 3.4.3: which one, and what it supports."""
    alice = Irc(network, "alice")
    first, *rest = alice.asks("VERSION")
    assert first == ":room-1.lan 351 alice lanchat-1.0 room-1.lan :A chat for the network you are on"
    assert rest == alice.greeted[4:7]


def test_time(network: Network) -> None:
    """RFC 2812, 3.4.6: the server and the time of where it is."""
    (line,) = Irc(network, "alice").asks("TIME")
    head, _, shown = line.partition(" :")
    assert head == ":room-1.lan 391 alice room-1.lan"
    assert "day 2026-11-2" in shown


def test_info(network: Network) -> None:
    """RFC 2812, 3.4.10: some lines, and their end."""
    alice = Irc(network, "alice")
    network.reactor.wait(3_700)
    assert alice.asks("INFO")[-4:] == [
        ":room-1.lan 371 alice :room-1 runs lanchat 1.0. A chat for the network you are on: nothing leaves it.",
        ":room-1.lan 371 alice :It has been up for 1 hour 1 minute.",
        ":room-1.lan 371 alice :HELP lists the commands, HELP JOIN explains one, ADMIN says who runs the server.",
        ":room-1.lan 374 alice :End of /INFO list",
    ]


def test_admin(network: Network) -> None:
    """RFC 2812, 3.4.9: who runs the server, as --admin says; ERR_NOADMININFO where nothing is known."""
    alice = Irc(network, "alice")
    assert alice.asks("ADMIN") == [
        ":room-1.lan 423 alice room-1.lan :No administrative info available: it has no --admin"
    ]
    network.hub.contact = "Eve, room 12"
    assert alice.asks("ADMIN") == [
        ":room-1.lan 256 alice room-1.lan :Administrative info",
        ":room-1.lan 257 alice :room-1",
        ":room-1.lan 258 alice :lanchat 1.0",
        ":room-1.lan 259 alice :Eve, room 12",
    ]


def test_stats(network: Network) -> None:
    """RFC 2812, 3.4.4: u is how long the server has been up; of anything else there is nothing."""
    alice = Irc(network, "alice")
    network.reactor.wait(90_061)
    alice.hears()
    assert alice.asks("STATS u", "STATS l", "STATS :", "STATS") == [
        ":room-1.lan 242 alice :Server Up 1 days 1:01:01",
        ":room-1.lan 219 alice u :End of /STATS report",
        ":room-1.lan 219 alice l :End of /STATS report",
        ":room-1.lan 219 alice * :End of /STATS report",
        ":room-1.lan 461 alice STATS :Not enough parameters",
    ]


@pytest.mark.parametrize("line", ["LINKS", "MAP", "TRACE", "FOO :a b"])
def test_what_there_is_not(network: Network, line: str) -> None:
    """RFC 2812, 5.2, ERR_UNKNOWNCOMMAND: servers that are linked, and what nobody knows."""
    (refused,) = Irc(network, "alice").asks(line)
    assert refused.startswith(f":room-1.lan 421 alice {line.split()[0]} :There is no command ")


def test_bytes_that_are_no_utf8(network: Network) -> None:
    """ircv3.net, utf8-only: they are read as Windows-1252, and who knows standard replies is warned."""
    alice, bob = Irc(network, "alice", "standard-replies"), Irc(network, "bob")
    for one in (alice, bob):
        one.hears()
    alice.wire.sends("PRIVMSG #lobby :café\r\n".encode("cp1252"))
    assert alice.hears() == [
        ":room-1.lan WARN PRIVMSG INVALID_UTF8 "
        ":That was no UTF-8, and was read as Windows-1252: let your client send UTF-8"
    ]
    assert bob.hears()[-1].endswith("PRIVMSG #lobby :café")
    bob.wire.sends("PRIVMSG #lobby :thé\r\n".encode("cp1252"))
    assert alice.hears()[-1].endswith("PRIVMSG #lobby :thé")
    assert bob.hears() == []
