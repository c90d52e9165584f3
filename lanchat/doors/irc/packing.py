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
    return [to_wire(f"{head}{row}{end}") for row in rows(words, most, between=between)]


def rows(words: Iterable[str], most: int, *, count: int = 0, between: str = " ") -> list[str]:
    """Put words into rows of ``most`` bytes, and of ``count`` words where that is not 0; none for no words.

    A word that is longer than that has a row of its own.
    """
    found: list[list[str]] = []
    size = 0
    for word in words:
        length = len(word.encode()) + len(between)
        if not found or size + length > most + len(between) or len(found[-1]) == count:
            found.append([])
            size = 0
        found[-1].append(word)
        size += length
    return [between.join(row) for row in found]
