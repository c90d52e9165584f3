"""The IRC door: any IRC client, as modern.ircdocs.horse describes the protocol (RFC 1459, 2812) and IRCv3 extends it.

Lines end in CR LF or LF and have 512 bytes at most, besides 4,096 of tags; empty ones are passed over.  A client
registers with NICK and USER, in any order and with CAP and PASS around it, and is in ``#lobby`` then.  What is not a
command of IRC is looked for in the table that all doors have: ``SEARCH exam`` is ``/search exam``, and is answered by
notices.  A line that cannot be understood never ends the connection; a client that reads too slowly, stays silent or
speaks something else is told why with ERROR.
"""

from __future__ import annotations

from collections.abc import Callable

from lanchat.core.clean import clean, decode
from lanchat.core.commands import run
from lanchat.core.errors import Refused
from lanchat.core.session import Send
from lanchat.core.verbs import TABLE
from lanchat.doors.factory import ChatFactory
from lanchat.doors.irc import labels, sasl
from lanchat.doors.irc.commands import COMMANDS
from lanchat.doors.irc.message import CLIENT_TAGS, LINE, Message, parse, server_name, to_wire, written
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import BARE, NUMERICS, Unable, for_clients, too_few, word
from lanchat.doors.irc.registration import Registration
from lanchat.doors.irc.shown import Shown
from lanchat.doors.irc.splitting import pieces
from lanchat.doors.irc.standard_replies import Failed, fail
from lanchat.doors.irc.voice import Voice
from lanchat.doors.pinging import PingedDoor
from lanchat.doors.pipe import Pipe

_ENOUGH = 1 << 16
"""Bytes of answers after which a client has to read before it asks for more: who asks for much loses nothing by it."""
_STRANGE = 10
"""Lines that are no commands, after which a client that has no name yet is given up."""
_OF_HTTP = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
"""What a browser says that somebody sends here (cross-protocol requests): nothing of what follows may be heard."""


