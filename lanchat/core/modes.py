"""The modes of a room: what holds there, and for whom.  One set for all doors; each has its own words for it.

On a wire a mode is its name (``"invite-only"``); the IRC door alone knows letters.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import msgspec

from lanchat.core.masks import Matcher, matcher
from lanchat.core.names import fold
from lanchat.core.times import local_clock, local_day

_REMEMBERED = 1_000
"""For how many people it is known whether they are barred."""


class Mode(Enum):
    """One thing that can be switched on or off in a room."""

    FOUNDER = "founder"
    """Somebody may do what an op may, and no op may do anything against them; ``value`` is the nick."""
    OP = "op"
    """Somebody may change the room and remove people; ``value`` is the nick."""
    VOICE = "voice"
    """Somebody may speak where not everybody may; ``value`` is the nick."""
    BAN = "ban"
    """Whom the mask fits may neither come in nor speak; ``value`` is the mask, as for the next three."""
    MUTE = "mute"
    """Whom the mask fits may be there and not speak."""
    EXEMPT = "exempt"
    """Whom the mask fits is not held back by a ban, and not muted."""
    ALLOWED = "allowed"
    """Whom the mask fits needs no invitation."""
    INVITE_ONLY = "invite-only"
    """Only who is invited may come in."""
    KEY = "key"
    """Only who knows the key (``value``) may come in."""
    LIMIT = "limit"
    """No more people than ``value`` may be in it."""
    SLOW = "slow"
    """Who has no rank may speak once in so many seconds (``value``)."""
    MODERATED = "moderated"
    """Only who has a rank may speak."""
    READ_ONLY = "read-only"
    """Only ops may speak."""
    MEMBERS_ONLY = "members-only"
    """Nobody may speak from outside."""
    HIDDEN = "hidden"
    """The room is in no list, and nobody outside is told who is in it."""
    TOPIC_LOCKED = "topic-locked"
    """Only ops may change the topic."""


RANKS = (Mode.FOUNDER, Mode.OP, Mode.VOICE)
"""What one member has, the highest first."""
GOVERNING = (Mode.FOUNDER, Mode.OP)
"""The ranks whose holders may change the room and remove people."""
LISTS = (Mode.BAN, Mode.MUTE, Mode.EXEMPT, Mode.ALLOWED)
"""What a room has a list of masks for."""
FLAGS = (
    Mode.INVITE_ONLY,
    Mode.MODERATED,
    Mode.READ_ONLY,
    Mode.MEMBERS_ONLY,
    Mode.HIDDEN,
    Mode.TOPIC_LOCKED,
)
"""What is either on or off."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of a room's modes: ``value`` is the nick, the mask, the key or the number, where the mode has one.

    A ban or the like may have an end (``until``, a moment as events carry it) and a ``reason``; ``whom`` is the nick
    that was named, where its mask does not say so.  A rank is ``kept`` where it is an account's: it holds until it is
    taken away, over restarts too; else it is gone with the member.
    """

    mode: Mode
    on: bool = True
    value: str = ""
    until: str = ""
    reason: str = ""
    kept: bool = False
    whom: str = ""


class Listed(NamedTuple):
    """A mask in a list, or an account with a rank: by whom it was put there, and when (as events carry a time).

    It holds ``until`` then; with an empty one until somebody takes it away.  ``whom`` is the nick that was named.
    """

    mask: str
    by: str
    time: str
    until: str = ""
    reason: str = ""
    whom: str = ""


def called(mask: str, whom: str) -> str:
    """Say who is meant, as people know them: ``mallory (*!*@3f2a9c1e.lan)``, or the mask where nobody was named."""
    return f"{whom} ({mask})" if whom else mask


def holds(listed: Listed, now: str) -> bool:
    """Say whether something has not had its time yet."""
    return not listed.until or listed.until > now


def why(listed: Listed) -> str:
    """Say until when and why something holds, as far as that was said: `` until 2026-11-21 21:04 (adverts)``."""
    until = f" until {local_day(listed.until)} {local_clock(listed.until)}" if listed.until else ""
    return f"{until} ({listed.reason})" if listed.reason else until


class Modes:
    """What holds in one room.  A new room is members-only, and nothing else."""

    __slots__ = ("_due", "_fitting", "_matchers", "_open", "flags", "key", "limit", "lists", "now", "ranks", "slow")

    def __init__(self) -> None:
        self.now: Callable[[], str] = str
        """Gives this moment, as events carry a time: what has had its time fits nobody any more."""
        self.flags = {Mode.MEMBERS_ONLY}
        self.key = ""
        """Empty: none is needed."""
        self.limit = 0
        """0: as many as like."""
        self.slow = 0
        """Seconds; 0: as often as they like."""
        self.lists: dict[Mode, dict[str, Listed]] = {mode: {} for mode in LISTS}
        """By folded mask."""
        self.ranks: dict[Mode, dict[str, Listed]] = {rank: {} for rank in RANKS}
        """Which accounts have a rank, whether they are there or not: by folded name."""
        self._matchers: dict[str, Matcher] = {}
        """By folded mask, as far as they were needed."""
        self._fitting: dict[tuple[Mode, tuple[str, ...]], Listed | None] = {}
        """By what a list was found to name somebody, or that it does not."""
        self._due: str | None = None
        """When the next of all masks has had its time; empty: none has an end; None: to be found out."""
        self._open: bool | None = None

    @property
    def plain(self) -> bool:
        """Whether they are those of a new room, that is nobody's."""
        listed = any(self.lists.values()) or any(self.ranks.values())
        return self.flags == {Mode.MEMBERS_ONLY} and not (self.key or self.limit or self.slow or listed)

    @property
    def ranked(self) -> bool:
        """Whether an account has a rank here: then the room is somebody's, even while nobody is in it."""
        return any(self.ranks.values())

    @property
    def all_may_speak(self) -> bool:
        """Whether everybody may who is in the room, at any time: it is asked for each message."""
        if self._open is None:
            silent = self.flags & {Mode.MODERATED, Mode.READ_ONLY}
            self._open = not (silent or self.slow or self.lists[Mode.BAN] or self.lists[Mode.MUTE])
        return self._open

    def shown(self) -> list[Change]:
        """Give the changes that make a new room one like this, but for lists and ranks."""
        plain = {Mode.MEMBERS_ONLY}
        changes = [Change(mode, mode in self.flags) for mode in FLAGS if (mode in self.flags) != (mode in plain)]
        values = {Mode.KEY: self.key, Mode.LIMIT: str(self.limit or ""), Mode.SLOW: str(self.slow or "")}
        return changes + [Change(mode, True, value) for mode, value in values.items() if value]

    def kept_rank(self, account: str) -> Mode | None:
        """Give the highest rank that an account has here."""
        key = fold(account)
        return next((rank for rank in RANKS if key in self.ranks[rank]), None)

    def take(self, change: Change, by: str, time: str) -> None:
        """Let a change hold from now on; of a rank, what is kept of it."""
        mode, on, value = change.mode, change.on, change.value
        listed = self.ranks.get(mode) if mode in RANKS else self.lists.get(mode)
        if listed is not None:
            if not on:
                listed.pop(fold(value), None)
                self._matchers.pop(fold(value), None)
            elif mode in LISTS or change.kept:
                listed[fold(value)] = Listed(value, by, time, change.until, change.reason, change.whom)
            self._forget()
        elif mode is Mode.KEY:
            self.key = value if on else ""
        elif mode is Mode.LIMIT:
            self.limit = int(value) if on else 0
        elif mode is Mode.SLOW:
            self.slow = int(value) if on else 0
        elif on:
            self.flags.add(mode)
        else:
            self.flags.discard(mode)
        self._open = None

    def bars(self, traits: tuple[str, ...]) -> bool:
        """Say whether a ban fits somebody (`Member.traits`), and nothing exempts from it."""
        return self.names(Mode.BAN, traits) and not self.names(Mode.EXEMPT, traits)

    def mutes(self, traits: tuple[str, ...]) -> bool:
        """Say whether somebody is muted, and nothing exempts from it."""
        return self.names(Mode.MUTE, traits) and not self.names(Mode.EXEMPT, traits)

    def names(self, mode: Mode, traits: tuple[str, ...]) -> bool:
        """Say whether something in a list fits somebody (`Member.traits`)."""
        return bool(self.lists[mode]) and self.fitting(mode, traits) is not None

    def fitting(self, mode: Mode, traits: tuple[str, ...]) -> Listed | None:
        """Give what in a list fits somebody (`Member.traits`); what has had its time fits nobody."""
        if self._due is None or (self._due and self._due <= self.now()):
            self._forget()
            now = self.now()
            ends = [each.until for listed in self.lists.values() for each in listed.values() if each.until > now]
            self._due = min(ends, default="")
        key = (mode, traits)
        if key not in self._fitting:
            if len(self._fitting) >= _REMEMBERED:
                self._fitting.clear()
            folded = [fold(trait) for trait in traits]
            now = self.now()
            holding = [(mask, each) for mask, each in self.lists[mode].items() if holds(each, now)]
            found = [each for mask, each in holding if any(self._matcher(mask)(trait) for trait in folded)]
            self._fitting[key] = next(iter(found), None)
        return self._fitting[key]

    def _forget(self) -> None:
        """Find out anew whom the lists name."""
        self._fitting.clear()
        self._due = None

    def _matcher(self, mask: str) -> Matcher:
        found = self._matchers.get(mask)
        if found is None:
            found = self._matchers[mask] = matcher(mask)
        return found

    def over(self, now: str) -> list[Change]:
        """Give the changes that take away what has had its time."""
        return [
            Change(mode, False, each.mask, whom=each.whom)
            for mode, listed in self.lists.items()
            for each in listed.values()
            if not holds(each, now)
        ]
