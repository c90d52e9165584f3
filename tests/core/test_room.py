"""What happens in a room is encoded once, and written once to each listener at the end of the turn."""

from __future__ import annotations

import pytest

from tests.fakes import PLAIN, Chat, Talker


@pytest.fixture
def chat() -> Chat:
    return Chat()


def test_one_event_is_encoded_once_and_written_once_to_each(chat: Chat) -> None:
    """However many listen, it costs one encoding, and each gets the same bytes in one write."""
    people = chat.talkers(*(f"p{'x' * number}" for number in range(20)))
    PLAIN.encoded.clear()
    people[0].says("hi")
    assert len(PLAIN.encoded) == 1
    sends = [person.outlet.sends for person in people[1:]]
    assert all(len(each) == 1 and each[0] is sends[0][0] for each in sends)
    assert people[0].outlet.sends == []


def test_everything_of_a_turn_is_one_write(chat: Chat) -> None:
    """Many lines in one turn are joined."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    alice.types("one")
    bob.types("two")
    alice.types("three")
    chat.turn()
    assert [len(person.outlet.sends) for person in (alice, bob, carol)] == [1, 1, 1]
    assert carol.hears() == ["<alice> one", "<bob> two", "<alice> three"]
    assert alice.hears() == ["<bob> two"]


def test_speaker_who_is_told_something_keeps_the_order(chat: Chat) -> None:
    """Answers stand where they were given among what the room said."""
    alice, bob = chat.talkers("alice", "bob")
    bob.types("one")
    alice.types("/ping")
    bob.types("two")
    alice.types("/ping")
    chat.turn()
    assert len(alice.outlet.sends) == 1
    assert alice.hears() == ["<bob> one", "-- pong", "<bob> two", "-- pong"]


def test_short_sends_are_kept(chat: Chat) -> None:
    """What the wire does not take goes to the pipe, in the room's loop as well as apart."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    bob.outlet.space = 3
    carol.outlet.space = 0
    alice.says("hello")
    assert b"".join([*bob.outlet.sends, *bob.outlet.kept]).endswith(b"<alice> hello\n")
    assert [len(chunk) for chunk in bob.outlet.sends] == [3]
    assert carol.outlet.sends == []
    assert carol.outlet.kept[0].endswith(b"<alice> hello\n")
    carol.says("/ping")
    assert carol.outlet.kept[1:] == [b"-- pong\n"]


def test_broken_connection_disturbs_nobody(chat: Chat) -> None:
    """An error in one send is the reactor's affair; the others hear."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    bob.outlet.error = ConnectionResetError()
    alice.says("hello")
    bob.says("/ping")
    assert carol.hears() == ["<alice> hello"]
    assert bob.outlet.kept == []


def test_silent_events_cost_nothing(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a wire does not speak of is not written."""
    alice, bob = chat.talkers("alice", "bob")
    monkeypatch.setattr(type(PLAIN), "encode", lambda self, heard: b"")
    alice.says("hello")
    assert bob.outlet.sends == []


def test_rooms_have_an_audience_for_each_dialect(chat: Chat) -> None:
    """Who looks at a room and who does not hear it in two ways; an audience without listeners is gone."""
    alice, bob = chat.talkers("alice", "bob")
    alice.says("/join #dev")
    lobby = chat.hub.lobby
    assert set(lobby.audiences) == {PLAIN, PLAIN.aside}
    assert list(lobby.sessions()) == [bob.session, alice.session] or len(list(lobby.sessions())) == 2
    alice.says("/join #lobby")
    assert set(lobby.audiences) == {PLAIN}
    assert set(chat.hub.rooms["#dev"].audiences) == {PLAIN.aside}


