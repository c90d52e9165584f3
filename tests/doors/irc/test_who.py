"""WHO and WHOX: who is in a room, and whom a mask fits."""

from __future__ import annotations

import pytest

from lanchat.core.modes import Mode
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network
from tests.talkers import TextTalker


def shown(network: Network, asker: str, nick: str, *, room: str = "#dev", flags: str = "H", name: str = "") -> str:
    """Give the line that shows somebody."""
    user, host = host_of(network, nick).split("@")
    return f":room-1.lan 352 {asker} {room} {user} {host} room-1.lan {nick} {flags} :0 {name or nick.title()}"


def test_a_room_shows_all_who_are_in_it(network: Network) -> None:
    """RFC 2812, 3.6.1; modern.ircdocs.horse, "WHO message": a line for each, of whatever door, and 315 at the end."""
    alice, bob, carol = Irc(network, "alice"), Irc(network, "bob"), TextTalker(network, "carol")
    carol.enters()
    for one in (alice, bob):
        one.says("JOIN #dev")
    carol.says("/join #dev")
    bob.says("AWAY :lunch")
    assert alice.asks("WHO #DEV") == [
        shown(network, "alice", "alice", flags="H@"),
        shown(network, "alice", "bob", flags="G"),
        shown(network, "alice", "carol", name="carol"),
        ":room-1.lan 315 alice #DEV :End of /WHO list",
    ]


def test_the_end_repeats_what_was_asked_for(network: Network) -> None:
    """modern.ircdocs.horse, RPL_ENDOFWHO (315): the mask is the one that the client sent."""
    mask = "*Ab" + "c" * 300
    assert Irc(network, "alice").asks(f"WHO {mask}") == [f":room-1.lan 315 alice {mask} :End of /WHO list"]


def test_one_nick_is_found_in_whatever_case(network: Network) -> None:
    """modern.ircdocs.horse, "WHO message": the mask stands in 315 as it was sent; who is not here is not shown."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks("WHO BoB") == [
        shown(network, "alice", "bob", room="#lobby"),
        ":room-1.lan 315 alice BoB :End of /WHO list",
    ]
    assert alice.asks("WHO zoe") == [":room-1.lan 315 alice zoe :End of /WHO list"]
    assert alice.asks("WHO #nowhere") == [":room-1.lan 315 alice #nowhere :End of /WHO list"]
    assert alice.asks("WHO :") == [":room-1.lan 315 alice * :End of /WHO list"]


@pytest.mark.parametrize("mask", ["WHO bo*", "WHO Robert", "WHO *ALDER*", "WHO *!robert@*", "WHO :bob ?lderman"])
def test_a_mask_fits_nick_user_host_or_real_name(network: Network, mask: str) -> None:
    """RFC 2812, 3.6.1: whichever of them a mask fits, in whatever case."""
    alice, bob = Irc(network, "alice"), network.connect()
    bob.sends(b"NICK bob\r\nUSER robert 0 * :Bob Alderman\r\n")
    found, end = alice.asks(mask)
    assert found == shown(network, "alice", "bob", room="#lobby", name="Bob Alderman")
    assert end.startswith(":room-1.lan 315 alice ")


def test_a_mask_fits_a_host(network: Network) -> None:
    """RFC 2812, 3.6.1: those of one host can be asked for."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob", host="192.168.7.3")
    host = host_of(network, "bob").partition("@")[2]
    assert alice.asks(f"WHO {host}")[:-1] == [shown(network, "alice", "bob", room="#lobby")]


@pytest.mark.parametrize("command", ["WHO", "WHO *", "WHO 0"])
def test_everybody_can_be_asked_for(network: Network, command: str) -> None:
    """RFC 1459, 4.5.1: no mask, ``0`` and ``*`` mean everybody who can be seen."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks(command)[:2] == [shown(network, "alice", nick, room="#lobby") for nick in ("alice", "bob")]


def test_admins_alone_can_be_asked_for(network: Network) -> None:
    """RFC 2812, 3.6.1: with ``o``; an admin has a ``*``, a bot its letter (ircv3.net, bot-mode)."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    bob = network.hub.people.find("bob")
    bob.admin = bob.bot = True
    assert alice.asks("WHO * o") == [
        shown(network, "alice", "bob", room="#lobby", flags="H*B"),
        ":room-1.lan 315 alice * :End of /WHO list",
    ]
    assert alice.asks("WHO #lobby o%n") == [
        ":room-1.lan 354 alice bob",
        ":room-1.lan 315 alice #lobby :End of /WHO list",
    ]


def test_all_ranks_are_shown_to_who_wants_them(network: Network) -> None:
    """ircv3.net, multi-prefix: WHO shows every rank, or else the highest alone."""
    alice, bob = Irc(network, "alice", "multi-prefix"), Irc(network, "bob")
    for one in (alice, bob):
        one.says("JOIN #dev")
    room, member = network.hub.rooms["#dev"], network.hub.people.find("alice")
    room.ranked[Mode.VOICE][member] = None
    assert alice.asks("WHO #dev")[0] == shown(network, "alice", "alice", flags="H@+")
    assert bob.asks("WHO #dev")[0] == shown(network, "bob", "alice", flags="H@")
    del room.ranked[Mode.OP][member]
    assert bob.asks("WHO #dev")[0] == shown(network, "bob", "alice", flags="H+")


