"""The pulse beats once at the end of a turn, and writes nothing that the journal has not committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.pulse import LONG
from lanchat.stores.journal import MemoryJournal
from tests.fakes import Chat, Talker


class SlowJournal(MemoryJournal):
    """A journal whose disk takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []
        self.turn: Callable[[], None] = lambda: None

    def commit(self, then: Callable[[], None]) -> None:
        self.waiting.append(then)

    def commits(self) -> None:
        """Have the one commit that is under way done."""
        (then,) = self.waiting
        self.waiting.clear()
        then()
        self.turn()


def slow_chat(*nicks: str) -> tuple[Any, ...]:
    """A chat on a slow journal, with people who have heard all that there was."""
    journal = SlowJournal()
    chat = Chat(journal=journal)
    journal.turn = chat.turn
    people = chat.talkers(*nicks)
    while journal.waiting:
        journal.commits()
    for one in people:
        one.hears()
    return chat, journal, *people


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
    """What was said while a commit was under way waits for the next one: that commit knew nothing of it."""
    chat, journal, alice, bob = slow_chat("alice", "bob")
    alice.says("one")
    alice.says("two")
    alice.says("three")
    assert bob.hears() == []
    assert len(journal.waiting) == 1
    journal.commits()
    assert bob.hears() == ["<alice> one"]
    assert chat.hub.pulse.flushed == journal.last - 2
    journal.commits()
    assert bob.hears() == ["<alice> two", "<alice> three"]
    assert chat.hub.pulse.flushed == journal.last
    assert journal.waiting == []


def test_a_commit_that_is_under_way_stays_in_order_for_who_steps_apart() -> None:
    """Who gets something of his own meanwhile still hears what was sealed first, and once."""
    _, journal, alice, bob, carol = slow_chat("alice", "bob", "carol")
    alice.says("one")
    bob.says("/ping")
    alice.says("two")
    journal.commits()
    assert carol.hears() == ["<alice> one"]
    assert bob.hears() == []
    journal.commits()
    assert bob.hears() == ["<alice> one", "-- pong", "<alice> two"]
    assert carol.hears() == ["<alice> two"]


def test_who_comes_during_a_commit_does_not_hear_what_was_said_before() -> None:
    """What is under way is for those who were there."""
    chat, journal, alice, bob = slow_chat("alice", "bob")
    alice.says("before")
    carol = Talker(chat, "carol")
    carol.enters()
    alice.says("after")
    journal.commits()
    assert carol.hears() == []
    assert bob.hears() == ["<alice> before"]
    journal.commits()
    assert carol.hears()[-1] == "<alice> after"
    assert bob.hears() == ["-- carol joined #lobby", "<alice> after"]


def test_who_leaves_a_room_during_a_commit_still_hears_what_was_said_there() -> None:
    """It was said while they were there."""
    _, journal, alice, bob = slow_chat("alice", "bob")
    for one in (alice, bob):
        one.says("/join #dev")
    while journal.waiting:
        journal.commits()
    alice.hears()
    bob.hears()
    alice.says("one")
    bob.says("/part #dev")
    alice.says("two")
    journal.commits()
    journal.commits()
    assert [line for line in bob.hears() if line.startswith("<")] == ["<alice> one"]


def test_who_quits_during_a_commit_gets_everything_before_the_end() -> None:
    """The connection ends when the last words are out, not before."""
    _, journal, alice, bob = slow_chat("alice", "bob")
    alice.says("one")
    bob.says("/quit")
    journal.commits()
    assert bob.outlet.finished == 0
    journal.commits()
    assert bob.hears() == ["<alice> one", "-- Bye."]
    assert bob.outlet.finished == 1


def test_who_stands_apart_in_turn_after_turn_hears_everything_once() -> None:
    """A session with something of its own in every turn never goes back to the others, and misses nothing."""
    _, journal, alice, bob = slow_chat("alice", "bob")
    heard = []
    for number in range(5):
        alice.says(f"{number}")
        bob.says("/ping")
        if number:
            journal.commits()
            heard += bob.hears()
    while journal.waiting:
        journal.commits()
        heard += bob.hears()
    assert heard == [line for number in range(5) for line in (f"<alice> {number}", "-- pong")]
    alice.says("5")
    journal.commits()
    assert bob.hears() == ["<alice> 5"]


# -- a crowd that waits to hear who comes and goes -----------------------------------------------------------


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are a crowd."""
    monkeypatch.setattr("lanchat.core.room.CROWD", 2)


@pytest.mark.usefixtures("crowded")
def test_crowd_hears_of_newcomers_together() -> None:
    """One write for many who come; each newcomer is welcomed at once."""
    chat = Chat()
    alice, _ = chat.talkers("alice", "bob")
    chat.waits()
    alice.hears()
    for nick in ("carol", "dave", "erin"):
        newcomer = Talker(chat, nick)
        newcomer.enters()
        assert newcomer.hears()[-1].startswith(f"-- You are {nick}, in #lobby")
    assert alice.outlet.sends == []
    chat.waits()
    assert len(alice.outlet.sends) == 1
    assert alice.hears() == [f"-- {nick} joined #lobby" for nick in ("carol", "dave", "erin")]


@pytest.mark.usefixtures("crowded")
def test_what_is_said_does_not_wait_and_comes_after_who_came() -> None:
    """Nobody is heard before they have come in."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    chat.waits()
    carol = Talker(chat, "carol")
    carol.enters()
    assert alice.hears() == []
    carol.says("hello")
    assert alice.hears() == bob.hears() == ["-- carol joined #lobby", "<carol> hello"]
    chat.waits()
    assert alice.hears() == []