def test_who_comes_in_the_middle_of_a_turn_hears_from_then_on(chat: Chat) -> None:
    """What was said before in the same turn is not for a newcomer, what was said after leaving not either."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    (carol,) = chat.talkers("carol")
    alice.types("before")
    carol.types("/join #dev")
    alice.types("between")
    carol.types("/part #dev")
    alice.types("after")
    chat.turn()
    assert len(carol.outlet.sends) == 1
    assert [line for line in carol.hears() if line.startswith("<alice>")] == ["<alice> between"]
    heard = [line for line in bob.hears() if "<alice>" in line]
    assert heard == ["<alice> before", "<alice> between", "<alice> after"]


def test_last_listener_who_leaves_still_hears_what_was_said(chat: Chat) -> None:
    """A room that is gone at the end of the turn has still been heard."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    alice.types("bye all")
    bob.types("/part #dev")
    alice.types("/part #dev")
    chat.turn()
    assert "<alice> bye all" in bob.hears()
    assert not chat.hub.rooms["#dev"].audiences


def test_ignorers_hear_the_others_in_order(chat: Chat) -> None:
    """Whoever ignores somebody misses only them."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    alice.says("/ignore bob")
    alice.hears()
    for line in ("one", "two"):
        carol.types(line)
        bob.types(line)
    bob.types("/topic by bob")
    chat.turn()
    assert len(alice.outlet.sends) == 1
    assert alice.hears() == ["<carol> one", "<carol> two"]
    assert carol.hears() == ["<bob> one", "<bob> two", "-- bob set the topic of #lobby: by bob"]


def test_member_of_two_rooms_hears_once_of_who_leaves(chat: Chat) -> None:
    """What concerns a person is heard once, however many rooms are shared, in one write with the rest."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    chat.talkers("carol", room="#dev")
    alice.hears()
    alice.types("/say #lobby one")
    alice.types("/say #dev two")
    alice.types("/nick alicia")
    alice.types("/quit")
    bob.outlet.sends.clear()
    chat.turn()
    assert len(bob.outlet.sends) == 1
    assert bob.hears() == [
        "#lobby <alice> one",
        "<alice> two",
        "-- alice is now alicia",
        "-- alicia left",
    ]


def test_nobody_else_hears_of_who_is_alone(chat: Chat) -> None:
    """Somebody in a room of their own is not heard elsewhere."""
    alice, bob = chat.talkers("alice", "bob")
    alice.says("/join #own")
    alice.says("/part #lobby")
    bob.hears()
    alice.says("/nick alicia")
    alice.says("/away")
    assert bob.hears() == []


def test_private_words_reach_one(chat: Chat) -> None:
    """Told and invited are for two people only."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    carol.says("/ignore alice")
    carol.hears()
    alice.says("/msg carol hi")
    alice.says("/msg bob hi")
    alice.says("/msg alice hi me")
    assert bob.hears() == ["(private) <alice> hi"]
    assert carol.hears() == []
    assert alice.hears() == ["(private) <alice> hi me"]
    assert isinstance(alice, Talker)


def test_lists_of_who_is_here_stand_until_somebody_is_shown_otherwise(chat: Chat) -> None:
    """Who comes in only has to be added to them; a new nick, rank or host, and who leaves, makes them void."""
    alice, bob, _carol = chat.talkers("alice", "bob", "carol", room="#dev")
    (dave,) = chat.talkers("dave")
    room = chat.hub.rooms.find("#dev")

    def stand(talker: Talker, line: str) -> bool:
        room.rolls["a door"] = "alice, bob, carol"
        talker.says(line)
        return bool(room.rolls)

    assert stand(dave, "/join #dev")
    assert stand(alice, "/lock #dev topic")
    assert not stand(alice, "/voice #dev bob")
    assert not stand(bob, "/nick bobby")
    assert not stand(bob, "/part #dev")
    assert not stand(alice, "/kick #dev carol")
    assert not stand(dave, "/quit")
    room.rolls["a door"] = "alice"
    chat.hub.move(alice.session, "alice", "elsewhere.lan")
    assert not room.rolls
