"""WHOIS and WHOWAS: who somebody is, and was."""

from __future__ import annotations

import pytest

from lanchat.core.modes import Mode
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network, SecureLine
from tests.talkers import SecureTextTalker, TextTalker

SIGNON = 1_795_294_845
"""When everybody comes in here."""


def of(lines: list[str], *numerics: str) -> list[str]:
    """Give the lines of certain numerics."""
    return [line for line in lines if line.split(" ")[1] in numerics]


def test_whois_tells_who_somebody_is(network: Network) -> None:
    """RFC 2812, 3.6.2; modern.ircdocs.horse, "WHOIS message": names, rooms, server, door, idle time, signon."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.says("JOIN #dev", "PRIVMSG #dev :hi")
    network.reactor.wait(90)
    user, host = host_of(network, "bob").split("@")
    assert alice.asks("WHOIS BOB") == [
        f":room-1.lan 311 alice bob {user} {host} * :Bob",
        ":room-1.lan 319 alice bob :#lobby @#dev",
        ":room-1.lan 312 alice bob room-1.lan :room-1",
        ":room-1.lan 320 alice bob :is connected by irc",
        f":room-1.lan 317 alice bob 90 {SIGNON} :seconds idle, signon time",
        ":room-1.lan 318 alice BOB :End of /WHOIS list",
    ]


def test_whois_tells_what_somebody_is(network: Network) -> None:
    """modern.ircdocs.horse, "WHOIS message": 313 an admin, 301 away, 671 secure; ircv3.net, bot-mode: 335 a bot."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob", line=SecureLine)
    member = network.hub.people.find("bob")
    member.admin = member.bot = True
    bob.says("AWAY :lunch")
    assert alice.asks("WHOIS bob")[2:-2] == [
        ":room-1.lan 312 alice bob room-1.lan :room-1",
        ":room-1.lan 313 alice bob :is an admin of this server",
        ":room-1.lan 301 alice bob :lunch",
        ":room-1.lan 335 alice bob :is a bot",
        ":room-1.lan 671 alice bob :is using a secure connection",
        ":room-1.lan 320 alice bob :is connected by irc+tls",
    ]


def test_whois_knows_the_people_of_every_door(network: Network) -> None:
    """Who came with nc has the door for a user name, and no other name than the nick."""
    alice, bob, carol = Irc(network, "alice"), TextTalker(network, "bob"), SecureTextTalker(network, "carol")
    bob.enters()
    carol.enters()
    assert of(alice.asks("WHOIS bob"), "311", "320", "671") == [
        f":room-1.lan 311 alice bob text {host_of(network, 'bob').partition('@')[2]} * :bob",
        ":room-1.lan 320 alice bob :is connected by text",
    ]
    assert of(alice.asks("WHOIS carol"), "671", "320") == [
        ":room-1.lan 671 alice carol :is using a secure connection",
        ":room-1.lan 320 alice carol :is connected by text+tls",
    ]


def test_addresses_are_for_oneself_and_for_admins(network: Network) -> None:
    """modern.ircdocs.horse, RPL_WHOISHOST (378): nobody else is told from where somebody connects."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob", host="192.168.7.3")
    assert of(bob.asks("WHOIS bob"), "378") == [
        ":room-1.lan 378 bob bob :is connecting from *@192.168.7.3 192.168.7.3"
    ]
    assert of(alice.asks("WHOIS bob"), "378") == []
    network.hub.people.find("alice").admin = True
    assert of(alice.asks("WHOIS bob"), "378") == [
        ":room-1.lan 378 alice bob :is connecting from *@192.168.7.3 192.168.7.3"
    ]


def test_hidden_rooms_are_told_to_those_who_share_them(network: Network) -> None:
    """RFC 2812, 3.6.2: and to admins; without any room there is no 319."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.says("JOIN #dev", "PART #lobby")
    network.hub.rooms["#dev"].modes.flags.add(Mode.HIDDEN)
    assert of(alice.asks("WHOIS bob"), "319") == []
    assert of(bob.asks("WHOIS bob"), "319") == [":room-1.lan 319 bob bob :@#dev"]
    network.hub.people.find("alice").admin = True
    assert of(alice.asks("WHOIS bob"), "319") == [":room-1.lan 319 alice bob :@#dev"]
    network.hub.people.find("alice").admin = False
    alice.says("JOIN #dev")
    assert of(alice.asks("WHOIS bob"), "319") == [":room-1.lan 319 alice bob :@#dev"]


