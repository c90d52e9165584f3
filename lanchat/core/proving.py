"""Proving: what somebody shows to have an account's name, and how often they may try.

Nothing here knows how a password is checked: `service.py` brings that (portal.py).  It takes its time, and until it is
done nothing more is heard from the session.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from lanchat.core.accounts import Account, Accounts
from lanchat.core.errors import Refused
from lanchat.core.limits import network_of
from lanchat.core.names import fold
from lanchat.core.opaque import is_possible, opaque
from lanchat.core.session import Session
from lanchat.core.tries import Tries, too_many

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

MOST_ASKED = 1_000
"""Passwords that are checked or wait for it: who comes then would wait for minutes."""
_MOST_EACH = 250
"""The same of one address."""
_LONGEST_NAME = 256
"""Characters of a name, or of a token, that are worth looking at."""
_KNOWN = 20_000
"""Of how many pairs of an account and an address it is known that one was proved from the other."""
TOKEN_LIFE = 90 * 86_400.0
"""Seconds after which a token is good for nothing that was not used."""
_DAY = 86_400.0


class Password(NamedTuple):
    """A name and the password that should go with it."""

    name: str
    password: str


class TokenOf(NamedTuple):
    """What a client was given when it logged in."""

    token: str


class Certificate(NamedTuple):
    """A client's certificate: its SHA-256, in hexadecimal digits.  ``name`` is whose it should be, or empty."""

    fingerprint: str
    name: str = ""


Credentials = Password | TokenOf | Certificate
Check = Callable[[Credentials, Callable[[str | Refused], None]], None]
"""Takes credentials, and whom to tell whose account they prove, or why they prove none: now or later."""
Proved = Callable[[Account | Refused], object]
WRONG = Refused("bad-password", "There is no such name, or another password.")
"""What a check tells of whatever is not right; each is refused in an object of its own, as it may be raised."""


class _Attempt(NamedTuple):
    session: Session
    credentials: Credentials
    keys: tuple[str, ...]
    """What wrong ones are counted under."""
    then: Proved


