"""Presenting: what people say of themselves, and are known by.  The hub is asked for it, and lets it happen."""

from __future__ import annotations

from lanchat.core.accounts import Accounts
from lanchat.core.errors import Refused
from lanchat.core.events import Away, Back, Described, Moved, Renamed
from lanchat.core.logins import Logins
from lanchat.core.names import fold
from lanchat.core.people import People
from lanchat.core.replies import AwayHere
from lanchat.core.rules import check_rename, unsaid
from lanchat.core.session import Session
from lanchat.core.talking import Talking


class Presenting(Talking):
    """Who people say that they are, and whether they are there."""

    accounts: Accounts
    people: People
    logins: Logins

    def rename(self, session: Session, nick: str) -> None:
        """Take another nick.

        Raises Refused ``bad-nick``, ``nick-taken``, ``nick-registered``, ``may-not-rename`` or ``logged-in``; the old
        one stays then.
        """
        member = session.member
        if member.account is not None and fold(nick) != fold(member.account.name):
            raise Refused("logged-in", f"You are logged in as {member.nick}, and are called so. /logout ends that.")
        nick = self.people.free_nick(nick, member, private=self.logins.unsafe(session) is None)
        if nick == member.nick:
            raise Refused("same-nick", f"You are {nick} already.")
        check_rename(member, nick)
        self.submit(session, Renamed(time=self.stamp(), nick=member.nick, new=nick))
        if member.account is not None:  # in other letters only
            member.account.name = nick
            self.accounts.save(member.account)

    def away(self, session: Session, text: str) -> None:
        """Be away: for the others, when all of one's sessions are.  Raises Refused ``too-long``."""
        self.check_length(text, "An away text")
        session.away = text = unsaid(session.member, text) or "away"
        if all(each.away for each in session.member.sessions):
            self.submit(session, Away(time=self.stamp(), nick=session.member.nick, text=text))
        else:
            session.tell(AwayHere(ref=session.ref, text=text))

    def back(self, session: Session) -> None:
        """Be back.  Raises Refused ``not-away``."""
        if not (session.away or session.member.away):
            raise Refused("not-away", "You are not away. /away TEXT says that you are.")
        session.away = ""
        if session.member.away:
            self.submit(session, Back(time=self.stamp(), nick=session.member.nick))
        else:
            session.tell(AwayHere(ref=session.ref))

    def describe(self, session: Session, name: str) -> None:
        """Say what one's real name is.  Raises Refused ``too-long`` or ``may-not-rename``."""
        self.check_length(name, "A name")
        check_rename(session.member)
        self.submit(session, Described(time=self.stamp(), nick=session.member.nick, text=name))

    def move(self, session: Session, user: str, host: str) -> None:
        """Let somebody be shown with another user name and host from now on."""
        self.submit(session, Moved(time=self.stamp(), nick=session.member.nick, user=user, host=host))

    def check_length(self, text: str, what: str) -> None:
        """See whether a topic, a reason or the like is short enough.  Raises Refused ``too-long``."""
        most = self.limits.topic
        if most and len(text) > most:
            raise Refused("too-long", f"{what} has at most {most} characters. Make it shorter.")
