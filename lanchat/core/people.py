"""Who is here: members by nick, by what a nick looks like, and who ignores whom; and who was here."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import count, islice
from typing import NamedTuple

from lanchat.core.accounts import Account, Accounts
from lanchat.core.errors import Refused
from lanchat.core.limits import Limits
from lanchat.core.members import Member
from lanchat.core.names import check_nick, fold, skeleton

_LEFT = 10_000
"""Of how many who have left it is known when, and who they were."""
_SEVERAL = 5
"""How many of those who had one nick are known, one after the other."""
IGNORED = 500
"""Whom one person may ignore: it is kept with an account, and follows everybody who takes another nick."""
NOWHERE = "gone.lan"
"""The host of those of whom nothing is known any more."""
_COMPARED = 12_800
"""What is spent on looking for a nick that is near to a mistyped one: comparing two takes their lengths multiplied."""


class Former(NamedTuple):
    """Somebody as they were when they left, or took another nick, and when (as events carry a time)."""

    nick: str
    user: str
    host: str
    name: str
    time: str
    bot: bool = False
    earlier: tuple[Former, ...] = ()
    """Who had the nick before them, the latest first."""


class People:
    """The user map: no two members have the same nick, nor two that look alike."""

    def __init__(self, limits: Limits, accounts: Accounts | None = None) -> None:
        self._longest = limits.nick
        self._accounts = accounts if accounts is not None else Accounts()
        self.members: dict[str, Member] = {}
        """Everybody who is here, by folded nick."""
        self.most = 0
        """How many were here at once at most."""
        self.admins: set[Member] = set()
        """Who of them are admins of the server."""
        self.invisible: set[Member] = set()
        self._skeletons: dict[str, Member] = {}
        self.ignorers: dict[str, set[Member]] = {}
        """Who ignores a folded nick."""
        self.left: dict[str, int] = {}
        """The last event that somebody of a folded nick was here for; who left last is at the end."""
        self.former: dict[str, Former] = {}
        """Who had a folded nick last, of those who do not have it any more; the latest are at the end."""

    def find(self, nick: str) -> Member:
        """Find somebody who is here.  Raises Refused ``no-such-nick`` with the nearest name."""
        member = self.members.get(fold(nick))
        if member is None:
            if (account := self._accounts.find(nick)) is not None:
                text = f"{account.name} is not here now. /msg {account.name} TEXT is kept for them."
                raise Refused("no-such-nick", text)
            most = _COMPARED // max(len(nick), 8) ** 2
            near = difflib.get_close_matches(fold(nick), islice(self.members, most), 1)
            hint = f"Did you mean {self.members[near[0]].nick}?" if near else "/names lists who is."
            raise Refused("no-such-nick", f"There is no {nick} here. {hint}")
        return member

    def of(self, account: Account) -> Member | None:
        """Give who is here and logged in to an account."""
        member = self.members.get(fold(account.name))
        return member if member is not None and member.account is account else None

    def mark(self, member: Member) -> None:
        """Count a member among the admins, and among the invisible, as they are now."""
        for is_one, among in ((member.admin, self.admins), (member.invisible, self.invisible)):
            (among.add if is_one else among.discard)(member)

    def mask(self, nick: str) -> str:
        """Give ``nick!user@host`` of somebody who is here, or had that nick last, with the nick as given."""
        known = self.known(nick)
        return f"{nick}!{known.user}@{known.host}" if known else f"{nick}!{nick}@{NOWHERE}"

    def known(self, nick: str) -> Member | Former | None:
        """Give who has a nick, or had it last."""
        key = fold(nick)
        return self.members.get(key) or self.former.get(key)

    def formerly(self, nick: str) -> list[Former]:
        """Give those who had a nick, the latest first."""
        former = self.former.get(fold(nick))
        return [former, *former.earlier] if former else []

    def free_nick(self, nick: str, member: Member | None = None, *, private: bool = True) -> str:
        """Check a nick for a newcomer or for ``member``, and give it as it is shown.

        ``private`` says that nobody else reads what they send: then they may be told to log in where they are.
        Raises Refused ``bad-nick``, ``nick-registered`` or ``nick-taken``.
        """
        nick = check_nick(nick, self._longest)
        for registered in (self._accounts.find(nick), self._accounts.alike(nick)):
            if registered is not None and (member is None or registered is not member.account):
                raise _registered(nick, registered.name, private=private)
        other = self.members.get(fold(nick))
        if other not in (None, member):
            assert other is not None
            another = self.another(nick)
            raise Refused("nick-taken", f"{other.nick} is here already. Type another name, for example {another}")
        other = self._skeletons.get(skeleton(nick))
        if other not in (None, member):
            assert other is not None
            raise Refused("nick-taken", f"{nick} looks like {other.nick}, who is here. Type another name.")
        return nick

    def holders(self, nick: str) -> list[Member]:
        """Give who is called so, and whose nick looks like it."""
        found = (self.members.get(fold(nick)), self._skeletons.get(skeleton(nick)))
        return list(dict.fromkeys([member for member in found if member is not None]))

    def another(self, nick: str) -> str:
        """Find a free nick that is like a taken one."""
        for number in range(2, 1000):
            tail = str(number)
            free = nick[: self._longest - len(tail)] + tail if self._longest else nick + tail
            if self.is_free(free):
                return free
        return next(free for number in count(len(self.members)) if self.is_free(free := f"{nick[:1]}_{number}"))

    def is_free(self, nick: str) -> bool:
        """Say whether a guest could have a nick."""
        taken = fold(nick) in self.members or skeleton(nick) in self._skeletons
        return not (taken or self._accounts.find(nick) or self._accounts.alike(nick))

    def add(self, member: Member) -> None:
        """Let a newcomer be found by the nick: who had it last has come back."""
        member.missed_from = self.left.pop(fold(member.nick), None)
        self._name(member)
        self.most = max(self.most, len(self.members))

    def remove(self, member: Member, number: int, time: str) -> None:
        """Let a member be found no more, who left with event ``number`` at this time."""
        self.admins.discard(member)
        self.invisible.discard(member)
        self._unname(member, time)
        key = fold(member.nick)
        self.left.pop(key, None)
        self.left[key] = member.missed_from if member.away and member.missed_from else number
        if len(self.left) > _LEFT:
            del self.left[next(iter(self.left))]
        for key in member.ignores:
            self._forget_ignorer(key, member)

    def rename(self, member: Member, nick: str, time: str) -> None:
        """Let a member be found by another nick from this time on; who ignores them goes on ignoring them."""
        self._unname(member, time)
        before, after = fold(member.nick), fold(nick)
        for ignorer in self.ignorers.pop(before, ()):
            del ignorer.ignores[before]
            self._ignore(ignorer, after, nick)
        member.nick = nick
        self._name(member)

    def ignore(self, ignorer: Member, nick: str) -> None:
        """Let somebody hear nothing from whoever has a nick any more.  Raises Refused ``too-many-ignored``."""
        if len(ignorer.ignores) >= IGNORED and fold(nick) not in ignorer.ignores:
            raise Refused("too-many-ignored", f"You ignore {IGNORED} people already. /unignore one of them first.")
        self._ignore(ignorer, fold(nick), nick)

    def ignore_all(self, ignorer: Member, nicks: Iterable[str]) -> None:
        """Let somebody ignore these, instead of whom they ignore already, as far as those would be too many."""
        for nick in nicks:
            self._ignore(ignorer, fold(nick), nick)
        for key in list(ignorer.ignores)[: max(len(ignorer.ignores) - IGNORED, 0)]:
            self.unignore(ignorer, key)

    def unignore(self, ignorer: Member, nick: str) -> None:
        """Let somebody hear a nick again.  Raises Refused ``not-ignored``."""
        if ignorer.ignores.pop(fold(nick), None) is None:
            raise Refused("not-ignored", f"You do not ignore {nick}. /ignore lists whom you do.")
        self._forget_ignorer(fold(nick), ignorer)

    def _ignore(self, ignorer: Member, key: str, nick: str) -> None:
        ignorer.ignores[key] = nick
        self.ignorers.setdefault(key, set()).add(ignorer)

    def _forget_ignorer(self, key: str, member: Member) -> None:
        ignorers = self.ignorers[key]
        ignorers.discard(member)
        if not ignorers:
            del self.ignorers[key]

    def _name(self, member: Member) -> None:
        self.members[fold(member.nick)] = member
        self._skeletons[skeleton(member.nick)] = member

    def _unname(self, member: Member, time: str) -> None:
        key = fold(member.nick)
        del self.members[key]
        del self._skeletons[skeleton(member.nick)]
        before = self.former.pop(key, None)
        earlier = (before._replace(earlier=()), *before.earlier)[: _SEVERAL - 1] if before else ()
        self.former[key] = Former(member.nick, member.user, member.host, member.name, time, member.bot, earlier)
        if len(self.former) > _LEFT:
            del self.former[next(iter(self.former))]


def _registered(nick: str, owner: str, *, private: bool) -> Refused:
    """Say that a nick is somebody's, and how its owner comes in: not by a password that others could read."""
    why = "is registered" if fold(owner) == fold(nick) else f"looks like {owner}, who is registered"
    login = f": /login {owner} PASSWORD" if private else ", log in over TLS: others could read a password here"
    text = f"{nick} {why}. If that is you{login}. If not, type another name."
    return Refused("nick-registered", text)
