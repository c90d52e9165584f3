"""Enforcing: whoever is known to be banned from a room by now does not stay in it.

A ban may come to fit somebody who is there already: who logs in to an account that is banned, or comes with one more
device, from another machine.  What ops do to those in their room is `governing`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.replies import Notice
from lanchat.core.rules import is_barred
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def enforce(hub: Hub, session: Session) -> None:
    """Let the member of a session leave the rooms that they are banned from, and tell them so."""
    member = session.member
    for room in [room for room in member.rooms if is_barred(room, member)]:
        hub.part(session, room)
        for each in member.sessions:
            each.answer(Notice(text=f"You are banned from {room.name}, and have left it."))
