"""Floods: they are slowed down by not being read, and nothing of them is lost."""

from __future__ import annotations

import contextlib
import re
import time

import pytest

from tests.live.conftest import Dials, Runs, Starts
from tests.live.servers import LOOPBACK
from tests.live.talk import need

FLOOD = "".join([f"line {number}\n" for number in range(200)])


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_a_flood_is_slowed_and_loses_nothing(starts: Starts, dials: Dials, tls: bool, certificates: object) -> None:
    """200 lines at once, at a rate of 100 and a burst of 10, take 1.9 seconds; others talk meanwhile."""
    server = starts(
        *("--port", LOOPBACK, "--certificate", f"{certificates}/server.pem", "--rate", "100", "--burst", "10")
    )
    bob = dials(server.address).joins("bob")
    carol = dials(server.address).joins("carol")
    ann = dials(server.address, tls=tls).joins("ann")
    begin = time.monotonic()
    ann.sends(FLOOD.encode())
    carol.says("may I?")
    before = bob.hears("<carol> may I?\n")
    assert before.count("<ann> line") < 150
    heard = before + bob.hears("<ann> line 199\n")
    assert 1.5 < time.monotonic() - begin < 8
    assert [int(number) for number in re.findall(r"<ann> line (\d+)\n", heard)] == list(range(200))
    ann.says("/ping")
    ann.hears("-- pong")


def test_a_piped_flood_is_said_to_its_last_line(starts: Starts, dials: Dials, runs: Runs) -> None:
    """``nc -N`` sends a file and stops sending: every line of it is said, and nc ends well."""
    need("nc")
    server = starts("--port", LOOPBACK, "--rate", "200")
    bob = dials(server.address).joins("bob")
    host, port = server.address
    ann = runs(f"(echo ann; seq -f 'line %g' 0 199) | nc -N {host} {port}", shell=True)
    begin = time.monotonic()
    heard = bob.hears("<ann> line 199\n")
    assert time.monotonic() - begin > 0.7
    assert [int(number) for number in re.findall(r"<ann> line (\d+)\n", heard)] == list(range(200))
    bob.hears("-- ann left\n")
    assert ann.status() == 0


def test_a_flood_that_nobody_could_hear_costs_no_memory(starts: Starts, dials: Dials) -> None:
    """At two lines a second a flooder is not read: what he sends waits in the kernels, not in the server."""
    server = starts("--port", LOOPBACK)
    bob = dials(server.address).joins("bob")
    ann = dials(server.address).joins("ann")
    before = server.memory
    ann.socket.setblocking(False)
    lines = (b"x" * 4000 + b"\n") * 16
    sent = 0
    with contextlib.suppress(BlockingIOError):
        while sent < 100_000_000:
            sent += ann.socket.send(lines)
    assert sent < 100_000_000
    bob.says("/ping")
    bob.hears("-- pong")
    assert server.memory - before < 4
    ann.close()
    bob.says("still here", "/ping")
    bob.hears("-- pong")


def test_a_flood_of_refusals_is_slowed_too(starts: Starts, dials: Dials) -> None:
    """Commands that are refused, and lines that are too long, cost as much as what is said."""
    server = starts("--port", LOOPBACK, "--rate", "100", "--burst", "10")
    ann = dials(server.address).joins("ann")
    begin = time.monotonic()
    ann.sends(b"/nonsense\n" * 100 + b"x" * 5000 + b"\n" + b"/nonsense\n" * 99 + b"/ping\n")
    heard = ann.hears("-- pong")
    assert time.monotonic() - begin > 1.5
    assert heard.count("There is no command") == 199
    assert heard.count("nothing was sent. Send it in parts.") == 1
