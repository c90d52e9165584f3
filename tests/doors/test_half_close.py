"""Half-closes through wrappers that know none."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import StringTransport
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from zope.interface import implementer

from lanchat.doors.half_close import pass_half_close


@implementer(IHalfCloseableProtocol)
class Listening(Protocol):
    """Notes which half was closed."""

    def __init__(self) -> None:
        self.closed: list[str] = []

    def readConnectionLost(self) -> None:
        self.closed.append("read")

    def writeConnectionLost(self) -> None:
        self.closed.append("write")


def test_wrapper_passes_half_closes_on() -> None:
    """Twisted finds that the wrapper knows half-closes, and tells it; the protocol hears of it."""
    protocol = Listening()
    wrapper: Any = ProtocolWrapper(WrappingFactory(Factory()), protocol)
    assert not IHalfCloseableProtocol.providedBy(wrapper)
    pass_half_close(wrapper, protocol)
    assert IHalfCloseableProtocol.providedBy(wrapper)
    wrapper.readConnectionLost()
    wrapper.writeConnectionLost()
    assert protocol.closed == ["read", "write"]


def test_wrapper_that_knows_half_closes_keeps_its_own_way() -> None:
    """TLS has its own."""

    @implementer(IHalfCloseableProtocol)
    class Knowing(ProtocolWrapper):
        def readConnectionLost(self) -> None:
            """Its own way."""

        def writeConnectionLost(self) -> None:
            """Its own way."""

    protocol = Listening()
    wrapper = Knowing(WrappingFactory(Factory()), protocol)
    pass_half_close(wrapper, protocol)
    wrapper.readConnectionLost()
    assert protocol.closed == []


def test_transport_itself_is_left_alone() -> None:
    """TCP tells its protocol."""
    transport = StringTransport()
    pass_half_close(transport, Listening())
    assert not IHalfCloseableProtocol.providedBy(transport)
