"""Caretaking: what whoever runs the server does about its accounts and bans, by `lanchat admin`.

All of it holds at once for those who are here, and stands in the audit log.  What has to be saved tells ``then`` when
it is, or why it is not.
"""

from __future__ import annotations

import difflib
from itertools import islice

from msgspec.structs import replace

from lanchat.core import governing
from lanchat.core.accounts import Account, Then
from lanchat.core.admins import resign
from lanchat.core.devices import log_out, make_way
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.members import Member
from lanchat.core.modes import Change, Mode
from lanchat.core.names import check_nick, fold
from lanchat.core.nobody import nobody
from lanchat.core.ranks import bequeathed
from lanchat.core.replies import AuditLine, Notice
from lanchat.core.whom import listed_for

_COMPARED = 500
"""Names that are held against a mistyped one."""


def add(hub: Hub, name: str, written: str, then: Then) -> None:
    """Make somebody an admin of the server; ``written`` is the hash of a password, for who has no account yet.

    Raises Refused as `create` does, or ``is-admin``.
    """
    account = hub.accounts.find(name)
    if account is None:
        create(hub, name, written, then, admin=True)
        return
    if account.admin:
        raise Refused("is-admin", f"{account.name} is an admin of the server already.")
    account.admin = True
    _note(hub, "admin add", account.name)
    member = hub.people.of(account)
    if member is not None:
        hub.admins.appoint(hub, next(iter(member.sessions)))
        _tell(member, "You are an admin of this server now.")
    hub.accounts.save(account, then)


def create(hub: Hub, name: str, written: str, then: Then, *, admin: bool = False) -> None:
    """Make an account; a guest who has its name, or one that looks like it, is called otherwise from now on.

    Raises Refused ``nick-registered``, ``too-many-accounts``, ``bad-nick``, or ``needs-password`` where all else is
    right.
    """
    nick = check_nick(name, hub.limits.nick)
    if hub.accounts.find(nick) is not None:
        raise Refused("nick-registered", f"{nick} has an account already. `lanchat admin reset {nick}` helps it.")
    if (alike := hub.accounts.alike(nick)) is not None:
        raise Refused("nick-registered", f"{nick} looks like {alike.name}, who has an account. Take another name.")
    if not written:
        raise Refused("needs-password", f"{nick} needs a password.")
    account = Account(name=nick, created=hub.stamp(), password=written, admin=admin)

    def kept(refused: Refused | None) -> None:
        if refused is None:
            _note(hub, "admin add" if admin else "admin new", nick)
        then(refused)

    hub.accounts.add(account, kept)
    make_way(hub, account)


def remove(hub: Hub, name: str, then: Then) -> None:
    """Let somebody be no admin of the server any more.  Raises Refused ``no-such-account`` or ``not-admin``."""
    account = known(hub, name)
    if not account.admin:
        raise Refused("not-admin", f"{account.name} is no admin of the server.")
    account.admin = False
    _note(hub, "admin remove", account.name)
    member = hub.people.of(account)
    if member is not None and member.admin:
        resign(hub, next(iter(member.sessions)))
        _tell(member, "You are no admin of this server any more.")
    hub.accounts.save(account, then)


def reset(hub: Hub, name: str, written: str, then: Then) -> None:
    """Give an account another password; all that was a way in until now, on whatever device, is none any more.

    Raises Refused ``no-such-account``, or ``needs-password``.
    """
    account = known(hub, name)
    if not written:
        raise Refused("needs-password", f"{account.name} needs a password.")
    _note(hub, "admin reset", account.name)
    log_out(hub, account, "Whoever runs this server has reset your password. Ask them for it, and log in again.")
    # Another object: who has proved the account, and is on the way in, has proved the one of before.
    anew = replace(account, password=written, tokens={}, certificates=[])
    hub.accounts.replace(account, anew, then)


