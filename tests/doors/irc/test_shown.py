"""Several devices of one person: what each of their IRC clients is shown."""

from __future__ import annotations

import pytest

from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.newcomers import numerics
from tests.doors.irc.people import Device, plain
from tests.logins import account
from tests.network import Network, SecureLine
from tests.talkers import TextTalker


@pytest.fixture
def first(network: Network) -> Device:
    """Give the first device of alice, who is in #dev and the lobby."""
    account(network.hub, "alice")
    first = Device(network, "alice", "account-notify away-notify")
    first.says("JOIN #dev", "TOPIC #dev :exam at nine")
    first.hears()
    return first


def test_one_more_device_is_greeted_and_is_in_the_rooms(network: Network, first: Device) -> None:
    """Like a bouncer's: 001 with the nick, and for each room JOIN, the topic and the names; nobody hears of it."""
    bob = Irc(network, "bob")
    bob.says("JOIN #dev")
    bob.hears(), first.hears()
    second = Device(network, "alice", "extended-join", nick="somebody")
    heads = [line.split(" :")[0].removesuffix(" Alice") for line in second.greeted]
    mask = f"alice!{host_of(network, 'alice')}"
    rooms = heads[heads.index(":room-1.lan 422 alice") + 1 :]
    since = network.hub.rooms.find("#dev").topic_time
    assert since
    assert rooms[:5] == [
        f":{mask} JOIN #dev alice",
        ":room-1.lan 332 alice #dev",
        f":room-1.lan 333 alice #dev alice {1_795_294_845}",
        ":room-1.lan 353 alice = #dev",
        ":room-1.lan 366 alice #dev",
    ]
    assert rooms[5:] == [
        f":{mask} JOIN #lobby alice",
        ":room-1.lan 353 alice = #lobby",
        ":room-1.lan 366 alice #lobby",
    ]
    assert numerics(second.greeted).count("001") == 1
    assert bob.hears() == first.hears() == []


def test_a_guest_who_logs_in_while_the_account_is_here(network: Network, first: Device) -> None:
    """Another nick, no second 001: what the rooms are without is left, what they have more is come into."""
    guest = Irc(network, "guest", "sasl", line=SecureLine)
    bob = Irc(network, "bob")
    guest.says("JOIN #ops")
    before, mask = f"guest!{host_of(network, 'guest')}", f"alice!{host_of(network, 'alice')}"
    for one in (guest, bob, first):
        one.hears()
    answers = guest.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}")
    assert answers[1:5] == [
        f":{before} PART #ops :is alice now",
        f":{mask} PART #lobby :This is you now",
        f":{before} NICK alice",
        f":room-1.lan 900 alice {mask} alice :You are now logged in as alice",
    ]
    assert [line.split(" :")[0] for line in answers[5:]] == [
        f":{mask} JOIN #dev",
        ":room-1.lan 332 alice #dev",
        f":room-1.lan 333 alice #dev alice {1_795_294_845}",
        ":room-1.lan 353 alice = #dev",
        ":room-1.lan 366 alice #dev",
        ":room-1.lan 353 alice = #lobby",
        ":room-1.lan 366 alice #lobby",
        ":room-1.lan 903 alice",
    ]
    assert bob.hears() == first.hears() == [f":{before} QUIT :is alice now"]
    guest.says("PRIVMSG #dev :here I am")
    assert first.hears() == [f":{mask} PRIVMSG #dev :here I am"]


def test_what_one_device_says_the_others_show(network: Network, first: Device) -> None:
    """In rooms and in private; the one that said it hears an echo only if it asked for that."""
    second = Device(network, "alice", "echo-message")
    bob = Irc(network, "bob")
    mask = f"alice!{host_of(network, 'alice')}"
    for one in (first, second, bob):
        one.hears()
    first.says("PRIVMSG #dev :hi", "PRIVMSG bob :psst", "NOTICE bob :note", "PRIVMSG bob :\x01ACTION waves\x01")
    heard = ["PRIVMSG bob :psst", "NOTICE bob :note", "PRIVMSG bob :\x01ACTION waves\x01"]
    assert second.hears() == [f":{mask} PRIVMSG #dev :hi", *[f":{mask} {line}" for line in heard]]
    assert first.hears() == []
    assert len(bob.hears()) == 3
    bob.says("PRIVMSG alice :yes?")
    assert len(first.hears()) == len(second.hears()) == 1
    assert second.asks("PRIVMSG bob :ah") == [f":{mask} PRIVMSG bob :ah"]
    assert first.hears() == [f":{mask} PRIVMSG bob :ah"]