def test_who_is_invisible_is_found_by_the_nick_alone(network: Network) -> None:
    """RFC 2812, 3.1.5 and 3.6.1: strangers find them by the nick, without their rooms; who shares a room sees them."""
    alice, bob, carol = [Irc(network, nick) for nick in ("alice", "bob", "carol")]
    alice.says("JOIN #dev", "PART #lobby")
    bob.says("JOIN #dev")
    network.hub.people.find("alice").invisible = True
    end = ":room-1.lan 315 carol {} :End of /WHO list"
    assert carol.asks("WHO al*", "WHO alice") == [
        end.format("al*"),
        shown(network, "carol", "alice", room="*"),
        end.format("alice"),
    ]
    assert carol.asks("WHO #dev") == [shown(network, "carol", "bob"), end.format("#dev")]
    assert bob.asks("WHO al*")[0] == shown(network, "bob", "alice", flags="H@")
    assert alice.asks("WHO al*")[0] == shown(network, "alice", "alice", flags="H@")
    network.hub.people.find("carol").admin = True
    assert carol.asks("WHO al*")[0] == shown(network, "carol", "alice", flags="H@")


def test_who_is_in_a_hidden_room_only_its_people_are_told(network: Network) -> None:
    """RFC 2811, 4.2.6: to others it is as if it were not there."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev", "PART #lobby")
    network.hub.rooms["#dev"].modes.flags.add(Mode.HIDDEN)
    assert bob.asks("WHO #dev") == [":room-1.lan 315 bob #dev :End of /WHO list"]
    assert bob.asks("WHO alice")[0] == shown(network, "bob", "alice", room="*")
    assert alice.asks("WHO #dev")[0] == shown(network, "alice", "alice", flags="H@")


def test_a_mask_finds_so_many(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is not shown, and the end says so; of a room everybody is."""
    monkeypatch.setattr("lanchat.doors.irc.who.MOST", 2)
    alice, _, _ = [Irc(network, nick) for nick in ("alice", "bob", "carol")]
    *found, end = alice.asks("WHO *")
    assert len(found) == 2
    assert end == ":room-1.lan 315 alice * :End of /WHO list: these are the first 2, ask for fewer"
    assert len(alice.asks("WHO #lobby")) == 4


def test_fields_come_in_one_order(network: Network) -> None:
    """ircv3.net, whox: whatever the order in which they were asked for; nobody is logged in, nor told the address."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    network.reactor.wait(7)
    user, host = host_of(network, "bob").split("@")
    expected = f":room-1.lan 354 alice 123 #lobby {user} 255.255.255.255 {host} room-1.lan bob H 0 7 0 n/a :Bob"
    for fields in ("tcuihsnfdlaor", "roaldfnshiuct"):
        assert alice.asks(f"WHO bob %{fields},123") == [expected, ":room-1.lan 315 alice bob :End of /WHO list"]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("%n", "bob"),
        ("%tn,321", "321 bob"),
        ("%tna,4242", "0 bob 0"),
        ("%tn,x", "0 bob"),
        ("%zr", ":Bob"),
    ],
)
def test_only_what_is_asked_for_is_told(network: Network, asked: str, answer: str) -> None:
    """ircv3.net, whox: a token has at most three digits, and unknown fields are passed over."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks(f"WHO bob {asked}")[0] == f":room-1.lan 354 alice {answer}"
    assert alice.asks("WHO bob %z")[0] == ":room-1.lan 354 alice"


def test_addresses_are_told_to_oneself_and_to_admins(network: Network) -> None:
    """ircv3.net, whox: 255.255.255.255 stands for an address that is not told; none begins with a colon."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob", host="::7")
    assert alice.asks("WHO alice %i")[0] == ":room-1.lan 354 alice 192.168.7.2"
    assert bob.asks("WHO bob %in")[0] == ":room-1.lan 354 bob 0::7 bob"
    assert alice.asks("WHO bob %in")[0] == ":room-1.lan 354 alice 255.255.255.255 bob"
    network.hub.people.find("alice").admin = True
    assert alice.asks("WHO bob %in")[0] == ":room-1.lan 354 alice 0::7 bob"


def test_an_answer_has_a_size(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients ask for every room that they come into: of the largest ones too they can read the answer."""
    monkeypatch.setattr("lanchat.doors.irc.who.LARGEST", 150)
    alice, _, _ = [Irc(network, nick) for nick in ("alice", "bob", "carol")]
    *found, end = alice.asks("WHO #lobby")
    assert len(found) == 2
    assert end == ":room-1.lan 315 alice #lobby :End of /WHO list: these are the first 2, ask for fewer"
