"""Rooms: coming, going, and what they are about: JOIN, PART, TOPIC."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.core.replies import Entered
from lanchat.core.room import Room
from lanchat.core.rules import check_inside
from lanchat.core.times import seconds
from lanchat.doors.irc import read_marker
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.names import names_of
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import word
from lanchat.doors.irc.shown import arrival
from lanchat.doors.irc.targets import room_named, shortened, targets
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


def shown(irc: IrcDoor, entered: Entered) -> bytes:
    """Give how things are in a room that somebody has come into: the topic, what is read, and who is there."""
    room = irc.hub.rooms[fold(entered.room)]
    return arrival(irc, room) + topic_of(irc, room) + read_marker.on_joining(irc, room.name) + names_of(irc, room)


def topic_of(irc: IrcDoor, room: Room) -> bytes:
    """Give the topic, with who set it and when, where that is known; nothing where there is none."""
    if not room.topic:
        return b""
    told = irc.numeric(Numeric.RPL_TOPIC, room.name, room.topic)
    if room.topic_by and room.topic_time:
        since = str(seconds(room.topic_time))
        told += irc.line(Numeric.RPL_TOPICWHOTIME.value, irc.name, room.name, room.topic_by, since)
    return told


@verb("JOIN", 1)
def join(irc: IrcDoor, message: Message) -> None:
    """Come into rooms, each with its key; ``JOIN 0`` leaves all of them (RFC 2812, section 3.2.1)."""
    if message.params[0] == "0":
        for room in list(irc.session.member.rooms):
            irc.hub.part(irc.session, room)
        return
    wanted = targets(irc, message.params[0])
    keys = message.params[1].split(",")[: len(wanted)] if len(message.params) > 1 else []
    rooms = {fold(name): (name, key) for name, key in zip_longest(wanted, keys, fillvalue="")}  # one try at a key each
    for name, key in rooms.values():
        irc.subject = (word(name),)
        try:
            _enter(irc, name, clean(key))
        except Refused as refused:
            irc.refuse(refused)


def _enter(irc: IrcDoor, name: str, key: str) -> None:
    """Come into a room; nothing is said to who is in it."""
    if irc.hub.rooms.get(fold(name)) not in irc.session.member.rooms:
        irc.hub.join(irc.session, name, key)


@verb("PART", 1)
def part(irc: IrcDoor, message: Message) -> None:
    """Leave rooms (RFC 2812, section 3.2.2)."""
    reason = shortened(irc, message.params[1]) if len(message.params) > 1 else ""
    for name in targets(irc, message.params[0]):
        try:
            room = room_named(irc, name)
            check_inside(room, irc.session.member)
            irc.hub.part(irc.session, room, reason)
        except Refused as refused:
            irc.refuse(refused)


@verb("TOPIC", 1)
def topic(irc: IrcDoor, message: Message) -> None:
    """Ask for a room's topic, or give it one; an empty one takes it away (RFC 2812, section 3.2.4)."""
    room = room_named(irc, message.params[0])
    if len(message.params) > 1:
        irc.hub.set_topic(irc.session, room, shortened(irc, message.params[1]))
    else:
        irc.put(topic_of(irc, room) or irc.numeric(Numeric.RPL_NOTOPIC, room.name, "No topic is set"))
