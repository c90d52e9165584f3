"""WHO: the people of a room, or whom a mask fits (modern.ircdocs.horse, "WHO message"); WHOX (ircv3.net, whox)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.masks import matcher
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.room import Room
from lanchat.core.rules import is_seen, is_shown, rooms_shown
from lanchat.doors.irc.letters import prefix
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.pages import fitting
from lanchat.doors.irc.people import idle, present
from lanchat.doors.irc.refusals import ASKED, word
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

MOST = 500
"""How many people a mask finds; of a room as many are shown as fit one answer."""
LARGEST = 1 << 19
"""Bytes of one answer, well below what may wait for a slow reader: clients ask for every room that they come into."""
_FIELDS = "tcuihsnfdlaor"
"""What may be asked for besides, in the order in which it is answered (ircv3.net, whox)."""
_UNTOLD = "255.255.255.255"
"""The address of those whose address is nobody's business."""
_ALL = frozenset({"*", "0"})


@verb("WHO")
def who(irc: IrcDoor, message: Message) -> None:
    """Ask who is there: ``WHO mask [o][%fields[,token]]``."""
    asked = message.params[0] if message.params else "*"
    options = message.params[1] if len(message.params) > 1 else ""
    flags, extended, fields = options.partition("%")
    line = _extended(irc, fields) if extended else _plain(irc)
    found, most = _found(irc, clean(asked))
    if "o" in flags:
        found = ((room, member) for room, member in found if member.admin)
    shown = list(islice(found, most))
    told = fitting((line(room, member) for room, member in shown), LARGEST)
    left = len(told) < len(shown) or next(found, None) is not None
    more = f": these are the first {len(told):,}, ask for fewer" if left else ""
    irc.put(*told, irc.numeric(Numeric.RPL_ENDOFWHO, word(asked, ASKED), f"End of /WHO list{more}"))


_Found = Iterator[tuple[Room | None, Member]]
_Line = Callable[[Room | None, Member], bytes]


def _found(irc: IrcDoor, asked: str) -> tuple[_Found, int | None]:
    """Find those whom somebody asks for, each with a room to show them in, and say how many may be shown.

    Who is invisible is found by strangers who know the nick, and by nobody else.
    """
    by = irc.session.member
    room = irc.hub.rooms.get(fold(asked))
    if room is not None:
        inside = room in by.rooms
        shown = room.members if is_shown(room, by) else ()
        return iter([(room, member) for member in shown if inside or is_seen(member, by)]), None
    member = present(irc, asked)
    if member is not None:
        found: Iterable[Member] = [member]
    else:
        found = (each for each in irc.hub.people.members.values() if is_seen(each, by))
        found = found if asked in _ALL else filter(_fits(asked), found)
    return ((next(iter(rooms_shown(each, by)), None), each) for each in found), MOST


def _fits(mask: str) -> Callable[[Member], bool]:
    """Give what says whether a mask fits somebody in any way."""
    matches = matcher(mask)

    def fits(member: Member) -> bool:
        told = (member.nick, member.user, member.host, member.name, member.mask)
        return any(matches(fold(text)) is not None for text in told)

    return fits


def _flags(irc: IrcDoor, room: Room | None, member: Member) -> str:
    """Give whether somebody is away (``G``, or ``H``), an admin, their rank, and whether they have an account (``r``).

    And whether they are a bot.
    """
    rank = prefix(room, member, every="multi-prefix" in irc.has) if room is not None else ""
    after = ("r" if member.account is not None else "") + ("B" if member.bot else "")
    return f"{'G' if member.away else 'H'}{'*' if member.admin else ''}{rank}{after}"


def _plain(irc: IrcDoor) -> _Line:
    def line(room: Room | None, member: Member) -> bytes:
        return irc.numeric(
            Numeric.RPL_WHOREPLY,
            room.name if room is not None else "*",
            member.user,
            member.host,
            irc.server,
            member.nick,
            _flags(irc, room, member),
            f"0 {member.name or member.nick}",
        )

    return line


def _extended(irc: IrcDoor, asked: str) -> _Line:
    """Give what answers with certain fields; those that nobody knows are passed over."""
    wanted, _, query = asked.partition(",")
    query = query if query.isascii() and query.isdigit() and len(query) <= 3 else "0"

    def line(room: Room | None, member: Member) -> bytes:
        known = {
            "t": query,
            "c": room.name if room is not None else "*",
            "u": member.user,
            "i": _address(member, irc.session.member),
            "h": member.host,
            "s": irc.server,
            "n": member.nick,
            "f": _flags(irc, room, member),
            "d": "0",
            "l": str(idle(irc, member)),
            "a": member.account.name if member.account is not None else "0",
            "o": "n/a",
            "r": member.name or member.nick,
        }
        fields = [known[field] for field in _FIELDS if field in wanted]
        if "r" in wanted:
            return irc.numeric(Numeric.RPL_WHOSPCRPL, *fields)
        return irc.line(Numeric.RPL_WHOSPCRPL.value, irc.name, *fields)

    return line


def _address(member: Member, by: Member) -> str:
    """Give the address of somebody, to themselves and to admins."""
    address = next(iter(member.sessions)).address if by is member or by.admin else ""
    return f"0{address}" if address.startswith(":") else address or _UNTOLD
