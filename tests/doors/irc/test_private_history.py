"""What two accounts told each other: CHATHISTORY with a nick, TARGETS, and what waited for somebody."""

from __future__ import annotations

import pytest

from lanchat.core.errors import Refused
from lanchat.core.journal import Found
from lanchat.core.times import local_clock, local_day
from lanchat.doors.irc import backlog, history_targets
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.people import Device
from tests.logins import account
from tests.network import Network

CAPS = "batch server-time message-tags draft/chathistory labeled-response"
EVER = "timestamp=2026-01-01T00:00:00.000Z timestamp=2027-01-01T00:00:00.000Z"


@pytest.fixture
def alice(network: Network) -> Device:
    """Give alice, who has talked with bob and carol; dave is a guest."""
    for name in ("alice", "bob", "carol", "erin"):
        account(network.hub, name)
    alice, bob, carol, dave = (
        Device(network, "alice", CAPS),
        Device(network, "bob"),
        Device(network, "carol"),
        Irc(network, "dave"),
    )
    bob.says("PRIVMSG alice :one")
    network.reactor.wait(1)
    alice.says("PRIVMSG bob :two")
    network.reactor.wait(1)
    carol.says("PRIVMSG alice :three")
    network.reactor.wait(1)
    dave.says("PRIVMSG alice :four")
    alice.hears()
    return alice


def said(alice: Irc, line: str) -> list[tuple[str, ...]]:
    """Give who told whom what, in the answer to a CHATHISTORY."""
    alice.hears()
    alice.says(f"CHATHISTORY {line}")
    return [(each.source.partition("!")[0], *each.params) for each in alice.reads() if each.command != "BATCH"]


