"""The way into the IRC door: it brings the door and the files with its commands together."""

from __future__ import annotations

from lanchat.doors.irc import (
    admins,
    helping,
    history,
    inviting,
    listing,
    modes,
    monitor,
    names,
    negotiation,
    people,
    read_marker,
    registration,
    rooms,
    server,
    talking,
    who,
    whois,
)
from lanchat.doors.irc.door import IrcDoor
from lanchat.doors.irc.refusals import refusal

__all__ = [
    "IrcDoor",
    "admins",
    "helping",
    "history",
    "inviting",
    "listing",
    "modes",
    "monitor",
    "names",
    "negotiation",
    "people",
    "read_marker",
    "refusal",
    "registration",
    "rooms",
    "server",
    "talking",
    "who",
    "whois",
]
