#!/usr/bin/env python3
"""What one message costs inside of the process: parse, check, number, encode; then the flush.

    .venv/bin/python bench/delivery.py

Lines go into the `dataReceived` of the text door, of the IRC door (whose clients have asked for server-time and
message-tags), of the JSON door, and in frames of the WebSocket; what comes out goes to a transport in memory that
takes everything, so that no system call is in the figures. `heard` is the time until the event is in its hearers'
outboxes, `flushed` the time of the flush at the end of the turn. The budget for `heard` is 10 µs a message.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

from twisted.internet.task import Clock

from lanchat.core.hub import Hub
from lanchat.core.limits import Limits
from lanchat.doors.door import LineDoor
from lanchat.doors.irc.door import IrcDoor
from lanchat.doors.lines import JsonDoor
from lanchat.doors.pipe import SocketPipe
from lanchat.doors.text import TextDoor
from lanchat.doors.web.websocket import WebSocketDoor
from lanchat.stores.journal import MemoryJournal

BUDGET = 10.0
RUNS = 7
MESSAGES = 4000
LISTENERS = (1, 10, 100)
TEXT = b"the quick brown fox jumps over the lazy dog the quick brown fox "


class Talk(NamedTuple):
    """How one kind of client comes in, and says something."""

    name: str
    door: Callable[..., LineDoor]
    coming: bytes
    line: bytes
    wrapped: Callable[[bytes], bytes] = bytes
    """What goes over the wire for it."""


def web_door(factory: Any, pipe: SocketPipe, name: str, address: str, settled: Callable[[], None]) -> LineDoor:
    """A page's door, without the front door through which it comes."""
    front: Any = SimpleNamespace(factory=factory, pipe=pipe, address=address, settled=settled, secure=name != "web")
    return WebSocketDoor(front)


def frame(message: bytes) -> bytes:
    """A message of a page, masked as browsers do it."""
    mask, size = b"\x1a\x2b\x3c\x4d", len(message)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
    return b"\x81" + length + mask + bytes([byte ^ mask[number % 4] for number, byte in enumerate(message)])


TALKS = (
    Talk("text", TextDoor, b"person%d\n", TEXT + b"\n"),
    Talk(
        "irc",
        IrcDoor,
        b"CAP REQ :server-time message-tags\r\nNICK person%d\r\nUSER p 0 * :p\r\nCAP END\r\n",
        b"PRIVMSG #lobby :" + TEXT + b"\r\n",
    ),
    Talk("json", JsonDoor, b'{"op":"hello","nick":"person%d"}\n', b'{"op":"say","text":"' + TEXT + b'"}\n'),
    Talk("web", web_door, b'{"op":"hello","nick":"person%d"}', b'{"op":"say","text":"' + TEXT + b'"}', frame),
)


class Memory:
    """The transport of a reader who takes everything at once."""

    disconnecting = False

    def __init__(self) -> None:
        self.taken = 0

    def getHandle(self) -> Memory:
        return self

    def send(self, data: bytes) -> int:
        self.taken += len(data)
        return len(data)


class Turn:
    """A reactor turn, ended by hand."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        if not seconds:  # a crowd that waits to hear who comes is no part of a message
            self._waiting.append(call)

    def end(self) -> None:
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()


def settled() -> None:
    """Stands for the front door, which counts handshakes."""


def chat(people: int, talk: Talk) -> tuple[Turn, list[LineDoor]]:
    """A hub with so many people in its lobby."""
    turn, clock = Turn(), Clock()
    limits = Limits(rate=0, per_address=0)
    hub = Hub(limits, MemoryJournal(), now=time.time, later=turn.later)
    factory = SimpleNamespace(hub=hub, clock=clock, doors=set(), connections=set(), sts_port=0, spent=time.thread_time)
    doors = []
    for number in range(people):
        transport = Memory()
        door = talk.door(factory, SocketPipe(transport, clock, limits.sendq), talk.name, "127.0.0.1", settled)
        door.makeConnection(transport)
        door.dataReceived(talk.wrapped(talk.coming % number))
        turn.end()
        doors.append(door)
    return turn, doors


def measure(turn: Turn, doors: list[LineDoor], line: bytes, lines: int) -> tuple[float, float]:
    """Microseconds a message until it is heard, and for its part of the flush; so many lines in each turn."""
    speaker, chunk = doors[0], line * lines
    reader = doors[-1].pipe.transport
    before = reader.taken
    heard = flushed = 0
    for _ in range(MESSAGES // lines):
        start = time.perf_counter_ns()
        speaker.dataReceived(chunk)
        middle = time.perf_counter_ns()
        turn.end()
        heard += middle - start
        flushed += time.perf_counter_ns() - middle
    count = MESSAGES // lines * lines
    assert reader.taken - before > count * len(TEXT), "the messages did not arrive"
    return heard / count / 1e3, flushed / count / 1e3


def main() -> None:
    print(
        "| door | listeners | lines a turn | heard, µs/message | flushed, µs/message | flushed, µs/delivery | budget |"
    )
    print("|---|---|---|---|---|---|---|")
    for talk, listeners in itertools.product(TALKS, LISTENERS):
        turn, doors = chat(listeners + 1, talk)
        for lines in (1, 20):
            measure(turn, doors, talk.wrapped(talk.line), lines)  # warms up
            runs = [measure(turn, doors, talk.wrapped(talk.line), lines) for _ in range(RUNS)]
            heard, flushed = (statistics.median(values) for values in zip(*runs, strict=True))
            verdict = "kept" if heard <= BUDGET else "**exceeded**"
            each = flushed / listeners
            print(
                f"| {talk.name} | {listeners} | {lines} | {heard:.2f} | {flushed:.2f} | {each:.3f} | {verdict} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
