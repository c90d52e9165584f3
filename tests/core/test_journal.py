"""A query admits what it asks for, and nothing else: every journal goes by it."""

from __future__ import annotations

from typing import Any

import pytest

from lanchat.core.events import Acted, AnyEvent, Away, Joined, Parted, Said, Told, Topic
from lanchat.core.journal import Query

TIME = "2026-11-21T21:04:05.123Z"
SAID = Said(id=5, time=TIME, room="#Dev", nick="Bob", text="Alice, the build is green")


def query(**wanted: Any) -> Query:
    return Query(**{"rooms": frozenset({"#dev"}), "until": 9, "most": 20, **wanted})


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"after": 4, "until": 5},
        {"rooms": frozenset({"#lobby", "#dev"})},
        {"spoken": True},
        {"nick": "bob"},
        {"without": frozenset({"alice"})},
        {"phrases": ("green",)},
        {"phrases": ("the build", "gre*")},
        {"names": "ALICE"},
        {"earliest": TIME},
        {"latest": "2026-11-21T21:04:05.124Z"},
        {"spoken": True, "nick": "bob", "phrases": ("build",), "names": "alice", "after": 1, "earliest": "2026-11"},
    ],
)
def test_what_is_asked_for_is_admitted(wanted: dict[str, Any]) -> None:
    """Rooms, nicks and words in whatever case; bounds where they are reached."""
    assert query(**wanted).admits(SAID)


@pytest.mark.parametrize(
    "wanted",
    [
        {"after": 5},
        {"until": 4},
        {"rooms": frozenset({"#lobby"})},
        {"rooms": frozenset()},
        {"nick": "alice"},
        {"without": frozenset({"alice", "bob"})},
        {"phrases": ("red",)},
        {"phrases": ("green", "red")},
        {"phrases": ("build green",)},
        {"names": "carol"},
        {"names": "ali"},
        {"names": "bob"},
        {"earliest": "2026-11-21T21:04:05.124Z"},
        {"latest": TIME},
    ],
)
def test_all_else_is_not(wanted: dict[str, Any]) -> None:
    """Everything that is asked for has to be so."""
    assert not query(**wanted).admits(SAID)


def test_nobody_is_named_by_themselves() -> None:
    """Who speaks of themselves names nobody."""
    own = Said(id=5, time=TIME, room="#dev", nick="alice", text="alice is back")
    assert not query(names="Alice").admits(own)
    assert query(names="Alice").admits(Acted(id=5, time=TIME, room="#dev", nick="bob", text="greets alice"))


ROOM = {"id": 5, "time": TIME, "room": "#dev", "nick": "bob"}


@pytest.mark.parametrize("event", [Joined(**ROOM), Parted(**ROOM, reason="green"), Topic(**ROOM, text="green")])
def test_who_came_and_went_is_admitted_where_not_only_words_are_wanted(event: AnyEvent) -> None:
    """Topics and reasons are not searched."""
    assert query().admits(event)
    assert query(nick="bob").admits(event)
    assert not query(spoken=True).admits(event)
    assert not query(phrases=("green",)).admits(event)
    assert not query(names="green").admits(event)


@pytest.mark.parametrize(
    "event",
    [
        Told(id=5, time=TIME, nick="bob", to="alice", text="green"),
        Away(id=5, time=TIME, nick="bob", text="green"),
    ],
)
def test_what_belongs_to_no_room_is_never_admitted(event: AnyEvent) -> None:
    """Private words are nobody else's."""
    assert not query().admits(event)
    assert not query(phrases=("green",)).admits(event)
