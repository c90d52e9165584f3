"""What comes from the server, as values: decoded, and cleaned once more.

The server cleans what people write; the client does not have to believe that.  What has a moment that is none is
passed over, as whatever is not known here.
"""

from __future__ import annotations

from typing import Any

import msgspec

from lanchat.core.clean import clean
from lanchat.core.events import AnyEvent
from lanchat.core.replies import AnyReply
from lanchat.core.times import local_day

Heard = AnyEvent | AnyReply

_LINES = frozenset({"text", "motd", "help"})
"""Fields that may have several lines."""
_MOMENTS = frozenset({"time", "since", "until"})
"""Fields that have a moment, or nothing."""


class _Acknowledgement(msgspec.Struct):
    """The reference of the command of ours that a line is about, if it is."""

    ref: str = ""


_decode = msgspec.json.Decoder(AnyEvent | AnyReply).decode
_decode_ref = msgspec.json.Decoder(_Acknowledgement).decode


def read(line: bytes) -> tuple[Heard | None, str]:
    """Read one line: what was heard (None for an event that is not known here), and the reference in it."""
    try:
        ref = _decode_ref(line).ref if b'"ref"' in line else ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, ""
    try:
        return cleaned(_decode(line)), ref
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, ref


def cleaned(heard: Heard) -> Heard:
    """Take control characters and escape sequences out of every text in it.

    Raises msgspec.ValidationError for what nobody could be shown.
    """
    tidy: Heard = _clean(heard, lines=False)
    return tidy


def _clean(value: Any, *, lines: bool) -> Any:
    match value:
        case str():
            return clean(value, lines=lines)
        case list():
            return [_clean(each, lines=lines) for each in value]
        case msgspec.Struct():
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            for name, moment in fields.items():
                if moment and name in _MOMENTS and isinstance(moment, str):  # some are numbers of events
                    _check(moment)
            return msgspec.structs.replace(
                value, **{name: _clean(each, lines=name in _LINES) for name, each in fields.items()}
            )
        case _:
            return value


def _check(moment: str) -> None:
    try:
        local_day(moment)
    except (ValueError, OverflowError) as error:
        raise msgspec.ValidationError(f"{moment!r} is no moment") from error
