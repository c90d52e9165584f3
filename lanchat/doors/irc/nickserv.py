"""NickServ: the name to which IRC clients tell passwords by themselves.  Nobody can be called so (`names.RESERVED`).

It is a courtesy: it knows IDENTIFY and REGISTER, and answers by notices.  What it is told goes nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.names import fold
from lanchat.core.proving import Password
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.refusals import for_clients
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

NAME = "NickServ"
_USAGE = (
    f"Type /msg {NAME} IDENTIFY NICK PASSWORD to log in, or /msg {NAME} REGISTER PASSWORD to make your nick yours."
)


def is_meant(name: str) -> bool:
    """Say whether something is said to NickServ: ``NickServ@services.example`` as well."""
    return fold(name.partition("@")[0]) == fold(NAME)


def hear(irc: IrcDoor, text: str) -> None:
    """Do what NickServ is asked for."""
    asked, _, rest = clean(text).strip().partition(" ")
    first, _, more = rest.strip().partition(" ")
    more = more.strip()
    match asked.upper():
        case "IDENTIFY" | "LOGIN" | "ID" if more:
            _identify(irc, first, more)
        case "IDENTIFY" | "LOGIN" | "ID" if first:
            _identify(irc, _own_name(irc), first)
        case "REGISTER" if first:
            address = "@" in more and " " not in more  # a mail address, which other servers want
            _register(irc, first if address or not more else f"{first} {more}")
        case _:
            _say(irc, _USAGE)


@verb("NICKSERV")
def nickserv(irc: IrcDoor, message: Message) -> None:
    """Log in, or make your nick yours, as on networks with services: ``NICKSERV IDENTIFY nick password``."""
    hear(irc, " ".join(message.params))


@verb("NS")
def ns(irc: IrcDoor, message: Message) -> None:
    """Do the same: NICKSERV by its short name."""
    nickserv(irc, message)


def _own_name(irc: IrcDoor) -> str:
    """Give whose password somebody tells who names nobody: theirs, or that of the nick which they could not have."""
    nick = irc.session.member.nick
    return nick if irc.hub.accounts.find(nick) else irc.registration.refused or nick


def _identify(irc: IrcDoor, name: str, password: str) -> None:
    def then(refused: Refused | None) -> None:
        if refused is None:
            _say(irc, f"You are logged in as {irc.name}.")
        else:
            irc.note_refused(refused)
            _say(irc, refused.text)

    irc.hub.logins.login(irc.hub, irc.session, Password(name, password), then)


def _register(irc: IrcDoor, password: str) -> None:
    def then(refused: Refused | None) -> None:
        if refused is None:
            _say(irc, f"{irc.name} is yours now, and you are logged in.")
        else:
            irc.note_refused(refused)
            _say(irc, refused.text)

    irc.hub.logins.register(irc.hub, irc.session, password, then)


def _say(irc: IrcDoor, text: str) -> None:
    source = f"{NAME}!{NAME}@{irc.server}"
    irc.put(irc.line("NOTICE", irc.name, for_clients(text), source=source))
