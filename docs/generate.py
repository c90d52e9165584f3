"""Writes what the documents have from the code, between ``<!-- generated: NAME -->`` and ``<!-- end -->``.

    .venv/bin/python docs/generate.py            # rewrites what is out of date
    .venv/bin/python docs/generate.py --check    # only says what is; exit status 1 when something is

Tables are made of the command table, the events, the limits, the options and the table of doors; conversations
are recorded: what people type goes to the real doors, in memory and with a clock of its own.  tests/test_docs.py
fails when a document is out of date.
"""

from __future__ import annotations

import ast
import functools
import inspect
import os
import re
import sys
import time
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection

from lanchat import __version__, options
from lanchat.client.options import JoinOptions
from lanchat.core import replies
from lanchat.core.commands import Command, Rank
from lanchat.core.events import AnyEvent, Event
from lanchat.core.hub import Hub
from lanchat.core.limits import Limits
from lanchat.core.logins import Logins
from lanchat.core.modes import Change, Mode
from lanchat.core.op_verbs import LOCKS
from lanchat.core.replies import AnyReply
from lanchat.core.times import local_clock
from lanchat.core.verbs import TABLE
from lanchat.doors.factory import ChatFactory
from lanchat.doors.front import FrontDoor
from lanchat.doors.irc.capabilities import OFFERED
from lanchat.doors.irc.isupport import tokens
from lanchat.doors.irc.letters import LETTER
from lanchat.doors.irc.verbs import VERBS
from lanchat.doors.lines import Hello, PongOp, example
from lanchat.doors.table import DOORS
from lanchat.limit_options import LIMITS
from lanchat.passwords import Passwords
from lanchat.portal import AccountChecker, Realm, check_by, hash_by, portal_of
from lanchat.stores.journal import MemoryJournal

TOP = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "docs/protocol.md", "docs/irc.md", "docs/operating.md")

BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

