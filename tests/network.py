"""A network in memory: Twisted's own TCP transports on sockets that no kernel knows, and a reactor by hand.

Only the socket and the reactor are fakes; what happens between them (buffers, producers, half-closes) is
Twisted's.  A `Line` is a client's end of one connection, `SecureLine` one that speaks TLS.
"""

from __future__ import annotations

import errno
import functools
import socket
import tempfile
from collections import deque
from pathlib import Path
from typing import Any

import trustme
from OpenSSL import SSL
from twisted.internet.posixbase import _DisconnectSelectableMixin
from twisted.internet.protocol import Factory
from twisted.internet.tcp import Server
from twisted.internet.testing import MemoryReactorClock

from lanchat.core.hub import Hub
from lanchat.core.limits import Limits
from lanchat.doors.factory import ChatFactory
from lanchat.doors.front import FrontDoor
from lanchat.doors.table import DOORS
from lanchat.stores.journal import MemoryJournal
from lanchat.tls import ReloadableContext
from tests.logins import logins

EASY = Limits(rate=0, per_address=0)
"""Limits under which a test can talk as fast as it likes."""
CA = trustme.CA()


@functools.cache
def server_context() -> ReloadableContext:
    """TLS as a server with a certificate speaks it."""
    with tempfile.TemporaryDirectory() as directory:
        pem = Path(directory) / "server.pem"
        CA.issue_cert("room-1.local").private_key_and_cert_chain_pem.write_to_path(pem)
        return ReloadableContext(pem)


class Socket(socket.socket):
    """A socket without a kernel: ``inbox`` is what the peer has sent, ``sends`` every piece that it was sent."""

    family = socket.AF_INET  # type: ignore[assignment]

    def __init__(self, ready: bool = True) -> None:  # there is no descriptor: the base must not make one
        self.inbox = bytearray()
        self.sends: list[bytes] = []
        self.space: int | None = None
        """Bytes that are still taken before sending would block; None: all."""
        self.error: OSError | None = None
        """What reading and sending raise."""
        self.options: dict[tuple[int, int], Any] = {}
        self.peer_ended = False
        self.shut = False
        """Whether nothing will be sent any more: the peer has read the end."""
        self.aborted = False

    @property
    def readable(self) -> bool:
        return bool(self.inbox or self.peer_ended or self.error)

    def fileno(self) -> int:
        return 7

    def setblocking(self, flag: bool) -> None:
        assert not flag

    def setsockopt(self, level: int, option: int, value: Any) -> None:  # type: ignore[override]
        self.options[level, option] = value
        self.aborted |= (level, option) == (socket.SOL_SOCKET, socket.SO_LINGER)

    def getsockname(self) -> tuple[str, int]:
        return ("192.168.7.1", 5555)

    def recv(self, size: int) -> bytes:  # type: ignore[override]
        if self.error:
            raise self.error
        if not self.inbox and not self.peer_ended:
            raise BlockingIOError(errno.EAGAIN, "nothing there")
        data = bytes(self.inbox[:size])
        del self.inbox[:size]
        return data

    def send(self, data: Any) -> int:  # type: ignore[override]
        if self.error:
            raise self.error
        if self.shut:
            raise BrokenPipeError(errno.EPIPE, "shut down")
        if self.space is not None:
            if not self.space:
                raise BlockingIOError(errno.EAGAIN, "full")
            data = data[: self.space]
            self.space -= len(data)
        self.sends.append(bytes(data))
        return len(data)

    def shutdown(self, how: int) -> None:
        self.shut = True

    def close(self) -> None:
        self.shut = True


class Reactor(_DisconnectSelectableMixin, MemoryReactorClock):
    """A reactor by hand: `turn` is one round of its loop."""

    def __init__(self) -> None:
        super().__init__()
        self.rightNow = 1_795_294_845.123
        self._from_threads: deque[Any] = deque()

    def callFromThread(self, call: Any, *arguments: Any) -> None:
        self._from_threads.append(lambda: call(*arguments))

    def turn(self) -> bool:
        """Do what is due, then read and write where it is possible; say whether anything happened."""
        happened = bool(self._from_threads or (self.calls and self.calls[0].getTime() <= self.seconds()))
        while self._from_threads:
            self._from_threads.popleft()()
        self.advance(0)
        ready = [(one, True) for one in self.readers if one.socket.readable]
        ready += [(one, False) for one in self.writers if one.socket.space != 0]
        for one, reads in sorted(ready, key=lambda pair: pair[0].sessionno):
            if one in (self.readers if reads else self.writers):
                why = one.doRead() if reads else one.doWrite()
                if why:
                    self._disconnectSelectable(one, why, reads)
        return happened or bool(ready)

    def settle(self) -> None:
        """Go on until nothing happens any more."""
        for _ in range(100_000):
            if not self.turn():
                return
        raise AssertionError("the reactor never comes to rest")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.advance(seconds)
        self.settle()


