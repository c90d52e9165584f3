"""What a server says when it is up: every way to join it, as it is to be typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from twisted.internet.interfaces import IAddress

from lanchat import __version__
from lanchat.addresses import local_addresses, ways_to_join


@dataclass(frozen=True, slots=True)
class OpenPort:
    """A port that listens: how it was written, where it is, whether it begins with TLS."""

    written: str
    address: IAddress
    tls: bool


def announcement(
    name: str, ports: Sequence[OpenPort], *, certificate: bool, fingerprints: Sequence[str] = (), kept: str = ""
) -> list[str]:
    """Give the lines to print.

    ``certificate`` says that plain ports speak TLS too; ``fingerprints`` are those of the keys that are shown
    to clients: who joins for the first time compares them.  ``kept`` says what is kept, and where.
    """
    ways: list[str] = []
    for port in ports:
        if port.written.lower().startswith("haproxy:"):
            ways.append(f"(through the proxy that stands before {port.written})")
        else:
            ways += [way for way in ways_to_join(port.address, tls=port.tls) if way not in ways]
    lines = [f"lanchat {__version__} on {name} is up. Join from this network with any of these:"]
    lines += [f"    {way}" for way in ways]
    if certificate:
        lines.append("  All of these speak TLS too: lanchat join --tls, ncat --ssl, openssl s_client.")
    lines += [f"  Key of this server: {fingerprint}" for fingerprint in dict.fromkeys(fingerprints)]
    return [*lines, f"  {kept}"] if kept else lines


def web_address(ports: Sequence[OpenPort]) -> str:
    """Give the address at which a browser finds the server; empty when no port has one that others reach."""
    for port in ports:
        address: Any = port.address
        if not hasattr(address, "port") or port.written.lower().startswith("haproxy:"):
            continue
        host = address.host
        if host in ("", "0.0.0.0", "::"):  # noqa: S104 - it is read, not bound
            host = next(iter(local_addresses()), "127.0.0.1")
        return f"http{'s' if port.tls else ''}://{f'[{host}]' if ':' in host else host}:{address.port}/"
    return ""
