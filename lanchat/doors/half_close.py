"""Half-closes through wrappers that know none.

A peer that has said all that it has to say (``printf … | nc -N``) closes its half of the connection and waits for
the answer.  Twisted's wrapper for the PROXY header would end the whole connection.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.protocols.policies import ProtocolWrapper
from zope.interface import alsoProvides


def pass_half_close(transport: Any, protocol: IHalfCloseableProtocol) -> None:
    """Let a wrapper that is the protocol's transport pass half-closes on to it."""
    if isinstance(transport, ProtocolWrapper) and not IHalfCloseableProtocol.providedBy(transport):
        wrapper: Any = transport
        wrapper.readConnectionLost = protocol.readConnectionLost
        wrapper.writeConnectionLost = protocol.writeConnectionLost
        alsoProvides(wrapper, IHalfCloseableProtocol)
