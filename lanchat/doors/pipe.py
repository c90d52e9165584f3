"""The way out: a pipe stands between a session and its transport, and all of its output goes through it.

On plain TCP (and Unix sockets) with nothing waiting, ``send`` is the socket's own: one system call, nothing
registered with the reactor.  Elsewhere (TLS) it is the transport's ``write``.  What is not taken at once waits here,
counted, and is fed to the transport 64 KiB at a time, so that nothing waits where nobody counts it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.interfaces import (
    IDelayedCall,
    IPullProducer,
    IPushProducer,
    IReactorTime,
    ISSLTransport,
    ISystemHandle,
    ITCPTransport,
)
from zope.interface import implementer

from lanchat.core.session import Send, untaken

_STEP = 65_536
_LAST_WAIT = 3.0
"""Seconds in which something has to be taken of what waits when a connection is to end."""


class Owner(Protocol):
    """Whose output goes through a pipe."""

    def route(self, send: Send) -> None:
        """Send by this callable from now on."""
        ...

    def overflowed(self) -> None:
        """More is waiting than the limit allows: put no more."""
        ...

    def refill(self) -> bytes | None:
        """Give what was not put because of `overflowed`, piece by piece; nothing when that was all.

        None means that it comes later: with `Pipe.refilled`.
        """
        ...


class Pipe:
    """What waits for one reader, in bytes; ``limit`` is how much may wait, 0 is without limit."""

    __slots__ = (
        "_awaiting",
        "_clock",
        "_full",
        "_last_call",
        "_limit",
        "_lost",
        "_moved",
        "_queue",
        "owner",
        "send",
        "size",
        "transport",
    )

    send: Send

    def __init__(self, transport: Any, clock: IReactorTime, limit: int) -> None:
        self.transport = transport
        self._clock = clock
        self._limit = limit
        self._queue: deque[bytes] | None = None
        self._full = False
        self._awaiting = False
        """Whether a refill comes later."""
        self._lost = False
        self._last_call: IDelayedCall | None = None
        self.size = 0
        self._moved = 0.0
        self.owner: Owner | None = None

    @property
    def waiting(self) -> bool:
        """Whether the reader has not taken everything."""
        beneath = self._beneath
        return self._queue is not None or (beneath is not None and beneath.waiting)

    @property
    def moved(self) -> float:
        """When something that waits was taken last, in the clock's seconds."""
        beneath = self._beneath
        return self._moved if beneath is None else max(self._moved, beneath.moved)

    @property
    def _beneath(self) -> Pipe | None:
        """The pipe beneath TLS, if there is one."""
        beneath = getattr(self.transport, "pipe_beneath", None)
        return beneath if isinstance(beneath, Pipe) else None

    def write(self, data: bytes) -> None:
        """Send, and keep what does not go."""
        if rest := untaken(self.send, data):
            self.keep(rest)

    def keep(self, rest: bytes) -> None:
        """Take over what the wire did not take: all that comes after waits behind it."""
        if self._queue is None:
            self._queue = deque()
            self._moved = self._clock.seconds()
            self._route(self._put)
            self._put(rest)
            self._start()
        else:
            self._put(rest)

    def fill(self, first: bytes) -> None:
        """Send this, and then what the owner's `refill` gives until there is no more."""
        if not self._lost:
            self._full = True
            self.keep(first)

    def refilled(self, more: bytes) -> None:
        """Take what `refill` had to wait for; nothing when that was all."""
        if self._awaiting and self._queue is not None:
            self._awaiting = False
            self._full = bool(more)
            self._queue.append(more)
            self.size += len(more)
            self._go_on()

    def finish(self) -> None:
        """End the connection as soon as everything is out, or when nothing is taken for a few seconds."""
        if self._last_call is None and not self._lost:
            self._last_call = self._clock.callLater(_LAST_WAIT, self._give_up)
            if self._queue is None:
                self._close()
            else:
                self.refilled(b"")  # nobody waits for the rest any more

    def abort(self) -> None:
        """End the connection now: the peer does not read, so waiting for the buffer would wait for ever."""
        self.lost()
        self.transport.unregisterProducer()
        self.transport.abortConnection()

    def lost(self) -> None:
        """Forget everything: the connection has ended."""
        self._lost = True
        if self._last_call is not None and self._last_call.active():
            self._last_call.cancel()
        self._queue = None
        self.size = 0
        self._route(len)
        self.owner = None

    def stopProducing(self) -> None:
        """Hear from the transport that nothing will be taken any more."""
        self.lost()

    def _give_up(self) -> None:
        """End the connection of a reader that takes nothing any more; one that is just slow gets its time."""
        idle = self._clock.seconds() - self.moved
        if self.waiting and idle < _LAST_WAIT:
            self._last_call = self._clock.callLater(_LAST_WAIT - idle, self._give_up)
        else:
            self.abort()

    def _route(self, send: Send) -> None:
        self.send = send
        if self.owner is not None:
            self.owner.route(send)

    def _put(self, data: bytes) -> int:
        assert self._queue is not None
        self._queue.append(data)
        self.size += len(data)
        if self._limit and self.size > self._limit and not self._full and self.owner is not None:
            self._full = True
            self.owner.overflowed()
        return len(data)

    def _take(self) -> bytes | None:
        """Take the next piece from what waits: nothing when the reader has everything, None when it comes later."""
        queue = self._queue
        if queue is None:
            return b""
        if not queue and self._full and self.owner is not None and self._last_call is None:
            more = None if self._awaiting else self.owner.refill()
            if more is None:
                self._awaiting = True
                return None
            self._full = bool(more)
            if more:
                queue.append(more)
                self.size += len(more)
        piece: list[bytes] = []
        size = 0
        while queue and size < _STEP:
            chunk = queue.popleft()
            if size + len(chunk) > _STEP:
                queue.appendleft(chunk[_STEP - size :])
                chunk = chunk[: _STEP - size]
            piece.append(chunk)
            size += len(chunk)
        self.size -= size
        self._moved = self._clock.seconds()
        return b"".join(piece)

    def _empty(self) -> None:
        """Go back to the straight way: the reader has everything."""
        self._queue = None
        if self._last_call is not None:
            self._close()
        else:
            self._route(self._straight())

    def _close(self) -> None:
        # With a producer registered, loseConnection() would wait for it.
        self.transport.unregisterProducer()
        self.transport.resumeProducing()  # the goodbye of TLS has to be read, though nothing else is
        self.transport.loseConnection()

    def _go_on(self) -> None:
        raise NotImplementedError

    def _straight(self) -> Send:
        raise NotImplementedError

    def _start(self) -> None:
        raise NotImplementedError


