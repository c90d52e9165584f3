"""A verb asks, the hub decides, and what happens is heard by those whom it concerns."""

from __future__ import annotations

import pytest

from lanchat.core.errors import Refused
from lanchat.core.limits import Limits
from lanchat.core.session import Session
from tests.fakes import PLAIN, Chat, Outlet, Talker


@pytest.fixture
def chat() -> Chat:
    return Chat()


def second_session(talker: Talker) -> Session:
    """Give somebody another connection, as accounts will."""
    chat = talker.chat
    session = Session(chat.hub.pulse, Outlet(), PLAIN, "other", "")
    session.member, session.view, session.present = talker.member, chat.hub.lobby, True
    talker.member.sessions[session] = None
    chat.hub.lobby.admit(session)
    chat.turn()
    return session


def test_lobby_is_there_from_the_beginning(chat: Chat) -> None:
    """An empty server has one room, and it stays when everybody leaves."""
    (alice,) = chat.talkers("alice")
    alice.says("/quit")
    assert list(chat.hub.rooms) == ["#lobby"]
    assert chat.hub.lobby.members == {}
    assert chat.hub.people.members == {}


def test_leaving_twice_is_harmless(chat: Chat) -> None:
    """Whoever has left has left."""
    alice, bob = chat.talkers("alice", "bob")
    chat.hub.leave(alice.session, "bye")
    chat.hub.leave(alice.session, "bye bye")
    assert bob.hears() == ["-- alice left (bye)"]


def test_reason_is_cut(chat: Chat) -> None:
    """A reason to quit cannot be refused, so it is cut."""
    alice, bob = chat.talkers("alice", "bob")
    alice.says("/quit " + "x" * 1_000)
    assert bob.hears() == [f"-- alice left ({'x' * 390})"]


def test_lobby_can_be_entered_under_any_limits() -> None:
    """However short rooms' names have to be, the lobby has its name."""
    chat = Chat(Limits(room=3, nick=10))
    alice = Talker(chat, "alice")
    alice.enters()
    assert alice.hears() == ["-- You are alice, in #lobby, alone for now."]
    alice.says("/join #long")
    assert alice.hears() == ["-- A room's name has at most 3 characters. Try a shorter one."]


def test_refused_newcomer_leaves_nothing_behind(chat: Chat) -> None:
    """Whoever is not let in is nowhere."""
    with pytest.raises(Refused):
        Talker(chat, "no name").enters()
    assert not chat.hub.people.members
    assert not chat.hub.lobby.members


def test_person_with_two_sessions(chat: Chat) -> None:
    """A person is present as long as one session is; both hear what is for the person."""
    alice, bob = chat.talkers("alice", "bob")
    other = second_session(alice)
    outlet: Outlet = other.pipe  # type: ignore[assignment]
    bob.says("hi")
    bob.says("/msg alice psst")
    assert alice.hears() == ["<bob> hi", "(private) <bob> psst"]
    assert b"".join(outlet.sends).decode().count("<bob>") == 2
    alice.says("/join #dev")
    assert set(other.audiences) == set(alice.session.audiences)
    alice.says("/part #dev")
    chat.hub.leave(other)
    chat.turn()
    assert bob.hears() == []
    assert not other.present
    assert other.audiences == {}
    chat.hub.leave(alice.session)
    assert bob.hears() == ["-- alice left"]


def test_private_words_to_a_person_who_does_not_read(chat: Chat) -> None:
    """Nothing private is sent where nobody reads: it would be lost."""
    alice, bob = chat.talkers("alice", "bob")
    bob.session.behind = 0
    alice.says("/msg bob hi")
    alice.says("/join #dev")
    alice.says("/invite bob")
    stuck = "-- bob's connection is stuck just now. Try again in a minute."
    assert alice.hears() == [stuck, "-- You are alice, in #dev, alone for now.", stuck]


def test_shut_is_quiet(chat: Chat) -> None:
    """When the server stops, nobody hears that everybody leaves."""
    alice, bob = chat.talkers("alice", "bob")
    chat.hub.shut()
    chat.hub.leave(alice.session)
    assert bob.hears() == []


