"""Who is in a room: NAMES, and the list that everybody gets who comes in."""

from __future__ import annotations

import itertools
import random

import pytest

from lanchat.core.limits import Limits
from lanchat.doors.irc.letters import prefix
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network


def named(lines: list[str]) -> list[str]:
    """Give the names of all 353 among these lines."""
    return [name for line in lines if " 353 " in line for name in line.partition(" :")[2].split(" ")]


def end(nick: str, room: str) -> str:
    """Give the end of a list of names."""
    return f":room-1.lan 366 {nick} {room} :End of /NAMES list"


def test_names_shows_who_is_in_rooms(network: Network) -> None:
    """RFC 2812, 3.2.5: 353 with the highest rank before each nick, 366 at the end of each room."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), Irc(network, "carol")
    alice.says("JOIN #dev")
    for each in (bob, carol):
        each.says("JOIN #dev")
    alice.says("MODE #dev +vv alice bob")
    assert carol.asks("NAMES #DEV,#lobby") == [
        ":room-1.lan 353 carol = #dev :@alice +bob carol",
        end("carol", "#dev"),
        ":room-1.lan 353 carol = #lobby :alice bob carol",
        end("carol", "#lobby"),
    ]
    assert carol.asks("NAMES #dev,#DEV") == [":room-1.lan 353 carol = #dev :@alice +bob carol", end("carol", "#dev")]


def test_every_rank_is_shown_to_who_asked_for_it(network: Network) -> None:
    """ircv3.net, multi-prefix: all ranks, the highest first."""
    alice = Irc(network, "alice", "multi-prefix")
    alice.says("JOIN #dev", "MODE #dev +v alice")
    assert named(alice.asks("NAMES #dev")) == ["@+alice"]


def test_masks_are_shown_to_who_asked_for_them(network: Network) -> None:
    """ircv3.net, userhost-in-names: nick!user@host instead of the nick."""
    alice = Irc(network, "alice", "userhost-in-names")
    alice.says("JOIN #dev")
    assert named(alice.asks("NAMES #dev")) == [f"@alice!{host_of(network, 'alice')}"]


def test_without_a_room_there_is_only_an_end(network: Network) -> None:
    """RFC 2812, 3.2.5: naming everybody of every room is not for one answer; 461 for an empty list."""
    alice = Irc(network, "alice")
    assert alice.asks("NAMES", "NAMES #none") == [end("alice", "*"), end("alice", "#none")]
    assert alice.asks("NAMES :") == [":room-1.lan 461 alice NAMES :Not enough parameters"]


def test_hidden_rooms_are_named_to_who_is_in_them(network: Network) -> None:
    """RFC 2812, 3.2.5: 353 has @ for a secret room, and outside of it nobody learns that there is one."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #secret", "MODE #secret +s")
    assert alice.asks("NAMES #secret")[0] == ":room-1.lan 353 alice @ #secret :@alice"
    assert bob.asks("NAMES #SECRET") == [end("bob", "#SECRET")]


def test_who_is_invisible_is_named_to_who_shares_a_room(network: Network) -> None:
    """RFC 2812, 3.2.5: invisible people are shown to those in the room, and to admins."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    carol = Irc(network, "carol")
    carol.says("JOIN #dev", "MODE carol +i")
    alice.says("JOIN #dev", "JOIN #quiet", "MODE alice +i", "PART #lobby")
    bob.says("PART #lobby")
    assert bob.asks("NAMES #dev,#quiet") == [end("bob", "#dev"), end("bob", "#quiet")]
    assert named(carol.asks("NAMES #dev")) == ["@carol", "alice"]
    network.hub.people.find("bob").admin = True
    assert named(bob.asks("NAMES #dev,#quiet")) == ["@carol", "alice", "@alice"]


def test_the_list_is_right_whatever_happened(network: Network) -> None:
    """RFC 2812, 3.2.5: the list that is kept is the one that would be written now."""
    chance, fresh = random.Random(1), itertools.count()
    ways = ["", "multi-prefix", "userhost-in-names", "multi-prefix userhost-in-names"]
    people = [Irc(network, f"nick{next(fresh)}", way) for way in ways]
    members = list(network.hub.people.members.values())
    for member in members:
        member.admin = True
    for _ in range(300):
        member, other = chance.choice(members), chance.choice(members)
        what = [
            "JOIN #dev",
            "PART #dev",
            f"KICK #dev {other.nick}",
            f"MODE #dev {chance.choice('+-')}{chance.choice('ov')} {other.nick}",
            f"NICK nick{next(fresh)}",
        ]
        people[members.index(member)].says(chance.choice(what))
        if chance.random() < 0.1:
            network.hub.move(next(iter(other.sessions)), "user", f"host{next(fresh)}.lan")
        way = chance.randrange(len(ways))
        every, whole = "multi-prefix" in ways[way], "userhost-in-names" in ways[way]
        room = network.hub.rooms.enter("#dev")
        assert named(people[way].asks("NAMES #dev")) == [
            prefix(room, each, every=every) + (each.mask if whole else each.nick) for each in room.members
        ]


def test_long_lists_have_several_lines(network: Network) -> None:
    """RFC 2812, 3.2.5: as many 353 as it takes, none longer than 512 bytes, everybody in one of them once."""
    nicks = [f"person{number}{'x' * (number % 20)}" for number in range(100)]
    for nick in nicks:
        Irc(network, nick)
    alice = Irc(network, "alice", "multi-prefix userhost-in-names")
    lines = [line for line in alice.greeted if " 353 " in line]
    assert len(lines) > 5
    assert [name.partition("!")[0] for name in named(lines)] == [*nicks, "alice"]


@pytest.mark.parametrize("nick", ["al", "a" * 32, "é" * 32])
def test_lists_fit_whoever_asks(network: Network, nick: str) -> None:
    """RFC 2812, 2.3: a line has 512 bytes, whatever the nick before the list is."""
    for number in range(60):
        Irc(network, f"person{number}")
    reader = Irc(network, nick)
    assert len(named(reader.asks("NAMES #lobby"))) == 61  # and `hears` sees to it that no line is too long


def test_a_name_without_space_for_it_is_cut() -> None:
    """RFC 2812, 2.3: a line has 512 bytes; where server, room and nick leave no space in it, a name is cut."""
    network = Network(Limits(rate=0, nick=0, room=0))
    room = f"#{'x' * 250}"
    anna = Irc(network, "é" * 100)
    assert named(anna.asks(f"JOIN {room}")) == ["@éééééé"]