def test_no_more_can_wait_for_somebody(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """ERR_CANNOTSENDTOUSER (531): whom it was for stands before the text, so that it is shown where it was said."""
    monkeypatch.setattr("lanchat.core.private.MOST", 1)
    account(network.hub, "alice"), account(network.hub, "bob")
    alice = Device(network, "alice")
    (refused,) = alice.asks("PRIVMSG bob :one", "PRIVMSG bob :two")[-1:]
    assert refused.startswith(":room-1.lan 531 alice bob :1 messages wait for bob already.")


def test_history_with_a_nick(network: Network, alice: Device) -> None:
    """ircv3.net, chathistory: what both of them said, as it went over the wire; of a guest nothing is kept."""
    assert said(alice, "LATEST bob * 50") == [("bob", "alice", "one"), ("alice", "bob", "two")]
    assert said(alice, "LATEST BOB * 1") == [("alice", "bob", "two")]
    assert said(alice, "LATEST carol * 50") == [("carol", "alice", "three")]
    assert said(alice, "LATEST dave * 50") == said(alice, "LATEST nobody * 50") == []
    bob = Device(network, "bob", CAPS)
    assert said(bob, "LATEST alice * 50") == [("bob", "alice", "one"), ("alice", "bob", "two")]
    assert said(bob, "LATEST carol * 50") == []
    dave = Irc(network, "dave2", CAPS)
    assert said(dave, "LATEST alice * 50") == []


def test_targets(network: Network, alice: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """ircv3.net, chathistory, "TARGETS": whom one has talked with, by when that was last."""
    begin = network.hub.stamp_at(network.hub.now() - 2.5)
    found = [each[1:3] for each in said(alice, f"TARGETS {EVER} 50")]
    assert found == [("TARGETS", "bob"), ("TARGETS", "carol")]
    alice.says("PRIVMSG #lobby :five")
    assert [each[2] for each in said(alice, f"TARGETS {EVER} 2")] == ["bob", "carol"]
    assert [each[2] for each in said(alice, f"TARGETS {EVER} 50")] == ["bob", "carol", "#lobby"]
    first, second = EVER.split(" ")
    assert [each[2] for each in said(alice, f"TARGETS {second} {first} 2")] == ["carol", "#lobby"]
    assert [each[2] for each in said(alice, f"TARGETS timestamp={begin} {second} 50")] == ["bob", "carol", "#lobby"]
    assert said(alice, f"TARGETS {first} timestamp={begin} 50") == []
    alice.says("PRIVMSG alice :note to myself")
    monkeypatch.setattr(history_targets, "MOST", 1)
    assert [each[2] for each in said(alice, f"TARGETS {EVER} 50")] == ["#lobby", "alice"]


def test_who_is_ignored_is_left_out(network: Network, alice: Device) -> None:
    """As in rooms."""
    alice.says("IGNORE bob")
    assert said(alice, "LATEST bob * 50") == [("alice", "bob", "two")]


def test_whose_account_is_gone_is_named_as_kept(network: Network, alice: Device) -> None:
    """There is no other name of theirs left."""
    bob = network.hub.accounts.find("bob")
    assert bob is not None
    network.hub.accounts.remove(bob, lambda refused: None)
    assert ("TARGETS", "bob") in [each[1:3] for each in said(alice, f"TARGETS {EVER} 50")]


def test_targets_when_looking_takes_too_long(network: Network, alice: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """ircv3.net, chathistory, MESSAGE_ERROR; the answer has its label, and nobody who has left is answered."""
    waiting = []
    monkeypatch.setattr(network.journal, "find", lambda query, then: waiting.append(then))
    assert alice.asks(f"@label=7 CHATHISTORY TARGETS {EVER} 50", "PING 1") == []
    waiting.pop()(Refused("too-slow", "That took too long. Ask for less."))
    assert alice.hears() == [
        "@label=7 :room-1.lan FAIL CHATHISTORY MESSAGE_ERROR TARGETS :That took too long. Ask for less.",
        ":room-1.lan PONG room-1.lan 1",
    ]
    for answer in (Refused("too-slow", "No."), Found([], False)):
        leaving = Device(network, "alice")
        leaving.says(f"CHATHISTORY TARGETS {EVER} 50")
        network.hub.leave(next(reversed(network.hub.people.find("alice").sessions)))
        waiting.pop()(answer)
        network.reactor.settle()
        assert "CHATHISTORY" not in " ".join(leaving.hears())


# -- what waited -------------------------------------------------------------------------------------------------


def test_what_waited_comes_with_its_time(network: Network, alice: Device) -> None:
    """In a batch for each who wrote, the oldest first, unasked: the client would not know of it."""
    bob, carol = Device(network, "bob"), Device(network, "carol")
    bob.hears()
    assert bob.asks("PRIVMSG erin :first") == [":room-1.lan 301 bob erin :not here now, and gets it later"]
    then = network.hub.stamp()
    network.reactor.wait(60)
    carol.says("PRIVMSG erin :second")
    bob.says("PRIVMSG erin :\x01ACTION third\x01")
    later = network.hub.stamp()
    network.reactor.wait(60)
    erin = Device(network, "erin", "batch server-time")
    waited = erin.greeted[-7:]
    bobs, carols = [f"{nick}!{host_of(network, nick)}" for nick in ("bob", "carol")]
    assert waited == [
        ":room-1.lan BATCH +1 chathistory bob",
        f"@batch=1;time={then} :{bobs} PRIVMSG erin :first",
        f"@batch=1;time={later} :{bobs} PRIVMSG erin :\x01ACTION third\x01",
        ":room-1.lan BATCH -1",
        ":room-1.lan BATCH +2 chathistory carol",
        f"@batch=2;time={later} :{carols} PRIVMSG erin :second",
        ":room-1.lan BATCH -2",
    ]
    assert "chathistory bob" not in " ".join(Device(network, "erin", "batch server-time").greeted)


def test_notices_say_what_waited(network: Network, alice: Device) -> None:
    """As what was said in rooms: a client that knows no times is told when it was."""
    bob = Device(network, "bob")
    bob.says("PRIVMSG erin :hello there")
    then = network.hub.stamp()
    network.reactor.wait(90_000)
    when = f"{local_day(then)} {local_clock(then)}"
    assert Device(network, "erin").greeted[-1] == f":room-1.lan NOTICE erin :[{when}] (private) <bob> hello there"


@pytest.mark.parametrize("caps", ["", "server-time batch"])
def test_of_very_much_the_newest_is_shown(
    network: Network, alice: Device, caps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how to see the rest is said."""
    monkeypatch.setattr(backlog, "WAITED", 200)
    bob = Device(network, "bob")
    for number in range(9):
        bob.says(f"PRIVMSG erin :number {number}")
    told = Device(network, "erin", caps).greeted
    assert ":room-1.lan NOTICE erin :-- There is more that waited for you: /quote MISSED" in told
    assert "number 8" in " ".join(told)
    assert "number 0" not in " ".join(told)


def test_what_programs_tell_each_other_does_not_wait(network: Network, alice: Device) -> None:
    """CTCP and TAGMSG are for who is here."""
    bob = Device(network, "bob", "message-tags")
    for line in ("PRIVMSG erin :\x01PING 7\x01", "@+typing=active TAGMSG erin"):
        (refused,) = bob.asks(line)
        assert refused.startswith(":room-1.lan 401 bob erin :erin is not here now.")
    guest = Irc(network, "guest")
    assert guest.asks("PRIVMSG erin :hi")[0].startswith(":room-1.lan 401 guest erin :erin is not here.")


def test_markers_are_kept_with_the_account(network: Network, alice: Device) -> None:
    """ircv3.net, read-marker: whoever comes back has read what they had read."""
    (marked,) = alice.asks("MARKREAD bob timestamp=2026-11-21T21:00:00.000Z")
    alice.says("QUIT")
    again = Device(network, "alice", "draft/read-marker")
    assert again.asks("MARKREAD bob") == [marked]


def test_deleted_messages_are_not_in_it(network: Network, alice: Device) -> None:
    """ircv3.net, message-redaction, "Chat history": what was taken away is gone, with or without event-playback."""
    bob = Device(network, "bob", "message-tags draft/message-redaction")
    alice.asks("CAP REQ :draft/message-redaction draft/event-playback")
    alice.says("CHATHISTORY LATEST bob * 50")
    (msgid,) = [each.tags["msgid"] for each in alice.reads() if each.params[-1] == "one"]
    assert bob.asks(f"REDACT alice {msgid} :sorry")[0].endswith(f" REDACT alice {msgid} sorry")
    assert alice.hears()[0].endswith(f" REDACT alice {msgid} sorry")
    assert said(alice, "LATEST bob * 50") == [("alice", "bob", "two")]
