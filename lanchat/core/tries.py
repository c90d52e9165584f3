"""Who tries passwords too often: counted for each key, such as an address or a name, over the last minute."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from math import ceil

from lanchat.core.errors import Refused

MOST = 5
"""Tries within the span."""
SPAN = 60.0
"""Seconds."""


def too_many(wait: float) -> Refused:
    """Say that somebody has to wait for so many seconds."""
    return Refused("too-many-tries", f"Too many passwords were tried. Wait {ceil(wait)} seconds, and try again.")


class Tries:
    """The tries of the last minute.  What is older is forgotten, so it never holds more than a minute brings."""

    def __init__(self, most: int = MOST, span: float = SPAN) -> None:
        self._most = most
        self._span = span
        self._moments: dict[str, deque[float]] = {}
        """The last tries under each key; whoever tried last stands last."""

    def take(self, keys: Collection[str], now: float) -> float:
        """Count a try under each of these keys; give the seconds to wait instead when one of them has no more."""
        self._forget(now)
        wait = max(self._wait(key, now) for key in keys)
        if not wait:
            for key in keys:
                moments = self._moments.pop(key, None) or deque(maxlen=self._most)
                moments.append(now)
                self._moments[key] = moments
        return wait

    def give_back(self, keys: Collection[str]) -> None:
        """Count the last try under each of these keys as none: it was no wrong one."""
        for key in keys:
            if moments := self._moments.get(key):
                moments.pop()
                if not moments:
                    del self._moments[key]

    def _wait(self, key: str, now: float) -> float:
        moments = self._moments.get(key)
        if moments is None or len(moments) < self._most:
            return 0.0
        return min(max(self._span - (now - moments[0]), 0.0), self._span)  # a clock may be set back

    def _forget(self, now: float) -> None:
        old = []
        for key, moments in self._moments.items():
            if now - moments[-1] < self._span:
                break
            old.append(key)
        for key in old:
            del self._moments[key]
