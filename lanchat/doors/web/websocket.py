"""The WebSocket: the JSON door's protocol (docs/protocol.md), one object a text message and no line ends.

The server pings with a ping frame, which browsers answer by themselves.  A message of more bytes than a line may have
ends the connection, as does everything that is no text.  What is said to everybody is one frame for all of them.
"""

from __future__ import annotations

from collections import deque

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from lanchat.core.events import AnyEvent
from lanchat.core.replies import AnyReply, Ping
from lanchat.core.session import Send
from lanchat.doors.front import FrontDoor
from lanchat.doors.lines import JSON, JsonDoor
from lanchat.doors.web.frames import (
    GOING_AWAY,
    NORMAL,
    PING,
    FrameError,
    Frames,
    Heard,
    Kind,
    close_code,
    close_frame,
    pong_frame,
    text_frame,
)

_GOODBYE = 3.0
"""Seconds in which a client that is told the end has to agree to it (RFC 6455, section 7.1.1)."""


class JsonFrames:
    """Events as frames with JSON in them; it remembers the last one, as `JsonDialect` does."""

    named = None

    def __init__(self) -> None:
        self.in_view = self.aside = self
        self._event: AnyEvent | AnyReply | None = None
        self._encoded = b""

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        """Give the frame for one event or reply."""
        if heard is not self._event:
            frame = PING if isinstance(heard, Ping) else text_frame(JSON.encode(heard)[:-1])
            self._event, self._encoded = heard, frame
        return self._encoded

    def own(self, event: AnyEvent, ref: str) -> bytes:
        """Give the event with the reference of the command that made it."""
        return text_frame(JSON.own(event, ref)[:-1]) if ref else self.encode(event)

    def mirror(self, event: AnyEvent) -> bytes:
        """Give the event: it says whose doing it is, and to whom."""
        return self.encode(event)


FRAMES = JsonFrames()


class WebSocketDoor(JsonDoor):
    """One page, or another program that speaks JSON in WebSocket frames."""

    def __init__(self, front: FrontDoor) -> None:
        name = "web+tls" if front.secure else "web"
        super().__init__(front.factory, front.pipe, name, front.address, front.settled, FRAMES)
        self.session.pipe = self
        self._frames = Frames(self.MAX_LENGTH - 1)
        self._code = NORMAL
        """With which code the end is told."""
        self._peer_done = False
        """Whether nothing more will come."""
        self._deaf = False
        self._said_goodbye = False
        self._expiry: IDelayedCall | None = None

    # -- what comes --------------------------------------------------------------------------------------------

    def dataReceived(self, data: bytes) -> None:
        """Hear whole messages; each is a line, whatever is in it."""
        if self._peer_done or self._deaf:
            return
        self._frames.feed(data)
        try:
            while not self.paused and (heard := self._frames.next()):
                self._take(heard)
        except FrameError as error:
            self._deaf = True  # whatever still comes cannot be understood, and is passed over
            self._frames.clear()
            self._code = error.code
            if not self.session.closing:
                self.end(f"sent {error}")
        self.hub.pulse.go_on()

    def _take(self, heard: Heard) -> None:
        if heard.kind is Kind.TEXT:
            self.lineReceived(heard.payload)
            return
        if heard.kind is Kind.CLOSE:
            self._code = close_code(heard.payload)
            self._frames.clear()
            self.readConnectionLost()
            return
        self.alive()
        if not self.session.closing:
            self._count()  # they cost something, too
            if heard.kind is Kind.PING:
                self.pipe.write(pong_frame(heard.payload))

    def _unheard(self) -> deque[bytes]:
        """Take the messages that have come whole and were not heard; half a message says nothing."""
        messages: deque[bytes] = deque()
        try:
            while (heard := self._frames.next()) and heard.kind is not Kind.CLOSE:
                if heard.kind is Kind.TEXT:
                    messages.append(heard.payload)
        except FrameError:
            pass
        self._frames.clear()
        return messages

    # -- the way out of the session ----------------------------------------------------------------------------

    @property
    def send(self) -> Send:
        """How bytes go out just now."""
        return self.pipe.send

    def route(self, send: Send) -> None:
        """Let the session send another way, as long as anything is to be sent."""
        super().route(len if self._said_goodbye else send)

    def keep(self, rest: bytes) -> None:
        """Take over what the wire did not take."""
        self.pipe.keep(rest)

    def finish(self) -> None:
        """Say goodbye, and end the connection when the client has said it too."""
        if self._said_goodbye:
            return
        self._said_goodbye = True
        self.session.route(len)  # nothing stands behind a close frame
        self.pipe.write(close_frame(self._code, self.why))
        if self._peer_done:
            self.pipe.finish()
            return
        self._expiry = self.factory.clock.callLater(_GOODBYE, self.pipe.finish)
        self.resumeProducing()  # the client's goodbye has to be read

    # -- the end -----------------------------------------------------------------------------------------------

    def end(self, why: str, told: AnyReply | None = None) -> None:
        """End the connection from here: everybody learns why."""
        if self._code == NORMAL:
            self._code = GOING_AWAY
        super().end(why, told)

    def readConnectionLost(self) -> None:
        """Take the last messages, answer them, and end: with a close frame, or the end of what the client sends."""
        self._peer_done = True
        if self._said_goodbye:
            self.pipe.finish()
        else:
            super().readConnectionLost()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Leave the chat: the connection has ended."""
        self._peer_done = True
        if self._expiry is not None and self._expiry.active():
            self._expiry.cancel()
        super().connectionLost(reason)
