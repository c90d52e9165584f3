"""What was said before somebody came into a room.

A client with draft/chathistory fetches it by itself.  For others it comes unasked: in lines with the time at which
they were said, or if the client knows no times, in notices of the server that say it in words: a program answers no
notice, so nothing old is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.events import Spoken, Told
from lanchat.core.names import fold
from lanchat.core.phrases import speaker
from lanchat.core.replies import Backlog, Waiting
from lanchat.core.times import local_clock, local_day
from lanchat.doors.irc.message import LINE
from lanchat.doors.irc.pages import fitting, page
from lanchat.doors.irc.refusals import for_clients
from lanchat.doors.irc.splitting import spoken

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

WAITED = 1 << 16
"""Bytes of what waited for somebody that are shown, the newest; MISSED has the rest."""
LARGEST = 1 << 14
"""Bytes of the backlog of one room: who comes into fifty of them has not asked for any, and has to read them all."""


def lines(irc: IrcDoor, heard: Backlog) -> bytes:
    """Give what was said last in a room, as old."""
    if "draft/chathistory" in irc.has:
        return b""
    if "server-time" in irc.has:
        return page(irc, heard.room, heard.events, most=LARGEST)
    head = f":{irc.server} NOTICE {heard.room} :"
    told = fitting((_told(head, event) for event in reversed(heard.events)), LARGEST)[::-1]
    shown = heard.events[len(heard.events) - len(told) :]
    before = local_day(irc.hub.stamp())
    for place, event in enumerate(shown):
        if (day := local_day(event.time)) != before:
            before = day
            told[place] = f"{head}-- On {day}:\r\n".encode() + told[place]
    return b"".join(told)


def _told(head: str, event: Spoken) -> bytes:
    """Say what was said, in lines that fit."""
    who = f"{head}[{local_clock(event.time)}] {speaker(event)} "
    return "".join([f"{who}{piece}\r\n" for piece in spoken(event.text, LINE - len(who.encode()))]).encode()


def private(irc: IrcDoor, heard: Waiting) -> bytes:
    """Give what waited for somebody: with its time, who wrote it, and in a batch for each of them.

    Without it the client would not know of it, so it comes unasked to those with draft/chathistory, too.  For clients
    that know no times it is notices of the server, as with rooms.
    """
    head = f":{irc.server} NOTICE {irc.name} :"
    lines = [_told_in_private(head, event) for event in heard.events]
    shown = fitting(reversed(lines), WAITED)[::-1]
    left = heard.more or len(shown) < len(lines)
    more = irc.notice(f"-- There is more that waited for you: {for_clients('/missed')}") if left else b""
    if "server-time" not in irc.has:
        return more + b"".join(shown)
    writers: dict[str, list[Told]] = {}
    for event in heard.events[len(lines) - len(shown) :]:
        writers.setdefault(fold(event.nick), []).append(event)
    return more + b"".join([page(irc, events[0].nick, events) for events in writers.values()])


def _told_in_private(head: str, event: Told) -> bytes:
    """Say what somebody wrote, in lines that fit."""
    when = f"{local_day(event.time)} {local_clock(event.time)}"
    who = f"{head}[{when}] (private) {speaker(event)} "
    return "".join([f"{who}{piece}\r\n" for piece in spoken(event.text, LINE - len(who.encode()))]).encode()
