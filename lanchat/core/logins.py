"""Logins: how somebody proves that an account is theirs, gets one, or gives it another password.

Nothing here knows how a password is checked or hashed: `service.py` brings that (portal.py).  Both take their time,
and until they are done nothing more is heard from the session.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from lanchat.core import devices
from lanchat.core.accounts import Account, Accounts, Then
from lanchat.core.errors import Refused
from lanchat.core.limits import network_of
from lanchat.core.names import fold
from lanchat.core.replies import Closed
from lanchat.core.session import Session
from lanchat.core.tries import Tries

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

LEAST = 8
"""Characters of a password."""
LONGEST = 1024
"""Characters of a password at most: whoever checks it has to go through all of them."""
_MADE = 10
"""Accounts that may be made from one address in an hour."""
_HOUR = 3_600.0


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
Hash = Callable[[str, Callable[[str | Refused], None]], None]
"""Takes a password, and whom to tell how it is written down: now or later."""
Proved = Callable[[Account | Refused], object]
WRONG = Refused("bad-password", "There is no such name, or another password.")


class Logins:
    """Who may log in.

    ``check`` and ``hash_`` are None where there are no accounts.  ``plain`` takes passwords over connections that
    others can read.  ``guests`` lets people in without an account, ``open_`` lets them make one.  ``welcomes`` says
    whether something is the password of the whole server; None: it has none.
    """

    def __init__(
        self,
        accounts: Accounts,
        check: Check | None = None,
        hash_: Hash | None = None,
        *,
        plain: bool = False,
        guests: bool = True,
        open_: bool = True,
        welcomes: Callable[[str], bool] | None = None,
    ) -> None:
        self.accounts = accounts
        self.noted: Callable[[str], object] = str
        """Told who logs in and who does not, a line each: the log's way in."""
        self.guests = guests
        self.open = open_ and hash_ is not None
        """Whether people may make accounts."""
        self.welcomes = welcomes
        self._check = check
        self._hash = hash_
        self._plain = plain
        self._tries = Tries()
        self._made = Tries(_MADE, _HOUR)
        self._under_way: Counter[str] = Counter()
        self._waiting: deque[_Attempt] = deque()

    @property
    def there(self) -> bool:
        """Whether there are accounts at all."""
        return self._check is not None

    # -- proving -------------------------------------------------------------------------------------------

    def prove(self, hub: Hub, session: Session, credentials: Credentials, then: Proved) -> None:
        """Find out whose account it is, and tell ``then``, or what is refused; nobody when the session is gone.

        Refused ``no-accounts``, ``not-secure``, ``too-many-tries`` or ``bad-password``.
        """
        if self._check is None:
            then(Refused("no-accounts", "This server has no accounts."))
        elif (refused := self._unsafe(session)) is not None:
            then(refused)
        else:
            session.hold()
            keys = _keys(session, credentials)
            self._attempt(hub, _Attempt(session, credentials, keys, then))

    def _attempt(self, hub: Hub, attempt: _Attempt) -> None:
        """Check credentials, unless too many were wrong; while others of the same kind are checked, wait for them."""
        wait = self._tries.take(attempt.keys, hub.now()) if attempt.keys else 0.0
        if wait and any(self._under_way[key] for key in attempt.keys):
            self._waiting.append(attempt)
            return
        if wait:
            text = f"Too many passwords were tried. Wait {ceil(wait)} seconds, and try again."
            self._answer(attempt, Refused("too-many-tries", text))
            return
        self._under_way.update(attempt.keys)

        def checked(proved: str | Refused) -> None:
            self._under_way.subtract(attempt.keys)
            self._under_way += Counter()  # drops what is nothing
            if isinstance(proved, str):
                self._tries.give_back(attempt.keys)
            account = proved if isinstance(proved, Refused) else self.accounts.find(proved) or WRONG
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
            session.release()

    def admit(self, hub: Hub, session: Session, password: str) -> None:
        """Let somebody come in who knows the password of the server.

        Raises Refused ``not-secure``, ``too-many-tries`` or ``bad-password``.
        """
        if self.welcomes is None or session.admitted:
            return
        if (refused := self._unsafe(session)) is not None:
            raise refused
        network = network_of(session.address)
        keys = (f"from {network}",) if network else ()
        if keys and (wait := self._tries.take(keys, hub.now())):
            raise Refused("too-many-tries", f"Too many passwords were tried. Wait {ceil(wait)} seconds.")
        if not self.welcomes(password):
            raise Refused("bad-password", "That is not the password of this server. Ask who runs it.")
        self._tries.give_back(keys)
        session.admitted = True

    def check_entry(self, session: Session) -> None:
        """See whether somebody may come in who wants to.  Raises Refused ``no-password`` or ``no-guests``."""
        if session.account is not None:
            return
        if self.welcomes is not None and not session.admitted:
            raise Refused("no-password", "This server is private. Give its password first: /password PASSWORD")
        if not self.guests:
            raise Refused("no-guests", "Only who has an account may come in here: /login NICK PASSWORD")

    # -- logging in and out --------------------------------------------------------------------------------

    def login(self, hub: Hub, session: Session, credentials: Credentials, then: Then) -> None:
        """Log somebody in, whether they are in the chat or not yet, and tell ``then`` what is refused, or None.

        Who is in the chat is called as their account from then on, and is one with their other sessions.
        Refused ``logged-in`` or as `prove` does.
        """
        if session.account is not None:
            then(Refused("logged-in", f"You are logged in as {session.account.name} already. /logout ends that."))
            return

        def proved(found: Account | Refused) -> None:
            if isinstance(found, Refused):
                then(found)
                return
            session.account = found
            if isinstance(credentials, TokenOf) and (known := self.accounts.of_token(credentials.token)):
                session.token = known[1]
            if session.present:
                devices.identify(hub, session)
            then(None)

        self.prove(hub, session, credentials, proved)

    def logout(self, hub: Hub, session: Session, *, everywhere: bool = False) -> None:
        """End a session and forget its token; ``everywhere``: those of all devices.  Raises Refused ``no-account``."""
        account = _account(session)
        self.accounts.revoke(account, account.tokens if everywhere else (session.token,))
        self.noted(f"{account.name} logs out")
        for each in list(session.member.sessions) if everywhere else [session]:
            each.tell(Closed(ref=each.ref, text="You are logged out."))
            hub.leave(each, "logged out")
            each.close()

    # -- accounts ------------------------------------------------------------------------------------------

    def register(self, hub: Hub, session: Session, password: str, then: Then) -> None:
        """Make an account of the nick that somebody has, and log them in to it.

        The first one that is made from the server's own machine, as long as it has no admin, is an admin's.
        Refused ``logged-in``, ``no-accounts``, ``closed``, ``not-secure``, ``bad-new-password``, ``nick-registered``,
        ``too-many-tries`` or ``not-saved``.
        """
        member = session.member
        if member.account is not None:
            then(Refused("logged-in", f"You are logged in as {member.nick} already. /passwd changes the password."))
            return
        if not self.open:
            then(Refused("closed", "Accounts are made by who runs this server. Ask them for one."))
            return
        if (refused := self._unsafe(session) or unfit(password)) is not None:
            then(refused)
            return
        network = network_of(session.address)
        if network and self._made.take((network,), hub.now()):
            then(Refused("too-many-tries", f"At most {_MADE} accounts an hour are made from one address. Wait."))
            return

        def hashed(written: str | Refused) -> None:
            if isinstance(written, Refused) or not session.present:
                end(written if isinstance(written, Refused) else WRONG)
                return
            first = not network and not any(account.admin for account in self.accounts.all())
            account = Account(name=member.nick, created=hub.stamp(), password=written, admin=first)
            try:
                self.accounts.add(account, lambda refused: kept(account, refused))
            except Refused as refused:
                end(refused)

        def kept(account: Account, refused: Refused | None) -> None:
            if refused is None:
                self.noted(f"{account.name} is registered{', and the first admin' if account.admin else ''}")
                if session.present:
                    session.account = account
                    devices.identify(hub, session)
            end(refused)

        def end(refused: Refused | None) -> None:
            try:
                if not session.closing:
                    then(refused)
            finally:
                session.release()

        session.hold()
        assert self._hash is not None
        self._hash(password, hashed)

    def change_password(self, hub: Hub, session: Session, old: str, new: str, then: Then) -> None:
        """Give an account another password, and log out all its other devices.

        Refused ``no-account``, ``bad-new-password``, ``not-saved``, or as `prove` does.
        """
        account = session.member.account
        if account is None or self._hash is None:
            then(Refused("no-account", "You are not logged in. /login NICK PASSWORD does that."))
            return
        if (refused := unfit(new)) is not None:
            then(refused)
            return
        hash_ = self._hash

        def proved(found: Account | Refused) -> None:
            if isinstance(found, Refused):
                then(found)
                return
            session.hold()
            hash_(new, hashed)

        def hashed(written: str | Refused) -> None:
            if isinstance(written, Refused):
                end(written)
                return
            account.password = written
            account.tokens = {key: token for key, token in account.tokens.items() if key == session.token}
            self.accounts.save(account, end)

        def end(refused: Refused | None) -> None:
            try:
                if refused is None:
                    self.noted(f"{account.name} has another password")
                    for each in list(session.member.sessions) if session.present else []:
                        if each is not session:
                            each.tell(Closed(text="The password was changed. Log in again."))
                            hub.leave(each, "logged out")
                            each.close()
                if not session.closing:
                    then(refused)
            finally:
                session.release()

        self.prove(hub, session, Password(account.name, old), proved)

    def _unsafe(self, session: Session) -> Refused | None:
        """Say why no password is taken from a session; None when it may send one."""
        if self._plain or is_private(session):
            return None
        return Refused("not-secure", "Others could read the password on this connection. Use TLS.")


