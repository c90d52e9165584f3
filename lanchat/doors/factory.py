"""What all connections share: the hub with its user map and its broadcast, the clock, who is let in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IAddress, IProtocol, IReactorTime
from twisted.internet.protocol import Factory

from lanchat.core.hub import Hub
from lanchat.core.limits import Admission
from lanchat.core.members import Member
from lanchat.core.replies import Notice
from lanchat.doors.straight import TlsFactory

if TYPE_CHECKING:
    from lanchat.doors.door import LineDoor
    from lanchat.doors.front import FrontDoor

_MARGIN = 64
"""Connections beyond the limit that are still told why; further ones are just closed."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """One line of the table of doors."""

    name: str
    first: tuple[bytes, ...]
    """What its clients say first.  No other entrance's may begin with it; the door without any takes the rest."""
    open: Callable[[FrontDoor], IProtocol]
    """Gives the protocol that serves the connection."""
    refusal: Callable[[str], bytes]
    """Says in the door's own protocol why nobody is served."""


class ChatFactory(Factory):
    """Builds a front door for each connection.

    ``table`` is the table of doors; ``tls`` serves connections that begin with TLS, if there is a certificate.
    `only` gives the factory of a port for one kind of client.
    """

    noisy = False

    def __init__(
        self,
        hub: Hub,
        clock: IReactorTime,
        table: Sequence[Entrance],
        front: Callable[[ChatFactory, bool, OwnPort | None], FrontDoor],
        certificate: Any = None,
    ) -> None:
        self.hub = hub
        self.clock = clock
        self.table = table
        self.admission = Admission(hub.limits)
        self.doors: set[LineDoor] = set()
        """Every live connection of a door that has sessions."""
        self.connections: set[FrontDoor] = set()
        """Every live connection."""
        self.unnamed: set[FrontDoor] = set()
        """Those of them that still have to say who they are."""
        self.certificate = certificate
        self.tls = _tls(self, None)
        self.spent: Callable[[], float] = float
        """Gives the seconds that the processor has worked until now."""
        self.sts_port = 0
        """Where IRC clients are told to speak TLS (IRCv3 Strict Transport Security); 0: nowhere."""
        self.sts_seconds = 0
        """How long they shall insist on it."""
        self._front = front

    @property
    def users(self) -> dict[str, Member]:
        """The user map: everybody who is here, by folded nick."""
        return self.hub.people.members

    def broadcast(self, text: str) -> None:
        """Let everybody hear a notice of the server."""
        for member in self.users.values():
            for session in member.sessions:
                session.tell(Notice(text=text))

    def buildProtocol(self, addr: IAddress | None) -> FrontDoor | None:
        """Open the front door, or nothing when there are far too many connections."""
        del addr  # behind a proxy it is the proxy's
        return self.outside(None)

    def only(self, name: str) -> OwnPort:
        """Give the factory of a port whose clients are all served by the door of that name."""
        return OwnPort(self, next(entrance for entrance in self.table if entrance.name == name))

    def outside(self, own: OwnPort | None) -> FrontDoor | None:
        """Open the front door of a port, or nothing when there are far too many connections."""
        most = self.hub.limits.clients
        if most and self.admission.live >= most + _MARGIN:
            return None
        return self._front(self, False, own)

    def inside(self, *, tls: bool, own: OwnPort | None = None) -> FrontDoor:
        """Open a front door; ``tls`` says that one stands before it already."""
        return self._front(self, tls, own)

    def look_after(self) -> None:
        """Check every connection: silent ones are pinged, dead ones ended."""
        now = self.clock.seconds()
        for door in list(self.doors):
            door.check(now)


class OwnPort(Factory):
    """Builds the front doors of a port of its own for one kind of client (``--irc``).

    Who connects there needs not be recognised and is never greeted; everything else is as on the other ports.
    """

    noisy = False

    def __init__(self, factory: ChatFactory, entrance: Entrance) -> None:
        self._factory = factory
        self.table = (replace(entrance, first=()),)
        self.tls = _tls(factory, self)

    def buildProtocol(self, addr: IAddress | None) -> FrontDoor | None:
        """Open the front door, or nothing when there are far too many connections."""
        del addr
        return self._factory.outside(self)


class _Inside(Factory):
    """Builds the front door that stands inside TLS."""

    noisy = False

    def __init__(self, factory: ChatFactory, own: OwnPort | None) -> None:
        self._factory = factory
        self._own = own

    def buildProtocol(self, addr: IAddress | None) -> FrontDoor:
        del addr
        return self._factory.inside(tls=True, own=self._own)


def _tls(factory: ChatFactory, own: OwnPort | None) -> TlsFactory | None:
    """Give what serves those who begin with TLS, if there is a certificate for them."""
    return TlsFactory(factory.certificate, _Inside(factory, own), factory.clock) if factory.certificate else None
