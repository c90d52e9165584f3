"""Rooms and marks come back as they were, filed or not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanchat.core.events import Changed, Joined, Kicked, Parted, Said, Topic
from lanchat.core.journal import KeptRoom, Mark
from lanchat.core.modes import FLAGS, LISTS, RANKS, Change, Listed, Mode, Modes
from lanchat.stores import remembering
from lanchat.stores.journal import KeptEvent
from lanchat.stores.kept_modes import encode_modes
from lanchat.stores.remembering import kept
from lanchat.stores.turns import Turn
from tests.stores.hands import Disks
from tests.stores.rows import journal, said, stamp


def topic(number: int, text: str, room: str) -> Topic:
    return Topic(id=number, time=stamp(number), room=room, nick="bob", text=text)


def joined(number: int, room: str, nick: str = "bob") -> Joined:
    return Joined(id=number, time=stamp(number), room=room, nick=nick)


def changed(number: int, room: str, *changes: Change, nick: str = "bob") -> Changed:
    return Changed(id=number, time=stamp(number), room=room, nick=nick, changes=[*changes])


def test_rooms_come_back() -> None:
    """Those used last first, each with its name, its topic and what was said there last; filed or not."""
    happened: list[KeptEvent] = [
        topic(1, "old", "#Dev"),
        said(2, "one", "#Dev"),
        said(3, "two", "#dev"),
        said(4, "three", "#dev"),
        topic(5, "silence", "#still"),
        joined(6, "#empty"),
        said(7, "hi", "#lobby"),
        topic(8, "new", "#Dev"),
        topic(9, "gone soon", "#gone"),
        topic(10, "", "#gone"),
        said(11, "four", "#Dev"),
    ]
    spoken: list[Any] = [happened[3], happened[10]]
    dev = KeptRoom("#Dev", "new", spoken, "bob", stamp(8), stamp(1))
    lobby = KeptRoom("#lobby", "", [happened[6]], created=stamp(7))  # type: ignore[list-item]
    still = KeptRoom("#still", "silence", [], "bob", stamp(5), stamp(5))
    for filed in range(12):
        turns = [Turn(happened[start : start + 2]) for start in range(filed, 11, 2)]
        assert kept(journal(happened[:filed], *turns), backlog=2, marks=9).rooms == [dev, lobby, still]
        bare = kept(journal(happened[:filed], *turns), backlog=0, marks=9).rooms
        assert bare == [dev._replace(spoken=[]), lobby._replace(spoken=[]), still]


def test_only_so_many_rooms_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were used last; one that only the tail speaks of still has its topic."""
    monkeypatch.setattr(remembering, "ROOMS", 2)
    talk = [said(number, "hi", f"#{number}") for number in range(1, 6)]
    assert [room.name for room in kept(journal(talk), backlog=1, marks=0).rooms] == ["#5", "#4"]
    again = said(9, "again", "#1")
    rooms = kept(journal([topic(0, "first", "#1"), *talk], Turn([again])), backlog=5, marks=0).rooms
    assert rooms == [
        KeptRoom("#1", "first", [talk[0], again], "bob", stamp(0), stamp(0)),
        KeptRoom("#5", "", [talk[4]], created=stamp(5)),
    ]


def test_a_locked_room_comes_back_locked() -> None:
    """With its key, its limit and its lists, by whom and since when; ranks of guests are gone."""
    happened: list[KeptEvent] = [
        joined(1, "#dev"),
        changed(2, "#dev", Change(Mode.INVITE_ONLY), Change(Mode.OP, value="bob"), Change(Mode.KEY, value="xyzzy")),
        Kicked(id=3, time=stamp(3), room="#dev", nick="bob", who="ann"),
        changed(4, "#dev", Change(Mode.BAN, value="Ann!*@*"), Change(Mode.LIMIT, value="5"), nick="al"),
        changed(5, "#dev", Change(Mode.BAN, value="x!*@*"), Change(Mode.MEMBERS_ONLY, on=False)),
        changed(6, "#dev", Change(Mode.BAN, on=False, value="X!*@*"), Change(Mode.VOICE, value="al")),
        Parted(id=7, time=stamp(7), room="#dev", nick="bob"),
    ]
    for filed in range(8):
        (room,) = kept(
            journal(happened[:filed], Turn(happened[filed:] or [joined(8, "#dev")])), backlog=1, marks=0
        ).rooms
        modes = room.modes
        assert modes
        assert modes.flags == {Mode.INVITE_ONLY}
        assert (modes.key, modes.limit, room.created) == ("xyzzy", 5, stamp(1))
        assert {mode: listed for mode, listed in modes.lists.items() if listed} == {
            Mode.BAN: {"ann!*@*": Listed("Ann!*@*", "al", stamp(4))}
        }
        assert not modes.ranked


