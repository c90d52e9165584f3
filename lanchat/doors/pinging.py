"""Doors whose clients answer pings: who stays silent is asked, and then gone."""

from __future__ import annotations

from typing import Any

from lanchat.core.replies import Ping
from lanchat.doors.door import LineDoor


class PingedDoor(LineDoor):
    """A line door that pings a silent client, and ends the connection of one that stays silent."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._heard_at = self.factory.clock.seconds()
        self._pinged_at: float | None = None

    def lineReceived(self, line: bytes) -> None:
        """Note that the client is there, and run the line."""
        self.alive()
        super().lineReceived(line)

    def alive(self) -> None:
        """Note that the client is there."""
        self._heard_at = self.factory.clock.seconds()
        self._pinged_at = None

    def check(self, now: float) -> None:
        """Ping a silent client, and end the connection of one that stays silent."""
        super().check(now)
        silence = self.hub.limits.silence
        quiet = now - self._heard_at
        if not silence or self.session.closing or self.session.behind is not None:
            return
        if self._pinged_at is None:
            if quiet > silence:
                self._pinged_at = now
                self.session.tell(Ping())
        elif now - self._pinged_at >= silence / 2:
            self.end(f"silent for {int(quiet)} seconds")
