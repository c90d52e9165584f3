"""People: AWAY, SETNAME, USERHOST, ISON, and what others may know of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.times import seconds
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.packing import packed
from lanchat.doors.irc.standard_replies import Failed
from lanchat.doors.irc.targets import shortened
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_HOSTS = 5
"""For how many nicks USERHOST answers (RFC 2812, section 4.8)."""


def present(irc: IrcDoor, nick: str) -> Member | None:
    """Find somebody who is here."""
    return irc.hub.people.members.get(fold(clean(nick)))


def idle(irc: IrcDoor, member: Member) -> int:
    """Give for how many seconds somebody has said nothing."""
    return max(int(irc.hub.now()) - seconds(member.spoke), 0)


@verb("AWAY")
def away(irc: IrcDoor, message: Message) -> None:
    """Be away, or without a text be back (RFC 2812, section 4.1)."""
    text = shortened(irc, message.params[0]) if message.params else ""
    if text.strip():
        irc.hub.away(irc.session, text)
    elif irc.session.away or irc.session.member.away:
        irc.hub.back(irc.session)
    else:
        irc.put(back(irc))


def gone(irc: IrcDoor) -> bytes:
    """Say that one is away."""
    return irc.numeric(Numeric.RPL_NOWAWAY, "You have been marked as being away")


def back(irc: IrcDoor) -> bytes:
    """Say that one is not away any more."""
    return irc.numeric(Numeric.RPL_UNAWAY, "You are no longer marked as being away")


@verb("SETNAME", 1)
def setname(irc: IrcDoor, message: Message) -> None:
    """Take another real name (ircv3.net, setname)."""
    name = clean(message.params[0]).strip()
    if not name:
        raise Failed("INVALID_REALNAME", text="Say which name: SETNAME :Alice Liddell")
    try:
        irc.hub.describe(irc.session, name)
    except Refused as refused:
        code = "CANNOT_CHANGE_REALNAME" if refused.code == "may-not-rename" else "INVALID_REALNAME"
        raise Failed(code, text=refused.text) from None


@verb("USERHOST", 1)
def userhost(irc: IrcDoor, message: Message) -> None:
    """Ask for user names and hosts (RFC 2812, section 4.8)."""
    found = [member for nick in message.params[:_HOSTS] if (member := present(irc, nick)) is not None]
    _answer(irc, Numeric.RPL_USERHOST, [_host(member) for member in found])


def _host(member: Member) -> str:
    return f"{member.nick}{'*' if member.admin else ''}={'-' if member.away else '+'}{member.user}@{member.host}"


@verb("ISON", 1)
def ison(irc: IrcDoor, message: Message) -> None:
    """Ask who of these is here (RFC 2812, section 4.9)."""
    asked = " ".join(message.params).split()
    _answer(irc, Numeric.RPL_ISON, [member.nick for nick in asked if (member := present(irc, nick)) is not None])


def _answer(irc: IrcDoor, numeric: Numeric, words: list[str]) -> None:
    """Answer with one line at least."""
    irc.put(*(packed(irc, numeric, words=words) or [irc.numeric(numeric, "")]))
