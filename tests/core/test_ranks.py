"""The ranks of accounts in rooms: they are given back, and make a room somebody's."""

from __future__ import annotations

import pytest

from lanchat.core import ranks, rooms
from lanchat.core.modes import Mode
from tests.fakes import Chat, Talker
from tests.logins import account, logins


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    for name in ("alice", "bob"):
        account(chat.hub, name)
    return chat


def comes(chat: Chat, name: str, *, room: str = "") -> Talker:
    """Let somebody log in and come in, and forget what they heard on the way."""
    talker = Talker(chat, name)
    talker.logs_in()
    talker.enters()
    if room:
        talker.says(f"/join {room}")
    talker.hears()
    return talker


def rank(chat: Chat, talker: Talker, room: str) -> Mode | None:
    return chat.hub.rooms[room].rank(talker.member)


def test_who_makes_a_room_with_an_account_is_its_founder(chat: Chat) -> None:
    """They are again whenever they come in; and nobody becomes op by coming into it while it is empty."""
    alice = comes(chat, "alice")
    alice.says("/join #dev")
    assert alice.hears()[0] == "-- alice is a founder of #dev"
    alice.says("/quit")
    (guest,) = chat.talkers("guest", room="#dev")
    assert rank(chat, guest, "#dev") is None
    alice = comes(chat, "alice", room="#dev")
    assert rank(chat, alice, "#dev") is Mode.FOUNDER
    assert guest.hears() == [
        "-- alice joined #lobby",
        "-- alice joined #dev",
        "-- alice is a founder of #dev",
    ]


def test_a_guest_has_a_rank_until_they_leave(chat: Chat) -> None:
    """A nick proves nothing: the room is nobody's again, and whoever comes first is in charge."""
    (guest,) = chat.talkers("guest", room="#dev")
    guest.says("hi")
    assert rank(chat, guest, "#dev") is Mode.OP
    guest.says("/part #dev")
    guest.says("/join #dev")
    assert rank(chat, guest, "#dev") is Mode.OP
    guest.says("/quit")
    alice = comes(chat, "alice", room="#dev")
    assert rank(chat, alice, "#dev") is Mode.OP
    assert chat.hub.rooms["#dev"].modes.kept_rank("alice") is Mode.OP


def test_the_lobby_is_nobodys(chat: Chat) -> None:
    """Who comes into the chat first founds nothing."""
    alice = comes(chat, "alice")
    assert rank(chat, alice, "#lobby") is None
    assert not chat.hub.lobby.modes.ranked


def test_who_logs_in_or_registers_keeps_the_rank_that_they_have(chat: Chat) -> None:
    """The higher one of that and what the account has already."""
    guest, carol = chat.talkers("guest", "carol")
    for each, room in ((guest, "#dev"), (carol, "#lan")):
        each.says(f"/join {room}")
    carol.says("/register correct horse")
    assert chat.hub.rooms["#lan"].modes.kept_rank("carol") is Mode.OP
    chat.hub.rooms["#dev"].modes.ranks[Mode.VOICE]["bob"] = chat.hub.rooms["#lan"].modes.ranks[Mode.OP]["carol"]
    guest.logs_in("bob")
    assert chat.hub.rooms["#dev"].modes.kept_rank("bob") is Mode.OP


def test_a_device_is_not_given_what_its_member_has(chat: Chat) -> None:
    """One more device changes no rank."""
    comes(chat, "alice", room="#dev")
    last = chat.hub.journal.last
    comes(chat, "alice", room="#dev")
    assert chat.hub.journal.last == last


def test_nobody_has_rooms_without_end(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms that are somebody's are not forgotten, so the next one is theirs only while they are there."""
    monkeypatch.setattr(ranks, "MOST", 2)
    alice = comes(chat, "alice", room="#one")
    alice.says("/join #two")
    alice.hears()
    alice.says("/join #three")
    assert alice.hears()[0].startswith("-- 2 rooms are yours already: #three is not kept for you.")
    assert rank(chat, alice, "#three") is Mode.OP
    alice.says("/quit")
    assert set(chat.hub.rooms) == {"#lobby", "#one", "#two"}
    alice = comes(chat, "alice", room="#one")
    assert rank(chat, alice, "#one") is Mode.FOUNDER


def test_a_room_that_is_somebodys_outlasts_those_that_are_nobodys(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many rooms stand empty, one goes first that anybody could have made."""
    monkeypatch.setattr(rooms, "VACANT", 2)
    comes(chat, "alice", room="#hers").says("/quit")
    (guest,) = chat.talkers("guest")
    for name in ("#one", "#two", "#three"):
        guest.says(f"/join {name}")
        guest.says("hi")
    guest.says("/quit")
    assert "#hers" in chat.hub.rooms
    assert len(chat.hub.rooms.vacant) == 2


def test_a_room_whose_founders_are_gone_is_nobodys(chat: Chat) -> None:
    """What an account had in a room it leaves to nobody who gets its name."""
    comes(chat, "alice", room="#dev").says("hi")
    room = chat.hub.rooms["#dev"]
    for change in ranks.bequeathed(room.modes, "Alice"):
        room.modes.take(change, "", "")
    assert not room.modes.ranked
