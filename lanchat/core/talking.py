"""Talking: what may be said, to whom, and how long it may be.  The hub is asked for it, and lets it happen."""

from __future__ import annotations

from abc import ABC, abstractmethod

from lanchat.core import rules
from lanchat.core.accounts import Account
from lanchat.core.errors import Refused
from lanchat.core.events import Acted, Alerted, Announced, AnyEvent, Confided, Said, Signalled, Tagged, Told
from lanchat.core.limits import Limits
from lanchat.core.members import Member
from lanchat.core.modes import Mode
from lanchat.core.private import Private
from lanchat.core.room import Room
from lanchat.core.session import Session
from lanchat.core.slow import Slow

Tags = dict[str, str] | None
"""What clients tell each other along with a message."""


class Talking(ABC):
    """What people say and do, in a room or in private."""

    limits: Limits
    private: Private
    slow: Slow

    @abstractmethod
    def stamp(self) -> str:
        """Give this moment as an event carries it."""

    @abstractmethod
    def submit(self, session: Session, event: AnyEvent) -> None:
        """Let the journal number an event, and then let it happen as the doing of this session."""

    def say(
        self,
        session: Session,
        room: Room,
        text: str,
        *,
        notice: bool = False,
        tags: Tags = None,
        announcement: bool = False,
    ) -> None:
        """Say something in a room; who may make an ``announcement`` of it is up to `announcing`.

        Raises Refused ``no-text``, ``too-long``, ``not-there``, ``may-not-speak`` or ``too-soon``.
        """
        self._check_message(text)
        rules.check_speech(room, session.member)
        if room.modes.slow:
            self.slow.take(room, session.member)
        event = Said(
            time=self.stamp(),
            room=room.name,
            nick=session.member.nick,
            text=text,
            notice=notice,
            tags=tags,
            announcement=announcement,
        )
        self.submit(session, event)

    def act(self, session: Session, room: Room, text: str, *, tags: Tags = None) -> None:
        """Do something in a room.  Raises Refused as `say` does."""
        self._check_message(text)
        rules.check_speech(room, session.member)
        if room.modes.slow:
            self.slow.take(room, session.member)
        self.submit(session, Acted(time=self.stamp(), room=room.name, nick=session.member.nick, text=text, tags=tags))

    def tell(
        self,
        session: Session,
        to: Member | Account,
        text: str,
        *,
        acted: bool = False,
        notice: bool = False,
        tags: Tags = None,
    ) -> None:
        """Tell one other something in private, or do it; an account that is not here is told it later.

        Raises Refused ``no-text``, ``too-long``, ``too-many-waiting``, or ``behind`` when nobody is reading at the
        other end.
        """
        self._check_message(text)
        account = to.account if isinstance(to, Member) else to
        kept = account is not None and session.member.account is not None
        if isinstance(to, Account):
            self.private.check_waiting(to, session.member)
        elif not kept:
            check_reading(to)
        event = Told(
            time=self.stamp(),
            nick=session.member.nick,
            to=to.nick if isinstance(to, Member) else to.name,
            text=text,
            acted=acted,
            notice=notice,
            tags=tags,
            kept=kept,
        )
        self.submit(session, event)

    def confide(
        self,
        session: Session,
        room: Room,
        rank: Mode,
        text: str,
        *,
        acted: bool = False,
        notice: bool = False,
        tags: Tags = None,
    ) -> None:
        """Say something to those of a room alone who have a rank.  Raises Refused as `say` does."""
        self._check_message(text)
        rules.check_speech(room, session.member)
        event = Confided(
            time=self.stamp(),
            nick=session.member.nick,
            room=room.name,
            to=rank.value,
            text=text,
            acted=acted,
            notice=notice,
            tags=tags,
        )
        self.submit(session, event)

    def tag(self, session: Session, to: Room | Member, tags: dict[str, str], *, rank: Mode | None = None) -> None:
        """Tell clients something without a text: those in a room (who have a rank there), or one other.

        Raises Refused ``not-there``, ``may-not-speak`` or ``behind``.
        """
        room, nick = _listeners(session, to, rank)
        self.submit(session, Tagged(time=self.stamp(), nick=session.member.nick, room=room, to=nick, tags=tags))

    def signal(
        self,
        session: Session,
        to: Room | Member,
        text: str,
        *,
        rank: Mode | None = None,
        notice: bool = False,
        tags: Tags = None,
    ) -> None:
        """Ask other programs something, or answer them: those in a room (who have a rank there), or one other.

        Raises Refused as `say` and `tell` do.
        """
        self._check_message(text)
        room, nick = _listeners(session, to, rank)
        if isinstance(to, Room) and rank is None:
            self.slow.take(to, session.member)
        event = Signalled(
            time=self.stamp(), nick=session.member.nick, room=room, to=nick, text=text, notice=notice, tags=tags
        )
        self.submit(session, event)

    def alert(self, session: Session, text: str) -> None:
        """Tell all admins of the server something.  Raises Refused ``no-text`` or ``too-long``."""
        self._check_message(text)
        self.submit(session, Alerted(time=self.stamp(), nick=session.member.nick, text=text))

    def announce(self, session: Session, text: str) -> None:
        """Tell everybody on the server something.  Raises Refused ``no-text`` or ``too-long``."""
        self._check_message(text)
        self.submit(session, Announced(time=self.stamp(), nick=session.member.nick, text=text))

    def _check_message(self, text: str) -> None:
        if not text or text.isspace():
            raise Refused("no-text", "There is nothing to send. Type a text.")
        most = self.limits.message
        if most and len(text) * 4 > most and len(text.encode()) > most:
            raise Refused("too-long", f"A message has at most {most} bytes. Send it in parts.")


def _listeners(session: Session, to: Room | Member, rank: Mode | None) -> tuple[str, str]:
    """Give the ``room`` and ``to`` of an event that is for those in a room (who have a rank there), or for one other.

    Raises Refused where they cannot be told anything.
    """
    if isinstance(to, Room):
        rules.check_speech(to, session.member)
        return to.name, rank.value if rank else ""
    check_reading(to)
    return "", to.nick


def check_reading(member: Member) -> None:
    """See to it that what is for one person only will be read: no journal keeps it for later."""
    if all(session.behind is not None for session in member.sessions):
        raise Refused("behind", f"{member.nick}'s connection is stuck just now. Try again in a minute.")
