"""The chat that everybody writes first with Twisted: encode and `sendLine`, once per recipient.

    python naive.py ENDPOINT         (ANNOUNCE=0: nobody is told who joins)

It is a peer in the table, not an example to follow.
"""

from __future__ import annotations

import os
import sys

from twisted.internet import endpoints, protocol, reactor
from twisted.protocols.basic import LineReceiver

ANNOUNCE = os.environ.get("ANNOUNCE", "1") == "1"


class Chat(LineReceiver):
    delimiter = b"\n"
    nick = None

    def connectionMade(self):
        self.sendLine(b"Welcome\r")

    def connectionLost(self, _reason):
        if self.factory.users.get(self.nick) is self:
            del self.factory.users[self.nick]

    def broadcast(self, text):
        for client in self.factory.users.values():
            if client is not self:
                client.sendLine(text.encode("utf-8"))

    def lineReceived(self, line):
        text = line.rstrip(b"\r").decode("utf-8")
        if self.nick is None:
            self.nick = text
            if ANNOUNCE:
                self.broadcast(f"* {text} joined\r")
            self.sendLine(f"* hello {text}\r".encode())
            self.factory.users[text] = self
        else:
            self.broadcast(f"<{self.nick}> {text}\r")


def failed(reason):
    reason.printTraceback()
    os._exit(1)


factory = protocol.Factory.forProtocol(Chat)
factory.users = {}
endpoints.serverFromString(reactor, sys.argv[1]).listen(factory).addErrback(failed)
reactor.run()
