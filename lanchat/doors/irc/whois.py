"""Who somebody is, and was: WHOIS, WHOWAS."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.rules import rooms_shown
from lanchat.core.times import seconds
from lanchat.doors.irc.letters import prefix
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.packing import packed
from lanchat.doors.irc.people import idle, present
from lanchat.doors.irc.refusals import ASKED, Unable, word
from lanchat.doors.irc.targets import check_target, targets
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


@verb("WHOIS")
def whois(irc: IrcDoor, message: Message) -> None:
    """Ask who somebody is (RFC 2812, section 3.6.2): ``WHOIS [server] nick[,nick]``."""
    *server, asked = message.params[:2] or [""]
    nicks = _nicks(irc, asked)
    if server and fold(server[0]) != fold(asked):
        check_target(irc, message)
    for nick in nicks:
        member = present(irc, nick)
        if member is None:
            irc.reply(Numeric.ERR_NOSUCHNICK, word(nick), "There is nobody of that name here")
        else:
            irc.put(*_about(irc, member))
    irc.reply(Numeric.RPL_ENDOFWHOIS, word(asked, ASKED), "End of /WHOIS list")


def _about(irc: IrcDoor, member: Member) -> list[bytes]:
    """Give what one may know of somebody."""
    asker, nick = irc.session.member, member.nick
    doors = list(dict.fromkeys([session.door for session in member.sessions]))
    every = "multi-prefix" in irc.has
    rooms = [prefix(room, member, every=every) + room.name for room in rooms_shown(member, asker)]
    told = [
        irc.numeric(Numeric.RPL_WHOISUSER, nick, member.user, member.host, "*", member.name or nick),
        *packed(irc, Numeric.RPL_WHOISCHANNELS, nick, words=rooms),
        irc.numeric(Numeric.RPL_WHOISSERVER, nick, irc.server, irc.hub.name),
    ]
    if member.account is not None:
        told.append(irc.numeric(Numeric.RPL_WHOISACCOUNT, nick, member.account.name, "is logged in as"))
    if member.admin:
        told.append(irc.numeric(Numeric.RPL_WHOISOPERATOR, nick, "is an admin of this server"))
    if member.away:
        told.append(irc.numeric(Numeric.RPL_AWAY, nick, member.away))
    if member.bot:
        told.append(irc.numeric(Numeric.RPL_WHOISBOT, nick, "is a bot"))
    if all(door.endswith("+tls") for door in doors):
        told.append(irc.numeric(Numeric.RPL_WHOISSECURE, nick, "is using a secure connection"))
    told.append(irc.numeric(Numeric.RPL_WHOISSPECIAL, nick, f"is connected by {', '.join(doors)}"))
    if asker is member or asker.admin:
        addresses = dict.fromkeys([session.address for session in member.sessions if session.address])
        told += [
            irc.numeric(Numeric.RPL_WHOISHOST, nick, f"is connecting from *@{address} {address}")
            for address in addresses
        ]
    signed_on = str(seconds(member.since))
    text = "seconds idle, signon time"
    return [*told, irc.numeric(Numeric.RPL_WHOISIDLE, nick, str(idle(irc, member)), signed_on, text)]


@verb("WHOWAS")
def whowas(irc: IrcDoor, message: Message) -> None:
    """Ask who somebody was who has left, or has another nick now (RFC 2812, section 3.6.3)."""
    asked = message.params[0] if message.params else ""
    count = message.params[1] if len(message.params) > 1 else ""
    most = int(count) if count.isascii() and count.isdigit() and len(count) < 3 else 0
    for nick in _nicks(irc, asked):
        found = irc.hub.people.formerly(nick)[: most or None]
        told = []
        for former in found:
            when = format_datetime(datetime.fromisoformat(former.time))
            told += [
                irc.numeric(
                    Numeric.RPL_WHOWASUSER, former.nick, former.user, former.host, "*", former.name or former.nick
                ),
                irc.numeric(Numeric.RPL_WHOISSERVER, former.nick, irc.server, when),
            ]
        if not found:
            told = [irc.numeric(Numeric.ERR_WASNOSUCHNICK, word(nick), "Nobody of that name was here lately")]
        irc.put(*told)
    irc.reply(Numeric.RPL_ENDOFWHOWAS, word(asked, ASKED), "End of WHOWAS")


def _nicks(irc: IrcDoor, asked: str) -> list[str]:
    """Give the nicks of a list, each once; of too many the first."""
    if not asked.strip(","):
        raise Unable(Numeric.ERR_NONICKNAMEGIVEN, text="Say whom you mean: WHOIS alice")
    return list(dict.fromkeys(targets(irc, asked)))
