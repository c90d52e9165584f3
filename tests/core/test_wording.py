"""What people read: no line of a user can pass for the server's or for anybody else's."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.clean import clean
from lanchat.core.events import (
    Acted,
    Alerted,
    Announced,
    AnyEvent,
    Away,
    Back,
    Changed,
    Confided,
    Deleted,
    Described,
    Handed,
    Identified,
    Invited,
    Joined,
    Kicked,
    Moved,
    Parted,
    Quit,
    Renamed,
    Said,
    Shared,
    Signalled,
    Tagged,
    Told,
    Topic,
)
from lanchat.core.modes import LISTS, RANKS, Change, Mode
from lanchat.core.times import local_clock, local_day
from lanchat.core.wording import greeting, lines, own

TIME = "2026-11-21T21:04:05.123Z"
CLOCK, DAY = local_clock(TIME), local_day(TIME)
BOB = {"time": TIME, "nick": "bob"}
ROOM = {**BOB, "room": "#dev"}
FILE = {"file": "x1", "name": "plan.pdf", "size": 1_234_567, "kind": "k", "url": "http://h/files/x1/plan.pdf"}
SENT = "sent plan.pdf (1.2 MB): http://h/files/x1/plan.pdf"

HEARD = [
    (Said(**ROOM, text="hi"), f"[{CLOCK}] <bob> hi", ""),
    (Acted(**ROOM, text="waves"), f"[{CLOCK}] * bob waves", ""),
    (Said(**ROOM, text="hi", notice=True), f"[{CLOCK}] -bob- hi", ""),
    (Shared(**ROOM, **FILE), f"[{CLOCK}] <bob> {SENT}", f"[{CLOCK}] <bob> {SENT}"),
    (Handed(**BOB, to="al", **FILE), f"[{CLOCK}] (private) <bob> {SENT}", f"[{CLOCK}] (private to al) <bob> {SENT}"),
    (
        Said(**ROOM, text="one\ntwo", announcement=True),
        "-- bob to everybody in #dev: one\n-- bob to everybody in #dev: two",
        "",
    ),
    (Announced(**BOB, text="one\ntwo"), *["-- bob to everybody: one\n-- bob to everybody: two"] * 2),
    (Deleted(**ROOM, of=7, reason="x"), *["-- bob took a message away in #dev (x)"] * 2),
    (Deleted(**ROOM, of=7, who="eve"), *["-- bob took a message of eve away in #dev"] * 2),
    (Deleted(**ROOM, of=7, who="bob"), *["-- bob took a message away in #dev"] * 2),
    (Deleted(**BOB, to="al", of=7), *["-- bob took a message away"] * 2),
    (Identified(**BOB), "", ""),
    (Kicked(**{**ROOM, "nick": ""}, who="al"), *["-- The server removed al from #dev"] * 2),
    (
        Changed(
            **{**ROOM, "nick": ""},
            changes=[Change(Mode.BAN, False, "address:10.0.0.0/8"), Change(Mode.BAN, True, "al!*@*", TIME, "adverts")],
        ),
        *[
            "-- The server lifted the ban of an address from #dev\n"
            f"-- The server banned al!*@* from #dev until {DAY} {CLOCK} (adverts)"
        ]
        * 2,
    ),
    (Joined(**ROOM), "-- bob joined #dev", ""),
    (Parted(**ROOM), "-- bob left #dev", "-- You left #dev"),
    (Parted(**ROOM, reason="lunch"), "-- bob left #dev (lunch)", "-- You left #dev"),
    (Topic(**ROOM, text="exam"), "-- bob set the topic of #dev: exam", "-- bob set the topic of #dev: exam"),
    (Topic(**ROOM, text=""), "-- bob took the topic of #dev away", "-- bob took the topic of #dev away"),
    (Kicked(**ROOM, who="al"), "-- bob removed al from #dev", "-- bob removed al from #dev"),
    (Kicked(**ROOM, who="al", reason="x"), "-- bob removed al from #dev (x)", "-- bob removed al from #dev (x)"),
    (
        Changed(**ROOM, changes=[Change(Mode.OP, True, "al"), Change(Mode.LIMIT, True, "5")]),
        "-- bob made al an op of #dev\n-- bob limited #dev to 5 people",
        "-- bob made al an op of #dev\n-- bob limited #dev to 5 people",
    ),
    (
        Changed(
            time=TIME,
            room="#dev",
            nick="",
            changes=[Change(Mode.FOUNDER, True, "al"), Change(Mode.VOICE, True, "eve"), Change(Mode.OP, False, "cy")],
        ),
        *["-- al is a founder of #dev\n-- eve has voice in #dev\n-- The server took op in #dev from cy"] * 2,
    ),
    (Described(**BOB, text="Bob B."), "", "-- Your name is shown as Bob B. now"),
    (Moved(**BOB, user="b", host="h"), "", ""),
    (Tagged(**ROOM, tags={"typing": "active"}), "", ""),
    (Alerted(**BOB, text="one\ntwo"), *["-- bob to the admins: one\n-- bob to the admins: two"] * 2),
    (Confided(**ROOM, to="op", text="psst"), f"[{CLOCK}] #dev (ops) <bob> psst", ""),
    (Confided(**ROOM, to="voice", text="nods", acted=True), f"[{CLOCK}] #dev (voiced) * bob nods", ""),
    (Quit(**BOB), "-- bob left", "-- bob left"),
    (Quit(**BOB, reason="bye"), "-- bob left (bye)", "-- bob left (bye)"),
    (Renamed(**BOB, new="rob"), "-- bob is now rob", "-- You are rob now"),
    (Away(**BOB, text="lunch"), "-- bob is away: lunch", "-- You are away: lunch"),
    (Back(**BOB), "-- bob is back", "-- You are back"),
    (Told(**BOB, to="alice", text="psst"), f"[{CLOCK}] (private) <bob> psst", ""),
    (Signalled(**BOB, to="alice", text="VERSION"), "", ""),
    (Told(**BOB, to="alice", text="nods", acted=True), f"[{CLOCK}] (private) * bob nods", ""),
    (Told(**BOB, to="alice", text="psst", notice=True), f"[{CLOCK}] (private) -bob- psst", ""),
    (Invited(**BOB, to="alice", room="#dev"), "-- bob invites you to #dev: /join #dev", "-- alice is invited to #dev"),
]


@pytest.mark.parametrize(("event", "heard", "mine"), HEARD)
def test_events_read_as_lines(event: AnyEvent, heard: str, mine: str) -> None:
    """Others are told what happened; whoever did it is told what they could not know."""
    assert lines(event) == heard
    assert own(event) == mine


@pytest.mark.parametrize("mode", list(Mode))
def test_every_change_is_worded(mode: Mode) -> None:
    """Both ways, with the room, and with the value where it is nobody's secret."""
    on, off = lines(Changed(**ROOM, changes=[Change(mode, True, "VALUE"), Change(mode, False, "VALUE")])).split("\n")
    assert on != off
    assert "#dev" in on
    assert "#dev" in off
    assert ("VALUE" in on) is (mode in (*RANKS, *LISTS, Mode.LIMIT, Mode.SLOW))