# -- tables ----------------------------------------------------------------------------------------------------


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table in markdown."""
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def said(docstring: str | None) -> str:
    """Give a docstring as one line of markdown."""
    return " ".join(inspect.cleandoc(docstring or "").replace("``", "`").split())


def json_type(annotation: Any) -> str:
    """Name a type as JSON knows it."""
    simple = {str: "string", int: "integer", float: "number", bool: "boolean"}
    if annotation in simple:
        return simple[annotation]
    match typing.get_origin(annotation), typing.get_args(annotation):
        case (container, (item,)) if container is list:
            return f"list of {json_type(item)}"
        case (container, (_, value)) if container is dict:
            return f"object of {json_type(value)}s"
    if typing.get_origin(annotation) is typing.Annotated:
        return json_type(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        kinds = [json_type(each) for each in typing.get_args(annotation) if each is not types.NoneType]
        return " or ".join(kinds)
    if issubclass(annotation, Mode):
        return "[mode](#who-governs-a-room)"
    if issubclass(annotation, Event):
        return f"`{annotation.__struct_config__.tag}`"
    return f"[{annotation.__name__}](#objects)"


def fields(struct: type[msgspec.Struct], without: Iterable[str] = ()) -> str:
    """List the fields of an object; one that may be left out has a question mark."""
    described = [
        f"`{field.encode_name}`{'' if required(struct, field) else '?'} {json_type(field.type)}"
        for field in msgspec.structs.fields(struct)
        if field.name not in without
    ]
    return " · ".join(described) or "–"


def required(struct: type[msgspec.Struct], field: msgspec.structs.FieldInfo) -> bool:
    """Say whether a field is always there: on the way out those with a default may be left out, if so configured."""
    comes_in = struct.__struct_config__.tag_field == "op"
    return field.required or not (comes_in or struct.__struct_config__.omit_defaults)


def tags(union: Any, without: Iterable[str]) -> str:
    """Give the table of a union of objects."""
    rows = [
        (f"`{struct.__struct_config__.tag}`", fields(struct, without), said(struct.__doc__))
        for struct in typing.get_args(union)
    ]
    return table(("event", "fields", "meaning"), rows)


def objects() -> str:
    """Give the table of the objects that stand inside others."""
    inside = [
        Change,
        replies.Person,
        replies.RoomLine,
        replies.FileLine,
        replies.AuditLine,
        replies.CommandHelp,
        replies.ArgumentHelp,
    ]
    return table(
        ("object", "fields", "meaning"), [(each.__name__, fields(each), said(each.__doc__)) for each in inside]
    )


def modes() -> str:
    """Give the table of the modes of a room."""
    locks = {mode: f"`/lock {what}`" for what, mode in LOCKS.items()}
    named = {Mode.ALLOWED: "allow", Mode.MUTE: "mute"}
    typed = {mode: f"`/{named.get(mode, mode.value)}`" for mode in Mode} | locks
    letters = {mode: f"`{letter}`" for mode, letter in LETTER.items()} | {Mode.MUTE: "`b m:…`"}
    meanings = dict(_attribute_docstrings(Mode))
    rows = [(f"`{mode.value}`", typed[mode], letters[mode], said(meanings[mode.name])) for mode in Mode]
    return table(("mode", "as people type it", "in IRC", "meaning"), rows)


MAY_USE = {
    Rank.ANYBODY: "Everybody",
    Rank.ACCOUNT: "Who is logged in to an account",
    Rank.OP: "Ops of the room, its founders, and admins",
    Rank.FOUNDER: "Founders of the room, and admins",
    Rank.ADMIN: "Admins of the server",
}
"""Who may use the commands of a rank."""


def commands() -> str:
    """Give the commands as they are typed, a table for each rank that they need."""
    tables = []
    for rank, who in MAY_USE.items():
        rows = [
            (f"`{each.usage()}`", said(each.help), _also(each), f"`{each.example}`")
            for each in TABLE.commands
            if each.rank is rank
        ]
        tables.append(f"**{who}**\n\n{table(('command', 'what it does', 'also', 'example'), rows)}")
    return "\n".join(tables)


def _also(command: Command) -> str:
    return " ".join(f"`/{alias}`" for alias in command.aliases)


def operations() -> str:
    """Give the table of the commands as they are sent in JSON."""
    rows = [
        (f"`{struct.__struct_config__.tag}`", fields(struct, ["ref"]), said(struct.__doc__), f"`{shown}`")
        for struct, shown in (
            (Hello, '{"op":"hello","nick":"alice","rooms":["#dev"]}'),
            (PongOp, '{"op":"pong"}'),
        )
    ]
    for name, struct in TABLE.wire_types().items():
        shown = msgspec.json.encode(example(name)).decode()
        rows.append((f"`{name}`", fields(struct, ["ref"]), said(struct.__doc__), f"`{shown}`"))
    return table(("op", "fields", "what it does", "example"), rows)


def doors() -> str:
    """Give the table of what a client says first."""
    rows = []
    for entrance in DOORS:
        first = [f"`{start.decode().strip()}`" for start in entrance.first]
        rows.append((", ".join(first) or "anything else, or nothing for 250 ms", entrance.name))
    return table(("the first bytes", "door"), rows)


def limits() -> str:
    """Give the table of the limits."""
    option_of = {field: option for option, (field, _) in LIMITS.items()}
    rows = [
        (f"`--{option_of[name]}`", f"{getattr(Limits(), name):,.0f}", said(meaning))
        for name, meaning in _attribute_docstrings(Limits)
    ]
    return table(("option", "default", "what is limited"), rows)


def _attribute_docstrings(cls: type) -> Iterator[tuple[str, str]]:
    """Give each attribute of a class with the string that stands below it."""
    (body,) = (node.body for node in ast.parse(inspect.getsource(cls)).body if isinstance(node, ast.ClassDef))
    for statement, below in pairwise(body):
        match statement, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(meaning))),
            ):
                yield name, meaning


def server_options() -> str:
    """Give the table of the options of the server."""
    repeated = {name: getattr(options.Options, f"opt_{name}") for name in ("port", "irc", "web", "auth")}
    described = [(name, option.__doc__ or "") for name, option in repeated.items()]
    described += [(str(name), str(meaning)) for name, _, _, meaning in options.Options.optParameters]
    described += [(str(name), str(meaning)) for name, _, meaning in options.Options.optFlags]
    given = {str(name): default for name, _, default, _ in options.Options.optParameters if default}
    rows: list[tuple[str, str, str]] = []
    for name, text in described:
        meaning, _, default = text.partition(" [")
        rows.append((f"`--{name}`", said(meaning), default.rstrip("]") or given.get(name, "")))
    return table(("option", "meaning", "default"), rows)


def join_options() -> str:
    """Give the table of the options of the client."""
    described = [(f"--{name}", meaning) for name, _, _, meaning in JoinOptions.optParameters]
    described.insert(1, ("--room", JoinOptions.opt_room.__doc__))
    described += [(f"--{name}", meaning) for name, _, meaning in JoinOptions.optFlags]
    return table(("option", "meaning"), [(f"`{name}`", said(meaning)) for name, meaning in described])


def irc_commands() -> str:
    """Give the table of the commands of IRC."""
    rows = [(f"`{name}`", said(VERBS[name].run.__doc__)) for name in sorted(VERBS)]
    return table(("command", "what it does"), rows)


def irc_capabilities() -> str:
    """Give the table of the capabilities."""
    return table(("capability", "what you get"), [(f"`{name}`", meaning) for name, meaning in OFFERED.items()])


def irc_tokens() -> str:
    """Give the tokens of 005 of a server that was told nothing else."""
    shown = " ".join([f"`{token}`" for token in tokens(Recorder().hub) if not token.startswith("NETWORK=")])
    return f"`NETWORK=` the server's name, without spaces; {shown}\n"


# -- conversations -----------------------------------------------------------------------------------------------

BEGIN = datetime(2026, 11, 21, 21, 4, 5, 125_000, tzinfo=UTC).timestamp()

NC = "nc 192.168.1.7 5555"
TLS = "ncat --ssl 192.168.1.7 5555"
SCREENS = {
    "screen": (
        "carol",
        NC,
        """
