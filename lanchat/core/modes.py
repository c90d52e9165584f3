"""The modes of a room: what holds there, and for whom.  One set for all doors; each has its own words for it.

On a wire a mode is its name (``"invite-only"``); the IRC door alone knows letters.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import msgspec

from lanchat.core.names import fold


class Mode(Enum):
    """One thing that can be switched on or off in a room."""

    OP = "op"
    """Somebody may change the room and remove people; ``value`` is the nick."""
    VOICE = "voice"
    """Somebody may speak where not everybody may; ``value`` is the nick."""
    BAN = "ban"
    """Whom the mask fits may neither come in nor speak; ``value`` is the mask, as for the next two."""
    EXEMPT = "exempt"
    """Whom the mask fits is not held back by a ban."""
    ALLOWED = "allowed"
    """Whom the mask fits needs no invitation."""
    INVITE_ONLY = "invite-only"
    """Only who is invited may come in."""
    KEY = "key"
    """Only who knows the key (``value``) may come in."""
    LIMIT = "limit"
    """No more people than ``value`` may be in it."""
    MODERATED = "moderated"
    """Only who is op or has voice may speak."""
    MEMBERS_ONLY = "members-only"
    """Nobody may speak from outside."""
    HIDDEN = "hidden"
    """The room is in no list, and nobody outside is told who is in it."""
    TOPIC_LOCKED = "topic-locked"
    """Only ops may change the topic."""


RANKS = (Mode.OP, Mode.VOICE)
"""What one member has, the highest first."""
LISTS = (Mode.BAN, Mode.EXEMPT, Mode.ALLOWED)
"""What a room has a list of masks for."""
FLAGS = (Mode.INVITE_ONLY, Mode.MODERATED, Mode.MEMBERS_ONLY, Mode.HIDDEN, Mode.TOPIC_LOCKED)
"""What is either on or off."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of a room's modes: ``value`` is the nick, the mask, the key or the limit, where the mode has one."""

    mode: Mode
    on: bool = True
    value: str = ""


class Listed(NamedTuple):
    """A mask in a list: by whom it was put there, and when (as events carry a time)."""

    mask: str
    by: str
    time: str


class Modes:
    """What holds in one room.  A new room is members-only, and nothing else."""

    __slots__ = ("flags", "key", "limit", "lists")

    def __init__(self) -> None:
        self.flags = {Mode.MEMBERS_ONLY}
        self.key = ""
        """Empty: none is needed."""
        self.limit = 0
        """0: as many as like."""
        self.lists: dict[Mode, dict[str, Listed]] = {mode: {} for mode in LISTS}
        """By folded mask."""

    @property
    def plain(self) -> bool:
        """Whether all is as in a new room."""
        return self.flags == {Mode.MEMBERS_ONLY} and not (self.key or self.limit or any(self.lists.values()))

    def take(self, change: Change, by: str, time: str) -> None:
        """Let a change of anything but a rank hold from now on."""
        mode, on, value = change.mode, change.on, change.value
        if mode is Mode.KEY:
            self.key = value if on else ""
        elif mode is Mode.LIMIT:
            self.limit = int(value) if on else 0
        elif mode in self.lists:
            if on:
                self.lists[mode][fold(value)] = Listed(value, by, time)
            else:
                self.lists[mode].pop(fold(value), None)
        elif on:
            self.flags.add(mode)
        else:
            self.flags.discard(mode)
