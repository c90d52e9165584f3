"""Where this machine can be reached, and what people type to get there.

Knows the tools people have (nc, telnet, ncat, openssl, socat, IRC clients, our own) and how each of them wants an
address written. Opens nothing and resolves nothing: the addresses come from the interfaces alone.
"""

from __future__ import annotations

import ipaddress
import os
import shlex
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import ifaddr
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress

__all__ = ["local_addresses", "ways_to_join"]

_WEB = ("a browser: http://{joined}/",)
_WEB_TLS = ("a browser: https://{joined}/",)
_TCP = (*_WEB, "nc {host} {port}", "telnet {host} {port}", "lanchat join {joined}")
_TLS = (
    *_WEB_TLS,
    "ncat --ssl {host} {port}",
    "openssl s_client -quiet -connect {joined}",
    "lanchat join --tls {joined}",
)


def local_addresses(adapters: Callable[[], Iterable[ifaddr.Adapter]] = ifaddr.get_adapters) -> list[str]:
    """Every address of this machine that others can reach, IPv4 first, in the order of the interfaces.

    Loopback is left out because nobody else can reach it, and link-local IPv6 because it needs a zone whose
    name differs on every machine. 169.254.x.y stays: two laptops on one cable have nothing else. Where the
    system does not tell (some sandboxes and phones), there are none: an address less in a greeting is no
    reason not to start.
    """
    try:
        found = [ip for adapter in adapters() for ip in adapter.ips]
    except OSError:
        return []
    hosts = [ip.ip if isinstance(ip.ip, str) else ip.ip[0] for ip in found]
    addresses = [ipaddress.ip_address(host) for host in dict.fromkeys(hosts)]
    reachable = [
        address
        for address in addresses
        if not address.is_loopback and not (address.version == 6 and address.is_link_local)
    ]
    return [str(address) for address in sorted(reachable, key=lambda address: address.version)]


_IRC = ("an IRC client: server {host}, port {port}",)
_IRC_TLS = ("an IRC client: server {host}, port {port}, with TLS",)
_TOOLS = {
    ("", False): _TCP,
    ("", True): _TLS,
    ("irc", False): _IRC,
    ("irc", True): _IRC_TLS,
    ("web", False): _WEB,
    ("web", True): _WEB_TLS,
}
"""By the door that a port is for (none: all of them), and whether it begins with TLS."""
_CLIENTS = {"irc": "an IRC client", "web": "a proxy for browsers"}
"""Who finds a way to a socket in the file system, on a port of their own."""


def ways_to_join(address: IAddress, *, tls: bool, door: str = "", local: Sequence[str] | None = None) -> list[str]:
    """The lines that people type to reach a port that listens at this address, best known tool first.

    ``address`` is what a listening port's ``getHost()`` says, ``tls`` whether that port begins with TLS,
    ``door`` which clients alone it is for, and ``local`` this machine's addresses (asked for when left out).
    A port that listens everywhere gets its lines once for each address, 127.0.0.1 only when there is no other.
    Empty for another kind of address.
    """
    if isinstance(address, UNIXAddress):
        return _unix(address, door)
    if not isinstance(address, IPv4Address | IPv6Address):
        return []
    templates = _TOOLS[door, tls]
    lines = []
    for host in _hosts(address.host, local):
        joined = f"[{host}]:{address.port}" if ":" in host else f"{host}:{address.port}"
        lines += [template.format(host=host, port=address.port, joined=joined) for template in templates]
    return lines


def _hosts(host: str, local: Sequence[str] | None) -> Sequence[str]:
    """The hosts behind the host a port listens on: itself, or all of them for a wildcard."""
    if host not in ("", "0.0.0.0", "::"):  # noqa: S104 - compared with, not bound to
        return [host]
    if local is None:
        local = local_addresses()
    if host != "::":  # "::" takes IPv4 as well, 0.0.0.0 takes nothing else
        local = [one for one in local if ":" not in one]
    return local or ["127.0.0.1"]


def _unix(address: UNIXAddress, door: str) -> list[str]:
    """The lines for a socket in the file system, quoted for a shell, by its full path.

    The full path, because whoever types the line stands in another directory than the server.
    """
    if not address.name:
        return []
    path = str(Path(os.fsdecode(address.name)).absolute())
    if door:
        return [f"{_CLIENTS[door]}: the socket {path}"]
    escaped = path.replace("\\", "\\\\").replace(":", "\\:")  # socat and Twisted share this rule
    return [
        f"nc -U {shlex.quote(path)}",
        f"socat - {shlex.quote(f'UNIX-CONNECT:{escaped}')}",
        f"lanchat join {shlex.quote(f'unix:{escaped}')}",
    ]
