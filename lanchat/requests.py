"""What `lanchat admin` asks of a server, and is answered: one JSON object each.

The server that runs is asked through its control socket (control.py), one that does not is asked in the command's own
process (reaching.py): what is done is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import msgspec

from lanchat.core import caretaking
from lanchat.core.accounts import Account
from lanchat.core.accounts import Then as Done
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.modes import Listed, Mode, holds
from lanchat.passwords import PasswordHash

Acts = Literal["list", "add", "new", "remove", "reset", "delete", "bans", "unban"]


class Request(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be done."""

    act: Acts
    whom: Annotated[str, msgspec.Meta(max_length=400)] = ""
    """A name; of ``unban`` a mask."""
    written: Annotated[str, msgspec.Meta(max_length=400)] = ""
    """The hash of a new password (passwords.py): the password itself never leaves where it was typed."""
    room: Annotated[str, msgspec.Meta(max_length=400)] = ""
    """Where a ban is lifted; empty: it was one of the whole server."""


class ShownAccount(msgspec.Struct, omit_defaults=True):
    """An account, as it is listed."""

    name: str
    created: str
    admin: bool = False
    seen: str = ""
    here: bool = False


class ShownBan(msgspec.Struct, omit_defaults=True):
    """A ban or a mute: of a room, or of the whole server."""

    mask: str
    by: str
    time: str
    until: str = ""
    reason: str = ""
    room: str = ""
    muted: bool = False
    whom: str = ""
    """The nick that was named, where the mask does not say it."""


class Answer(msgspec.Struct, omit_defaults=True):
    """What came of it: ``text`` is a sentence for a person.  With a ``code`` it was refused, as `Refused` has it."""

    text: str = ""
    code: str = ""
    accounts: list[ShownAccount] = []
    bans: list[ShownBan] = []


Then = Callable[[Answer], None]


def perform(hub: Hub, request: Request, then: Then) -> None:
    """Do what is asked, and tell ``then`` what came of it: now or later."""
    try:
        _perform(hub, request, then)
    except Refused as refused:
        then(Answer(refused.text, refused.code))


def _perform(hub: Hub, request: Request, then: Then) -> None:
    whom, written = request.whom, _checked(request.written)
    match request.act:
        case "list":
            then(Answer(accounts=[_account(hub, account) for account in hub.accounts.all()]))
        case "bans":
            then(Answer(bans=_bans(hub)))
        case "unban":
            lifted = caretaking.unban(hub, whom, request.room)
            where = f"in {request.room}" if request.room else "from the server"
            then(Answer(f"Not kept out {where} any more: {', '.join(dict.fromkeys(lifted))}"))
        case "add":
            caretaking.add(hub, whom, written, _told(then, f"{whom} is an admin of the server now."))
        case "new":
            caretaking.create(hub, whom, written, _told(then, f"{whom} has an account now."))
        case "remove":
            caretaking.remove(hub, whom, _told(then, f"{whom} is no admin of the server any more."))
        case "reset":
            text = f"{whom} has another password, and is logged out everywhere."
            caretaking.reset(hub, whom, written, _told(then, text))
        case "delete":
            caretaking.delete(hub, whom, _told(then, f"{whom} has no account any more."))


def _told(then: Then, done: str) -> Done:
    """Give what is to be told when something is saved."""
    return lambda refused: then(Answer(done) if refused is None else Answer(refused.text, refused.code))


def _checked(written: str) -> str:
    """Give the hash of a password if it is one.  Raises Refused ``bad-hash``."""
    try:
        return str(PasswordHash.read(written)) if written else ""
    except ValueError:
        raise Refused("bad-hash", "That is no hash of a password. Use `lanchat admin` of the same version.") from None


def _account(hub: Hub, account: Account) -> ShownAccount:
    here = hub.people.of(account) is not None
    return ShownAccount(account.name, account.created, account.admin, account.seen, here)


def _bans(hub: Hub) -> list[ShownBan]:
    """Give the server's bans, then those of the rooms and who is muted there, as far as they hold."""
    now = hub.stamp()
    found = [_ban(ban) for ban in hub.server_bans.listed()]
    for _, room in sorted(hub.rooms.items()):
        for mode in (Mode.BAN, Mode.MUTE):
            listed = [each for each in room.modes.lists[mode].values() if holds(each, now)]
            found += [_ban(each, room.name, muted=mode is Mode.MUTE) for each in listed]
    return found


def _ban(ban: Listed, room: str = "", *, muted: bool = False) -> ShownBan:
    return ShownBan(ban.mask, ban.by, ban.time, ban.until, ban.reason, room, muted, ban.whom)
