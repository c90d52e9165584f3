"""How a server is reached: an endpoint, whom to believe to be it, and what to say when it does not work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from twisted.internet import endpoints
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.python import usage

from lanchat.client.endings import Ending, diagnose
from lanchat.client.known_servers import KnownServers
from lanchat.client.options import Address, Description
from lanchat.client.tls import KeyChecker, Trust, verified_by

_CONNECT = 15.0
"""Seconds for a connection to be made."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One server, and the way to it."""

    server: str
    endpoint: IStreamClientEndpoint
    diagnose: Callable[[BaseException], Ending]
    trust: Trust | None = None
    """What is known about its key, where trust on first use decides."""
    identity: Callable[[], str] = str
    """Gives who answers there and nobody else can: empty where that is not known."""
    private: bool = False
    """Whether nobody on the network can read what is sent."""


def reach(
    reactor: Any,
    target: Address | Description,
    known: KnownServers,
    *,
    tls: bool = False,
    ca: Path | None = None,
    fingerprint: str = "",
) -> Reach:
    """Find the way to a server.  Raises UsageError, and KeyRefused where there is no such CA."""
    server = str(target)
    make: Any = endpoints  # Twisted's endpoints have no types
    if isinstance(target, Description):
        if tls:
            raise usage.UsageError(f"--tls, --ca and --fingerprint go with HOST:PORT; {server} says itself how.")
        try:
            endpoint = make.clientFromString(reactor, target.text)
        except Exception as error:  # each kind of endpoint raises what it likes
            raise usage.UsageError(
                f"{server}: {error}. Write it as in tcp:room-1:5555 or unix:/run/chat.sock"
            ) from None
        local = target.text.startswith("unix:")
        believed = local or target.text.startswith("tls:")  # ssl: believes whomever, unless it is told otherwise
        return Reach(
            server,
            endpoint,
            lambda why: diagnose(why, server, tls=True),
            identity=lambda: server if believed else "",
            private=local or target.text.startswith(("tls:", "ssl:")),
        )
    # HostnameEndpoint loses the interface of a link-local address (fe80::1%eth0).
    connect = make.TCP6ClientEndpoint if "%" in target.host else make.HostnameEndpoint
    endpoint = connect(reactor, target.host, target.port, _CONNECT)
    host = target.host.partition("%")[0]
    if not tls:
        here = _is_this_machine(host)
        return Reach(
            server,
            endpoint,
            lambda why: diagnose(why, server),
            identity=lambda: f"plain:{server}" if here else "",
            private=here,
        )
    trust: Trust | None = None
    vouched = ""
    if ca is not None:
        creator = verified_by(ca, host)
        vouched = f"ca:{sha256(ca.read_bytes()).hexdigest()}:{server}"
    else:
        trust = Trust(known, server, fingerprint)
        creator = KeyChecker(host, trust.check)
    wrapped = make.wrapClientTLS(creator, endpoint, clock=reactor)
    return Reach(
        server,
        wrapped,
        lambda why: diagnose(why, server, tls=True, ca=str(ca)),
        trust,
        identity=trust.expect if trust is not None else lambda: vouched,
        private=True,
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
