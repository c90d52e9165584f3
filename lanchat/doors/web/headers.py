"""What stands in heads: who is asked, who asks, and what browsers are told of every answer.

Nothing of another host is loaded, nothing that is not a file of ours is run, nobody puts our page into a frame of
theirs, and no page elsewhere reads what we answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_HOST = re.compile(
    r"(?:[a-z0-9._~-]{1,253}|\[[0-9a-f:.]{2,45}(?:%25[a-z0-9._~-]{1,32})?\])(?::[0-9]{1,5})?", re.IGNORECASE
)
"""A name or an address, and perhaps a port (RFC 3986, section 3.2)."""
_NEAR = re.compile(
    r"[0-9.]+|\[.*\]|[^.]+|.+\.(?:local|lan|home|home\.arpa|internal|intranet|corp|private|localdomain|localhost|fritz\.box)"
)
"""An address, or a name that means something in a local network alone (RFC 6762, appendix G; RFC 8375)."""
_PORTS = {"http": ":80", "https": ":443"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self'; "
    "connect-src 'self'{sockets}; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


def is_host(text: str) -> bool:
    """Say whether that can stand in a Host field."""
    return _HOST.fullmatch(text) is not None


def tokens(values: Iterable[str]) -> set[str]:
    """Give the words of a field that is a list, in small letters: ``Connection: keep-alive, Upgrade``."""
    return {word.strip().lower() for value in values for word in value.split(",")}


def is_same_origin(origin: str, host: str, name: str = "") -> bool:
    """Say whether a page of ``origin`` was loaded from ``host``, the one that it asks now, and ``host`` is us.

    The scheme may differ: a proxy that ends TLS speaks plainly with us.  Without TLS whoever has a domain can let it
    mean our address, and then their page is of the same origin as ours ("DNS rebinding").  So we go by addresses, by
    names that nobody can have in the public DNS, and by our own ``name``.
    """
    scheme, _, page = origin.lower().partition("://")
    port = _PORTS.get(scheme)
    host = host.lower()
    if port is None or not host or page.removesuffix(port) != host.removesuffix(port):
        return False
    called = host if host.endswith("]") else re.sub(r":[0-9]+$", "", host)
    return scheme == "https" or called == name.lower() or _NEAR.fullmatch(called) is not None


def guarding(host: str = "") -> Iterable[tuple[str, str]]:
    """Give the fields that every answer carries; ``host`` is whom the browser asked, and has been checked."""
    # In Safari before 15.4 'self' is no WebSocket.
    yield "Content-Security-Policy", _POLICY.format(sockets=f" ws://{host} wss://{host}" if host else "")
    yield from _ALWAYS
