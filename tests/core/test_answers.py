"""Answers as people read them."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lanchat.core.answers import answer
from lanchat.core.clean import clean
from lanchat.core.events import Acted, Said, Told
from lanchat.core.replies import (
    Absent,
    Acknowledged,
    AnyReply,
    Audit,
    AuditLine,
    AwayHere,
    Backlog,
    Closed,
    CommandHelp,
    Entered,
    FileLine,
    Files,
    Help,
    History,
    Inviting,
    LoggedIn,
    Marked,
    Missed,
    Names,
    Notice,
    Person,
    Ping,
    Pong,
    Refusal,
    RoomLine,
    Rooms,
    Upload,
    Waiting,
    Watched,
    Welcome,
    Whois,
)
from lanchat.core.times import local_clock, local_day

TIME = "2026-11-21T21:04:05.123Z"
CLOCK, DAY = local_clock(TIME), local_day(TIME)
NOON = local_clock("2026-11-11T12:00:00.000Z")
ROOM = {"time": TIME, "nick": "bob", "room": "#dev"}
LINE = FileLine("x1", "bob", "plan.pdf", 1_234_567, "k", "http://h/files/x1/plan.pdf", TIME, TIME)
UPLOAD = Upload(to="#dev", url="http://h/files/t/", path="/files/t/", most=10**8, until=TIME)
HELP = CommandHelp("msg", "/msg NICK TEXT", "Tell.", "/msg bob hi", ["tell"])
PLAIN_HELP = CommandHelp("me", "/me TEXT", "Act.", "/me waves")

REPLIES = [
    (Welcome(server="s", version="1", nick="a", people=1, limits={}), ""),
    (Welcome(server="s", version="1", nick="a", people=1, limits={}, motd="one\ntwo"), "-- one\n-- two"),
    (Entered(room="#dev", nick="a", people=1, nicks=["a"]), "-- You are a, in #dev, alone for now."),
    (Entered(room="#dev", nick="a", people=2, nicks=["b", "a"], topic="t"), "-- You are a, in #dev with b. Topic: t"),
    (Refusal(code="x", text="No."), "-- No."),
    (Notice(text="one\ntwo"), "-- one\n-- two"),
    (Ping(), ""),
    (Pong(), "-- pong"),
    (Names(room="#dev", people=[Person("a"), Person("b", away=True)]), "-- 2 in #dev: a, b (away)"),
    (
        Names(room="#dev", people=[Person("a", rank="op"), Person("b", away=True, rank="voice")]),
        "-- 2 in #dev: a (op), b (voice, away)",
    ),
    (Rooms(rooms=[RoomLine("#dev", 2, "t"), RoomLine("#lobby", 1)]), "-- #dev (2) t\n-- #lobby (1)"),
    (
        Whois(nick="a", rooms=["#x", "#y"], doors=["text"], since=TIME, away="lunch"),
        f"-- a is in #x, #y, by text, since {CLOCK}. Away: lunch",
    ),
    (Whois(nick="a", rooms=["#x"], doors=["json"], since=TIME), f"-- a is in #x, by json, since {CLOCK}."),
    (
        Whois(nick="a", rooms=["#x"], doors=["json", "text", "json"], since=TIME),
        f"-- a is in #x, by json (2), text, since {CLOCK}.",
    ),
    (
        Whois(nick="a", rooms=[], doors=["irc"], since=TIME, name="Ann", admin=True, bot=True, away="x"),
        f"-- a (Ann) is in no room that you see, by irc, since {CLOCK}. An admin of this server. A program. Away: x",
    ),
    (
        Whois(nick="a", rooms=["#x"], doors=["irc"], since=TIME, account="a", addresses=["192.168.7.2", "::1"]),
        f"-- a is in #x, by irc, since {CLOCK}. Logged in as a. From 192.168.7.2, ::1.",
    ),
    (Inviting(nick="a", to="b", room="#dev"), "-- a invites b to #dev"),
    (Absent(nick="a", text="lunch"), "-- a is away: lunch"),
    (Watched(nick="a", present=True), "-- a is here now"),
    (Watched(nick="a", present=False), "-- a is not here any more"),
    (Help(commands=[HELP]), "-- /msg NICK TEXT  Tell. Also /tell. Example: /msg bob hi"),
    (Help(commands=[PLAIN_HELP]), "-- /me TEXT  Act. Example: /me waves"),
    (
        Help(commands=[HELP, PLAIN_HELP]),
        "-- /msg NICK TEXT  Tell.\n-- /me TEXT        Act.\n"
        "-- Anything else is said in the room in view; //text says /text.",
    ),
    (
        UPLOAD,
        f"-- To send a file of at most 100.0 MB to #dev, type this in a shell before {CLOCK}:\n"
        "--   curl -T FILE http://h/files/t/",
    ),
    (
        replace(UPLOAD, most=0),
        f"-- To send a file to #dev, type this in a shell before {CLOCK}:\n--   curl -T FILE http://h/files/t/",
    ),
    (
        Files(room="#dev", files=[LINE, replace(LINE, until="")], more=3),
        "-- and 3 older\n"
        f"-- <bob> plan.pdf (1.2 MB, until {DAY} {CLOCK}): http://h/files/x1/plan.pdf\n"
        "-- <bob> plan.pdf (1.2 MB): http://h/files/x1/plan.pdf",
    ),
    (Files(room="#dev", files=[]), "-- Nothing was sent to #dev that is there still. /send says how."),
    (Names(room="#dev", people=[]), "-- Nobody is in #dev."),
    (Missed(since=1, until=5), "-- Some messages are missing here: they are not kept any more."),
    (
        Backlog(room="#dev", events=[Said(time=TIME, room="#dev", nick="bob", text="a\nb")]),
        f"-- On {DAY} in #dev:\n-- [{CLOCK}] <bob> a\n-- [{CLOCK}] <bob> b",
    ),
    (
        History(
            what="search",
            events=[
                Acted(time="2026-11-11T12:00:00.000Z", room="#x", nick="bob", text="waves"),
                Said(time=TIME, room="#dev", nick="al", text="hi"),
            ],
            more="/search hi before:7",
            before=7,
        ),
        f"-- On 2026-11-11:\n-- [{NOON}] #x * bob waves\n-- On {DAY}:\n-- [{CLOCK}] #dev <al> hi\n"
        "-- Older: /search hi before:7",
    ),
    (History(what="history", room="#dev", events=[]), "-- There is nothing to show in #dev."),
    (History(what="missed", events=[]), "-- You missed nothing."),
    (History(what="mentions", events=[]), "-- Nobody named you in your rooms."),
    (History(what="search", events=[]), "-- Nothing was found."),
    (History(what="another", events=[]), "-- There is nothing to show."),
    (
        History(what="missed", events=[], more="/missed 7", before=7),
        "-- Nothing of this page can be shown.\n-- Older: /missed 7",
    ),
    (LoggedIn(account="al", token="t"), "-- You are logged in as al."),
    (LoggedIn(account="al", admin=True), "-- You are logged in as al, and an admin of this server."),
    (AwayHere(), "-- You are back"),
    (AwayHere(text="lunch"), "-- You are away here: lunch. The others see you by another client of yours."),
    (Entered(room="#dev", nick="a", people=1, nicks=["a"], aside=True), "-- You are in #dev too."),
    (
        Waiting(events=[Told(time=TIME, nick="bob", to="al", text="psst")]),
        f"-- On {DAY} in private:\n-- [{CLOCK}] (private to al) <bob> psst",
    ),
    (Audit(lines=[]), "-- Nothing was done."),
    (
        Audit(lines=[AuditLine(TIME, "al", "ban", "#dev", "b!*@*", "x"), AuditLine(TIME, "", "rehash")]),
        f"-- {DAY} {CLOCK} #dev: al ban b!*@* (x)\n-- {DAY} {CLOCK} everywhere: the server rehash",
    ),
    (Acknowledged(id=7), ""),
    (Marked(target="#dev", time=TIME), ""),
    (Closed(text="Bye."), "-- Bye."),
]


@pytest.mark.parametrize(("reply", "said"), REPLIES)
def test_replies_read_as_answer(reply: AnyReply, said: str) -> None:
    """Answers are lines of the server."""
    assert answer(reply) == said


def test_every_kind_is_worded() -> None:
    """No reply is left out here."""
    assert {type(reply) for reply, _ in REPLIES} == set(get_args(AnyReply))


def test_many_people_are_counted() -> None:
    """A dozen are named, however many are there."""
    nicks = [f"n{number}" for number in range(13)]
    said = answer(Entered(room="#dev", nick="n0", people=2_000, nicks=nicks))
    assert said == f"-- You are n0, in #dev with {', '.join(nicks[1:])} and 1,987 others (/names)."
    said = answer(Entered(room="#dev", nick="me", people=14, nicks=nicks))
    assert said.endswith("n11 and 1 other (/names).")


@given(st.text(), st.sampled_from([Said, Acted]))
def test_no_line_of_an_old_text_can_pass_for_one_that_is_said_now(text: str, kind: type) -> None:
    """What was said before is the server's to tell: every line begins as its lines do, and names the speaker."""
    old = kind(**ROOM, text=clean(text, lines=True))
    day, *said = answer(History(what="search", events=[old])).split("\n")
    assert day == f"-- On {DAY}:"
    assert all(line.startswith(f"-- [{CLOCK}] #dev {'<bob>' if kind is Said else '* bob'} ") for line in said)
