"""Moments and spans as text.  It knows no clock: whoever calls brings the seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_DURATION = re.compile(r"(\d{1,9})([smhdw])")
_DAY_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){2}([Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?[Zz]?)?")
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


def seconds(stamp: str) -> int:
    """Give the whole seconds since the epoch of a stamp."""
    return int(datetime.fromisoformat(stamp).timestamp())


def local_clock(stamp: str) -> str:
    """Give the hour and minute of a stamp where this process runs: ``21:04``."""
    return _local_minute(stamp[:16])[11:]


def local_day(stamp: str) -> str:
    """Give the day of a stamp where this process runs: ``2026-11-21``."""
    return _local_minute(stamp[:16])[:10]


def local_moment(seconds: float) -> str:
    """Give a moment in seconds since the epoch, where this process runs: ``Saturday 2026-11-21 21:04:05 +0000``."""
    return f"{datetime.fromtimestamp(int(seconds), UTC).astimezone():%A %Y-%m-%d %H:%M:%S %z}"


@lru_cache(256)
def _local_minute(minute: str) -> str:
    return datetime.fromisoformat(minute + "Z").astimezone().strftime("%Y-%m-%d %H:%M")


def duration(written: str) -> float:
    """Give the seconds of ``45s``, ``30m``, ``12h``, ``30d`` or ``2w``.  Raises ValueError."""
    found = _DURATION.fullmatch(written.strip().lower())
    if found is None:
        raise ValueError(written)
    return float(found[1]) * _UNITS[found[2]]


def moment(written: str, now: float) -> str:
    """Give the stamp of a moment in the past: ``2h`` ago, ``15:04``, ``2026-11-20``, ``2026-11-20T15:04``, or a stamp.

    Times are those of where this process runs; a time of day is the last one.  Raises ValueError.
    """
    if match := _DURATION.fullmatch(written.lower()):
        return _stamp(datetime.fromtimestamp(max(int(now - duration(match[0])), 0), UTC))
    here = datetime.fromtimestamp(now, UTC).astimezone()
    try:
        if _DAY_TIME.fullmatch(written):
            found = datetime.fromisoformat(f"{here:%Y-%m-%d}T{written.zfill(5)}")
            if found.astimezone() > here:
                found -= timedelta(days=1)
        elif _DATE.fullmatch(written):
            found = datetime.fromisoformat(written.upper())
        else:
            raise ValueError(written)
        return _stamp(found)
    except OverflowError as error:  # the first and the last year have moments that are in no year elsewhere
        raise ValueError(written) from error


def lasting(written: str, stamp: str) -> str:
    """Give a moment as it was written if it will mean the same tomorrow, or else its stamp."""
    return written if "-" in written else stamp


def _stamp(found: datetime) -> str:
    return found.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


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
