"""Finding: whom and which room somebody means, as far as they may know of them."""

from __future__ import annotations

from lanchat.core import rules
from lanchat.core.accounts import Account, Accounts
from lanchat.core.errors import Refused
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.people import People
from lanchat.core.room import Room
from lanchat.core.rooms import Rooms, no_such_room
from lanchat.core.session import Session


class Finding:
    """What somebody names, among what there is."""

    accounts: Accounts
    people: People
    rooms: Rooms

    def recipient(self, session: Session, nick: str) -> Member | Account:
        """Find whom somebody means who tells them something: an account may be told it later, by another account.

        Raises Refused ``no-such-nick``.
        """
        account = self.accounts.find(nick)
        if account is None or fold(nick) in self.people.members:
            return self.people.find(nick)
        if session.member.account is None:
            raise Refused("no-such-nick", f"{account.name} is not here. /register lets you leave a message.")
        return account

    def room_of(self, session: Session, name: str) -> Room:
        """Find a room that the session is in; without a name, the one in view.

        Raises Refused ``no-such-room`` or ``not-there``.
        """
        room = self.room_seen(session, name)
        rules.check_inside(room, session.member)
        return room

    def room_seen(self, session: Session, name: str) -> Room:
        """Find a room that the session may know of; without a name, the one in view.

        Raises Refused ``no-such-room``, for a hidden one too, or ``not-there`` when what was in view was left.
        """
        room = self.rooms.find(name) if name else session.view
        if not name:
            rules.check_inside(room, session.member)  # there may be another one of that name by now
        if not rules.is_shown(room, session.member):
            raise no_such_room(name)
        return room
