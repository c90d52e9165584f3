"""A session collects what it is told, and lets go of it once, at the end of the turn."""

from __future__ import annotations

from lanchat.core.replies import Pong
from tests.fakes import Chat, Talker


def test_session_without_a_name_can_be_told_something() -> None:
    """Whoever is not in yet gets answers, too, and is nobody."""
    talker = Talker(Chat(), "alice")
    assert talker.session.nick == ""
    talker.session.tell(Pong())
    talker.session.tell(Pong())
    talker.session.put(b"")
    talker.chat.turn()
    assert talker.outlet.sends == [b"-- pong\n-- pong\n"]


def test_close_writes_first_and_finishes_once() -> None:
    """The goodbye is written before the end, and ending twice is ending once."""
    chat = Chat()
    (alice,) = chat.talkers("alice")
    alice.types("/quit")
    alice.session.close()
    assert alice.outlet.finished == 0
    chat.turn()
    assert alice.outlet.sends == [b"-- Bye.\n"]
    assert alice.outlet.finished == 1


def test_close_without_a_word() -> None:
    """Nothing to say is no reason not to end."""
    talker = Talker(Chat(), "alice")
    talker.session.close()
    talker.chat.turn()
    assert talker.outlet.sends == []
    assert talker.outlet.finished == 1


def test_route_is_taken_from_now_on() -> None:
    """A pipe that goes another way is followed in every room, apart or not."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    other: list[bytes] = []

    def send(data: bytes) -> int:
        other.append(data)
        return len(data)

    alice.session.route(send)
    bob.says("hi")
    bob.says("/say #lobby hi")
    assert len(other) == 2
    alice.types("/ping")
    alice.session.route(alice.outlet.send)
    chat.turn()
    assert alice.outlet.sends == [b"-- pong\n"]
    bob.says("again")
    assert len(other) == 2
    assert len(alice.outlet.sends) == 2
