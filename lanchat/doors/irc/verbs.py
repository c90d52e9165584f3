"""The table of IRC's commands: one small function each, in files by subject that `commands.py` brings together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lanchat.doors.irc.message import Message

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

Run = Callable[["IrcDoor", Message], None]


@dataclass(frozen=True, slots=True)
class Verb:
    """One command.  It is run with the door and the message, which has at least ``least`` parameters."""

    run: Run
    least: int
    early: bool
    """Whether it may come before registration is complete."""


VERBS: dict[str, Verb] = {}
"""Every command, by its name in capitals."""


def verb(name: str, least: int = 0, *, early: bool = False) -> Callable[[Run], Run]:
    """Make a function one of IRC's commands."""

    def add(function: Run) -> Run:
        VERBS[name] = Verb(function, least, early)
        return function

    return add