class _Attempt(NamedTuple):
    session: Session
    credentials: Credentials
    keys: tuple[str, ...]
    """What wrong ones are counted under."""
    then: Proved


def _keys(session: Session, credentials: Credentials) -> tuple[str, ...]:
    """Give what a wrong try is counted under: the address, and whose password it should be."""
    network = network_of(session.address)
    keys = [f"from {network}"] if network else []
    if isinstance(credentials, Password):
        keys.append(f"as {fold(credentials.name)}")
    return tuple(keys)


def _account(session: Session) -> Account:
    account = session.member.account
    if account is None:
        raise Refused("no-account", "You are not logged in. /login NICK PASSWORD does that.")
    return account


def unfit(password: str) -> Refused | None:
    """Say why something cannot be a new password; None when it can."""
    if len(password) < LEAST:
        return Refused("bad-new-password", f"A password has at least {LEAST} characters. Take a longer one.")
    if len(password) > LONGEST:
        return Refused("bad-new-password", f"A password has at most {LONGEST:,} characters. Take a shorter one.")
    if password != password.strip() or not password.isprintable():
        return Refused("bad-new-password", "A password has letters, digits, signs, and blanks only between them.")
    return None


def is_private(session: Session) -> bool:
    """Say whether nobody on the network can read what a session sends: it uses TLS, or is from this machine."""
    return session.door.endswith("+tls") or not network_of(session.address)
