"""What admins of the server do: OPER, KILL, REHASH, WALLOPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core import admins
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


@verb("OPER", 2)
def oper(irc: IrcDoor, message: Message) -> None:
    """Become an admin of this server, with a name and a password (RFC 2812, section 3.1.4)."""
    session = irc.session
    name, password, *_ = message.params

    def then(refused: Refused | None) -> None:
        if refused is None:
            member = session.member
            told = irc.numeric(
                Numeric.RPL_YOUREOPER, "You are now an IRC operator: KILL, REHASH and WALLOPS are yours"
            )
            told += irc.line("MODE", member.nick, "+o", source=member.mask)
        else:
            told = irc.refused(refused.code, refused.text)
        irc.put(told)

    irc.hub.admins.authenticate(irc.hub, session, clean(name), password, then)


@verb("KILL", 1)
def kill(irc: IrcDoor, message: Message) -> None:
    """Admins: end all connections of somebody, and say why (RFC 2812, section 3.7.1)."""
    admins.require(irc.session)
    target = clean(message.params[0])
    irc.subject = (target,)
    if fold(target) == fold(irc.server):
        raise Unable(Numeric.ERR_CANTKILLSERVER, text="You can't kill a server: name somebody who is on it")
    reason = clean(message.params[1]) if len(message.params) > 1 else ""
    admins.kill(irc.hub, irc.session, irc.hub.people.find(target), reason)


@verb("KLINE", 1)
def kline(irc: IrcDoor, message: Message) -> None:
    """Admins: ban somebody from the server: ``KLINE [minutes] mask [:reason]``."""
    first, *rest = message.params
    minutes = first.isascii() and first.isdigit() and bool(rest)
    irc.run_word(Message("SERVERBAN", [f"{first}m" if minutes else first, *rest], {}))


@verb("REHASH")
def rehash(irc: IrcDoor, message: Message) -> None:
    """Admins: read the server's files again (RFC 2812, section 4.2)."""
    del message
    problems = admins.rehash(irc.hub, irc.session)
    told = "\n".join(problems) or "Everything was read again."
    irc.put(irc.numeric(Numeric.RPL_REHASHING, "lanchat", "Rehashing"), irc.notice(told))


@verb("WALLOPS", 1)
def wallops(irc: IrcDoor, message: Message) -> None:
    """Admins: tell all admins of the server something (RFC 2812, section 4.7)."""
    admins.alert(irc.hub, irc.session, clean(message.params[0]))
