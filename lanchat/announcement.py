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
    """A port that listens: how it was written, where it is, whether it begins with TLS, and whom alone it is for."""

    written: str
    address: IAddress
    tls: bool
    door: str = ""

    @property
    def proxied(self) -> bool:
        """Whether a proxy stands before it, where clients find it."""
        return self.written.lower().startswith("haproxy:")

    @property
    def number(self) -> int:
        """The number that clients of TCP give; 0 for one that has none, or that only a proxy knows."""
        return 0 if self.proxied else getattr(self.address, "port", 0)


def announcement(
    name: str,
    ports: Sequence[OpenPort],
    *,
    certificate: bool,
    fingerprints: Sequence[str] = (),
    kept: str = "",
    wanted: str = "",
) -> list[str]:
    """Give the lines to print.

    ``certificate`` says that plain ports speak TLS too; ``fingerprints`` are those of the keys that are shown
    to clients: who joins for the first time compares them.  ``kept`` says what is kept, and where; ``wanted`` what
    should be done first.
    """
    ways: list[str] = []
    for port in ports:
        if port.proxied:
            ways.append(f"(through the proxy that stands before {port.written})")
        else:
            ways += [way for way in ways_to_join(port.address, tls=port.tls, door=port.door) if way not in ways]
    lines = [f"lanchat {__version__} on {name} is up. Join from this network with any of these:"]
    lines += [f"    {way}" for way in ways]
    if numbers := dict.fromkeys(str(port.number) for port in ports if port.number and not port.door):
        lines.append(f"  IRC clients may take port {' or '.join(numbers)} too.")
    if certificate:
        lines.append("  All of these speak TLS too: lanchat join --tls, ncat --ssl, openssl s_client.")
    lines += [f"  Key of this server: {fingerprint}" for fingerprint in dict.fromkeys(fingerprints)]
    return [*lines, *(f"  {line}" for line in (kept, wanted) if line)]


def web_address(ports: Sequence[OpenPort]) -> str:
    """Give the address at which a browser finds the server; empty when no port has one that others reach."""
    for port in ports:
        if port.door not in ("", "web") or not port.number:
            continue
        address: Any = port.address
        host = address.host
        if host in ("", "0.0.0.0", "::"):  # noqa: S104 - it is read, not bound
            host = next(iter(local_addresses()), "127.0.0.1")
        return f"http{'s' if port.tls else ''}://{f'[{host}]' if ':' in host else host}:{port.number}/"
    return ""
