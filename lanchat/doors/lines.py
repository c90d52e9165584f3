"""The JSON door: our own client, bots, and (framed differently) browsers.

One JSON object a line, in UTF-8, ending in LF.  The first is ``{"op":"hello","nick":"alice"}``, with
``"rooms":["#dev"]`` to be in more than the lobby; every other one is a command of the table with named
arguments: ``{"op":"msg","ref":"7","nick":"bob","text":"hi"}``.  What comes back is an event
(``{"event":"said","id":1043,…}``) or a reply (``{"event":"refused","ref":"7","code":"no-such-nick",…}``);
the session that did it gets the event with its ``ref``: that is the acknowledgement.  Fields that are not
known are passed over.

``"password":"…"`` in the hello logs in to the account of that nick.  ``{"event":"loggedin"…}`` has a token then, and
``{"op":"hello","token":"…"}`` comes back with it, in whichever nick the account has.  Whoever is refused may say
another hello.  After a silence the server sends ``{"event":"ping"}`` and wants to hear anything.
docs/protocol.md has all of it.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from lanchat.core.clean import clean, decode
from lanchat.core.commands import run
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Changed
from lanchat.core.masks import ADDRESS
from lanchat.core.names import LOBBY, fold
from lanchat.core.opaque import LONGEST
from lanchat.core.proving import Password, TokenOf
from lanchat.core.replies import AnyReply, Closed
from lanchat.core.session import Dialect
from lanchat.core.verbs import TABLE
from lanchat.doors.factory import ChatFactory
from lanchat.doors.pinging import PingedDoor
from lanchat.doors.pipe import Pipe

_encode = msgspec.json.Encoder().encode


class Hello(msgspec.Struct, frozen=True, tag_field="op", tag="hello"):
    """Come in under a nick, and into these rooms besides the lobby.

    ``since`` asks for everything that was said in them after that event, before anything new; ``journal`` is
    the welcome's that the number is of.  ``client`` is a name that nobody else can guess, at most 64 characters: a
    message that is sent once more under its ``ref`` is then acknowledged and not said twice, over a reconnect too.

    With a ``password`` you come in as the account of that nick; with a ``token``, which the reply to an earlier login
    had, as the account that it is for, and the nick may be left out.  If you are here with another client already you
    are one with it.  A private server wants its ``server_password`` of guests.
    """

    nick: str = ""
    password: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""
    token: Annotated[str, msgspec.Meta(max_length=256)] = ""
    server_password: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""
    rooms: list[str] = []
    since: Annotated[int, msgspec.Meta(ge=0)] | None = None
    journal: str = ""
    client: Annotated[str, msgspec.Meta(max_length=64)] = ""
    ref: str = ""


class PongOp(msgspec.Struct, frozen=True, tag_field="op", tag="pong"):
    """Answer the server's ping."""


class _Any(msgspec.Struct, frozen=True):
    """What is read of an object that is no command, to answer it."""

    op: str = ""
    ref: str = ""


COMMANDS = TABLE.wire_types()
_WIRE: Any = functools.reduce(operator.or_, [Hello, PongOp, *COMMANDS.values()])
_decode_command = msgspec.json.Decoder(_WIRE).decode
_decode_any = msgspec.json.Decoder(_Any).decode
_MANY_LINES = frozenset({"say", "me", "msg", "reply"})
"""Commands whose text may have several lines."""
_HELLO = '{"op":"hello","nick":"alice"}'


class JsonDialect:
    """Events as JSON lines.  It remembers the last one: a broadcast asks for the same event in a row."""

    named = None

    def __init__(self) -> None:
        self.in_view = self.aside = self
        self._event: AnyEvent | AnyReply | None = None
        self._encoded = b""

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        """Give the line for one event or reply."""
        if heard is not self._event:
            shown = _without_addresses(heard) if type(heard) is Changed else heard
            self._event, self._encoded = heard, _encode(shown) + b"\n"
        return self._encoded

    def own(self, event: AnyEvent, ref: str) -> bytes:
        """Give the event with the reference of the command that made it."""
        encoded = self.encode(event)
        return b'%b,"ref":%b}\n' % (encoded[:-2], _encode(ref)) if ref else encoded

    def mirror(self, event: AnyEvent) -> bytes:
        """Give the event: it says whose doing it is, and to whom."""
        return self.encode(event)


def _without_addresses(event: Changed) -> Changed:
    """Give a change as all may see it: from where somebody comes is shown to those in charge alone, by /bans."""
    if not any(change.value.startswith(ADDRESS) for change in event.changes):
        return event
    changes = [
        replace(change, value=f"{ADDRESS}*") if change.value.startswith(ADDRESS) else change
        for change in event.changes
    ]
    return replace(event, changes=changes)


JSON = JsonDialect()


def refusal(text: str) -> bytes:
    """Say in JSON why nobody is served."""
    return JSON.encode(Closed(text=text))


