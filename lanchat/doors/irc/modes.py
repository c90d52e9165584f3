"""MODE of a room: how it is set, who is on its lists, and what is to change (RFC 2812, section 3.2.3).

What was asked for is settled letter by letter, and happens together: others hear of it in one line if it fits, and of
nothing that was so before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lanchat.core import governing
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.modes import FLAGS, LISTS, Change, Mode, holds, why
from lanchat.core.room import Room
from lanchat.core.rules import check_inside
from lanchat.core.times import seconds
from lanchat.doors.irc import extbans, own_modes
from lanchat.doors.irc.letters import LETTERS, TOGETHER, Wanted, mode_line, takes_value, wanted
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import Unable, word
from lanchat.doors.irc.targets import room_named
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

_LISTS = {  # who is muted stands among the bans
    Mode.BAN: (Numeric.RPL_BANLIST, Numeric.RPL_ENDOFBANLIST, "End of channel ban list"),
    Mode.EXEMPT: (Numeric.RPL_EXCEPTLIST, Numeric.RPL_ENDOFEXCEPTLIST, "End of channel exception list"),
    Mode.ALLOWED: (Numeric.RPL_INVEXLIST, Numeric.RPL_ENDOFINVEXLIST, "End of channel invite exception list"),
}


@verb("MODE", 1)
def mode(irc: IrcDoor, message: Message) -> None:
    """Ask for the modes of a room or of oneself, or change them (RFC 2812, sections 3.1.5 and 3.2.3)."""
    target, *asked = message.params
    if not clean(target).startswith("#"):
        own_modes.mode(irc, clean(target), "".join(asked))
        return
    room = room_named(irc, target)
    if not asked:
        irc.put(_set(irc, room))
        return
    if not irc.session.member.admin:
        check_inside(room, irc.session.member)
    _change(irc, room, list(wanted(asked[0], asked[1:])))


def _set(irc: IrcDoor, room: Room) -> bytes:
    """Say how a room is set, and since when there is one; the key only to who is in it."""
    modes, member = room.modes, irc.session.member
    holding = [Change(flag) for flag in FLAGS if flag in modes.flags]
    if modes.key:
        holding.append(Change(Mode.KEY, True, modes.key if member in room.members or member.admin else "*"))
    if modes.limit:
        holding.append(Change(Mode.LIMIT, True, str(modes.limit)))
    if modes.slow:
        holding.append(Change(Mode.SLOW, True, str(modes.slow)))
    words = (mode_line(holding) or "+").split(" ")
    told = irc.line(Numeric.RPL_CHANNELMODEIS.value, irc.name, room.name, *words)
    if room.created:
        told += irc.line(Numeric.RPL_CREATIONTIME.value, irc.name, room.name, str(seconds(room.created)))
    return told


def _change(irc: IrcDoor, room: Room, asked: Sequence[Wanted]) -> None:
    """Change what may be changed, say once why something may not be, and show the lists that are asked for."""
    settled: list[Change] = []
    lists: dict[Mode, None] = {}
    told: set[tuple[str, ...]] = set()
    for want in asked:
        irc.subject = (room.name,)
        try:
            if want.mode in LISTS and not want.value:
                lists[want.mode] = None
            elif change := _settled(irc, room, want, settled):
                settled.append(change)
        except Refused as refused:
            what = (refused.text, *(refused.params if isinstance(refused, Unable) else irc.subject))
            if what not in told:
                told.add(what)
                irc.refuse(refused)
    governing.change(irc.hub, irc.session, room, settled)
    irc.put(*[_listed(irc, room, each) for each in lists])


def _settled(irc: IrcDoor, room: Room, want: Wanted, settled: Sequence[Change]) -> Change | None:
    """Settle one change.  Raises Refused, with what it is about in `IrcDoor.subject`."""
    letter, mode, on, value = want
    if mode is None:
        raise Unable(Numeric.ERR_UNKNOWNMODE, letter, text=f"is no mode of {room.name}: there are {' '.join(LETTERS)}")
    if len(settled) == TOGETHER:
        text = f"At most {TOGETHER} changes in one MODE: only the first were made, send another for the rest."
        raise Unable(Numeric.ERR_TOOMANYTARGETS, room.name, text=text)
    if value is None and takes_value(mode, on=on) and (on or mode is not Mode.KEY):
        text = "It needs a parameter: MODE #dev +o bob, MODE #dev +l 20"
        raise Unable(Numeric.ERR_INVALIDMODEPARAM, room.name, letter, "*", text=text)
    mode, value = extbans.read(mode, clean(value or ""))
    try:
        return governing.settle(irc.hub, irc.session, room, Change(mode, on, value), settled)
    except Refused as refused:
        if refused.code == "no-such-nick":
            irc.subject = (word(value),)
        elif refused.code == "not-in-room":
            irc.subject = (word(value), room.name)
        elif refused.code == "list-full":
            irc.subject = (room.name, letter)
        elif refused.code == "bad-mode-value" and mode is Mode.KEY:
            raise Unable(Numeric.ERR_INVALIDKEY, room.name, text=refused.text) from None
        elif refused.code == "bad-mode-value":
            raise Unable(Numeric.ERR_INVALIDMODEPARAM, room.name, letter, value, text=refused.text) from None
        raise


def _listed(irc: IrcDoor, room: Room, mode: Mode) -> bytes:
    """Give the masks of a list: who put each there, when, and where it is known until when, and why."""
    each, end, text = _LISTS[mode]
    lists, now, member = room.modes.lists, room.modes.now(), irc.session.member
    plainly = member.admin or room.governed_by(member)
    shown = [
        (kind, listed)
        for kind in ([mode, Mode.MUTE] if mode is Mode.BAN else [mode])
        for listed in lists[kind].values()
    ]
    return b"".join(
        [
            irc.line(
                each.value,
                irc.name,
                room.name,
                extbans.written(kind, listed.mask, plainly=plainly),
                listed.by or irc.server,
                str(seconds(listed.time)),
                *([more] if (more := why(listed).strip()) else []),
            )
            for kind, listed in shown
            if holds(listed, now)
        ]
        + [irc.numeric(end, room.name, text)]
    )
