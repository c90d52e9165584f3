"""The letters of modes (RFC 2811, section 4; modern.ircdocs.horse, "Channel Modes"), and a MODE's parameters."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.core.modes import LISTS, RANKS, Change, Mode
from lanchat.core.room import Room
from lanchat.core.session import Member

LETTERS = {
    "b": Mode.BAN,
    "e": Mode.EXEMPT,
    "I": Mode.ALLOWED,
    "i": Mode.INVITE_ONLY,
    "k": Mode.KEY,
    "l": Mode.LIMIT,
    "m": Mode.MODERATED,
    "n": Mode.MEMBERS_ONLY,
    "o": Mode.OP,
    "s": Mode.HIDDEN,
    "t": Mode.TOPIC_LOCKED,
    "v": Mode.VOICE,
}
LETTER = {mode: letter for letter, mode in LETTERS.items()}


def prefix(room: Room, member: Member, *, every: bool) -> str:
    """Give what stands before a nick for the rank in a room (ISUPPORT PREFIX): the highest, or ``every`` one."""
    found = ("@" if member in room.ops else "") + ("+" if member in room.voiced else "")
    return found if every else found[:1]


def takes_value(mode: Mode, *, on: bool) -> bool:
    """Say whether a mode has a parameter when it is switched on, or off (ISUPPORT CHANMODES)."""
    return mode in RANKS or mode in LISTS or mode is Mode.KEY or (mode is Mode.LIMIT and on)


def mode_line(changes: Iterable[Change]) -> list[str]:
    """Give the parameters of a MODE: ``+o-v`` and then ``bob``, ``carol``."""
    letters, values, sign = "", [], ""
    for change in changes:
        if sign != (sign := "+" if change.on else "-"):
            letters += sign
        letters += LETTER[change.mode]
        if takes_value(change.mode, on=change.on):
            values.append(change.value or "*")
    return [letters, *values]
