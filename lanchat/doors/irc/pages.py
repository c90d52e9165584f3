"""Pages of what was said before: kept events as lines, in a batch as far as the client knows batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from lanchat.core.events import AnyEvent, Deleted, Joined

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

LARGEST = 1 << 17
"""Bytes of one page at most, before and after where it begins, but for a single message."""


def in_batch(irc: IrcDoor, kind: Sequence[str], write: Callable[[str], Iterable[bytes]]) -> bytes:
    """Give lines in a batch (ircv3.net/specs/extensions/batch), as far as the client knows batches.

    ``write`` gives the lines with the tags that it is given; ``kind`` is the kind of the batch, and its parameters.
    """
    if "batch" not in irc.has:
        return b"".join(write(""))
    name = irc.new_batch()
    opened, closed = irc.line("BATCH", f"+{name}", *kind), irc.line("BATCH", f"-{name}")
    return b"".join([opened, *write(f"batch={name}"), closed])


def page(
    irc: IrcDoor,
    target: str,
    older: Sequence[AnyEvent],
    newer: Sequence[AnyEvent] = (),
    *,
    most: int = 0,
) -> bytes:
    """Give kept events as a batch, each of them whole.

    What is more than ``most`` bytes (`LARGEST`) is left out: of ``older`` the oldest, of ``newer`` the newest.
    """

    def encode(event: AnyEvent, tags: str) -> bytes:
        if isinstance(event, Deleted):  # what it took away is not there, and nobody has to be told
            return b""
        lines = irc.voice.shared.lines(event, tags)
        if isinstance(event, Joined):  # who is away now was not so then
            return lines[: lines.index(b"\n") + 1]
        return lines

    def write(tags: str) -> list[bytes]:
        said = fitting((encode(event, tags) for event in reversed(older)), most or LARGEST)
        return said[::-1] + fitting((encode(event, tags) for event in newer), most or LARGEST)

    return in_batch(irc, ("chathistory", target), write)


def fitting(lines: Iterable[bytes], most: int) -> list[bytes]:
    """Give as many of these as have ``most`` bytes together, and the first in any case."""
    found: list[bytes] = []
    size = 0
    for each in lines:
        size += len(each)
        if found and size > most:
            break
        found.append(each)
    return found
