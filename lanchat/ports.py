"""The ports of a server, as the options name them: what was written becomes endpoints that can be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from twisted.internet.interfaces import IStreamServerEndpoint

from lanchat.endpoints import EndpointError, server_endpoint, try_ports, why_not
from lanchat.tls import ReloadableContext

DEFAULT_PORT = "tcp:5555"


class Port:
    """One ``--port``, ``--irc`` or ``--web``: what was written, the plain port that it means, and its TLS."""

    def __init__(
        self, written: str, endpoint: IStreamServerEndpoint, context: ReloadableContext | None, option: str = "port"
    ) -> None:
        self.written = written
        self.endpoint = endpoint
        self.context = context
        self.option = option
        """As it was typed, to name it when something is wrong with it: ``port``."""

    @property
    def door(self) -> str:
        """The door that serves everybody who comes this way; empty where clients of all kinds come."""
        return "" if self.option == "port" else self.option

    def __str__(self) -> str:
        return f"--{self.option} {self.written}"


def find_ports(reactor: Any, written: Mapping[str, Sequence[str]]) -> list[Port]:
    """Make ports of what was written behind each option, the usual one of nothing, and see whether they can be had.

    Raises EndpointError, which names the option.
    """
    ports: list[Port] = []
    for option, endpoints in (written if any(written.values()) else {"port": [DEFAULT_PORT]}).items():
        for each in endpoints:
            try:
                ports.append(Port(each, *server_endpoint(reactor, each), option))
            except EndpointError as error:
                raise EndpointError(f"--{option} {each}: {error}") from None
    problems = try_ports([port.written for port in ports])
    if problems:
        raise EndpointError("; ".join([f"{ports[number]}: {why_not(error)}" for number, error in problems]))
    return ports
