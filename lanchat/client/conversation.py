"""What the client knows of the chat: who it is, its rooms and who is in them, what was not looked at yet.

It is fed with what is heard, and knows nothing of connections or terminals.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lanchat.client.heard import Heard
from lanchat.core.events import (
    Acted,
    Announced,
    Away,
    Back,
    Confided,
    Event,
    Handed,
    Invited,
    Joined,
    Kicked,
    Parted,
    Quit,
    Renamed,
    Said,
    Shared,
    Spoken,
    Told,
    Topic,
)
from lanchat.core.names import LOBBY, fold, named_in
from lanchat.core.replies import Entered, Help, Names, Refusal, Waiting, Welcome


@dataclass(slots=True)
class RoomSeen:
    """One room that the client is in."""

    name: str
    topic: str = ""
    people: dict[str, str] = field(default_factory=dict)
    """Folded nick to the nick as it is shown."""
    unread: int = 0
    named: bool = False
    """Whether somebody named us in what is unread."""


class Conversation:
    """The rooms, the people, the view."""

    def __init__(self, nick: str = "") -> None:
        self.nick = nick
        self.wanted = ""
        """The nick that is ours and that our old connection still has: people call us by it."""
        self.server = ""
        self.longest = 0
        """Bytes of a message; 0 is without limit."""
        self.longest_nick = 0
        self.away = ""
        """What we said when we went away; empty while we are here."""
        self.rooms: dict[str, RoomSeen] = {}
        """By folded name, in the order in which they were entered."""
        self.commands: frozenset[str] = frozenset()
        """The names of the commands that we may use; empty while that is not known."""
        self.private: dict[str, str] = {}
        """Who wrote to us or was written to in private, by folded nick."""
        self._view = LOBBY

    @property
    def view(self) -> str:
        """The room that is looked at."""
        return self._view

    @property
    def room(self) -> RoomSeen:
        """The room that is looked at, as far as it is known."""
        return self.rooms.get(fold(self._view)) or RoomSeen(self._view)

    def others(self) -> list[RoomSeen]:
        """Give the rooms that are not looked at."""
        return [room for key, room in self.rooms.items() if key != fold(self._view)]

    def to_rejoin(self) -> list[str]:
        """Give the rooms besides the lobby, the one in view last: it is looked at then."""
        names = [room.name for room in self.others()]
        return [name for name in [*names, self._view] if fold(name) != LOBBY]

    def is_aside(self, heard: Heard) -> bool:
        """Say whether it is about a room that is not looked at."""
        return isinstance(heard, Spoken) and fold(heard.room) != fold(self._view)

    def is_own(self, nick: str) -> bool:
        """Say whether that is us."""
        return fold(nick) == fold(self.nick)

    def is_known(self, nick: str) -> bool:
        """Say whether somebody of that name is in our rooms, or has written to us."""
        key = fold(nick)
        return key in self.private or any(key in room.people for room in self.rooms.values())

    def is_for_us(self, heard: Heard) -> bool:
        """Say whether somebody else names us, or writes to us alone."""
        match heard:
            case Told() | Handed() | Invited():
                return not self.is_own(heard.nick)
            case Said() | Acted() | Shared() | Confided():
                return not self.is_own(heard.nick) and bool(self.named(heard.text))
            case Kicked():
                return not self.is_own(heard.nick) and self.is_own(heard.who)
            case Waiting():
                return True
            case _:
                return False

    def named(self, text: str) -> list[tuple[int, int]]:
        """Give where a text names us, as `named_in` does."""
        return sorted({*named_in(self.nick, text), *named_in(self.wanted, text)})

    def is_mirrored(self, heard: Heard | None) -> bool:
        """Say whether we did it, with this client or another one of ours, and know by that what we did.

        What was said is not so: it is shown wherever it was not typed.
        """
        known = Said | Acted | Shared | Told | Handed | Confided | Announced
        return isinstance(heard, Event) and not isinstance(heard, known) and self.is_own(getattr(heard, "nick", ""))

    def hear(self, heard: Heard, *, follow: bool = True) -> None:
        """Take in what was heard.  ``follow``: look at a room that was entered."""
        match heard:
            case Welcome():
                self.nick, self.server = heard.nick, heard.server
                self.longest = int(heard.limits.get("message", 0))
                self.longest_nick = int(heard.limits.get("nick", 0))
            case Entered():
                self._entered(heard, follow and not heard.aside)
            case Said() | Acted() | Shared():
                self._spoken(heard)
            case Told() | Handed():
                other = heard.to if self.is_own(heard.nick) else heard.nick
                self.private[fold(other)] = other
            case Waiting():
                self.private |= {fold(event.nick): event.nick for event in heard.events}
            case Help() if len(heard.commands) > 1:
                self.commands = frozenset([command.name for command in heard.commands])
            case Joined():
                self._joined(heard)
            case Parted():
                self._left(heard.room, heard.nick)
            case Kicked():
                self._left(heard.room, heard.who)
            case Refusal() if heard.room:  # we came back to it, and may not come in any more
                self._left(heard.room, self.nick)
            case Quit():
                for each in self.rooms.values():
                    each.people.pop(fold(heard.nick), None)
            case Renamed():
                self._renamed(heard)
            case Topic() if room := self.rooms.get(fold(heard.room)):
                room.topic = heard.text
            case Names() if room := self.rooms.get(fold(heard.room)):
                room.people = {fold(person.nick): person.nick for person in heard.people}
            case Away() if self.is_own(heard.nick):
                self.away = heard.text
            case Back() if self.is_own(heard.nick):
                self.away = ""
            case _:
                pass

    def moved(self) -> None:
        """Forget the rooms: we are somebody else from now on, who is in other ones."""
        self.rooms.clear()
        self.away = ""

    def _entered(self, heard: Entered, follow: bool) -> None:
        self.nick = heard.nick
        room = self.rooms.setdefault(fold(heard.room), RoomSeen(heard.room))
        room.topic = heard.topic
        room.people = {fold(nick): nick for nick in heard.nicks}
        if follow:
            self._look_at(room)

    def _joined(self, heard: Joined) -> None:
        room = self.rooms.get(fold(heard.room))
        if room is None and self.is_own(heard.nick):  # if the line drops now, this is a room to come back to
            room = self.rooms[fold(heard.room)] = RoomSeen(heard.room)
        if room is not None:
            room.people[fold(heard.nick)] = heard.nick

    def _spoken(self, heard: Spoken) -> None:
        room = self.rooms.get(fold(heard.room))
        if room is not None and self.is_aside(heard) and not self.is_own(heard.nick):
            room.unread += 1
            room.named = room.named or self.is_for_us(heard)

    def _left(self, name: str, nick: str) -> None:
        if not self.is_own(nick):
            if room := self.rooms.get(fold(name)):
                room.people.pop(fold(nick), None)
            return
        self.rooms.pop(fold(name), None)
        if fold(name) == fold(self._view) and self.rooms:
            self._look_at(next(reversed(self.rooms.values())))

    def _renamed(self, heard: Renamed) -> None:
        if self.is_own(heard.nick):
            self.nick, self.wanted = heard.new, ""
        for room in self.rooms.values():
            if room.people.pop(fold(heard.nick), None) is not None:
                room.people[fold(heard.new)] = heard.new

    def _look_at(self, room: RoomSeen) -> None:
        self._view = room.name
        room.unread, room.named = 0, False
