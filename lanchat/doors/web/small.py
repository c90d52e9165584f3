"""Small answers: whether the server is well, and its address as a picture."""

from __future__ import annotations

import functools
import io
from http import HTTPStatus

import msgspec
import segno

from lanchat.core.limits import network_of
from lanchat.doors.web.exchange import Exchange, Resource
from lanchat.doors.web.problem import Problem


class Health(Resource):
    """``/health``, for monitoring: ``{"status":"ok","people":3,"tls":true,"passwords":true}``.

    With ``tls`` https works here, too; ``passwords`` are taken on such a connection as this one: a page need not send
    one to find out that it should not have.
    """

    def render(self, exchange: Exchange) -> None:
        """Say that the server answers, and how many people are there."""
        front = exchange.channel.front
        factory = front.factory
        safe = front.secure or not network_of(front.address) or factory.hub.logins.plain
        health = {"status": "ok", "people": len(factory.users), "tls": factory.tls is not None, "passwords": safe}
        body = msgspec.json.encode(health) + b"\n"
        exchange.answer(HTTPStatus.OK, "application/json", body, Cache_Control="no-store")


class QrCode(Resource):
    """``/qr.svg``: the address of the chat, to be pointed a phone at."""

    def render(self, exchange: Exchange) -> None:
        """Draw the address that others reach, or else the one that this browser has reached."""
        front = exchange.channel.front
        address = front.factory.hub.url
        if not address and exchange.where:
            address = f"http{'s' if front.secure else ''}://{exchange.where}/"
        if not address:
            raise Problem(HTTPStatus.BAD_REQUEST, "Nobody knows the address of this server. Send Host: name:port")
        exchange.answer(HTTPStatus.OK, "image/svg+xml", _picture(address), Cache_Control="no-store")


@functools.lru_cache(maxsize=32)
def _picture(address: str) -> bytes:
    """Draw an address.  Any mask can be read; to find the best of the eight would take five times as long."""
    picture = io.BytesIO()
    code = segno.make(address, micro=False, mask=3)
    code.save(picture, kind="svg", border=4, xmldecl=False, light="#fff", omitsize=True, title=address)
    return picture.getvalue()
