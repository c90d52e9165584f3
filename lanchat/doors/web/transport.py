"""What HTTP writes to: the connection's pipe, so that everything that waits for a slow reader waits in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twisted.internet.interfaces import IPushProducer
from zope.interface import alsoProvides

from lanchat.doors.straight import StraightTransport

if TYPE_CHECKING:
    from lanchat.doors.front import FrontDoor


class WebTransport(StraightTransport):
    """The transport of a front door, for twisted.web."""

    def __init__(self, front: FrontDoor) -> None:
        super().__init__(front.transport, front.pipe)
        self._front = front
        alsoProvides(self, IPushProducer)  # as TLS does, though it does not say so

    def loseConnection(self) -> None:
        """End the connection as soon as the client has had time to read the answer."""
        self._front.dismiss()
