"""A page's end of a WebSocket: objects go over it as lines do elsewhere, and what comes is judged by wsproto.

`request` gives the bytes with which a WebSocket is asked for, `frame` those of one frame as a client sends it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from OpenSSL import SSL
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Ping, Pong, TextMessage

from tests.network import Line, Reactor, SecureLine
from tests.talkers import JsonTalker

KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""The ones of RFC 6455, section 1.3."""
HOST = "room-1.local:5555"


def request(**fields: str) -> bytes:
    """Ask for a WebSocket; a field that is empty is left out."""
    asked = {
        "Host": HOST,
        "Origin": f"http://{HOST}",
        "Connection": "keep-alive, Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = [f"{name}: {value}\r\n" for name, value in asked.items() if value]
    return ("GET /ws HTTP/1.1\r\n" + "".join(lines) + "\r\n").encode()


def frame(payload: bytes, opcode: int = 1, *, final: bool = True, mask: bytes = b"\x00\x00\x00\x00") -> bytes:
    """Give a frame of a client."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65_536:
        length = b"\xfe" + size.to_bytes(2)
    else:
        length = b"\xff" + size.to_bytes(8)
    masked = bytes([byte ^ mask[number % 4] for number, byte in enumerate(payload)]) if any(mask) else payload
    return bytes([0x80 * final | opcode]) + length + mask + masked


class WebLine(Line):
    """A client's end of a WebSocket: a line is a message."""

    def __init__(self, reactor: Reactor, factory: Any, client: tuple[Any, ...], number: int) -> None:
        super().__init__(reactor, factory, client, number)
        self._judge = Connection(ConnectionType.CLIENT)
        self._lines: list[str] = []
        self._partial = ""
        self._said_goodbye = False
        self.pings = 0
        self.pongs: list[bytes] = []
        self.closed: CloseConnection | None = None
        """How the server ended it."""
        super().types(request())
        answer = super().receives()
        assert answer.startswith(b"HTTP/1.1 101 Switching Protocols\r\n"), answer
        assert answer.endswith(b"\r\n\r\n"), answer

    def types(self, data: bytes) -> None:
        for line in data.splitlines():
            super().types(frame(line))

    def sends_raw(self, data: bytes) -> None:
        """Send bytes as they are, and wait until the server has done what they ask for."""
        super().types(data)
        self.reactor.settle()
        self._listen()

    def receives(self) -> bytes:
        self._listen()
        lines, self._lines = self._lines, []
        return "".join([f"{line}\n" for line in lines]).encode()

    @property
    def ended(self) -> bool:
        self._listen()
        return super().ended

    def hangs_up(self) -> None:
        """Say goodbye, as a page does that is closed."""
        self._said_goodbye = True
        self.sends_raw(frame(b"\x03\xe9", 8))

    def _listen(self) -> None:
        """Hear what has come, and answer what pages answer by themselves."""
        data = super().receives()
        if not data:
            return
        assert self.closed is None, "nothing stands behind a close frame"
        self._judge.receive_data(data)
        for event in self._judge.events():
            match event:
                case TextMessage():
                    self._partial += event.data
                    if event.message_finished:
                        self._lines.append(self._partial)
                        self._partial = ""
                case Ping():
                    self.pings += 1
                case Pong():
                    self.pongs.append(bytes(event.payload))
                case CloseConnection():
                    self.closed = event
                    if not self._said_goodbye:
                        with suppress(SSL.Error):  # the server may have ended TLS by now
                            super().types(frame(event.code.to_bytes(2), 8))
                case _:
                    raise AssertionError(f"the server said {event}")


class SecureWebLine(WebLine, SecureLine):
    """The same inside TLS."""


class WebTalker(JsonTalker):
    """A person with our page."""

    door = "web"
    line = WebLine


class SecureWebTalker(JsonTalker):
    """A person with our page over HTTPS."""

    door = "web+tls"
    line = SecureWebLine
