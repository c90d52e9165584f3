"""The modes of a room: what holds there, and for whom.  One set for all doors; each has its own words for it.

On a wire a mode is its name (``"invite-only"``); the IRC door alone knows letters.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

import msgspec

from lanchat.core.masks import Matcher, matcher
from lanchat.core.names import fold

_REMEMBERED = 1_000
"""For how many people it is known whether they are barred."""


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

    __slots__ = ("_barred", "_matchers", "_open", "flags", "key", "limit", "lists")

    def __init__(self) -> None:
        self.flags = {Mode.MEMBERS_ONLY}
        self.key = ""
        """Empty: none is needed."""
        self.limit = 0
        """0: as many as like."""
        self.lists: dict[Mode, dict[str, Listed]] = {mode: {} for mode in LISTS}
        """By folded mask."""
        self._matchers: dict[str, Matcher] = {}
        """By folded mask, as far as they were needed."""
        self._barred: dict[str, bool] = {}
        """Who was found to be barred, or not: by what masks are held against."""
        self._open: bool | None = None

    @property
    def plain(self) -> bool:
        """Whether they are those of a new room."""
        return self.flags == {Mode.MEMBERS_ONLY} and not (self.key or self.limit or any(self.lists.values()))

    @property
    def all_may_speak(self) -> bool:
        """Whether everybody may who is in the room: it is asked for each message."""
        if self._open is None:
            self._open = Mode.MODERATED not in self.flags and not self.lists[Mode.BAN]
        return self._open

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
                self._matchers.pop(fold(value), None)
            self._barred.clear()
        elif on:
            self.flags.add(mode)
        else:
            self.flags.discard(mode)
        self._open = None

    def bars(self, whom: str) -> bool:
        """Say whether a ban fits ``nick!user@host``, and nothing exempts from it."""
        barred = self._barred.get(whom)
        if barred is None:
            if len(self._barred) >= _REMEMBERED:
                self._barred.clear()
            barred = self.names(Mode.BAN, whom) and not self.names(Mode.EXEMPT, whom)
            self._barred[whom] = barred
        return barred

    def names(self, mode: Mode, whom: str) -> bool:
        """Say whether a mask of a list fits ``nick!user@host``."""
        folded = fold(whom)
        return any(self._matcher(mask)(folded) for mask in self.lists[mode])

    def _matcher(self, mask: str) -> Matcher:
        found = self._matchers.get(mask)
        if found is None:
            found = self._matchers[mask] = matcher(mask)
        return found
