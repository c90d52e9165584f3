"""MONITOR: being told when somebody comes and goes (ircv3.net/specs/extensions/monitor)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.watching import MOST
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.packing import packed
from lanchat.doors.irc.people import present
from lanchat.doors.irc.refusals import Unable, too_few, word
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


@verb("MONITOR", 1)
def monitor(irc: IrcDoor, message: Message) -> None:
    """Watch for people: ``MONITOR + nick[,nick]``, ``-`` takes it back, C clears, L lists, S tells who is here."""
    asked = message.params[0].upper()
    if asked in ("+", "-") and len(message.params) < 2:
        raise too_few("MONITOR")
    nicks = [clean(nick) for nick in message.params[1].split(",") if nick] if asked in ("+", "-") else []
    watching, session = irc.hub.watching, irc.session
    match asked:
        case "+":
            _add(irc, nicks)
        case "-":
            for nick in nicks:
                watching.remove(session, nick)
        case "C":
            watching.clear(session)
        case "L":
            listed = packed(irc, Numeric.RPL_MONLIST, words=watching.of(session), between=",")
            irc.put(*listed, irc.numeric(Numeric.RPL_ENDOFMONLIST, "End of MONITOR list"))
        case "S":
            irc.put(*_state(irc, watching.of(session)))
        case _:
            text = "Say MONITOR + or - and nicks, or MONITOR C, L or S"
            raise Unable(Numeric.ERR_UNKNOWNERROR, "MONITOR", word(message.params[0]), text=text)


def _add(irc: IrcDoor, nicks: list[str]) -> None:
    """Watch for these, and tell who of them is here.  Who can be nobody's nick is not here, and never will be."""
    too_many, full = [], ""
    for nick in nicks:
        try:
            irc.hub.watching.add(irc.session, nick)
        except Refused as refused:
            if refused.code == "too-many-watched":
                too_many.append(nick)
                full = refused.text
    irc.put(
        *_state(irc, [nick for nick in nicks if nick not in too_many]),
        *packed(irc, Numeric.ERR_MONLISTFULL, str(MOST), words=map(word, too_many), between=",", text=full),
    )


def _state(irc: IrcDoor, nicks: list[str]) -> list[bytes]:
    """Give who of these is here, and who is not."""
    found = {nick: present(irc, nick) for nick in nicks}
    here = [member.mask for member in found.values() if member is not None]
    away = [word(nick) for nick, member in found.items() if member is None]
    return [
        *packed(irc, Numeric.RPL_MONONLINE, words=here, between=","),
        *packed(irc, Numeric.RPL_MONOFFLINE, words=away, between=","),
    ]
