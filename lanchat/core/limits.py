"""What one client may cost: the numbers, the bucket that slows a flood, and who is let in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one server; 0 switches a limit off."""

    message: int = 4096
    """Bytes of one message, in UTF-8."""
    nick: int = 32
    """Characters of a nick."""
    room: int = 64
    """Characters of a room's name, with its #."""
    topic: int = 390
    """Characters of a topic, an away text or a reason."""
    rooms: int = 50
    """Rooms that one member is in at once."""
    backlog: int = 20
    """What was said last in a room, as far as those who come in are shown it; 0 is nothing."""
    rate: float = 2.0
    """Lines a second that one session may go on sending; a faster one is read more slowly."""
    burst: int = 10
    """Lines that come free after a silence."""
    sendq: int = 1 << 20
    """Bytes that wait for a slow reader."""
    handshake: float = 30.0
    """Seconds until a connection has to have a name."""
    silence: float = 120.0
    """Seconds without a word until a client is pinged; it is gone after half as many more."""
    clients: int = 10_000
    """Live connections in all."""
    per_address: int = 64
    """Live connections from one address; loopback is exempt."""
    upload: int = 100 << 20
    """Bytes of one file."""
    upload_member: int = 1 << 30
    """Bytes of all the files of one address: nicks can be changed."""
    upload_total: int = 10 << 30
    """Bytes of all files."""
    upload_keep: float = 7 * 86_400.0
    """Seconds for which a file is kept."""


class Bucket:
    """A token bucket that delays instead of refusing: it may go into debt, and says for how long.

    ``rate`` tokens a second, at most ``burst`` saved up.
    """

    __slots__ = ("_burst", "_moment", "_rate", "_tokens")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = self._tokens = float(max(burst, 1))
        self._moment = now

    def take(self, now: float, count: float = 1.0) -> float:
        """Take a token, or several, and give the seconds to wait before the next one may be taken (0.0: none)."""
        tokens = self._tokens + max(now - self._moment, 0.0) * self._rate  # a clock may be set back
        self._moment = now
        if tokens > self._burst:
            tokens = self._burst
        self._tokens = tokens = tokens - count
        return 0.0 if tokens >= 0.0 else -tokens / self._rate


class Admission:
    """Counts live connections, and says who is one too many.

    IPv6 hosts own a /64 each, so that is what is counted there.  Loopback is exempt from the limit for
    each address, and what has no address (a Unix socket) too.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._addresses: Counter[str] = Counter()
        self.live = 0

    def arrive(self) -> bool:
        """Count a connection, and say whether there was room for it."""
        self.live += 1
        return not self._limits.clients or self.live <= self._limits.clients

    def depart(self) -> None:
        """Count a connection that has ended."""
        self.live -= 1

    def identify(self, address: str) -> bool:
        """Count one of an address's connections, and say whether there was room for it."""
        network = network_of(address)
        if not network or not self._limits.per_address:
            return True
        self._addresses[network] += 1
        return self._addresses[network] <= self._limits.per_address

    def forget(self, address: str) -> None:
        """Count one of an address's connections as ended: once for each `identify`."""
        network = network_of(address)
        if network in self._addresses:
            self._addresses[network] -= 1
            if not self._addresses[network]:
                del self._addresses[network]


@lru_cache(4096)
def network_of(address: str) -> str:
    """Give what is counted for an address; nothing for one that is exempt."""
    try:
        host = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(host, IPv6Address):
        if host.ipv4_mapped is None:
            return "" if host.is_loopback else host.exploded[:19]
        host = host.ipv4_mapped
    return "" if host.is_loopback else str(host)
