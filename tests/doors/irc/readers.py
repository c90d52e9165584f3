"""Somebody who reads what was said before, in a room where it is known what that is."""

from __future__ import annotations

from tests.doors.irc.clients import Irc
from tests.network import Network

CAPS = "batch server-time message-tags draft/chathistory"


class Reader:
    """Somebody in #dev, where bob has said m3 to m8: event and text have the same number, and a second each.

    Event 1 is how bob came in, 2 how he came into #dev; 9 and 10 are the reader's.
    """

    def __init__(self, caps: str = CAPS, network: Network | None = None, said: int = 6) -> None:
        self.network = network or Network()
        self.bob = Irc(self.network, "bob")
        self.bob.says("JOIN #dev")
        self.times: dict[int, str] = {}
        for number in range(3, 3 + said):
            self.network.reactor.wait(1)
            self.times[number] = self.network.hub.stamp()
            self.bob.says(f"PRIVMSG #dev :m{number}")
        self.network.reactor.wait(1)
        self.irc = Irc(self.network, "alice", caps)
        self.irc.says("JOIN #dev")

    def asks(self, line: str) -> list[str]:
        """Give the answer to a CHATHISTORY."""
        return self.irc.asks(f"CHATHISTORY {line}")

    def numbers(self, line: str) -> list[int]:
        """Give the numbers of the messages in the answer, which is a batch."""
        self.irc.hears()
        self.irc.says(f"CHATHISTORY {line}")
        first, *rest, last = self.irc.reads()
        assert first.params[1:] == ["chathistory", "#dev"]
        assert last.params == [first.params[0].replace("+", "-")]
        assert {message.tags["batch"] for message in rest} <= {first.params[0][1:]}
        return [int(message.tags["msgid"]) for message in rest]
