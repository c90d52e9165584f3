"""What brings us back to our accounts without a password: ``SERVER ACCOUNT TOKEN``, one a line, the latest last.

A server is called by what nobody else can have in its place: its key, where it uses TLS (`Reach.identity`).  The file
is for its user alone; what is no entry in it is passed over.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from urllib.parse import quote, unquote

from lanchat.client.places import replace_lines
from lanchat.core.names import fold

KEPT = 100
"""Logins that are kept."""
_LARGEST = 256 << 10
"""Bytes of the file that are read."""
_LONGEST = 512
"""Characters of the name of a server or an account."""
_TOKEN = re.compile("[A-Za-z0-9._~+/=-]{8,256}")
Entry = tuple[str, str, str]


class KnownLogins:
    """The file of tokens.  It is read anew each time: another client may have written it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, server: str, nick: str) -> str:
        """Give the token for an account; empty where there is none.  Raises OSError."""
        found = [token for name, account, token in self._entries() if name == server and fold(account) == fold(nick)]
        return found[-1] if found else ""

    def last(self, server: str) -> str:
        """Give the account that was last logged in to at a server; empty where there is none.  Raises OSError."""
        found = [account for name, account, _ in self._entries() if name == server]
        return found[-1] if found else ""

    def remember(self, server: str, account: str, token: str) -> None:
        """Keep a token, instead of the one before it.  What is too long for one is not kept.  Raises OSError."""
        if _TOKEN.fullmatch(token) and 0 < len(account) <= _LONGEST and 0 < len(server) <= _LONGEST:
            self._write([*self._others(server, account), (server, account, token)])

    def forget(self, server: str, account: str = "") -> bool:
        """Drop the token of an account, or all of a server; say whether there was one.  Raises OSError."""
        entries, kept = self._entries(), self._others(server, account)
        if len(kept) == len(entries):
            return False
        self._write(kept)
        return True

    def _others(self, server: str, account: str) -> list[Entry]:
        return [
            entry for entry in self._entries() if entry[0] != server or (account and fold(entry[1]) != fold(account))
        ]

    def _entries(self) -> list[Entry]:
        found: list[Entry] = []
        for line in self._read().split("\n"):
            match line.split(" "):
                case [server, account, token] if _TOKEN.fullmatch(token):
                    found.append((unquote(server), unquote(account), token))
                case _:
                    pass
        return found[-KEPT:]

    def _read(self) -> str:
        """Give the text of the file, which others cannot read from here on; nothing of one that others could write."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return ""
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
                return ""
            if found.st_mode & 0o077:
                os.fchmod(descriptor, 0o600)
            return file.read(_LARGEST).decode("ascii", "replace")

    def _write(self, entries: list[Entry]) -> None:
        lines = [f"{quote(server, ':/[]+=')} {quote(account, '')} {token}" for server, account, token in entries]
        replace_lines(self.path, lines[-KEPT:])
