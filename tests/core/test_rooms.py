"""Rooms stay as long as somebody could want to find them as they were."""

from __future__ import annotations

import pytest

from lanchat.core import rooms as module
from lanchat.core.events import Said
from lanchat.core.journal import Kept, KeptRoom, Mark
from lanchat.core.limits import Limits
from lanchat.core.modes import Change, Mode, Modes
from tests.fakes import Chat, Talker


def said(room: str, text: str, number: int) -> Said:
    return Said(id=number, time="2026-11-20T21:04:05.123Z", room=room, nick="bob", text=text)


def test_who_comes_in_sees_what_was_said_last() -> None:
    """The newest of it, as something old, and only once: who looks again has seen it."""
    chat = Chat(Limits(backlog=2))
    (alice,) = chat.talkers("alice")
    for line in ("one", "two", "/me waves"):
        alice.says(line)
    bob = Talker(chat, "bob")
    bob.enters()
    assert bob.hears() == [
        "-- You are bob, in #lobby with alice.",
        "-- On 2026-11-21 in #lobby:",
        "-- <alice> two",
        "-- * alice waves",
    ]
    bob.says("/join #dev")
    bob.says("/join #lobby")
    assert bob.hears() == ["-- You are bob, in #dev, alone for now.", "-- You are bob, in #lobby with alice."]


def test_without_a_backlog_nothing_is_shown() -> None:
    chat = Chat(Limits(backlog=0))
    chat.talkers("alice")[0].says("one")
    bob = Talker(chat, "bob")
    bob.enters()
    assert bob.hears() == ["-- You are bob, in #lobby with alice."]


def test_who_is_ignored_is_not_in_the_backlog() -> None:
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    alice.says("/part #dev")
    bob.says("psst")
    alice.says("/ignore bob")
    alice.hears()
    alice.says("/join #dev")
    assert alice.hears() == ["-- You are alice, in #dev with bob."]


def test_a_room_in_which_something_was_said_stays() -> None:
    """Whoever comes back finds its topic and what was said; a room without either is gone."""
    chat = Chat()
    (alice,) = chat.talkers("alice")
    for line in ("/join #dev", "/topic build", "hi", "/part", "/join #gone", "/part"):
        alice.says(line)
    alice.hears()
    alice.says("/rooms")
    assert alice.hears() == ["-- #lobby (1)", "-- #dev (0) build"]
    alice.says("/join #DEV")
    assert alice.hears() == [
        "-- You are alice, in #dev, alone for now. Topic: build",
        "-- On 2026-11-21 in #dev:",
        "-- <alice> hi",
    ]


def test_a_locked_room_goes_after_the_open_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who makes it again would find what was said there: it goes only when all that stand empty are locked."""
    monkeypatch.setattr(module, "VACANT", 1)
    chat = Chat()
    (alice,) = chat.talkers("alice")
    for line in ("/join #locked", "/lock", "/part", "/join #open", "hi", "/part"):
        alice.says(line)
    assert list(chat.hub.rooms.vacant) == ["#locked"]
    for line in ("/join #second", "/lock", "/part"):
        alice.says(line)
    assert list(chat.hub.rooms.vacant) == ["#second"]


def test_locked_rooms_are_not_driven_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of locked rooms too many one of whoever has left most goes, so a thousand of one's own open no other's."""
    monkeypatch.setattr(module, "VACANT", 4)
    chat = Chat()
    alice, mallory = chat.talkers("alice", "mallory")
    alice.session.address = "192.168.7.3"
    for talker, room in ((alice, "#alice"), *[(mallory, f"#{number}") for number in range(9)]):
        for line in (f"/join {room}", "/lock", "/part"):
            talker.says(line)
    assert list(chat.hub.rooms.vacant) == ["#alice", "#6", "#7", "#8"]


def test_there_are_not_too_many_empty_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was left longest ago goes; one with people in it never does."""
    monkeypatch.setattr(module, "VACANT", 2)
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    bob.says("/join #kept")
    for room in ("#a", "#b", "#a", "#c"):
        alice.says(f"/join {room}")
        alice.says("hi")
        alice.says(f"/part {room}")
    assert list(chat.hub.rooms) == ["#lobby", "#kept", "#a", "#c"]


def test_the_rooms_of_the_time_before_are_there_again() -> None:
    """With their topics and what was said last, the lobby too; messages of then are known again."""
    chat = Chat()
    rooms = [
        KeptRoom("#Dev", "build", [said("#Dev", "green", 5)]),
        KeptRoom("#lobby", "welcome", [said("#lobby", "hi", 4)]),
        KeptRoom("#old", "", []),
    ]
    chat.hub.journal.last = 7
    chat.hub.restore(Kept(rooms, [(Mark("c1", "3"), 5)]))
    assert list(chat.hub.rooms) == ["#lobby", "#dev"]
    assert chat.hub.marks.find(Mark("c1", "3")) == 5
    assert chat.hub.pulse.flushed == 7
    (alice,) = chat.talkers("alice")
    assert chat.hub.lobby.topic == "welcome"
    alice.says("/join #dev")
    assert alice.hears()[0] == "-- You are alice, in #Dev, alone for now. Topic: build"


def test_rooms_are_as_they_were_made() -> None:
    """After a restart too: by whom the topic is, since when the room is there, and what holds in it."""
    chat = Chat()
    locked = Modes()
    locked.take(Change(Mode.INVITE_ONLY), "bob", "T2")
    rooms = [
        KeptRoom("#locked", "", [], created="T1", modes=locked),
        KeptRoom("#dev", "build", [], "bob", "T3", "T2"),
        KeptRoom("#empty", "", [], created="T1"),
    ]
    chat.hub.restore(Kept(rooms))
    assert list(chat.hub.rooms) == ["#lobby", "#dev", "#locked"]
    dev, room = chat.hub.rooms["#dev"], chat.hub.rooms["#locked"]
    assert (dev.topic_by, dev.topic_time, dev.created, dev.modes.plain) == ("bob", "T3", "T2", True)
    assert (room.created, room.modes.flags) == ("T1", {Mode.MEMBERS_ONLY, Mode.INVITE_ONLY})
