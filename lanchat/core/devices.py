"""Devices: all the sessions of one account are one member.

What one of them says all of them show; they are in the same rooms; they are away when all of them are.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from lanchat.core.events import Away, Identified, Renamed
from lanchat.core.masks import ACCOUNT, ADDRESS, cloak
from lanchat.core.members import Member
from lanchat.core.names import LOBBY, fold
from lanchat.core.ranks import grant
from lanchat.core.replies import Notice
from lanchat.core.session import Session
from lanchat.core.welcoming import logged_in, welcome

if TYPE_CHECKING:
    from lanchat.core.accounts import Account
    from lanchat.core.hub import Hub


def attach(hub: Hub, session: Session, member: Member) -> None:
    """Let a session be one more of a member who is here: it is shown the rooms that they are in."""
    member.sessions[session] = None
    session.member = member
    session.view = hub.lobby if hub.lobby in member.rooms else next(iter(member.rooms), hub.lobby)
    session.present = True
    locate(hub, member)
    if member.away:
        hub.back(session)
    welcome(hub, session)
    for room in member.rooms:
        room.admit(session)
        if room is not session.view:
            session.tell(hub.entered(session, room, aside=True))
            hub.show_backlog(session, room)
    if session.view in member.rooms:
        hub.show(session, session.view)
        hub.show_backlog(session, session.view)
    elif session.one_view:
        hub.join(session, LOBBY)


def detach(hub: Hub, session: Session) -> None:
    """Let a session be none of its member's any more, who has others."""
    member = session.member
    del member.sessions[session]
    for room in list(session.audiences):
        room.dismiss(session)
    session.present = False
    hub.watching.clear(session)
    locate(hub, member)
    settle_away(hub, member)


def settle_away(hub: Hub, member: Member) -> None:
    """Let a member be away who is away in all of the sessions that are left."""
    sessions = list(member.sessions)
    if not member.away and all(each.away for each in sessions):
        hub.submit(sessions[-1], Away(time=hub.stamp(), nick=member.nick, text=sessions[-1].away))


def locate(hub: Hub, member: Member) -> None:
    """Note where the sessions of a member come from: bans go by it."""
    addresses = dict.fromkeys([session.address for session in member.sessions])
    member.hosts = tuple([cloak(hub.journal.secret, address) for address in addresses])
    member.addresses = tuple([found for address in addresses if (found := _plain(address))])


def traits(hub: Hub, session: Session, nick: str) -> list[str]:
    """Give all by which a mask may know somebody who wants to come in (`Member.traits`)."""
    user = session.door.partition("+")[0]
    found = [f"{nick}!{user}@{cloak(hub.journal.secret, session.address)}"]
    if session.account is not None:
        found.append(ACCOUNT + session.account.name)
    if address := _plain(session.address):
        found.append(ADDRESS + address)
    return found


def identify(hub: Hub, session: Session) -> None:
    """Let somebody who is in the chat, and has proved an account (``session.account``), be called so.

    If they are here with another session already, this one is one more of it: who it was until now leaves.
    """
    account, member = session.account, session.member
    assert account is not None
    make_way(hub, account, member)
    other = hub.people.members.get(fold(account.name))
    if other is not None and other is not member:
        hub.leave(session, f"is {account.name} now")
        attach(hub, session, other)
        return
    own(hub, member, session)
    if member.nick != account.name:
        hub.submit(session, Renamed(time=hub.stamp(), nick=member.nick, new=account.name))
    hub.submit(session, Identified(time=hub.stamp(), nick=member.nick))
    logged_in(hub, session)
    for room in list(member.rooms):
        grant(hub, session, room)


def make_way(hub: Hub, account: Account, member: Member | None = None) -> None:
    """Let nobody but ``member`` be called as an account is, nor anything that looks like it, who has not proved it."""
    for holder in hub.people.holders(account.name):
        if holder is not member and holder.account is not account:
            dislodge(hub, holder)


def dislodge(hub: Hub, member: Member) -> None:
    """Let a guest whose nick is somebody's by now be called otherwise, and tell them why."""
    nick, session = member.nick, next(iter(member.sessions))
    new = hub.people.another(nick)
    hub.submit(session, Renamed(time=hub.stamp(), nick=nick, new=new))
    text = f"{nick} is somebody's now, or looks like it. You are {new} now; if it is yours, type /login."
    for each in member.sessions:
        each.answer(Notice(text=text))


def own(hub: Hub, member: Member, session: Session) -> None:
    """Let a member be the one of an account, with all that is kept with it."""
    account = member.account = session.account
    assert account is not None
    for nick in account.ignores.values():
        hub.people.ignore(member, nick)
    member.read = account.read | member.read
    if member.missed_from is None and account.heard:
        member.missed_from = account.heard
    if account.admin:
        hub.admins.appoint(hub, session)


def _plain(address: str) -> str:
    """Give an address as networks are compared with; nothing where it is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)
