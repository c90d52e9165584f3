"""The keys of servers that were trusted once: ``HOST:PORT SHA256:…``, one a line.

A server whose key is not here is unknown, and somebody has to be asked; one that shows another key than the
one here is refused, until the line is forgotten.
"""

from __future__ import annotations

from pathlib import Path

from lanchat.client.places import replace_lines


class KnownServers:
    """The file of trusted keys.  It is read anew each time: another client may have written it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, server: str) -> str | None:
        """Give the fingerprint of a server's key, or None for one that is not known.  Raises OSError."""
        for line in self._lines():
            match line.split():
                case [name, fingerprint, *_] if name == server:
                    return fingerprint
        return None

    def remember(self, server: str, fingerprint: str) -> None:
        """Trust this key of a server from now on.  Raises OSError."""
        others = [line for line in self._lines() if line.split()[:1] != [server]]
        replace_lines(self.path, [*others, f"{server} {fingerprint}"])

    def forget(self, server: str) -> bool:
        """Trust no key of a server any more, and say whether there was one.  Raises OSError."""
        lines = self._lines()
        kept = [line for line in lines if line.split()[:1] != [server]]
        if len(kept) == len(lines):
            return False
        replace_lines(self.path, kept)
        return True

    def _lines(self) -> list[str]:
        try:
            return self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
