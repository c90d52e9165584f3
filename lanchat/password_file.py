"""The file with the password of a private server: its first line."""

from __future__ import annotations

import hmac
import stat
from pathlib import Path

from lanchat.core.opaque import is_possible, opaque

_CURE = "Name a text file whose first line is the password of this server"
_LARGEST = 65_536
"""Bytes that are looked at."""


class PasswordFileError(Exception):
    """The file cannot be used; the text is a sentence that says why and what to do."""


class PasswordFile:
    """The password in a file, until `reload` reads it again.  Raises PasswordFileError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reload()

    def reload(self) -> None:
        """Read the file again.  Raises PasswordFileError; then what was read before stays in force."""
        try:
            with self.path.open("rb") as file:
                found = file.read(_LARGEST)
            self.exposed = bool(self.path.stat().st_mode & stat.S_IROTH)
            """Whether everybody on this machine can read it."""
        except OSError as error:
            raise PasswordFileError(f"{error.strerror}. {_CURE}") from None
        try:
            password = found.split(b"\n")[0].removesuffix(b"\r").decode()
        except UnicodeDecodeError:
            raise PasswordFileError(f"that is no text. {_CURE}") from None
        if not is_possible(password) or password != password.strip():  # blanks at an end cannot be typed everywhere
            raise PasswordFileError(f"its first line is no password. {_CURE}")
        self._password = opaque(password).encode()

    def welcomes(self, password: str) -> bool:
        """Say whether it is this password, in a time that tells nothing."""
        return hmac.compare_digest(opaque(password).encode("utf-8", "surrogatepass"), self._password)
