"""TLS that writes straight on the socket: one system call for a record, and nothing waits uncounted."""

from __future__ import annotations

from typing import Any

import pytest
from OpenSSL import SSL
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import StringTransport

from lanchat.doors.pipe import SocketPipe
from lanchat.doors.straight import StraightTransport, TlsFactory
from tests.network import Network, Reactor, SecureLine, server_context


class Talkative(Protocol):
    """Says what it is told to."""

    transport: Any
    ended = False

    def connectionMade(self) -> None:
        self.factory.last = self  # type: ignore[union-attr]

    def connectionLost(self, reason: object = None) -> None:
        self.ended = True


class Producer:
    """Counts what a transport asks for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def pauseProducing(self) -> None:
        self.asked.append("pause")

    def resumeProducing(self) -> None:
        self.asked.append("resume")

    def stopProducing(self) -> None:
        self.asked.append("stop")


@pytest.fixture
def inner() -> Factory:
    return Factory.forProtocol(Talkative)


@pytest.fixture
def line(inner: Factory) -> SecureLine:
    reactor = Reactor()
    return SecureLine(reactor, TlsFactory(server_context(), inner, reactor), ("192.168.7.2", 1), 1)


def test_a_record_is_one_system_call(line: SecureLine, inner: Any) -> None:
    """What is written goes out in one piece, past the reactor."""
    before = len(line.socket.sends)
    inner.last.transport.write(b"hello to you")
    assert len(line.socket.sends) - before <= 1
    assert line.receives() == b"hello to you"
    assert len(line.socket.sends) == before + 1
    assert not line.reactor.writers


def test_tls_is_paused_while_much_waits(line: SecureLine, inner: Any) -> None:
    """Above 64 KiB the producer pauses; when the reader has everything it goes on."""
    producer = Producer()
    inner.last.transport.registerProducer(producer, True)
    line.stalls()
    inner.last.transport.write(b"x" * 200_000)
    line.reactor.settle()
    assert producer.asked == ["pause"]
    inner.last.transport.write(b"y")
    line.reads()
    assert producer.asked == ["pause", "resume"]
    assert line.receives() == b"x" * 200_000 + b"y"


def test_much_without_a_producer_waits(line: SecureLine, inner: Any) -> None:
    """Who asks for no pause gets none, and all of it arrives."""
    line.stalls()
    inner.last.transport.write(b"x" * 200_000)
    line.reads()
    assert line.receives() == b"x" * 200_000


def test_losing_the_connection_flushes(line: SecureLine, inner: Any) -> None:
    """What was written before the end is read, then TLS ends, then TCP."""
    inner.last.transport.write(b"bye")
    inner.last.transport.loseConnection()
    assert line.receives() == b"bye"
    assert line.ended
    assert inner.last.ended


def test_abort_does_not_wait(line: SecureLine, inner: Any) -> None:
    """An abort drops what waits."""
    line.stalls()
    inner.last.transport.write(b"x" * 200_000)
    line.reactor.settle()
    inner.last.transport.abortConnection()
    assert line.gone
    assert line.socket.aborted
    assert inner.last.ended


def test_everything_else_is_the_transports(line: SecureLine, inner: Any) -> None:
    """Whoever asks TLS for its peer is answered by TCP."""
    assert inner.last.transport.getPeer().host == "192.168.7.2"


def test_tls_stands_on_other_transports_as_ever(inner: Any) -> None:
    """What is no TCP socket is written to in Twisted's own way."""
    transport = StringTransport()
    protocol = TlsFactory(server_context(), inner, Reactor()).buildProtocol(transport.getPeer())
    protocol.makeConnection(transport)
    assert protocol.transport is transport
    protocol.transport = transport
    protocol.connectionLost()


def test_straight_transport_without_tls_above() -> None:
    """A list of pieces is one write, and nobody is asked for more."""
    line = Network().connect()
    straight = StraightTransport(line.transport, SocketPipe(line.transport, line.reactor, 0))
    straight.writeSequence([b"a", b"b"])
    straight.unregisterProducer()
    straight.overflowed()
    assert straight.refill() == b""
    assert line.socket.sends == [b"ab"]


def test_client_that_never_confirms_the_end_is_cut_off() -> None:
    """TLS waits for the peer's own end; a peer that never sends it is not waited for longer than three seconds."""
    network = Network()
    line = network.connect(line=SecureLine)
    line.sends(b"alice\n/quit\n")
    with pytest.raises(SSL.WantReadError):
        line.tls.recv(1)
    assert not line.gone
    network.reactor.wait(3)
    assert line.gone


def test_protocol_without_a_half_close_ends_with_it(line: SecureLine, inner: Any) -> None:
    """Where nobody knows of half-closed connections, one that is half closed is closed."""
    line.ends_tcp()
    assert line.ended
    assert inner.last.ended


def test_goodbye_is_not_waited_for_where_none_can_come(line: SecureLine, inner: Any) -> None:
    """A peer that ends TCP after our goodbye, without its own, has ended."""
    inner.last.transport.loseConnection()
    line.reactor.settle()
    assert not line.gone
    line.ends_tcp()
    assert line.gone
    assert inner.last.ended
