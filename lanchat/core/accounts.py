"""Accounts: the nicks that somebody can prove are theirs.  Everybody else is a guest.

All of them are in memory, so that a name can be looked up at once; a store keeps them.  Nothing here knows how a
password is hashed: `logins.py` is how somebody proves one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from lanchat.core.errors import Refused
from lanchat.core.names import fold, skeleton

MOST = 50_000
"""Accounts of one server."""
TOKENS = 20
"""Tokens of one account: who logs in on one more device logs the one out that was not used for longest."""
Then = Callable[[Refused | None], object]


class Token(msgspec.Struct, omit_defaults=True):
    """What lets one device come back: only its key is kept, of which nobody can make the token."""

    made: str
    used: str
    """When it was used last, as events carry a time."""
    door: str = ""


class Account(msgspec.Struct, kw_only=True, omit_defaults=True, eq=False, weakref=True):
    """One account, as it is kept."""

    name: str
    """The nick, as it is shown."""
    created: str
    """As events carry a time."""
    password: str = ""
    """The hash, as it is written down (passwords.py); empty: no password of ours fits."""
    admin: bool = False
    """Whether whoever is logged in to it is an admin of the server."""
    certificates: list[str] = []
    """The SHA-256 of each client certificate that proves it, in hexadecimal digits."""
    tokens: dict[str, Token] = {}
    """By key."""
    ignores: dict[str, str] = {}
    """As `Member.ignores`."""
    read: dict[str, str] = {}
    """As `Member.read`."""
    heard: int = 0
    """The event up to which they have heard what was told them in private."""
    seen: str = ""
    """When they were here last, as events carry a time."""


class Store(Protocol):
    """Where accounts are kept.  ``then`` is told when it is done, or why it could not be: now or later."""

    def put(self, account: Account, then: Then, /) -> None:
        """Keep an account as it is now."""
        ...

    def drop(self, account: Account, then: Then, /) -> None:
        """Keep an account no more, nor what was told it in private."""
        ...


class NoStore:
    """Keeps nothing: accounts are gone when the process ends."""

    def put(self, account: Account, then: Then) -> None:
        """Be done at once."""
        del account
        then(None)

    drop = put


def _nobody(refused: Refused | None) -> None:
    """Tell nobody."""


class Accounts:
    """Every account there is."""

    def __init__(self) -> None:
        self.store: Store = NoStore()
        self._names: dict[str, Account] = {}
        self._skeletons: dict[str, Account] = {}
        self._tokens: dict[str, Account] = {}
        self._certificates: dict[str, Account] = {}
        self._indexed: dict[Account, tuple[str, tuple[str, ...], tuple[str, ...]]] = {}
        """By which skeleton, tokens and certificates an account is found: all of them change, but for the name."""

    def __len__(self) -> int:
        return len(self._names)

    def all(self) -> Iterable[Account]:
        """Go through all of them, in the order of their names."""
        return sorted(self._names.values(), key=lambda account: fold(account.name))

    def find(self, name: str) -> Account | None:
        """Give the account of a name."""
        return self._names.get(fold(name))

    def alike(self, nick: str) -> Account | None:
        """Give an account whose name looks like a nick."""
        return self._skeletons.get(skeleton(nick))

    def of_token(self, token: str) -> tuple[Account, str] | None:
        """Give the account that a token is for, and the token's key."""
        key = key_of(token)
        account = self._tokens.get(key)
        return (account, key) if account is not None else None

    def of_certificate(self, fingerprint: str) -> Account | None:
        """Give the account that a client's certificate proves (the SHA-256 of it, in hexadecimal digits)."""
        return self._certificates.get(fingerprint)

    def restore(self, accounts: Iterable[Account]) -> None:
        """Know the accounts of the time before."""
        for account in accounts:
            self._index(account)

    def add(self, account: Account, then: Then) -> None:
        """Know a new account from now on, and keep it; one that cannot be kept is forgotten again.

        Raises Refused ``nick-registered`` or ``too-many-accounts``.
        """
        if self.find(account.name) or self.alike(account.name):
            raise Refused("nick-registered", f"{account.name} is registered already, or looks like one that is.")
        if len(self) >= MOST:
            raise Refused("too-many-accounts", f"This server has {MOST:,} accounts already. Ask its admin.")

        def kept(refused: Refused | None) -> None:
            if refused is not None:
                self._forget(account)
            then(refused)

        self._index(account)
        self.store.put(account, kept)

    def save(self, account: Account, then: Then = _nobody) -> None:
        """Keep an account as it is now, and find it by the tokens and certificates that it has now."""
        if self._names.get(fold(account.name)) is not account:
            then(Refused("no-account", f"There is no account {account.name} any more."))
            return
        self._forget(account)
        self._index(account)
        self.store.put(account, then)

    def replace(self, account: Account, anew: Account, then: Then) -> None:
        """Know and keep an account as another object: nobody who has proved it as it was is logged in to that."""
        self._forget(account)
        self._index(anew)
        self.store.put(anew, then)

    def remove(self, account: Account, then: Then) -> None:
        """Know an account no more."""
        self._forget(account)
        self.store.drop(account, then)

    def new_token(self, account: Account, now: str, door: str) -> tuple[str, str]:
        """Make a token for a device; give it, which nobody will be told again, and its key."""
        token = secrets.token_urlsafe(32)
        tokens = dict(account.tokens)
        while len(tokens) >= TOKENS:
            del tokens[min(tokens, key=lambda key: tokens[key].used)]
        key = key_of(token)
        account.tokens = {**tokens, key: Token(now, now, door)}
        self.save(account)
        return token, key

    def revoke(self, account: Account, keys: Iterable[str]) -> None:
        """Let tokens be good for nothing any more."""
        gone = set(keys)
        account.tokens = {key: token for key, token in account.tokens.items() if key not in gone}
        self.save(account)

    def _index(self, account: Account) -> None:
        shown = skeleton(account.name)
        self._names[fold(account.name)] = self._skeletons[shown] = account
        self._tokens.update(dict.fromkeys(account.tokens, account))
        self._certificates.update(dict.fromkeys(account.certificates, account))
        self._indexed[account] = shown, (*account.tokens,), (*account.certificates,)

    def _forget(self, account: Account) -> None:
        self._names.pop(fold(account.name), None)
        shown, tokens, certificates = self._indexed.pop(account, ("", (), ()))
        self._skeletons.pop(shown, None)
        for key in tokens:
            self._tokens.pop(key, None)
        for fingerprint in certificates:
            self._certificates.pop(fingerprint, None)


def key_of(token: str) -> str:
    """Give the key of a token: a token is long and random, so a plain digest of it tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
