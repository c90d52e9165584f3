"""Small answers: whether the server is well, and its address as a picture."""

from __future__ import annotations

import io
from http import HTTPStatus

import msgspec
import segno

from lanchat.doors.web.exchange import Exchange, Resource


class Health(Resource):
    """``/health``, for monitoring: ``{"status":"ok","people":3}``."""

    def render(self, exchange: Exchange) -> None:
        """Say that the server answers, and how many people are there."""
        people = len(exchange.channel.front.factory.users)
        body = msgspec.json.encode({"status": "ok", "people": people}) + b"\n"
        exchange.answer(HTTPStatus.OK, "application/json", body, Cache_Control="no-store")


class QrCode(Resource):
    """``/qr.svg``: the address of the chat, to be pointed a phone at."""

    def render(self, exchange: Exchange) -> None:
        """Draw the address that others reach, or else the one that this browser has reached."""
        front = exchange.channel.front
        here = f"http{'s' if front.secure else ''}://{exchange.where}/"
        picture = io.BytesIO()
        code = segno.make(front.factory.hub.url or here, micro=False)
        code.save(picture, kind="svg", border=4, xmldecl=False, light="#fff", omitsize=True)
        exchange.answer(HTTPStatus.OK, "image/svg+xml", picture.getvalue(), Cache_Control="no-store")
