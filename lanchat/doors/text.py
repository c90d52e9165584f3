"""The text door: people with nc or telnet.

Lines end in LF or CRLF, ours in CRLF.  The first line is the name, or ``/login NICK PASSWORD``; a private server wants
``/password PASSWORD`` before it.  After that a line is said in the room in
view, a line that begins with ``/`` is a command (``//text`` says ``/text``), and ``exit``, ``quit``, Ctrl-D or
the end of the input leave.  One event is one line, so that grep works: ``[21:04] <bob> hi``; the server's
lines begin with ``-- ``.  Nobody is echoed what they typed.  Bytes that are no UTF-8 are read as Windows-1252;
telnet's negotiation is taken out and never answered.
"""

from __future__ import annotations

from collections.abc import Callable

from lanchat.core import wording
from lanchat.core.answers import NAMED
from lanchat.core.clean import clean, decode
from lanchat.core.commands import run
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent
from lanchat.core.logins import closed
from lanchat.core.proving import Certificate, Credentials, Password
from lanchat.core.replies import AnyReply, Help
from lanchat.core.verbs import TABLE
from lanchat.doors.door import LineDoor
from lanchat.doors.factory import ChatFactory
from lanchat.doors.pipe import Pipe
from lanchat.doors.telnet import TelnetFilter

_CTRL_D = b"\x04"
_COMMAND = 256
"""Bytes of a line that a command may take besides its text."""


class TextDialect:
    """Events as lines.  It remembers the last one: a broadcast asks for the same event in a row."""

    named = NAMED + 1  # the newcomer is among them

    def __init__(self, aside: TextDialect | None = None) -> None:
        self.in_view = self
        self.aside = aside or self
        self._is_aside = aside is None
        self._event: AnyEvent | AnyReply | None = None
        self._encoded = b""

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        """Give the lines for one event or reply."""
        if heard is not self._event:
            self._event, self._encoded = heard, to_wire(wording.lines(heard, aside=self._is_aside))
        return self._encoded

    def own(self, event: AnyEvent, ref: str) -> bytes:
        """Give what is worth saying to somebody about their own doing."""
        del ref
        return to_wire(wording.own(event))

    def mirror(self, event: AnyEvent) -> bytes:
        """Give what they did in private in another session."""
        return to_wire(wording.mirrored(event))


TEXT = TextDialect(TextDialect())


def to_wire(lines: str) -> bytes:
    """Encode lines as the text door ends them."""
    return f"{lines}\n".replace("\n", "\r\n").encode() if lines else b""


def refusal(text: str) -> bytes:
    """Say in text why nobody is served."""
    return to_wire(f"-- {text}")


class TextDoor(LineDoor):
    """One person with a line-mode terminal."""

    def __init__(self, factory: ChatFactory, pipe: Pipe, door: str, address: str, settled: Callable[[], None]) -> None:
        most = factory.hub.limits.message
        super().__init__(factory, pipe, TEXT, most and most + _COMMAND, door, address, settled)
        self._telnet: TelnetFilter | None = None

    def dataReceived(self, data: bytes) -> None:
        """Take telnet's commands out; Ctrl-D ends a line as a newline does."""
        if self._telnet is not None or b"\xff" in data:
            self._telnet = self._telnet or TelnetFilter()
            data = self._telnet.feed(data)
        if _CTRL_D in data:
            data = data.replace(_CTRL_D, b"\x04\n")
        super().dataReceived(data)

    def heard(self, line: bytes) -> None:
        """Say a line, or do what it commands."""
        if line == _CTRL_D:
            line = b"/quit"
        if b"\x08" in line or b"\x7f" in line:
            line = _erase(line)
        text = clean(decode(line))
        session = self.session
        if not session.present:
            self._introduce(text.strip())
        elif text.startswith("/") and not text.startswith("//"):
            command, arguments = TABLE.parse(text)
            run(self.hub, session, command, arguments)
        elif text.strip().lower() in ("exit", "quit"):
            self.hub.close(session, "")
        elif text[:1].isspace() and _is_secret(text.strip()):
            raise Refused("bad-arguments", "Type it without the blank before it: everybody would read your password.")
        elif text and not text.isspace():
            self.hub.say(session, session.view, text[1:] if text.startswith("//") else text)

    def _introduce(self, text: str) -> None:
        """Hear from somebody who has no name yet."""
        word, _, rest = text.partition(" ")
        match word.lower():
            case "exit" | "quit" | "/quit" | "/exit" | "/bye":
                self.hub.close(self.session, "")
            case "/help" | "/?":
                told = [TABLE.find(name).described() for name in ("help", "login", "quit")]
                self.session.tell(Help(commands=told))
                self._ask_for_name()
            case "/nick":
                self.enter(rest.strip())
            case "":
                self._ask_for_name()
            case "/login" | "/identify":
                self._log_in(text)
            case "login" | "identify" if rest:  # as it stands it would be shown as a name, with the password
                self._log_in(f"/{text}")
            case "/password":
                self._admit(rest.strip())
            case "password" if rest:
                self._admit(rest.strip())
            case "/register" | "register" if rest or word.startswith("/"):
                if not self.hub.logins.open:
                    raise closed()
                raise Refused("no-nick", "Type your name first, then /register PASSWORD.")
            case _ if word.startswith("/"):
                raise Refused("no-nick", "Type your name first, then commands.")
            case _:
                self.enter(text)

    def _ask_for_name(self) -> None:
        """Say what has to be typed to come in."""
        logins = self.hub.logins
        if logins.welcomes is not None and not self.session.admitted:
            asked = "Type /password PASSWORD, and then your name. Who has an account types /login NICK PASSWORD."
        elif not logins.guests:
            asked = "Type /login NICK PASSWORD to join."
        else:
            asked = "Type your name to join."
        self.session.put(to_wire(f"-- {asked}"))

    def _admit(self, password: str) -> None:
        """Hear the password of the server."""
        if not password:
            raise Refused("bad-arguments", "Type it like this: /password PASSWORD")
        self.hub.logins.admit(self.hub, self.session, password)
        self._ask_for_name()

    def _log_in(self, line: str) -> None:
        """Log somebody in who comes in by that; who has a certificate needs no password."""
        session = self.session
        words = line.split()
        if len(words) == 2 and session.certificate:
            proof: Credentials = Certificate(session.certificate, words[1])
        else:
            _, arguments = TABLE.parse(line)
            proof = Password(arguments["name"], arguments["password"])

        def then(refused: Refused | None) -> None:
            try:
                if refused is not None:
                    raise refused
                assert session.account is not None
                self.enter(session.account.name)
            except Refused as refusal:
                self.refuse(refusal)

        self.hub.logins.login(self.hub, session, proof, then)


def _is_secret(typed: str) -> bool:
    """Say whether a command with a password was typed."""
    if not typed.startswith("/"):
        return False
    try:
        return TABLE.find(typed[1:].partition(" ")[0]).secret
    except Refused:
        return False


def _erase(line: bytes) -> bytes:
    """Do what backspace means, for terminals that send each key as it is typed."""
    kept: list[str] = []
    for letter in decode(line):
        if letter not in "\x08\x7f":
            kept.append(letter)
        elif kept:
            kept.pop()
    return "".join(kept).encode()
