"""Sharing files: who may send one where, what is told of it, and who may take it back.

The bytes come by HTTP, where nobody has a name.  So whoever is in the chat is given a permit, which nobody can guess:
what is uploaded under it is theirs, and is told as their doing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from lanchat.core import rules
from lanchat.core.errors import Refused
from lanchat.core.events import Handed, Shared
from lanchat.core.files import File, path_of
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.replies import AuditLine, FileLine, Files, Upload
from lanchat.core.room import Room
from lanchat.core.session import Session
from lanchat.core.talking import check_reading

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

VALID = 600.0
"""Seconds within which an upload has to begin."""
_MOST = 10_000
"""Permits that are out at once; the oldest go first."""
_EACH = 8
"""Those of one session."""
_LISTED = 50
"""Files that are listed."""


class Permit(NamedTuple):
    """What lets one file be sent, once: as whose doing, and to whom."""

    token: str
    session: Session
    to: Room | Member
    """The one who is meant, and not who may be called so by then."""
    until: float

    @property
    def room(self) -> str:
        """The room that it is for; empty where it is for one other."""
        return self.to.name if isinstance(self.to, Room) else ""

    @property
    def nick(self) -> str:
        """Whom alone it is for; empty where it is for a room."""
        return "" if isinstance(self.to, Room) else self.to.nick

    @property
    def account(self) -> str:
        """Whose account sends it; empty for a guest."""
        return self.session.account.name if self.session.account is not None else ""


class Sharing:
    """The permits that are out.  ``random`` gives the words that nobody can guess."""

    def __init__(self, hub: Hub, random: Callable[[], str] = secrets.token_urlsafe) -> None:
        self._hub = hub
        self._random = random
        self._permits: dict[str, Permit] = {}

    def offer(self, session: Session, to: Room | Member) -> None:
        """Tell a session where a file goes that it wants to send to a room, or to somebody.

        Raises Refused ``no-files``, or as talking to them does.
        """
        hub = self._hub
        if hub.files.off:
            raise Refused("no-files", hub.files.off)
        now = hub.now()
        permit = Permit(self._random(), session, to, now + VALID)
        self._check(permit, session)
        for old in [token for token, permit in self._permits.items() if permit.until <= now]:
            del self._permits[old]
        own = [token for token, permit in self._permits.items() if permit.session is session]
        if len(own) >= _EACH or len(self._permits) >= _MOST:
            del self._permits[own[0] if own else next(iter(self._permits))]
        self._permits[permit.token] = permit
        path = f"files/{permit.token}/"
        session.tell(
            Upload(
                ref=session.ref,
                to=permit.room or permit.nick,
                url=f"{hub.url or '/'}{path}",
                path=f"/{path}",
                most=hub.limits.upload,
                until=hub.stamp_at(permit.until),
            )
        )

    def take(self, token: str) -> Permit:
        """Let an upload begin under a permit, which is good for no other then.

        Raises Refused ``no-permit``, or why nothing may be sent there any more.
        """
        permit = self._permits.get(token)
        if permit is None or permit.until <= self._hub.now():
            raise Refused("no-permit", "This address is not good any more. Type /send to get another one.")
        self._check(permit, self._sender(permit))
        del self._permits[token]
        return permit

    def give_back(self, permit: Permit) -> None:
        """Let it be tried again: the file has not come."""
        self._permits[permit.token] = permit

    def tell(self, permit: Permit, file: File) -> None:
        """Tell those whom a file is for that it is there.  Raises Refused when they can be told nothing any more."""
        hub = self._hub
        session = self._sender(permit)
        self._check(permit, session)
        nick, time = session.member.nick, hub.stamp()
        key, name, size, kind, url = file.id, file.name, file.size, file.kind, self.url(file)
        told: Shared | Handed
        if permit.room:
            told = Shared(time=time, room=permit.room, nick=nick, file=key, name=name, size=size, kind=kind, url=url)
        else:
            told = Handed(time=time, to=permit.nick, nick=nick, file=key, name=name, size=size, kind=kind, url=url)
        if isinstance(permit.to, Room):
            hub.slow.count(permit.to, session.member)
        hub.submit(session, told)

    def url(self, file: File) -> str:
        """Give the link to a file; the path alone where this server does not know its address."""
        return (self._hub.url or "/") + path_of(file.id, file.name)

    def show(self, session: Session, room: Room) -> None:
        """List what was sent to a room."""
        found = [file for file in self._hub.files.listed() if file.room and fold(file.room) == fold(room.name)]
        shown = islice(found, max(len(found) - _LISTED, 0), None)
        lines = [
            FileLine(file.id, file.nick, file.name, file.size, file.kind, self.url(file), file.time, file.until)
            for file in shown
        ]
        session.tell(Files(ref=session.ref, room=room.name, files=lines, more=len(found) - len(lines)))

    def remove(self, session: Session, named: str) -> File:
        """Drop a file, named by its id or its link.  Raises Refused ``no-such-file`` or ``not-yours``."""
        _, _, link = named.partition("/files/")
        key = link.partition("/")[0] or named
        file = self._hub.files.find(key)
        if file is None:
            raise Refused("no-such-file", "There is no such file (any more). /files lists those of a room.")
        member = session.member
        room = self._hub.rooms.get(fold(file.room)) if file.room else None
        account = member.account
        of = ("", "") if account is None else (account.name, account.created)
        governs = member.admin or (room is not None and room.governed_by(member))
        own = file.is_of(member.nick, session.address, *of)
        if not (own or governs):
            raise Refused("not-yours", f"Only who sent {file.name}, or an op of the room, may take it away.")
        self._hub.files.remove(key)
        if not own:
            whose = f"{key} of {file.nick}" if file.nick else key
            self._hub.audit.note(AuditLine(self._hub.stamp(), member.nick, "unshare", file.room, whose))
        return file

    def _sender(self, permit: Permit) -> Session:
        """Find the session of a permit, another one of its account, or the one that it came back in after a drop."""
        if permit.session.present:
            return permit.session
        nick, client, account = permit.session.nick, permit.session.client, permit.session.account
        member = self._hub.people.members.get(fold(nick))
        for session in member.sessions if member is not None else ():
            if session.account is account and (account is not None or (client and session.client == client)):
                return session
        raise Refused("gone", "You are not in the chat any more. Come in, and type /send again.")

    def _check(self, permit: Permit, session: Session) -> None:
        """See whether somebody may tell those whom a file is for anything."""
        if isinstance(permit.to, Room):
            rules.check_inside(permit.to, session.member)
            rules.check_speech(permit.to, session.member)
            self._hub.slow.check(permit.to, session.member)
            return
        if self._hub.people.members.get(fold(permit.nick)) is not permit.to:
            raise Refused("no-such-nick", f"{permit.nick} has left.")
        check_reading(permit.to)
