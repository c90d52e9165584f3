"""Timers with names: one of a name at a time, and all of them can be stopped."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class Timers:
    """What is to be done later."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._pending: dict[str, IDelayedCall] = {}

    def later(self, name: str, delay: float, call: Callable[[], object]) -> None:
        """Call in ``delay`` seconds; whatever was to be done under this name is not done."""
        self.cancel(name)

        def run() -> None:
            del self._pending[name]
            call()

        self._pending[name] = self._clock.callLater(delay, run)

    def cancel(self, name: str) -> None:
        """Do not do it, if it was to be done."""
        timer = self._pending.pop(name, None)
        if timer is not None:
            timer.cancel()

    def cancel_all(self) -> None:
        """Do nothing any more."""
        for name in list(self._pending):
            self.cancel(name)
