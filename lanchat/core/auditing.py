"""Auditing: who may look at the audit log, and how far."""

from __future__ import annotations

from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.replies import Audit
from lanchat.core.rules import check_op
from lanchat.core.searching import event_number
from lanchat.core.session import Session

LINES = 20
"""Lines that are shown where nobody says how many."""
MOST = 500


def show(hub: Hub, session: Session, room: str, count: str) -> None:
    """Show the newest lines: admins those of everything, ops those of their room, by default the one in view.

    Raises Refused ``bad-arguments``, ``not-op``, or as `Hub.room_seen` does.
    """
    most = event_number(count) if count else LINES
    if not most:
        raise Refused("bad-arguments", f"{count} is no number of lines. Type it like this: /audit 50")
    name = ""
    if room or not session.member.admin:
        found = hub.room_seen(session, room)
        check_op(found, session.member)
        name = found.name
    session.tell(Audit(ref=session.ref, room=name, lines=hub.audit.of(name, min(most, MOST))))
