"""Many connections: a thousand people, too many of them, those who come and go, those who never say a name."""

from __future__ import annotations

import contextlib
import resource
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.crowd import Crowd
from tests.live.servers import LOOPBACK
from tests.live.talk import until


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process have 2,500 files open; skip where it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2500:
        pytest.skip(f"this process may open {hard} files, and a thousand people need 2,500")
    if soft < 2500:
        resource.setrlimit(resource.RLIMIT_NOFILE, (2500, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_thousand_people(starts: Starts, dials: Dials, many_files: None) -> None:
    """A thousand come, each hears each of ten speakers, and all leave; the server is as it was before."""
    server = starts("--port", f"{LOOPBACK}:backlog=1024", "--rate", "0")
    sockets, before = server.sockets, server.memory
    with Crowd(server.address) as crowd:
        crowd.join([f"p{number}" for number in range(1000)])
        crowd.forget()
        assert server.sockets == sockets + 1000
        for speaker in range(0, 1000, 100):
            crowd.say(speaker, f"hello from {speaker}")
            crowd.hear_all(f"<p{speaker}> hello from {speaker}\r\n", but=speaker, within=30)
        cost = server.memory - before
        observer = dials(server.address).joins("observer")
        for one in range(500):
            crowd.say(one, "exit")
        for one in range(500, 1000):
            crowd.sockets[one].close()
        until(lambda: server.sockets == sockets + 1, "everybody's connection is closed", within=30)
    observer.says("/names")
    observer.hears("-- 1 in #lobby: observer\n", within=30)
    assert cost < 32, "with what the journal keeps of them"


def test_one_too_many_is_told(starts: Starts, dials: Dials, certificates: Path) -> None:
    """--max-clients: who does not fit in is told so in their own protocol; when somebody leaves there is room."""
    server = starts("--port", LOOPBACK, "--max-clients", "2", "--certificate", str(certificates / "server.pem"))
    ann, bob = dials(server.address).joins("ann"), dials(server.address).joins("bob")
    refusal = "This server is full (2 connections). Try again later."
    assert dials(server.address).rest() == f"-- {refusal}\n", "a person, who says nothing at first"
    for first in ("carol", '{"op":"hello","nick":"carol"}', "NICK carol", "SSH-2.0-OpenSSH_9.2p1"):
        late = dials(server.address)
        late.says(first)
        assert refusal in late.rest()
    browser = dials(server.address)
    browser.sends(b"GET / HTTP/1.1\r\nHost: room-1\r\n\r\n")
    page = browser.rest()
    assert page.startswith("HTTP/1.1 503 ")
    assert refusal in page
    server.logs(r"refused: This server is full")
    bob.says("exit")
    bob.rest()
    bob.close()
    ann.hears("-- bob left\n")
    until(lambda: server.log.count("disconnected") == 7, "all of them are gone")
    dials(server.address).joins("carol")


def test_far_too_many_are_just_closed(starts: Starts, dials: Dials) -> None:
    """A storm of connections beyond --max-clients costs little, and those who are in chat on."""
    server = starts("--port", f"{LOOPBACK}:backlog=1024", "--max-clients", "2")
    ann, bob = dials(server.address).joins("ann"), dials(server.address).joins("bob")
    with Crowd(server.address) as crowd:
        crowd.connect(400)
        ann.says("hello?")
        bob.hears("<ann> hello?\n")
        crowd.rest()
        told = sum(b"This server is full" in heard for heard in crowd.read)
    assert told >= 50
    until(lambda: server.sockets < 30, "their connections are closed")


def test_coming_and_going_leaves_nothing_behind(
    starts: Starts, dials: Dials, many_files: None, certificates: Path
) -> None:
    """Six hundred who come, in every way, and go, in every way: as many sockets are open as before."""
    server = starts("--port", f"{LOOPBACK}:backlog=1024", "--certificate", str(certificates / "server.pem"))
    observer = dials(server.address).joins("observer")
    sockets = server.sockets
    for turn in range(3):
        with Crowd(server.address) as crowd:
            crowd.connect(100)  # who says nothing
            crowd.join([f"guest{turn}x{number}" for number in range(100)])
            for number in range(100, 150):
                crowd.say(number, "exit")
        for number in range(10):
            secure = dials(server.address, tls=True)
            secure.joins(f"secure{turn}x{number}")
            if number % 2:
                secure.says("exit")
                secure.rest()
            secure.close()
    until(lambda: server.sockets == sockets, "no socket is left open")
    observer.says("/names")
    observer.hears("-- 1 in #lobby: observer\n")
    until(lambda: server.log.count("disconnected") == 630, "all of them are gone")


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_who_never_says_a_name_is_let_go(starts: Starts, dials: Dials, tls: bool, certificates: Path) -> None:
    """--handshake: silence, refused names and half a line end in a sentence that says why."""
    server = starts("--port", LOOPBACK, "--handshake", "1", "--certificate", str(certificates / "server.pem"))
    sockets = server.sockets
    silent, hesitant, half, asking, bot = [dials(server.address, tls=tls) for _ in range(5)]
    begin = time.monotonic()
    hesitant.says("not a name")
    half.sends(b"an")
    asking.says("/help")
    bot.says('{"op":"help"}')
    for one in (silent, hesitant, half, asking):
        assert one.rest().endswith("-- No name within 1 seconds. Connect again when you are ready.\n")
    assert "No name within 1 seconds" in bot.rest()
    assert time.monotonic() - begin < 5
    for one in (silent, hesitant, half, asking, bot):
        one.close()
    until(lambda: server.sockets == sockets, "their connections are closed")


def test_half_a_tls_handshake_is_let_go(starts: Starts, dials: Dials, certificates: Path) -> None:
    """Who begins TLS and says no more, at any place in the handshake, is closed when the time is up."""
    pem = str(certificates / "server.pem")
    ports = ["--port", f"ssl:0:privateKey={pem}:interface=127.0.0.1", "--port", LOOPBACK]
    server = starts(*ports, "--handshake", "1", "--certificate", pem)
    sockets = server.sockets
    hello = client_hello()
    for address in server.addresses:
        for size in (0, 1, 5, 60, len(hello) - 1, len(hello)):
            one = dials(address)
            one.sends(hello[:size])
    until(lambda: server.sockets == sockets, "their connections are closed")
    server.logs(r"127\.0\.0\.1:\d+ refused: No name within 1 seconds")


def client_hello() -> bytes:
    """The first thing that a TLS client says."""
    context = ssl.create_default_context()
    outgoing = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost").do_handshake()
    return outgoing.read()
