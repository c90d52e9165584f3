"""Who fell behind gets from the journal what was missed: once, in order, as it would have been heard."""

from __future__ import annotations

from lanchat.core.catching_up import catch_up, fall_behind
from lanchat.stores.journal import MemoryJournal
from tests.fakes import Chat, Talker


def never(page: bytes) -> None:
    """Nothing comes later: memory has everything."""
    raise AssertionError(page)


def caught_up(talker: Talker) -> list[str]:
    """Take all that was missed, piece by piece, and hear with the others again."""
    missed = b""
    while piece := catch_up(talker.chat.hub, talker.session, never):
        missed += piece
    talker.session.behind = None
    talker.session.route(talker.outlet.send)
    talker.outlet.sends.append(missed)
    return talker.hears()


def test_missed_words_come_from_the_journal() -> None:
    """Each message as its room is heard, without those of other rooms and of ignored people."""
    chat = Chat()
    alice, bob, carol = chat.talkers("alice", "bob", "carol", room="#dev")
    alice.says("/ignore carol")
    alice.hears()
    fall_behind(chat.hub, alice.session)
    bob.says("one")
    bob.says("/me #lobby two")
    carol.says("never")
    bob.says("/join #else")
    bob.says("three, elsewhere")
    bob.says("/say #dev four")
    bob.says("/topic #dev five")
    assert alice.hears() == []
    assert caught_up(alice) == [
        "<bob> one",
        "#lobby * bob two",
        "<bob> four",
        "-- bob set the topic of #dev: five",
    ]
    bob.says("/say #dev six")
    assert alice.hears() == ["<bob> six"]


def test_what_is_not_flushed_yet_comes_the_usual_way() -> None:
    """A message of the turn in which somebody catches up is heard once."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    fall_behind(chat.hub, alice.session)
    bob.says("one")
    bob.types("two")
    assert caught_up(alice) == ["<bob> one", "<bob> two"]


def test_who_was_apart_when_catching_up_hears_everything_once() -> None:
    """The same for somebody who is told something in that turn."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    fall_behind(chat.hub, alice.session)
    bob.says("one")
    bob.types("two")
    alice.types("/ping")
    bob.types("three")
    assert caught_up(alice) == ["<bob> one", "<bob> two", "-- pong", "<bob> three"]


def test_long_absence_comes_in_pieces() -> None:
    """A thousand messages are no single lump."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    fall_behind(chat.hub, alice.session)
    for number in range(1_000):
        bob.says(str(number))
    first = catch_up(chat.hub, alice.session, never)
    assert 100 < first.count(b"\n") < 1_000
    alice.outlet.sends.append(first)
    assert caught_up(alice) == [f"<bob> {number}" for number in range(1_000)]


def test_gap_is_said() -> None:
    """What the journal has forgotten is named as missing, and the rest follows."""
    chat = Chat(journal=MemoryJournal(keep=3))
    alice, bob = chat.talkers("alice", "bob")
    fall_behind(chat.hub, alice.session)
    for number in range(10):
        bob.says(str(number))
    assert caught_up(alice) == [
        "-- Some messages are missing here: they are not kept any more.",
        "<bob> 7",
        "<bob> 8",
        "<bob> 9",
    ]


def test_who_keeps_up_or_is_gone_misses_nothing() -> None:
    """Only somebody who is behind is caught up."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    bob.says("one")
    assert catch_up(chat.hub, alice.session, never) == b""
    fall_behind(chat.hub, alice.session)
    bob.says("two")
    chat.hub.leave(alice.session)
    assert catch_up(chat.hub, alice.session, never) == b""


def test_who_falls_behind_on_an_answer_hears_everything_once() -> None:
    """The sendq may be full after an answer to somebody alone, just as after what everybody heard."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    alice.outlet.space = 0
    alice.outlet.keep = lambda rest: fall_behind(chat.hub, alice.session)  # type: ignore[method-assign]
    alice.says("/ping")
    assert alice.session.behind is not None
    alice.outlet.space = None
    bob.says("one")
    bob.types("two")
    assert caught_up(alice) == ["<bob> one", "<bob> two"]
    bob.says("three")
    assert alice.hears() == ["<bob> three"]
