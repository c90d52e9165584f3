"""Moments and spans as text.  It knows no clock: whoever calls brings the seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


class Stamper:
    """Turns seconds since the epoch into RFC 3339 in UTC with milliseconds: ``2026-11-21T21:04:05.123Z``.

    Every event carries one, so the part that changes once a second is kept.
    """

    __slots__ = ("_prefix", "_second")

    def __init__(self) -> None:
        self._second = -1
        self._prefix = ""

    def stamp(self, seconds: float) -> str:
        """Format a moment, cut to the millisecond."""
        whole = int(seconds)
        if whole != self._second:
            self._second = whole
            self._prefix = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        return f"{self._prefix}{int((seconds - whole) * 1000):03d}Z"


def local_clock(stamp: str) -> str:
    """Give the hour and minute of a stamp where this process runs: ``21:04``."""
    return _local_minute(stamp[:16])


@lru_cache(256)
def _local_minute(minute: str) -> str:
    return datetime.fromisoformat(minute + "Z").astimezone().strftime("%H:%M")


def span(seconds: float) -> str:
    """Say a span in its two largest units: ``2 hours 5 minutes``."""
    left = int(seconds)
    said: list[str] = []
    for size, unit in _SPANS:
        count, left = divmod(left, size)
        if count:
            said.append(f"{count} {unit}{'s' if count > 1 else ''}")
        if len(said) == 2 or (said and not count):
            break
    return " ".join(said) or "0 seconds"
