"""How one person proves to one server who they are: a token of before, or a password that was just given.

A hello has one of them at most.  Nothing of it is sent to a server that cannot be told from another one
(`Reach.identity`) unless a person has typed it for this very connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from lanchat.client.known_logins import KnownLogins


class Secret(Enum):
    """What a server wants to be told; the value is the field of a hello."""

    PASSWORD = "password"  # noqa: S105 - the name of a field
    """That of the account."""
    SERVER_PASSWORD = "server_password"  # noqa: S105 - the same
    """That of the whole server, which is a private one."""


VARIABLES = {"LANCHAT_PASSWORD": Secret.PASSWORD, "LANCHAT_SERVER_PASSWORD": Secret.SERVER_PASSWORD}
"""Where a program says them: in the environment, which others cannot read as they can a command line."""
_WANTED = {
    "nick-registered": Secret.PASSWORD,
    "no-guests": Secret.PASSWORD,
    "no-password": Secret.SERVER_PASSWORD,
}


AGAIN = frozenset({"bad-password", "too-many-tries", "busy", "no-login"})
"""What says that something was not taken, and may be given once more."""


class Proof:
    """What is shown to one server.

    ``identity`` gives who the server has to be, or nothing where it may be anybody; ``spare`` are the secrets that
    are used without asking anybody.
    """

    def __init__(
        self,
        logins: KnownLogins | None = None,
        identity: Callable[[], str] = str,
        spare: Mapping[Secret, str] | None = None,
    ) -> None:
        self.trouble: Callable[[str], object] = str
        """Told what cannot be kept."""
        self._logins = logins
        self._identity = identity
        self._spare = spare or {}
        self._tried: set[Secret] = set()
        """Those of them that were sent, and not taken since."""
        self._given: dict[Secret, str] = {}
        self._sent: Secret | None = None
        self._account = ""
        self._dropped: set[str] = set()
        """Tokens that are good for nothing any more, though they could perhaps not be forgotten."""

    def give(self, secret: Secret, value: str) -> None:
        """Take what a person has typed."""
        self._given[secret] = value

    def hello(self, nick: str) -> dict[str, str]:
        """Give what a hello under this nick has besides."""
        self._sent = None
        token = "" if Secret.PASSWORD in self._given else self._token(nick)
        if token:
            return {"token": token}
        for secret in Secret:
            if secret in self._given:
                self._sent = secret
                return {secret.value: self._given[secret]}
        return {}

    def wanted(self, code: str) -> Secret | None:
        """Say what a refused hello wants to be told; nothing where it is refused for another reason."""
        if code in AGAIN:
            wanted = self._sent
            self._given.pop(wanted or Secret.PASSWORD, None)
        else:
            wanted = _WANTED.get(code)
        return wanted

    def has_spare(self, secret: Secret) -> bool:
        """Take a secret that nobody has to be asked for, and say whether there is one; each is tried once."""
        if secret in self._tried or not self._spare.get(secret):
            return False
        self._tried.add(secret)
        self._given[secret] = self._spare[secret]
        return True

    def taken(self) -> None:
        """Note that we are in: a password is not needed any more."""
        self._tried.clear()
        self._given.pop(Secret.PASSWORD, None)
        if not self._identity():
            self._given.clear()

    def logged_in(self, account: str, token: str) -> None:
        """Note whose account we are logged in to, and remember the token, if there is a new one."""
        self._account = account
        identity = self._identity()
        if token and identity and self._logins is not None:
            self._keep(lambda logins: logins.remember(identity, account, token))

    def last(self) -> str:
        """Give the account that was logged in to last; empty where none is known."""
        identity = self._identity()
        if not identity or self._logins is None:
            return ""
        try:
            return self._logins.last(identity)
        except OSError:
            return ""

    def forget(self, nick: str = "") -> None:
        """Forget the token of an account: of the one that we are logged in to, if none is named."""
        account = nick or self._account
        identity = self._identity()
        self._dropped.add(self._token(account))
        if account and identity:
            self._keep(lambda logins: logins.forget(identity, account))

    def _token(self, nick: str) -> str:
        identity = self._identity()
        if not identity or self._logins is None:
            return ""
        try:
            token = self._logins.find(identity, nick)
        except OSError:
            return ""
        return "" if token in self._dropped else token

    def _keep(self, change: Callable[[KnownLogins], object]) -> None:
        if self._logins is None:
            return
        try:
            change(self._logins)
        except OSError as error:
            self.trouble(f"The login cannot be kept in {self._logins.path} ({error.strerror}).")
