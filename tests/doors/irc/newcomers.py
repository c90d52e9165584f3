"""IRC clients that have only connected: what they say first is the test's."""

from __future__ import annotations

from tests.doors.irc.clients import Irc
from tests.network import Line, Network


class Newcomer(Irc):
    """A client that has said nothing yet, on a port of IRC's own: it may begin with anything."""

    def __init__(self, network: Network, *, host: str = "192.168.7.2", line: type[Line] = Line) -> None:
        self.wire = network.connect(host, line=line, through=network.factory.only("irc"))

    def comes_in(self, nick: str, *lines: str) -> list[str]:
        """Register between other lines, and give all that was answered."""
        return self.asks(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}", *lines)


def numerics(lines: list[str]) -> list[str]:
    """Give the second word of each line: the numeric or the command."""
    return [line.split(" ")[1] for line in lines]
