"""Standard replies (ircv3.net/specs/extensions/standard-replies): what IRCv3's own commands are refused with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.errors import Refused
from lanchat.doors.irc.refusals import for_clients, word

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


class Failed(Refused):
    """A command of IRCv3 cannot be done: the specification of the command names the code and its ``context``."""

    def __init__(self, code: str, *context: str, text: str) -> None:
        super().__init__(code, text)
        self.context = context


def fail(irc: IrcDoor, command: str, failed: Failed) -> bytes:
    """Give the line that says so; clients without standard-replies get it too, for nothing else is specified."""
    return irc.line("FAIL", word(command), failed.code, *map(word, failed.context), for_clients(failed.text))
