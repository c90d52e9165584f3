"""What the doors that speak in lines have in common: framing, floods, the end of a session."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall, IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from lanchat.core.catching_up import catch_up, fall_behind, resume
from lanchat.core.errors import Refused
from lanchat.core.limits import Bucket
from lanchat.core.replies import AnyReply, Closed, Refusal
from lanchat.core.session import Dialect, Send, Session
from lanchat.doors.factory import ChatFactory
from lanchat.doors.pipe import Pipe

_PATIENCE = 120.0
"""Seconds for which the lines of a flood are still heard after its connection has ended."""
_EFFORT = 0.002
"""Seconds for which the processor may work on one line: what takes longer counts as several lines."""
_UNLIMITED = 1 << 20
"""How long a line may be where messages have no limit: memory has one."""


@implementer(IHalfCloseableProtocol)
class LineDoor(LineReceiver):
    """A protocol of lines that end in LF or CRLF; the last one needs no end when the peer stops sending.

    A door gives `heard`, and calls `enter` when it knows a name.
    """

    delimiter = b"\n"
    log = Logger()

    def __init__(
        self,
        factory: ChatFactory,
        pipe: Pipe,
        dialect: Dialect,
        longest: int,
        door: str,
        address: str,
        settled: Callable[[], None],
    ) -> None:
        self.factory = factory
        self.hub = factory.hub
        self.pipe = pipe
        self.session = Session(factory.hub.pulse, pipe, dialect, door, address)
        self.MAX_LENGTH = (longest or _UNLIMITED) + 1  # and a carriage return
        self._settled = settled
        self._rest = b""
        self.session.hold, self.session.release = self._ask, self._answered
        self._holds = 0
        self._asked = 0
        """Answers that take time: how many are under way."""
        self._half_closed = False
        self._last_words: deque[bytes] | None = None
        self._patience: IDelayedCall | None = None
        limits = factory.hub.limits
        self._bucket = Bucket(limits.rate, limits.burst, factory.clock.seconds()) if limits.rate else None
        self.why = ""
        """Why the connection is ended from here."""

    # -- for the doors ---------------------------------------------------------------------------------

    def heard(self, line: bytes) -> None:
        """Do what a line asks for.  May raise Refused."""
        raise NotImplementedError

    def enter(self, nick: str, since: int | None = None) -> None:
        """Let the person in under a name; who comes back has to `resume`.  Raises Refused."""
        self.hub.enter(self.session, nick, since)
        self._settled()

    def resume(self) -> None:
        """Let the person who has come back hear first what was missed."""
        self.hold()
        told = resume(self.session)
        self.hub.pulse.after(lambda: self.pipe.fill(told))

    def caught_up(self) -> None:
        """Hear that the session has all the messages of the time in which it was behind."""

    def end(self, why: str, told: AnyReply | None = None) -> None:
        """End the connection from here: everybody learns why."""
        self.why = self.why or why
        self.session.tell(told or Closed(text=why))
        self.hub.leave(self.session, why)
        self.session.close()

    def check(self, now: float) -> None:
        """Look after the connection, every few seconds: a reader that takes nothing at all has to go."""
        silence = self.hub.limits.silence
        if silence and self.pipe.waiting and now - self.pipe.moved > silence * 1.5:
            self.why = f"read nothing for {int(now - self.pipe.moved)} seconds"
            self.pipe.abort()

    @property
    def asking(self) -> bool:
        """Whether the peer waits for an answer that takes time, and is heard no more until then."""
        return self._asked > 0

    @property
    def who(self) -> str:
        """The nick of the person, as last known; empty for one who never gave any."""
        return self.session.nick

    # -- bytes in --------------------------------------------------------------------------------------------

    def connectionMade(self) -> None:
        """Take over a connection from the front door."""
        self.pipe.owner = self
        self.factory.doors.add(self)

    def dataReceived(self, data: bytes) -> None:
        """Split into lines; what follows a line that was too long is looked at as well."""
        super().dataReceived(data)
        while self._rest:
            data, self._rest = self._rest, b""
            super().dataReceived(data)
        self.hub.pulse.go_on()

    def lineReceived(self, line: bytes) -> None:
        """Run one line in peace: whatever goes wrong in it ends this session at most."""
        session = self.session
        if session.closing:
            return
        self._count()
        began = self.factory.spent()
        try:
            self.heard(line[:-1] if line[-1:] == b"\r" else line)
        except Refused as refused:
            self.refuse(refused)
        except Exception:
            self.log.failure("A line of {who} failed", who=self.session.address)
            self.end("an error in the server", Closed(text="An error in the server: please join again."))
        finally:
            session.ref = ""
            self._count_effort(self.factory.spent() - began)

    def refuse(self, refused: Refused, *, room: str = "") -> None:
        """Say what is refused, and note that it was."""
        session = self.session
        session.tell(Refusal(ref=session.ref, code=refused.code, text=refused.text, room=room))
        who = session.nick or session.address
        self.log.info("{who} refused: {code}", who=who, code=refused.code)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Leave a line out that is too long, say so, and go on with the next."""
        if self.session.closing:
            return
        longest = self.MAX_LENGTH - 1
        self._count()
        self.refuse(Refused("too-long", f"A line has at most {longest:,} bytes: nothing was sent. Send it in parts."))
        _, newline, rest = line.partition(self.delimiter)
        if newline:
            self._rest = rest
        else:
            self.setRawMode()

    def rawDataReceived(self, data: bytes) -> None:
        """Pass over the rest of a line that is too long."""
        _, newline, rest = data.partition(self.delimiter)
        if newline:
            self.setLineMode(rest)

    # -- the flow --------------------------------------------------------------------------------------------

    def _count_effort(self, took: float) -> None:
        """Count a line that was much work as several: nobody keeps the server busy with few of them."""
        if took > _EFFORT and not self.session.closing:
            self._count(min(took / _EFFORT, self.hub.limits.burst))

    def _count(self, lines: float = 1.0) -> None:
        """Count a line: who sends them too fast is read more slowly."""
        if self._bucket is not None and (wait := self._bucket.take(self.factory.clock.seconds(), lines)):
            self.hold()
            self.factory.clock.callLater(wait, self.release)

    def hold(self) -> None:
        """Stop reading, until there are as many releases as holds."""
        self._holds += 1
        if self._holds == 1:
            self.pauseProducing()

    def release(self) -> None:
        """Read again."""
        self._holds -= 1
        if self._holds:
            return
        if self._last_words is not None:
            self._hear_last_words()
        elif not self.session.closing:
            self.resumeProducing()

    def _ask(self) -> None:
        """Wait for an answer that takes time."""
        self._asked += 1
        self.hold()

    def _answered(self) -> None:
        self._asked -= 1
        self.release()

    def route(self, send: Send) -> None:
        """Let the session send another way; one that is behind sends nothing until it has caught up."""
        self.session.route(send if self.session.behind is None else len)

    def overflowed(self) -> None:
        """Let the session fall behind: its sendq is full.  Who does not read is not read from either."""
        if not self.session.present:
            self.why = "sendq exceeded"
            self.pipe.abort()
            return
        self.log.info("{who} fell behind: sendq full", who=self.session.member.nick)
        fall_behind(self.hub, self.session)
        self.hold()

    def refill(self) -> bytes | None:
        """Give a session that is behind what it missed."""
        more = catch_up(self.hub, self.session, self._read_on)
        if more == b"" and self.session.behind is not None:
            self.session.behind = None
            self.session.put(b"".join(self.session.owed))
            self.session.owed.clear()
            self.hub.pulse.beat()  # it goes back to the others
            self.log.info("{who} caught up", who=self.session.member.nick)
            self.caught_up()
            self.factory.clock.callLater(0, self.release)
        return more

    def _read_on(self, page: bytes) -> None:
        """Go on with what was read from the disk: never in the middle of asking for it."""
        self.factory.clock.callLater(0, self._refilled, page)

    def _refilled(self, page: bytes) -> None:
        more = page or self.refill()
        if more is not None:
            self.pipe.refilled(more)

    # -- the end ---------------------------------------------------------------------------------------------

    def readConnectionLost(self) -> None:
        """Take the last lines, answer them, and end: the peer has said all that it has to say."""
        self._half_closed = True
        self._last_words = self._unheard()
        self._hear_last_words()

    def writeConnectionLost(self) -> None:
        """Our half is closed: nothing to do."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Leave the chat: the connection has ended."""
        self.factory.doors.discard(self)
        self.pipe.lost()
        if not self.why and not reason.check(ConnectionDone):
            self.why = "connection lost"
        if self.why or self.session.closing or self.session.behind is not None:
            self._gone()
            return
        # TLS has no half-close: what came before its end is said as slowly as everything else.
        self._half_closed = False
        self._last_words = (self._last_words or deque()) + self._unheard()
        self._patience = self.factory.clock.callLater(_PATIENCE, self._gone)
        self._hear_last_words()

    def _unheard(self) -> deque[bytes]:
        """Take the lines that were received and not heard; the last one may have no end."""
        rest, line_mode = self.clearLineBuffer(), self.line_mode
        lines = deque(rest.split(self.delimiter) if line_mode else ())
        if lines and not lines[-1]:
            lines.pop()
        return lines

    def _hear_last_words(self) -> None:
        """Hear what is left, and end when that is answered."""
        lines = self._last_words
        while lines and not self._holds:
            self.lineReceived(lines.popleft())
        if lines or self._asked:
            return
        if not self._half_closed:
            self._gone()
        elif not self.session.closing:
            self.hub.leave(self.session)
            self.session.close()

    def _gone(self) -> None:
        """Leave the chat."""
        if self._patience is not None and self._patience.active():
            self._patience.cancel()
        if self._last_words:
            self.log.info("{who} left {count} lines unheard", who=self.who, count=len(self._last_words))
        self._last_words = deque()
        self.hub.leave(self.session, self.why)
        self.session.behind = None
        self.session.closing = True
