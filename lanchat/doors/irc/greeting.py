"""What a client is told first (modern.ircdocs.horse, "Connection Registration"): 001 to 005, LUSERS, the motd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.replies import Welcome
from lanchat.doors.irc.isupport import tokens
from lanchat.doors.irc.numerics import Numeric

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_TOKENS = 13
"""Tokens of one 005: the nick and the text take two of the parameters."""


def lines(irc: IrcDoor, welcome: Welcome) -> bytes:
    """Greet a client that has just come in."""
    hub = irc.hub
    lanchat = f"lanchat-{welcome.version}"
    return b"".join(
        [
            irc.numeric(Numeric.RPL_WELCOME, f"Welcome to {hub.name}, {irc.session.member.mask}"),
            irc.numeric(Numeric.RPL_YOURHOST, f"Your host is {irc.server}, running {lanchat}"),
            irc.numeric(Numeric.RPL_CREATED, f"This server was started {hub.started:.0f}"),
            irc.numeric(Numeric.RPL_MYINFO, irc.server, lanchat, "Biow", "beIiklmnostv", "beIklov"),
            supported(irc),
            motd(irc),
        ]
    )


def supported(irc: IrcDoor) -> bytes:
    """Give what the server supports (RPL_ISUPPORT), in as many lines as it takes."""
    found = tokens(irc.hub)
    return b"".join(
        [
            irc.numeric(Numeric.RPL_ISUPPORT, *found[start : start + _TOKENS], "are supported by this server")
            for start in range(0, len(found), _TOKENS)
        ]
    )


def motd(irc: IrcDoor) -> bytes:
    """Give the message of the day."""
    if not irc.hub.motd:
        return irc.numeric(Numeric.ERR_NOMOTD, "There is no message of the day")
    return b"".join(
        [
            irc.numeric(Numeric.RPL_MOTDSTART, f"- {irc.server} Message of the day -"),
            *[irc.numeric(Numeric.RPL_MOTD, f"- {line}") for line in irc.hub.motd.split("\n")],
            irc.numeric(Numeric.RPL_ENDOFMOTD, "End of /MOTD"),
        ]
    )
