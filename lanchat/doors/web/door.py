"""The browser door: HTTP/1.1 as twisted.web speaks it, with our limits.

A head has at most 16 KiB and comes within the time for the handshake; a body is read only where a resource takes one,
and may not trickle; who reads no answers is not read from.  A connection is kept for half a minute.  `Exchange` is
one request; a request for a WebSocket ends all of that: the connection goes on to another door.
"""

from __future__ import annotations

import enum
from http import HTTPStatus
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel
from zope.interface import implementer

from lanchat.doors.door import LineDoor
from lanchat.doors.front import FrontDoor
from lanchat.doors.web.exchange import Exchange, Resource
from lanchat.doors.web.headers import tokens
from lanchat.doors.web.problem import Problem
from lanchat.doors.web.transport import WebTransport

HEAD = 16_384
"""Bytes that the head of a request may have."""
PATIENCE = 30.0
"""Seconds for which a connection is kept without a request, and between two looks at one with a request."""
LEAST = 16_384
"""Bytes of a body that have to come between two looks."""
_CRUMBS = 256
"""Pieces of a body in one read that are no reason to wait."""
_CRUMBS_A_SECOND = 20_000
"""Pieces that are taken a second of a body that comes in more."""
_TOO_BIG = Problem(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    f"The head of a request has at most {HEAD:,} bytes. Ask for less at once.",
)
_TOO_SLOW = Problem(HTTPStatus.REQUEST_TIMEOUT, "That request did not come whole in time. Ask again.")
_NO_HTTP = Problem(HTTPStatus.BAD_REQUEST, "That is no request of HTTP/1.1. Open this address in a browser.")


class _Stage(enum.Enum):
    HEAD = enum.auto()
    BODY = enum.auto()
    ANSWER = enum.auto()


