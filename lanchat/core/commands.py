"""The command table: what can be asked, under which names, with which arguments.

A command is one decorated function in `verbs.py`; its docstring is its help.  Text, JSON and whatever comes
later read the same table: `parse` makes named arguments of a typed line, `wire_types` makes the JSON objects.
"""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_type_hints

import msgspec

from lanchat.core.admins import require
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.journal import Mark
from lanchat.core.modes import Mode
from lanchat.core.proving import own_account
from lanchat.core.replies import Acknowledged, ArgumentHelp, CommandHelp
from lanchat.core.session import Session

_TIME = re.compile(r"[0-9]+[^\W_]*(?= |$)")
"""What is meant to be a time, whether it is one or not: no nick begins with a digit."""


class Kind(Enum):
    """What an argument is, and how help shows it."""

    NICK = "NICK"
    WHOM = "WHOM"
    """A nick, or more than one person: ``@NICK``, ``account:NAME``, an address or a network, a mask."""
    ROOM = "#room"
    PLACE = "room or nowhere"
    """A room; where it is left out, it is not the one in view that is meant, but everywhere."""
    TIME = "10m"
    """How long something is to hold; left out where the next word is no such thing."""
    WORD = "WORD"
    TEXT = "TEXT"
    """All that is left of the line."""


class Rank(Enum):
    """Who may use a command."""

    ANYBODY = ""
    ACCOUNT = "account"
    """Whoever is logged in."""
    OP = "op"
    """The ops of the room that it is about, its founders, and the admins of the server."""
    FOUNDER = "founder"
    """The founders of the room that it is about, and the admins of the server."""
    ADMIN = "admin"
    """The admins of the server."""


