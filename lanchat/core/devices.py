"""Devices: all the sessions of one account are one member.

What one of them says all of them show; they are in the same rooms; they are away when all of them are.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from lanchat.core.enforcing import enforce
from lanchat.core.errors import Refused
from lanchat.core.events import Away, Back, Identified, Parted, Renamed
from lanchat.core.masks import ACCOUNT, ADDRESS, cloak
from lanchat.core.members import Member
from lanchat.core.names import LOBBY, fold
from lanchat.core.private import show_waiting
from lanchat.core.ranks import grant
from lanchat.core.replies import Closed, Notice
from lanchat.core.session import Session
from lanchat.core.welcoming import logged_in, welcome

if TYPE_CHECKING:
    from lanchat.core.accounts import Account
    from lanchat.core.hub import Hub

MOST = 64
"""Sessions of one account at once."""


def check_room_for(member: Member) -> None:
    """See whether somebody may have one more session.  Raises Refused ``too-many-devices``."""
    if len(member.sessions) >= MOST:
        text = f"{member.nick} is here with {MOST} clients already. Close one of them, or type /logout all in one."
        raise Refused("too-many-devices", text)


def attach(hub: Hub, session: Session, member: Member, since: int | None = None) -> None:
    """Let a session be one more of a member who is here, and be shown the rooms that they are in.

    ``since`` as in `Hub.enter`.  Raises Refused ``too-many-devices``.
    """
    check_room_for(member)
    session.behind = since
    _take_in(hub, session, member)
    welcome(hub, session)
    _show_rooms(hub, session)


def _take_in(hub: Hub, session: Session, member: Member) -> None:
    enforce(hub, member, traits(hub, session, member.nick))
    member.sessions[session] = None
    session.member = member
    session.view = hub.lobby if hub.lobby in member.rooms else next(iter(member.rooms), hub.lobby)
    session.present = True
    session.away = ""
    locate(hub, member)


def _show_rooms(hub: Hub, session: Session) -> None:
    """Show a session, which is new to it, where its member is, with what it looks at last; and let them be back."""
    member, view = session.member, session.view
    for room in sorted(member.rooms, key=lambda room: room is view):
        room.admit(session)
        session.tell(hub.entered(session, room, aside=room is not view))
        hub.show_backlog(session, room)
    if session.one_view and not member.rooms:
        hub.join(session, LOBBY)
    if member.away:
        hub.submit(session, Back(time=hub.stamp(), nick=member.nick))


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


def expel(hub: Hub, sessions: Iterable[Session], reason: str, told: str) -> None:
    """End sessions: each is ``told`` why, and if they are all of somebody's, the others hear the reason.

    Those at which they are away go first: nobody is away for a moment because the others went before.
    """
    for session in sorted(sessions, key=lambda each: not each.away):
        session.tell(Closed(ref=session.ref, text=told))
        hub.leave(session, reason)
        session.close()


def log_out(hub: Hub, account: Account, told: str, *, but: Session | None = None) -> None:
    """End the sessions of an account, all ``but`` one perhaps."""
    member = hub.people.of(account)
    if member is not None:
        expel(hub, [each for each in member.sessions if each is not but], "logged out", told)


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
    Raises Refused ``too-many-devices``; they stay who they are then.
    """
    account, member = session.account, session.member
    assert account is not None
    make_way(hub, account, member)
    other = hub.people.members.get(fold(account.name))
    if other is not None and other is not member:
        _unite(hub, session, other)
        return
    if member.nick != account.name:
        hub.submit(session, Renamed(time=hub.stamp(), nick=member.nick, new=account.name))
    if account.heard:
        member.missed_from = hub.people.left.pop(fold(account.name), None)
    own(hub, member, session)
    enforce(hub, member)
    hub.submit(session, Identified(time=hub.stamp(), nick=member.nick))
    logged_in(hub, session)
    for room in list(member.rooms):
        grant(hub, session, room)
    if account.heard:
        member.missed_until = hub.journal.last
    show_waiting(hub, session)


def _unite(hub: Hub, session: Session, other: Member) -> None:
    """Let a guest's session be one more of a member: it leaves the guest's rooms, and is shown the member's."""
    try:
        check_room_for(other)
    except Refused:
        session.account = None
        raise
    member, why = session.member, f"is {other.nick} now"
    for room in list(member.rooms):
        if room not in other.rooms:
            hub.submit(session, Parted(time=hub.stamp(), room=room.name, nick=member.nick, reason=why))
    watched = hub.watching.of(session)
    hub.leave(session, why)
    _take_in(hub, session, other)
    for nick in watched:
        hub.watching.add(session, nick)
    welcome(hub, session)
    _show_rooms(hub, session)


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
    enforce(hub, member)


def own(hub: Hub, member: Member, session: Session) -> None:
    """Let a member be the one of an account, with all that is kept with it."""
    account = member.account = session.account
    assert account is not None
    hub.private.came(account)
    hub.people.ignore_all(member, account.ignores.values())
    member.read = account.read | member.read
    if member.missed_from is None and (account.heard or hub.private.of(session)):
        member.missed_from = account.heard  # 0 is from the beginning: there are words for them, and they never came
    if account.admin:
        hub.admins.appoint(hub, session)


def _plain(address: str) -> str:
    """Give an address as networks are compared with; nothing where it is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)
