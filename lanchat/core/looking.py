"""Looking: which room a session has in view, and what it is shown of a room."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import islice

from lanchat.core.happening import turn_to
from lanchat.core.limits import Limits
from lanchat.core.names import LOBBY, fold
from lanchat.core.replies import Backlog, Entered
from lanchat.core.room import Room
from lanchat.core.session import Session


class Looking(ABC):
    """What sessions see of rooms."""

    limits: Limits

    @abstractmethod
    def join(self, session: Session, name: str, key: str = "") -> None:
        """Come into a room, and look at it."""

    def look(self, session: Session, room: Room) -> None:
        """Put a room that the session is in into view, and show it."""
        turn_to(session, room)
        self.show(session, room)

    def look_elsewhere(self, sessions: Sequence[Session]) -> None:
        """Show sessions of one member a room that they are in, after they have lost one: the lobby, if there is none.

        Who is behind is shown it with what was missed.
        """
        if sessions and not sessions[0].member.rooms:
            self.join(sessions[0], LOBBY)  # and the others follow
            sessions = [each for each in sessions[:1] if each.behind is not None]
        for each in sessions:
            rooms = each.member.rooms
            turn_to(each, each.view if each.view in rooms else next(reversed(rooms)))
            each.answer(self.entered(each, each.view))

    def show(self, session: Session, room: Room) -> None:
        """Tell a session how things are in a room."""
        session.tell(self.entered(session, room))

    def entered(self, session: Session, room: Room, *, aside: bool = False) -> Entered:
        """Say how things are in a room, for a session."""
        return Entered(
            ref=session.ref,
            room=room.name,
            nick=session.member.nick,
            topic=room.topic,
            people=len(room.members),
            nicks=[member.nick for member in islice(room.members, session.dialect.named)],
            aside=aside,
            modes=room.modes.shown(),
        )

    def show_backlog(self, session: Session, room: Room) -> None:
        """Show a session what was said last in a room."""
        if session.behind is not None:
            return
        ignored = session.member.ignores
        events = [event for event in room.recent if fold(event.nick) not in ignored] if self.limits.backlog else []
        if events:
            session.tell(Backlog(room=room.name, events=events))

    def follow(self, session: Session, room: Room) -> None:
        """Show a session a room that its member has come into by another one."""
        lost = session.one_view and session.view not in session.member.rooms
        if lost:
            turn_to(session, room)
        session.answer(self.entered(session, room, aside=not lost))
