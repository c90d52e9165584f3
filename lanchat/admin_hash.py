"""``lanchat admin-hash``: the line that makes somebody an admin of a server."""

from __future__ import annotations

from collections.abc import Callable
from getpass import getpass
from typing import TextIO

from twisted.python import usage

from lanchat.core.clean import clean
from lanchat.passwords import PasswordHash
from lanchat.usages import CommandOptions

LEAST = 8
"""Characters of a password."""
_LONGEST = 4_096
"""Characters of a line that are read."""


class PasswordError(Exception):
    """That cannot be a new password: a sentence that says why."""


class AdminHashOptions(CommandOptions):
    """The command line of ``lanchat admin-hash``."""

    synopsis = "lanchat admin-hash NAME"
    longdesc = (
        "Asks for a password, and prints the line for the file that `lanchat serve --admins FILE` names. "
        "On a pipe the password is the first line."
    )

    def parseArgs(self, name: str = "") -> None:
        """Want the name."""
        if not name or not name.isprintable() or " " in name or name.startswith("#"):
            raise usage.UsageError("Name the admin, in one word: lanchat admin-hash NAME")
        self.name = name


def run(
    options: AdminHashOptions, source: TextIO, out: TextIO, errors: TextIO, ask: Callable[[str], str] = getpass
) -> int:
    """Ask, print the line, and give the exit status."""
    try:
        password = ask_password(options.name, source, ask)
    except PasswordError as error:
        return _refuse(errors, str(error))
    if len(password) < LEAST:
        return _refuse(errors, f"A password has at least {LEAST} characters. Take a longer one.")
    if clean(password) != password or password != password.strip():
        return _refuse(errors, "That could not be typed in the chat. Take letters, digits, signs, and blanks between.")
    out.write(f"{options.name} {PasswordHash.of(password)}\n")
    return 0


def ask_password(name: str, source: TextIO, ask: Callable[[str], str] = getpass) -> str:
    """Ask for a new password, twice; on a pipe take the first line.  Raises PasswordError."""
    if not source.isatty():
        return source.readline(_LONGEST).rstrip("\r\n")
    password = ask(f"Password for {name}: ")
    if ask("Once more: ") != password:
        raise PasswordError("Those were two passwords. Type the same one twice.")
    return password


def _refuse(errors: TextIO, text: str) -> int:
    errors.write(f"lanchat: {text}\n")
    return 1
