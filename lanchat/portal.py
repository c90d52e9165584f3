"""Logging in by twisted.cred: credentials go in, the name of the account that they prove comes out.

The portal asks its checkers in turn; ours knows the accounts of this server, and Twisted's strcred brings others
(``--auth``).  Whom one of those knows has an account here from the first login on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from twisted.cred.checkers import FilePasswordDB, ICredentialsChecker
from twisted.cred.credentials import ICredentials, IUsernamePassword, UsernamePassword
from twisted.cred.error import LoginFailed, UnauthorizedLogin, UnhandledCredentials
from twisted.cred.portal import IRealm, Portal
from twisted.internet.defer import Deferred, fail, maybeDeferred, succeed
from twisted.logger import Logger
from twisted.plugins.cred_unix import UNIXChecker
from twisted.python.failure import Failure
from zope.interface import Attribute, Interface, implementer

from lanchat.core.accounts import Account, Accounts
from lanchat.core.errors import Refused
from lanchat.core.logins import Hash
from lanchat.core.names import check_nick
from lanchat.core.proving import WRONG, Certificate, Check, Credentials, Password, TokenOf
from lanchat.passwords import COST, PasswordHash, Passwords, Run

Avatar = tuple[type[Interface], object, Callable[[], None]]


class ITokenOf(ICredentials):
    """What a client was given when it logged in."""

    token = Attribute("The token, a str.")


class ICertificate(ICredentials):
    """A client's certificate."""

    fingerprint = Attribute("Its SHA-256, in hexadecimal digits.")
    name = Attribute("Whose it should be; empty for anybody's.")


class IAccountName(Interface):
    """An avatar: the name of an account, a str."""


@implementer(ITokenOf)
class _Token:
    def __init__(self, token: str) -> None:
        self.token = token


@implementer(ICertificate)
class _Certificate:
    def __init__(self, fingerprint: str, name: str) -> None:
        self.fingerprint = fingerprint
        self.name = name


class Outsider(NamedTuple):
    """An avatar's id: whom a checker knows that is not ours."""

    name: str


@implementer(ICredentialsChecker)
class AccountChecker:
    """Knows the passwords of the accounts of this server.

    A wrong name takes as long as a wrong password, and so does an account that has none; a password that is written
    down at a lower cost than ``cost`` is written anew when it is given.
    """

    credentialInterfaces = (IUsernamePassword,)

    def __init__(self, accounts: Accounts, passwords: Passwords, cost: int = COST) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._cost = cost
        self._nobody = PasswordHash.nobody(cost)

    def requestAvatarId(self, credentials: Any) -> Deferred[Any]:
        """Give the name of the account, in UTF-8; fails with UnauthorizedLogin."""
        name, password = (_text(part) for part in (credentials.username, credentials.password))
        account = self._accounts.find(name)
        try:
            known = PasswordHash.read(account.password) if account is not None else self._nobody
        except ValueError:  # it has no password here
            account, known = None, self._nobody
        answer: Deferred[Any] = Deferred()

        before = account.password if account is not None else ""

        def checked(right: bool) -> None:
            changed = account is not None and (
                self._accounts.find(account.name) is not account or account.password != before
            )
            if account is None or not right or changed:
                answer.errback(UnauthorizedLogin())
                return
            if known.cost < self._nobody.cost:
                self._passwords.hash(password, self._cost, lambda written: self._rewrite(account, known, written))
            answer.callback(account.name.encode())

        self._passwords.check(known, password, checked, like=self._nobody)
        return answer

    def _rewrite(self, account: Account, before: PasswordHash, written: str | None) -> None:
        if written is not None and account.password == str(before):  # it was not changed meanwhile
            account.password = written
            self._accounts.save(account)


@implementer(ICredentialsChecker)
class DeviceChecker:
    """Knows the tokens and the certificates of the accounts of this server."""

    credentialInterfaces = (ITokenOf, ICertificate)

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def requestAvatarId(self, credentials: Any) -> Deferred[Any]:
        """Give the name of the account, in UTF-8; fails with UnauthorizedLogin."""
        if ITokenOf.providedBy(credentials):
            known = self._accounts.of_token(credentials.token)
            return _found(known[0] if known else None)
        return _found(self._accounts.of_certificate(credentials.fingerprint), credentials.name)


@implementer(ICredentialsChecker)
class OutsideChecker:
    """A checker that is not ours.  Twisted's own ones, which read files and hash passwords, are asked on a thread."""

    def __init__(self, checker: Any, run: Run) -> None:
        self.credentialInterfaces = (IUsernamePassword,)
        self._checker = checker
        self._run = run

    def requestAvatarId(self, credentials: Any) -> Deferred[Any]:
        """Give whom it knows; fails as it does."""
        if isinstance(self._checker, FilePasswordDB | UNIXChecker):
            answer: Deferred[Any] = Deferred()

            def asked(found: Any) -> None:
                if isinstance(found, Exception):
                    answer.errback(found)
                else:
                    answer.callback(found)

            self._run(partial(_result, self._checker, credentials), asked)
        else:
            answer = maybeDeferred(self._checker.requestAvatarId, credentials)
        return answer.addCallback(lambda name: Outsider(_text(name)))


