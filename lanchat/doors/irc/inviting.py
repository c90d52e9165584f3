"""Who is asked into a room, and who has to leave it: INVITE, KICK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core import governing
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.rules import check_inside, check_op
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, too_few, word
from lanchat.doors.irc.targets import room_named, shortened, targets
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


@verb("INVITE")
def invite(irc: IrcDoor, message: Message) -> None:
    """Ask somebody into a room, or ask where one is invited (RFC 2812, section 3.2.7; modern.ircdocs.horse)."""
    if not message.params:
        _tell_invitations(irc)
        return
    if len(message.params) < 2:
        raise too_few("INVITE")
    nick = clean(message.params[0])
    irc.subject = (word(nick),)
    member = irc.hub.people.find(nick)
    room = room_named(irc, message.params[1])
    try:
        irc.hub.invite(irc.session, member, room)
    except Refused as refused:
        if refused.code == "already-there":
            irc.subject = (member.nick, room.name)
        raise


def _tell_invitations(irc: IrcDoor) -> None:
    """Name the rooms that one is invited to and has not come into yet."""
    rooms = [room for room in irc.hub.rooms.values() if irc.session.member in room.invited]
    told = [irc.line(Numeric.RPL_INVITELIST.value, irc.name, room.name) for room in rooms]
    irc.put(*told, irc.numeric(Numeric.RPL_ENDOFINVITELIST, "End of /INVITE list"))


@verb("KICK", 2)
def kick(irc: IrcDoor, message: Message) -> None:
    """Make people leave one room, or each of them another one (RFC 2812, section 3.2.8)."""
    rooms, nicks = targets(irc, message.params[0]), targets(irc, message.params[1])
    if len(rooms) == 1:
        rooms *= len(nicks)
    if len(rooms) != len(nicks):
        text = "Name one channel, or as many as people: KICK #dev bob,carol or KICK #dev,#lan bob,carol"
        raise Unable(Numeric.ERR_NEEDMOREPARAMS, "KICK", text=text)
    reason = shortened(irc, message.params[2]) if len(message.params) > 2 else ""
    for name, nick in zip(rooms, nicks, strict=True):
        try:
            _kick(irc, name, nick, reason)
        except Refused as refused:
            irc.refuse(refused)


def _kick(irc: IrcDoor, name: str, nick: str, reason: str) -> None:
    room, kicker = room_named(irc, name), irc.session.member
    if not kicker.admin:
        check_inside(room, kicker)
    check_op(room, kicker)
    irc.subject = (word(nick),)
    member = irc.hub.people.find(nick)
    irc.subject = (member.nick, room.name)
    try:
        governing.kick(irc.hub, irc.session, room, member, reason)
    except Refused as refused:
        if refused.code == "not-in-room":
            raise
        raise Unable(Numeric.ERR_CHANOPRIVSNEEDED, room.name, text=refused.text) from None