class Proving:
    """Has credentials checked, each address and each account a few wrong ones a minute.

    ``check`` is None where there are no accounts.  ``plain`` takes passwords over connections that others can read.
    """

    def __init__(self, accounts: Accounts, check: Check | None, *, plain: bool) -> None:
        self.accounts = accounts
        self.noted: Callable[[str], object] = str
        """Told who logs in and who does not, a line each: the log's way in."""
        self._check = check
        self.plain = plain
        self.tries = Tries()
        self._under_way: Counter[str] = Counter()
        self._known: dict[str, None] = {}
        """From where accounts were proved (`_pair`), the latest last: nobody elsewhere can use up the tries there."""
        self._waiting: deque[_Attempt] = deque()
        self._asked: Counter[str] = Counter()
        """What takes its time and is not done yet: of each address, and of all (``""``)."""

    @property
    def there(self) -> bool:
        """Whether there are accounts at all."""
        return self._check is not None

    def prove(self, hub: Hub, session: Session, credentials: Credentials, then: Proved) -> None:
        """Find out whose account it is, and tell ``then``, or what is refused; nobody when the session is gone.

        Several of one kind at once wait for each other, so that no right one is refused for what the others may be.
        Refused ``no-accounts``, ``not-secure``, ``too-many-tries``, ``busy``, ``bad-password``, ``bad-token`` or
        ``bad-certificate``.
        """
        known = _prepared(credentials)
        if self._check is None:
            then(Refused("no-accounts", "This server has no accounts."))
        elif (refused := self.unsafe(session)) is not None:
            then(refused)
        elif known is None:
            then(_wrong(credentials))
        elif (refused := self.ask(session)) is not None:
            then(refused)
        else:
            if isinstance(known, TokenOf):
                self._drop_old(hub, known)
            self._attempt(hub, _Attempt(session, known, self._keys(session, known), then))

    def unsafe(self, session: Session) -> Refused | None:
        """Say why no password is taken from a session; None when it may send one."""
        if self.plain or is_private(session):
            return None
        return Refused("not-secure", "Others could read the password on this connection. Use TLS.")

    def ask(self, session: Session) -> Refused | None:
        """Let a session wait for what takes its time, until `done`; say why not where too many do."""
        network = network_of(session.address)
        if self._asked[""] >= MOST_ASKED or (network and self._asked[network] >= _MOST_EACH):
            return Refused("busy", "Too many people log in just now. Try again in a minute.")
        session.hold()
        self._asked.update({"", network})
        return None

    def done(self, session: Session) -> None:
        """Let a session go on."""
        self._asked.subtract({"", network_of(session.address)})
        self._asked += Counter()  # drops what is nothing
        session.release()

    # -- trying --------------------------------------------------------------------------------------------

    def _attempt(self, hub: Hub, attempt: _Attempt) -> None:
        """Check credentials, unless too many were wrong; while others of the same kind are checked, wait for them."""
        if attempt.session.closing:
            self.done(attempt.session)
            return
        wait = self.tries.take(attempt.keys, hub.now()) if attempt.keys else 0.0
        if wait and any(self._under_way[key] for key in attempt.keys):
            self._waiting.append(attempt)
            return
        if wait:
            self._answer(attempt, too_many(wait))
            return
        self._under_way.update(attempt.keys)

        def checked(proved: str | Refused) -> None:
            self._under_way.subtract(attempt.keys)
            self._under_way += Counter()
            if isinstance(proved, str):
                self.tries.give_back(attempt.keys)
                self._know(proved, network_of(attempt.session.address))
            elif proved is WRONG:
                proved = _wrong(attempt.credentials)
            account = (
                proved if isinstance(proved, Refused) else self.accounts.find(proved) or _wrong(attempt.credentials)
            )
            try:
                self._answer(attempt, account)
            finally:
                waiting, self._waiting = self._waiting, deque()
                for each in waiting:
                    self._attempt(hub, each)

        assert self._check is not None
        self._check(attempt.credentials, checked)

    def _answer(self, attempt: _Attempt, found: Account | Refused) -> None:
        session = attempt.session
        try:
            how = f"is refused: {found.code}" if isinstance(found, Refused) else f"is logged in as {found.name}"
            self.noted(f"{session.nick or session.address or 'a local socket'} ({session.door}) {how}")
            if not session.closing:
                attempt.then(found)
        finally:
            self.done(session)

    def _keys(self, session: Session, credentials: Credentials) -> tuple[str, ...]:
        """Give what wrong tries are counted under: the address, and whose password it should be.

        An account's tries are counted apart for each address from which it was proved before, or whoever is spiteful
        could keep somebody out for good by five wrong ones a minute.  A client that comes with a token that is good
        for nothing any more must not keep its person from giving the password; and nobody guesses whose certificate
        they have.
        """
        network = network_of(session.address)
        match credentials:
            case Password(name):
                pair = _pair(name, network)
                return (*([f"from {network}"] if network else []), pair if pair in self._known else f"as {fold(name)}")
            case TokenOf():
                return (f"with tokens from {network}",) if network else ()
            case Certificate():
                return ()

    def _know(self, name: str, network: str) -> None:
        """Note from where an account was proved."""
        pair = _pair(name, network)
        self._known.pop(pair, None)
        self._known[pair] = None
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]

    def _drop_old(self, hub: Hub, known: TokenOf) -> None:
        """Forget the tokens of an account that were not used for too long; note that this one is used, once a day."""
        found = self.accounts.of_token(known.token)
        if found is None:
            return
        account, key = found
        oldest = hub.stamp_at(hub.now() - TOKEN_LIFE)
        if old := [each for each, token in account.tokens.items() if token.used < oldest]:
            self.accounts.revoke(account, old)
        if key in account.tokens and account.tokens[key].used < hub.stamp_at(hub.now() - _DAY):
            account.tokens[key].used = hub.stamp()
            self.accounts.save(account)


def own_account(session: Session) -> Account:
    """Give the account that somebody is logged in to.  Raises Refused ``no-account``."""
    account = session.member.account
    if account is None:
        raise no_account()
    return account


def no_account() -> Refused:
    """Say that somebody is logged in to none."""
    return Refused("no-account", "You are not logged in. /login NICK PASSWORD does that.")


def is_private(session: Session) -> bool:
    """Say whether nobody on the network can read what a session sends: it uses TLS, or is from this machine."""
    return session.door.endswith("+tls") or not network_of(session.address)


def _wrong(credentials: Credentials) -> Refused:
    match credentials:
        case Password():
            return Refused("bad-password", WRONG.text)
        case TokenOf():
            return Refused("bad-token", "You are not logged in here any more: log in with your password.")
        case Certificate():
            return Refused(
                "bad-certificate", "Nobody has this certificate. Log in with your password, then /cert add."
            )


def _prepared(credentials: Credentials) -> Credentials | None:
    """Give credentials as they are compared; None for what could be nobody's."""
    match credentials:
        case Password(name, password):
            if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or not is_possible(password):
                return None
            return Password(name, opaque(password))
        case TokenOf(token):
            return credentials if token.isascii() and len(token) <= _LONGEST_NAME else None
        case Certificate(fingerprint, name):
            return credentials if fingerprint and len(name) <= _LONGEST_NAME else None


def _pair(name: str, network: str) -> str:
    return f"from {network} as {fold(name)}"
