"""Who may come into a room, speak there, and change it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lanchat.core import room as module
from lanchat.core.errors import Refused
from lanchat.core.members import Member
from lanchat.core.modes import Change, Mode
from lanchat.core.room import Room
from lanchat.core.rules import check_entry, check_inside, check_op, check_speech, is_seen, is_shown
from tests.fakes import Chat, Talker

BAN, EXEMPT, ALLOWED = Mode.BAN, Mode.EXEMPT, Mode.ALLOWED
FLAGS = {mode.value: mode for mode in Mode}


class Dev:
    """A room with an op, somebody who has voice, and somebody who has nothing; and one who is outside."""

    def __init__(self) -> None:
        self.chat = Chat()
        op, voiced, member = self.chat.talkers("op", "voiced", "member", room="#dev")
        (self.talker,) = self.chat.talkers("outsider")
        self.room: Room = self.chat.hub.rooms["#dev"]
        self.room.ranked[Mode.VOICE][voiced.member] = None
        self.who: dict[str, Member] = {
            "op": op.member,
            "voiced": voiced.member,
            "member": member.member,
            "outsider": self.talker.member,
        }

    def set(self, *modes: Mode, **values: str) -> None:
        for mode in modes:
            self.room.modes.take(Change(mode), "op", "")
        for name, value in values.items():
            self.room.modes.take(Change(FLAGS[name], bool(value), value), "op", "")


@pytest.fixture
def dev() -> Dev:
    return Dev()


def refused(check: Callable[[], None]) -> str:
    try:
        check()
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("values", "flags", "key", "code"),
    [
        ({}, (), "", ""),
        ({"ban": "outsider!*@*"}, (), "", "banned"),
        ({"ban": "outsider!*@*", "exempt": "*!*@*"}, (), "", ""),
        ({"ban": "somebody!*@*"}, (), "", ""),
        ({}, (Mode.INVITE_ONLY,), "", "invite-only"),
        ({"allowed": "out*!*@*"}, (Mode.INVITE_ONLY,), "", ""),
        ({"allowed": "out*!*@*", "ban": "*!*@*"}, (Mode.INVITE_ONLY,), "", "banned"),
        ({"key": "sesame"}, (), "", "wrong-key"),
        ({"key": "sesame"}, (), "Sesame", "wrong-key"),
        ({"key": "sesame"}, (), "sesame", ""),
        ({"limit": "3"}, (), "", "room-full"),
        ({"limit": "4"}, (), "", ""),
        ({}, (Mode.MODERATED, Mode.HIDDEN, Mode.TOPIC_LOCKED), "", ""),
    ],
)
def test_entry(dev: Dev, values: dict[str, str], flags: tuple[Mode, ...], key: str, code: str) -> None:
    """Each lock keeps out whom it is there for; an invitation opens all but a ban, and an admin comes in anyway."""
    dev.set(*flags, **values)
    outsider = dev.who["outsider"]
    assert refused(lambda: check_entry(dev.room, outsider, key)) == code
    dev.room.invited.add(outsider)
    assert refused(lambda: check_entry(dev.room, outsider, key)) == ("banned" if code == "banned" else "")
    outsider.admin = True
    assert refused(lambda: check_entry(dev.room, outsider)) == ""


def test_the_lobby_is_open(dev: Dev) -> None:
    """Whatever holds there, everybody comes into the chat by it."""
    dev.room = dev.chat.hub.lobby
    dev.set(Mode.INVITE_ONLY, ban="*!*@*", key="x", limit="1")
    check_entry(dev.room, dev.who["outsider"])


@pytest.mark.parametrize(
    ("values", "flags", "may"),
    [
        ({}, (), "op voiced member"),
        ({}, (Mode.MODERATED,), "op voiced"),
        ({}, (Mode.READ_ONLY,), "op"),
        ({"mute": "*!*@*"}, (), "op voiced"),
        ({"mute": "*!*@*", "exempt": "member!*@*"}, (), "op voiced member"),
        ({"ban": "*!*@*"}, (), "op voiced"),
        ({"ban": "*!*@*", "exempt": "member!*@*"}, (), "op voiced member"),
        ({"ban": "somebody!*@*"}, (), "op voiced member"),
        ({"members-only": ""}, (), "op voiced member outsider"),
        ({"members-only": "", "ban": "*!*@*"}, (), "op voiced"),
        ({"members-only": ""}, (Mode.MODERATED,), "op voiced"),
    ],
)
def test_speech(dev: Dev, values: dict[str, str], flags: tuple[Mode, ...], may: str) -> None:
    """Who has a rank speaks always, others where nothing is against it, outsiders where it is open to them."""
    dev.set(*flags, **values)
    found = {name: refused(lambda who=who: check_speech(dev.room, who)) for name, who in dev.who.items()}
    outside = "not-there" if Mode.MEMBERS_ONLY in dev.room.modes.flags else "may-not-speak"
    silent = {"member": "may-not-speak", "voiced": "may-not-speak", "outsider": outside}
    assert found == {name: "" if name in may.split() else silent[name] for name in dev.who}


def test_admins_may_speak_where_they_are(dev: Dev) -> None:
    """Nobody silences an admin, who has to be there all the same."""
    dev.set(Mode.MODERATED)
    dev.who["member"].admin = dev.who["outsider"].admin = True
    check_speech(dev.room, dev.who["member"])
    assert refused(lambda: check_speech(dev.room, dev.who["outsider"])) == "not-there"


def test_ops_and_admins_change_a_room(dev: Dev) -> None:
    """And nobody else does; in the lobby only admins do."""
    for name, who in dev.who.items():
        assert refused(lambda who=who: check_op(dev.room, who)) == ("" if name == "op" else "not-op")
    with pytest.raises(Refused, match="only an admin of the server"):
        check_op(dev.chat.hub.lobby, dev.who["op"])
    dev.who["outsider"].admin = True
    check_op(dev.room, dev.who["outsider"])
    check_op(dev.chat.hub.lobby, dev.who["outsider"])


def test_being_inside(dev: Dev) -> None:
    """Whoever is not there is told the way."""
    check_inside(dev.room, dev.who["member"])
    with pytest.raises(Refused, match="You are not in #dev"):
        check_inside(dev.room, dev.who["outsider"])


def test_hidden_rooms_are_shown_to_those_in_them(dev: Dev) -> None:
    """And to admins."""
    member, outsider = dev.who["member"], dev.who["outsider"]
    assert is_shown(dev.room, outsider)
    dev.set(Mode.HIDDEN)
    assert is_shown(dev.room, member)
    assert not is_shown(dev.room, outsider)
    outsider.admin = True
    assert is_shown(dev.room, outsider)


def test_invisible_people_are_seen_by_those_who_share_a_room(dev: Dev) -> None:
    """And by themselves, and by admins."""
    member, outsider = dev.who["member"], dev.who["outsider"]
    outsider.invisible = True
    assert is_seen(outsider, member)
    dev.talker.says("/join #far")
    dev.talker.says("/part #lobby")
    assert not is_seen(outsider, member)
    assert is_seen(outsider, outsider)
    assert is_seen(member, outsider)
    member.admin = True
    assert is_seen(outsider, member)


def test_who_dropped_out_of_a_locked_room_may_come_back() -> None:
    """Under the same nick from the same host; who left it or was made to may not."""
    chat = Chat()
    alice, bob, carol = chat.talkers("alice", "bob", "carol", room="#dev")
    alice.says("/lock")
    bob.says("/quit")
    carol.says("/part #dev")
    again, other = Talker(chat, "bob"), Talker(chat, "bobby")
    for each in (again, other):
        each.enters()
    for each in (again, other, carol):
        each.says("/join #dev")
    members = chat.hub.rooms["#dev"].members
    assert [member.nick for member in members] == ["alice", "bob"]
    alice.says("/kick #dev bob")
    again.says("/quit")
    third = Talker(chat, "bob")
    third.enters()
    third.says("/join #dev")
    assert third.member not in members


@pytest.mark.parametrize("lock", ["/lock", "/lock key 12345"])
def test_a_new_lock_is_for_those_who_dropped_too(lock: str) -> None:
    """Ops who give a room another key while somebody is gone mean that one, too."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    alice.says("/lock key sesame")
    bob.says("/quit")
    alice.says("/lock limit 20")
    again = Talker(chat, "bob")
    again.enters()
    assert chat.hub.rooms["#dev"].expects(again.member)
    alice.says(lock)
    again.says("/join #dev")
    assert again.member not in chat.hub.rooms["#dev"].members


def test_not_everybody_who_dropped_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who dropped longest ago are forgotten."""
    monkeypatch.setattr(module, "_RETURNING", 1)
    chat = Chat()
    alice, bob, carol = chat.talkers("alice", "bob", "carol", room="#dev")
    for line in ("/lock", "/quit"):
        alice.says(line)
    bob.says("/quit")
    room = chat.hub.rooms["#dev"]
    assert not room.expects(alice.member)
    assert room.expects(bob.member)
    assert not room.expects(carol.member)


def test_the_rooms_of_invisible_people_are_told_to_those_who_share_them(dev: Dev) -> None:
    """Whichever door asks."""
    dev.who["member"].invisible = True
    for line in ("/whois member", "/join #dev", "/whois member"):
        dev.talker.hears()
        dev.talker.says(line)
        if "whois" in line:
            rooms = "#dev, #lobby" if dev.who["outsider"] in dev.room.members else "#lobby"
            assert dev.talker.hears()[0].startswith(f"-- member is in {rooms}, by")
