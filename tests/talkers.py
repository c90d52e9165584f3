"""People who chat through the doors, and hear the same whichever door they took.

A door plugs in with one class: how a person enters, what goes over the line for what they type, and how what
comes back reads (`hears` gives the lines of a person with nc, without the time).
"""

from __future__ import annotations

import itertools
import json
import re
from typing import Any, ClassVar

import msgspec

from lanchat.core import wording
from lanchat.core.commands import Kind
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Event, Joined, Told
from lanchat.core.replies import AnyReply, Entered
from lanchat.core.verbs import TABLE
from tests.network import Line, Network, SecureLine

_TIME = re.compile(r"\[\d\d:\d\d\] ")


class Talker:
    """One person at one door."""

    line: ClassVar[type[Line]] = Line
    door: ClassVar[str]
    """What /whois says of the connection."""

    def __init__(self, network: Network, nick: str, host: str = "192.168.7.2") -> None:
        self.network = network
        self.nick = nick
        self.wire = network.connect(host, line=self.line)
        self._partial = b""

    @property
    def session(self) -> Any:
        """The server's idea of this connection."""
        return next(door.session for door in self.network.factory.doors if door.who == self.nick)

    def enters(self) -> None:
        """Give the name."""
        self.wire.sends(self.name(self.nick))

    def logs_in(self, password: str = "correct horse") -> None:
        """Come in as the account of the name."""
        self.wire.sends(self.login(self.nick, password))

    def knocks(self, password: str) -> None:
        """Give the password of the server, and the name."""
        self.wire.sends(self.knocked(self.nick, password))

    def says(self, text: str) -> None:
        """Type a line, and wait until the server has heard it."""
        self.wire.sends(self.typed(text))

    def types(self, text: str) -> None:
        """Type a line, which the server reads in its next turn."""
        self.wire.types(self.typed(text))

    def hears(self) -> list[str]:
        """Give the lines heard since the last time, without the time of day."""
        return [_TIME.sub("", line) for line in self.heard(self.wire.receives())]

    def hears_whole(self) -> list[str]:
        """Give the lines heard since the last time that have come whole; the rest waits for its end."""
        self._partial += self.wire.receives()
        whole, end, self._partial = self._partial.rpartition(b"\n")
        return [_TIME.sub("", line) for line in self.heard(whole + end)]

    def name(self, nick: str) -> bytes:
        """Give the bytes that enter under a nick."""
        raise NotImplementedError

    def login(self, nick: str, password: str) -> bytes:
        """Give the bytes that enter as an account."""
        raise NotImplementedError

    def knocked(self, nick: str, password: str) -> bytes:
        """Give the bytes that enter under a nick where the server has a password."""
        raise NotImplementedError

    def typed(self, text: str) -> bytes:
        """Give the bytes for a line that is typed."""
        raise NotImplementedError

    def heard(self, data: bytes) -> list[str]:
        """Read what came as lines for a person."""
        raise NotImplementedError


class TextTalker(Talker):
    """A person with nc."""

    door = "text"

    def name(self, nick: str) -> bytes:
        return f"{nick}\r\n".encode()

    def login(self, nick: str, password: str) -> bytes:
        return f"/login {nick} {password}\r\n".encode()

    def knocked(self, nick: str, password: str) -> bytes:
        return f"/password {password}\r\n{nick}\r\n".encode()

    def typed(self, text: str) -> bytes:
        return f"{text}\r\n".encode("utf-8", "surrogateescape")

    def heard(self, data: bytes) -> list[str]:
        assert data == b"" or data.endswith(b"\r\n")
        return data.decode().split("\r\n")[:-1]


class SecureTextTalker(TextTalker):
    """A person with ncat --ssl."""

    door = "text+tls"
    line = SecureLine


class JsonTalker(Talker):
    """A person whose client speaks JSON and shows lines."""

    door = "json"

    def __init__(self, network: Network, nick: str, host: str = "192.168.7.2") -> None:
        super().__init__(network, nick, host)
        self.view = ""
        self.objects: list[dict[str, Any]] = []
        """Everything that came, as it came."""
        self._refs = map(str, itertools.count(1))

    def name(self, nick: str) -> bytes:
        return self._object(op="hello", nick=nick)

    def login(self, nick: str, password: str) -> bytes:
        return self._object(op="hello", nick=nick, password=password)

    def knocked(self, nick: str, password: str) -> bytes:
        return self._object(op="hello", nick=nick, server_password=password)

    def typed(self, text: str) -> bytes:
        if text in ("exit", "quit"):
            text = f"/{text}"
        if text.startswith("//") or not text.startswith("/"):
            return self._object(op="say", text=text.removeprefix("/"))
        name, _, rest = text[1:].partition(" ")
        try:
            command, arguments = TABLE.parse(text)
        except Refused as refused:
            if refused.code == "no-such-command":
                return self._object(op=name, text=rest)
            words = zip(TABLE.find(name).arguments, rest.split(" "), strict=False)
            return self._object(op=TABLE.find(name).name, **{a.name: w for a, w in words if a.kind is not Kind.ROOM})
        return self._object(op=command.name, **arguments)

    def heard(self, data: bytes) -> list[str]:
        assert data == b"" or data.endswith(b"\n")
        said = "\n".join(filter(None, map(self._shown, data.splitlines())))
        return said.split("\n") if said else []

    def _shown(self, line: bytes) -> str:
        found = msgspec.json.decode(line)
        self.objects.append(found)
        heard = msgspec.convert(found, AnyEvent | AnyReply)
        if isinstance(heard, Entered):
            self.view = heard.room
        came = isinstance(heard, Joined) and heard.nick == self.nick  # unasked, after a kick out of the last room
        if isinstance(heard, Event) and ("ref" in found or came):
            return wording.own(heard)
        if isinstance(heard, Told) and heard.nick == self.nick != heard.to:
            return wording.mirrored(heard)
        return wording.lines(heard, aside=getattr(heard, "room", self.view) != self.view)

    def _object(self, **fields: str) -> bytes:
        text = json.dumps({**fields, "ref": next(self._refs)}, ensure_ascii=False)
        return f"{text}\n".encode("utf-8", "surrogateescape")


class SecureJsonTalker(JsonTalker):
    """A person whose client speaks JSON inside TLS."""

    door = "json+tls"
    line = SecureLine
