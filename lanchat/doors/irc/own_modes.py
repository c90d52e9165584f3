"""MODE of oneself: what a client says of its person (RFC 2812, section 3.1.5; ircv3.net, bot-mode)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core import admins
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, word

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

BOT, INVISIBLE, ADMIN = "B", "i", "o"


def mode(irc: IrcDoor, nick: str, letters: str) -> None:
    """Tell how oneself is set, or change it.  Nobody becomes an admin that way, but anybody may cease to be one."""
    member = irc.session.member
    if fold(nick) != fold(member.nick):
        irc.subject = (word(nick),)
        irc.hub.people.find(nick)
        raise Unable(Numeric.ERR_USERSDONTMATCH, text=f"Only your own modes are yours: MODE {member.nick}")
    if not letters:
        irc.put(irc.line(Numeric.RPL_UMODEIS.value, irc.name, f"+{letters_of(member)}"))
        return
    before = letters_of(member)
    unknown = ""
    on = True
    for letter in letters:
        if letter in "+-":
            on = letter == "+"
        elif letter == INVISIBLE:
            member.invisible = on
        elif letter == BOT:
            member.bot = on
        elif letter == ADMIN:
            member.admin = member.admin and on
        else:
            unknown = letter
    irc.hub.people.mark(member)
    after = letters_of(member)
    given, taken = _but(after, before), _but(before, after)
    if given or taken:
        changed = (f"+{given}" if given else "") + (f"-{taken}" if taken else "")
        irc.put(irc.line("MODE", member.nick, changed, source=member.mask))
    if ADMIN in taken:
        admins.resign(irc.hub, irc.session)
    if unknown:
        irc.reply(Numeric.ERR_UMODEUNKNOWNFLAG, "Unknown MODE flag: there are B, i and o")


def letters_of(member: Member) -> str:
    """Give the letters of what is so."""
    return (BOT if member.bot else "") + (INVISIBLE if member.invisible else "") + (ADMIN if member.admin else "")


def _but(letters: str, others: str) -> str:
    return "".join([letter for letter in letters if letter not in others])