Nick = Annotated[str, Kind.NICK]
Whom = Annotated[str, Kind.WHOM]
RoomName = Annotated[str, Kind.ROOM]
Place = Annotated[str, Kind.PLACE]
Time = Annotated[str, Kind.TIME]
Word = Annotated[str, Kind.WORD]
Text = Annotated[str, Kind.TEXT]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: a string; one that is not ``required`` may be left out, and is empty then."""

    name: str
    kind: Kind
    required: bool

    def usage(self) -> str:
        """Show how it is typed: ``NICK``, ``[#room]``."""
        kind = Kind.ROOM if self.kind is Kind.PLACE else self.kind
        shown = self.name.upper() if kind in (Kind.WORD, Kind.TEXT) else kind.value
        return shown if self.required else f"[{shown}]"

    def described(self) -> ArgumentHelp:
        """Give what help tells programs of it."""
        return ArgumentHelp(self.name, self.kind.name.lower(), not self.required)


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the table."""

    name: str
    aliases: tuple[str, ...]
    arguments: tuple[Argument, ...]
    help: str
    example: str
    run: Callable[..., None]
    """Called with the hub, the session, and the arguments by name."""
    rank: Rank = Rank.ANYBODY
    """Who may use it; what runs it checks that, for one room's ops are not another's."""
    secret: bool = False
    """Whether it has a password among its arguments: nothing of it may be shown or remembered."""

    def usable(self, session: Session) -> bool:
        """Say whether somebody may use it, anywhere: that is what help shows."""
        member = session.member
        match self.rank:
            case Rank.ANYBODY:
                return True
            case Rank.ACCOUNT:
                return member.account is not None
            case Rank.OP:
                return member.admin or any(room.governed_by(member) for room in member.rooms)
            case Rank.FOUNDER:
                return member.admin or any(member in room.ranked[Mode.FOUNDER] for room in member.rooms)
            case Rank.ADMIN:
                return member.admin

    def usage(self) -> str:
        """Show how it is typed: ``/msg NICK TEXT``."""
        return " ".join([f"/{self.name}", *(argument.usage() for argument in self.arguments)])

    def described(self) -> CommandHelp:
        """Give what help says of it."""
        arguments = [argument.described() for argument in self.arguments]
        aliases = list(self.aliases)
        return CommandHelp(self.name, self.usage(), self.help, self.example, aliases, arguments, self.rank.value)


class Table:
    """The commands by every name that they have."""

    def __init__(self) -> None:
        self._names: dict[str, Command] = {}
        self.commands: list[Command] = []

    def command(
        self, *aliases: str, example: str, rank: Rank = Rank.ANYBODY, secret: bool = False
    ) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Make a function a command: its name, arguments and help are read off it."""

        def add(function: Callable[..., None]) -> Callable[..., None]:
            name = function.__name__.rstrip("_")
            hints = get_type_hints(function, include_extras=True)
            arguments = tuple(
                Argument(parameter.name, get_args(hints[parameter.name])[1], parameter.default is parameter.empty)
                for parameter in list(inspect.signature(function).parameters.values())[2:]
            )
            help_ = inspect.getdoc(function) or ""
            command = Command(name, aliases, arguments, help_, example, function, rank, secret)
            self.commands.append(command)
            for key in (name, *aliases):
                self._names[key] = command
            return function

        return add

    def add(self, other: Table) -> None:
        """Take in the commands of another table."""
        self.commands += other.commands
        self._names |= other._names

    def find(self, name: str) -> Command:
        """Find a command by any of its names, in any case.  Raises Refused ``no-such-command``."""
        command = self._names.get(name.lower())
        if command is None:
            near = difflib.get_close_matches(name.lower(), self._names, 1)
            hint = f"Did you mean /{near[0]}?" if near else "/help lists them all."
            raise Refused("no-such-command", f"There is no command /{name}. {hint}")
        return command

    def parse(self, line: str) -> tuple[Command, dict[str, str]]:
        """Read a typed line that begins with a slash.  Raises Refused ``no-such-command`` or ``bad-arguments``."""
        name, _, rest = line[1:].partition(" ")
        command = self.find(name)
        return command, _split(command, rest)

    def wire_types(self) -> dict[str, type[msgspec.Struct]]:
        """Make the type of each command's JSON object: ``{"op":"msg","ref":"7","nick":"bob","text":"hi"}``."""
        return {
            command.name: msgspec.defstruct(
                command.name.capitalize(),
                [(argument.name, str) for argument in command.arguments if argument.required]
                + [(argument.name, str, "") for argument in command.arguments if not argument.required]
                + [("ref", str, "")],
                tag_field="op",
                tag=command.name,
                frozen=True,
                namespace={"__doc__": command.help},
            )
            for command in self.commands
        }


def _split(command: Command, rest: str) -> dict[str, str]:
    """Give a command's arguments as they stand in the rest of a line."""
    given: dict[str, str] = {}
    for argument in command.arguments:
        rest = rest.lstrip(" ")
        if argument.kind is Kind.TEXT:
            value, rest = rest, ""
        elif not argument.required and _is_left_out(argument.kind, rest):
            continue  # what comes next is the next argument
        else:
            value, _, rest = rest.partition(" ")
        if not value and argument.required:
            break
        if value:
            given[argument.name] = value
    missing = [argument for argument in command.arguments if argument.required and argument.name not in given]
    if missing or rest.strip(" "):
        raise Refused("bad-arguments", f"Type it like this: {command.example} ({command.usage()})")
    return given


def _is_left_out(kind: Kind, rest: str) -> bool:
    """Say whether an argument that may be left out is not what comes next."""
    if kind in (Kind.ROOM, Kind.PLACE):
        return not rest.startswith("#")
    if kind is Kind.NICK:
        return rest[:1].isdigit()  # no nick begins so, but many a count does
    return kind is Kind.TIME and _TIME.match(rest) is None


def run(hub: Hub, session: Session, command: Command, arguments: dict[str, Any]) -> None:
    """Do what a command asks for.

    Raises Refused ``no-nick`` for who is not in yet, ``not-admin`` and ``no-account`` for who has not the rank.
    Whether somebody is an op the command finds out, for it has to know in which room.
    """
    if not session.present:
        raise Refused("no-nick", "Type your name first.")
    if command.rank is Rank.ADMIN:
        require(session)
    elif command.rank is Rank.ACCOUNT:
        own_account(session)
    if session.client and session.ref and (number := hub.marks.find(Mark(session.client, session.ref))):
        session.tell(Acknowledged(ref=session.ref, id=number))
        return
    command.run(hub, session, **arguments)