def test_every_kind_is_worded() -> None:
    """No event is left out here."""
    assert {type(event) for event, _, _ in HEARD} == set(get_args(AnyEvent))


@pytest.mark.parametrize(("event", "heard", "mine"), HEARD)
def test_room_that_is_not_in_view_is_named(event: AnyEvent, heard: str, mine: str) -> None:
    """What is said elsewhere begins with the room's name; the rest names its room anyway."""
    named = re.sub(r"\] ([<*-])", r"] #dev \1", heard) if type(event) in (Said, Acted, Shared) else heard
    assert lines(event, aside=True) == named


@pytest.mark.parametrize(
    ("people", "said"), [(0, "nobody is here yet"), (1, "1 person is here"), (12, "12 people are here")]
)
def test_greeting(people: int, said: str) -> None:
    """Somebody who has said nothing yet is told what to do."""
    assert greeting("room-1", people) == f"-- lanchat on room-1: {said}. Type your name to join, /help for help."


@given(st.text(), st.sampled_from([Said, Acted]), st.booleans())
def test_no_line_of_a_text_can_pass_for_another(text: str, kind: type, aside: bool) -> None:
    """However many lines a text has, each begins with the time and who said it."""
    said = lines(kind(**ROOM, text=clean(text, lines=True)), aside=aside).split("\n")
    start = f"[{CLOCK}] {'#dev ' if aside else ''}{'<bob>' if kind is Said else '* bob'} "
    assert all(line.startswith(start) for line in said)


@given(st.text())
def test_no_line_of_a_private_text_can_pass_for_another(text: str) -> None:
    """The same in private."""
    said = lines(Told(**BOB, to="alice", text=clean(text, lines=True))).split("\n")
    assert all(line.startswith(f"[{CLOCK}] (private) <bob> ") for line in said)
