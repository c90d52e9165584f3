"""A file on its way out: as fast as it is taken, and no faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from twisted.internet.interfaces import IPushProducer, IReactorTime
from zope.interface import implementer

if TYPE_CHECKING:
    from lanchat.doors.web.exchange import Exchange

_STEP = 1 << 17
"""Bytes of one write."""
_TURN = 8
"""Writes in a row, even if they are all taken: others have their turn too."""


@implementer(IPushProducer)
class Reading:
    """Writes ``left`` bytes of a file as an answer, then finishes it."""

    def __init__(self, exchange: Exchange, content: BinaryIO, left: int, clock: IReactorTime) -> None:
        self._exchange = exchange
        self._content = content
        self._left = left
        self._clock = clock
        self._paused = False
        self._soon = False

    def start(self) -> None:
        """Begin."""
        self._exchange.notifyFinish().addBoth(lambda _: self.stopProducing())
        self._exchange.registerProducer(self, True)
        self.resumeProducing()

    def pauseProducing(self) -> None:
        """Wait: what is written is not taken yet."""
        self._paused = True

    def resumeProducing(self) -> None:
        """Go on."""
        self._paused = False
        if not self._soon:
            self._write()

    def stopProducing(self) -> None:
        """Let go of the file."""
        self._content.close()

    def _write(self) -> None:
        self._soon = False
        for _ in range(_TURN):
            if self._paused or self._content.closed:
                return
            data = self._content.read(min(_STEP, self._left))
            self._left -= len(data)
            if data:
                self._exchange.write(data)
            if not self._left or not data:
                self._end()
                return
        self._soon = True
        self._clock.callLater(0, self._write)

    def _end(self) -> None:
        """Finish, or end the connection where the file has become shorter: it must not look like all of it."""
        self._exchange.unregisterProducer()
        if self._left:
            self.stopProducing()
            self._exchange.channel.front.pipe.abort()
        else:
            self._exchange.finish()
