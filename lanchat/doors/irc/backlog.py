"""What was said before somebody came into a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core import wording
from lanchat.core.replies import Backlog

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


def lines(irc: IrcDoor, heard: Backlog) -> bytes:
    """Give what was said last in a room, as old."""
    return irc.notice(wording.lines(heard), to=heard.room)
