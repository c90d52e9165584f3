"""Turns: how what was said in a turn of the reactor is put down, in as few rows as can be filed one at a time."""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter

import msgspec

from lanchat.stores.finding import Turn
from lanchat.stores.journal import KeptEvent

STEP = 100
"""Events that are filed, or dropped, in a step: some 3 ms."""
SIZE = 16_384
"""Bytes of a turn's row, and of what is filed in a step, unless one event alone is bigger."""

Mark = tuple[str, str, int]
"""Client, reference, number of the event."""
_encode = msgspec.json.Encoder().encode


def rows(events: list[KeptEvent], marks: list[Mark], last: int) -> list[tuple[int, bytes]]:
    """Give a turn as it is put down: in one row, or in several where filing it would be more than a step."""
    if len(events) <= STEP:
        return _halved(events, marks, last)
    parts = []
    for start in range(0, len(events), STEP):
        some = events[start : start + STEP]
        upto = last if start + STEP >= len(events) else some[-1].id
        cut = bisect_right(marks, upto, key=itemgetter(2))
        parts += _halved(some, marks[:cut], upto)
        marks = marks[cut:]
    return parts


def _halved(events: list[KeptEvent], marks: list[Mark], last: int) -> list[tuple[int, bytes]]:
    content = _encode(Turn(events, marks))
    if len(content) <= SIZE or len(events) < 2:
        return [(last, content)]
    half = len(events) // 2
    upto = events[half - 1].id
    cut = bisect_right(marks, upto, key=itemgetter(2))
    return _halved(events[:half], marks[:cut], upto) + _halved(events[half:], marks[cut:], last)
