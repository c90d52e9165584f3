"""Masks: who is meant by ``nick!user@host``, by ``account:NAME`` or ``address:192.168.7.0/24``.

And hosts that stand for addresses without telling them.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from lanchat.core.names import fold

Matcher = Callable[[str], object | None]
"""Holds a mask against a folded text: anything but None says that it fits."""
ACCOUNT = "account:"
"""Before the name of an account: whoever is logged in to it."""
ADDRESS = "address:"
"""Before an address or a network: whoever comes from there."""
_MAPPED = 96
"""Bits before an IPv4 address that is written as one of IPv6 (RFC 4291, section 2.5.5.2)."""
_PARTS = re.compile(r"([^!@]*)(?:!([^@]*))?(?:@(.*))?", re.DOTALL)


def cloak(secret: bytes, address: str) -> str:
    """Give the host by which others see an address: always the same for it, and of no use for finding it.

    ``secret`` is the server's own; without it the few addresses of a network cannot be tried one by one.
    """
    return hmac.digest(secret, address.encode(), "sha256").hex()[:8] + ".lan"


def whole(mask: str) -> str:
    """Give a mask all three parts: ``bob`` is ``bob!*@*``, ``*@host`` is ``*!*@host`` (RFC 2812, section 3.2.3).

    An account is one as it is, and so is a network in its shortest form.  Raises ValueError for what is no network.
    """
    if mask.lower().startswith(ACCOUNT):
        return ACCOUNT + mask[len(ACCOUNT) :]
    if mask.lower().startswith(ADDRESS):
        return ADDRESS + str(_network(mask[len(ADDRESS) :]))
    if "!" not in mask and "@" in mask:
        mask = f"*!{mask}"
    found = _PARTS.fullmatch(mask)
    nick, user, host = found.groups() if found else (mask, "", "")
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


def _network(typed: str) -> IPv4Network | IPv6Network:
    """Read a network as addresses are compared with it: without the name of a link, and IPv4 as such.

    Raises ValueError.
    """
    address, slash, size = typed.partition("/")
    network = ip_network(address.partition("%")[0] + slash + size, strict=False)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= _MAPPED:
        return ip_network(f"{mapped}/{network.prefixlen - _MAPPED}")
    return network


def matcher(mask: str) -> Matcher:
    """Give what says of a folded text whether a mask (``*`` is any text, ``?`` any character) fits, in whatever case.

    Between two stars the first place that fits is taken for good, which is always right; so the time that it takes
    is bounded by the product of the two lengths, whatever the mask is.
    """
    if mask.lower().startswith(ADDRESS):
        network = ip_network(mask[len(ADDRESS) :], strict=False)
        return lambda whom: (whom.startswith(ADDRESS) and ip_address(whom[len(ADDRESS) :]) in network) or None
    first, *rest = [re.escape(part).replace(r"\?", ".") for part in re.split(r"\*+", fold(mask))]
    middle = "".join([f"(?>.*?{part})" for part in rest[:-1]])
    last = f".*{rest[-1]}" if rest else ""
    return re.compile(f"{first}{middle}{last}", re.DOTALL).fullmatch


def fits(mask: str, whom: str) -> bool:
    """Say whether a mask fits, in whatever case."""
    return matcher(mask)(fold(whom)) is not None
