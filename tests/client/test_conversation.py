from __future__ import annotations

import pytest

from lanchat.client.conversation import Conversation
from lanchat.core.events import (
    Acted,
    Away,
    Back,
    Confided,
    Joined,
    Kicked,
    Parted,
    Quit,
    Renamed,
    Said,
    Told,
    Topic,
)
from lanchat.core.replies import Entered, Names, Person, Pong, Refusal, Welcome
from tests.client.peers import LIMITS, NOON


def said(text: str, nick: str = "bob", room: str = "#lobby") -> Said:
    return Said(time=NOON, room=room, nick=nick, text=text)


@pytest.fixture
def talk() -> Conversation:
    talk = Conversation("ann")
    talk.hear(Welcome(server="room-1", version="1", nick="ann", people=2, limits=LIMITS))
    talk.hear(Entered(room="#lobby", nick="ann", people=2, nicks=["bob", "ann"]))
    talk.hear(Entered(room="#dev", nick="ann", people=1, nicks=["ann"], topic="green"))
    return talk


def test_the_view_follows_the_room_that_was_entered(talk: Conversation) -> None:
    assert (talk.view, talk.room.topic, talk.longest, talk.longest_nick) == ("#dev", "green", 4096, 32)
    assert [room.name for room in talk.others()] == ["#lobby"]
    talk.hear(Entered(room="#lobby", nick="ann", people=2, nicks=["bob", "ann"]), follow=False)
    assert talk.view == "#dev"


def test_what_is_said_elsewhere_is_counted_until_it_is_looked_at(talk: Conversation) -> None:
    talk.hear(said("hi"))
    talk.hear(said("hi Ann!"))
    talk.hear(said("mine", "ann"))
    talk.hear(said("here", room="#dev"))
    talk.hear(said("nowhere", room="#gone"))
    lobby = talk.rooms["#lobby"]
    assert (lobby.unread, lobby.named, talk.room.unread) == (2, True, 0)
    talk.hear(Entered(room="#lobby", nick="ann", people=1, nicks=["ann"]))
    assert (lobby.unread, lobby.named) == (0, False)


def test_people_come_and_go(talk: Conversation) -> None:
    people = talk.rooms["#lobby"].people
    talk.hear(Joined(time=NOON, room="#lobby", nick="Carol"))
    talk.hear(Renamed(time=NOON, nick="bob", new="Rob"))
    assert people == {"ann": "ann", "carol": "Carol", "rob": "Rob"}
    talk.hear(Parted(time=NOON, room="#lobby", nick="Rob"))
    talk.hear(Parted(time=NOON, room="#gone", nick="Rob"))
    talk.hear(Joined(time=NOON, room="#gone", nick="Carol"))
    talk.hear(Quit(time=NOON, nick="carol"))
    assert people == {"ann": "ann"}
    talk.hear(Names(room="#lobby", people=[Person("ann"), Person("dave", away=True)]))
    assert list(talk.rooms["#lobby"].people) == ["ann", "dave"]


def test_our_own_doings_change_what_we_are(talk: Conversation) -> None:
    talk.hear(Renamed(time=NOON, nick="ann", new="anna"))
    talk.hear(Away(time=NOON, nick="anna", text="lunch"))
    assert (talk.nick, talk.away) == ("anna", "lunch")
    talk.hear(Away(time=NOON, nick="bob", text="also"))
    talk.hear(Back(time=NOON, nick="bob"))
    assert talk.away == "lunch"
    talk.hear(Back(time=NOON, nick="anna"))
    assert talk.away == ""
    talk.hear(Topic(time=NOON, room="#dev", nick="anna", text="red"))
    assert talk.room.topic == "red"
    talk.hear(Pong())


def test_leaving_a_room_looks_at_another(talk: Conversation) -> None:
    talk.hear(Parted(time=NOON, room="#dev", nick="ann"))
    assert (talk.view, list(talk.rooms)) == ("#lobby", ["#lobby"])
    talk.hear(Parted(time=NOON, room="#lobby", nick="ann"))
    assert (talk.view, talk.room.people) == ("#lobby", {})


def test_who_is_kicked_is_not_there_any_more(talk: Conversation) -> None:
    talk.hear(Joined(time=NOON, room="#dev", nick="bob"))
    talk.hear(Kicked(time=NOON, room="#dev", nick="ann", who="bob"))
    assert list(talk.room.people) == ["ann"]
    kicked = Kicked(time=NOON, room="#dev", nick="bob", who="Ann")
    assert talk.is_for_us(kicked)
    talk.hear(kicked)
    assert (talk.view, list(talk.rooms), talk.to_rejoin()) == ("#lobby", ["#lobby"], [])


def test_a_room_that_lets_us_in_no_more_is_ours_no_more(talk: Conversation) -> None:
    talk.hear(Refusal(code="banned", text="You are banned from #dev.", room="#dev"))
    assert (talk.view, list(talk.rooms)) == ("#lobby", ["#lobby"])
    talk.hear(Refusal(code="not-op", text="Only an op may do that."))
    assert list(talk.rooms) == ["#lobby"]


def test_words_to_the_ops_are_for_us_if_they_name_us(talk: Conversation) -> None:
    assert talk.is_for_us(Confided(time=NOON, nick="bob", room="#dev", to="op", text="ann?"))
    assert not talk.is_for_us(Confided(time=NOON, nick="bob", room="#dev", to="op", text="all?"))


def test_rooms_are_entered_again_with_the_view_last(talk: Conversation) -> None:
    talk.hear(Entered(room="#ops", nick="ann", people=1, nicks=["ann"]))
    talk.hear(Entered(room="#dev", nick="ann", people=1, nicks=["ann"]))
    assert talk.to_rejoin() == ["#ops", "#dev"]
    talk.hear(Entered(room="#Lobby", nick="ann", people=1, nicks=["ann"]))
    assert talk.to_rejoin() == ["#dev", "#ops"]


def test_private_talk_is_for_us_unless_it_is_ours(talk: Conversation) -> None:
    to_us, ours = (Told(time=NOON, nick=nick, to=to, text="x") for nick, to in (("Zoe", "ann"), ("ann", "Yan")))
    talk.hear(to_us)
    talk.hear(ours)
    assert talk.private == {"zoe": "Zoe", "yan": "Yan"}
    assert (talk.is_for_us(to_us), talk.is_for_us(ours), talk.is_for_us(Pong())) == (True, False, False)


def test_a_room_that_is_not_in_view_is_aside(talk: Conversation) -> None:
    assert talk.is_aside(said("x"))
    assert not talk.is_aside(Acted(time=NOON, room="#DEV", nick="bob", text="x"))
    assert not talk.is_aside(Quit(time=NOON, nick="bob"))
