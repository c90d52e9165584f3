"""The front door: what a client says first decides how it is served.

Each line of the table of doors names the bytes with which its clients begin.  The first bytes are looked at
until only one door can be meant; a connection that says nothing for 250 ms is a person, who is greeted.  The
greeting decides nothing: a program on a slow network is still recognised when it speaks.  On a port of its own for one
kind of client there is nothing to find out: its door serves whoever comes, and nobody is greeted.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IDelayedCall,
    IHalfCloseableProtocol,
    IHandshakeListener,
    IProtocol,
    ISSLTransport,
    ITCPTransport,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.logger import Logger
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from lanchat.core import wording
from lanchat.doors.beneath import address_of, tune
from lanchat.doors.door import LineDoor
from lanchat.doors.factory import ChatFactory, Entrance, OwnPort
from lanchat.doors.half_close import pass_half_close
from lanchat.doors.pipe import Pipe, pipe_for

PERSON = 0.25
"""Seconds of silence after which it is a person."""
LINGER = 2.0
"""Seconds for which what a refused client still sends is passed over, so that it can read why."""
TLS = b"\x16"
"""A TLS record of type handshake (RFC 8446, section 5.1)."""
_ALERT = b"\x15\x03\x01\x00\x02\x02\x28"
"""A fatal handshake_failure (RFC 8446, section 6): there is no certificate to speak TLS with."""


@implementer(IHalfCloseableProtocol, IHandshakeListener)
class FrontDoor(Protocol):
    """One connection: it finds its door, and passes everything on to it from then on."""

    log = Logger()
    pipe: Pipe
    transport: Any  # TCP, TLS or a Unix socket: Twisted's types end here

    def __init__(self, factory: ChatFactory, inside_tls: bool, own: OwnPort | None = None) -> None:
        self.factory = factory
        port = own or factory
        self._table = port.table
        self._tls = port.tls
        self._greets = own is None
        self._inside_tls = inside_tls
        self._first = b""
        self._door: IProtocol | None = None
        self._address = ""
        self._refusing = ""
        self._audible = True
        self.secure = False
        """Whether the connection is encrypted."""
        self.certificate = ""
        """The SHA-256 of the client's certificate, in hexadecimal digits; empty where it has shown none."""
        self._silence: IDelayedCall | None = None
        self._expiry: IDelayedCall | None = None

    # -- what doors ask for ----------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """The peer's address without its port; empty for one that has none."""
        return self._address

    def settled(self) -> None:
        """Hear from the door that the handshake is over."""
        self.factory.unnamed.discard(self)
        if self._expiry is not None:
            if self._expiry.active():
                self._expiry.cancel()
            self._expiry = None

    def refuse(self, answer: bytes, why: str) -> None:
        """Answer, and end the connection as soon as the client has had time to read."""
        self.log.info("{address} refused: {why}", address=self._peer(), why=why)
        self.pipe.write(answer)
        self.dismiss()

    def dismiss(self) -> None:
        """End the connection as soon as the client has had time to read; the door hears no more of it."""
        self.settled()
        self._door = _Deaf()
        if ITCPTransport.providedBy(self.transport) and not self.secure and not self.pipe.waiting:
            self._expiry = self.factory.clock.callLater(LINGER, self.transport.abortConnection)
            self.transport.loseWriteConnection()
        else:
            self.pipe.finish()

    def hand_over(self, door: IProtocol) -> None:
        """Let another door have the connection: the client speaks its protocol from now on, and has to give a name."""
        self._door = door
        self._show_certificate()
        self._await_name()
        door.makeConnection(self.transport)

    def end(self, why: str) -> None:
        """End the connection from here."""
        if isinstance(self._door, LineDoor):
            self._door.end(why)
        else:
            self.pipe.finish()

    # -- the connection --------------------------------------------------------------------------------------

    def connectionMade(self) -> None:
        """Begin to wait for the first bytes, or for a silence."""
        factory, clock = self.factory, self.factory.clock
        limits = factory.hub.limits
        pass_half_close(self.transport, self)
        self.pipe = pipe_for(self.transport, clock, limits.sendq)
        factory.connections.add(self)
        if not self._inside_tls:
            tune(self.transport)
            if not factory.admission.arrive():
                self._refusing = f"This server is full ({_connections(limits.clients)}). Try again later."
        self._await_name()
        self.secure = bool(ISSLTransport.providedBy(self.transport))
        self._audible = not self.secure
        self._silence = clock.callLater(PERSON, self._silent)

    def handshakeCompleted(self) -> None:
        """Begin to wait for a silence again: before this, nobody could say anything."""
        self._audible = True
        self.certificate = self.transport.fingerprint
        if self._door is not None:
            return
        self._quiet()
        self._silence = self.factory.clock.callLater(PERSON, self._silent)

    def dataReceived(self, data: bytes) -> None:
        """Pass bytes on to the door, or look at them until it is found."""
        if self._door is not None:
            self._door.dataReceived(data)
            return
        self._first += data
        self._look(waited=False)

    def readConnectionLost(self) -> None:
        """Pass on that the peer will say no more; what it said already must suffice."""
        if self._door is None and self._first:
            self._look(waited=True)
        if IHalfCloseableProtocol.providedBy(self._door):
            self._door.readConnectionLost()
        else:
            self.pipe.finish()

    def writeConnectionLost(self) -> None:
        """Our half is closed: nothing to do."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Pass on that the connection has ended, and count it as gone."""
        self.factory.connections.discard(self)
        self._quiet()
        self.settled()
        door = self._line_door()  # TLS forgets what it wrapped
        if self._door is not None:
            self._door.connectionLost(reason)
        self.pipe.lost()
        if not self._inside_tls:
            self.factory.admission.depart()
            if self._address:
                self.factory.admission.forget(self._address)
            who, why = (door.who, door.why) if door else ("", "")
            why = why or ("" if reason.check(ConnectionDone) else reason.getErrorMessage())
            self.log.info(
                "{address}{who} disconnected{why}",
                address=self._peer(),
                who=who and f" ({who})",
                why=why and f": {why}",
            )

    # -- finding the door ------------------------------------------------------------------------------------

    def _look(self, *, waited: bool) -> None:
        """Open the door that the first bytes mean, if they are enough to tell."""
        first = self._first
        if first.startswith(TLS):
            if not self.secure:
                self._open_tls()
                return
        elif not waited and any(_may_become(first, entrance) for entrance in self._table):
            if self._silence is None:
                self._silence = self.factory.clock.callLater(PERSON, self._silent)
            return
        self._open(next(entrance for entrance in self._table if _matches(first, entrance)))

    def _open(self, entrance: Entrance) -> None:
        self._quiet()
        self._admit()
        if self._refusing:
            self.refuse(entrance.refusal(self._refusing), self._refusing)
            return
        secure = "+tls" if self.secure else ""
        self.log.info("{address} connected by {door}{tls}", address=self._peer(), door=entrance.name, tls=secure)
        first, self._first = self._first, b""
        door = self._door = entrance.open(self)
        self._show_certificate()
        door.makeConnection(self.transport)
        door.dataReceived(first)

    def _show_certificate(self) -> None:
        if isinstance(self._door, LineDoor):
            self._door.session.certificate = self.certificate

    def _open_tls(self) -> None:
        self._quiet()
        self._admit()
        tls = self._tls
        if self._refusing or tls is None:
            self.refuse(_ALERT, self._refusing or "TLS, and there is no --certificate")
            return
        self.settled()
        self.factory.connections.discard(self)  # the front door inside takes its place
        first, self._first = self._first, b""
        door = self._door = tls.buildProtocol(self.transport.getPeer())
        door.makeConnection(self.transport)
        door.dataReceived(first)

    def _admit(self) -> None:
        """Find out who the peer is (behind a proxy that is known only now), and whether it is one too many."""
        if self._address:
            return
        self._address = address_of(self.transport)
        if not self._inside_tls and not self.factory.admission.identify(self._address) and not self._refusing:
            most = self.factory.hub.limits.per_address
            there = _connections(most)
            self._refusing = f"This server has {there} from {self._address} already. Close one of them first."

    def _silent(self) -> None:
        """Greet a person; go on with what was said, when that was something."""
        self._silence = None
        self._admit()
        if self._first or self._refusing:
            self._look(waited=True)
        elif self._audible and self._greets:
            hub, logins = self.factory.hub, self.factory.hub.logins
            greeting = wording.greeting(
                hub.name, len(hub.people.members), private=logins.welcomes is not None, guests=logins.guests
            )
            self.pipe.write(f"{greeting}\r\n".encode())

    def _await_name(self) -> None:
        self.factory.unnamed.add(self)
        if limit := self.factory.hub.limits.handshake:
            self._expiry = self.factory.clock.callLater(limit, self._expired)

    def _expired(self) -> None:
        """End a connection that has not told its name in time."""
        self._expiry = None
        if isinstance(self._door, LineDoor) and self._door.asking:
            self._await_name()  # their password waits to be checked: that is no fault of theirs
            return
        limit = self.factory.hub.limits.handshake
        why = f"No name within {limit:g} seconds. Connect again when you are ready."
        if isinstance(self._door, LineDoor):
            self._door.end(why)
        elif self._door is None:
            self._refusing = why
            self._look(waited=True)
        else:
            self.pipe.abort()

    def _line_door(self) -> LineDoor | None:
        """Give the door with a session, if that is what was opened: behind TLS it is the inner front door's."""
        door: Any = self._door
        if isinstance(door, TLSMemoryBIOProtocol):
            inner = door.wrappedProtocol
            return inner._line_door() if isinstance(inner, FrontDoor) else None
        return door if isinstance(door, LineDoor) else None

    def _quiet(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def _peer(self) -> str:
        peer = self.transport.getPeer()
        port = getattr(peer, "port", None)
        return f"{peer.host}:{port}" if port else "a local socket"


class _Deaf(Protocol):
    """Passes over everything that a refused client still says."""


def _may_become(first: bytes, entrance: Entrance) -> bool:
    """Say whether more bytes could turn this into what an entrance's clients say first."""
    return any(len(first) < len(start) and start.startswith(first) for start in entrance.first)


def _matches(first: bytes, entrance: Entrance) -> bool:
    return not entrance.first or first.startswith(entrance.first)


def _connections(count: int) -> str:
    return f"{count:,} {'connection' if count == 1 else 'connections'}"
