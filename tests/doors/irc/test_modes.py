"""MODE of a room: how it is set, its lists, and what is changed."""

from __future__ import annotations

import pytest

from lanchat.core import governing
from lanchat.core.modes import Change, Mode
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network

NOW = 1_795_294_845
"""When everything happens here."""


@pytest.fixture
def alice(network: Network) -> Irc:
    """Give the op of #dev."""
    alice = Irc(network, "alice")
    alice.says("JOIN #dev")
    return alice


@pytest.fixture
def bob(network: Network, alice: Irc) -> Irc:
    """Give somebody else in #dev."""
    bob = Irc(network, "bob")
    bob.says("JOIN #dev")
    bob.hears()
    return bob


def heads(lines: list[str]) -> list[str]:
    """Give the lines without what is for people."""
    return [line.split(" :")[0] for line in lines]


def changed(network: Network, what: str) -> str:
    """Give the line that says what alice changed in #dev."""
    return f":alice!{host_of(network, 'alice')} MODE #dev {what}"


# -- how it is set ---------------------------------------------------------------------------------------------


def test_how_a_room_is_set(network: Network, alice: Irc, bob: Irc) -> None:
    """RFC 2812, 3.2.3; modern.ircdocs.horse, "MODE message": 324 with the letters and values, 329 since when."""
    since = f":room-1.lan 329 alice #dev {NOW}"
    assert alice.asks("MODE #DEV") == [":room-1.lan 324 alice #dev +n", since]
    alice.says("MODE #dev +imstkl-n sesame 20")
    assert alice.asks("MODE #dev") == [":room-1.lan 324 alice #dev +imstkl sesame 20", since]
    network.hub.rooms.find("#dev").created = ""
    alice.says("MODE #dev -imstkl x")
    assert alice.asks("MODE #dev") == [":room-1.lan 324 alice #dev +"]


def test_the_key_is_for_who_is_inside(network: Network, alice: Irc) -> None:
    """modern.ircdocs.horse, "Key channel mode": nobody outside reads it, but admins."""
    carol = Irc(network, "carol")
    alice.says("MODE #dev +kl sesame 20")
    assert carol.asks("MODE #dev")[0] == ":room-1.lan 324 carol #dev +nkl * 20"
    network.hub.people.find("carol").admin = True
    assert carol.asks("MODE #dev")[0] == ":room-1.lan 324 carol #dev +nkl sesame 20"


