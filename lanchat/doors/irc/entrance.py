"""The way into the IRC door: it brings the door and the files with its commands together."""

from __future__ import annotations

from lanchat.doors.irc import negotiation, registration, rooms, talking
from lanchat.doors.irc.door import IrcDoor
from lanchat.doors.irc.refusals import refusal

__all__ = ["IrcDoor", "negotiation", "refusal", "registration", "rooms", "talking"]