@implementer(ICredentialsChecker)
class Checkers:
    """Asks several checkers in turn."""

    credentialInterfaces = (IUsernamePassword,)

    def __init__(self, checkers: Sequence[Any]) -> None:
        self._checkers = checkers

    def requestAvatarId(self, credentials: Any) -> Deferred[Any]:
        """Give what the first one gives that knows them; fails with UnauthorizedLogin."""
        return _next(self._checkers, credentials)


@implementer(IRealm)
class Realm:
    """The accounts, as twisted.cred sees them."""

    def __init__(self, accounts: Accounts, longest: int, stamp: Callable[[], str]) -> None:
        self._accounts = accounts
        self._longest = longest
        self._stamp = stamp

    def requestAvatar(self, avatarId: Any, mind: object, *interfaces: type[Interface]) -> Avatar:
        """Give the name of an account; whom another checker than ours knows has one from then on.

        Raises UnauthorizedLogin, or Refused where the name is somebody else's here, or cannot be a nick.
        """
        del mind
        if IAccountName not in interfaces:
            raise NotImplementedError(interfaces)
        if isinstance(avatarId, Outsider):
            account: Account | None = self._outsider(avatarId.name)
        else:
            account = self._accounts.find(_text(avatarId))
        if account is None:
            raise UnauthorizedLogin
        return IAccountName, account.name, _nothing

    def _outsider(self, name: str) -> Account:
        nick = check_nick(name, self._longest)
        account = self._accounts.find(nick)
        if account is None:
            account = Account(name=nick, created=self._stamp())
            self._accounts.add(account, _noted)
        if account.password or account.name.casefold() != nick.casefold():
            text = f"{account.name} is another one here, who has a password of this server. Ask its admin."
            raise Refused("nick-registered", text)
        return account


def portal_of(realm: Realm, accounts: Accounts, checkers: Sequence[Any]) -> Portal:
    """Give a portal that asks these checkers for passwords, and our accounts for all else."""
    return Portal(realm, [Checkers(checkers), DeviceChecker(accounts)])


def check_by(portal: Portal) -> Check:
    """Give what checks credentials for the core."""
    log = Logger()

    def check(credentials: Credentials, then: Callable[[str | Refused], None]) -> None:
        def failed(failure: Failure) -> None:
            if isinstance(failure.value, Refused):
                then(failure.value)
            elif failure.check(LoginFailed, UnhandledCredentials, UnauthorizedLogin):
                then(WRONG)
            else:
                log.failure("A login failed", failure)
                then(_not_now())

        answer = maybeDeferred(portal.login, _credentials(credentials), None, IAccountName)
        answer.addCallbacks(lambda avatar: avatar[1], lambda failure: failure)
        answer.addCallbacks(then, failed)
        answer.addErrback(lambda failure: log.failure("What came after a login failed", failure))

    return check


def hash_by(passwords: Passwords, cost: int = COST) -> Hash:
    """Give what hashes passwords for the core."""

    def hash_(password: str, then: Callable[[str | Refused], None]) -> None:
        passwords.hash(password, cost, lambda written: then(_not_now() if written is None else written))

    return hash_


def _credentials(credentials: Credentials) -> Any:
    match credentials:
        case Password(name, password):
            return UsernamePassword(name.encode(), password.encode())
        case TokenOf(token):
            return _Token(token)
        case Certificate(fingerprint, name):
            return _Certificate(fingerprint, name)


def _found(account: Account | None, name: str = "") -> Deferred[Any]:
    if account is None or (name and name.casefold() != account.name.casefold()):
        return fail(UnauthorizedLogin())
    return succeed(account.name.encode())


def _next(able: Sequence[Any], credentials: Any) -> Deferred[Any]:
    if not able:
        return fail(UnauthorizedLogin())
    answer = maybeDeferred(able[0].requestAvatarId, credentials)
    answer.addErrback(lambda failure: (failure.trap(LoginFailed), _next(able[1:], credentials))[1])
    return answer


def _result(checker: Any, credentials: Any) -> Any:
    """Give what a checker answers at once, or the exception."""
    found: list[Any] = []
    maybeDeferred(checker.requestAvatarId, credentials).addBoth(found.append)
    (answer,) = found
    return answer.value if isinstance(answer, Failure) else answer


def _not_now() -> Refused:
    return Refused("no-login", "Nobody can log in just now. Try again in a minute.")


def _text(part: bytes | str) -> str:
    return part.decode("utf-8", "replace") if isinstance(part, bytes) else part


def _noted(refused: Refused | None) -> None:
    """Go on: the account is there, and is kept with the next login if not with this one."""


def _nothing() -> None:
    """Log nobody out: the core knows who is there."""
