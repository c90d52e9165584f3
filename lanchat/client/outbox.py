"""What a person typed, on its way: waiting for the line, or sent and not yet acknowledged.

What was sent and not acknowledged when the line dropped may have arrived or not.  It is sent again under the same
reference, before anything that was typed later: the server knows by the reference which messages it has, and says
none of them twice.  Where it cannot know that, because its memory is another one, messages are given back
instead.  All other commands do no harm when they are done twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from lanchat.client.heard import Heard
from lanchat.core.names import fold

MESSAGES = frozenset({"say", "me", "msg", "reply"})
"""Commands that others would hear twice."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One command: the JSON object without its reference, and what was typed for it, without any password."""

    op: dict[str, str]
    typed: str
    secret: bool = field(default=False, kw_only=True)
    """Whether there is a password in it: it is never sent twice, and never later."""
    then: Callable[[Heard], bool] | None = field(default=None, compare=False)
    """Takes the answer; says whether a person need not see it."""

    @property
    def words(self) -> tuple[str, str, str]:
        """What it says: the command, the room or the person, folded, and the text."""
        return self.op["op"], fold(self.op.get("room") or self.op.get("nick", "")), self.op.get("text", "")


class Outbox:
    """Commands in order.  ``most`` is how many there may be, waiting and unacknowledged together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._last = 0
        self._waiting: deque[tuple[str, Asked]] = deque()
        self._sent: dict[str, Asked] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._sent)

    @property
    def waiting(self) -> int:
        """How many were not sent yet."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether there is room for no more."""
        return len(self) >= self._most

    def put(self, asked: Asked) -> None:
        """Add a command behind all others, under a reference of its own."""
        self._last += 1
        self._waiting.append((str(self._last), asked))

    def take(self) -> list[dict[str, object]]:
        """Give the objects that are to be sent now: from here on they count as sent."""
        taken = list(self._waiting)
        self._waiting.clear()
        self._sent.update(taken)
        return [{**asked.op, "ref": ref} for ref, asked in taken]

    def awaits(self, ref: str) -> bool:
        """Say whether a command was sent under this reference and is not acknowledged."""
        return ref in self._sent

    def says(self, op: str, to: str, text: str) -> bool:
        """Say whether these words for a room, or for somebody, were sent and are not acknowledged."""
        return (op, fold(to), text) in [asked.words for asked in self._sent.values()]

    def acknowledge(self, ref: str) -> Asked | None:
        """Note that the server has answered a command, and give it, if it was one of these."""
        return self._sent.pop(ref, None)

    def forget(self, op: str, to: str, text: str) -> None:
        """Note that words have arrived, and were taken away again: they are not to be said once more."""
        self._sent = {ref: asked for ref, asked in self._sent.items() if asked.words != (op, fold(to), text)}

    def settle(self, *ops: str) -> None:
        """Note that commands are answered, by an answer that names no reference."""
        self._sent = {ref: asked for ref, asked in self._sent.items() if asked.op["op"] not in ops}

    def again(self, *, known: bool) -> list[Asked]:
        """Let what was sent and not acknowledged wait again, before all that waits already: the line is back.

        ``known`` is whether the server knows messages again by their references.  If not, they are given back and
        forgotten, as what holds a password always is.
        """
        lost = [asked for asked in self._sent.values() if asked.secret or (not known and asked.op["op"] in MESSAGES)]
        back = [(ref, asked) for ref, asked in self._sent.items() if asked not in lost]
        self._waiting.extendleft(reversed(back))
        self._sent.clear()
        return lost

    def give_back(self) -> list[Asked]:
        """Give what was sent and not acknowledged, and forget it: it is over."""
        lost = list(self._sent.values())
        self._sent.clear()
        return lost
