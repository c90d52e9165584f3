"""Marks: a message that a client sends once more, because its acknowledgement was lost, is known again."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.core.journal import Mark

_MOST = 20_000


class Marks:
    """The newest marks, with the numbers of the events that they stand for."""

    def __init__(self) -> None:
        self._numbers: dict[Mark, int] = {}

    def add(self, mark: Mark, number: int) -> None:
        """Remember a mark; the oldest is forgotten when there are too many."""
        self._numbers[mark] = number
        if len(self._numbers) > _MOST:
            del self._numbers[next(iter(self._numbers))]

    def restore(self, marks: Iterable[tuple[Mark, int]]) -> None:
        """Remember the marks of the time before, the oldest first."""
        for mark, number in marks:
            self.add(mark, number)

    def find(self, mark: Mark) -> int:
        """Give the number of the event that a mark stands for; 0 when it is not known."""
        return self._numbers.get(mark, 0)
