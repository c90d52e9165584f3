"""MARKREAD: until when somebody has read what was said (ircv3.net/specs/extensions/read-marker).

All clients of one person share their markers, and nobody else learns of them.  Those of an account are kept with it,
those of a guest as long as the guest is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.names import fold
from lanchat.core.replies import Marked
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.refusals import word
from lanchat.doors.irc.selectors import NO_MOMENT, marked
from lanchat.doors.irc.standard_replies import Failed
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

MOST = 200
"""Rooms and people for whom one person has a marker; the one that was moved longest ago goes first."""


@verb("MARKREAD")
def markread(irc: IrcDoor, message: Message) -> None:
    """Say until when one has read what was said somewhere, or ask for it."""
    if not message.params:
        raise Failed("NEED_MORE_PARAMS", text="Say where you have read: MARKREAD #room")
    member = irc.session.member
    target = word(message.params[0])
    room = irc.hub.rooms.get(fold(target))
    if room is not None and room in member.rooms:
        target = room.name
    if len(message.params) > 1 and _move(irc, target, clean(message.params[1])):
        marker = Marked(target=target, time=member.read[fold(target)])
        for session in member.sessions:
            if session is not irc.session:
                session.tell(marker)
    irc.put(line(irc, target, member.read.get(fold(target), "")))


def on_joining(irc: IrcDoor, room: str) -> bytes:
    """Give what a client is told of its marker that comes into a room."""
    if "draft/read-marker" not in irc.has:
        return b""
    return line(irc, room, irc.session.member.read.get(fold(room), ""))


def heard(irc: IrcDoor, marker: Marked) -> bytes:
    """Give what a client is told when another one of the same person has moved a marker."""
    return line(irc, marker.target, marker.time) if "draft/read-marker" in irc.has else b""


def line(irc: IrcDoor, target: str, stamp: str) -> bytes:
    """Give a marker; an empty stamp is none."""
    return irc.line("MARKREAD", target, f"timestamp={stamp}" if stamp else "*")


def _move(irc: IrcDoor, target: str, given: str) -> bool:
    """Move a marker, never back and never into the future, and say whether it moved."""
    try:
        stamp = min(marked(given), irc.hub.stamp())
    except ValueError:
        raise Failed("INVALID_PARAMS", given, text=NO_MOMENT) from None
    read, key = irc.session.member.read, fold(target)
    before = read.pop(key, "")
    read[key] = max(before, stamp)
    if len(read) > MOST:
        del read[next(iter(read))]
    return stamp > before
