"""The log: one line for whoever comes, goes or is refused, with why; never what people say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LOOPBACK, WAYS

SECRET = "xyzzy-4711"


def stripped(line: str) -> str:
    """A line of the log without its time."""
    return re.sub(r"^\S+ \[[^]]*\] ", "", line)


@pytest.mark.parametrize("way", WAYS)
def test_a_visit_is_these_lines(starts: Starts, dials: Dials, way: str) -> None:
    """From the connection to its end, in this order and nothing else; each line has its time."""
    server = starts("--port", LOOPBACK, way=way)
    before = len(server.log)
    ann = dials(server.address)
    port = ann.socket.getsockname()[1]
    ann.joins("ann")
    ann.says("/join #dev", "/nick annie", "/part", "/nonsense", "/quit for lunch")
    ann.rest()
    server.logs(rf"127\.0\.0\.1:{port} \(annie\) disconnected")
    lines = server.log[before:].splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} \[", line) for line in lines)
    assert [stripped(line) for line in lines] == [
        f"127.0.0.1:{port} connected by text",
        "ann (127.0.0.1 by text) joined #lobby",
        "ann (127.0.0.1 by text) joined #dev",
        "ann is now annie",
        "annie left #dev",
        "annie refused: no-such-command",
        f"127.0.0.1:{port} (annie) disconnected",
    ]


@pytest.mark.parametrize("way", WAYS)
def test_what_people_say_is_never_logged(starts: Starts, dials: Dials, certificates: Path, way: str) -> None:
    """In public, in private, by text, by JSON, in topics, away texts and lines that are refused."""
    server = starts("--port", LOOPBACK, "--certificate", str(certificates / "server.pem"), way=way)
    bob = dials(server.address, tls=True).joins("bob")
    ann = dials(server.address).joins("ann")
    ann.says(SECRET, f"/me {SECRET}", f"/msg bob {SECRET}", f"/topic {SECRET}", f"/away {SECRET}")
    ann.says(f"/msg nobody {SECRET}", f"/{SECRET}", SECRET + "x" * 10_000)
    ann.hears("nothing was sent")
    bot = dials(server.address)
    bot.says(
        '{"op":"hello","nick":"bot"}', f'{{"op":"say","text":"{SECRET}"}}', f'{{"op":"{SECRET}"}}', f'{{"{SECRET}'
    )
    bot.hears("bad-json")
    http = dials(server.address)
    http.sends(f"POST / HTTP/1.1\r\nAuthorization: Basic {SECRET}\r\nContent-Length: 10\r\n\r\n{SECRET}".encode())
    http.rest()
    irc = dials(server.address)
    irc.says(f"PASS {SECRET}", "NICK irene", "USER a b c d", f"PRIVMSG #lobby :{SECRET}", f"OPER root {SECRET}")
    irc.says(f"NOTICE nobody :{SECRET}", f"{SECRET} {SECRET}", f"AWAY :{SECRET}", f"@{SECRET} {SECRET}", "QUIT")
    irc.rest()
    bob.hears(f"<ann> {SECRET}")
    bob.hears(f"* ann {SECRET}")
    bob.hears(f"(private) <ann> {SECRET}")
    bob.hears(f"<irene> {SECRET}")
    for one in (ann, bot, bob):
        one.close()
    server.logs(r"\(bob\) disconnected")
    server.logs(r"\(irene\) disconnected")
    assert SECRET not in server.log
    assert SECRET not in server.said


def test_each_refusal_says_why(starts: Starts, dials: Dials) -> None:
    """A taken name, a bad name, a full server: the log has the reason, and who it was."""
    server = starts("--port", LOOPBACK, "--max-clients", "2")
    dials(server.address).joins("ann")
    second = dials(server.address)
    second.says("ann", "two words")
    second.hears("-- ann is here already")
    second.hears("-- ")
    third = dials(server.address)
    third.says("carol")
    third.rest()
    server.logs(r"127\.0\.0\.1(:\d+)? refused: nick-taken\n")
    server.logs(r"127\.0\.0\.1(:\d+)? refused: bad-nick\n")
    server.logs(r"127\.0\.0\.1:\d+ refused: This server is full \(2 connections\)\. Try again later\.\n")


def test_nobody_writes_the_log_for_the_server(starts: Starts, dials: Dials) -> None:
    """No name, reason or host header brings a line of its own, an escape sequence or a format into the log."""
    server = starts("--port", LOOPBACK)
    ann = dials(server.address).joins("ann")
    ann.says("/nick {nick}", "/join #{log_format}%s", "/part \x1b[31m{0}", "/nonsense {x}", "/quit a\rb {time}")
    ann.rest()
    http = dials(server.address)
    http.sends(b"GET /{path}\rX HTTP/1.1\r\nHost: {host}\x1b\r\n\r\n")
    http.rest()
    server.logs("disconnected(.|\n)*disconnected")
    log = server.log
    assert "\x1b" not in log
    assert "\r" not in log
    assert "Unformattable" not in log
    assert "#{log_format}%s" in log


def test_a_system_with_few_files_is_warned_of(starts: Starts, dials: Dials) -> None:
    """Fewer files than --max-clients: the start says so, and when they are used up those who are in chat on."""
    server = starts("--port", LOOPBACK, files=64)
    server.logs("only 64 files may be open: fewer than --max-clients 10000")
    ann, bob = dials(server.address).joins("ann"), dials(server.address).joins("bob")
    many = [dials(server.address) for _ in range(100)]
    ann.says("hello?")
    bob.hears("<ann> hello?\n")
    for one in many:
        one.close()
    dials(server.address).joins("carol")