@implementer(IHalfCloseableProtocol)
class WebDoor(HTTPChannel):
    """One connection of a browser.  ``site`` has what can be asked for, by its path."""

    delimiter = b"\n"  # and what stands before it may be a carriage return (RFC 9112, section 2.2)
    MAX_LENGTH = HEAD
    timeOut = None  # `_look` looks closer
    requestFactory = Exchange
    requests: list[Exchange]
    _watch: IDelayedCall
    transport: Any  # a WebTransport: Twisted's types end here

    def __init__(self, front: FrontDoor, site: Site) -> None:
        super().__init__()
        self.front = front
        self.received = 0
        """Bytes of the body that have come since the last look."""
        self.refused = False
        """Whether nothing more is heard."""
        self._site = site
        self._asked: list[bytes] | None = None
        """The words of the request's first line; None: it has not come."""
        self._head_size = 0
        self._served = False
        """Whether a request was answered already."""
        self._more = b""
        """What came behind a request that was just answered: it has its turn after everybody else's."""
        self._all_came = False
        """Whether that is all: the client has closed its half."""
        self._successor: LineDoor | None = None
        self._stage = _Stage.HEAD

    # -- for exchanges and resources ---------------------------------------------------------------------------

    def find(self, path: bytes) -> Resource:
        """Give what a path names.  Raises Problem."""
        return self._site.find(path)

    def answering(self) -> None:
        """Hear that a request has come whole."""
        self._enter(_Stage.ANSWER)

    def refuse(self, problem: Problem) -> None:
        """Answer, and end the connection, whatever the client still sends."""
        if self.refused:
            return
        self._note(problem)
        self.front.pipe.write(problem.response())
        self.loseConnection()

    def _note(self, problem: Problem) -> None:
        if self.requests and self.requests[-1].path:
            self.requests[-1].note(problem.status.value)
        else:
            self.front.log.info(
                "{address} refused: {why}", address=self.front.address or "a local socket", why=problem.status.phrase
            )

    def give_way(self, successor: LineDoor) -> None:
        """Let another protocol have the connection, with what has come already."""
        self._stop()
        self._successor = successor
        self.transport.unregisterProducer()
        self.transport.resumeProducing()
        self.front.hand_over(successor)

    # -- the connection ----------------------------------------------------------------------------------------

    def makeConnection(self, transport: Any) -> None:
        """Begin, on the front door's transport."""
        del transport
        self.front.settled()
        self._watch = self.front.factory.clock.callLater(self._patience, self._look)
        super().makeConnection(WebTransport(self.front))

    def lineReceived(self, line: bytes) -> None:
        """Take a line of a head."""
        if self.refused:
            return
        line = line.removesuffix(b"\r")
        self._head_size += len(line) + 2
        if self._head_size > HEAD:
            self.refuse(_TOO_BIG)
            return
        if self._asked is None and line:
            self._asked = line.split(b" ")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Refuse a head that would not end."""
        del line
        self.refuse(_TOO_BIG)

    def headerReceived(self, line: bytes) -> bool:
        """Take a field; a length of thousands of digits is no number to Python."""
        try:
            return bool(super().headerReceived(line))
        except ValueError:
            self.refuse(_NO_HTTP)
            return False

    def allHeadersReceived(self) -> None:
        """Find out what is asked for, and whether its body may come."""
        request = self.requests[-1]
        asked, self._asked, self._head_size = self._asked, None, 0
        assert asked is not None
        close = "close" in tokens(request.all_of("connection"))
        self.persistent = asked[2] == b"HTTP/1.1" and not close
        if not self.persistent:
            request.setHeader("Connection", "close")
        try:
            request.headed(asked, self.length)
        except Problem as problem:
            if self.length == 0 and problem.status is not HTTPStatus.BAD_REQUEST:
                request.problem = problem
            else:
                self.refuse(problem)
        if self.length == 0 or self.refused:
            return
        self._enter(_Stage.BODY)
        if asked[2] == b"HTTP/1.1" and request.field("expect").lower() == "100-continue":
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def rawDataReceived(self, data: bytes) -> None:
        """Take a piece of a body, or what a client sends before its answer has come."""
        if self._successor is not None:
            self._successor.dataReceived(data)
        elif not self.refused:
            super().rawDataReceived(data)
            if self._stage is _Stage.BODY:
                self._flush()

    def requestDone(self, request: Exchange) -> None:
        """Wait for the next request; one that is at hand waits too: a thousand in a row would hold everybody up."""
        self._served = True
        self._enter(_Stage.HEAD)
        super().requestDone(request)
        if not self.refused and (more := self.clearLineBuffer()):
            self._more = more
            self.transport.pauseProducing()
            self.front.factory.clock.callLater(0, self._next)

    def dataReceived(self, data: bytes) -> None:
        """Take what has come, in its order."""
        if self._more:
            self._more += data
        else:
            super().dataReceived(data)

    def _next(self) -> None:
        """Go on with what waited for its turn."""
        more, self._more = self._more, b""
        if self.refused:
            return
        if not self.paused:
            self.transport.resumeProducing()
        self.dataReceived(more)
        if self._all_came and not self._more:
            self.readConnectionLost()

    def _respondToBadRequestAndDisconnect(self) -> None:
        """Refuse what is no HTTP: twisted.web would do so without a word."""
        if self._stage is _Stage.BODY:
            self._flush()  # what was refused already is told first
        self.refuse(_NO_HTTP)

    def _flush(self) -> None:
        """Pass on what has come of a body; one in crumbs is much work for little, so it is read slowly."""
        crumbs = self.requests[-1].flush()
        if crumbs > _CRUMBS and not self.refused:
            self.pauseProducing()
            self.front.factory.clock.callLater(crumbs / _CRUMBS_A_SECOND, self._digested)

    def _digested(self) -> None:
        if not self.refused:
            self.resumeProducing()

    # -- the flow ----------------------------------------------------------------------------------------------

    def pauseProducing(self) -> None:
        """Hear no further requests: the answers to those before are not read."""
        self.paused = True
        super().pauseProducing()
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        """Go on: what waited was read."""
        self.paused = False
        super().resumeProducing()
        self.transport.resumeProducing()
        self.dataReceived(b"")

    # -- the end -----------------------------------------------------------------------------------------------

    def readConnectionLost(self) -> None:
        """Answer what was asked, and end: the client will ask no more."""
        if self._more:
            self._all_came = True
            return
        self.persistent = False
        if self._stage is not _Stage.ANSWER:
            self.loseConnection()

    def writeConnectionLost(self) -> None:
        """Our half is closed: nothing to do."""

    def loseConnection(self) -> None:
        """End the connection when the answer is read."""
        self.connectionLost()
        super().loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Let go of what was asked for."""
        self.refused = True
        self._stop()
        super().connectionLost(reason)

    # -- time --------------------------------------------------------------------------------------------------

    @property
    def _patience(self) -> float:
        return self.front.factory.hub.limits.handshake or PATIENCE

    def _enter(self, stage: _Stage) -> None:
        self._stage = stage
        self.received = 0
        self._watch.reset(PATIENCE)

    def _stop(self) -> None:
        if self._watch.active():
            self._watch.cancel()

    def _look(self) -> None:
        """End a connection on which nothing goes on, or too little."""
        front = self.front
        now = front.factory.clock.seconds()
        if self._stage is _Stage.HEAD and self._served and self._asked is None:
            self.loseConnection()
        elif self._stage is _Stage.HEAD or (self._stage is _Stage.BODY and self.received < LEAST):
            self.refuse(_TOO_SLOW)
        elif self._stage is _Stage.ANSWER and front.pipe.waiting and now - front.pipe.moved >= PATIENCE:
            front.pipe.abort()
        else:
            self.received = 0
            self._watch = front.factory.clock.callLater(PATIENCE, self._look)


class Site:
    """What can be asked for: by its path, or by the folder that its path begins with."""

    def __init__(self, resources: dict[bytes, Resource]) -> None:
        self._resources = resources

    def find(self, path: bytes) -> Resource:
        """Give what a path names, exactly as it is written: nothing could lead elsewhere.  Raises Problem."""
        folder = path[: path.find(b"/", 1) + 1]
        found = self._resources.get(path) or self._resources.get(folder)
        if found is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address. The chat is at /")
        return found
