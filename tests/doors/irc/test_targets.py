"""How many targets a command may have."""

from __future__ import annotations

from tests.doors.irc.clients import Irc
from tests.network import Network


def test_too_many_targets_are_left_out(network: Network) -> None:
    """RFC 2812, 3.2.1: 407 from the first target on that is one too many; ISUPPORT TARGMAX says how many may be."""
    alice = Irc(network, "alice")
    said = alice.asks("NAMES #a,#b,#c,#d,#e,#f")
    assert said[0] == ":room-1.lan 407 alice #e :At most 4 targets in one NAMES: send another for those from here on."
    assert [line.split(" ")[3] for line in said[1:]] == ["#a", "#b", "#c", "#d"]


def test_the_client_knows_how_many(network: Network) -> None:
    """modern.ircdocs.horse, "TARGMAX parameter"."""
    alice = Irc(network, "alice")
    (targmax,) = [word for line in alice.greeted for word in line.split(" ") if word.startswith("TARGMAX=")]
    assert {"INVITE:1", "JOIN:100", "KICK:20", "LIST:10", "NAMES:4", "PART:100"} <= set(targmax[8:].split(","))