class JsonDoor(PingedDoor):
    """One program."""

    def __init__(
        self,
        factory: ChatFactory,
        pipe: Pipe,
        door: str,
        address: str,
        settled: Callable[[], None],
        dialect: Dialect = JSON,
    ) -> None:
        # Escaped, a byte of text may take six; the rest is for the other fields.
        longest = factory.hub.limits.message * 6 + 1024 if factory.hub.limits.message else 0
        super().__init__(factory, pipe, dialect, longest, door, address, settled)
        self.session.wants_token = True

    def heard(self, line: bytes) -> None:
        """Do what an object asks for."""
        if not line:
            return
        asked = self._read(line)
        if isinstance(asked, PongOp):
            return
        self.session.ref = asked.ref
        if isinstance(asked, Hello):
            self._introduce(asked)
            return
        op = asked.__struct_config__.tag
        many = op in _MANY_LINES
        arguments = {name: clean(getattr(asked, name), lines=many) for name in asked.__struct_fields__[:-1]}
        run(self.hub, self.session, TABLE.find(op), arguments)

    def caught_up(self) -> None:
        """Show the rooms as they are now: who came, went and was renamed meanwhile is no message."""
        for room in self.session.member.rooms:
            self.hub.show(self.session, room)

    def _introduce(self, hello: Hello) -> None:
        """Let somebody in, as soon as they have proved whose account it is."""
        session = self.session
        if not (hello.nick or hello.token):
            raise Refused("bad-arguments", f"There is no nick. Send it like this: {_HELLO}")
        if session.present:
            raise Refused("already-in", f"You are {session.member.nick} already. /nick takes another name.")
        session.client = hello.client
        if hello.server_password:
            self.hub.logins.admit(self.hub, session, clean(hello.server_password))
        proved = functools.partial(self._proved, hello)
        if hello.token:
            self.hub.logins.login(self.hub, session, TokenOf(hello.token), proved)
        elif hello.password:
            password = Password(clean(hello.nick).strip(), clean(hello.password))
            self.hub.logins.login(self.hub, session, password, proved)
        else:
            self._come_in(hello)

    def _proved(self, hello: Hello, refused: Refused | None) -> None:
        """Let in who has logged in; that was not in the turn of any line, so what goes wrong is caught here."""
        session = self.session
        session.ref = hello.ref
        try:
            if refused is None:
                self._come_in(hello)
            elif hello.token and refused.code == "bad-password":
                self.refuse(Refused("bad-token", "You are logged out here. Log in with your name and password."))
            else:
                self.refuse(refused)
        except Refused as problem:
            session.account, session.token = None, ""  # the next hello may be somebody else's
            self.refuse(problem)
        except Exception:
            self.log.failure("A login of {who} failed", who=session.address)
            self.end("an error in the server", Closed(text="An error in the server: please join again."))
        finally:
            session.ref = ""

    def _come_in(self, hello: Hello) -> None:
        journal = self.hub.journal
        since = hello.since
        if since is not None and (since > journal.last or hello.journal not in ("", journal.identity)):
            since = None  # a number of another journal says nothing about this one
        self.enter(clean(hello.nick).strip(), since)
        for room in hello.rooms[: self.hub.limits.rooms or None]:  # more could not be had anyway
            self._enter_room(clean(room))
        if since is not None:
            self.resume()

    def _enter_room(self, room: str) -> None:
        """Come into a room, or look at one where another client of the same person is; the lobby is shown anyway."""
        if fold(room) == fold(LOBBY):
            return
        try:
            self.hub.join(self.session, room)
        except Refused as refused:
            self.refuse(refused, room=room)

    def _read(self, line: bytes) -> Any:
        """Read one object as a command.  Raises Refused ``bad-json``, ``no-such-command`` or ``bad-arguments``."""
        try:
            return _decode_command(line)
        except (msgspec.ValidationError, RecursionError) as error:
            problem = str(error)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._reread(line)
        try:
            asked = _decode_any(line)
        except (msgspec.DecodeError, RecursionError):
            asked = _Any()
        self.session.ref = asked.ref
        command = TABLE.find(asked.op) if asked.op not in ("", "hello") else None
        if command is not None and command.name != asked.op:
            raise Refused("no-such-command", f"There is no command {asked.op}. Did you mean {command.name}?")
        usage = _encode(example(command.name)).decode() if command else _HELLO
        raise Refused("bad-arguments", f"{problem}. Send it like this: {usage}")

    def _reread(self, line: bytes) -> Any:
        """Read a line once more, whose bytes are perhaps no UTF-8."""
        try:
            return _decode_command(decode(line).encode())
        except (msgspec.DecodeError, RecursionError):
            raise Refused("bad-json", 'That is no JSON object. Send one a line: {"op":"help"}') from None


def example(name: str) -> dict[str, str]:
    """Give the JSON object for the example of a command."""
    command, arguments = TABLE.parse(TABLE.find(name).example)
    return {"op": command.name, **arguments}
