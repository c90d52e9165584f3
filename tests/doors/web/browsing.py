"""What a browser, or somebody with curl, asks and is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import NamedTuple

from lanchat.doors.web.door import Site, WebDoor
from lanchat.doors.web.exchange import Exchange, Resource, Sink
from lanchat.doors.web.problem import Problem
from tests.network import Line, Network
from tests.web_talker import HOST


class Answer(NamedTuple):
    """One answer, taken apart."""

    status: int
    fields: dict[str, str]
    body: bytes


def asked(path: str = "/", method: str = "GET", version: str = "1.1", body: bytes = b"", **fields: str) -> bytes:
    """Give a request; a field that is empty is left out."""
    lines = {"Host": HOST, **{name.replace("_", "-"): value for name, value in fields.items()}}
    head = f"{method} {path} HTTP/{version}\r\n" + "".join([f"{name}: {v}\r\n" for name, v in lines.items() if v])
    return head.encode() + b"\r\n" + body


def answers(data: bytes, *, heads: bool = False) -> list[Answer]:
    """Take apart what came; ``heads``: nothing but heads, as they come for HEAD."""
    found = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, head
        first, *lines = head.decode().split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        size = 0 if heads else int(fields.get("content-length", 0))
        body, data = data[:size], data[size:]
        assert len(body) == size
        found.append(Answer(int(first.split(" ")[1]), fields, body))
    return found


def get(network: Network, request: bytes, line: type[Line] = Line, host: str = "192.168.7.2") -> Answer:
    """Ask once, over a connection of its own."""
    client = network.connect(host, line=line)
    client.sends(request)
    (answer,) = answers(client.receives(), heads=request.startswith(b"HEAD"))
    return answer


@dataclass
class Basket:
    """Where a body goes in these tests."""

    content: bytes = b""
    given_up: bool = False
    most: int = 1_000_000
    writes: int = 0

    def write(self, data: bytes) -> None:
        self.writes += 1
        self.content += data
        if len(self.content) > self.most:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is too much.")

    def lost(self) -> None:
        self.given_up = True


class Taking(Resource):
    """Takes bodies, and answers when it is told to."""

    methods = (b"PUT", b"GET")

    def __init__(self, *, later: bool = False) -> None:
        self.baskets: list[Basket] = []
        self.waiting: list[Exchange] = []
        self.later = later

    def takes(self, exchange: Exchange, length: int | None) -> Sink | None:
        if exchange.method != b"PUT":
            return None
        self.baskets.append(Basket())
        return self.baskets[-1]

    def render(self, exchange: Exchange) -> None:
        self.waiting.append(exchange)
        if not self.later:
            self.answer()

    def answer(self) -> None:
        self.waiting.pop().answer(HTTPStatus.OK, "text/plain", b"taken")


def serve(network: Network, resources: dict[bytes, Resource]) -> None:
    """Let a network's browser door have these."""
    site = Site(resources)
    network.factory.table = tuple(
        replace(entrance, open=lambda front: WebDoor(front, site)) if entrance.name == "web" else entrance
        for entrance in network.factory.table
    )
