"""``--auth``: whom to ask whether a name and a password belong together (twisted.cred.strcred)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from twisted.cred import strcred
from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.credentials import IUsernamePassword

OURS = "accounts"
"""What stands for the accounts of this server."""


class AuthError(Exception):
    """Nobody can be asked so; the text says why and what to do."""


class Auth(NamedTuple):
    """Whom to ask: the accounts of this server (``ours``), and these checkers besides or instead."""

    ours: bool = True
    others: tuple[Any, ...] = ()

    @classmethod
    def read(cls, descriptions: Sequence[str]) -> Auth:
        """Read what stands behind each ``--auth``; without any it is our accounts.  Raises AuthError."""
        if not descriptions:
            return cls()
        return cls(OURS in descriptions, tuple(_checker(each) for each in descriptions if each != OURS))


def kinds() -> list[str]:
    """Give the kinds of checkers that are installed and can check a password."""
    found: Any = strcred.findCheckerFactories()
    return [OURS, *sorted({each.authType for each in found if IUsernamePassword in each.credentialInterfaces})]


def _checker(description: str) -> Any:
    kind, _, rest = description.partition(":")
    if kind == "file" and rest and not Path(rest).is_file():
        raise AuthError("there is no such file. Name one with lines NAME:PASSWORD")
    try:
        checker: Any = strcred.makeChecker(description)
    except strcred.InvalidAuthType:
        raise AuthError(f"there is no such kind. Take one of {', '.join(kinds())}; --help-auth says more") from None
    except Exception as error:  # a plugin may raise whatever it likes
        raise AuthError(
            f"{str(error) or type(error).__name__}. --help-auth-type {kind} says how it is written"
        ) from error
    if IUsernamePassword not in checker.credentialInterfaces:
        raise AuthError(f"it checks no passwords. Take one of {', '.join(kinds())}")
    if isinstance(
        checker, InMemoryUsernamePasswordDatabaseDontUse
    ):  # Twisted 26.10 fills it with str, and asks in bytes
        checker.users = {_bytes(name): _bytes(password) for name, password in checker.users.items()}
    return checker


def _bytes(part: bytes | str) -> bytes:
    return part.encode() if isinstance(part, str) else part
