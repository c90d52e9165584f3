"""Logging in as a server does it, with passwords that are hashed at once and cheaply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lanchat.core.accounts import Account
from lanchat.core.hub import Hub
from lanchat.core.logins import Logins
from lanchat.passwords import PasswordHash, Passwords
from lanchat.portal import AccountChecker, OutsideChecker, Realm, check_by, hash_by, portal_of

CHEAP = 1
"""``ln`` of the passwords of tests."""


def at_once(job: Callable[[], Any], then: Callable[[Any], object]) -> None:
    """Do a job without a thread."""
    try:
        answer = job()
    except Exception as error:
        answer = error
    then(answer)


def logins(hub: Hub, *others: Any, cost: int = CHEAP, **options: Any) -> Logins:
    """Give the logins of a hub, by the real portal; ``others`` are checkers besides ours."""
    passwords = Passwords([at_once])
    realm = Realm(hub.accounts, hub.limits.nick, hub.stamp)
    checkers = [AccountChecker(hub.accounts, passwords, cost), *(OutsideChecker(each, at_once) for each in others)]
    portal = portal_of(realm, hub.accounts, checkers)
    return Logins(hub.accounts, check_by(portal), hash_by(passwords, cost), **options)


def account(hub: Hub, name: str, password: str = "correct horse", *, admin: bool = False) -> Account:
    """Make an account that is there already."""
    found = Account(name=name, created=hub.stamp(), password=str(PasswordHash.of(password, CHEAP)), admin=admin)
    hub.accounts.add(found, lambda refused: None)
    return found
