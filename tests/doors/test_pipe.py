"""The way out: nothing is lost, doubled or out of order, however little the wire takes at a time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Server
from twisted.internet.testing import StringTransport

from lanchat.core.session import Send
from lanchat.doors.pipe import Pipe, SocketPipe, WritePipe, pipe_for
from tests.network import Reactor, Socket


class Owner:
    """Whoever's output goes through a pipe; ``held_back`` is given when the pipe asks for more."""

    def __init__(self, pipe: Pipe) -> None:
        self.send: Send = pipe.send
        self.overflows = 0
        self.held_back: list[bytes] = []
        pipe.owner = self

    def route(self, send: Send) -> None:
        self.send = send

    def overflowed(self) -> None:
        self.overflows += 1

    def refill(self) -> bytes:
        return self.held_back.pop(0) if self.held_back else b""


class Wire:
    """A pipe on a TCP connection whose peer can stop reading."""

    def __init__(self, kind: type[Pipe] = SocketPipe, limit: int = 0) -> None:
        self.reactor = Reactor()
        self.socket = Socket()
        self.transport: Any = Server(self.socket, Protocol(), ("192.168.7.2", 1), None, 1, self.reactor)
        self.transport.protocol.makeConnection(self.transport)
        self.pipe = kind(self.transport, self.reactor, limit)
        self.owner = Owner(self.pipe)

    def reads(self, size: int | None) -> None:
        self.socket.space = size
        self.reactor.settle()

    @property
    def taken(self) -> bytes:
        self.reactor.settle()
        return b"".join(self.socket.sends)


both_pipes = pytest.mark.parametrize("kind", [SocketPipe, WritePipe])


@both_pipes
@given(data=st.data())
def test_everything_arrives_once_and_in_order(kind: type[Pipe], data: st.DataObject) -> None:
    """Whatever is written while the reader reads as it likes comes out as it went in."""
    wire = Wire(kind)
    written = b""
    sizes = st.sampled_from([1, 100, 70_000, 200_000])
    for number in range(data.draw(st.integers(1, 12))):
        wire.socket.space = data.draw(st.sampled_from([0, 1, 50_000, 65_536, 300_000, None]))
        piece = bytes([number]) * data.draw(sizes)
        written += piece
        wire.pipe.write(piece)
        if data.draw(st.booleans()):
            wire.reactor.settle()
    wire.reads(None)
    assert wire.taken == written
    assert not wire.pipe.waiting
    assert wire.pipe.size == 0
    assert wire.owner.send == wire.pipe.send
    if kind is SocketPipe:
        assert wire.pipe.send == wire.socket.send
        assert wire.transport.producer is None


def test_plain_tcp_is_written_straight_on_the_socket() -> None:
    """With nothing waiting, a write is one system call, at once, and the reactor has nothing to do with it."""
    wire = Wire()
    wire.pipe.write(b"hello")
    assert wire.socket.sends == [b"hello"]
    assert not wire.reactor.writers


@pytest.mark.parametrize("kind", [SocketPipe, WritePipe])
def test_what_waits_is_counted(kind: type[Pipe]) -> None:
    """A reader that stalls costs what waits, and the transport holds 64 KiB of it at most."""
    wire = Wire(kind)
    wire.reads(0)
    for _ in range(100):
        wire.owner.send(b"x" * 10_000) if wire.pipe.waiting else wire.pipe.write(b"x" * 10_000)
    assert wire.pipe.waiting
    assert 900_000 <= wire.pipe.size <= 1_000_000
    wire.reads(None)
    assert len(wire.taken) == 1_000_000


@both_pipes
def test_overflow_is_told_once(kind: type[Pipe]) -> None:
    """Over the limit the owner hears it once, and is asked for more when the reader has everything."""
    wire = Wire(kind, limit=1_000)
    wire.reads(0)
    for _ in range(10):
        wire.pipe.write(b"x" * 70_000)
    assert wire.owner.overflows == 1
    wire.owner.held_back = [b"more", b"and more"]
    wire.reads(None)
    assert wire.taken == b"x" * 700_000 + b"moreand more"
    wire.reads(0)
    for _ in range(10):
        wire.pipe.write(b"y" * 70_000)
    assert wire.owner.overflows == 2


@both_pipes
def test_finish_ends_when_everything_is_out(kind: type[Pipe]) -> None:
    """What waits is read first, then comes the end."""
    wire = Wire(kind)
    wire.reads(0)
    wire.pipe.write(b"x" * 200_000)
    wire.pipe.finish()
    wire.pipe.finish()
    assert not wire.socket.shut
    wire.reads(100_000)
    wire.reactor.wait(2)
    wire.reads(None)
    assert wire.taken == b"x" * 200_000
    assert wire.socket.shut
    assert not wire.socket.aborted


