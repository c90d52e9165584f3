"""Which rooms there are: LIST, with the conditions that ISUPPORT ELIST=CMNTU names (modern.ircdocs.horse)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.masks import matcher
from lanchat.core.names import fold
from lanchat.core.room import Room
from lanchat.core.rules import is_shown
from lanchat.core.times import seconds
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.targets import TARGETS, targets
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

Condition = Callable[[Room], object]
"""Gives what is true for a room that is asked for."""
LONGEST = 1 << 18
"""Bytes of one answer, far below what may wait for a slow reader."""
_COMPARED = re.compile(r"([CT]?)([<>])(\d{1,9})", re.IGNORECASE)


@verb("LIST")
def list_(irc: IrcDoor, message: Message) -> None:
    """List the rooms, the fullest first: all, or those that are named, or that fit (RFC 2812, section 3.2.6)."""
    asked = targets(irc, message.params[0]) if message.params else []
    named = [_named(each) for each in asked if not (each.startswith("!") or _COMPARED.fullmatch(each))]
    if len(message.params) > 1:  # conditions may stand there too; the server that RFC 2812 has there is none
        asked += map(clean, message.params[1].split(",")[: TARGETS["LIST"]])
    needed = [found for each in asked if (found := _condition(irc.hub.now(), each))]
    rooms = [
        room
        for room in irc.hub.rooms.values()
        if is_shown(room, irc.session.member)
        and (not named or any(fits(room) for fits in named))
        and all(holds(room) for holds in needed)
    ]
    rooms.sort(key=lambda room: (-len(room.members), room.name))
    lines: list[bytes] = []
    size = 0
    for room in rooms:
        line = irc.numeric(Numeric.RPL_LIST, room.name, str(len(room.members)), room.topic)
        size += len(line)
        if size > LONGEST:
            more = len(rooms) - len(lines)
            lines.append(irc.notice(f"-- {more} more rooms are not listed: ask for some, LIST *dev* or LIST <5"))
            break
        lines.append(line)
    irc.put(*lines, irc.numeric(Numeric.RPL_LISTEND, "End of /LIST"))


def _named(mask: str) -> Condition:
    """Give what says whether a room has such a name."""
    fits = matcher(mask)
    return lambda room: fits(fold(room.name))


def _condition(now: float, asked: str) -> Condition | None:
    """Give what has to hold besides the name: ``!mask``, ``>people``, and ``C<`` or ``T>`` so many minutes ago."""
    if asked.startswith("!"):
        fits = _named(asked[1:])
        return lambda room: not fits(room)
    found = _COMPARED.fullmatch(asked)
    if found is None:
        return None
    what, sign, number = found[1].upper(), found[2], int(found[3])
    if not what:
        return lambda room: len(room.members) > number if sign == ">" else len(room.members) < number

    def holds(room: Room) -> bool:
        if what == "T" and not room.topic:
            return False
        since = room.created if what == "C" else room.topic_time
        age = now - seconds(since) if since else math.inf  # from the time before
        return age > number * 60 if sign == ">" else age < number * 60

    return holds
