from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from prompt_toolkit.formatted_text import StyleAndTextTuples

from lanchat.client.conversation import Conversation
from lanchat.client.heard import Heard
from lanchat.client.styled import SERVER, Days, styled
from lanchat.core import times
from lanchat.core.events import Acted, Announced, Away, Confided, Joined, Kicked, Said, Told
from lanchat.core.replies import Backlog, History, Notice, Pong, Waiting
from tests.client.peers import NOON


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    """The time of day is Greenwich's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        times._local_minute.cache_clear()
        yield
    time.tzset()
    times._local_minute.cache_clear()


def said(text: str, nick: str = "bob", room: str = "#lobby") -> Said:
    return Said(time=NOON, room=room, nick=nick, text=text)


def text_of(fragments: StyleAndTextTuples) -> str:
    return "".join([fragment[1] for fragment in fragments])


@pytest.mark.parametrize(
    ("heard", "own", "text"),
    [
        (said("hi"), False, "[12:00] <bob> hi\n"),
        (said("a\nb"), False, "[12:00] <bob> a\n[12:00] <bob> b\n"),
        (said("hi", room="#dev"), False, "[12:00] #dev <bob> hi\n"),
        (said("mine", "ann"), True, "[12:00] <ann> mine\n"),
        (Acted(time=NOON, room="#lobby", nick="bob", text="waves"), False, "[12:00] * bob waves\n"),
        (Told(time=NOON, nick="bob", to="ann", text="psst"), False, "[12:00] (private) <bob> psst\n"),
        (Told(time=NOON, nick="ann", to="bob", text="psst"), True, "[12:00] (private to bob) <ann> psst\n"),
        (Told(time=NOON, nick="ann", to="bob", text="x", acted=True), True, "[12:00] (private to bob) * ann x\n"),
        (Confided(time=NOON, room="#dev", nick="bob", to="op", text="x"), False, "[12:00] #dev (ops) <bob> x\n"),
        (Kicked(time=NOON, room="#dev", nick="ann", who="bob"), True, "-- ann removed bob from #dev\n"),
        (Joined(time=NOON, room="#lobby", nick="bob"), False, "-- bob joined #lobby\n"),
        (Joined(time=NOON, room="#lobby", nick="ann"), True, ""),
        (Away(time=NOON, nick="ann", text="lunch"), True, "-- You are away: lunch\n"),
        (Notice(text="one\ntwo"), True, "-- one\n-- two\n"),
        (Pong(), True, "-- pong\n"),
    ],
)
def test_the_words_are_those_of_the_text_door(heard: Heard, own: bool, text: str) -> None:
    assert text_of(styled(heard, Conversation("ann"), own=own)) == text


def test_what_is_old_is_grey_and_names_nobody() -> None:
    old = [said("hi ann")]
    for heard in (Backlog(room="#lobby", events=old), History(what="history", room="#lobby", events=old)):
        fragments = styled(heard, Conversation("ann"), own=True)
        assert text_of(fragments) == "-- On 2026-11-21 in #lobby:\n-- [12:00] <bob> hi ann\n"
        assert {fragment[0] for fragment in fragments if fragment[1] != "\n"} == {SERVER}


def test_whoever_is_named_sees_it() -> None:
    fragments = styled(said("hi Ann, ann?"), Conversation("ann"), own=False)
    assert [fragment[1] for fragment in fragments if "reverse" in fragment[0]] == ["Ann", "ann"]
    plain = styled(said("hi all"), Conversation("ann"), own=False)
    assert not any("bold" in fragment[0] for fragment in plain)
    folded = styled(said("groß, ann"), Conversation("ann"), own=False)
    assert folded[-2] == ("bold", " groß, ann")


def test_what_people_write_is_never_style() -> None:
    heard = said("<b>x</b> [bold] class:evil", nick="[reverse]")
    for style, _, *_rest in styled(heard, Conversation("ann"), own=False):
        assert re.fullmatch(r"(#[0-9a-f]{6})?( ?bold)?", style)


def test_a_line_says_when_the_day_has_changed() -> None:
    days = Days()
    assert days.before(said("x")) == []
    assert days.before(said("x")) == []
    assert days.before(Pong()) == []
    next_day = Said(time="2026-11-22T00:00:01.000Z", room="#lobby", nick="bob", text="x")
    assert text_of(days.before(next_day)) == "-- Sunday 22 November 2026\n"
    assert days.before(Said(time="no time", room="#lobby", nick="bob", text="x")) == []


@pytest.mark.parametrize(
    "heard",
    [
        Said(time=NOON, room="#lobby", nick="bob", text="fire drill", announcement=True),
        Announced(time=NOON, nick="bob", text="fire drill"),
    ],
)
def test_an_announcement_stands_out(heard: Heard) -> None:
    ((style, line), end) = styled(heard, Conversation("ann"), own=False)
    assert style == "bold"
    assert "bob to everybody" in line
    assert line.endswith("fire drill")
    assert end == ("", "\n")


def test_what_was_told_from_another_device_says_to_whom() -> None:
    told = Told(time=NOON, nick="ann", to="bob", text="psst")
    assert text_of(styled(told, Conversation("ann"), own=False)) == "[12:00] (private to bob) <ann> psst\n"


def test_what_waited_is_new_to_whom_it_was_for() -> None:
    waiting = Waiting(events=[Told(time=NOON, nick="bob", to="ann", text="call me")])
    assert "call me" in text_of(styled(waiting, Conversation("ann"), own=False))
    assert {style for style, *_ in styled(waiting, Conversation("ann"), own=False)} == {""}
    assert Conversation("ann").is_for_us(waiting)
