"""JSON as it came, with nothing in it that could steer a terminal."""

from __future__ import annotations

import re

from lanchat.core.clean import decode

# JSON itself escapes C0; DEL, C1, bidi overrides and the like may stand in a string as they are.
_RISKY = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb]")


def printable(line: bytes) -> bytes:
    """Give an equal JSON text: control characters in its strings become escapes (RFC 8259, section 7)."""
    text = decode(line)
    if not text.isprintable():
        text = _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.encode()
