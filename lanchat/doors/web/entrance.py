"""The way into the browser door: it brings the door and what can be asked for together."""

from __future__ import annotations

import functools

from lanchat.doors.front import FrontDoor
from lanchat.doors.web import door, problem
from lanchat.doors.web.files import UploadedFiles
from lanchat.doors.web.handshake import Sockets
from lanchat.doors.web.pages import page_files
from lanchat.doors.web.small import Health, QrCode

refusal = problem.refusal


@functools.cache
def site() -> door.Site:
    """Give all that can be asked for: the same for every connection."""
    return door.Site(
        {**page_files(), b"/ws": Sockets(), b"/health": Health(), b"/files/": UploadedFiles(), b"/qr.svg": QrCode()}
    )


def open_door(front: FrontDoor) -> door.WebDoor:
    """Serve one connection."""
    return door.WebDoor(front, site())
