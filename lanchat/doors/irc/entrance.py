"""The way into the IRC door: it brings the door and the files with its commands together."""

from __future__ import annotations

from lanchat.doors.irc import monitor, negotiation, people, registration, rooms, talking, who, whois
from lanchat.doors.irc.door import IrcDoor
from lanchat.doors.irc.refusals import refusal

__all__ = [
    "IrcDoor",
    "monitor",
    "negotiation",
    "people",
    "refusal",
    "registration",
    "rooms",
    "talking",
    "who",
    "whois",
]
