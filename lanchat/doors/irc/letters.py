"""The letters of modes (RFC 2811, section 4; modern.ircdocs.horse, "Channel Modes"), and a MODE's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lanchat.core.members import Member
from lanchat.core.modes import LISTS, RANKS, Change, Mode
from lanchat.core.room import Room
from lanchat.doors.irc import extbans
from lanchat.doors.irc.message import PARAMETERS

TOGETHER = PARAMETERS - 2
"""Changes that one MODE may ask for: as many values as a message has space for (ISUPPORT MODES)."""
LETTERS = {
    "A": Mode.READ_ONLY,
    "W": Mode.SLOW,
    "b": Mode.BAN,
    "e": Mode.EXEMPT,
    "I": Mode.ALLOWED,
    "i": Mode.INVITE_ONLY,
    "k": Mode.KEY,
    "l": Mode.LIMIT,
    "m": Mode.MODERATED,
    "n": Mode.MEMBERS_ONLY,
    "o": Mode.OP,
    "q": Mode.FOUNDER,
    "s": Mode.HIDDEN,
    "t": Mode.TOPIC_LOCKED,
    "v": Mode.VOICE,
}
LETTER = {mode: letter for letter, mode in LETTERS.items()} | {Mode.MUTE: "b"}
"""The letter of a mode; to be muted is a kind of ban (`extbans`)."""
PREFIXES = {"~": Mode.FOUNDER, "@": Mode.OP, "+": Mode.VOICE}
"""What stands for a rank before a nick (ISUPPORT PREFIX)."""
STATUS = {"@": Mode.OP, "+": Mode.VOICE}
"""What stands before a room's name for those of that rank and above (ISUPPORT STATUSMSG)."""


def prefix(room: Room, member: Member, *, every: bool) -> str:
    """Give what stands before a nick for the rank in a room (ISUPPORT PREFIX): the highest, or ``every`` one."""
    found = "".join([prefix for prefix, rank in PREFIXES.items() if member in room.ranked[rank]])
    return found if every else found[:1]


def takes_value(mode: Mode, *, on: bool) -> bool:
    """Say whether a mode has a parameter when it is switched on, or off (ISUPPORT CHANMODES)."""
    return mode in RANKS or mode in LISTS or mode is Mode.KEY or (mode in (Mode.LIMIT, Mode.SLOW) and on)


class Wanted(NamedTuple):
    """One letter of a MODE; ``mode`` is None where it means nothing, ``value`` where there is none."""

    letter: str
    mode: Mode | None
    on: bool
    value: str | None


def wanted(letters: str, values: Sequence[str]) -> Iterator[Wanted]:
    """Read what a MODE asks for: letters behind a sign, and the values that they take, in their order."""
    left = iter(values)
    on = True
    for letter in letters:
        if letter in "+-":
            on = letter == "+"
            continue
        mode = LETTERS.get(letter)
        value = next(left, None) if mode is not None and takes_value(mode, on=on) else None
        yield Wanted(letter, mode, on, value)


def mode_line(changes: Iterable[Change]) -> str:
    """Give the parameters of a MODE: ``+o-v bob carol``."""
    letters, values, sign = "", [], ""
    for change in changes:
        if sign != (sign := "+" if change.on else "-"):
            letters += sign
        letters += LETTER[change.mode]
        if takes_value(change.mode, on=change.on):
            values.append(extbans.written(change.mode, change.value) or "*")
    return " ".join([letters, *values])


def mode_lines(changes: Iterable[Change], most: int) -> list[str]:
    """Give the parameters of as few MODEs as hold all changes in ``most`` bytes each."""
    lines: list[str] = []
    together: list[Change] = []
    for change in changes:
        together.append(change)
        if len(mode_line(together).encode()) > most and len(together) > 1:
            lines.append(mode_line(together[:-1]))
            together = [change]
    return [*lines, mode_line(together)]
