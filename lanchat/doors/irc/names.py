"""Who is in a room: NAMES, and the list that everybody is shown who comes in.

Where thousands come into one room, each of them gets a list of all before.  So it is kept, in pieces that fit a line
whoever asks, and who has come in since is added to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from lanchat.core.members import Member
from lanchat.core.modes import Mode
from lanchat.core.names import fold
from lanchat.core.room import Room
from lanchat.core.rules import is_seen, is_shown
from lanchat.doors.irc.letters import prefix
from lanchat.doors.irc.message import LINE, Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import word
from lanchat.doors.irc.targets import targets
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_STEP = 32
"""Bytes by which the nick of who asks is rounded up, so that most lists fit most of those who ask."""


class Roll:
    """The names of members of a room, in pieces of ``most`` bytes.

    ``every`` rank stands before a name (multi-prefix), or the highest; ``whole`` masks are given (userhost-in-names),
    or nicks.
    """

    __slots__ = ("_every", "_most", "_room", "_size", "_whole", "count", "pieces")

    def __init__(self, room: Room, most: int, *, every: bool, whole: bool) -> None:
        self._room = room
        self._most = self._size = max(most, 1)
        self._every = every
        self._whole = whole
        self.count = 0
        """How many are named."""
        self.pieces: list[bytes] = []

    def add(self, members: Iterable[Member]) -> None:
        """Name some more."""
        for member in members:
            shown = member.mask if self._whole else member.nick
            named = f"{prefix(self._room, member, every=self._every)}{shown}".encode()
            self._size += len(named) + 1
            if self._size <= self._most:
                self.pieces[-1] += b" " + named
            else:
                if len(named) > self._most:
                    named = named[: self._most].decode(errors="ignore").encode()
                self.pieces.append(named)
                self._size = len(named)
            self.count += 1


def names_of(irc: IrcDoor, room: Room) -> bytes:
    """Give who is in a room, as far as the client may know it."""
    member = irc.session.member
    start = f":{irc.server} {Numeric.RPL_NAMREPLY.value} "
    rest = f" {'@' if Mode.HIDDEN in room.modes.flags else '='} {room.name} :"
    nick = -(-len(irc.name.encode()) // _STEP) * _STEP
    most = LINE - len(start.encode()) - nick - len(rest.encode())
    every, whole = "multi-prefix" in irc.has, "userhost-in-names" in irc.has
    if member in room.members or member.admin:
        roll = _kept(room, most, every=every, whole=whole)
    else:
        roll = Roll(room, most, every=every, whole=whole)
        roll.add([each for each in room.members if is_seen(each, member)])
    head = f"{start}{irc.name}{rest}".encode()
    lines = b"%b%b\r\n" % (head, (b"\r\n" + head).join(roll.pieces)) if roll.pieces else b""
    return lines + _end(irc, room.name)


def _kept(room: Room, most: int, *, every: bool, whole: bool) -> Roll:
    """Give the list of everybody that was kept, with those who have come in since."""
    key = ("irc", most, every, whole)
    roll = room.rolls.get(key)
    if not isinstance(roll, Roll):
        roll = room.rolls[key] = Roll(room, most, every=every, whole=whole)
    newcomers = list(islice(reversed(room.members), len(room.members) - roll.count))
    roll.add(reversed(newcomers))
    return roll


def _end(irc: IrcDoor, name: str) -> bytes:
    return irc.numeric(Numeric.RPL_ENDOFNAMES, name, "End of /NAMES list")


@verb("NAMES")
def names(irc: IrcDoor, message: Message) -> None:
    """Ask who is in rooms (RFC 2812, section 3.2.5); of those that one may not know of there is only the end."""
    if not message.params:
        irc.put(_end(irc, "*"))
        return
    for key, name in {fold(name): name for name in targets(irc, message.params[0])}.items():
        room = irc.hub.rooms.get(key)
        shown = room is not None and is_shown(room, irc.session.member)
        irc.put(names_of(irc, room) if room is not None and shown else _end(irc, word(name)))
