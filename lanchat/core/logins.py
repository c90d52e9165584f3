"""Logins: how somebody comes in under an account, gets one, or gives it another password.

Nothing here knows how a password is checked or hashed: `service.py` brings that (portal.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lanchat.core import devices
from lanchat.core.accounts import Account, Accounts, Then
from lanchat.core.errors import Refused
from lanchat.core.limits import network_of
from lanchat.core.masks import ACCOUNT
from lanchat.core.opaque import opaque, unfit
from lanchat.core.proving import Check, Credentials, Password, Proving, TokenOf, no_account, own_account
from lanchat.core.session import Session
from lanchat.core.tries import Tries, too_many

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

_MADE = 10
"""Accounts that may be made from one address in an hour."""
_HOUR = 3_600.0
Hash = Callable[[str, Callable[[str | Refused], None]], None]
"""Takes a password, and whom to tell how it is written down: now or later."""


class Logins(Proving):
    """Who may log in.

    ``check`` is None where there are no accounts, ``hash_`` where no passwords are kept.  ``plain`` takes passwords
    over connections that others can read.  ``guests`` lets people in without an account, ``open_`` lets them make one.
    ``welcomes`` says whether something is the password of the whole server; None: it has none.  ``founds``: the first
    account that is made from the server's own machine, as long as no account is an admin's, is one.
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
        founds: bool = True,
    ) -> None:
        super().__init__(accounts, check, plain=plain)
        self.guests = guests
        self.open = open_ and hash_ is not None
        """Whether people may make accounts."""
        self.welcomes = welcomes
        self._founds = founds
        self._hash = hash_
        self._made = Tries(_MADE, _HOUR)
        self._coming: set[Session] = set()
        """Who has proved an account, and is not in yet."""

    @property
    def lacks_admin(self) -> bool:
        """Whether the first account that is made from the server's own machine would be an admin's."""
        return self._founds and self.open and not any(account.admin for account in self.accounts.all())

    # -- coming in -----------------------------------------------------------------------------------------

    def admit(self, hub: Hub, session: Session, password: str) -> None:
        """Let somebody come in who knows the password of the server.

        Raises Refused ``not-secure``, ``too-many-tries`` or ``bad-password``.
        """
        if self.welcomes is None or session.admitted:
            return
        if (refused := self.unsafe(session)) is not None:
            raise refused
        network = network_of(session.address)
        keys = (f"from {network}",) if network else ()
        if keys and (wait := self.tries.take(keys, hub.now())):
            raise too_many(wait)
        if not self.welcomes(opaque(password)):
            self.noted(f"{session.address or 'a local socket'} ({session.door}) does not know the server's password")
            raise Refused("bad-password", "That is not the password of this server. Ask who runs it.")
        self.tries.give_back(keys)
        session.admitted = True

    def check_entry(self, session: Session) -> None:
        """See whether somebody may come in who wants to.  Raises Refused ``no-password`` or ``no-guests``."""
        account = session.account
        if account is not None and self.accounts.find(account.name) is account:
            return
        session.account = None  # it was reset or removed since they have proved it
        if self.welcomes is not None and not session.admitted:
            raise Refused("no-password", "This server is private. Give its password first: /password PASSWORD")
        if not self.guests:
            raise Refused("no-guests", "Only who has an account may come in here: /login NICK PASSWORD")

    # -- logging in and out --------------------------------------------------------------------------------

    def login(self, hub: Hub, session: Session, credentials: Credentials, then: Then) -> None:
        """Log somebody in, whether they are in the chat or not yet, and tell ``then`` what is refused, or None.

        Who is in the chat is called as their account from then on, and is one with their other sessions.
        Refused ``logged-in``, ``banned``, ``too-many-devices``, or as `prove` does.
        """
        if session.account is not None:
            then(Refused("logged-in", f"You are logged in as {session.account.name} already. /logout ends that."))
            return

        def proved(found: Account | Refused) -> None:
            if isinstance(found, Refused):
                then(found)
                return
            if session.present and not found.admin:
                try:
                    hub.server_bans.check([ACCOUNT + found.name])
                except Refused as refused:
                    then(refused)
                    return
            session.account = found
            if not session.present:
                self._coming = {each for each in self._coming if not (each.present or each.closing)} | {session}
            if isinstance(credentials, TokenOf) and (known := self.accounts.of_token(credentials.token)):
                session.token = known[1]
            try:
                if session.present:
                    devices.identify(hub, session)
            except Refused as refused:
                then(refused)
            else:
                then(None)

        self.prove(hub, session, credentials, proved)

    def logout(self, hub: Hub, session: Session, *, everywhere: bool = False) -> None:
        """End a session and forget its token; ``everywhere``: those of all devices.  Raises Refused ``no-account``."""
        account = own_account(session)
        self.accounts.revoke(account, account.tokens if everywhere else (session.token,))
        self.noted(f"{account.name} logs out")
        if everywhere:
            self._turn_back(account)
        devices.expel(hub, session.member.sessions if everywhere else [session], "logged out", "You are logged out.")

    # -- accounts ------------------------------------------------------------------------------------------

    def register(self, hub: Hub, session: Session, password: str, then: Then) -> None:
        """Make an account of the nick that somebody has, and log them in to it.

        The first one that is made from the server's own machine, as long as it has no admin, is an admin's.
        Refused ``logged-in``, ``closed``, ``not-secure``, ``bad-new-password``, ``nick-registered``,
        ``too-many-tries``, ``busy``, ``renamed`` or ``not-saved``.
        """
        member = session.member
        if member.account is not None:
            then(Refused("logged-in", f"You are logged in as {member.nick} already. /passwd changes the password."))
            return
        if not self.open:
            then(closed())
            return
        if (refused := self.unsafe(session) or unfit(password)) is not None:
            then(refused)
            return
        network, nick = network_of(session.address), member.nick
        if network and self._made.take((network,), hub.now()):
            then(Refused("too-many-tries", f"At most {_MADE} accounts an hour are made from one address. Wait."))
            return
        if (refused := self.ask(session)) is not None:
            then(refused)
            return

        def hashed(written: str | Refused) -> None:
            if isinstance(written, Refused) or not session.present:
                end(written if isinstance(written, Refused) else no_account())
                return
            if member.nick != nick:
                end(Refused("renamed", f"You are {member.nick} by now. Type /register again if that is fine."))
                return
            admin = not network and self.lacks_admin
            account = Account(name=nick, created=hub.stamp(), password=written, admin=admin)
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
                self.done(session)

        assert self._hash is not None
        self._hash(opaque(password), hashed)

    def change_password(self, hub: Hub, session: Session, old: str, new: str, then: Then) -> None:
        """Give an account another password, and log out all its other devices.

        Refused ``no-account``, ``not-ours``, ``bad-new-password``, ``not-saved``, or as `prove` does.
        """
        account = session.member.account
        if account is None:
            then(no_account())
            return
        if self._hash is None or not account.password:
            text = "Your password is not kept on this server. Change it where you got it, or ask who runs the server."
            then(Refused("not-ours", text))
            return
        if (refused := unfit(new)) is not None:
            then(refused)
            return
        hash_ = self._hash

        def proved(found: Account | Refused) -> None:
            refused = found if isinstance(found, Refused) else self.ask(session)
            if refused is None:
                hash_(opaque(new), hashed)
            else:
                then(refused)

        def hashed(written: str | Refused) -> None:
            if isinstance(written, Refused):
                end(written)
                return
            before = account.password, account.tokens
            account.password = written
            account.tokens = {key: token for key, token in account.tokens.items() if key == session.token}

            def kept(refused: Refused | None) -> None:
                if refused is not None and account.password == written:
                    account.password, account.tokens = before
                    self.accounts.save(account)
                    refused = Refused(
                        "not-saved", "The new password could not be saved, so the old one stays. Try again later."
                    )
                end(refused)

            self.accounts.save(account, kept)

        def end(refused: Refused | None) -> None:
            try:
                if refused is None:
                    self.noted(f"{account.name} has another password")
                    devices.log_out(hub, account, "The password was changed. Log in again.", but=session)
                    self._turn_back(account)
                if not session.closing:
                    then(refused)
            finally:
                self.done(session)

        self.prove(hub, session, Password(account.name, old), proved)

    def _turn_back(self, account: Account) -> None:
        """Let those be nobody again who have proved an account and are not in yet."""
        for each in self._coming:
            if each.account is account and not each.present:
                each.account, each.token = None, ""


def closed() -> Refused:
    """Say that people make no accounts here."""
    return Refused("closed", "Accounts are made by who runs this server. Ask them for one.")
