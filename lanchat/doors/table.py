"""The table of doors: what a client says first, and who serves it.  A new door is a file and a line here."""

from __future__ import annotations

from lanchat.doors import lines, notyet, text
from lanchat.doors.factory import Entrance
from lanchat.doors.front import FrontDoor
from lanchat.doors.irc import door as irc
from lanchat.doors.web import entrance as web


def _named(name: str, front: FrontDoor) -> str:
    return f"{name}+tls" if front.secure else name


def _json(front: FrontDoor) -> lines.JsonDoor:
    return lines.JsonDoor(front.factory, front.pipe, _named("json", front), front.address, front.settled)


def _text(front: FrontDoor) -> text.TextDoor:
    return text.TextDoor(front.factory, front.pipe, _named("text", front), front.address, front.settled)


def _irc(front: FrontDoor) -> irc.IrcDoor:
    return irc.IrcDoor(front.factory, front.pipe, _named("irc", front), front.address, front.settled)


def _ssh(front: FrontDoor) -> notyet.Unspoken:
    return notyet.Unspoken(front, "SSH", notyet.ssh_refusal)


DOORS = (
    Entrance("json", (b"{",), _json, lines.refusal),
    Entrance("web", (b"GET ", b"PUT ", b"HEAD ", b"POST ", b"OPTIONS "), web.open_door, web.refusal),
    Entrance("irc", (b"CAP ", b"NICK ", b"USER ", b"PASS "), _irc, irc.refusal),
    Entrance("ssh", (b"SSH-",), _ssh, notyet.ssh_refusal),
    Entrance("text", (), _text, text.refusal),
)
"""The last one, without first bytes, takes whoever is left: a person."""
