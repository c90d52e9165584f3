"""Rooms: JOIN, PART, NAMES, TOPIC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.modes import Mode
from lanchat.core.names import fold
from lanchat.core.replies import Entered
from lanchat.core.room import Room
from lanchat.doors.irc.message import LINE, Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


def shown(irc: IrcDoor, entered: Entered) -> bytes:
    """Give how things are in a room that somebody has come into: the topic, and who is there."""
    room = irc.hub.rooms[fold(entered.room)]
    return topic_of(irc, room) + names_of(irc, room)


def topic_of(irc: IrcDoor, room: Room) -> bytes:
    """Give the topic, with who set it and when; nothing where there is none."""
    return irc.numeric(Numeric.RPL_TOPIC, room.name, room.topic) if room.topic else b""


def names_of(irc: IrcDoor, room: Room) -> bytes:
    """Give who is in a room."""
    symbol = "@" if Mode.HIDDEN in room.modes.flags else "="
    head = f":{irc.server} {Numeric.RPL_NAMREPLY.value} {irc.name} {symbol} {room.name} :"
    most = LINE - len(head.encode())
    lines: list[str] = []
    size = most + 1
    for member in room.members:
        named = ("@" if member in room.ops else "+" if member in room.voiced else "") + member.nick
        length = len(named.encode()) + 1
        if size + length > most:
            lines.append(head + named)
            size = length
        else:
            lines[-1] += f" {named}"
            size += length
    end = irc.numeric(Numeric.RPL_ENDOFNAMES, room.name, "End of /NAMES list")
    return "".join([f"{line}\r\n" for line in lines]).encode() + end


@verb("JOIN", 1)
def join(irc: IrcDoor, message: Message) -> None:
    """Come into rooms (RFC 2812, section 3.2.1)."""
    for name in message.params[0].split(","):
        irc.subject = (clean(name),)
        try:
            irc.hub.join(irc.session, clean(name))
        except Refused as refused:
            irc.refuse(refused)


@verb("PART", 1)
def part(irc: IrcDoor, message: Message) -> None:
    """Leave rooms (RFC 2812, section 3.2.2)."""
    reason = clean(message.params[1]) if len(message.params) > 1 else ""
    for name in message.params[0].split(","):
        irc.subject = (clean(name),)
        try:
            irc.hub.part(irc.session, irc.hub.room_of(irc.session, clean(name)), reason)
        except Refused as refused:
            irc.refuse(refused)
