"""Answers that name many things: as few lines as hold them, none longer than a line may be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lanchat.doors.irc.message import LINE, to_wire
from lanchat.doors.irc.numerics import Numeric

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


def packed(
    irc: IrcDoor, numeric: Numeric, *params: str, words: Iterable[str], between: str = " ", text: str = ""
) -> list[bytes]:
    """Give the lines of a numeric that names ``words``, as its last parameter or before a text; none for no words."""
    head = " ".join([f":{irc.server}", numeric.value, irc.name, *params, "" if text else ":"])
    end = f" :{text}" if text else ""
    most = LINE - len(head.encode()) - len(end.encode())
    lines: list[str] = []
    size = most + 1
    for word in words:
        length = len(word.encode()) + len(between)
        if size + length > most:
            lines.append(head + word)
            size = length
        else:
            lines[-1] += between + word
            size += length
    return [to_wire(line + end) for line in lines]