@pytest.mark.parametrize("count", [4096, 4097])
@pytest.mark.parametrize("letter", ["x", "é", "日", "👋"])
def test_messages_are_measured_in_bytes(chat: Chat, letter: str, count: int) -> None:
    """4,096 bytes of UTF-8 fit, one more does not."""
    alice, bob = chat.talkers("alice", "bob")
    size = len(letter.encode())
    text = letter * (4096 // size) + "x" * (count - 4096 // size * size)
    alice.says(text)
    assert bob.hears() == ([f"<alice> {text}"] if count == 4096 else [])


def test_limits_can_be_switched_off() -> None:
    """0 is without limit."""
    chat = Chat(Limits(message=0, topic=0, rooms=0, room=0, nick=0))
    alice, bob = chat.talkers("alice", "bob")
    for number in range(60):
        alice.says(f"/join #{number}{'x' * 100}")
    alice.says("/away " + "x" * 10_000)
    assert len(alice.member.rooms) == 61
    bob.hears()
    alice.says("/msg bob " + "x" * 100_000)
    assert len(bob.hears()[0]) > 100_000


def test_events_are_numbered_in_their_order(chat: Chat) -> None:
    """Every event has a number of its own, rising, and a time."""
    alice, _ = chat.talkers("alice", "bob")
    before = chat.hub.journal.last
    PLAIN.encoded.clear()
    alice.says("one")
    alice.says("two")
    ids = [event.id for event in PLAIN.encoded if hasattr(event, "id")]  # type: ignore[union-attr]
    assert ids == [before + 1, before + 2]


def test_who_comes_and_goes_is_noted(chat: Chat) -> None:
    """The log's way in hears of joining, parting and renaming, never of what is said."""
    noted: list[str] = []
    chat.hub.noted = lambda event, origin: noted.append(f"{origin.nick} {type(event).__name__}")
    (alice,) = chat.talkers("alice")
    for line in ("/join #dev", "hello", "/me waves", "/topic x", "/nick alicia", "/msg alicia x", "/part"):
        alice.says(line)
    assert noted == ["alice Joined", "alice Joined", "alice Renamed", "alicia Parted"]


def test_who_turns_to_somebody_away_is_told_once(chat: Chat) -> None:
    """By a message or an invitation, whichever comes first; a notice is never answered."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    bob.says("/away lunch")
    for one in (alice, carol):
        one.hears()
    chat.hub.tell(alice.session, bob.member, "hi", notice=True)
    assert alice.hears() == []
    alice.says("/msg bob hi")
    alice.says("/msg bob hi")
    assert alice.hears() == ["-- bob is away: lunch"]
    carol.says("/join #dev")
    carol.hears()
    carol.says("/invite bob")
    assert carol.hears() == ["-- bob is invited to #dev", "-- bob is away: lunch"]


def test_somebody_may_be_moved(chat: Chat) -> None:
    """They are shown with another user name and host, and find nothing in it to read."""
    alice, bob = chat.talkers("alice", "bob")
    chat.hub.move(alice.session, "al", "admin.room-1.lan")
    assert alice.member.mask == "alice!al@admin.room-1.lan"
    assert (alice.hears(), bob.hears()) == ([], [])


def test_people_say_what_they_are_called(chat: Chat) -> None:
    """It is theirs to say, and /whois shows it."""
    alice, bob = chat.talkers("alice", "bob")
    chat.hub.describe(bob.session, "Bob B.")
    assert bob.hears() == ["-- Your name is shown as Bob B. now"]
    bob.member.bot = True
    alice.says("/whois bob")
    (line,) = alice.hears()
    assert line.startswith("-- bob (Bob B.) is in #lobby, by test, since ")
    assert line.endswith(" A program.")


def test_invisible_people_are_named_to_those_who_share_a_room(chat: Chat) -> None:
    """Others see them only when they know the nick."""
    alice, bob = chat.talkers("alice", "bob")
    bob.says("/join #dev")
    bob.says("/part #lobby")
    bob.member.invisible = True
    alice.hears()
    alice.says("/names #dev")
    alice.says("/join #dev")
    alice.says("/names")
    assert alice.hears() == [
        "-- Nobody is in #dev.",
        "-- You are alice, in #dev with bob.",
        "-- 2 in #dev: alice, bob (op)",
    ]


def test_an_invitation_is_heard_by_the_ops(chat: Chat) -> None:
    """Who is in charge knows who was asked in."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    chat.talkers("carol")
    alice.hears()
    bob.says("/invite carol")
    assert alice.hears() == ["-- bob invites carol to #dev"]
