"""The options that set limits: which field of `Limits` each of them is, and how its value is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lanchat.core.limits import Limits
from lanchat.core.sizes import size
from lanchat.core.times import duration


class LimitError(Exception):
    """A limit cannot be read; the text names the option, and says what to give."""


def _seconds(written: str) -> float:
    """Give a time as it is written, or as a number of seconds.  Raises ValueError."""
    return float(written) if written.isdecimal() else duration(written)


LIMITS: dict[str, tuple[str, Callable[[str], float]]] = {
    "max-clients": ("clients", int),
    "max-per-address": ("per_address", int),
    "max-message": ("message", int),
    "max-nick": ("nick", int),
    "max-room": ("room", int),
    "max-topic": ("topic", int),
    "max-rooms": ("rooms", int),
    "backlog": ("backlog", int),
    "rate": ("rate", float),
    "burst": ("burst", int),
    "sendq": ("sendq", int),
    "handshake": ("handshake", float),
    "silence": ("silence", float),
    "upload-limit": ("upload", size),
    "upload-member": ("upload_member", size),
    "upload-total": ("upload_total", size),
    "upload-keep": ("upload_keep", _seconds),
}
"""Option to the field of `Limits`, and what reads it."""
_GIVE: dict[Callable[[str], float], str] = {int: "a whole number", float: "a number", size: "a size (500K, 100M, 2G)"}


def read_limits(written: Mapping[str, Any]) -> Limits:
    """Read the limits that were given; the others are as usual.  Raises LimitError."""
    found: dict[str, Any] = {}
    for option, (field, kind) in LIMITS.items():
        if written[option] is None:
            continue
        try:
            value = kind(written[option])
        except ValueError:
            value = -1
        if not 0 <= value < float("inf"):
            what = _GIVE.get(kind, "a time (12h, 7d, 4w)")
            raise LimitError(f"--{option} {written[option]}: give {what}, 0 for no limit")
        found[field] = value
    return replace(Limits(), **found)
