"""Which rooms there are: LIST."""

from __future__ import annotations

import pytest

from lanchat.doors.irc import listing
from tests.doors.irc.clients import Irc
from tests.network import Network


def rooms(lines: list[str]) -> list[str]:
    """Give the rooms of all 322 among these lines, which end as a list has to."""
    assert lines[-1].endswith(":End of /LIST")
    return [line.split(" ")[3] for line in lines[:-1]]


@pytest.fixture
def alice(network: Network) -> Irc:
    """Give somebody on a server with rooms of all kinds: #old was made an hour ago, #new just now."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    bob.says("JOIN #old", "TOPIC #old :of old")
    carol.says("JOIN #old", "JOIN #hidden", "MODE #hidden +s")
    network.reactor.wait(3600)
    bob.says("JOIN #new")
    return alice


def test_list_names_the_rooms_with_people_and_topic(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.6: 322 for each room, the fullest first, and 323; a secret one is left out."""
    assert alice.asks("LIST") == [
        ":room-1.lan 322 alice #lobby 3 :",
        ":room-1.lan 322 alice #old 2 :of old",
        ":room-1.lan 322 alice #new 1 :",
        ":room-1.lan 323 alice :End of /LIST",
    ]


def test_hidden_rooms_are_listed_for_who_may_know(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.6: a secret room is listed for those in it, and here for admins."""
    network.hub.people.find("alice").admin = True
    assert "#hidden" in rooms(alice.asks("LIST"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("#OLD", ["#old"]),
        ("#old,#new", ["#old", "#new"]),
        ("#none", []),
        ("#hidden", []),
        ("*L*", ["#lobby", "#old"]),
        ("*o*,!#lob*", ["#old"]),
        ("!*o*", ["#new"]),
        (">1", ["#lobby", "#old"]),
        ("<3", ["#old", "#new"]),
        (">1,<3", ["#old"]),
        ("C>30", ["#lobby", "#old"]),
        ("c<30", ["#new"]),
        ("C<0", []),
        ("T>30", ["#old"]),
        ("T<30", []),
        ("T<61,#*", ["#old"]),
        ("C>much", []),
        ("#* >1,<3", ["#old"]),
        ("#old,#new !#n*", ["#old"]),
        ("#old irc.example.org", ["#old"]),
    ],
)
def test_list_has_conditions(alice: Irc, asked: str, found: list[str]) -> None:
    """modern.ircdocs.horse, "ELIST parameter": C made, M mask, N not mask, T topic, U people; minutes ago.

    "LIST message": they may stand behind the names, too, and what is no condition there means nothing.
    """
    assert rooms(alice.asks(f"LIST {asked}")) == found


def test_what_is_from_the_time_before_is_old(network: Network, alice: Irc) -> None:
    """modern.ircdocs.horse, "ELIST parameter": where a time is not known any more, it was long ago."""
    network.hub.rooms.find("#new").created = network.hub.rooms.find("#old").topic_time = ""
    assert rooms(alice.asks("LIST C>999999,#new")) == ["#new"]
    assert rooms(alice.asks("LIST T>999999")) == ["#old"]


def test_a_long_list_says_what_it_leaves_out(alice: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    """ISUPPORT SAFELIST: nobody is thrown out for a long list; it ends with how many are missing."""
    monkeypatch.setattr(listing, "LONGEST", 80)
    *listed, notice, end = alice.asks("LIST")
    assert rooms([*listed, end]) == ["#lobby", "#old"]
    assert notice == (":room-1.lan NOTICE alice :-- 1 more rooms are not listed: ask for some, LIST *dev* or LIST <5")
