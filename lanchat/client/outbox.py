"""What a person typed, on its way: waiting for the line, or sent and not yet acknowledged.

Nothing is ever sent twice.  What was sent and not acknowledged when the line dropped may have arrived or not:
nobody can know, so it is given back.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One command: the JSON object without its reference, and what was typed for it."""

    op: dict[str, str]
    typed: str


class Outbox:
    """Commands in order.  ``most`` is how many there may be, waiting and unacknowledged together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._last = 0
        self._waiting: deque[tuple[str, Asked]] = deque()
        self._sent: dict[str, Asked] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._sent)

    @property
    def waiting(self) -> int:
        """How many were not sent yet."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether there is room for no more."""
        return len(self) >= self._most

    def put(self, asked: Asked) -> None:
        """Add a command behind all others, under a reference of its own."""
        self._last += 1
        self._waiting.append((str(self._last), asked))

    def take(self) -> list[dict[str, object]]:
        """Give the objects that are to be sent now: from here on they count as sent."""
        taken = list(self._waiting)
        self._waiting.clear()
        self._sent.update(taken)
        return [{**asked.op, "ref": ref} for ref, asked in taken]

    def acknowledge(self, ref: str) -> bool:
        """Note that the server has answered a command, and say whether it was one of these."""
        return self._sent.pop(ref, None) is not None

    def give_back(self) -> list[Asked]:
        """Give what was sent and not acknowledged, and forget it: the line has dropped."""
        lost = list(self._sent.values())
        self._sent.clear()
        return lost