def test_many_rooms_take_several_lines(network: Network) -> None:
    """RFC 2812, 2.3: no line is longer than 512 bytes, and no room is left out."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    rooms = [f"#{number:02}{'é' * 20}" for number in range(30)]
    bob.says(*[f"JOIN {room}" for room in rooms])
    lines = of(alice.asks("WHOIS bob"), "319")
    assert len(lines) == 3
    assert " ".join([line.split(" :")[1] for line in lines]).split(" ") == ["#lobby", *[f"@{room}" for room in rooms]]


def test_all_ranks_are_shown_to_who_wants_them(network: Network) -> None:
    """ircv3.net, multi-prefix: every rank in a room, or else the highest alone."""
    alice, bob, carol = Irc(network, "alice", "multi-prefix"), Irc(network, "bob"), Irc(network, "carol")
    bob.says("JOIN #dev")
    network.hub.rooms["#dev"].ranked[Mode.VOICE][network.hub.people.find("bob")] = None
    assert of(alice.asks("WHOIS bob"), "319") == [":room-1.lan 319 alice bob :#lobby @+#dev"]
    assert of(carol.asks("WHOIS bob"), "319") == [":room-1.lan 319 carol bob :#lobby @#dev"]


def test_several_can_be_asked_for(network: Network) -> None:
    """modern.ircdocs.horse, RPL_ENDOFWHOIS (318): a list of nicks has one end, which repeats it; no nick is 401."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert of(alice.asks("WHOIS bob,zoe,bob"), "311", "401", "318") == [
        f":room-1.lan 311 alice bob bob {host_of(network, 'bob').partition('@')[2]} * :Bob",
        ":room-1.lan 401 alice zoe :There is nobody of that name here",
        ":room-1.lan 318 alice bob,zoe,bob :End of /WHOIS list",
    ]


@pytest.mark.parametrize(("command", "unknown", "end"), [("WHOIS", "401", "318"), ("WHOWAS", "406", "369")])
def test_too_many_are_asked_for(network: Network, command: str, unknown: str, end: str) -> None:
    """modern.ircdocs.horse, "WHOIS message": beyond TARGMAX nobody is looked for, and the answer has its end."""
    many = ",".join([f"{letter * 32}" for letter in "abcdefghijk"])
    first, *found, last = Irc(network, "alice").asks(f"{command} {many}")
    told = f"At most 10 targets in one {command}: send another for those from here on."
    assert first == f":room-1.lan 407 alice {'k' * 32} :{told}"
    assert [line.split(" ")[1] for line in found] == [unknown] * 10
    assert last.startswith(f":room-1.lan {end} alice {many[:350]} :End of ")


@pytest.mark.parametrize("server", ["room-1.lan", "ROOM-*", "bob", "alice"])
def test_the_server_may_be_named(network: Network, server: str) -> None:
    """RFC 2812, 3.6.2: the first of two parameters is a server, by its name, a mask, or somebody who is on it."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks(f"WHOIS {server} bob")[0].startswith(":room-1.lan 311 alice bob ")


def test_another_server_is_not_known(network: Network) -> None:
    """RFC 2812, 3.6.2: ERR_NOSUCHSERVER; a nick twice is no server, even if nobody has it."""
    alice = Irc(network, "alice")
    assert alice.asks("WHOIS irc.example.org alice") == [
        ":room-1.lan 402 alice irc.example.org :No such server: room-1.lan is the only one"
    ]
    assert alice.asks("WHOIS zoe zoe")[0] == ":room-1.lan 401 alice zoe :There is nobody of that name here"


@pytest.mark.parametrize("command", ["WHOIS", "WHOIS :", "WHOIS ,", "WHOWAS", "WHOWAS :"])
def test_somebody_has_to_be_named(network: Network, command: str) -> None:
    """RFC 2812, 3.6.2 and 3.6.3: ERR_NONICKNAMEGIVEN."""
    assert Irc(network, "alice").asks(command) == [":room-1.lan 431 alice :Say whom you mean: WHOIS alice"]


def test_whowas_tells_who_somebody_was(network: Network) -> None:
    """RFC 2812, 3.6.3: those who had a nick, the latest first, and when they left it."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    host = host_of(network, "bob").partition("@")[2]
    bob.says("NICK robert")
    network.reactor.wait(60)
    robert = TextTalker(network, "bob")
    robert.enters()
    robert.says("/quit")
    was = [
        f":room-1.lan 314 alice bob text {host} * :bob",
        ":room-1.lan 312 alice bob room-1.lan :Sat, 21 Nov 2026 21:01:45 +0000",
        f":room-1.lan 314 alice bob bob {host} * :Bob",
        ":room-1.lan 312 alice bob room-1.lan :Sat, 21 Nov 2026 21:00:45 +0000",
    ]
    end = ":room-1.lan 369 alice Bob :End of WHOWAS"
    for command in ("WHOWAS Bob", "WHOWAS Bob 0", "WHOWAS Bob -1", "WHOWAS Bob 2"):
        assert alice.asks(command) == [*was, end]
    assert alice.asks("WHOWAS Bob 1 room-1.lan") == [*was[:2], end]


def test_whowas_knows_not_everybody(network: Network) -> None:
    """RFC 2812, 3.6.3: ERR_WASNOSUCHNICK for each nick of a list, and one end for all of them."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks("WHOWAS bob,zoe") == [
        ":room-1.lan 406 alice bob :Nobody of that name was here lately",
        ":room-1.lan 406 alice zoe :Nobody of that name was here lately",
        ":room-1.lan 369 alice bob,zoe :End of WHOWAS",
    ]
