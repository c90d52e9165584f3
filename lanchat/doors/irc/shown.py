"""What a client was shown of itself: its nick, and the rooms that it is in.

An account's sessions are one person, so a client may be somebody else from one moment to the next: who logs in while
the account is here with another client already.  It is shown what changes by that, and is greeted only once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.events import AnyEvent, Joined, Kicked, Parted, Renamed
from lanchat.core.names import fold
from lanchat.core.room import Room

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_NOTED = (Joined, Parted, Kicked, Renamed)


class Shown:
    """What a client knows of itself."""

    __slots__ = ("nick", "rooms")

    def __init__(self) -> None:
        self.nick = ""
        """Empty: it was not greeted yet."""
        self.rooms: dict[str, str] = {}
        """The rooms, by folded name."""

    def note(self, event: AnyEvent) -> None:
        """Note what the client learns of itself by an event that it hears now."""
        if not isinstance(event, _NOTED):
            return
        who = event.who if isinstance(event, Kicked) else event.nick
        if fold(who) != fold(self.nick):
            return
        if isinstance(event, Renamed):
            self.nick = event.new
        elif isinstance(event, Joined):
            self.rooms[fold(event.room)] = event.room
        else:
            self.rooms.pop(fold(event.room), None)


def switch(irc: IrcDoor) -> bytes:
    """Show a client that it is one with others now, and called as they are.

    Where both were the other one goes first, or there would be two of one name.
    """
    shown, member = irc.shown, irc.session.member
    if not shown.nick or shown.nick == member.nick:
        return b""
    both = [room.name for room in member.rooms if fold(room.name) in shown.rooms]
    parted = [irc.line("PART", name, "This is you now", source=member.mask) for name in both]
    renamed = irc.line("NICK", member.nick, source=irc.hub.people.mask(shown.nick))
    shown.nick = member.nick
    return b"".join([*parted, renamed])


def arrival(irc: IrcDoor, room: Room) -> bytes:
    """Show a client that it is in a room, if it does not know that yet: another one of the same person went there."""
    if fold(room.name) in irc.shown.rooms:
        return b""
    irc.shown.rooms[fold(room.name)] = room.name
    member = irc.session.member
    account = member.account.name if member.account is not None else "*"
    more = (account, member.name or member.nick) if "extended-join" in irc.has else ()
    return irc.line("JOIN", room.name, *more, source=member.mask)
