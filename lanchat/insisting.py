"""Insisting on TLS: what IRC clients are told of it (IRCv3, https://ircv3.net/specs/extensions/sts)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lanchat.announcement import OpenPort
from lanchat.core.times import span

_USUAL = 30 * 24 * 60 * 60
"""Seconds for which they are told so, when nobody says how long."""


class Sts(NamedTuple):
    """Which port has TLS (0: they are told nothing), for how many seconds to insist on it, and a line for the log."""

    port: int
    seconds: int
    said: str


def sts(ports: Sequence[OpenPort], asked: int | None, *, certificate: bool, private: bool) -> Sts:
    """Say what clients are told, where so many seconds are ``asked`` for, or nothing is.

    Not unasked where they could not trust the certificate, because it is ``private``: one that knows sts would not
    come in at all then.  ``certificate`` says that plain ports speak TLS too.
    """
    port = tls_port(ports, certificate=certificate)
    if port and asked is None and private:
        said = (
            "--sts: IRC clients are not told to insist on TLS, as only who was given this certificate or its CA "
            "can trust it; --sts 30d tells them"
        )
        return Sts(0, 0, said)
    seconds = _USUAL if asked is None else asked
    if not (port and seconds):
        return Sts(0, seconds, "")
    said = (
        f"--sts: IRC clients that know it will insist on TLS at port {port} for {span(seconds)}, and must trust the "
        "certificate; 0 switches it off"
    )
    return Sts(port, seconds, said)


def tls_port(ports: Sequence[OpenPort], *, certificate: bool) -> int:
    """Give the port at which IRC clients find TLS; 0 when there is none.

    A port for them alone comes before one for all, and one with nothing but TLS before one with both, which there are
    with a ``certificate``.
    """
    found = [port for port in ports if port.number and (port.tls or certificate) and port.door in ("", "irc")]
    return min(found, key=lambda port: (not port.tls, port.door != "irc")).number if found else 0
