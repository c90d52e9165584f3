"""The other end of a link, by hand: an endpoint that a test answers, and a server that says what a test says."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from zope.interface import implementer

from lanchat.client.conversation import Conversation
from lanchat.client.endings import Ending, diagnose
from lanchat.client.heard import Heard
from lanchat.client.input import Leave, read_line
from lanchat.client.link import Link
from lanchat.client.proof import Secret

NOON = "2026-11-21T12:00:00.000Z"
LIMITS = {"message": 4096.0, "nick": 32.0, "room": 64.0, "topic": 390.0, "rooms": 50.0}


class Peer:
    """The server's end of one connection."""

    def __init__(self, protocol: Any) -> None:
        self.protocol = protocol
        self.transport = StringTransport()
        self.aborted = False
        self.transport.abortConnection = self._abort
        self._read = 0
        self._ids = 0
        protocol.makeConnection(self.transport)

    def _abort(self) -> None:
        self.aborted = True
        self.transport.abortConnection = lambda: None
        self.drops()

    def reads(self) -> list[dict[str, Any]]:
        """Give what has come since the last time."""
        data = self.transport.value()[self._read :]
        self._read += len(data)
        return [json.loads(line) for line in data.splitlines()]

    def sends(self, event: str, **fields: Any) -> None:
        """Send one event or reply."""
        self.line(json.dumps({"event": event, **fields}).encode())

    def line(self, line: bytes) -> None:
        self.protocol.dataReceived(line + b"\n")

    def happens(self, event: str, **fields: Any) -> None:
        """Send one event, with number and time."""
        self._ids += 1
        self.sends(event, id=self._ids, time=NOON, **fields)

    def welcomes(self, nick: str = "ann", *rooms: str, **fields: Any) -> None:
        """Let the client in, into the lobby and these rooms."""
        self.sends("welcome", ref="hello", server="room-1", version="1", nick=nick, people=1, limits=LIMITS, **fields)
        for room in ("#lobby", *rooms):
            self.enters(room, nick, ref="hello")

    def enters(self, room: str, nick: str, *others: str, ref: str = "", topic: str = "") -> None:
        self.happens("joined", room=room, nick=nick, ref=ref)
        nicks = [nick, *others]
        self.sends("entered", ref=ref, room=room, nick=nick, nicks=nicks, people=len(nicks), topic=topic)

    def drops(self, why: BaseException | None = None) -> None:
        """Let the line drop."""
        self.protocol.connectionLost(Failure(why or ConnectionLost()))


@implementer(IStreamClientEndpoint)
class Network:
    """An endpoint whose attempts a test answers."""

    def __init__(self) -> None:
        self.attempts: list[tuple[Any, Deferred[Any]]] = []

    def connect(self, factory: Any) -> Deferred[Any]:
        attempt: Deferred[Any] = Deferred()
        self.attempts.append((factory, attempt))
        return attempt

    def accepts(self) -> Peer:
        factory, attempt = self.attempts.pop(0)
        protocol = factory.buildProtocol(None)
        peer = Peer(protocol)
        attempt.callback(protocol)
        return peer

    def refuses(self, why: BaseException) -> None:
        self.attempts.pop(0)[1].errback(Failure(why))


class Seen:
    """A front that remembers."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.marks: list[str] = []
        """What was said about a place in the talk; in ``shown`` each stands at that place."""
        self.lines: list[bytes] = []
        self.shown: list[tuple[str, bool]] = []
        """What a person is to be shown, by the name of its class, and whether it is their own."""
        self.changes = 0
        self.answers = True
        """Whether there is somebody to be asked."""
        self.wanted: list[tuple[Secret, str]] = []

    def heard(self, line: bytes, heard: Heard | None, *, own: bool, quiet: bool) -> None:
        self.lines.append(line)
        if heard is not None and not quiet:
            self.shown.append((type(heard).__name__, own))

    def note(self, text: str) -> None:
        self.notes.append(text)

    def mark(self, text: str) -> None:
        self.marks.append(text)
        self.shown.append((text, True))

    def wants(self, secret: Secret, said: str) -> bool:
        self.wanted.append((secret, said))
        return self.answers

    def changed(self) -> None:
        self.changes += 1


class Joined:
    """A link with its front and its network; nothing is connected yet."""

    def __init__(self, nick: str = "ann", front: Any = None, **options: Any) -> None:
        self.clock = Clock()
        self.network = Network()
        self.front = front or Seen()
        self.conversation = Conversation(nick)
        self.link = Link(
            self.network,
            self.clock,
            self.conversation,
            self.front,
            diagnose=lambda why: diagnose(why, "room-1:5555"),
            jitter=lambda: 0.5,
            client="c",
            **options,
        )
        if front is not None:
            front.link = self.link
        self.entered: list[Any] = []
        self.ended: list[Ending | None] = []
        self.link.ended.addCallback(self._end)

    def _end(self, ending: Ending | None) -> Ending | None:
        self.ended.append(ending)
        return ending

    def starts(self) -> Joined:
        self.link.start().addBoth(self.entered.append)
        return self

    def comes_in(self, *rooms: str) -> Peer:
        """Be in the chat."""
        self.starts()
        peer = self.network.accepts()
        peer.welcomes(self.conversation.nick, *rooms)
        peer.reads()
        return peer

    def types(self, line: str) -> bool:
        asked = read_line(line, self.conversation.view, self.conversation.longest)
        assert asked is not None
        assert not isinstance(asked, Leave)
        return self.link.send(asked)
