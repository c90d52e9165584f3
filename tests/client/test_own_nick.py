"""Our nick over a drop of the line."""

from __future__ import annotations

import pytest
from twisted.internet.task import Clock

from lanchat.client.own_nick import OwnNick
from lanchat.core.events import Quit, Renamed


class Asking:
    """A clock, and the nicks that were asked for."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.asked: list[str] = []
        self.nick = OwnNick("alice", self.clock, self.asked.append)


def test_other_nicks_are_like_ours_and_come_to_an_end() -> None:
    """First with an underscore, then with digits; each arrival begins again."""
    nick = Asking().nick
    nick.arrive(32)
    others = iter(nick.another, None)
    assert list(others) == ["alice_", "alice__", *(f"alice{digit}" for digit in "23456789")]
    nick.arrive(5)
    assert nick.another() == "alic_"
    nick.arrive(0)
    assert nick.another() == "alice_"


def test_nick_is_asked_for_until_the_server_must_have_dropped_the_old_connection() -> None:
    """More slowly each time, and not for ever."""
    asking = Asking()
    asking.nick.borrowed()
    moments = []
    for second in range(1, 1000):
        asking.clock.advance(1)
        if len(asking.asked) > len(moments):
            moments.append(second)
    assert moments[:5] == [5, 15, 35, 65, 95]
    assert len(moments) == 12
    assert moments[-1] > 180
    assert asking.clock.getDelayedCalls() == []


@pytest.mark.parametrize(
    "heard", [Quit(time="", nick="Alice"), Renamed(time="", nick="alice", new="zoe")], ids=["quit", "renamed"]
)
def test_nick_is_asked_for_as_soon_as_it_is_free(heard: Quit | Renamed) -> None:
    """Who has it may leave, or take another."""
    asking = Asking()
    asking.nick.borrowed()
    asking.nick.noticed(Quit(time="", nick="bob"), own=False)
    asking.clock.advance(0)
    assert asking.asked == []
    asking.nick.noticed(heard, own=False)
    asking.clock.advance(0)
    assert asking.asked == ["alice"]


def test_nick_that_the_person_takes_is_the_wanted_one() -> None:
    """What was wanted before is not asked for any more."""
    asking = Asking()
    asking.nick.borrowed()
    asking.nick.noticed(Renamed(time="", nick="alice_", new="zoe"), own=True)
    asking.clock.advance(1000)
    assert asking.asked == []
    assert asking.nick.wanted == "zoe"


def test_leaving_of_the_nick_changes_nothing_while_we_have_it() -> None:
    """Nothing is asked for then."""
    asking = Asking()
    asking.nick.noticed(Quit(time="", nick="alice"), own=False)
    asking.clock.advance(1000)
    assert asking.asked == []