def test_rooms_are_shared(network: Network, first: Device) -> None:
    """Where one device goes all are, and what it leaves all have left; modes and topics are shown as everybody's."""
    second = Device(network, "alice")
    second.hears()
    mask = f"alice!{host_of(network, 'alice')}"
    first.says("JOIN #ops", "MODE #ops +m", "TOPIC #ops :secret", "PART #ops :enough")
    assert [line.split(" :")[0] for line in second.hears()] == [
        f":{mask} JOIN #ops",
        ":room-1.lan MODE #ops +q alice",
        ":room-1.lan 353 alice = #ops",
        ":room-1.lan 366 alice #ops",
        f":{mask} MODE #ops +m",
        f":{mask} TOPIC #ops",
        f":{mask} PART #ops enough",
    ]
    first.says("JOIN #ops")
    assert numerics(second.hears())[0] == "JOIN"
    assert numerics(first.asks("JOIN #ops")) == []


def test_whoever_is_kicked_is_gone_from_all_devices(network: Network, first: Device) -> None:
    """The others too learn by whom and why."""
    second = Device(network, "alice")
    second.hears()
    first.says("JOIN #ops", "KICK #ops alice :bye")
    mask = f"alice!{host_of(network, 'alice')}"
    assert second.hears()[-1] == first.hears()[-1] == f":{mask} KICK #ops alice bye"
    first.says("JOIN #ops")
    assert numerics(second.hears())[0] == "JOIN"


def test_away_is_who_is_away_everywhere(network: Network, first: Device) -> None:
    """RFC 2812, 4.1: 305 and 306 are one client's; others hear of it when it is all of them."""
    second, bob = Device(network, "alice"), Irc(network, "bob", "away-notify")
    for one in (first, second, bob):
        one.hears()
    gone, back = "You have been marked as being away", "You are no longer marked as being away"
    assert first.asks("AWAY :lunch") == [f":room-1.lan 306 alice :{gone}"]
    assert bob.hears() == []
    assert first.asks("AWAY") == first.asks("AWAY") == [f":room-1.lan 305 alice :{back}"]
    assert first.asks("AWAY :lunch") == [f":room-1.lan 306 alice :{gone}"]
    assert second.asks("AWAY :tea") == [f":room-1.lan 306 alice :{gone}"]
    mask = f"alice!{host_of(network, 'alice')}"
    assert bob.hears() == first.hears() == [f":{mask} AWAY :tea"]
    assert second.asks("AWAY") == [f":room-1.lan 305 alice :{back}"]
    assert bob.hears() == [f":{mask} AWAY"]


def test_one_device_leaves_and_the_person_stays(network: Network, first: Device) -> None:
    """QUIT of a client is not the person's, as long as another is here; KILL is the end of all of them."""
    second, bob = Device(network, "alice"), Irc(network, "bob")
    for one in (first, second, bob):
        one.hears()
    second.says("QUIT :off")
    assert second.wire.ended
    assert bob.hears() == first.hears() == []
    third = Device(network, "alice")
    third.hears()
    network.hub.people.find("bob").admin = True
    bob.says("KILL alice :enough")
    assert numerics(bob.hears()) == ["QUIT"]
    for one in (first, third):
        assert one.hears()[-1].startswith("ERROR :Closing link: (")
        assert one.wire.ended


def test_with_a_device_of_another_door(network: Network, first: Device) -> None:
    """Whatever the other client speaks."""
    text = TextTalker(network, "alice", host="127.0.0.1")
    text.says("alice")
    text.says("/login alice correct horse")
    bob = Irc(network, "bob")
    bob.hears(), first.hears()
    text.says("/msg bob hello from the other one")
    mask = f"alice!{host_of(network, 'alice')}"
    assert bob.hears() == [f":{mask} PRIVMSG bob :hello from the other one"]
    assert first.hears() == [f":{mask} PRIVMSG bob :hello from the other one"]


def test_who_was_renamed_and_removed_before(network: Network, first: Device) -> None:
    """What the client knows of itself is followed: another nick, rooms that it was kicked out of."""
    guest, bob = Irc(network, "guest", "sasl", line=SecureLine), Irc(network, "bob")
    bob.says("JOIN #ops")
    guest.says("JOIN #ops", "NICK visitor", "PART #lobby")
    bob.says("KICK #ops visitor", "KICK #ops bob")
    guest.hears()
    visitor, mask = f"visitor!{host_of(network, 'visitor')}", f"alice!{host_of(network, 'alice')}"
    answers = guest.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}")
    assert answers[1:3] == [
        f":{visitor} NICK alice",
        f":room-1.lan 900 alice {mask} alice :You are now logged in as alice",
    ]
    assert numerics(answers).count("JOIN") == 2


def test_a_nick_in_other_letters_where_nobody_else_hears(network: Network) -> None:
    """RFC 2812, 3.1.2: all clients of somebody who is in no room learn what they are called now."""
    account(network.hub, "alice")
    phone, laptop = Device(network, "alice"), Device(network, "alice")
    phone.says("JOIN 0")
    laptop.hears()
    mask = f"alice!{host_of(network, 'alice')}"
    assert phone.asks("NICK Alice") == laptop.hears() == [f":{mask} NICK Alice"]
    assert laptop.asks("PING 1", "MODE Alice")[1:] == [":room-1.lan 221 Alice +"]