def test_a_room_that_is_somebodys_comes_back_so() -> None:
    """With the ranks of accounts, slow mode, who is muted until when, and why; filed or not."""
    happened: list[KeptEvent] = [
        changed(1, "#dev", Change(Mode.FOUNDER, value="Al", kept=True), nick=""),
        changed(2, "#dev", Change(Mode.OP, value="bob", kept=True), Change(Mode.OP, value="guest"), nick="Al"),
        changed(3, "#dev", Change(Mode.MUTE, value="account:Ann", until=stamp(90), reason="adverts"), nick="bob"),
        changed(4, "#dev", Change(Mode.OP, on=False, value="BOB"), Change(Mode.SLOW, value="10"), nick="Al"),
        changed(5, "#dev", Change(Mode.READ_ONLY), Change(Mode.VOICE, value="bob", kept=True), nick="Al"),
    ]
    for filed in range(6):
        tail = Turn(happened[filed:] or [joined(8, "#dev")])
        (room,) = kept(journal(happened[:filed], tail), backlog=1, marks=0).rooms
        modes = room.modes
        assert modes
        assert modes.flags == {Mode.MEMBERS_ONLY, Mode.READ_ONLY}
        assert modes.slow == 10
        assert modes.lists[Mode.MUTE] == {
            "account:ann": Listed("account:Ann", "bob", stamp(3), stamp(90), "adverts"),
        }
        assert modes.ranks == {
            Mode.FOUNDER: {"al": Listed("Al", "", stamp(1))},
            Mode.OP: {},
            Mode.VOICE: {"bob": Listed("bob", "Al", stamp(5))},
        }
        assert modes.over(stamp(89)) == []
        assert modes.over(stamp(90)) == [Change(Mode.MUTE, False, "account:Ann")]


def test_a_room_that_was_unlocked_is_as_any_other() -> None:
    """Nothing is left of what held there."""
    happened = [changed(1, "#dev", Change(Mode.HIDDEN)), changed(2, "#dev", Change(Mode.HIDDEN, on=False))]
    for filed in range(3):
        tail = Turn(happened[filed:] or [joined(3, "#dev")])
        assert kept(journal(happened[:filed], tail), backlog=1, marks=0).rooms == []


