"""Readers that stop reading: what they cost, and that nobody else waits for them."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.crowd import Crowd
from tests.live.servers import LOOPBACK
from tests.live.talk import PATIENCE

SENDQ = 1 << 20
"""The sendq limit as it is by default."""


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_a_stalled_reader_costs_little_and_misses_nothing(
    starts: Starts, dials: Dials, tls: bool, certificates: Path
) -> None:
    """One stops reading while 50 others go on: bounded memory, no waiting; it reads on and has everything."""
    pem = str(certificates / "server.pem")
    server = starts("--port", LOOPBACK, "--certificate", pem, "--rate", "0")
    stalled = dials(server.address, receive_buffer=65_536, tls=tls).joins("stalled")
    with Crowd(server.address) as crowd:
        crowd.join([f"person{number}" for number in range(50)])
        before = server.memory
        longest = 0.0
        for number in range(1000):  # 3 MB, three times what may wait
            begin = time.monotonic()
            crowd.say(number % 50, f"line {number} {'x' * 3000}")
            crowd.hear_all(f"line {number} ", but=number % 50)
            longest = max(longest, time.monotonic() - begin)
        grown = server.memory - before
    assert grown < 12, "of this the journal is 3"
    assert longest < 2
    server.logs("stalled fell behind: sendq full")
    heard = stalled.hears("line 999 ", within=30)
    found = [int(number) for number in re.findall(r"line (\d+) x", heard + "x")]
    assert found == list(range(1000))
    server.logs("stalled caught up")
    talker = dials(server.address).joins("talker")
    talker.says("are you there?")
    stalled.hears("<talker> are you there?\n")
    stalled.says("yes")
    talker.hears("<stalled> yes\n")


def test_what_the_journal_forgot_is_said_to_be_missing(starts: Starts, dials: Dials) -> None:
    """Who slept for more than the journal keeps is told where messages are missing, and has the newest."""
    server = starts("--port", LOOPBACK, "--rate", "0", "--sendq", "65536", "--data", "none")
    stalled = dials(server.address, receive_buffer=4096).joins("stalled")
    bot = dials(server.address, receive_buffer=4096)
    bot.says('{"op":"hello","nick":"bot"}')
    bot.hears('"event":"entered"')
    talker = dials(server.address).joins("talker")
    before = server.memory
    most = 0.0
    for number in range(30):
        for line in range(1000):
            talker.says(f"line {number * 1000 + line} {'x' * 100}")
        talker.says("/ping")
        talker.hears("-- pong", within=30)
        most = max(most, server.memory - before)
    assert most < 24, "of this the journal's 10,000 newest are about 8"
    heard = stalled.hears("line 29999 ", within=30)
    assert heard.count("-- Some messages are missing here: they are not kept any more.\n") == 1
    found = [int(number) for number in re.findall(r"line (\d+) x", heard + "x")]
    gaps = [(one, two) for one, two in itertools.pairwise(found) if two != one + 1]
    assert len(gaps) == 1, gaps
    assert len(found) >= 9_900
    assert '"event":"missed"' in bot.hears("line 29999 ", within=30)


def test_who_slept_for_long_is_caught_up_from_the_disk(starts: Starts, dials: Dials) -> None:
    """Each message once and in order, at constant memory, however much was said meanwhile."""
    server = starts("--port", LOOPBACK, "--rate", "0", "--sendq", "65536")
    stalled = dials(server.address, receive_buffer=4096).joins("stalled")
    talker = dials(server.address).joins("talker")
    before = server.memory
    for number in range(30):
        for line in range(1000):
            talker.says(f"line {number * 1000 + line} {'x' * 100}")
        talker.says("/ping")
        talker.hears("-- pong", within=30)
    heard = stalled.hears("line 29999 ", within=60)
    assert [int(number) for number in re.findall(r"line (\d+) x", heard + "x")] == list(range(30_000))
    assert "missing" not in heard
    assert server.memory - before < 32, "the journal's 10,000 newest are about 8, SQLite's memory as much"


def test_a_slow_reader_with_a_full_buffer_leaves_properly(starts: Starts, dials: Dials) -> None:
    """Somebody says exit with much still unread: it all comes, then the goodbye, then the end."""
    server = starts("--port", LOOPBACK, "--rate", "0")
    reader = dials(server.address, receive_buffer=4096).joins("reader")
    talker = dials(server.address).joins("talker")
    for number in range(200):
        talker.says(f"line {number} {'x' * 4000}")
    talker.says("/ping")
    talker.hears("-- pong")
    reader.says("exit")
    talker.hears("-- reader left\n")
    heard = reader.rest()
    assert [f"line {number} x" in heard for number in range(200)] == [True] * 200
    assert heard.endswith("-- Bye.\n")


def test_a_stalled_reader_is_let_go_in_the_end(starts: Starts, dials: Dials) -> None:
    """Who takes nothing at all for --silence and half as long again is gone, and everybody is told."""
    server = starts("--port", LOOPBACK, "--rate", "0", "--silence", "1")
    dials(server.address, receive_buffer=4096).joins("stalled")
    talker = dials(server.address).joins("talker")
    for number in range(300):
        talker.says(f"line {number} {'x' * 4000}")
    talker.hears("-- stalled left (read nothing for ", within=PATIENCE)
    server.logs(r"\(stalled\) disconnected: read nothing for")


def test_ten_stalled_readers_cost_ten_sendqs_at_most(starts: Starts, dials: Dials) -> None:
    """Each stalled reader costs its sendq and no more."""
    server = starts("--port", LOOPBACK, "--rate", "0", "--sendq", str(SENDQ))
    for number in range(10):
        dials(server.address, receive_buffer=4096).joins(f"stalled{number}")
    talker = dials(server.address).joins("talker")
    before = server.memory
    for _ in range(10):
        for number in range(200):
            talker.says(f"line {number} {'x' * 3500}")
        talker.says("/ping")
        talker.hears("-- pong")
    grown = server.memory - before
    assert grown < 7 + 10 * SENDQ / (1 << 20) + 12, "of this 7 are the journal's newest, and 8 SQLite's"
    talker.says("still here")
    talker.says("/ping")
    talker.hears("-- pong")
