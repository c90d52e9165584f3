"""The hub: who is here, which rooms there are, and what may happen (how it happens is `happening.py`'s).

A verb asks, the hub decides (or raises `Refused`), an event happens, every session hears it in its own
dialect.  It knows no sockets, no clock and no files; the doors bring sessions, `service.py` brings the rest.
"""

from __future__ import annotations

from collections.abc import Callable

from lanchat.core import rules
from lanchat.core.accounts import Accounts
from lanchat.core.admins import Admins
from lanchat.core.audit import AuditLog
from lanchat.core.devices import attach, detach, locate, make_way, own, traits
from lanchat.core.errors import Refused
from lanchat.core.events import (
    Acted,
    AnyEvent,
    Invited,
    Joined,
    Parted,
    Quit,
    Said,
    Told,
    Topic,
)
from lanchat.core.files import Files, NoFiles
from lanchat.core.finding import Finding
from lanchat.core.happening import happen
from lanchat.core.journal import Journal, Kept, Mark
from lanchat.core.limits import Limits
from lanchat.core.logins import Logins
from lanchat.core.looking import Looking
from lanchat.core.marks import Marks
from lanchat.core.masks import cloak
from lanchat.core.members import Member
from lanchat.core.modes import Mode
from lanchat.core.names import LOBBY, check_room, fold
from lanchat.core.people import People
from lanchat.core.presenting import Presenting
from lanchat.core.private import Private, heard_until, show_waiting
from lanchat.core.pulse import Pulse
from lanchat.core.ranks import grant
from lanchat.core.replies import Closed
from lanchat.core.room import Room
from lanchat.core.rooms import Rooms
from lanchat.core.server_bans import ServerBans
from lanchat.core.session import Dialect, Session
from lanchat.core.sharing import Sharing
from lanchat.core.slow import Slow
from lanchat.core.talking import check_reading
from lanchat.core.times import Stamper
from lanchat.core.watching import Watching
from lanchat.core.welcoming import welcome


