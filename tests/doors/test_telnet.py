"""Telnet's commands are taken out of the text, wherever the bytes are cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.doors.telnet import LEAVE, TelnetFilter

PIECES = st.sampled_from(
    [b"hello", b"\r\n", b"\xff\xff", b"\xff\xfb\x18", b"\xff\xfa\x18\x00xterm\xff\xf0", b"\xff\xf4", b"\xff\xf1"]
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", b"plain"),
        (b"\xff\xfd\x03\xff\xfb\x18alice", b"alice"),
        (b"a\xff\xff b", b"a\xff b"),
        (b"a\xff\xfa\x18\x00xterm\xff\xff\xff\xf0b", b"ab"),
        (b"a\xff\xf1b", b"ab"),
        (b"a\xff\xf4b", b"a" + LEAVE + b"b"),
        (b"\xff\xec", LEAVE),
    ],
    ids=["none", "options", "escaped 255", "subnegotiation", "no operation", "interrupt", "end of file"],
)
def test_commands_are_taken_out(data: bytes, text: bytes) -> None:
    """What is left is what the person typed; an interrupt means to leave."""
    assert TelnetFilter().feed(data) == text


@given(st.lists(PIECES | st.binary(max_size=8)).map(b"".join), st.lists(st.integers(0, 100)))
def test_cuts_change_nothing(data: bytes, cuts: list[int]) -> None:
    """However the bytes come, the text is the same."""
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    cut_filter = TelnetFilter()
    pieces = [cut_filter.feed(data[start:end]) for start, end in itertools.pairwise(places)]
    assert b"".join(pieces) == TelnetFilter().feed(data)
