"""How a client comes in: CAP, PASS, NICK, USER in any order (modern.ircdocs.horse, "Connection Registration").

And what it may say at any time from the first moment on: PING, PONG, QUIT.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.doors.irc.isupport import USER
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_USER = re.compile(r"[^A-Za-z0-9._-]")


class Registration:
    """What a client has said of itself until now."""

    def __init__(self, irc: IrcDoor) -> None:
        self._irc = irc
        self.nick = ""
        self.user = ""
        self.name = ""
        self.negotiating = False
        """Whether CAP has begun and not ended."""
        self.version = 0
        """The highest version of CAP that the client has named."""

    def go_on(self) -> None:
        """Let the client in as soon as nothing is missing.  Raises Refused, and waits for another nick then."""
        if not self.nick or not self.user or self.negotiating:
            return
        nick, self.nick = self.nick, ""
        self._irc.subject = (nick,)
        self._irc.let_in(nick, self.user, self.name)


@verb("NICK", early=True)
def nick(irc: IrcDoor, message: Message) -> None:
    """Take a nick (RFC 2812, section 3.1.2)."""
    if not message.params or not message.params[0]:
        raise Unable(Numeric.ERR_NONICKNAMEGIVEN, text="No nickname given: NICK alice")
    wanted = clean(message.params[0])
    irc.subject = (wanted,)
    if irc.session.present:
        try:
            irc.hub.rename(irc.session, wanted)
        except Refused as refused:
            if refused.code != "same-nick":
                raise
        return
    irc.hub.people.free_nick(wanted)
    irc.registration.nick = wanted
    irc.registration.go_on()


@verb("USER", 4, early=True)
def user(irc: IrcDoor, message: Message) -> None:
    """Say the user name and the real name, once (RFC 2812, section 3.1.3)."""
    if irc.session.present or irc.registration.user:
        raise Refused("already-in", "You may not register again: that is done once.")
    registration = irc.registration
    registration.user = _USER.sub("", message.params[0])[:USER] or "user"
    registration.name = clean(message.params[3])[: irc.hub.limits.topic or None]
    registration.go_on()


@verb("PASS", 1, early=True)
def pass_(irc: IrcDoor, message: Message) -> None:
    """Say the password (RFC 2812, section 3.1.1): this server has none, so any will do."""
    del message
    if irc.session.present:
        raise Refused("already-in", "You may not register again: that is done once.")


@verb("QUIT", early=True)
def quit_(irc: IrcDoor, message: Message) -> None:
    """Leave (RFC 2812, section 3.1.7)."""
    irc.hub.close(irc.session, clean(message.params[0]) if message.params else "")


@verb("PING", early=True)
def ping(irc: IrcDoor, message: Message) -> None:
    """Ask whether the server is there (RFC 2812, section 3.7.2)."""
    if not message.params or not message.params[0]:
        raise Unable(Numeric.ERR_NOORIGIN, text="No origin specified: PING anything")
    irc.put(irc.line("PONG", irc.server, clean(message.params[0])))


@verb("PONG", early=True)
def pong(irc: IrcDoor, message: Message) -> None:
    """Answer the server's ping (RFC 2812, section 3.7.3)."""
    del irc, message
