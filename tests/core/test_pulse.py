"""The pulse beats once at the end of a turn, and writes nothing that the journal has not committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lanchat.stores.journal import MemoryJournal
from tests.fakes import Chat


class SlowJournal(MemoryJournal):
    """A journal whose disk takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []

    def commit(self, then: Callable[[], None]) -> None:
        self.waiting.append(then)

    def is_done(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def test_pulse_beats_once_a_turn_and_only_when_needed() -> None:
    """However much is said, one call is scheduled, and none in silence."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    assert chat._soon == []
    for line in ("one", "/ping", "/msg bob two", "/join #dev", "three"):
        alice.types(line)
    assert len(chat._soon) == 1
    chat.turn()
    assert chat._soon == []
    assert len(bob.outlet.sends) == 1


def test_nothing_is_written_before_it_is_committed() -> None:
    """What nobody can lose any more is heard, and what is said meanwhile waits behind it."""
    journal = SlowJournal()
    chat = Chat(journal=journal)
    people: Any = chat.talkers("alice", "bob")
    journal.is_done()
    alice, bob = people
    bob.hears()
    alice.says("one")
    alice.says("two")
    alice.says("/msg bob three")
    assert bob.hears() == []
    assert len(journal.waiting) == 1
    journal.is_done()
    assert bob.hears() == ["<alice> one", "<alice> two", "(private) <alice> three"]
    assert chat.hub.pulse.flushed == journal.last