alice → alice
bob → bob
carol connects
(0.5 s pass)
carol → carol
carol → hello
alice → hi carol
bob → /me waves
carol → /msg bob what are we waiting for?
bob → /msg carol the projector
carol → /away lunch
carol → /mgs bob see you
carol → exit
""",
    ),
    "screen_account": (
        "carol",
        TLS,
        """
alice → alice
alice → /register correct horse battery
carol connects
(0.5 s pass)
carol → alice
carol → carol
carol → /register we are nine
alice → /quit
carol → /msg alice I have the cable
carol → /quit
""",
    ),
    "screen_back": (
        "alice",
        TLS,
        """
alice → alice
alice → /register correct horse battery
carol → carol
carol → /register we are nine
alice → /quit
carol → /msg alice I have the cable
alice connects
(0.5 s pass)
alice → /login alice correct horse battery
""",
    ),
    "screen_room": (
        "alice",
        TLS,
        """
alice → alice
alice → /register correct horse battery
bob → bob
bob → /register the second one
mallory → mallory
alice connects
(0.5 s pass)
alice → /login alice correct horse battery
alice → /join #exam
bob → /join #exam
alice → /op bob
mallory → /join #exam
mallory → cheap answers here
alice → /delete mallory no adverts
alice → /mute 10m mallory adverts
alice → /slow 30s
alice → /ban 1d @mallory adverts
alice → /bans
alice → /audit
""",
    ),
}
"""Whose screen it is, how they came, and what happens (as in `play`)."""


class Recorder:
    """People at the real doors, in memory: what they type goes in, what they get is noted."""

    def __init__(self) -> None:
        self.clock = Clock()
        journal = MemoryJournal()
        journal.identity, journal.secret = "c29ff3a41b6d0e57", b"not one of a server's"
        hub = self.hub = Hub(
            Limits(),
            journal,
            now=lambda: BEGIN + self.clock.seconds(),
            later=self.clock.callLater,
            name="room-1",
            version=__version__,
        )
        hub.logins = _logins(hub)
        self.factory = ChatFactory(hub, self.clock, DOORS, FrontDoor)
        self._transports: dict[str, StringTransportWithDisconnection] = {}
        self._addresses: dict[str, IPv4Address] = {}
        self._tokens = (f"{number}-not-one-that-anybody-was-given" for number in count(1))

    def connect(self, who: str) -> None:
        """Let somebody connect who has said nothing yet, each from a machine of their own."""
        address = self._addresses.setdefault(who, IPv4Address("TCP", f"192.168.1.{len(self._addresses) + 11}", 50_000))
        transport = self._transports[who] = StringTransportWithDisconnection(peerAddress=address)
        front = transport.protocol = self.factory.inside(tls=True)  # where there is no socket to set options of
        front.makeConnection(transport)
        front.secure = True  # as behind TLS: passwords are taken there

    def say(self, who: str, line: str) -> None:
        """Let somebody send a line; half a second later it is somebody's turn again."""
        if who not in self._transports:
            self.connect(who)
        transport = self._transports[who]
        with patch("lanchat.core.accounts.secrets.token_urlsafe", lambda _: next(self._tokens)):
            transport.protocol.dataReceived(f"{line}\n".encode())
            self.clock.advance(0)

    def wait(self, seconds: float) -> None:
        """Let time pass, and the server look after its connections."""
        while seconds > 0:
            step = min(seconds, 5.0)
            self.clock.advance(step)
            self.factory.look_after()
            self.clock.advance(0)
            seconds -= step

    def heard(self, first: str = "") -> Iterator[tuple[str, str]]:
        """Give the lines that came since the last time: who got them, the one named first before the others.

        ``(closed)`` stands for the end of the connection.
        """
        for who in sorted(self._transports, key=lambda who: who != first):
            transport = self._transports[who]
            for line in transport.value().decode().splitlines():
                yield who, line
            transport.clear()
            if not transport.connected:
                del self._transports[who]
                yield who, "(closed)"


