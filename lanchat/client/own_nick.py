"""Our own nick over a drop of the line: another one while the old connection still has it, and back when it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, repeat

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from lanchat.core.events import Quit, Renamed
from lanchat.core.names import fold

_TAKE_BACK = (5.0, 10.0, 20.0, 30.0)
"""Seconds until we ask for our nick again; the last is repeated."""
_TRIES = 12
"""How often we ask: a server drops a dead connection within three minutes."""


class OwnNick:
    """The nick that a person wants, and the way back to it.

    ``ask`` asks the server for a nick.
    """

    def __init__(self, wanted: str, clock: IReactorTime, ask: Callable[[str], None]) -> None:
        self.wanted = wanted
        self._clock = clock
        self._ask = ask
        self._others: Iterator[str] = iter(())
        self._delays: Iterator[float] = iter(())
        self._next: IDelayedCall | None = None

    def arrive(self, longest: int) -> None:
        """Begin again: a new connection has been made; nicks have ``longest`` characters at most."""
        self._others = _variants(self.wanted, longest)

    def another(self) -> str | None:
        """Give a nick to come in under, when the last one was taken; None when there are no more."""
        return next(self._others, None)

    def borrowed(self) -> None:
        """Ask for the wanted nick from time to time: we had to come in under another."""
        self._delays = chain(_TAKE_BACK, repeat(_TAKE_BACK[-1], _TRIES - len(_TAKE_BACK)))
        self._wait()

    def noticed(self, heard: Renamed | Quit, *, own: bool) -> None:
        """Want the nick that the person took; ask at once for the wanted one when somebody leaves it."""
        if isinstance(heard, Renamed) and own:
            self.wanted = heard.new
            self.rest()
        elif self._next is not None and fold(heard.nick) == fold(self.wanted):
            self._next.reset(0.0)

    def rest(self) -> None:
        """Ask no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _wait(self) -> None:
        delay = next(self._delays, None)
        self._next = None if delay is None else self._clock.callLater(delay, self._take_back)

    def _take_back(self) -> None:
        self._wait()
        self._ask(self.wanted)


def _variants(nick: str, longest: int) -> Iterator[str]:
    """Give nicks like one that is taken."""
    for tail in ("_", "__", *"23456789"):
        yield (nick[: longest - len(tail)] if longest else nick) + tail