class Line:
    """A client's end of one connection."""

    def __init__(self, reactor: Reactor, factory: Any, client: tuple[Any, ...], number: int) -> None:
        self.reactor = reactor
        self.socket = Socket()
        self._taken = 0
        protocol = factory.buildProtocol(None)
        self.refused = protocol is None
        if protocol is not None:
            self.server: Any = protocol
            self.transport: Any = Server(self.socket, protocol, client, None, number, reactor)
            protocol.makeConnection(self.transport)

    def types(self, data: bytes) -> None:
        """Send bytes, which the server reads in its next turn."""
        self.socket.inbox += data

    def sends(self, data: bytes) -> None:
        """Send bytes, and wait until the server has done what they ask for."""
        self.types(data)
        self.reactor.settle()

    def receives(self) -> bytes:
        """Take what has come since the last time."""
        self.reactor.settle()
        return self._arrived()

    def stalls(self) -> None:
        """Stop reading: nothing more is taken."""
        self.socket.space = 0

    def reads(self, size: int | None = None) -> None:
        """Read again: so many bytes, or all."""
        self.socket.space = size
        self.reactor.settle()

    def hangs_up(self) -> None:
        """Say that nothing more will be sent; what comes is still read."""
        self.socket.peer_ended = True
        self.reactor.settle()

    def drops(self) -> None:
        """Vanish, as a peer does whose machine loses its network."""
        self.socket.error = ConnectionResetError(errno.ECONNRESET, "reset")
        self.reactor.settle()

    @property
    def ended(self) -> bool:
        """Whether the server has said that nothing more will come."""
        self.reactor.settle()
        return self.socket.shut

    @property
    def gone(self) -> bool:
        """Whether the server has forgotten the connection."""
        self.reactor.settle()
        return not hasattr(self.transport, "socket")

    def _arrived(self) -> bytes:
        data = b"".join(self.socket.sends)
        new, self._taken = data[self._taken :], len(data)
        return new


class SecureLine(Line):
    """A client's end of one connection inside TLS."""

    def __init__(self, reactor: Reactor, factory: Any, client: tuple[Any, ...], number: int) -> None:
        super().__init__(reactor, factory, client, number)
        self.tls = SSL.Connection(self.context(), None)
        self.tls.set_connect_state()
        self._plain = b""
        for _ in range(3):
            try:
                self.tls.do_handshake()
            except SSL.WantReadError:
                self._carry()
        self._carry()

    def context(self) -> SSL.Context:
        """Give what the client speaks."""
        return SSL.Context(SSL.TLS_CLIENT_METHOD)

    def types(self, data: bytes) -> None:
        if self.tls.get_shutdown():  # the server has ended it: as with a closed socket, nobody reads that
            return
        for start in range(0, len(data), 16_384):
            self.tls.send(data[start : start + 16_384])
        self._outgoing()

    def receives(self) -> bytes:
        self.reactor.settle()
        self._carry()
        plain, self._plain = self._plain, b""
        return plain

    @property
    def ended(self) -> bool:
        self._carry()
        return super().ended

    def hangs_up(self) -> None:
        """End TLS: half of it cannot be ended."""
        self.tls.shutdown()
        self._outgoing()
        super().hangs_up()

    def ends_tcp(self) -> None:
        """End our half of TCP without a word in TLS."""
        super().hangs_up()

    def _outgoing(self) -> None:
        try:
            while data := self.tls.bio_read(65_536):
                super().types(data)
        except SSL.WantReadError:
            pass

    def _carry(self) -> None:
        """Carry bytes to the server and back, and decrypt what has come."""
        self._outgoing()
        self.reactor.settle()
        if data := self._arrived():
            self.tls.bio_write(data)
        try:
            while plain := self.tls.recv(65_536):
                self._plain += plain
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.tls.shutdown()  # the server ends TLS, and so do we
        self._outgoing()


class Network:
    """A server in memory, and the lines to it."""

    def __init__(
        self,
        limits: Limits = EASY,
        *,
        tls: bool = True,
        keep: int = 10_000,
        journal: MemoryJournal | None = None,
        reactor: Reactor | None = None,
    ) -> None:
        self.reactor = reactor or Reactor()
        self.journal = journal or MemoryJournal(keep)
        self.hub = Hub(
            limits,
            self.journal,
            now=self.reactor.seconds,
            later=self.reactor.callLater,
            name="room-1",
            version="1.0",
        )
        self.hub.logins = logins(self.hub)
        certificate = server_context() if tls else None
        self.factory = ChatFactory(self.hub, self.reactor, DOORS, FrontDoor, certificate)
        self._number = 0

    def connect(self, host: str = "192.168.7.2", *, line: type[Line] = Line, through: Factory | None = None) -> Line:
        """Connect a client; ``through`` stands before the server's own factory."""
        self._number += 1
        client = (host, 40_000 + self._number) + ((0, 0) if ":" in host else ())
        return line(self.reactor, through or self.factory, client, self._number)

    def look_after(self, seconds: float, step: float = 5.0) -> None:
        """Let time pass, with the server's look at every connection now and then."""
        for _ in range(int(seconds / step)):
            self.reactor.wait(step)
            self.factory.look_after()
            self.reactor.settle()
