"""What a client is told first (modern.ircdocs.horse, "Connection Registration"): 001 to 005, LUSERS, the motd."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lanchat.core.hub import Hub
from lanchat.core.replies import Welcome
from lanchat.core.times import local_moment
from lanchat.doors.irc.isupport import tokens
from lanchat.doors.irc.letters import LETTERS, takes_value
from lanchat.doors.irc.message import LINE
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.own_modes import ADMIN, BOT, INVISIBLE
from lanchat.doors.irc.packing import rows
from lanchat.doors.irc.splitting import pieces

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

PEOPLE = BOT + INVISIBLE + ADMIN
"""The letters of the modes that people have."""
ROOMS = "".join(LETTERS)
"""The letters of the modes that rooms have."""
VALUES = "".join([letter for letter, mode in LETTERS.items() if takes_value(mode, on=True)])
"""Those of them that have a parameter."""
_TOKENS = 13
"""Tokens of one 005: the nick and the text take two of the parameters."""
_SUPPORTED = "are supported by this server"


def lines(irc: IrcDoor, welcome: Welcome) -> bytes:
    """Greet a client that has just come in."""
    hub = irc.hub
    return b"".join(
        [
            irc.numeric(Numeric.RPL_WELCOME, f"Welcome to {hub.name}, {welcome.nick}"),
            irc.numeric(Numeric.RPL_YOURHOST, f"Your host is {irc.server}, running version {version(irc)}"),
            irc.numeric(Numeric.RPL_CREATED, f"This server was created {local_moment(hub.started)}"),
            irc.line(Numeric.RPL_MYINFO.value, welcome.nick, irc.server, version(irc), PEOPLE, ROOMS, VALUES),
            supported(irc),
            users(irc, itself=1),
            motd(irc),
        ]
    )


def version(irc: IrcDoor) -> str:
    """Give which lanchat this is, as a word."""
    return f"lanchat-{irc.hub.version}"


def supported(irc: IrcDoor) -> bytes:
    """Give what the server supports (RPL_ISUPPORT), in as many lines as it takes."""
    room = LINE - len(irc.numeric(Numeric.RPL_ISUPPORT, "", _SUPPORTED))
    return b"".join([irc.numeric(Numeric.RPL_ISUPPORT, row, _SUPPORTED) for row in _rows(irc.hub, room)])


@lru_cache(64)
def _rows(hub: Hub, room: int) -> list[str]:
    """Put the tokens into rows of so many bytes: they stay the same as long as the server runs."""
    return rows(tokens(hub), room, count=_TOKENS)


def users(irc: IrcDoor, *, itself: int = 0) -> bytes:
    """Give how many are here (RFC 2812, section 3.4.2): all counts, the ones that are nothing too.

    ``itself`` is 1 while the client is greeted, which is one of those still that have no name.
    """
    people = irc.hub.people
    here, hidden = len(people.members), len(people.invisible)
    unknown = len(irc.factory.unnamed) - itself
    most, admins = str(people.most), str(len(people.admins))
    counted = f"There are {here - hidden} users and {hidden} invisible on 1 servers"
    return b"".join(
        [
            irc.numeric(Numeric.RPL_LUSERCLIENT, counted),
            irc.numeric(Numeric.RPL_LUSEROP, admins, "operator(s) online"),
            irc.numeric(Numeric.RPL_LUSERUNKNOWN, str(unknown), "unknown connection(s)"),
            irc.numeric(Numeric.RPL_LUSERCHANNELS, str(len(irc.hub.rooms)), "channels formed"),
            irc.numeric(Numeric.RPL_LUSERME, f"I have {here} clients and 0 servers"),
            irc.numeric(Numeric.RPL_LOCALUSERS, str(here), most, f"Current local users {here}, max {most}"),
            irc.numeric(Numeric.RPL_GLOBALUSERS, str(here), most, f"Current global users {here}, max {most}"),
        ]
    )


def motd(irc: IrcDoor) -> bytes:
    """Give the message of the day; its long lines in several."""
    if not irc.hub.motd:
        return irc.numeric(Numeric.ERR_NOMOTD, "There is no message of the day")
    room = LINE - len(irc.numeric(Numeric.RPL_MOTD, "- "))
    split = [piece for line in irc.hub.motd.split("\n") for piece in pieces(line, room)]
    return b"".join(
        [
            irc.numeric(Numeric.RPL_MOTDSTART, f"- {irc.server} Message of the day -"),
            *[irc.numeric(Numeric.RPL_MOTD, f"- {line}") for line in split],
            irc.numeric(Numeric.RPL_ENDOFMOTD, "End of /MOTD command."),
        ]
    )
