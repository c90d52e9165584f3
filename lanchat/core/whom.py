"""Whom somebody means who bans, mutes or exempts.

| typed | who that is |
|---|---|
| ``bob``, a guest | all at that machine; at one's own: that nick |
| ``bob``, logged in | the account, wherever they are |
| ``@bob`` | all at the machine that bob is at, whoever they are there: another name does not help them |
| ``account:bob`` | the account |
| ``192.168.7.5`` or ``192.168.7.0/24``, with or without ``address:`` | all who come from there |
| ``nick!user@host`` with ``*`` and ``?`` | all whom it fits |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lanchat.core.accounts import Account
from lanchat.core.admins import HOST
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.masks import ACCOUNT, ADDRESS, matcher, whole
from lanchat.core.members import Member
from lanchat.core.modes import Listed
from lanchat.core.names import fold
from lanchat.core.people import NOWHERE
from lanchat.core.session import Session

_STARS = frozenset("!@*?")


class Meant(NamedTuple):
    """The masks by which somebody is meant, and who was named: not those whom a mask happens to fit.

    ``named`` is the nick, where the masks do not say it.
    """

    masks: Sequence[str]
    people: Sequence[Member | Account] = ()
    named: str = ""


def meant(hub: Hub, session: Session, typed: str) -> Meant:
    """Read whom somebody means.  Raises Refused ``no-such-nick``, ``own-machine`` or ``bad-mode-value``."""
    whom = clean(typed).strip()
    lowered = whom.lower()
    if lowered.startswith(ACCOUNT):
        return _account(hub, whom[len(ACCOUNT) :])
    if is_machine(whom):
        return _machine(hub, session, whom[1:])
    if not is_mask(whom):
        return _person(hub, session, whom)
    if not lowered.startswith(ADDRESS) and _STARS.isdisjoint(whom):
        whom = ADDRESS + whom
    return Meant([mask_of(whom)])


def is_machine(whom: str) -> bool:
    """Say whether something means whoever is at the machine of somebody: ``@bob``.  Hosts have a dot, nicks do not."""
    return whom.startswith("@") and _STARS.isdisjoint(whom[1:]) and not {".", ":"} & set(whom)


def is_mask(whom: str) -> bool:
    """Say whether something is no nick: nicks have neither dots nor colons, and do not begin with a digit."""
    return not ({".", ":"} | _STARS).isdisjoint(whom) or whom[:1].isdigit()


def mask_of(whom: str) -> str:
    """Give a mask in its one form.  Raises Refused ``bad-mode-value``."""
    try:
        return whole(whom)
    except ValueError:
        text = f"{whom.removeprefix(ADDRESS)} is no address. Type it like this: 192.168.7.5, or 192.168.7.0/24"
        raise Refused("bad-mode-value", text) from None


def listed_for(hub: Hub, session: Session, typed: str, listed: Iterable[Listed]) -> list[Listed]:
    """Give those of a list by which somebody is meant: for a nick all that fit them, for anything else just that."""
    whom = clean(typed).strip()
    if is_mask(whom):
        masks = {fold(mask) for mask in meant(hub, session, whom).masks}
        return [each for each in listed if fold(each.mask) in masks]
    member = hub.people.members.get(fold(whom))
    traits = member.traits if member is not None else (hub.people.mask(whom), f"{ACCOUNT}{whom}")
    folded, key = [fold(trait) for trait in traits], fold(whom)
    return [each for each in listed if (each.whom and fold(each.whom) == key) or any(map(matcher(each.mask), folded))]


def _person(hub: Hub, session: Session, nick: str) -> Meant:
    member = hub.people.members.get(fold(nick))
    if (member.account if member is not None else hub.accounts.find(nick)) is not None:
        return _account(hub, nick)
    if member is None and not hub.people.formerly(nick):
        hub.people.find(nick)  # says who is near to that
    hosts, shown = _hosts(hub, nick)
    people = [member] if member is not None else []
    if not hosts or not set(hosts).isdisjoint(session.member.hosts):
        return Meant([f"{shown}!*@*"], people)
    return Meant([f"*!*@{host}" for host in hosts], people, shown)


def _account(hub: Hub, name: str) -> Meant:
    account, member = hub.accounts.find(name), hub.people.members.get(fold(name))
    if account is None:
        return Meant([mask_of(ACCOUNT + name)])
    person = member if member is not None and member.account is account else account
    return Meant([ACCOUNT + account.name], [person])


def _machine(hub: Hub, session: Session, nick: str) -> Meant:
    member = hub.people.members.get(fold(nick))
    if member is None and not hub.people.formerly(nick) and hub.accounts.find(nick) is None:
        hub.people.find(nick)
    hosts, shown = _hosts(hub, nick)
    if not hosts:
        raise Refused("no-such-nick", f"Nobody knows any more where {shown} was. Name an address, or the nick.")
    if not set(hosts).isdisjoint(session.member.hosts):
        raise Refused("own-machine", f"{shown} is at the machine that you are at. Name the nick without @.")
    return Meant([f"*!*@{host}" for host in hosts], [member] if member is not None else [], shown)


def _hosts(hub: Hub, nick: str) -> tuple[Sequence[str], str]:
    """Give where somebody is, or was when they left, and the nick as it is shown."""
    member = hub.people.members.get(fold(nick))
    if member is not None:
        return member.hosts, member.nick
    former = next(iter(hub.people.formerly(nick)), None)
    if former is None:
        return (), nick
    return (() if former.host in (NOWHERE, HOST) else (former.host,)), former.nick