class Hub(Looking, Presenting, Finding):
    """The chat of one server.

    ``now`` gives seconds since the epoch; ``later`` calls a function after so many seconds: after 0, at the
    end of the reactor turn.
    """

    def __init__(
        self,
        limits: Limits,
        journal: Journal,
        *,
        now: Callable[[], float],
        later: Callable[[float, Callable[[], None]], object],
        name: str = "lanchat",
        version: str = "",
    ) -> None:
        self.limits = limits
        self.journal = journal
        self.pulse = Pulse(later, journal)
        self.now = now
        self.name = name
        self.version = version
        self.started = now()
        self.motd = ""
        self.trouble = ""
        """What everybody has to know of the journal, while it has stopped."""
        self.url = ""
        """Where a browser on this network finds the server."""
        self.contact = ""
        """Who runs the server, in their own words."""
        self.accounts = Accounts()
        """Who can prove that a nick is theirs."""
        self.logins = Logins(self.accounts)
        self.admins = Admins()
        self.rehash: Callable[[], list[str]] = list
        """Reads the server's files again; gives a line for each that stays as it was, and why."""
        self.noted: Callable[[AnyEvent, Session], None] = _nobody_notes
        """Told of who comes and goes: the log's way in."""
        self.rooms = Rooms(self.pulse, limits.backlog, self.stamp)
        self.lobby = self.rooms.lobby
        self.people = People(limits, self.accounts)
        self.private = Private()
        """Who has told whom something that is kept."""
        self.server_bans = ServerBans(self.stamp)
        self.audit = AuditLog()
        self.slow = Slow(now)
        self.watching = Watching(limits.nick)
        self.marks = Marks()
        self.files: Files = NoFiles()
        """Where what is uploaded is kept."""
        self.sharing = Sharing(self)
        self.dialects: dict[object, Dialect] = {}
        """The dialects that a door makes when somebody needs them, for all who need the same."""
        self._stamper = Stamper()

    # -- coming and going ------------------------------------------------------------------------------

    def enter(self, session: Session, nick: str, since: int | None = None, *, user: str = "", name: str = "") -> None:
        """Let a session in under a nick: it is welcomed, and is in the lobby.

        ``user`` and ``name`` are what IRC clients give besides: the user name and the real name.  Who comes back
        has heard everything up to event ``since``, and is behind: `catching_up.resume` comes next.
        Who has proved an account is called as it is, and is one with their sessions that are here already.
        Raises Refused ``bad-nick``, ``nick-registered``, ``nick-taken``, ``banned``, ``no-password``, ``no-guests``
        or ``too-many-devices``.
        """
        self.logins.check_entry(session)
        account = session.account
        private = self.logins.unsafe(session) is None
        nick = account.name if account is not None else self.people.free_nick(nick, private=private)
        if account is None or not account.admin:
            self.server_bans.check(traits(self, session, nick))
        if account is not None:
            make_way(self, account)
        here = self.people.members.get(fold(nick))
        if here is not None:
            attach(self, session, here, since)
            return
        host = cloak(self.journal.secret, session.address)
        member = Member(nick, self.stamp(), user or session.door.partition("+")[0], host, name)
        member.account = account  # the others hear of it with the coming in, and ranks are given back
        self.people.add(member)
        member.sessions[session] = None
        locate(self, member)
        session.member = member
        session.view = self.lobby
        session.present = True
        session.behind = since
        welcome(self, session)
        self.join(session, LOBBY)
        if account is not None:
            own(self, member, session)
            if since is None:  # else it is among what was missed
                show_waiting(self, session)
        self.watching.notice(nick, present=True)

    def leave(self, session: Session, reason: str = "") -> None:
        """Take a session out of the chat; its member goes with the last of them.  Harmless when repeated."""
        if not session.present:
            return
        member = session.member
        if len(member.sessions) == 1:
            self.submit(session, Quit(time=self.stamp(), nick=member.nick, reason=reason[: self.limits.topic or None]))
        else:
            detach(self, session)

    def close(self, session: Session, reason: str) -> None:
        """End a session because it asked for it; the others hear its reason."""
        session.tell(Closed(ref=session.ref, text="Bye."))
        if reason and session.present and len(session.member.sessions) == 1:  # else nobody hears it
            reason = rules.unsaid(session.member, reason)
            if not self.slow.lets(session.member, session.member.rooms):
                reason = ""
        self.leave(session, reason)
        session.close()

    # -- rooms ---------------------------------------------------------------------------------------------

    def join(self, session: Session, name: str, key: str = "") -> None:
        """Come into a room, which is made if there is none, look at it, and see what was said there last.

        Who is there already is shown it again; who comes into an empty one is its op.
        Raises Refused ``bad-room``, ``too-many-rooms``, or as `rules.check_entry` does.
        """
        room = self.rooms.get(fold(name))
        if room is None:
            name = check_room(name, self.limits.room)
        member = session.member
        if room is None or room not in member.rooms:
            if self.limits.rooms and len(member.rooms) >= self.limits.rooms:
                raise Refused("too-many-rooms", f"You are in {len(member.rooms)} rooms. /part one of them first.")
            if room is not None:
                rules.check_entry(room, member, key)
            shown = room.name if room else name
            self.submit(
                session, Joined(time=self.stamp(), room=shown, nick=member.nick, account=session.account is not None)
            )
            new, room = room is None, self.rooms[fold(name)]
            grant(self, session, room, new=new)
            for other in member.sessions:
                if other is not session:
                    self.follow(other, room)
            self.look(session, room)
            if session.behind is None:
                self.show_backlog(session, room)
        else:
            self.look(session, room)

    def part(self, session: Session, room: Room, reason: str = "") -> None:
        """Leave a room; who leaves the last one is back in the lobby, and who may not speak goes without a word.

        Raises Refused ``too-long``.
        """
        self.check_length(reason, "A reason")
        member = session.member
        settled = [each for each in member.sessions if each.one_view]
        if settled and len(member.rooms) == 1 and room is self.lobby:
            raise Refused("last-room", f"{LOBBY} is where everybody is. /quit leaves the chat.")
        if reason and not (rules.may_speak(room, member) and self.slow.lets(member, [room])):
            reason = ""
        looking = [each for each in settled if each is session or each.view is room]
        looking.sort(key=lambda each: each is not session)
        self.submit(session, Parted(time=self.stamp(), room=room.name, nick=member.nick, reason=reason))
        self.look_elsewhere(looking)

    def set_topic(self, session: Session, room: Room, text: str) -> None:
        """Give a room a topic; an empty one takes it away.

        Raises Refused ``too-long``, ``not-there``, ``may-not-speak``, ``too-soon``, or ``not-op`` where only ops may.
        """
        self.check_length(text, "A topic")
        rules.check_inside(room, session.member)
        if Mode.TOPIC_LOCKED in room.modes.flags:
            rules.check_op(room, session.member)
        else:
            rules.check_speech(room, session.member)  # a topic says something to everybody, too
            self.slow.take(room, session.member)
        self.submit(session, Topic(time=self.stamp(), room=room.name, nick=session.member.nick, text=text))

    def invite(self, session: Session, member: Member, room: Room) -> None:
        """Ask somebody into a room.

        Raises Refused ``not-there``, ``already-there``, ``not-op``, ``is-banned`` or ``behind``.
        """
        rules.check_inside(room, session.member)
        if room in member.rooms:
            raise Refused("already-there", f"{member.nick} is in {room.name} already.")
        if Mode.INVITE_ONLY in room.modes.flags:
            rules.check_op(room, session.member)
        if rules.is_barred(room, member):
            raise Refused("is-banned", f"{member.nick} is banned from {room.name}. /unban {member.nick} lifts that.")
        check_reading(member)
        self.submit(
            session,
            Invited(time=self.stamp(), nick=session.member.nick, to=member.nick, room=room.name),
        )

    # -- for the others ---------------------------------------------------------------------------------------

    def stamp(self) -> str:
        """Give this moment as an event carries it."""
        return self.stamp_at(self.now())

    def stamp_at(self, seconds: float) -> str:
        """Give a moment, in seconds since the epoch, as an event carries it."""
        return self._stamper.stamp(seconds)

    def restore(self, kept: Kept) -> None:
        """Begin where the time before ended: the rooms are there again, and stand empty."""
        self.rooms.restore(kept.rooms)
        self.private.restore(kept.places)
        self.accounts.restore(kept.accounts)
        self.server_bans.restore(kept.bans)
        self.audit.restore(kept.audit)
        self.marks.restore(kept.marks)
        self.pulse.flushed = self.journal.last

    # -- for the server --------------------------------------------------------------------------------------

    def shut(self) -> None:
        """Let everybody be gone: nobody needs to hear that everybody leaves."""
        for member in self.people.members.values():
            self.note_seen(member, heard_until(member, self.journal.last))
            for session in member.sessions:
                session.present = False

    def note_seen(self, member: Member, number: int) -> None:
        """Note with the account of somebody who leaves that they have heard everything up to an event."""
        account = member.account
        if account is not None:
            account.seen = self.stamp()
            account.ignores, account.read = dict(member.ignores), dict(member.read)
            if not self.private.is_showing(account):
                account.heard = number
            self.accounts.save(account)

    def submit(self, session: Session, event: AnyEvent) -> None:
        """Let the journal number an event, and then let it happen as the doing of this session."""
        ref = session.ref
        mark = None
        if session.client and ref and isinstance(event, Said | Acted | Told):
            mark = Mark(session.client, ref)
        self.journal.submit(event, lambda event: happen(self, event, session, ref), mark)
        if mark is not None:
            self.marks.add(mark, event.id)


def _nobody_notes(event: AnyEvent, origin: Session) -> None:
    """Do nothing."""
