"""The journal as the core knows it: where events get their order, their number and their place."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Protocol

from lanchat.core.events import AnyEvent


class Journal(Protocol):
    """The seam behind which the stores stand (lanchat/stores)."""

    last: int
    """The number of the newest event; 0 when there is none."""

    def submit(self, event: AnyEvent, happen: Callable[[AnyEvent], None], /) -> None:
        """Give the event its number and let it happen."""
        ...

    def commit(self, then: Callable[[], None], /) -> None:
        """Put everything submitted so far in its place, then call ``then``."""
        ...

    def since(self, after: int, until: int, rooms: Container[str], most: int, /) -> list[AnyEvent]:
        """Give at most ``most`` kept events of these rooms, oldest first, with ``after < id <= until``."""
        ...

    def forgotten(self) -> int:
        """Give the number up to which events may be gone; 0 when nothing was dropped yet."""
        ...
