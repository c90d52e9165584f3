"""Moments and spans as text.  It knows no clock: whoever calls brings the seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_DURATION = re.compile(r"(\d{1,9})([smhdw])")
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
    return _local_minute(stamp[:16])[11:]


def local_day(stamp: str) -> str:
    """Give the day of a stamp where this process runs: ``2026-11-21``."""
    return _local_minute(stamp[:16])[:10]


@lru_cache(256)
def _local_minute(minute: str) -> str:
    return datetime.fromisoformat(minute + "Z").astimezone().strftime("%Y-%m-%d %H:%M")


def duration(written: str) -> float:
    """Give the seconds of ``45s``, ``30m``, ``12h``, ``30d`` or ``2w``.  Raises ValueError."""
    found = _DURATION.fullmatch(written.strip().lower())
    if found is None:
        raise ValueError(written)
    return float(found[1]) * _UNITS[found[2]]


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
