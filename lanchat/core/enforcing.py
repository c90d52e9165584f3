"""Enforcing: whoever is known to be banned from a room by now does not stay in it.

A ban may come to fit somebody who is there already: who logs in to an account that is banned, takes another nick, or
comes with one more device, from another machine.  What ops do to those in their room is `governing`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lanchat.core.members import Member
from lanchat.core.replies import Notice
from lanchat.core.rules import is_barred

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def enforce(hub: Hub, member: Member, newcomer: Sequence[str] = ()) -> None:
    """Let a member leave the rooms that they are banned from, and tell them so.

    ``newcomer`` is by what a mask may know one more session of theirs, that is about to come (`devices.traits`).
    """
    known = (*member.traits, *newcomer)
    for room in [room for room in member.rooms if is_barred(room, member, known)]:
        looking = [session for session in member.sessions if session.view is room]
        hub.part(next(iter([*looking, *member.sessions])), room)
        for session in member.sessions:
            session.answer(Notice(text=f"You are banned from {room.name}, and have left it."))
