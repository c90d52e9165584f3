"""People without doors: sessions on the hub alone, whose way out is a list."""

from __future__ import annotations

import itertools
import re
from typing import Any

from lanchat.core import wording
from lanchat.core.commands import run
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent
from lanchat.core.hub import Hub
from lanchat.core.limits import Limits
from lanchat.core.proving import Password
from lanchat.core.replies import AnyReply, Refusal
from lanchat.core.session import Session
from lanchat.core.verbs import TABLE
from lanchat.stores.journal import MemoryJournal
from tests.logins import logins

_TIME = re.compile(r"\[\d\d:\d\d\] ")


class Outlet:
    """A way out that remembers each send; ``space`` bytes are taken, then sending would block."""

    def __init__(self) -> None:
        self.sends: list[bytes] = []
        self.kept: list[bytes] = []
        self.space: int | None = None
        self.error: OSError | None = None
        self.finished = 0

    def send(self, data: bytes) -> int:
        if self.error is not None:
            raise self.error
        if self.space is not None:
            if not self.space:
                raise BlockingIOError
            data = data[: self.space]
            self.space -= len(data)
        self.sends.append(data)
        return len(data)

    def keep(self, rest: bytes) -> None:
        self.kept.append(rest)

    def finish(self) -> None:
        self.finished += 1


class PlainDialect:
    """Lines as a person reads them."""

    def __init__(self, named: int | None = None, aside: PlainDialect | None = None) -> None:
        self.named = named
        self.in_view = self
        self.aside = aside or self
        self._is_aside = aside is None
        self.encoded: list[AnyEvent | AnyReply] = []

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        self.encoded.append(heard)
        lines = wording.lines(heard, aside=self._is_aside)
        return f"{lines}\n".encode() if lines else b""

    def own(self, event: AnyEvent, ref: str) -> bytes:
        lines = wording.own(event)
        mark = f" #{ref}" if ref else ""
        return f"{lines}{mark}\n".encode() if lines else b""

    def mirror(self, event: AnyEvent) -> bytes:
        lines = wording.mirrored(event)
        return f"{lines}\n".encode() if lines else b""


PLAIN = PlainDialect(aside=PlainDialect())


class Talker:
    """One person with one session."""

    def __init__(self, chat: Chat, nick: str, door: str = "test") -> None:
        self.chat = chat
        self.nick = nick
        self.outlet = Outlet()
        self.session = Session(chat.hub.pulse, self.outlet, PLAIN, door, "192.168.7.2")

    @property
    def member(self) -> Any:
        return self.session.member

    def enters(self) -> None:
        """Come in."""
        self.chat.hub.enter(self.session, self.nick)
        self.chat.turn()

    def logs_in(self, name: str = "", password: str = "correct horse") -> None:
        """Prove an account, before coming in or after."""
        proof = Password(name or self.nick, password)
        self.chat.hub.logins.login(self.chat.hub, self.session, proof, self._refused)
        self.chat.turn()

    def _refused(self, refused: Refused | None) -> None:
        if refused is not None:
            self.session.tell(Refusal(code=refused.code, text=refused.text))

    def types(self, line: str, ref: str = "") -> None:
        """Say a line or a command, without an end of the turn."""
        self.session.ref = ref
        try:
            if line.startswith("/"):
                run(self.chat.hub, self.session, *TABLE.parse(line))
            else:
                self.chat.hub.say(self.session, self.session.view, line)
        except Refused as refused:
            self.session.tell(Refusal(ref=ref, code=refused.code, text=refused.text))
        finally:
            self.session.ref = ""

    def says(self, line: str, ref: str = "") -> None:
        """Say a line or a command, and end the turn."""
        self.types(line, ref)
        self.chat.turn()

    def hears(self) -> list[str]:
        """Give the lines heard since the last time, without the time of day."""
        self.chat.turn()
        heard = b"".join(self.outlet.sends).decode()
        self.outlet.sends.clear()
        return [_TIME.sub("", line) for line in heard.split("\n")[:-1]]


class Chat:
    """A hub without doors; a turn ends when the test says so."""

    def __init__(self, limits: Limits | None = None, journal: Any = None) -> None:
        self.seconds = 1_795_294_845.123
        self._soon: list[Any] = []
        self._patient: list[Any] = []
        self.hub = Hub(
            limits or Limits(),
            journal or MemoryJournal(),
            now=lambda: self.seconds,
            later=self._later,
            name="room-1",
            version="1.0",
        )
        self.hub.logins = logins(self.hub)
        self._numbers = itertools.count()

    def _later(self, seconds: float, call: Any) -> None:
        (self._patient if seconds else self._soon).append(call)

    def waits(self) -> None:
        """Let all the time pass for which a crowd is let wait."""
        calls, self._patient[:] = list(self._patient), []
        for call in calls:
            call()
        self.turn()

    def turn(self) -> None:
        """End the turn."""
        while self._soon:
            calls, self._soon[:] = list(self._soon), []
            for call in calls:
                call()

    def talkers(self, *nicks: str, room: str = "") -> list[Talker]:
        """Let people in, and let them forget what they heard on the way."""
        people = [Talker(self, nick) for nick in nicks]
        for one in people:
            one.enters()
            if room:
                one.says(f"/join {room}")
        for one in people:
            one.hears()
        return people
