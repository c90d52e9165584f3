"""Who fell behind gets from the journal what was missed: once, in order, as it would have been heard."""

from __future__ import annotations

import pytest

from lanchat.core.catching_up import catch_up, fall_behind
from lanchat.core.events import Deleted
from lanchat.stores.journal import MemoryJournal
from tests.fakes import Chat, Talker
from tests.journals import LongJournal
from tests.logins import account


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


def accounts(chat: Chat, *nicks: str) -> list[Talker]:
    """Let people in who can prove who they are."""
    people = [Talker(chat, nick) for nick in nicks]
    for each in people:
        each.session.account = account(chat.hub, each.nick)
        each.enters()
    for each in people:
        each.hears()
    return people


@pytest.mark.parametrize("on_disk", [False, True])
def test_private_words_between_accounts_are_caught_up_with(on_disk: bool) -> None:
    """One's own as well, as another device of one's own said them; nobody else's, and none of a guest."""
    journal = LongJournal(2 if on_disk else 100)
    chat = Chat(journal=journal)
    alice, bob, carol = accounts(chat, "alice", "bob", "carol")
    phone = Talker(chat, "alice")
    phone.session.account = alice.session.account
    phone.enters()
    fall_behind(chat.hub, phone.session)
    phone.hears()
    bob.says("/msg alice one")
    alice.says("/msg bob two")
    carol.says("/msg bob not yours")
    bob.says("three")
    heard = said_of(chat, phone, journal)
    assert heard == ["(private) <bob> one", "(private to bob) <alice> two", "<bob> three"]


@pytest.mark.parametrize("memory", [100, 2])
def test_what_was_deleted_is_not_caught_up_with(memory: int) -> None:
    """But that it was is; numbers that are missing are no gap."""
    journal = LongJournal(memory)
    chat = Chat(journal=journal)
    alice, bob = chat.talkers("alice", "bob")
    fall_behind(chat.hub, alice.session)
    for text in ("one", "two", "three", "four"):
        bob.says(text)
    for number in [event.id for event in journal.disk if getattr(event, "text", "") in ("one", "four")]:
        event = Deleted(time=chat.hub.stamp(), nick="bob", room="#lobby", of=number)
        chat.hub.submit(bob.session, event)
        journal.delete(event, lambda refused: None)
        chat.turn()
    assert said_of(chat, alice, journal) == ["<bob> two", "<bob> three", *["-- bob took a message away in #lobby"] * 2]


def said_of(chat: Chat, talker: Talker, journal: LongJournal) -> list[str]:
    """Take all that was missed, from the disk too."""
    pieces: list[bytes] = []
    while (piece := catch_up(chat.hub, talker.session, pieces.append)) != b"":
        if piece is None:
            journal.reads()
        else:
            pieces.append(piece)
    talker.session.behind = None
    return [line.split("] ", 1)[-1] for line in b"".join(pieces).decode().split("\n") if line]