@implementer(IPullProducer)
class SocketPipe(Pipe):
    """Writes straight on the socket of a connection without TLS.

    The transport's own buffer is used only while something waits: a pull producer is asked for more only
    when that buffer is empty, so nothing overtakes anything.
    """

    __slots__ = ("_socket_send",)

    def __init__(self, transport: Any, clock: IReactorTime, limit: int) -> None:
        super().__init__(transport, clock, limit)
        self._socket_send: Send = transport.getHandle().send
        self.send = self._socket_send

    def resumeProducing(self) -> None:
        """Feed the transport: its buffer is empty."""
        piece = self._take()
        if piece:
            self.transport.write(piece)
        elif piece is not None and self._queue is not None:
            self.transport.unregisterProducer()
            self._empty()

    def _go_on(self) -> None:
        self.resumeProducing()

    def _straight(self) -> Send:
        return self._socket_send

    def _start(self) -> None:
        self.transport.registerProducer(self, False)


@implementer(IPushProducer)
class WritePipe(Pipe):
    """Writes to any other transport, until it says that its buffer is full."""

    __slots__ = ("_paused", "_transport_write")

    def __init__(self, transport: Any, clock: IReactorTime, limit: int) -> None:
        super().__init__(transport, clock, limit)
        self._paused = False
        self._transport_write: Callable[[bytes], None] = transport.write
        self.send = self._straight()
        transport.registerProducer(self, True)

    def pauseProducing(self) -> None:
        """Let everything wait here: the transport's buffer is full."""
        self._paused = True
        if self._queue is None:
            self._queue = deque()
            self._moved = self._clock.seconds()
            self._route(self._put)

    def resumeProducing(self) -> None:
        """Feed the transport until its buffer is full again."""
        self._paused = False
        while not self._paused and self._queue is not None:
            piece = self._take()
            if piece is None:
                return
            if piece:
                self._transport_write(piece)
            else:
                self._empty()

    def _go_on(self) -> None:
        if not self._paused:
            self.resumeProducing()

    def _straight(self) -> Send:
        return self._write

    def _start(self) -> None:
        self.resumeProducing()  # a paused one has its queue already, so it does not start

    def _write(self, data: bytes) -> int:
        self._transport_write(data)
        return len(data)


def pipe_for(transport: Any, clock: IReactorTime, limit: int) -> Pipe:
    """Give a transport its pipe."""
    straight = (
        ITCPTransport.providedBy(transport)
        and ISystemHandle.providedBy(transport)
        and not ISSLTransport.providedBy(transport)
    )
    return (SocketPipe if straight else WritePipe)(transport, clock, limit)
