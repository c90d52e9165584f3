"""The wire of WebSockets (RFC 6455, section 5), as a server reads and writes it.

Own, and not wsproto's: that takes 14 µs for a short message, where a message may cost 10 in all until it is heard, and
has no limit.  What is written is the same bytes for all who hear the same.  Knows no sockets.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

NORMAL, GOING_AWAY, PROTOCOL_ERROR, NO_TEXT, NO_UTF8, TOO_BIG = 1000, 1001, 1002, 1003, 1007, 1009
"""Why a connection is closed (section 7.4.1)."""
_MOST_OF_CONTROL = 125
"""Bytes that a control frame may carry (section 5.5)."""


class Kind(enum.Enum):
    """What has come."""

    TEXT = enum.auto()
    """A whole message, in UTF-8."""
    PART = enum.auto()
    """A frame of a message that goes on."""
    CLOSE = enum.auto()
    PING = enum.auto()
    PONG = enum.auto()


class Heard(NamedTuple):
    """What a client said; of a PART nothing is shown yet."""

    kind: Kind
    payload: bytes = b""


class FrameError(Exception):
    """The client breaks the protocol, or a limit; the connection is closed with this code."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


_CONTROL = {0x8: Kind.CLOSE, 0x9: Kind.PING, 0xA: Kind.PONG}
_CONTINUED, _TEXT, _BINARY = 0x0, 0x1, 0x2
_WHOLE = 0x81
"""How a text begins that is one frame, as nearly all are."""


class Frames:
    """Takes bytes as they come, and gives what was said; ``longest`` is how many bytes a message may have."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._unread = bytearray()
        self._message: bytearray | None = None
        """The frames so far of a message that goes on."""

    def feed(self, data: bytes) -> None:
        """Take what has come."""
        self._unread += data

    def clear(self) -> None:
        """Pass over what was fed: nothing more counts."""
        self._unread.clear()

    def next(self) -> Heard | None:
        """Give the next that was said, if it has come whole.  Raises FrameError."""
        unread = self._unread
        if len(unread) < 2:
            return None
        first, size = unread[0], unread[1] - 0x80
        opcode = first & 0x0F
        if first & 0x70 or size < 0:
            raise FrameError(PROTOCOL_ERROR, "a frame without a mask, or with an extension that was not offered")
        if first != _WHOLE or self._message is not None:
            self._check_order(opcode, size, final=first >= 0x80)
        start = 2
        if size > 125:
            least, start = (126, 4) if size == 126 else (65_536, 10)
            if len(unread) < start:
                return None
            size = int.from_bytes(unread[2:start])
            if size < least:
                raise FrameError(PROTOCOL_ERROR, "a length that is written longer than it has to be")
        if size + len(self._message or b"") > self._longest and opcode not in _CONTROL:
            raise FrameError(TOO_BIG, f"a message of more than {self._longest:,} bytes")
        end = start + 4 + size
        if len(unread) < end:
            return None
        payload = _unmasked(unread[start + 4 : end], unread[start : start + 4])
        del unread[:end]
        if first != _WHOLE:
            if opcode in _CONTROL:
                return Heard(_CONTROL[opcode], payload)
            self._message = (self._message or bytearray()) + payload
            if first < 0x80:
                return Heard(Kind.PART)
            payload, self._message = bytes(self._message), None
        if not payload.isascii():
            try:
                payload.decode()
            except UnicodeDecodeError:
                raise FrameError(NO_UTF8, "a text that is no UTF-8") from None
        return Heard(Kind.TEXT, payload)

    def _check_order(self, opcode: int, size: int, *, final: bool) -> None:
        """See whether such a frame may come now.  Raises FrameError."""
        if opcode in _CONTROL:
            if not final or size > _MOST_OF_CONTROL:
                raise FrameError(PROTOCOL_ERROR, f"a control frame of more than {_MOST_OF_CONTROL} bytes, or in parts")
        elif opcode == _BINARY:
            raise FrameError(NO_TEXT, "a message that is no text")
        elif opcode not in (_CONTINUED, _TEXT):
            raise FrameError(PROTOCOL_ERROR, "a frame of a kind that there is not")
        elif (opcode == _CONTINUED) != (self._message is not None):
            raise FrameError(PROTOCOL_ERROR, "the frames of two messages mixed")


def _unmasked(data: bytearray, mask: bytearray) -> bytes:
    """Take the mask off (section 5.3), all of it at once: byte by byte would take forty times as long."""
    size = len(data)
    whole = size // 4 + 1
    unmasked = int.from_bytes(data, "little") ^ int.from_bytes(mask * whole, "little")
    return unmasked.to_bytes(whole * 4, "little")[:size]


def text_frame(payload: bytes) -> bytes:
    """Give a whole message."""
    return _frame(0x81, payload)


def pong_frame(payload: bytes) -> bytes:
    """Give the answer to a ping."""
    return _frame(0x8A, payload)


def close_frame(code: int, why: str = "") -> bytes:
    """Give the last frame; ``why`` is cut to what fits."""
    said = why.encode()[: _MOST_OF_CONTROL - 2].decode("utf-8", "ignore").encode()
    return _frame(0x88, code.to_bytes(2) + said)


PING = b"\x89\x00"


def _frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return b"%c%c%b" % (first, size, payload)
    if size < 65_536:
        return b"%c\x7e%b%b" % (first, size.to_bytes(2), payload)
    return b"%c\x7f%b%b" % (first, size.to_bytes(8), payload)


def close_code(payload: bytes) -> int:
    """Give the code with which a close frame is answered: its own, if it is one that may be sent (section 7.4)."""
    if not payload:
        return NORMAL
    code = int.from_bytes(payload[:2])
    sendable = 1000 <= code <= 1014 and code not in (1004, 1005, 1006)
    if len(payload) < 2 or not (sendable or 3000 <= code <= 4999):
        return PROTOCOL_ERROR
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        return NO_UTF8
    return code
