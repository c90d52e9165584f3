"""Long texts in pieces: a line of IRC has 512 bytes, a message of another door 4,096, and lines of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_JOINER = "\u200d"
_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Regional indicators: two of them are a flag."""


LINES = 50
"""Lines of its own that a message has over IRC: each costs many times what it took to send it."""
_JOINED = 32
"""Marks and joiners that are kept together with what they belong to: nobody writes more of them in a row."""


@lru_cache(16)
def spoken(text: str, most: int) -> tuple[str, ...]:
    """Cut what somebody said, as `pieces` does; of more than `LINES` lines the rest stand together.

    It is remembered, for all the dialects in which a message is heard are given the same pieces.
    """
    lines = [line for line in text.split("\n") if line]
    return tuple(pieces("\n".join([*lines[: LINES - 1], " ".join(lines[LINES - 1 :])]), most))


def pieces(text: str, most: int) -> list[str]:
    """Cut a text at its newlines, and pieces of more than ``most`` bytes between words.

    A word that is too long is cut between characters, as a reader sees them: an accent or an emoji's colour stays with
    what it belongs to.  Empty lines are passed over.
    """
    if len(text) * 4 <= most and "\n" not in text:
        return [text]
    return [piece for line in text.split("\n") if line for piece in _cut(line, max(most, 4))]


def _cut(line: str, most: int) -> Iterator[str]:
    data = line.encode()
    start = 0
    while len(data) - start > most:
        seen = data[start : start + most + 4].decode(errors="ignore")  # with what comes behind the piece
        fit = len(data[start : start + most].decode(errors="ignore"))
        space = seen.rfind(" ", 0, fit + 1)
        piece = seen[:space].rstrip(" ") if space > 0 else ""
        piece = piece or seen[: _boundary(seen, fit)]
        yield piece
        start += len(piece.encode())
        while data[start : start + 1] == b" ":
            start += 1
    if start < len(data):
        yield data[start:].decode()


def _boundary(text: str, end: int) -> int:
    """Give the last place up to ``end`` where a character ends as readers see it; ``end`` where there is none."""
    for place in range(end, max(end - _JOINED, 0), -1):
        if not _belongs_together(text, place):
            return place
    return end


def _belongs_together(text: str, place: int) -> bool:
    """Say whether a character is cut at a place: the simpler rules of Unicode's UAX 29."""
    before, after = text[place - 1], text[place : place + 1]
    if before == _JOINER or after == _JOINER or after in _TONES or after in _TAGS:
        return True
    if after and after in _FLAGS and before in _FLAGS:
        return (place - len(text[:place].rstrip(_FLAGS))) % 2 == 1
    return bool(after) and unicodedata.category(after)[0] == "M"
