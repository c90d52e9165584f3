"""The wire of IRC: one message is one line.

    [@tags] [:source] COMMAND [parameter]... [:last parameter]

As modern.ircdocs.horse has it ("Message Format"), with IRCv3's message tags (ircv3.net/specs/extensions/message-tags).
It knows bytes and words, and nothing of what they mean.  (The library irctokens was read for it and left: it has no
limits, fails on an empty line, takes quadratic time for the escapes of a tag, and has had no release since 2022.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

LINE = 510
"""Bytes of a message without its tags and its end (RFC 2812, section 2.3)."""
CLIENT_TAGS = 4096
"""Bytes of the tags that a client may send, with the ``@`` and the space."""
PARAMETERS = 15
"""Parameters of a message at most."""
_NAME = 59
"""Characters of the server's name that IRC clients are shown, besides its ending."""
_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPED = {meant: f"\\{written}" for written, meant in _ESCAPES.items()}
_TO_ESCAPE = re.compile(r"[;\s\\]")
_TO_UNESCAPE = re.compile(r"\\(.?)", re.DOTALL)


class Message(NamedTuple):
    """One message: the command in capitals; a tag without a value has an empty one."""

    command: str
    params: list[str]
    tags: dict[str, str]
    source: str = ""


def server_name(name: str) -> str:
    """Give the server's name as IRC wants it (RFC 2812, section 1.1): at most 63 characters, a dot among them.

    Nothing in it is anything that a mask could mean.
    """
    short = name[:_NAME]
    plain = "".join([letter if letter.isascii() and (letter.isalnum() or letter in "-.") else "-" for letter in short])
    return plain if "." in plain.strip(".") else f"{plain.strip('.') or 'lanchat'}.lan"


def parse(line: str) -> Message | None:
    """Read a line without its end; None when there is no command in it."""
    tags: dict[str, str] = {}
    if line.startswith("@"):
        written, _, line = line[1:].partition(" ")
        for tag in written.split(";"):
            key, _, value = tag.partition("=")
            if key:
                tags[key] = _unescape(value) if "\\" in value else value
    line = line.lstrip(" ")
    source = ""
    if line.startswith(":"):
        source, _, line = line[1:].partition(" ")
        line = line.lstrip(" ")
        if line.startswith(":"):
            return None
    middle, colon, last = line.partition(" :")
    params = middle.split(" ")
    if "" in params:
        params = [param for param in params if param]
    if not params:
        return None
    command = params.pop(0).upper()
    if colon:
        params.append(last)
    if len(params) > PARAMETERS:
        params[PARAMETERS - 1 :] = [" ".join(params[PARAMETERS - 1 :])]
    return Message(command, params, tags, source)


def written(command: str, *params: str, source: str = "") -> str:
    """Give the line for a message; its last parameter may be any text, the others are words."""
    words = [f":{source}", command, *params] if source else [command, *params]
    if params and (not words[-1] or " " in words[-1] or "\n" in words[-1] or words[-1].startswith(":")):
        words[-1] = f":{words[-1]}"
    return " ".join(words)


def to_wire(line: str, tags: str = "") -> bytes:
    """Encode a line with the tags that stand before it.

    Whatever is in it, it stays one line: a newline becomes a space, and what is too long is cut at a character.
    """
    data = (line.replace("\n", " ") if "\n" in line else line).encode()
    if len(data) > LINE:
        data = data[:LINE].decode(errors="ignore").encode()
    return b"%b%b\r\n" % (tags.encode(), data)


def written_tags(tags: Mapping[str, str]) -> str:
    """Give tags as they stand before a line, with the space behind them; nothing for none."""
    return f"@{joined_tags(tags)} " if tags else ""


def joined_tags(tags: Mapping[str, str]) -> str:
    """Give tags as they stand among others."""
    return ";".join([f"{key}={escape(value)}" if value else key for key, value in tags.items()])


def escape(value: str) -> str:
    """Give a tag's value as it stands on the wire."""
    return _TO_ESCAPE.sub(lambda found: _ESCAPED.get(found[0], found[0]), value)


def _unescape(value: str) -> str:
    return _TO_UNESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), value)