CHEAP = 1
"""``ln`` of the passwords of recorded people: they are hashed at once."""


def _logins(hub: Hub) -> Logins:
    """Give logins as a server has them."""

    def at_once(job: Callable[[], Any], then: Callable[[Any], object]) -> None:
        then(job())

    passwords = Passwords([at_once])
    realm = Realm(hub.accounts, hub.limits.nick, hub.stamp)
    portal = portal_of(realm, hub.accounts, [AccountChecker(hub.accounts, passwords, CHEAP)])
    return Logins(hub.accounts, check_by(portal), hash_by(passwords, CHEAP))


STEP = re.compile(r"(?P<who>\w+) (?:→ (?P<line>.*)|(?P<connects>connects))|\((?P<seconds>[\d.]+) s pass\)")


def play(steps: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Play a conversation, and give each step with what was heard after it: ``who``, line.

    Steps are ``alice → LINE`` (the first of somebody connects them), ``alice connects`` and ``(5 s pass)``.
    """
    recorder = Recorder()
    for step in filter(None, steps.splitlines()):
        match = STEP.fullmatch(step)
        assert match, f"no step of a conversation: {step!r}"
        if match["line"] is not None:
            recorder.say(match["who"], match["line"])
        elif match["connects"]:
            recorder.connect(match["who"])
        else:
            recorder.wait(float(match["seconds"]))
        yield step, list(recorder.heard(match["who"] or ""))
        recorder.clock.advance(0.5)


@contextmanager
def utc() -> Iterator[None]:
    """Let the text door's clock show UTC."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    assert local_clock("2026-11-21T21:04:05.123Z") == "21:04"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def dialogue(old: str) -> str:
    """Record a conversation again: its steps stand in the document, with what was heard between them."""
    steps = [line for line in old.splitlines() if line and not line.startswith("```") and " ← " not in line]
    recorded: list[str] = []
    with utc():
        for step, heard in play("\n".join(steps)):
            recorded += [step, *(f"{who} ← {line}" for who, line in heard)]
            if heard:
                recorded.append("")
    return "```text\n{}\n```\n".format("\n".join(recorded).rstrip("\n"))


def screen(name: str) -> str:
    """Record what somebody sees and types with nc, from the moment at which they connect for the last time."""
    viewer, command, steps = SCREENS[name]
    lines: list[str] = []
    with utc():
        for step, heard in play(steps):
            if step == f"{viewer} connects":
                lines.clear()
            if step.startswith(f"{viewer} → "):
                lines.append(step.removeprefix(f"{viewer} → "))
            lines += [line for who, line in heard if who == viewer and line != "(closed)"]
    return "```text\n{}\n```\n".format("\n".join([f"$ {command}", *lines]))


# -- the documents -----------------------------------------------------------------------------------------------

MAKERS: dict[str, Callable[[], str]] = {
    "commands": commands,
    "operations": operations,
    "events": lambda: tags(AnyEvent, ["id", "time"]),
    "replies": lambda: tags(AnyReply, ["ref"]),
    "objects": objects,
    "modes": modes,
    "doors": doors,
    "limits": limits,
    "options": server_options,
    "join": join_options,
    **{name: functools.partial(screen, name) for name in SCREENS},
    "irc_commands": irc_commands,
    "irc_capabilities": irc_capabilities,
    "irc_tokens": irc_tokens,
}


def generated(document: str) -> str:
    """Give a document with its generated blocks made again."""

    def made(block: re.Match[str]) -> str:
        begin, name, old, end = block.groups()
        body = dialogue(old) if name == "dialogue" else MAKERS[name]()
        return f"{begin}\n{body}\n{end}"

    return BLOCK.sub(made, document)


def main(arguments: Sequence[str]) -> int:
    """Rewrite the documents, or only say which ones are out of date."""
    outdated = 0
    for name in DOCUMENTS:
        path = TOP / name
        old = path.read_text()
        new = generated(old)
        if new == old:
            continue
        outdated += 1
        if "--check" not in arguments:
            path.write_text(new)
        sys.stdout.write(f"{name} {'is out of date' if '--check' in arguments else 'rewritten'}\n")
    return 1 if outdated and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
