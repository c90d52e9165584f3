"""People with accounts, and how their IRC clients log in."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from lanchat.doors.irc.door import IrcDoor
from tests.doors.irc.clients import Irc
from tests.doors.irc.newcomers import Newcomer
from tests.network import Network, SecureLine

PASSWORD = "correct horse"


def plain(name: str, password: str = PASSWORD, authorized: str = "") -> str:
    """Give what SASL PLAIN sends."""
    return base64.b64encode(f"{authorized}\0{name}\0{password}".encode()).decode()


def secure(network: Network, *, host: str = "192.168.7.2") -> Newcomer:
    """Connect somebody by TLS, who has said nothing yet."""
    return Newcomer(network, host=host, line=SecureLine)


class Device(Irc):
    """A client of somebody who has an account, and logs in by SASL over TLS."""

    def __init__(self, network: Network, name: str, caps: str = "", *, nick: str = "") -> None:
        self.nick = name
        self.wire = network.connect(line=SecureLine, through=network.factory.only("irc"))
        self.says("CAP LS 302", f"CAP REQ :sasl {caps}", f"NICK {nick or name}", f"USER {name} 0 * :{name.title()}")
        self.says("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(name)}", "CAP END")
        self.greeted = self.hears()


def doors(network: Network) -> Sequence[IrcDoor]:
    """Give the server's ends of the connections of IRC clients."""
    return [door for door in network.factory.doors if isinstance(door, IrcDoor)]
