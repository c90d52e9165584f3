"""What clients are told in their own protocol when this server does not speak it, or not to them.

HTTP gets a small page that says how to join; SSH one clear line.
"""

from __future__ import annotations

import html
import struct
from collections.abc import Callable

from twisted.internet.protocol import Protocol

from lanchat.doors.front import FrontDoor

_SSH_MSG_DISCONNECT, _SSH_SERVICE_NOT_AVAILABLE = 1, 7
_HEAD = 8192
"""Bytes that a request's head may have."""
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>lanchat</title>
<style>body{{font:1.1em/1.5 sans-serif;max-width:34em;margin:2em auto;padding:0 1em;color-scheme:light dark}}
code{{font-size:1.1em}}</style>
{body}
"""
_JOIN = """<h1>lanchat on {server}</h1>
<p>{people} here. From a terminal on this network, type one of these, and then your name:</p>
<ul>{ways}</ul>
<p>A chat in this page will come; it is not there yet.</p>"""


def ssh_refusal(text: str) -> bytes:
    """Say in SSH why nobody is served: our version, and a disconnect message (RFC 4253, sections 4.2, 6 and 11.1)."""
    said = text.encode()
    payload = struct.pack(f">BII{len(said)}sI", _SSH_MSG_DISCONNECT, _SSH_SERVICE_NOT_AVAILABLE, len(said), said, 0)
    padding = 4 + -(5 + len(payload) + 4) % 8
    return b"SSH-2.0-lanchat\r\n" + struct.pack(">IB", 1 + len(payload) + padding, padding) + payload + bytes(padding)


def http_refusal(text: str) -> bytes:
    """Say it in a page."""
    return response("503 Service Unavailable", f"<p>{html.escape(text)}</p>")


def response(status: str, body: str, *, head_only: bool = False) -> bytes:
    """Give a whole response (RFC 9112) that ends the connection."""
    page = _PAGE.format(body=body).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
        "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    ).encode()
    return head if head_only else head + page


def ways_to_join(host: str, *, tls: bool) -> list[str]:
    """Give the commands that join at ``host`` (``name:port``, as a browser names it)."""
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():
        name, port = host, "443" if tls else "80"
    bare = name.strip("[]")
    if tls:
        return [f"ncat --ssl {bare} {port}", f"lanchat join --tls {name}:{port}"]
    return [f"nc {bare} {port}", f"telnet {bare} {port}", f"lanchat join {name}:{port}"]


class HowToJoin(Protocol):
    """Answers any request, when its head has come, with the page that says how to join."""

    def __init__(self, front: FrontDoor) -> None:
        self._front = front
        self._head = b""

    def dataReceived(self, data: bytes) -> None:
        """Collect the head, and answer it; a body is passed over."""
        self._head += data
        if b"\r\n\r\n" in self._head or b"\n\n" in self._head:
            self._front.refuse(self._answer(), "HTTP, which this server does not speak yet")
        elif len(self._head) > _HEAD:
            answer = response("431 Request Header Fields Too Large", "<p>That request is too long.</p>")
            self._front.refuse(answer, "an HTTP head that does not end")

    def _answer(self) -> bytes:
        request, *fields = self._head.decode("latin-1").replace("\r\n", "\n").split("\n")
        method, _, target = request.partition(" ")
        path = target.split(" ")[0].partition("?")[0]
        if method not in ("GET", "HEAD"):
            return response("405 Method Not Allowed", "<p>There is only a page to read here yet.</p>")
        head_only = method == "HEAD"
        if path != "/":
            return response("404 Not Found", '<p>There is only <a href="/">one page</a>.</p>', head_only=head_only)
        host = next((value.strip() for name, _, value in map(_field, fields) if name.lower() == "host"), "")
        hub = self._front.factory.hub
        ways = ways_to_join(host or "HOST:PORT", tls=self._front.secure)
        count = len(hub.people.members)
        body = _JOIN.format(
            server=html.escape(hub.name),
            people="1 person is" if count == 1 else f"{count} people are",
            ways="".join([f"<li><code>{html.escape(way)}</code></li>" for way in ways]),
        )
        return response("200 OK", body, head_only=head_only)


def _field(line: str) -> tuple[str, str, str]:
    return line.partition(":")


class Unspoken(Protocol):
    """Answers the first word of a protocol that is not spoken with one line, and ends."""

    def __init__(self, front: FrontDoor, name: str, refusal: Callable[[str], bytes]) -> None:
        self._front = front
        self._name = name
        self._refusal = refusal

    def dataReceived(self, data: bytes) -> None:
        """Refuse."""
        del data
        text = f"This server does not speak {self._name} yet. Join with nc, telnet or: lanchat join"
        self._front.refuse(self._refusal(text), f"{self._name}, which this server does not speak yet")