def test_rooms_that_are_not_shown(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.3: 403 for a room that is not there, or that nobody outside may know of."""
    carol = Irc(network, "carol")
    alice.says("MODE #dev +s")
    assert heads(carol.asks("MODE #dev", "MODE #none +i")) == [
        ":room-1.lan 403 carol #dev",
        ":room-1.lan 403 carol #none",
    ]


# -- changes ---------------------------------------------------------------------------------------------------


def test_everybody_hears_what_has_changed(network: Network, alice: Irc, bob: Irc) -> None:
    """RFC 2812, 3.2.3: one MODE with all of it, the same for who did it and for everybody else."""
    line = changed(network, "+ov-n+ktl bob alice sesame 20")
    assert alice.asks("MODE #dev +ov-n+ktl BOB alice sesame 020") == [line]
    assert bob.hears() == [line]
    room, member = network.hub.rooms.find("#dev"), network.hub.people.find("bob")
    assert member in room.ranked[Mode.OP]
    assert room.modes.flags == {Mode.TOPIC_LOCKED}


def test_what_is_so_already_is_not_heard(network: Network, alice: Irc, bob: Irc) -> None:
    """RFC 2812, 3.2.3: only what really changes is told."""
    assert alice.asks("MODE #dev +n-i+o-v alice bob", "MODE #dev -kl x") == []
    assert alice.asks("MODE #dev +nm") == [changed(network, "+m")]
    assert bob.hears() == [changed(network, "+m")]


def test_a_key_is_taken_away_by_any(network: Network, alice: Irc) -> None:
    """modern.ircdocs.horse, "Key channel mode": -k takes any parameter, or none; nobody hears the key."""
    alice.says("MODE #dev +k sesame")
    assert alice.asks("MODE #dev -k guess") == [changed(network, "-k *")]
    alice.says("MODE #dev +k sesame")
    assert alice.asks("MODE #dev -k") == [changed(network, "-k *")]


def test_masks_are_made_whole(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.3; RFC 2811, 4.3: bob is bob!*@*, and a mask is taken away in the same way."""
    assert alice.asks("MODE #dev +beI bob *@host carol!*") == [
        changed(network, "+beI bob!*@* *!*@host carol!*@*"),
    ]
    assert alice.asks("MODE #dev -b BOB") == [changed(network, "-b bob!*@*")]


def test_everybody_may_give_up_their_own_rank(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.3: -o of oneself needs nobody."""
    assert alice.asks("MODE #dev -o alice") == [changed(network, "-o alice")]
    assert heads(alice.asks("MODE #dev +o alice")) == [":room-1.lan 482 alice #dev"]


def test_long_changes_have_several_lines(network: Network, alice: Irc, bob: Irc) -> None:
    """RFC 2812, 2.3: no line has more than 512 bytes, and no change is lost; each line has a msgid of its own."""
    carol = Irc(network, "carol", "message-tags")
    carol.says("JOIN #dev")
    bob.hears()
    carol.hears()
    masks = [f"{number}{'x' * 140}!*@*" for number in range(4)]
    (session,) = network.hub.people.find("alice").sessions
    changes = [Change(Mode.BAN, True, mask) for mask in masks]
    governing.change(network.hub, session, network.hub.rooms.find("#dev"), changes)
    assert bob.hears() == [changed(network, f"+bbb {' '.join(masks[:3])}"), changed(network, f"+b {masks[3]}")]
    first, second = carol.reads()
    assert second.tags["msgid"] == f"{first.tags['msgid']}.2"


def test_too_many_changes_are_refused(network: Network, alice: Irc) -> None:
    """ISUPPORT MODES: 407 for those that are too many, and those before them hold."""
    assert alice.asks(f"MODE #dev +{'i-i+' * 6}mst") == [
        ":room-1.lan 407 alice #dev "
        ":At most 13 changes in one MODE: only the first were made, send another for the rest.",
        changed(network, f"+{'i-i+' * 6}m"),
    ]
    assert any(" MODES=13 " in line for line in alice.greeted)


def test_as_many_values_as_a_message_holds(network: Network, alice: Irc) -> None:
    """ISUPPORT MODES: so many masks at once."""
    nicks = [f"m{number}" for number in range(13)]
    masks = " ".join([f"{nick}!*@*" for nick in nicks])
    assert alice.asks(f"MODE #dev +{'b' * 13} {' '.join(nicks)}") == [changed(network, f"+{'b' * 13} {masks}")]


# -- lists -----------------------------------------------------------------------------------------------------


def test_who_is_on_the_lists(network: Network, alice: Irc, bob: Irc) -> None:
    """RFC 2812, 3.2.3: 367, 348, 346 with who put it there and when, each with an end; for all in the room."""
    alice.says("MODE #dev +beI mallory *!*@good.lan carol")
    assert bob.asks("MODE #dev b", "MODE #dev +e-I") == [
        f":room-1.lan 367 bob #dev mallory!*@* alice {NOW}",
        ":room-1.lan 368 bob #dev :End of channel ban list",
        f":room-1.lan 348 bob #dev *!*@good.lan alice {NOW}",
        ":room-1.lan 349 bob #dev :End of channel exception list",
        f":room-1.lan 346 bob #dev carol!*@* alice {NOW}",
        ":room-1.lan 347 bob #dev :End of channel invite exception list",
    ]


def test_a_list_is_given_once(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.3: what is asked for twice is answered once, and after what was changed."""
    assert alice.asks("MODE #dev b+bb mallory") == [
        changed(network, "+b mallory!*@*"),
        f":room-1.lan 367 alice #dev mallory!*@* alice {NOW}",
        ":room-1.lan 368 alice #dev :End of channel ban list",
    ]


# -- refusals --------------------------------------------------------------------------------------------------


def test_only_ops_change_a_room(network: Network, alice: Irc, bob: Irc) -> None:
    """RFC 2812, 3.2.3: 482 once, however much was asked for; 442 for who is not in the room; admins may."""
    carol = Irc(network, "carol")
    assert heads(bob.asks("MODE #dev +imo-n bob")) == [":room-1.lan 482 bob #dev"]
    assert heads(carol.asks("MODE #dev +i", "MODE #dev b")) == [":room-1.lan 442 carol #dev"] * 2
    network.hub.people.find("carol").admin = True
    assert carol.asks("MODE #dev +i") == [f":carol!{host_of(network, 'carol')} MODE #dev +i"]


def test_letters_that_mean_nothing(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.3: 472 for each unknown letter, once, and the others are changed."""
    said = alice.asks("MODE #dev +xizx")
    assert heads(said) == [
        ":room-1.lan 472 alice x",
        ":room-1.lan 472 alice z",
        changed(network, "+i"),
    ]
    assert said[0].endswith(" alice x :is no mode of #dev: there are A W b e I i k l m n o q s t v")


def test_values_that_are_bad_or_missing(network: Network, alice: Irc) -> None:
    """modern.ircdocs.horse, 696 and 525: what is wrong with which value of which letter."""
    said = alice.asks(
        "MODE #dev +o",
        "MODE #dev +l",
        "MODE #dev +k",
        "MODE #dev +l many",
        "MODE #dev +l 0",
        "MODE #dev +k a,b",
        f"MODE #dev +b {'x' * 300}",
    )
    assert heads(said) == [
        ":room-1.lan 696 alice #dev o *",
        ":room-1.lan 696 alice #dev l *",
        ":room-1.lan 696 alice #dev k *",
        ":room-1.lan 696 alice #dev l many",
        ":room-1.lan 696 alice #dev l 0",
        ":room-1.lan 525 alice #dev",
        f":room-1.lan 696 alice #dev b {'x' * 100}",
    ]


def test_ranks_for_who_is_not_there(network: Network, alice: Irc) -> None:
    """RFC 2812, 3.2.3: 401 for nobody, 441 for somebody who is not in the room; the others get theirs."""
    Irc(network, "carol")
    assert heads(alice.asks("MODE #dev +vvv zoe carol alice")) == [
        ":room-1.lan 401 alice zoe",
        ":room-1.lan 441 alice carol #dev",
        changed(network, "+v alice"),
    ]


def test_lists_have_an_end(network: Network, alice: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 2812, 3.2.3: 478 with the letter; ISUPPORT MAXLIST says how many there may be."""
    monkeypatch.setattr(governing, "LISTED", 2)
    assert heads(alice.asks("MODE #dev +bbb a b c")) == [
        ":room-1.lan 478 alice #dev b",
        changed(network, "+bb a!*@* b!*@*"),
    ]


def test_the_lobby_stays_open(network: Network, alice: Irc) -> None:
    """482 with the reason: who comes in is in the lobby first."""
    network.hub.people.find("alice").admin = True
    assert alice.asks("MODE #lobby +i") == [
        ":room-1.lan 482 alice #lobby :#lobby is where everybody comes in: it cannot be locked. Make another room."
    ]
