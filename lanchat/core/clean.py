"""Text is cleaned where it enters: what is stored and shown never steers anybody's terminal."""

from __future__ import annotations

import re

# ECMA-48: CSI … final byte, the string sequences (OSC, DCS, SOS, PM, APC) up to BEL or ST, and the rest.
_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Colours as IRC clients write them (modern.ircdocs.horse/formatting): mIRC's numbers, and RGB in hexadecimal.  Bold,
# italic and the like are a control character each.
_COLOUR = re.compile(r"\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?")
# C0, DEL, C1; the bidi embeddings, overrides and isolates (they reorder what others wrote); the line and
# paragraph separators; the byte order mark; interlinear annotation.
_CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb\U000e0001]"
)


def clean(text: str, *, lines: bool = False) -> str:
    """Remove control characters, whole escape sequences, colours and bidi overrides; a tab becomes four spaces.

    With ``lines`` a newline stays (for texts of several lines); otherwise it becomes a space.
    """
    if text.isprintable():  # the common case: one call, in C
        return text
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    if not lines:
        text = text.replace("\n", " ")
    return _CONTROL.sub("", _COLOUR.sub("", _ESCAPE.sub("", text)))


def decode(line: bytes) -> str:
    """Read bytes as UTF-8, or else as Windows-1252, so that nothing is lost.

    The five bytes that Windows-1252 leaves open are read as Latin-1 (WHATWG Encoding, windows-1252).
    """
    try:
        return line.decode()
    except UnicodeDecodeError:
        return "".join([_CP1252[byte] for byte in line])


def _cp1252(byte: int) -> str:
    one = bytes([byte])
    try:
        return one.decode("cp1252")
    except UnicodeDecodeError:
        return one.decode("latin-1")


_CP1252 = [_cp1252(byte) for byte in range(256)]
