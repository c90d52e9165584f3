"""Extended bans: how they are read and written, and what they do."""

from __future__ import annotations

import pytest

from lanchat.core.modes import Change, Mode
from lanchat.doors.irc import extbans
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network


@pytest.mark.parametrize(
    ("mode", "value", "meant"),
    [
        (Mode.BAN, "bob", (Mode.BAN, "bob")),
        (Mode.BAN, "m:bob", (Mode.MUTE, "bob")),
        (Mode.BAN, "~M:bob", (Mode.MUTE, "bob")),
        (Mode.BAN, "mute:bob", (Mode.MUTE, "bob")),
        (Mode.BAN, "a:Bob", (Mode.BAN, "account:Bob")),
        (Mode.BAN, "~a:Bob", (Mode.BAN, "account:Bob")),
        (Mode.BAN, "account:Bob", (Mode.BAN, "account:Bob")),
        (Mode.BAN, "~account:Bob", (Mode.BAN, "account:Bob")),
        (Mode.BAN, "m:a:Bob", (Mode.MUTE, "account:Bob")),
        (Mode.BAN, "address:10.0.0.0/8", (Mode.BAN, "address:10.0.0.0/8")),
        (Mode.EXEMPT, "a:Bob", (Mode.EXEMPT, "account:Bob")),
        (Mode.EXEMPT, "m:bob", (Mode.EXEMPT, "bob")),
        (Mode.EXEMPT, "~m:~a:Bob", (Mode.EXEMPT, "account:Bob")),
        (Mode.ALLOWED, "m:bob", (Mode.ALLOWED, "m:bob")),
        (Mode.KEY, "a:b", (Mode.KEY, "a:b")),
    ],
)
def test_how_they_are_read(mode: Mode, value: str, meant: tuple[Mode, str]) -> None:
    """modern.ircdocs.horse, "EXTBAN"; ircv3.net, account-extban: with ~ or without, by letter or by name."""
    assert extbans.read(mode, value) == meant


@pytest.mark.parametrize("mode", [Mode.BAN, Mode.MUTE, Mode.EXEMPT, Mode.KEY])
@pytest.mark.parametrize("value", ["bob!*@*", "account:Bob", "address:10.0.0.0/8"])
def test_they_are_read_as_they_were_written(mode: Mode, value: str) -> None:
    """Whatever a client is shown it may send back."""
    asked = Mode.BAN if mode is Mode.MUTE else mode
    assert extbans.read(asked, extbans.written(mode, value, plainly=True)) == (mode, value)


def test_bans_and_mutes_are_one_list(network: Network) -> None:
    """RFC 2812, 3.2.3: 367 has the masks as they are set, and behind them until when and why, where that is known."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev")
    bob.says("JOIN #dev")
    alice.hears()
    host = host_of(network, "alice")
    assert alice.asks("MODE #dev +bbe m:bob a:Eve ~a:Ann") == [
        f":alice!{host} MODE #dev +bbe m:bob!*@* a:Eve a:Ann",
    ]
    room = network.hub.rooms.find("#dev")
    room.modes.take(Change(Mode.BAN, True, "x!*@*", "2026-11-21T23:04:05.123Z", "adverts"), "", network.hub.stamp())
    room.modes.take(Change(Mode.BAN, True, "y!*@*", "", "flood"), "alice", network.hub.stamp())
    *listed, end = alice.asks("MODE #dev b")
    since = "1795294845"
    assert listed[0] == f":room-1.lan 367 alice #dev a:Eve alice {since}"
    assert listed[1].startswith(f":room-1.lan 367 alice #dev x!*@* room-1.lan {since} :until 2026-11-2")
    assert listed[1].endswith(" (adverts)")
    assert listed[2] == f":room-1.lan 367 alice #dev y!*@* alice {since} (flood)"
    assert listed[3] == f":room-1.lan 367 alice #dev m:bob!*@* alice {since}"
    assert " 368 " in end
    assert bob.asks("PRIVMSG #dev :hi")[-1].startswith(":room-1.lan 404 bob #dev :You are muted")
    assert alice.asks("MODE #dev -b m:BOB!*@*") == [f":alice!{host} MODE #dev -b m:bob!*@*"]
