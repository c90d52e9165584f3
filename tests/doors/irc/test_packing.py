"""Answers that name many things."""

from __future__ import annotations

from lanchat.doors.irc.message import LINE
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.packing import packed
from tests.doors.irc.clients import Irc
from tests.network import Network


def test_words_fill_as_few_lines_as_hold_them(network: Network) -> None:
    """RFC 2812, 2.3: none of them is longer than a line may be, and no word is cut."""
    Irc(network, "alice")
    (irc,) = network.factory.doors
    words = [f"{number}{'é' * 40}" for number in range(100)]
    lines = packed(irc, Numeric.RPL_MONLIST, words=words, between=",")
    assert [word for line in lines for word in line.decode().split(":")[-1].strip().split(",")] == words
    assert all(LINE - 90 < len(line) - 2 <= LINE for line in lines[:-1])


def test_words_may_stand_before_a_text(network: Network) -> None:
    """Each of the lines has the text."""
    Irc(network, "alice")
    (irc,) = network.factory.doors
    lines = packed(irc, Numeric.ERR_MONLISTFULL, "100", words=["a" * 400, "b" * 80, "c"], between=",", text="Full")
    assert lines == [
        f":room-1.lan 734 alice 100 {'a' * 400} :Full\r\n".encode(),
        f":room-1.lan 734 alice 100 {'b' * 80},c :Full\r\n".encode(),
    ]


def test_no_words_are_no_lines(network: Network) -> None:
    """Who has nothing to name says so in its own way."""
    Irc(network, "alice")
    (irc,) = network.factory.doors
    assert packed(irc, Numeric.RPL_ISON, words=()) == []
