"""The journal in memory numbers every event, and keeps the newest of the rooms."""

from __future__ import annotations

from typing import Any

import pytest

from lanchat.core.events import AnyEvent, Renamed, Said
from lanchat.core.journal import Query
from lanchat.stores import journal as module
from lanchat.stores.journal import MemoryJournal
from tests.stores.hands import Hand


def said(room: str = "#dev", text: str = "") -> Said:
    return Said(time="", room=room, nick="bob", text=text)


def filled(journal: MemoryJournal, *events: AnyEvent) -> list[AnyEvent]:
    happened: list[AnyEvent] = []
    for event in events:
        journal.submit(event, happened.append)
    return happened


def test_events_are_numbered_before_they_happen() -> None:
    """Numbers rise by one from 1, whatever the event."""
    journal = MemoryJournal()
    happened = filled(journal, said(), Renamed(time="", nick="a", new="b"), said())
    assert [event.id for event in happened] == [1, 2, 3]
    assert journal.last == 3


def test_commit_goes_on_at_once() -> None:
    """Memory is all the place there is."""
    then: list[int] = []
    MemoryJournal().commit(lambda: then.append(1))
    assert then == [1]


def test_only_what_rooms_heard_is_kept() -> None:
    """Private words and names are never history."""
    journal = MemoryJournal()
    filled(journal, said("#dev"), Renamed(time="", nick="a", new="b"), said("#lobby"), said("#dev"))
    assert [event.id for event in journal.since(0, 99, {"#dev", "#lobby"}, 99)] == [1, 3, 4]


def test_events_are_found_by_number_and_room() -> None:
    """After one and until another, in some rooms, and no more than asked for."""
    journal = MemoryJournal()
    filled(journal, *(said("#dev" if number % 2 else "#lobby") for number in range(10)))
    assert [event.id for event in journal.since(2, 8, {"#dev"}, 99)] == [4, 6, 8]
    assert [event.id for event in journal.since(2, 8, {"#dev"}, 2)] == [4, 6]
    assert journal.since(10, 99, {"#dev"}, 99) == []
    assert journal.since(0, 99, set(), 99) == []


def test_old_events_are_forgotten() -> None:
    """It keeps so many, and says up to which number something may be gone."""
    journal = MemoryJournal(keep=3)
    filled(journal, said(), said(), said())
    assert journal.forgotten() == 0
    filled(journal, said(), said())
    assert journal.forgotten() == 2
    assert [event.id for event in journal.since(0, 99, {"#dev"}, 99)] == [3, 4, 5]


def query(**wanted: Any) -> Query:
    return Query(rooms=frozenset({"#dev"}), until=99, most=9, **wanted)


def test_words_are_looked_for_on_a_thread_of_their_own() -> None:
    """The reactor goes on meanwhile; what needs no looking is answered at once."""
    searcher, answers = Hand(), list[Any]()
    journal = MemoryJournal(searcher=searcher)
    for text in ("one", "two", "one more"):
        filled(journal, said(text=text))
    journal.find(query(), answers.append)
    assert [event.id for event in answers.pop().events] == [1, 2, 3]
    for newest in (True, False):
        journal.find(query(phrases=("more",), newest=newest), answers.append)
        assert answers == []
        searcher.settle()
        assert [event.text for event in answers.pop().events] == ["one more"]


def test_a_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    searcher, answers = Hand(), list[Any]()
    journal = MemoryJournal(searcher=searcher)
    filled(journal, said(text="one"))
    monkeypatch.setattr(module, "LIMIT", -1)
    journal.find(query(names="ann"), answers.append)
    searcher.settle()
    assert [answer.code for answer in answers] == ["too-slow"]
