"""One connection to a server: lines of JSON out and in, and a watch over a line that has gone quiet.

It knows nothing of rooms or of coming back; `link` does.
"""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
from twisted.internet.interfaces import IAddress, IDelayedCall, IReactorTime
from twisted.internet.protocol import Factory, connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

from lanchat.client.endings import CannotConnect
from lanchat.client.heard import Heard, read
from lanchat.core.replies import Ping, Pong

LONGEST = 8 << 20
"""Bytes of a line: the names of 10,000 people take one megabyte."""
QUIET = 150.0
"""Seconds of silence after which the server is asked whether it is there."""
ANSWER = 30.0
"""Seconds in which it has to answer."""
KEEPALIVE = "keepalive"
"""The reference of that question."""

_encode = msgspec.json.encode


class Owner(Protocol):
    """Who is told of what happens on a connection."""

    def connected(self, connection: Connection) -> None:
        """The connection is there: introduce yourself."""
        ...

    def heard(self, line: bytes, heard: Heard | None, ref: str) -> None:
        """A line has come, and this is what it says (None: nothing that is known here)."""
        ...

    def lost(self, connection: Connection, why: Failure) -> None:
        """The connection has ended."""
        ...


class Connection(LineReceiver):
    """JSON lines.  Whatever is no object is passed over: the server greets whom it takes for a person."""

    delimiter = b"\n"
    MAX_LENGTH = LONGEST
    transport: Any  # TCP, TLS or a Unix socket: Twisted's types end here

    def __init__(self, owner: Owner, clock: IReactorTime) -> None:
        self._owner = owner
        self._clock = clock
        self._heard_at = 0.0
        self._asked = False
        self._watch: IDelayedCall | None = None
        self._paused = False
        self._why: Failure | None = None

    def command(self, op: dict[str, object]) -> None:
        """Send one command."""
        self.transport.write(_encode(op) + b"\n")

    def pause(self) -> None:
        """Read no more until `resume`: what was read cannot be put anywhere."""
        self._paused = True
        self.pauseProducing()

    def resume(self) -> None:
        """Read again."""
        self._paused = False
        self._heard_at = self._clock.seconds()
        self.resumeProducing()

    # -- what Twisted calls ----------------------------------------------------------------------------------

    def connectionMade(self) -> None:
        """Begin the watch."""
        self._heard_at = self._clock.seconds()
        self._watch = self._clock.callLater(QUIET, self._look)
        self._owner.connected(self)

    def dataReceived(self, data: bytes) -> None:
        """Note that the server is there."""
        self._heard_at = self._clock.seconds()
        self._asked = False
        super().dataReceived(data)

    def lineReceived(self, line: bytes) -> None:
        """Pass one object on; the server's own questions are answered here."""
        if not line.startswith(b"{"):
            return
        heard, ref = read(line)
        if isinstance(heard, Ping):
            self.command({"op": "pong"})
        elif not (isinstance(heard, Pong) and ref == KEEPALIVE):
            self._owner.heard(line, heard, ref)

    def lineLengthExceeded(self, line: bytes) -> None:
        """End a connection on which no lines come."""
        del line
        self.drop("The server sent a line without end.")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Pass on that it has ended, and why."""
        if self._watch is not None and self._watch.active():
            self._watch.cancel()
        self._owner.lost(self, self._why or reason)

    # -- the watch -------------------------------------------------------------------------------------------

    def _look(self) -> None:
        quiet = self._clock.seconds() - self._heard_at
        wait = QUIET - quiet
        if self._paused:
            self.command({"op": "pong"})  # we are here, only not reading
            wait = QUIET / 2
        elif wait <= 0 and self._asked:
            self.drop(f"The server has been silent for {int(quiet)} seconds.")
            return
        elif wait <= 0:
            self._asked = True
            self.command({"op": "ping", "ref": KEEPALIVE})
            wait = ANSWER
        self._watch = self._clock.callLater(wait, self._look)

    def drop(self, why: str) -> None:
        """End the connection at once: nobody may be at the other end."""
        self._why = Failure(CannotConnect(why))
        self.transport.abortConnection()


class Connections(Factory):
    """Builds the connections of one owner."""

    noisy = False

    def __init__(self, owner: Owner, clock: IReactorTime) -> None:
        self._owner = owner
        self._clock = clock

    def buildProtocol(self, addr: IAddress | None) -> Connection:
        """Build one."""
        del addr
        return Connection(self._owner, self._clock)
