"""IRC clients in memory: what is typed goes to the real door, what comes back is read as lines."""

from __future__ import annotations

from lanchat.doors.irc.message import Message, parse
from tests.network import Line, Network


class Irc:
    """One IRC client.  ``caps`` are the capabilities that it asks for."""

    def __init__(
        self, network: Network, nick: str, caps: str = "", *, host: str = "192.168.7.2", line: type[Line] = Line
    ) -> None:
        self.nick = nick
        self.wire = network.connect(host, line=line)
        asked = f"CAP LS 302\r\nCAP REQ :{caps}\r\n" if caps else ""
        ended = "CAP END\r\n" if caps else ""
        self.wire.sends(f"{asked}NICK {nick}\r\nUSER {nick} 0 * :{nick.title()}\r\n{ended}".encode())
        self.greeted = self.hears()
        """What came until the client was in."""

    def says(self, *lines: str) -> None:
        """Send lines, and wait until the server has done what they ask for."""
        self.wire.sends("".join([f"{line}\r\n" for line in lines]).encode())

    def hears(self) -> list[str]:
        """Give the lines that came since the last time."""
        data = self.wire.receives()
        assert data == b"" or data.endswith(b"\r\n")
        assert all(len(line.partition(b" ")[2] if line[:1] == b"@" else line) <= 510 for line in data.split(b"\r\n"))
        return data.decode().split("\r\n")[:-1]

    def reads(self) -> list[Message]:
        """Give the messages that came since the last time."""
        found = [parse(line) for line in self.hears()]
        assert None not in found
        return [message for message in found if message is not None]

    def asks(self, *lines: str) -> list[str]:
        """Send lines, and give the answers without what came before."""
        self.hears()
        self.says(*lines)
        return self.hears()


def host_of(network: Network, nick: str) -> str:
    """Give ``user@host`` of somebody who is there."""
    return network.hub.people.find(nick).mask.partition("!")[2]