@pytest.mark.usefixtures("crowded")
def test_who_gets_an_answer_meanwhile_hears_everything_once() -> None:
    """In the order in which it happened."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    chat.waits()
    alice.hears()
    Talker(chat, "carol").enters()
    alice.says("/ping")
    assert alice.hears() == ["-- carol joined #lobby", "-- pong"]
    Talker(chat, "dave").enters()
    assert alice.hears() == ["-- dave joined #lobby"]
    chat.waits()
    assert alice.hears() == []
    bob.says("hi")
    assert alice.hears() == ["<bob> hi"]


@pytest.mark.usefixtures("crowded")
def test_silence_follows_when_everybody_has_heard() -> None:
    """Nothing goes on beating."""
    chat = Chat()
    alice, _ = chat.talkers("alice", "bob")
    Talker(chat, "carol").enters()
    alice.says("/ping")
    chat.waits()
    chat.turn()
    assert chat._soon == []
    assert chat._patient == []
    chat.waits()
    assert chat._soon == []


_OPS = st.lists(
    st.tuples(
        st.sampled_from(["enter", "say", "ping", "join", "part", "nick", "quit", "msg", "wait"]),
        st.integers(0, 5),
    ),
    max_size=40,
)


def _plays(operations: list[tuple[str, int]], crowd: int) -> dict[int, list[str]]:
    """Let the same things happen, and give what each of six people heard in the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lanchat.core.room.CROWD", crowd)
        chat = Chat()
        people: dict[int, Talker] = {}
        heard: dict[int, list[str]] = {number: [] for number in range(6)}
        for count, (operation, number) in enumerate(operations):
            one = people.get(number)
            if operation == "wait":
                chat.waits()
            elif operation == "enter" and one is None:
                people[number] = Talker(chat, f"p{number}")
                people[number].enters()
            elif one is None or not one.session.present:
                continue
            elif operation in ("say", "ping", "join", "part", "nick", "quit", "msg"):
                typed = {
                    "say": f"line {count}",
                    "join": f"/join #room{count % 2}",
                    "part": "/part",
                    "nick": f"/nick q{number}x{count}",
                    "msg": f"/msg p{count % 6} line {count}",
                }
                one.types(typed.get(operation, f"/{operation}"))
                if count % 3:
                    chat.turn()
        chat.waits()
        chat.turn()
        for number, one in people.items():
            heard[number] += one.hears()
        return heard


@given(_OPS)
def test_waiting_changes_nothing_of_what_is_heard(operations: list[tuple[str, int]]) -> None:
    """Whatever happens, everybody hears the same lines in the same order, crowd or not."""
    assert _plays(operations, crowd=1) == _plays(operations, crowd=1_000)


def test_long_turn_is_committed_before_it_is_over() -> None:
    """The disk works while more is read; there is one commit at a time, and everything is heard once and in order."""
    chat, journal, alice, bob = slow_chat("alice", "bob")
    for number in range(LONG - 1):
        alice.types(str(number))
        chat.hub.pulse.go_on()
    assert journal.waiting == []
    alice.types("last")
    chat.hub.pulse.go_on()
    assert len(journal.waiting) == 1
    for number in range(LONG):
        alice.types(f"more {number}")
        chat.hub.pulse.go_on()
    chat.turn()
    journal.commits()
    journal.commits()
    said = [*map(str, range(LONG - 1)), "last", *(f"more {number}" for number in range(LONG))]
    assert bob.hears() == [f"<alice> {text}" for text in said]
    assert journal.waiting == []


def test_long_turn_is_no_longer_than_it_is_worth() -> None:
    """Each commit costs a write for every listener: many of them wait for the end of the turn."""
    chat, journal, *people = slow_chat(*(f"user{number}" for number in range(LONG)))
    for number in range(LONG + 1):
        people[0].types(str(number))
        chat.hub.pulse.go_on()
    assert journal.waiting == []


def test_memory_has_nothing_to_work_on_meanwhile() -> None:
    """So a long turn stays one."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    for number in range(3 * LONG):
        alice.types(str(number))
        chat.hub.pulse.go_on()
    chat.turn()
    assert len(bob.outlet.sends) == 1


def test_a_commit_that_has_ended_is_heard_of_between_two_reads() -> None:
    """Nobody waits for the end of the turn to hear what is on the disk."""
    chat, journal, alice, bob = slow_chat("alice", "bob")
    journal.attend = journal.commits
    alice.says("hi")
    chat.hub.pulse.go_on()
    assert bob.hears() == ["<alice> hi"]


def test_who_hears_the_same_two_rooms_hears_them_in_order() -> None:
    """Turn after turn, each of them gets what was said in both, in the order in which it was said."""
    chat = Chat()
    alice, bob, carol = chat.talkers("alice", "bob", "carol", room="#dev")
    for turn in ("one", "two"):
        for room in ("#dev", "#lobby", "#dev"):
            alice.types(f"/say {room} {turn} in {room}")
        expected = [f"<alice> {turn} in #dev", f"#lobby <alice> {turn} in #lobby", f"<alice> {turn} in #dev"]
        assert bob.hears() == carol.hears() == expected
