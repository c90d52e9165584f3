"""The commands against those who spoil a room: bans, mutes, what is taken away, and what was done.

The docstring is the help.
"""

from __future__ import annotations

from lanchat.core import auditing, deleting, restricting
from lanchat.core.commands import Place, Rank, RoomName, Table, Text, Time, Whom, Word
from lanchat.core.hub import Hub
from lanchat.core.modes import Mode
from lanchat.core.replies import Notice
from lanchat.core.session import Session

TABLE = Table()
"""The commands of this file; `verbs.TABLE` has them too."""

command = TABLE.command


@command(example="/ban 10m mallory adverts", rank=Rank.OP)
def ban(hub: Hub, session: Session, room: RoomName = "", time: Time = "", *, whom: Whom, reason: Text = "") -> None:
    """Ops: remove somebody and keep them out: a guest's machine, or the account; @NICK is the machine in any case."""
    _restrict(hub, session, room, Mode.BAN, whom, time, reason)


@command(example="/unban mallory", rank=Rank.OP)
def unban(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let somebody in again, whichever bans it was; or lift the ban of a mask."""
    _lift(hub, session, room, Mode.BAN, whom)


@command(example="/mute 10m mallory adverts", rank=Rank.OP)
def mute(hub: Hub, session: Session, room: RoomName = "", time: Time = "", *, whom: Whom, reason: Text = "") -> None:
    """Ops: let somebody be there and not speak; whom that means is as for /ban."""
    _restrict(hub, session, room, Mode.MUTE, whom, time, reason)


@command(example="/unmute mallory", rank=Rank.OP)
def unmute(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let somebody speak again, whichever mutes it was; or lift the mute of a mask."""
    _lift(hub, session, room, Mode.MUTE, whom)


@command("banlist", example="/bans #dev")
def bans(hub: Hub, session: Session, room: RoomName = "") -> None:
    """List who is banned from a room or muted there, by whom, until when and why; and who is exempt from that."""
    found = hub.room_of(session, room)
    lines = restricting.described(found, session.member)
    session.tell(Notice(ref=session.ref, text="\n".join(lines) or f"Nobody is banned from {found.name}."))


@command(example="/exempt bob", rank=Rank.OP)
def exempt(hub: Hub, session: Session, room: RoomName = "", time: Time = "", *, whom: Whom) -> None:
    """Ops: let no ban keep somebody out, and no mute silence them."""
    _restrict(hub, session, room, Mode.EXEMPT, whom, time)


@command(example="/unexempt bob", rank=Rank.OP)
def unexempt(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let bans keep somebody out again."""
    _lift(hub, session, room, Mode.EXEMPT, whom)


@command(example="/allow bob", rank=Rank.OP)
def allow(hub: Hub, session: Session, room: RoomName = "", time: Time = "", *, whom: Whom) -> None:
    """Ops: let somebody into a locked room without an invitation, whenever they come."""
    _restrict(hub, session, room, Mode.ALLOWED, whom, time)


@command(example="/unallow bob", rank=Rank.OP)
def unallow(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let somebody into a locked room only by invitation again."""
    _lift(hub, session, room, Mode.ALLOWED, whom)


@command("redact", example="/delete 1043 no adverts")
def delete(hub: Hub, session: Session, room: RoomName = "", which: Word = "", reason: Text = "") -> None:
    """Take away your newest message, or the one of this number; ops: also others', or the newest of a NICK."""
    deleting.delete(hub, session, room, which, reason)


@command(example="/audit #dev 50", rank=Rank.OP)
def audit(hub: Hub, session: Session, room: Place = "", count: Word = "") -> None:
    """Ops: show what was done in the room by those in charge, and why; admins: without a room, everywhere."""
    auditing.show(hub, session, room, count)


def _lift(hub: Hub, session: Session, room: str, mode: Mode, whom: str) -> None:
    restricting.lift(hub, session, hub.room_seen(session, room), mode, whom)


def _restrict(hub: Hub, session: Session, room: str, mode: Mode, whom: str, time: str, reason: str = "") -> None:
    found = hub.room_seen(session, room)
    if not restricting.restrict(hub, session, found, mode, whom, time=time, reason=reason):
        session.tell(Notice(ref=session.ref, text=f"That is so in {found.name} already."))
