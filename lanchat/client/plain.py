"""The client on a pipe: lines in, lines out, and an exit status for scripts.

Every line that is read is sent and acknowledged before it leaves; what goes wrong is one line on stderr each.
"""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable
from typing import Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from lanchat.client.endings import Ending
from lanchat.client.front import State
from lanchat.client.heard import Heard
from lanchat.client.input import Leave, read_line
from lanchat.client.json_text import printable
from lanchat.client.link import Link
from lanchat.client.proof import Secret
from lanchat.core.clean import decode
from lanchat.core.errors import Refused
from lanchat.core.events import Event, Handed, Told
from lanchat.core.replies import Refusal
from lanchat.core.wording import lines, mirrored
from lanchat.core.wording import own as own_words

WINDOW = 64
"""Commands that are on their way at once: more are read when some of them are acknowledged."""
STUCK = 180.0
"""Seconds without any acknowledgement after which a server that is there will not give one any more."""
_LONGEST = 1 << 20
"""Bytes of one line of input."""


class Input(Protocol):
    """Where lines come from."""

    def ask(self) -> None:
        """Want one more chunk."""
        ...


class Output(Protocol):
    """Where lines go."""

    @property
    def full(self) -> bool:
        """Whether nothing more should come."""
        ...

    def write(self, data: bytes) -> None:
        """Write."""
        ...


class Plain:
    """The front of a link on a pipe.  ``status`` is the exit status as far as it is known."""

    link: Link

    def __init__(
        self,
        source: Input,
        sink: Output,
        complain: Callable[[str], object],
        clock: IReactorTime,
        *,
        as_json: bool,
    ) -> None:
        self.status = 0
        self._source = source
        self._sink = sink
        self._complain = complain
        self._clock = clock
        self._as_json = as_json
        self._rest = b""
        self._lines: deque[bytes] = deque()
        self._asked = False
        self._at_end = False
        self._reason = ""
        self._moves = False
        self._stuck: IDelayedCall | None = None

    # -- what the link tells -----------------------------------------------------------------------------------

    def heard(self, line: bytes, heard: Heard | None, *, own: bool, quiet: bool) -> None:
        """Write what was heard."""
        if isinstance(heard, Refusal) and not quiet:
            self._refused(heard.text)
        if self._as_json:
            self._sink.write(printable(line) + b"\n")
        elif heard is not None and not quiet and not isinstance(heard, Refusal):
            talk = self.link.conversation
            if own and isinstance(heard, Event):
                text = own_words(heard)
            elif isinstance(heard, Told | Handed) and talk.is_own(heard.nick):
                text = mirrored(heard)
            else:
                text = lines(heard, aside=talk.is_aside(heard))
            if text:
                self._sink.write(text.encode() + b"\n")
        if self._sink.full:
            self.link.pause()

    def note(self, text: str) -> None:
        """Say on stderr what the client has to say."""
        self._complain(text)

    def mark(self, text: str) -> None:
        """Write a line among the others; those who read JSON are told on stderr."""
        if self._as_json:
            self._complain(text)
        else:
            self._sink.write(f"-- {text}\n".encode())

    def wants(self, secret: Secret, said: str) -> bool:
        """Nobody can be asked: what there is was tried (`Proof.has_spare`)."""
        del secret, said
        return False

    def changed(self) -> None:
        """Go on with what was read."""
        if self._stuck is not None:
            self._stuck.reset(STUCK)
        self._pump()

    def over(self, ending: Ending | None) -> None:
        """Take in how it ended."""
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        if ending is not None:
            self._refused(str(ending))
        unsent = self.link.outbox.waiting + len(self._lines)
        if unsent:
            self._refused(f"{unsent} {'lines were' if unsent > 1 else 'line was'} not sent.")
        if self.link.uncertain:
            self.status = self.status or 1

    # -- what the pipes tell -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to read: we are in."""
        self._pump()

    def got(self, data: bytes) -> None:
        """Take a chunk of input; an empty one is its end, and the last line needs no newline."""
        self._asked = False
        *whole, self._rest = (self._rest + (data or b"\n")).split(b"\n")
        self._lines.extend([line.removesuffix(b"\r") for line in whole])
        if len(self._rest) > _LONGEST:
            self._rest = b""
            self._refused("A line is too long: nothing was sent. Send it in parts.")
        if not data:
            self._at_end = True
        self._pump()

    def room(self) -> None:
        """Go on: the output has taken what waited."""
        self.link.resume()

    def broken(self, error: OSError) -> None:
        """Leave: nobody reads what we write.  What was read so far is still sent."""
        if error.errno != errno.EPIPE:
            self._refused(f"Cannot write: {error.strerror}.")
        self._at_end = True
        self._pump()

    # -- the pump ----------------------------------------------------------------------------------------------

    def _pump(self) -> None:
        """Send lines while there is room; ask for more, or leave when all is done."""
        outbox = self.link.outbox
        while self._lines and len(outbox) < WINDOW and not (self._moves and len(outbox)):
            self._moves = False
            self._take(self._lines.popleft())
        if self._lines:
            return
        if self._at_end:
            if not len(outbox):
                self.link.leave(self._reason)
            elif self._stuck is None:
                self._stuck = self._clock.callLater(STUCK, self._give_up)
        elif not self._asked and len(outbox) < WINDOW:
            self._asked = True
            self._source.ask()

    def _take(self, line: bytes) -> None:
        conversation = self.link.conversation
        try:
            asked = read_line(decode(line), conversation.view, conversation.longest)
        except Refused as refused:
            self._refused(refused.text)
            return
        if isinstance(asked, Leave):
            self._at_end, self._reason = True, asked.reason
            self._lines.clear()
        elif asked is not None:
            # The next line is said in the room that this one leads to.
            self._moves = asked.op["op"] in ("join", "part")
            self.link.send(asked)

    def _give_up(self) -> None:
        self._stuck = None
        if self.link.state is not State.UP:
            self._stuck = self._clock.callLater(STUCK, self._give_up)  # the link knows how long it waits for the line
            return
        count = len(self.link.outbox)
        self._refused(f"The server has not acknowledged {count} of the lines.")
        self.link.abort()

    def _refused(self, text: str) -> None:
        self.status = 1
        self._complain(text)