BROKEN = [
    "{",
    "[]",
    "{}",
    '{"flags":["hidden"],"limit":-1}',
    '{"flags":[],"key":5}',
    '{"flags":[],"slow":-1}',
    '{"flags":[],"ranks":{"op":["bob"]}}',
    '{"flags":[],"lists":{"ban":[["address:everywhere","bob","x"]]}}',
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_room_whose_modes_cannot_be_read_is_closed(broken: str) -> None:
    """It may have been locked; the lobby is open, or nobody could come into the chat."""
    connection = journal([said(1, "hi", "#Lobby"), said(2, "hi", "#dev")])
    connection.execute("update room set modes = ?", (broken,))
    dev, lobby = kept(connection, backlog=1, marks=0).rooms
    assert dev.modes
    assert dev.modes.flags == {Mode.MEMBERS_ONLY, Mode.INVITE_ONLY, Mode.HIDDEN}
    assert lobby.modes
    assert lobby.modes.plain


def test_what_has_no_name_here_is_passed_over() -> None:
    """Another version may know more modes."""
    connection = journal([said(1, "hi")])
    modes = (
        '{"flags":["hidden","purple"],"lists":{"ban":[["a!*@*","bob","x"]],"praise":[["b!*@*","bob","x"]]},'
        '"ranks":{"king":[["al","","x"]]}}'
    )
    connection.execute("update room set modes = ?", (modes,))
    (room,) = kept(connection, backlog=1, marks=0).rooms
    assert room.modes
    assert encode_modes(room.modes) == '{"flags":["hidden"],"lists":{"ban":[["a!*@*","bob","x","","",""]]}}'


def test_a_limit_that_is_none_stops_nothing() -> None:
    """Whatever let it happen: the rest of the change holds, and filing goes on."""
    event = changed(1, "#dev", Change(Mode.LIMIT, value="many"), Change(Mode.SLOW, value="down"), Change(Mode.HIDDEN))
    for connection in (journal([event]), journal([], Turn([event]))):
        (room,) = kept(connection, backlog=1, marks=0).rooms
        assert room.modes
        assert (room.modes.limit, room.modes.flags) == (0, {Mode.MEMBERS_ONLY, Mode.HIDDEN})


MASKS = st.sampled_from(["bob!*@*", "Bob!*@*", "ß!*@*", "*!*@x.lan", "account:Bob", "address:192.168.7.0/24"])
ENDS = st.sampled_from(["", stamp(1), stamp(900)])
NAMES = st.sampled_from(["al", "Al", "ß", "bob"])
NUMBERS = st.integers(1, 99).map(str)
CHANGES = st.one_of(
    st.builds(
        Change, mode=st.sampled_from(LISTS), on=st.booleans(), value=MASKS, until=ENDS, reason=st.text(max_size=3)
    ),
    st.builds(Change, mode=st.sampled_from(RANKS), on=st.booleans(), value=NAMES, kept=st.booleans()),
    st.builds(Change, mode=st.sampled_from([Mode.LIMIT, Mode.SLOW]), on=st.booleans(), value=NUMBERS),
    st.builds(Change, mode=st.just(Mode.KEY), on=st.booleans(), value=st.text(max_size=3)),
    st.builds(Change, mode=st.sampled_from(FLAGS), on=st.booleans()),
)


@settings(deadline=None)
@given(happened=st.lists(st.lists(CHANGES, max_size=4), min_size=1, max_size=12), filed=st.integers(0, 12))
def test_modes_come_back_as_they_were(happened: list[list[Change]], filed: int) -> None:
    """Whatever was changed, and however much of that is filed."""
    events = [changed(number, "#dev", *each) for number, each in enumerate(happened, 1)]
    expected = Modes()
    for event in events:
        for change in event.changes:
            expected.take(change, event.nick, event.time)
    tail = [Turn(events[filed:])] if events[filed:] else []
    rooms = kept(journal(events[:filed], *tail), backlog=1, marks=0).rooms
    assert bool(rooms) is not expected.plain
    for room in rooms:
        assert room.modes
        for name in ("flags", "key", "limit", "lists", "ranks", "slow"):
            assert getattr(room.modes, name) == getattr(expected, name)


def test_what_clients_said_along_comes_back() -> None:
    """A notice is one still, and tags are with their text."""
    notice = Said(id=1, time=stamp(1), room="#dev", nick="bot", text="built", notice=True, tags={"draft/reply": "7"})
    for connection in (journal([notice]), journal([], Turn([notice]))):
        (room,) = kept(connection, backlog=1, marks=0).rooms
        assert room.spoken == [notice]


def test_marks_come_back() -> None:
    """The newest of them, the oldest first; filed or not."""
    turn = Turn([said(5, "hi")], [("c", "7", 4), ("d", "1", 5)])
    connection = journal([], turn)
    connection.executemany("insert into mark values (?, ?, ?)", [(1, "c", "5"), (3, "c", "6")])
    marks = [(Mark("c", "5"), 1), (Mark("c", "6"), 3), (Mark("c", "7"), 4), (Mark("d", "1"), 5)]
    assert kept(connection, backlog=1, marks=9).marks == marks
    assert kept(connection, backlog=1, marks=3).marks == marks[1:]


@pytest.mark.parametrize("filed", [False, True])
def test_places_of_private_words_come_back_and_are_no_rooms(disks: Disks, filed: bool) -> None:
    """However many there are; what was told is found there, and a message that is sent once more is known again."""
    chat = disks.open()
    chat.say("public")
    chat.confide("one", mark=Mark("phone", "7"))
    chat.confide("two", nick="Carol", to="alice")
    chat.tell("never kept")
    chat.delete(chat.confide("three", nick="dave", to="dave"))
    if filed:
        chat.turn()
        chat.file()
        chat.close()
    else:
        chat.turn()
        chat.crash()
    chat = disks.open()
    assert [room.name for room in disks.kept.rooms] == ["#lobby"]
    assert list(disks.kept.places) == ["@alice@bob", "@alice@carol", "@dave"]
    assert list(disks.kept.marks) == [(Mark("phone", "7"), 2)]
    assert chat.find(*disks.kept.places, spoken=True) == [2, 3]


def test_places_go_when_all_that_was_told_there_was_too_old(disks: Disks) -> None:
    """As rooms do."""
    chat = disks.open(keep_seconds=60)
    chat.confide("one")
    chat.turn()
    chat.wait(200)
    chat.close()
    disks.open()
    assert list(disks.kept.places) == []