def delete(hub: Hub, name: str, then: Then) -> None:
    """Remove an account with all that is its own: whoever takes the name next finds nothing of it.

    What it was told and told others in private is forgotten first.  Raises Refused ``no-such-account``.
    """
    account = known(hub, name)
    places: list[str] = []

    def forgotten(refused: Refused | None) -> None:
        if refused is not None:
            hub.private.restore(places)
            then(refused)
        else:
            forget()

    def forget() -> None:
        places[:] = hub.private.forget(account.name)  # again, if it was told something meanwhile
        if places:
            hub.journal.forget_private([*places], forgotten)
        elif hub.accounts.find(account.name) is not account:
            then(no_such_account(hub, name))
        else:
            hub.private.came(account)
            log_out(hub, account, "Whoever runs this server has removed your account.")
            _empty_rooms(hub, account)
            hub.accounts.remove(account, dropped)

    def dropped(refused: Refused | None) -> None:
        if refused is None:
            _note(hub, "admin delete", account.name)
        elif hub.accounts.find(account.name) is None:
            hub.accounts.restore([account])
        then(refused)

    forget()


def unban(hub: Hub, whom: str, room: str = "") -> list[str]:
    """Lift the bans by which somebody is kept out of the server, or the bans and mutes in a room; gives the masks.

    Whom that means is as for /unban.  Raises Refused ``not-listed``, ``no-such-room`` or as `whom.meant` does.
    """
    if room:
        return _unban_in(hub, whom, room)
    found = listed_for(hub, nobody(hub), whom, hub.server_bans.listed())
    if not found:
        raise Refused("not-listed", f"{whom} is not banned from the server. `lanchat admin bans` shows who is.")
    for ban in found:
        hub.server_bans.remove(ban.mask)
        _note(hub, "admin unban", ban.mask)
    return [ban.mask for ban in found]


def known(hub: Hub, name: str) -> Account:
    """Find an account.  Raises Refused ``no-such-account``."""
    account = hub.accounts.find(name)
    if account is None:
        raise no_such_account(hub, name)
    return account


def no_such_account(hub: Hub, name: str) -> Refused:
    """Say that there is none of that name, and which is near to it."""
    key = fold(name[:_COMPARED])
    near = (account for account in hub.accounts.all() if fold(account.name)[:1] == key[:1])
    names = {fold(account.name): account.name for account in islice(near, _COMPARED)}
    found = hub.accounts.alike(name)
    close = [found.name] if found is not None else [names[each] for each in difflib.get_close_matches(key, names, 1)]
    hint = f"Did you mean {close[0]}?" if close else "`lanchat admin list` shows all."
    return Refused("no-such-account", f"There is no account {name}. {hint}")


def _unban_in(hub: Hub, whom: str, name: str) -> list[str]:
    room = hub.rooms.get(fold(name if name.startswith("#") else f"#{name}"))
    if room is None:
        raise Refused("no-such-room", f"There is no room {name}. `lanchat admin bans` shows where somebody is banned.")
    changes = [
        Change(mode, False, listed.mask, whom=listed.whom)
        for mode in (Mode.BAN, Mode.MUTE)
        for listed in listed_for(hub, nobody(hub), whom, room.modes.lists[mode].values())
    ]
    if not changes:
        text = f"{whom} is neither banned nor muted in {room.name}. `lanchat admin bans` shows who is."
        raise Refused("not-listed", text)
    governing.change(hub, nobody(hub), room, changes)
    return [change.value for change in changes]


def _empty_rooms(hub: Hub, account: Account) -> None:
    """Leave nothing of an account's in any room; who has just left cannot come back there unasked, either."""
    traces = f"{fold(account.name)}@"
    for room in list(hub.rooms.values()):
        if changes := bequeathed(room.modes, account.name):
            governing.change(hub, nobody(hub), room, changes)
            hub.rooms.leave(room)  # nobody's by now, perhaps
        for trace in [trace for trace in room.returning if trace.startswith(traces)]:
            del room.returning[trace]


def _tell(member: Member, text: str) -> None:
    for session in member.sessions:
        session.answer(Notice(text=text))


def _note(hub: Hub, act: str, whom: str) -> None:
    hub.audit.note(AuditLine(hub.stamp(), "", act, "", whom))
