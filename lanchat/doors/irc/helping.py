"""HELP: what each command is for.  It is read off the commands themselves: those of IRC, and those of all doors."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.commands import Command
from lanchat.core.errors import Refused
from lanchat.core.verbs import TABLE
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, word
from lanchat.doors.irc.verbs import VERBS, Verb, verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_SOURCE = re.compile(r" \([^()]*(?:RFC|ircv3|ircdocs)[^()]*\)")
"""Where a rule comes from: nothing that somebody asks for who types HELP."""


@verb("HELP")
def help_(irc: IrcDoor, message: Message) -> None:
    """List the commands that you may use, or explain one (modern.ircdocs.horse, "HELP message")."""
    asked = clean(message.params[0]).strip() if message.params else ""
    subject = asked.lstrip("/").upper()
    if not subject:
        _tell(irc, "*", "The commands that you may use. HELP JOIN explains one.", _all(irc))
    elif subject in VERBS:
        _tell(irc, subject, _line(subject, VERBS[subject]), [])
    else:
        try:
            command = TABLE.find(subject)
        except Refused as refused:
            raise Unable(Numeric.ERR_HELPNOTFOUND, subject, text=refused.text) from None
        _tell(irc, subject, _word(command), [f"For example: {_typed(command.example)}"])


@verb("HELPOP")
def helpop(irc: IrcDoor, message: Message) -> None:
    """List the commands, or explain one: HELP by the name that some clients know."""
    help_(irc, message)


def _tell(irc: IrcDoor, subject: str, first: str, rest: list[str]) -> None:
    shown = word(subject)
    irc.put(
        irc.numeric(Numeric.RPL_HELPSTART, shown, first),
        *[irc.numeric(Numeric.RPL_HELPTXT, shown, line) for line in rest],
        irc.numeric(Numeric.RPL_ENDOFHELP, shown, "End of /HELP"),
    )


def _all(irc: IrcDoor) -> list[str]:
    """Give a line for each command that somebody may use; one of IRC's that all doors have needs the same rank."""
    barred = {
        name.upper()
        for command in TABLE.commands
        if not command.usable(irc.session)
        for name in (command.name, *command.aliases)
    }
    words = [command for command in TABLE.commands if command.name.upper() not in VERBS.keys() | barred]
    return [_line(name, VERBS[name]) for name in sorted(VERBS.keys() - barred)] + [_word(command) for command in words]


def _line(name: str, described: Verb) -> str:
    first, _, _ = (inspect.getdoc(described.run) or "").partition("\n")
    return f"{name}: {_SOURCE.sub('', first).replace('`', '')}"


def _word(command: Command) -> str:
    return f"{_typed(command.usage())}: {command.help}"


def _typed(usage: str) -> str:
    """Give a command of all doors as an IRC client sends it: ``SEARCH WORDS``."""
    name, space, rest = usage.removeprefix("/").partition(" ")
    return name.upper() + space + rest
