"""Turns: how what was said in a turn of the reactor is put down: in one row, unless it is very much."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from operator import itemgetter

import msgspec

from lanchat.stores.journal import KeptEvent

MOST = 2_000
"""Events of a row: it is read anew for what is not filed yet of it."""
SIZE = 262_144
"""Bytes of a row, unless one event alone is bigger."""

Mark = tuple[str, str, int]
"""Client, reference, number of the event."""


class Turn(msgspec.Struct, frozen=True):
    """A turn as it was committed, not filed yet: its events and marks."""

    events: list[KeptEvent]
    marks: list[Mark] = []


encode_turn: Callable[[Turn], bytes] = msgspec.json.Encoder().encode
decode_turn: Callable[[bytes | str], Turn] = msgspec.json.Decoder(Turn).decode


def rows(events: list[KeptEvent], marks: list[Mark], last: int) -> list[tuple[int, bytes]]:
    """Give a turn as it is put down: the number of its newest event, and its content, for each row."""
    if len(events) <= MOST:
        return _halved(events, marks, last)
    parts = []
    for start in range(0, len(events), MOST):
        some = events[start : start + MOST]
        upto = last if start + MOST >= len(events) else some[-1].id
        cut = bisect_right(marks, upto, key=itemgetter(2))
        parts += _halved(some, marks[:cut], upto)
        marks = marks[cut:]
    return parts


def _halved(events: list[KeptEvent], marks: list[Mark], last: int) -> list[tuple[int, bytes]]:
    content = encode_turn(Turn(events, marks))
    if len(content) <= SIZE or len(events) < 2:
        return [(last, content)]
    half = len(events) // 2
    upto = events[half - 1].id
    cut = bisect_right(marks, upto, key=itemgetter(2))
    return _halved(events[:half], marks[:cut], upto) + _halved(events[half:], marks[cut:], last)
