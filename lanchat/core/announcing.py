"""Announcing: what those in charge say so that nobody overlooks it."""

from __future__ import annotations

from lanchat.core.admins import note, require
from lanchat.core.hub import Hub
from lanchat.core.replies import AuditLine
from lanchat.core.room import Room
from lanchat.core.rules import check_op
from lanchat.core.session import Session


def announce(hub: Hub, session: Session, room: Room, text: str) -> None:
    """Say something in a room as one of its ops.  Raises Refused ``not-op``, or as `Talking.say` does."""
    check_op(room, session.member)
    hub.say(session, room, text, announcement=True)
    hub.audit.note(AuditLine(hub.stamp(), session.member.nick, "announce", room.name))  # not what: it may be deleted


def announce_to_all(hub: Hub, session: Session, text: str) -> None:
    """Tell everybody on the server something.  Raises Refused ``not-admin``, ``no-text`` or ``too-long``."""
    require(session)
    hub.announce(session, text)
    note(hub, session, "announce")
