"""WebSocket frames: what may come is read however it is cut, what may not come is named by its code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Message, TextMessage

from lanchat.doors.web.frames import FrameError, Frames, Heard, Kind, close_code, close_frame, pong_frame, text_frame
from tests.web_talker import frame

LONGEST = 1000


def heard(data: bytes, longest: int = LONGEST) -> list[Heard]:
    """Give what is heard of bytes that come at once."""
    frames = Frames(longest)
    frames.feed(data)
    return list(iter(frames.next, None))


def code(data: bytes) -> int:
    """Give the code by which what comes is refused."""
    with pytest.raises(FrameError) as caught:
        heard(data)
    return caught.value.code


frames_of_clients = st.one_of(
    st.builds(
        lambda text, mask: frame(text.encode(), mask=mask), st.text(max_size=200), st.binary(min_size=4, max_size=4)
    ),
    st.builds(lambda data: frame(data, 9), st.binary(max_size=125)),
    st.builds(lambda data: frame(data, 10), st.binary(max_size=125)),
    st.builds(
        lambda text, cut: frame(text.encode()[:cut], final=False) + frame(b"", 9) + frame(text.encode()[cut:], 0),
        st.text(max_size=200),
        st.integers(0, 200),
    ),
)


@given(st.lists(frames_of_clients, max_size=8), st.lists(st.integers(0, 2000), max_size=8))
def test_frames_may_be_cut_anywhere(sent: list[bytes], cuts: list[int]) -> None:
    """Whatever the network makes of the bytes, the same is heard."""
    data = b"".join(sent)
    frames, found, before = Frames(LONGEST), [], 0
    for cut in [*sorted(cuts), len(data)]:
        frames.feed(data[before:cut])
        found += list(iter(frames.next, None))
        before = max(before, cut)
    assert found == heard(data)


@given(st.lists(st.text(max_size=400), max_size=5))
def test_another_library_hears_the_same(texts: list[str]) -> None:
    """What wsproto says is heard, and what we say is heard by it."""
    client = Connection(ConnectionType.CLIENT)
    sent = b"".join([client.send(Message(data=text)) for text in texts])
    assert [each.payload.decode() for each in heard(sent, 10_000)] == texts
    client.receive_data(b"".join([text_frame(text.encode()) for text in texts]))
    found = [event for event in client.events() if isinstance(event, TextMessage)]
    assert "".join([event.data for event in found]) == "".join(texts)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_every_size_has_its_length(size: int) -> None:
    """Lengths have three forms; each is written and read, and never one that is longer than it has to be."""
    payload = b"x" * size
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(text_frame(payload))
    assert "".join([event.data for event in client.events() if isinstance(event, TextMessage)]).encode() == payload
    assert heard(frame(payload, mask=b"\x01\x02\x03\x04"), 70_000) == [Heard(Kind.TEXT, payload)]


@pytest.mark.parametrize("size", [5, 200, 70_000])
def test_a_head_may_be_cut_anywhere(size: int) -> None:
    """Nothing is heard before everything is there."""
    data = frame(b"x" * size, mask=b"abcd")
    for cut in range(20):
        frames = Frames(70_000)
        frames.feed(data[:cut])
        if cut < len(data):
            assert frames.next() is None
            frames.feed(data[cut:])
        assert frames.next() == Heard(Kind.TEXT, b"x" * size)


def test_a_message_in_parts_is_put_together() -> None:
    """Each part is told, so that it can be counted; what stands between two parts is heard at once."""
    data = (
        frame("é".encode()[:1], final=False) + frame(b"?", 9) + frame(b"", 0, final=False) + frame("é".encode()[1:], 0)
    )
    assert heard(data) == [
        Heard(Kind.PART),
        Heard(Kind.PING, b"?"),
        Heard(Kind.PART),
        Heard(Kind.TEXT, "é".encode()),
    ]


def test_a_message_may_be_as_long_as_the_limit() -> None:
    """One byte more is too much, in one frame or in several."""
    assert heard(frame(b"x" * LONGEST))[0].kind is Kind.TEXT
    assert heard(frame(b"x" * 600, final=False) + frame(b"x" * 400, 0))[-1].payload == b"x" * 1000
    assert code(frame(b"x" * (LONGEST + 1))) == 1009
    assert code(frame(b"x" * 600, final=False) + frame(b"x" * 401, 0)) == 1009


def test_a_length_alone_is_enough_to_refuse() -> None:
    """Of 100 MB that are announced nothing is waited for."""
    assert code(b"\x81\xff" + (100_000_000).to_bytes(8)) == 1009


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"\x81\x02hi", 1002),
        (frame(b"hi", 0x41), 1002),
        (frame(b"hi", 2), 1003),
        (frame(b"hi", 3), 1002),
        (frame(b"hi", 11), 1002),
        (frame(b"hi", 0), 1002),
        (frame(b"hi", final=False) + frame(b"hi"), 1002),
        (frame(b"x" * 126, 9), 1002),
        (frame(b"x", 9, final=False), 1002),
        (frame(b"", 8, final=False), 1002),
        (b"\x81\xfe\x00\x05" + bytes(9), 1002),
        (b"\x81\xff" + (5).to_bytes(8) + bytes(9), 1002),
        (frame(b"\xff"), 1007),
        (frame(b"\xc3", final=False) + frame(b"\xff", 0), 1007),
        (frame(b"\xed\xa0\x80"), 1007),
    ],
    ids=[
        "no mask",
        "reserved bit",
        "binary",
        "unknown data",
        "unknown control",
        "continued nothing",
        "message in a message",
        "long ping",
        "ping in parts",
        "close in parts",
        "long form of two bytes",
        "long form of eight bytes",
        "no utf-8",
        "no utf-8 in parts",
        "half a surrogate",
    ],
)
def test_what_may_not_come_has_its_code(sent: bytes, expected: int) -> None:
    """RFC 6455 says which."""
    assert code(sent) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"", 1000),
        (b"\x03\xe8", 1000),
        (b"\x03\xe9bye", 1001),
        (b"\x0f\xa0", 4000),
        (b"\x03", 1002),
        (b"\x03\xe7", 1002),
        (b"\x03\xed", 1002),
        (b"\x03\xee", 1002),
        (b"\x07\xd0", 1002),
        (b"\x13\x88", 1002),
        (b"\x03\xe8\xff", 1007),
    ],
)
def test_a_goodbye_is_answered_with_its_code(payload: bytes, expected: int) -> None:
    """Unless it is one that may not be sent."""
    assert close_code(payload) == expected


def test_the_reason_of_a_goodbye_is_cut_to_what_fits() -> None:
    """And never in the middle of a character."""
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(close_frame(1001, "é" * 100))
    (event,) = client.events()
    assert isinstance(event, CloseConnection)
    assert (event.code, event.reason) == (1001, "é" * 61)


def test_pongs_carry_what_the_ping_did() -> None:
    """So that the client knows which of its pings was heard."""
    assert pong_frame(b"abc") == b"\x8a\x03abc"


def test_what_was_fed_can_be_passed_over() -> None:
    """After a goodbye nothing counts."""
    frames = Frames(LONGEST)
    frames.feed(frame(b"hi"))
    frames.clear()
    assert frames.next() is None