@both_pipes
def test_finish_gives_a_reader_up_that_takes_nothing(kind: type[Pipe]) -> None:
    """Three seconds without a byte are enough."""
    wire = Wire(kind)
    wire.reads(0)
    wire.pipe.write(b"x" * 200_000)
    wire.pipe.finish()
    wire.reactor.wait(2.9)
    assert not wire.socket.shut
    wire.reactor.wait(0.2)
    assert wire.socket.aborted


def test_finish_waits_for_a_slow_reader() -> None:
    """Who goes on reading gets its time, but what was held back is not begun any more."""
    wire = Wire(limit=100)
    wire.reads(0)
    wire.pipe.write(b"x" * 800_000)
    wire.owner.held_back = [b"never"]
    wire.pipe.finish()
    for _ in range(5):
        wire.reads(150_000)
        wire.reactor.wait(2)
        assert not wire.socket.aborted
    wire.reads(None)
    assert wire.taken == b"x" * 800_000
    assert wire.socket.shut
    assert not wire.socket.aborted


@both_pipes
def test_abort_ends_now(kind: type[Pipe]) -> None:
    """After an abort nothing is written, kept or asked for, and finishing is nothing more."""
    wire = Wire(kind)
    wire.reads(0)
    wire.pipe.write(b"x" * 200_000)
    wire.pipe.abort()
    assert wire.pipe.send is len
    assert wire.owner.send is len
    assert wire.pipe.size == 0
    wire.pipe.write(b"more")
    wire.pipe.finish()
    wire.reads(None)
    assert wire.taken == b""
    assert wire.socket.aborted


@both_pipes
def test_lost_connection_forgets_what_waits(kind: type[Pipe]) -> None:
    """When the transport says that it is over, nothing is held for it."""
    wire = Wire(kind)
    wire.reads(0)
    wire.pipe.write(b"x" * 200_000)
    wire.pipe.stopProducing()  # type: ignore[attr-defined]
    assert wire.pipe.size == 0
    assert wire.owner.send is len


def test_socket_that_fails_is_the_reactors_affair() -> None:
    """An error in sending is not ours: the reactor sees it as well and ends the connection."""
    wire = Wire()
    wire.socket.error = ConnectionResetError()
    wire.pipe.write(b"hello")
    assert not wire.pipe.waiting


@both_pipes
def test_pipe_without_an_owner(kind: type[Pipe]) -> None:
    """A connection that has no door yet may be written to as well, over any limit."""
    wire = Wire(kind, limit=10)
    wire.pipe.owner = None
    wire.reads(0)
    wire.pipe.write(b"x" * 200_000)
    wire.reads(None)
    assert wire.taken == b"x" * 200_000


def test_transport_that_pauses_before_anything_was_written() -> None:
    """A transport may be full from the start (TLS before its handshake): all waits, and then goes."""
    transport = StringTransport()
    pipe = WritePipe(transport, Reactor(), 0)
    pipe.pauseProducing()
    pipe.pauseProducing()
    pipe.write(b"hello")
    pipe.keep(b" there")
    assert transport.value() == b""
    pipe.resumeProducing()
    assert transport.value() == b"hello there"
    pipe.resumeProducing()
    assert transport.value() == b"hello there"


def test_each_transport_has_its_pipe() -> None:
    """Plain TCP is written straight on the socket, everything else to the transport."""
    wire = Wire()
    assert type(pipe_for(wire.transport, wire.reactor, 0)) is SocketPipe
    assert type(pipe_for(StringTransport(), wire.reactor, 0)) is WritePipe


def test_pipe_itself_is_no_way_out() -> None:
    """A pipe needs a transport to go to."""
    pipe = Pipe(None, Reactor(), 0)
    with pytest.raises(NotImplementedError):
        pipe._straight()
    with pytest.raises(NotImplementedError):
        pipe._start()
    assert pipe._take() == b""


def test_rest_goes_on_at_once_where_the_transport_takes_it() -> None:
    """What another did not get rid of goes to a transport that is not full."""
    transport = StringTransport()
    pipe = WritePipe(transport, Reactor(), 0)
    pipe.keep(b"hello")
    assert transport.value() == b"hello"
    assert not pipe.waiting


class Below(StringTransport):
    """A transport like TLS, with a pipe beneath it."""

    pipe_beneath: Pipe
    aborted = False

    def unregisterProducer(self) -> None:
        self.producer = None  # more than once is no matter to a real one

    def abortConnection(self) -> None:
        self.aborted = True


def test_reader_beneath_tls_has_its_time_at_the_end() -> None:
    """What TLS has taken may still wait beneath it: a reader that goes on taking of that is not given up."""
    wire = Wire()
    above = Below()
    above.pipe_beneath = wire.pipe
    pipe = WritePipe(above, wire.reactor, 0)
    wire.reads(0)
    wire.pipe.write(b"x" * 300_000)
    pipe.write(b"bye")
    pipe.finish()
    assert pipe.waiting
    for _ in range(3):
        wire.reactor.advance(2)
        wire.reads(70_000)
        assert pipe.moved == wire.reactor.seconds()
        assert not above.aborted
    wire.reactor.advance(4)
    assert above.aborted
