"""Accounts: what a client is told of its own, and REGISTER (ircv3.net/specs/extensions/account-registration).

Only the nick that one has can be registered; nothing has to be verified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.core.opaque import LEAST
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable
from lanchat.doors.irc.standard_replies import Failed, fail
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_CODES = {"logged-in": "ALREADY_AUTHENTICATED", "nick-registered": "ACCOUNT_EXISTS"}
"""What the specification calls what is refused; anything else may be had another time."""
_HOW = "REGISTER * * :PASSWORD"


def told(irc: IrcDoor) -> bytes:
    """Give what a client is told that has logged in, once (ircv3.net, sasl-3.1, RPL_LOGGEDIN)."""
    account = irc.session.account
    if account is None or irc.account == account.name:
        return b""
    irc.account = account.name
    if irc.session.present:
        mask = irc.session.member.mask
    else:
        mask = f"{irc.registration.nick or '*'}!{irc.registration.user or '*'}@{irc.host}"
    return irc.numeric(Numeric.RPL_LOGGEDIN, mask, account.name, f"You are now logged in as {account.name}")


def rank(irc: IrcDoor) -> bytes:
    """Tell a client that its account is an admin's, as OPER does."""
    account = irc.session.account
    if account is None or not account.admin:
        return b""
    return irc.line("MODE", irc.name, "+o", source=irc.session.member.mask)


@verb("REGISTER", 1, early=True)
def register(irc: IrcDoor, message: Message) -> None:
    """Make your nick an account (ircv3.net, account-registration): ``REGISTER * * :PASSWORD``."""
    _check_inside(irc)
    params = message.params
    if len(params) == 2:
        raise Unable(Numeric.ERR_NEEDMOREPARAMS, "REGISTER", text=f"Not enough parameters: say {_HOW}")
    name, password = ("*", params[0]) if len(params) == 1 else (params[0], " ".join(params[2:]))
    nick = irc.session.member.nick
    if fold(name) not in ("*", fold(nick)):
        text = f"Only your own nick can be registered: {_HOW}"
        raise Failed("ACCOUNT_NAME_MUST_BE_NICK", clean(name), text=text)
    make(irc, password)


def make(irc: IrcDoor, password: str) -> None:
    """Make the nick that somebody has an account, and say how that went."""
    nick, command = irc.session.member.nick, irc.command

    def then(refused: Refused | None) -> None:
        if refused is None:
            line = irc.line("REGISTER", "SUCCESS", nick, f"{nick} is yours now, and you are logged in")
        else:
            irc.note_refused(refused)
            line = fail(irc, command, Failed(_code(refused, password), nick, text=refused.text))
        irc.put(line)

    irc.hub.logins.register(irc.hub, irc.session, clean(password), then)


def _code(refused: Refused, password: str) -> str:
    """Give what the specification calls what is refused."""
    if refused.code == "bad-new-password":
        return "WEAK_PASSWORD" if len(password) < LEAST else "UNACCEPTABLE_PASSWORD"
    return _CODES.get(refused.code, "TEMPORARILY_UNAVAILABLE")


@verb("VERIFY", 2, early=True)
def verify(irc: IrcDoor, message: Message) -> None:
    """Prove an address (ircv3.net, account-registration): this server asks for none."""
    _check_inside(irc)
    name = clean(message.params[0])
    if irc.session.member.account is not None:
        raise Failed("ALREADY_AUTHENTICATED", name, text=f"You are logged in as {irc.name} already.")
    raise Failed("INVALID_CODE", name, text=f"Nothing has to be verified here: {_HOW} is all.")


def _check_inside(irc: IrcDoor) -> None:
    """See whether somebody has come in.  Raises Failed."""
    if not irc.session.present:
        raise Failed("COMPLETE_CONNECTION_REQUIRED", text="Come in first: send NICK and USER.")
