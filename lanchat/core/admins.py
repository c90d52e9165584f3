"""Admins of the server: how somebody becomes one, and what only they may do.

An admin is a member who is logged in to an admin's account, or has given a name and a password that whoever runs the
server has written down; they are one until they leave.  Nothing here knows where passwords are kept, nor how they are
checked: `service.py` brings that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lanchat.core.accounts import Then
from lanchat.core.audit import until_and_why
from lanchat.core.devices import expel, traits
from lanchat.core.enforcing import enforce
from lanchat.core.errors import Refused
from lanchat.core.limits import network_of
from lanchat.core.masks import Matcher, cloak, matcher
from lanchat.core.members import Member
from lanchat.core.modes import Listed, called
from lanchat.core.names import fold
from lanchat.core.replies import AuditLine
from lanchat.core.session import Session
from lanchat.core.tries import Tries, too_many

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

Check = Callable[[str, str, Callable[[bool], None]], None]
"""Takes a name, a password, and whom to tell whether they belong together, now or later."""
_ONLY_ADMINS = (
    "Only admins of the server may do that: /login NICK PASSWORD, or /oper NAME PASSWORD, if you have been given one."
)
HOST = "admin.lan"
"""The host by which others see admins: it says what they are, and nothing of where."""


class Admins:
    """Who may become an admin.

    ``check`` says whether a password is right; None: nobody becomes one by a name and a password alone.
    """

    def __init__(self, check: Check | None = None) -> None:
        self.noted: Callable[[str], object] = str
        """Told what admins do, a line each: the log's way in."""
        self._check = check
        self._tries = Tries()

    def authenticate(self, hub: Hub, session: Session, name: str, password: str, then: Then) -> None:
        """Make a member an admin if the password is right, and tell ``then`` what they are refused, or None.

        That may be at once or later: until then nothing more is heard from the session, and when it is gone by then
        nobody is told.  Refused ``no-admins``, ``not-secure``, ``too-many-tries`` or ``bad-password``.
        """

        def answer(refused: Refused | None) -> None:
            how = f"is refused as an admin: {refused.code}" if refused else f"is an admin now, as {name}"
            self.noted(f"{session.nick} ({session.address or 'a local socket'} by {session.door}) {how}")
            then(refused)
            if refused is None:
                self.appoint(hub, session)

        network = network_of(session.address)
        keys = [f"as {fold(name)}", *([f"from {network}"] if network else [])]  # local people do not share one

        def checked(right: bool) -> None:
            if right:
                self._tries.give_back(keys)
            try:
                if session.present:
                    answer(None if right else Refused("bad-password", "There is no such name, or another password."))
            finally:
                session.release()

        if self._check is None:
            answer(Refused("no-admins", "This server has no admins. Who runs it can name some: --admins FILE."))
        elif (refused := hub.logins.unsafe(session)) is not None:
            answer(refused)
        elif wait := self._tries.take(keys, hub.now()):
            answer(too_many(wait))
        else:
            session.hold()
            self._check(name, password, checked)

    def appoint(self, hub: Hub, session: Session) -> None:
        """Make the member of a session an admin, and show them so."""
        member = session.member
        if not member.admin:
            member.admin = True
            hub.people.mark(member)
            note(hub, session, "oper")
            hub.move(session, member.user, HOST)


def resign(hub: Hub, session: Session) -> None:
    """Let somebody be no admin any more; they are shown with the host that they had, and held by bans again."""
    member = session.member
    member.admin = False
    hub.people.mark(member)
    hub.admins.noted(f"{member.nick} is no admin any more")
    note(hub, session, "no oper")
    hub.move(session, member.user, cloak(hub.journal.secret, session.address))
    enforce(hub, member)


def require(session: Session) -> None:
    """Let admins pass.  Raises Refused ``not-admin``."""
    if not session.member.admin:
        raise Refused("not-admin", _ONLY_ADMINS)


def note(hub: Hub, session: Session, act: str, whom: str = "", reason: str = "") -> None:
    """Write into the audit log what somebody did for the whole server."""
    hub.audit.note(AuditLine(hub.stamp(), session.member.nick, act, "", whom, reason))


def kill(hub: Hub, session: Session, member: Member, reason: str) -> None:
    """End every connection of a member, who learns who did it and why; so do the others.

    Raises Refused ``not-admin``, or ``no-such-nick`` when they have left already.
    """
    require(session)
    if hub.people.members.get(fold(member.nick)) is not member:
        raise Refused("no-such-nick", f"{member.nick} has left.")
    reason = reason[: hub.limits.topic or None]
    hub.admins.noted(f"{session.member.nick} killed {member.nick}")
    note(hub, session, "kill", member.nick, reason)
    _end(hub, list(member.sessions), f"killed by {session.member.nick}", reason)


def ban(hub: Hub, session: Session, masks: Sequence[str], until: str, reason: str, whom: str = "") -> int:
    """Keep whom masks fit out of the server, and end the sessions that they fit, but those of admins; give how many.

    ``whom`` is the nick that was named, where the masks do not say it.
    Raises Refused ``not-admin``, ``too-long``, ``own-machine`` for what fits who asks for it, or ``list-full``.
    """
    require(session)
    hub.check_length(reason, "A reason")
    by = session.member
    found = [matcher(mask) for mask in masks]
    if _fits(hub, session, found):
        raise Refused("own-machine", "That fits you, too. Name the nick, or the account, alone.")
    for mask in masks:
        hub.server_bans.add(Listed(mask, by.nick, hub.stamp(), until, reason, whom))
        note(hub, session, "serverban", called(mask, whom), until_and_why(until, reason))
    hub.admins.noted(f"{by.nick} bans {', '.join(masks)} from the server")
    others = [member for member in hub.people.members.values() if not member.admin]
    ended = [each for member in others for each in member.sessions if _fits(hub, each, found)]
    _end(hub, ended, f"banned from this server by {by.nick}", reason)
    return len(ended)


def unban(hub: Hub, session: Session, bans: Sequence[Listed]) -> None:
    """Lift bans from the server.  Raises Refused ``not-admin``."""
    require(session)
    for each in bans:
        hub.server_bans.remove(each.mask)
        note(hub, session, "no serverban", called(each.mask, each.whom))
        hub.admins.noted(f"{session.member.nick} lifts the ban of {each.mask} from the server")


def rehash(hub: Hub, session: Session) -> list[str]:
    """Read the server's files again; give a line for each that stays as it was.  Raises Refused ``not-admin``."""
    require(session)
    hub.admins.noted(f"{session.member.nick} reloads")
    note(hub, session, "rehash")
    return hub.rehash()


def alert(hub: Hub, session: Session, text: str) -> None:
    """Tell all admins something.  Raises Refused ``not-admin``, ``no-text`` or ``too-long``."""
    require(session)
    hub.alert(session, text)


def _fits(hub: Hub, session: Session, found: Sequence[Matcher]) -> bool:
    folded = [fold(trait) for trait in traits(hub, session, session.member.nick)]
    return any(matches(trait) for matches in found for trait in folded)


def _end(hub: Hub, sessions: Sequence[Session], done: str, reason: str) -> None:
    """End sessions, and say to each what was done to it; to the others, if it was somebody's last."""
    why = f"{done}: {reason}" if reason else done
    expel(hub, sessions, why, f"You were {why}")
