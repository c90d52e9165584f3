"""How a client comes in: CAP, PASS, NICK, USER in any order (modern.ircdocs.horse, "Connection Registration").

A nick that is registered is its owner's: who proves by PASS or SASL that it is theirs is called so, whatever NICK
said; anybody else is told 433, at NICK, or where it may still be proved when they come in.  Who is kept out is told
why, and the connection ends.  Besides, what a client may say at any time from the first moment on: PING, PONG, QUIT.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.proving import Password
from lanchat.doors.irc.isupport import USER
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, for_clients
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_LOGIN = re.compile(r": /login (\S+) PASSWORD")
_BEFORE = r", set up SASL in your client, or the password \1:PASSWORD"
"""What does in the place of /login for who is not in yet."""
_USER = re.compile(r"[^A-Za-z0-9._-]")
_KEPT_OUT = {
    "banned": Numeric.ERR_YOUREBANNEDCREEP,
    "no-password": Numeric.ERR_PASSWDMISMATCH,
    "no-guests": Numeric.ERR_PASSWDMISMATCH,
    "too-many-devices": Numeric.ERR_UNKNOWNERROR,
}
"""What ends the connection of a newcomer."""
_TEXTS = {
    "no-password": "This server is private. Set its password in your client, which says PASS then.",
    "no-guests": "Only accounts may come in here. Set up SASL in your client, or the password alice:PASSWORD.",
}


class Registration:
    """What a client has said of itself until now."""

    def __init__(self, irc: IrcDoor) -> None:
        self._irc = irc
        self.nick = ""
        self.user = ""
        self.name = ""
        self.negotiating = False
        """Whether CAP has begun and not ended."""
        self.refused = ""
        """The nick that was wanted and is somebody's account."""
        self.version = 0
        """The highest version of CAP that the client has named."""

    def go_on(self) -> None:
        """Let the client in as soon as nothing is missing.  Raises Refused, and waits for another nick then."""
        if not self.nick or not self.user or self.negotiating:
            return
        nick, self.nick = self.nick, ""
        self._irc.subject = (nick,)
        try:
            self._irc.let_in(nick, self.user, self.name)
        except Refused as refused:
            if refused.code not in _KEPT_OUT:
                raise self.note(nick, refused) from None
            keep_out(self._irc, refused)

    def note(self, nick: str, refused: Refused) -> Refused:
        """Note which nick was refused, if it is that of an account: a password may come for it.

        Gives what to say: who is not in yet cannot say LOGIN.
        """
        if refused.code != "nick-registered":
            return refused
        self.refused = nick
        if self._irc.session.present:
            return refused
        return Refused(refused.code, _LOGIN.sub(_BEFORE, refused.text))


def keep_out(irc: IrcDoor, refused: Refused) -> None:
    """Say why a newcomer cannot come in, and end the connection."""
    text = _TEXTS.get(refused.code) or for_clients(refused.text)
    irc.note_refused(refused)
    numeric = _KEPT_OUT.get(refused.code, Numeric.ERR_PASSWDMISMATCH)
    irc.reply(numeric, *(["USER"] if numeric is Numeric.ERR_UNKNOWNERROR else []), text)
    irc.end(text)


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
            irc.registration.note(wanted, refused)
            if refused.code in ("logged-in", "may-not-rename"):
                raise Unable(Numeric.ERR_NONICKCHANGE, wanted, text=refused.text) from None
            if refused.code != "same-nick":
                raise
        return
    registration = irc.registration
    if irc.session.account is None:
        try:
            irc.hub.people.free_nick(wanted)
        except Refused as refused:
            told = registration.note(wanted, refused)
            if refused.code != "nick-registered" or not registration.negotiating:
                raise told from None
    registration.nick = wanted
    registration.go_on()


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
    """Say a password (RFC 2812, section 3.1.1): ``nick:password`` of an account, or the one of the server."""
    session, logins = irc.session, irc.hub.logins
    if session.present:
        raise Refused("already-in", "You may not register again: that is done once.")
    given = message.params[0]
    name, colon, password = given.partition(":")
    if not (colon and logins.there):
        _admit(irc, given)
        return

    def then(refused: Refused | None) -> None:
        if refused is None:
            return
        if refused.code == "bad-password" and logins.welcomes is not None:
            _admit(irc, given)  # a colon may be part of the server's
        else:
            keep_out(irc, refused)

    if session.account is None:
        logins.login(irc.hub, session, Password(name, password), then)


def _admit(irc: IrcDoor, password: str) -> None:
    """Take the password of the server; where there is none, any will do."""
    try:
        irc.hub.logins.admit(irc.hub, irc.session, password)
    except Refused as refused:
        keep_out(irc, refused)


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
