"""What was said before somebody came into a room.

A client with draft/chathistory fetches it by itself.  For others it comes unasked: in lines with the time at which
they were said, or if the client knows no times, in notices of the server that say it in words: a program answers no
notice, so nothing old is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from lanchat.core import wording
from lanchat.core.replies import Backlog
from lanchat.core.times import local_day
from lanchat.doors.irc.message import LINE
from lanchat.doors.irc.pages import page
from lanchat.doors.irc.splitting import spoken

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


def lines(irc: IrcDoor, heard: Backlog) -> bytes:
    """Give what was said last in a room, as old."""
    if "draft/chathistory" in irc.has:
        return b""
    if "server-time" in irc.has:
        return page(irc, heard.room, heard.events)
    head = f":{irc.server} NOTICE {heard.room} :"
    told = _told(heard, local_day(irc.hub.stamp()), LINE - len(head.encode()))
    return "".join([f"{head}{line}\r\n" for line in told]).encode()


def _told(heard: Backlog, day: str, most: int) -> Iterator[str]:
    """Say what was said, in lines of at most so many bytes, with the day wherever it is another than before."""
    for event in heard.events:
        if local_day(event.time) != day:
            day = local_day(event.time)
            yield f"-- On {day}:"
        who = wording.lines(replace(event, text=""))
        for piece in spoken(event.text, most - len(who.encode())):
            yield who + piece
