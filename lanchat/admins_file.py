"""The file of admins: lines ``NAME HASH``, as ``lanchat admin-hash NAME`` prints them; ``#`` begins a comment."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

from lanchat.core.names import fold
from lanchat.passwords import PasswordHash

_CURE = "Name a file with lines of `lanchat admin-hash NAME`"
_NOBODY = PasswordHash.nobody()
"""The hash for names that there are not."""


class AdminsFileError(Exception):
    """The file cannot be used; the text is a sentence that says where and what to do."""


class AdminsFile:
    """The admins in a file, until `reload` reads it again.  Raises AdminsFileError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reload()

    def reload(self) -> None:
        """Read the file again.  Raises AdminsFileError; then what was read before stays in force."""
        try:
            text = self.path.read_text("utf-8")
            self.exposed = bool(self.path.stat().st_mode & stat.S_IROTH)
            """Whether everybody on this machine can read it."""
        except OSError as error:
            raise AdminsFileError(f"{error.strerror}. {_CURE}") from None
        except UnicodeDecodeError:
            raise AdminsFileError(f"that is no text. {_CURE}") from None
        self._hashes = _read(text)

    def find(self, name: str) -> PasswordHash:
        """Give the hash for a name; for one that is not there another that costs as much and that no password has."""
        known = self._hashes.get(fold(name))
        if known is None:
            like = max(self._hashes.values(), key=lambda each: each.cost, default=_NOBODY)
            known = replace(like, salt=_NOBODY.salt, key=_NOBODY.key)
        return known


def _read(text: str) -> dict[str, PasswordHash]:
    found: dict[str, PasswordHash] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            name, written = words
            known = PasswordHash.read(written)
        except ValueError:
            cure = f"`lanchat admin-hash {words[0]}` makes it" if words[0].isprintable() else "it has to be NAME HASH"
            raise AdminsFileError(f"line {number} is no name with the hash of a password. {cure}") from None
        if fold(name) in found:
            raise AdminsFileError(f"line {number} names {name} a second time. Leave one of the two")
        found[fold(name)] = known
    return found
