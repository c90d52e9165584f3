"""Long texts in pieces: a line of IRC has 512 bytes, a message of another door 4,096, and lines of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def pieces(text: str, most: int) -> list[str]:
    """Cut a text at its newlines, and pieces of more than ``most`` bytes between words; never inside a character."""
    if len(text) * 4 <= most and "\n" not in text:
        return [text]
    return [piece for line in text.split("\n") if line for piece in _cut(line, most)]


def _cut(line: str, most: int) -> Iterator[str]:
    data = line.encode()
    while len(data) > most:
        head = data[:most].decode(errors="ignore")
        space = head.rfind(" ")
        if space > 0:
            head = head[:space]
        yield head
        data = data[len(head.encode()) :].lstrip(b" ")
    if data:
        yield data.decode()


def rows(words: Iterable[str], most: int, count: int = 0) -> list[str]:
    """Put words into rows of ``most`` bytes, and of ``count`` words where that is not 0.

    A word that is longer than that has a row of its own; where there are no words there is one empty row.
    """
    found: list[list[str]] = [[]]
    size = 0
    for word in words:
        length = len(word.encode()) + 1
        if found[-1] and (size + length > most + 1 or len(found[-1]) == count):
            found.append([])
            size = 0
        found[-1].append(word)
        size += length
    return [" ".join(row) for row in found]
