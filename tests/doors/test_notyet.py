"""Who speaks what this server does not speak is told how to join instead."""

from __future__ import annotations

import struct

import pytest

from tests.network import Line, Network, SecureLine


def answer(request: bytes, line: type[Line] = Line) -> tuple[bytes, dict[str, str], str]:
    """Give the status line, the fields and the body of the answer to a request."""
    client = Network().connect(line=line)
    client.sends(request)
    head, _, body = client.receives().partition(b"\r\n\r\n")
    assert client.ended
    status, *fields = head.split(b"\r\n")
    return status, {n.lower(): v for n, _, v in (f.decode().partition(": ") for f in fields)}, body.decode()


def test_browser_learns_how_to_join() -> None:
    """The page names the very host and port that the browser reached."""
    status, fields, body = answer(b"GET / HTTP/1.1\r\nAccept: */*\r\nHost: 192.168.7.1:5555\r\n\r\n")
    assert status == b"HTTP/1.1 200 OK"
    assert fields["content-type"] == "text/html; charset=utf-8"
    assert int(fields["content-length"]) == len(body.encode())
    assert fields["connection"] == "close"
    assert "<h1>lanchat on room-1</h1>" in body
    assert "0 people are here" in body
    for way in ("nc 192.168.7.1 5555", "telnet 192.168.7.1 5555", "lanchat join 192.168.7.1:5555"):
        assert f"<code>{way}</code>" in body


def test_browser_inside_tls_learns_the_ways_with_tls() -> None:
    """Where TLS is spoken, the page names the tools that speak it."""
    _, _, body = answer(b"GET / HTTP/1.1\r\nHost: room-1.local\r\n\r\n", SecureLine)
    assert "<code>ncat --ssl room-1.local 443</code>" in body
    assert "<code>lanchat join --tls room-1.local" in body


@pytest.mark.parametrize(
    ("host", "way"),
    [
        (b"room-1", "nc room-1 80"),
        (b"[fd00::1]:5555", "nc fd00::1 5555"),
        (b"[fd00::1]", "nc fd00::1 80"),
        (b"<script>:1", "nc &lt;script&gt; 1"),
    ],
)
def test_host_is_taken_as_the_browser_names_it(host: bytes, way: str) -> None:
    """With or without a port, with brackets, and never as HTML."""
    _, _, body = answer(b"GET /?x=1 HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert f"<code>{way}</code>" in body
    assert "<script>" not in body


def test_head_has_no_body() -> None:
    """HEAD gets what GET gets, but the page."""
    status, fields, body = answer(b"HEAD / HTTP/1.0\n\n")
    assert status == b"HTTP/1.1 200 OK"
    assert int(fields["content-length"]) > 0
    assert body == ""


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /favicon.ico HTTP/1.1\r\n\r\n", b"404 Not Found"),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", b"405 Method Not Allowed"),
        (b"GET \r\n\r\n", b"404 Not Found"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 8192, b"431 Request Header Fields Too Large"),
    ],
)
def test_other_requests_are_refused(request_: bytes, status: bytes) -> None:
    """Another path, another method, a head without an end: each has its answer."""
    assert answer(request_)[0] == b"HTTP/1.1 " + status


def test_ssh_client_gets_a_disconnect_in_ssh() -> None:
    """An SSH client shows its user the reason of a disconnect message, if its packet is well formed."""
    client = Network().connect()
    client.sends(b"SSH-2.0-OpenSSH_9.2\r\n")
    version, _, packet = client.receives().partition(b"\r\n")
    assert version == b"SSH-2.0-lanchat"
    length, padding, message, reason, size = struct.unpack(">IBBII", packet[:14])
    assert len(packet) == 4 + length
    assert len(packet) % 8 == 0
    assert padding >= 4
    assert (message, reason) == (1, 7)
    text = packet[14 : 14 + size].decode()
    assert text == "This server does not speak SSH yet. Join with nc, telnet or: lanchat join"
    assert len(packet) == 14 + size + 4 + padding
    assert client.ended