class IrcDoor(PingedDoor):
    """One IRC client."""

    def __init__(self, factory: ChatFactory, pipe: Pipe, door: str, address: str, settled: Callable[[], None]) -> None:
        self.has: frozenset[str] = frozenset()
        """The capabilities that the client asked for."""
        self.hub = factory.hub
        self.server = server_name(factory.hub.name)
        self.voice = Voice(self)
        super().__init__(factory, pipe, self.voice, CLIENT_TAGS + LINE, door, address, settled)
        self.session.one_view = False
        self.registration = Registration(self)
        self.shown = Shown()
        self.account = ""
        """The account that the client was told it is logged in to."""
        self.sasl: sasl.Exchange | None = None
        """A login that is under way."""
        self.subject: tuple[str, ...] = ()
        """What the command is about (a nick, a room): it stands before the text of what is refused."""
        self.command = ""
        """The command that is being run."""
        self.label = ""
        """The label that its answer is to carry (`labels`); empty for none."""
        self.late: labels.Late | None = None
        """The answer with a label that takes time."""
        self.answered = 0
        """Bytes that were answered since the client has read everything."""
        self._unread = False
        """Whether the client is waited for."""
        self._batches = 0
        self._strange = 0
        """Lines that were no commands, from a client that has no name yet."""

    # -- what goes out -------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The nick as numerics have it: ``*`` before there is one."""
        return self.session.nick or "*"

    @property
    def host(self) -> str:
        """The host as others see it."""
        return self.session.member.host if self.session.present else self.session.address

    def numeric(self, numeric: Numeric, *params: str) -> bytes:
        """Give the line of a numeric; its last parameter is a text."""
        *words, text = params
        return to_wire(" ".join([f":{self.server}", numeric.value, self.name, *words, f":{text}"]))

    def line(self, command: str, *params: str, source: str = "") -> bytes:
        """Give a line of the server, or of another source."""
        return to_wire(written(command, *params, source=source or self.server))

    def notice(self, lines: str) -> bytes:
        """Give lines as notices of the server; long ones are split."""
        head = f":{self.server} NOTICE {self.name} :"
        return b"".join([to_wire(head + line) for line in pieces(lines, LINE - len(head.encode()))])

    def put(self, *chunks: bytes) -> None:
        """Answer this session."""
        data = b"".join(chunks)
        self.answered += len(data)
        self.session.put(self.collected(data))

    def reply(self, numeric: Numeric, *params: str) -> None:
        """Answer with a numeric."""
        self.put(self.numeric(numeric, *params))

    def refused(self, code: str, text: str) -> bytes:
        """Give what says that the command is refused: a numeric, a standard reply, or a notice."""
        numeric, text = NUMERICS.get(code), for_clients(text)
        if code == "banned" and not self.subject:
            numeric = Numeric.ERR_YOUREBANNEDCREEP  # from the server, and from no room
        if numeric in BARE:
            return self.numeric(numeric, text)
        if numeric is not None and self.subject:
            return self.numeric(numeric, *map(word, self.subject), text)
        if "standard-replies" in self.has:
            return fail(self, self.command, Failed(code.upper().replace("-", "_"), *self.subject, text=text))
        return self.notice(f"-- {text}")

    def refuse(self, refused: Refused, *, room: str = "") -> None:
        """Say what is refused, and note that it was."""
        del room
        if isinstance(refused, Unable):
            self.reply(refused.numeric, *refused.params, for_clients(refused.text))
        elif isinstance(refused, Failed):
            self.put(fail(self, self.command, refused))
        else:
            self.put(self.refused(refused.code, refused.text))
        self.note_refused(refused)

    def note_refused(self, refused: Refused) -> None:
        """Note in the log what is refused."""
        self.log.info("{who} refused: {code}", who=self.session.nick or self.session.address, code=refused.code)

    def collected(self, lines: bytes) -> bytes:
        """Keep a part of an answer with a label until all of it is there; give what can be said at once."""
        if self.late is None:
            return lines
        self.late.lines.append(lines)
        return b""

    def complete(self) -> bytes:
        """Give the answer with a label that was collected: nothing more will come."""
        late, self.late = self.late, None
        return b"" if late is None else labels.labelled(self, late.label, b"".join(late.lines))

    def new_batch(self) -> str:
        """Give a reference for a batch (ircv3.net/specs/extensions/batch) that this session has not seen yet."""
        self._batches += 1
        return str(self._batches)

    def route(self, send: Send) -> None:
        """Let the session send another way, and go on if that means that the client has read everything."""
        super().route(send)
        if self._unread:
            self._unread = False
            self.factory.clock.callLater(0, self.release)

    # -- what comes in -------------------------------------------------------------------------------------

    def lineReceived(self, line: bytes) -> None:
        """Run a line, and hear nothing more until its answer is read, if that is much."""
        super().lineReceived(line)
        if self.answered > _ENOUGH:
            self.answered = 0
            self.hold()
            self.hub.pulse.after(self._go_on)

    def _go_on(self) -> None:
        """Hear more as soon as the client has read what was answered."""
        self._unread = self.pipe.size > 0
        if not self._unread:
            self.release()

    def _answered(self) -> None:
        """Hear more, if nothing else is asked: what was asked is answered."""
        if self._asked == 1 and not self.session.closing:
            self.session.put(self.complete())
        super()._answered()

    def check(self, now: float) -> None:
        """Look after the connection; who is waited for is not heard, and so not silent."""
        if self._unread:
            self._heard_at = now
        sasl.expire(self, now)
        super().check(now)

    def heard(self, line: bytes) -> None:
        """Do what a line asks for."""
        tags, space, _ = line.partition(b" ") if line.startswith(b"@") else (b"", b"", b"")
        overlong = len(tags) + len(space) > CLIENT_TAGS or len(line) - len(tags) - len(space) > LINE
        run = self._run
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text, run = decode(line), self._run_mended
        message = parse(text)
        if overlong:
            message, run = message or Message("", [], {}), _refuse_overlong
        if message is None:
            return
        self.command, self.subject = message.command, ()
        if message.tags and (label := labels.label_of(self, message)):
            labels.answer(self, label, run, message)
        else:
            run(message)

    def _run_mended(self, message: Message) -> None:
        """Run a command that was no UTF-8, and say so (ircv3.net/specs/extensions/utf8-only)."""
        if "standard-replies" in self.has:
            told = "That was no UTF-8, and was read as Windows-1252: let your client send UTF-8"
            self.put(self.line("WARN", word(message.command), "INVALID_UTF8", told))
        self._run(message)

    def _run(self, message: Message) -> None:
        """Run a command of IRC, or one of the table that all doors have."""
        verb = COMMANDS.get(message.command)
        if not self.session.present and (verb is None or not verb.early):
            if verb is None and self._is_lost(message.command):
                return
            raise Unable(Numeric.ERR_NOTREGISTERED, text="You have not registered: send NICK and USER")
        if verb is None:
            self.run_word(message)
            return
        if len(message.params) < verb.least:
            raise too_few(message.command)
        verb.run(self, message)

    def _is_lost(self, command: str) -> bool:
        """End the connection of a client that speaks something else: it would never come in."""
        self._strange += 1
        if command not in _OF_HTTP and self._strange <= _STRANGE:
            return False
        self.end("This is IRC: begin with NICK and USER")
        return True

    def run_word(self, message: Message) -> None:
        """Run a command of the table that all doors have.  Raises Refused."""
        typed = f"/{clean(message.command).lower()} {' '.join(map(clean, message.params))}"
        try:
            command, arguments = TABLE.parse(typed)
        except Refused as refused:
            if refused.code != "no-such-command":
                raise
            raise Unable(Numeric.ERR_UNKNOWNCOMMAND, clean(message.command), text=refused.text) from None
        run(self.hub, self.session, command, arguments)

    def let_in(self, nick: str, user: str, name: str) -> None:
        """Let the client in, which has said all that it has to.  Raises Refused."""
        self.hub.enter(self.session, nick, user=user, name=name)
        self._settled()

    def overflowed(self) -> None:
        """End the connection of a client that reads too slowly: what it missed it could not be given."""
        self.why = "SendQ exceeded"
        self.pipe.abort()


def _refuse_overlong(message: Message) -> None:
    """Do nothing of what a line asks for that is too long.  Raises Unable."""
    del message
    raise Unable(Numeric.ERR_INPUTTOOLONG, text="Input line was too long: send it in parts")


def refusal(text: str) -> bytes:
    """Say in IRC why nobody is served (RFC 2812, section 3.7.4)."""
    return to_wire(f"ERROR :{text}")
