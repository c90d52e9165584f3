"""Telnet's own commands, taken out of what a telnet client sends.  Nothing is ever offered or answered."""

from __future__ import annotations

from enum import Enum, auto

IAC = 255
_SB, _SE = 250, 240
_OPTIONS = range(251, 255)  # WILL, WONT, DO, DONT: an option follows
_LEAVING = frozenset({236, 237, 238, 244})  # EOF, SUSP, ABORT (RFC 1184), Interrupt Process

LEAVE = b"\n\x04\n"
"""What stands for a command that means to leave: a line with Ctrl-D, as terminals send it."""


class _State(Enum):
    TEXT = auto()
    COMMAND = auto()
    OPTION = auto()
    SUBNEGOTIATION = auto()
    SUBNEGOTIATION_COMMAND = auto()


class TelnetFilter:
    """Removes telnet commands (RFC 854) from a stream that may be cut anywhere."""

    __slots__ = ("_state",)

    def __init__(self) -> None:
        self._state = _State.TEXT

    def feed(self, data: bytes) -> bytes:
        """Give the text in some bytes."""
        text = bytearray()
        for byte in data:
            match self._state:
                case _State.TEXT if byte == IAC:
                    self._state = _State.COMMAND
                case _State.TEXT:
                    text.append(byte)
                case _State.COMMAND:
                    self._state = self._commanded(byte, text)
                case _State.OPTION:
                    self._state = _State.TEXT
                case _State.SUBNEGOTIATION:
                    if byte == IAC:
                        self._state = _State.SUBNEGOTIATION_COMMAND
                case _State.SUBNEGOTIATION_COMMAND:
                    self._state = _State.TEXT if byte == _SE else _State.SUBNEGOTIATION
        return bytes(text)

    def _commanded(self, byte: int, text: bytearray) -> _State:
        if byte == _SB:
            return _State.SUBNEGOTIATION
        if byte in _OPTIONS:
            return _State.OPTION
        if byte == IAC:
            text.append(IAC)
        elif byte in _LEAVING:
            text += LEAVE
        return _State.TEXT
