"""Welcoming: what somebody is told first, once they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.replies import LoggedIn, Notice, Welcome
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def welcome(hub: Hub, session: Session) -> None:
    """Tell a session that it is in, and as whom."""
    if session.account is not None:
        logged_in(hub, session)
    session.tell(
        Welcome(
            ref=session.ref,
            server=hub.name,
            version=hub.version,
            nick=session.member.nick,
            people=len(hub.people.members),
            journal=hub.journal.identity,
            motd=hub.motd,
            limits={
                "message": hub.limits.message,
                "nick": hub.limits.nick,
                "room": hub.limits.room,
                "topic": hub.limits.topic,
                "rooms": hub.limits.rooms,
            },
        )
    )
    if hub.trouble:
        session.tell(Notice(text=hub.trouble))


def logged_in(hub: Hub, session: Session) -> None:
    """Tell a session that it is logged in; if it wants that, how it comes back without the password."""
    account = session.account
    assert account is not None
    token = ""
    if session.wants_token and not session.token:
        token, session.token = hub.accounts.new_token(account, hub.stamp(), session.door)
    session.tell(LoggedIn(ref=session.ref, account=account.name, token=token, admin=account.admin))
