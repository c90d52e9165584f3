"""Whom and what a command is for: lists that commas separate, the rooms in them, the server that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.masks import fits
from lanchat.core.names import fold
from lanchat.core.room import Room
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, too_few, word

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

TARGETS = {"INVITE": 1, "JOIN": 100, "KICK": 20, "LIST": 10, "NAMES": 4, "PART": 100, "WHOIS": 10, "WHOWAS": 10}
"""How many targets one command may have (ISUPPORT TARGMAX)."""


def targets(irc: IrcDoor, listed: str) -> list[str]:
    """Give the targets that a client has listed; it is told where they are too many.  Raises Refused for none."""
    found = [target for each in listed.split(",") if (target := clean(each))]
    if not found:
        raise too_few(irc.command)
    most = TARGETS[irc.command]
    if len(found) > most:
        text = f"At most {most} targets in one {irc.command}: send another for those from here on."
        irc.refuse(Unable(Numeric.ERR_TOOMANYTARGETS, found[most], text=text))
    return found[:most]


def room_named(irc: IrcDoor, asked: str) -> Room:
    """Find a room that the client may know of, and let the command be about it.  Raises Refused ``no-such-room``."""
    name = clean(asked)
    irc.subject = (word(name),)
    return irc.hub.room_seen(irc.session, name or "#")  # without a name it would be the one in view


def check_target(irc: IrcDoor, message: Message, place: int = 0) -> None:
    """Let those pass who ask this server, named by a mask or by somebody who is on it (RFC 2812, section 3.4).

    Raises Unable.
    """
    if len(message.params) <= place:
        return
    target = clean(message.params[place])
    known = fits(target, irc.server) or fits(target, irc.hub.name) or fold(target) in irc.hub.people.members
    if not known:
        raise Unable(Numeric.ERR_NOSUCHSERVER, target, text=f"No such server: {irc.server} is the only one")


def shortened(irc: IrcDoor, text: str) -> str:
    """Give a topic or a reason, cut to what it may have (ISUPPORT TOPICLEN, KICKLEN), as IRC servers do."""
    return clean(text)[: irc.hub.limits.topic or None]
