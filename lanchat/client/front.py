"""What a link and those who show it to a person (`plain`, `terminal`) know of each other."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from lanchat.client.heard import Heard
from lanchat.client.proof import Secret


class State(Enum):
    """How the link stands."""

    CONNECTING = "connecting"
    UP = "connected"
    DOWN = "disconnected"
    LOCKED = "password wanted"
    OVER = "over"


class Front(Protocol):
    """Who shows a person what happens."""

    def heard(self, line: bytes, heard: Heard | None, *, own: bool, quiet: bool) -> None:
        """A line has come; ``own``: it answers us; ``quiet``: it repeats what a person knows."""
        ...

    def note(self, text: str) -> None:
        """The client itself has something to say."""
        ...

    def mark(self, text: str) -> None:
        """Something is to be said at this place in the talk: it stands among what is heard."""
        ...

    def wants(self, secret: Secret, said: str) -> bool:
        """The server lets us back in only with a password; say whether a person is asked (`Link.prove`)."""
        ...

    def changed(self) -> None:
        """The state is another, or something was sent or acknowledged."""
        ...
