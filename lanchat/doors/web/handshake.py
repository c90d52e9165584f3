"""How a connection becomes a WebSocket (RFC 6455, section 4.2)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from http import HTTPStatus

from lanchat.doors.web.exchange import Exchange, Resource
from lanchat.doors.web.headers import is_same_origin, tokens
from lanchat.doors.web.problem import Problem
from lanchat.doors.web.websocket import WebSocketDoor

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_VERSION = "13"


class Sockets(Resource):
    """``/ws``: no answer, but another protocol.

    Pages of other origins are refused, or any page that somebody of us looks at could chat under their name.
    Programs, which have no origin, are welcome.
    """

    methods = (b"GET",)

    def render(self, exchange: Exchange) -> None:
        """Open a WebSocket.  Raises Problem."""
        asked = "websocket" in tokens(exchange.all_of("upgrade")) and "upgrade" in tokens(
            exchange.all_of("connection")
        )
        if not asked or exchange.field("sec-websocket-version") != _VERSION or exchange.clientproto != b"HTTP/1.1":
            sentence = f"This address is for WebSockets of version {_VERSION}. The chat is at /"
            raise Problem(
                HTTPStatus.UPGRADE_REQUIRED,
                sentence,
                Upgrade="websocket",
                Connection="Upgrade",
                Sec_WebSocket_Version=_VERSION,
            )
        name = exchange.channel.front.factory.hub.name
        if not all(is_same_origin(origin, exchange.where, name) for origin in exchange.all_of("origin")):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "A page of another server may not chat here. Open this one's: by its address, or by the name that it "
                "was started with (--name).",
            )
        accept = accepted(exchange.all_of("sec-websocket-key"))
        if not accept:
            raise Problem(HTTPStatus.BAD_REQUEST, "A WebSocket needs one Sec-WebSocket-Key of 16 bytes.")
        exchange.note(HTTPStatus.SWITCHING_PROTOCOLS.value)
        exchange.channel.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept
        )
        exchange.channel.give_way(WebSocketDoor(exchange.channel.front))


def accepted(keys: list[str]) -> bytes:
    """Give the proof that a key was read; nothing when it is none."""
    try:
        good = len(keys) == 1 and len(base64.b64decode(keys[0], validate=True)) == 16
    except (binascii.Error, ValueError):
        good = False
    return base64.b64encode(hashlib.sha1(keys[0].encode() + _GUID).digest()) if good else b""  # noqa: S324 - the RFC's
