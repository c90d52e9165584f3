"""TLS that writes straight on the socket.

Twisted's TLS writes to a transport that hands over to the reactor: two ``epoll_ctl`` and a round of the loop for
each write.  Here a pipe stands beneath TLS as one stands beneath a session on plain TCP, so a record goes out
in one system call, and what the socket does not take waits in the pipe.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import (
    IHalfCloseableProtocol,
    IPushProducer,
    IReactorTime,
    ISystemHandle,
    ITCPTransport,
    ITransport,
)
from twisted.internet.protocol import Factory, connectionDone
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import directlyProvides, implementer, providedBy

from lanchat.core.session import Send
from lanchat.doors.half_close import pass_half_close
from lanchat.doors.pipe import Pipe, SocketPipe

_ENOUGH = 65_536
"""Bytes waiting beneath TLS above which it is told to produce no more."""


class StraightTransport:
    """A transport to write to, through a pipe.  Everything but writing and ending is the transport's own affair."""

    def __init__(self, transport: Any, pipe: Pipe) -> None:
        self._transport = self.beneath = transport
        self.pipe = pipe
        self.pipe.owner = self
        self._producer: IPushProducer | None = None
        self._paused = False
        directlyProvides(self, providedBy(transport))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, and let the producer pause when too much waits."""
        self.pipe.write(data)
        if self.pipe.size > _ENOUGH and not self._paused and self._producer is not None:
            self._paused = True
            self._producer.pauseProducing()

    def writeSequence(self, data: list[bytes]) -> None:
        """Send several pieces."""
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        """End the connection when everything is out."""
        self.pipe.finish()

    def abortConnection(self) -> None:
        """End the connection now."""
        self.pipe.abort()

    def registerProducer(self, producer: IPushProducer, streaming: bool) -> None:
        """Take a producer, TLS's for example: it is paused while much waits."""
        assert streaming, "TLS and HTTP make push producers of all others"
        self._producer, self._paused = producer, False

    def unregisterProducer(self) -> None:
        """Forget the producer."""
        self._producer = None

    def lost(self) -> None:
        """Forget what waits: the connection has ended."""
        self.pipe.lost()

    # -- as the owner of its pipe ----------------------------------------------------------------------------

    def route(self, send: Send) -> None:
        """Let the producer go on when nothing waits any more."""
        del send
        if self._paused and not self.pipe.waiting:
            self._paused = False
            if self._producer is not None:
                self._producer.resumeProducing()

    def overflowed(self) -> None:
        """Never: there is no limit here."""

    def refill(self) -> bytes | None:
        """Give nothing: nothing is held back."""
        return b""


@implementer(IHalfCloseableProtocol)
class StraightTLS(TLSMemoryBIOProtocol):
    """TLS over a straight transport, where it stands on TCP.

    A peer that closes its half of the TCP connection without a word in TLS has said all that it has to say:
    the protocol inside hears of it, and can still answer.
    """

    factory: TlsFactory
    _said_goodbye = False
    _hears_goodbye = True
    """Whether the peer can still say TLS's own goodbye."""

    @property
    def pipe_beneath(self) -> Pipe | None:
        """What waits of what TLS has written: a reader that takes of it is not stuck."""
        return self.transport.pipe if isinstance(self.transport, StraightTransport) else None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate that the client has shown, in hexadecimal digits; empty where it has none.

        Known once the handshake is complete.
        """
        shown = self._tlsConnection.get_peer_certificate()
        return shown.digest("sha256").decode().replace(":", "").lower() if shown is not None else ""

    def makeConnection(self, transport: ITransport) -> None:
        """Begin TLS."""
        beneath: Any = transport
        pass_half_close(transport, self)
        if ITCPTransport.providedBy(transport) and ISystemHandle.providedBy(transport):
            pipe = SocketPipe(transport, self.factory.clock, 0)  # TLS is told when it is enough
            beneath = StraightTransport(transport, pipe)
        super().makeConnection(beneath)

    def readConnectionLost(self) -> None:
        """Pass on that the peer will say no more, not even goodbye."""
        self._hears_goodbye = False
        if self._said_goodbye:
            self._tlsShutdownFinished(None)
        elif IHalfCloseableProtocol.providedBy(self.wrappedProtocol):
            self.wrappedProtocol.readConnectionLost()
        else:
            self.loseConnection()

    def writeConnectionLost(self) -> None:
        """Our half is closed: nothing to do."""

    def _shutdownTLS(self) -> None:
        """Say goodbye, and wait for the peer's only where it can still come."""
        super()._shutdownTLS()
        self._said_goodbye = True
        if not self._hears_goodbye:
            self._tlsShutdownFinished(None)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End TLS."""
        transport = self.transport
        super().connectionLost(reason)
        if isinstance(transport, StraightTransport):
            transport.lost()


class TlsFactory(TLSMemoryBIOFactory):
    """Puts TLS on each connection before the wrapped factory's protocol sees it."""

    protocol = StraightTLS

    def __init__(self, context: Any, wrapped: Factory, clock: IReactorTime) -> None:
        super().__init__(context, False, wrapped, clock)
        self.clock = clock
