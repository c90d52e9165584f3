"""Long texts in pieces: a line of IRC has 512 bytes, a message of another door 4,096, and lines of its own."""

from __future__ import annotations

from collections.abc import Iterator


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
