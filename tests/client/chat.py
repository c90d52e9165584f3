"""A server in memory, as small as it can be, with lines that drop wherever a test wants (docs/protocol.md)."""

from __future__ import annotations

import json
from typing import Any

from tests.client.peers import LIMITS, NOON, Joined, Peer


class Wire:
    """One connection: what is on its way in either direction, and the session at its end."""

    def __init__(self, chat: Chat, peer: Peer) -> None:
        self.chat = chat
        self.peer = peer
        self.nick = ""
        self.client = ""
        self.rooms: dict[str, None] = {}
        self._taken = 0
        self._unread = b""
        self._down = b""

    def up(self, most: int | None = None) -> int:
        """Let so many bytes arrive at the server; gives how many there were."""
        data = self.peer.transport.value()[self._taken :][:most]
        self._taken += len(data)
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self.chat.asked(self, json.loads(line))
        return len(data)

    def down(self, most: int | None = None) -> int:
        """Let so many bytes arrive at the client; gives how many there were."""
        data = self._down[:most]
        self._down = self._down[len(data) :]
        if data:
            self.peer.protocol.dataReceived(data)
        return len(data)

    def tells(self, event: str, **fields: Any) -> None:
        self._down += json.dumps({"event": event, **fields}).encode() + b"\n"

    def enters(self, room: str, ref: str = "") -> None:
        self.tells("entered", ref=ref, room=room, nick=self.nick, nicks=[self.nick], people=1)


class Chat:
    """The server: ``events`` is its journal."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.marks: dict[tuple[str, str], int] = {}
        self.sessions: list[Wire] = []

    def said_by(self, *nicks: str) -> list[str]:
        return [event["text"] for event in self.events if event["event"] == "said" and event["nick"] in nicks]

    def happens(self, event: str, origin: Wire | None = None, ref: str = "", **fields: Any) -> int:
        """Let something happen, and let everybody in the room hear it."""
        kept = {"event": event, "id": len(self.events) + 1, "time": NOON, **fields}
        self.events.append(kept)
        for session in self.sessions:
            if kept["room"] in session.rooms:
                session.tells(**kept, **({"ref": ref} if session is origin else {}))
        return len(self.events)

    def drops(self, wire: Wire, *, ghost: bool) -> None:
        """Let a line drop; a ``ghost`` stays until the server notices."""
        if not ghost:
            self.buries(wire)
        wire.peer.drops()

    def buries(self, wire: Wire) -> None:
        """Notice that a line has dropped."""
        if wire in self.sessions:
            self.sessions.remove(wire)
            for session in self.sessions:
                session.tells("quit", id=len(self.events), time=NOON, nick=wire.nick)

    def asked(self, wire: Wire, op: dict[str, Any]) -> None:
        """Do what a line asks for."""
        ref = op.get("ref", "")
        match op["op"]:
            case "hello" if any(session.nick == op["nick"] for session in self.sessions):
                wire.tells("refused", ref=ref, code="nick-taken", text="Taken.")
            case "hello":
                self._hello(wire, op)
            case "say" if (wire.client, ref) in self.marks:
                wire.tells("acknowledged", ref=ref, id=self.marks[wire.client, ref])
            case "say":
                number = self.happens("said", wire, ref, room=op["room"], nick=wire.nick, text=op["text"])
                self.marks[wire.client, ref] = number
            case "join":
                wire.tells("entered", ref=ref, room=op["room"], nick=wire.nick, nicks=[wire.nick], people=1)
            case "nick":
                wire.tells("refused", ref=ref, code="nick-taken", text="Taken.")
            case other:
                raise AssertionError(other)

    def _hello(self, wire: Wire, op: dict[str, Any]) -> None:
        wire.nick, wire.client = op["nick"], op["client"]
        newest = len(self.events)
        since = op.get("since") if op.get("journal") == "j" else None
        assert since is None or since <= newest
        if since is None:
            self.sessions.append(wire)
        wire.tells(
            "welcome", ref="hello", server="s", version="1", nick=wire.nick, people=1, limits=LIMITS, journal="j"
        )
        for room in ("#lobby", *op["rooms"]):
            wire.rooms[room] = None
            self.happens("joined", wire if since is None else None, "hello", room=room, nick=wire.nick)
            wire.enters(room, "hello")
            old = [event for event in self.events if event["event"] == "said" and event["room"] == room]
            if since is None and old:
                wire.tells("backlog", room=room, events=old)
        if since is not None:
            for event in self.events[since:]:
                if event["room"] in wire.rooms:
                    wire.tells(**event)
            self.sessions.append(wire)
            for room in wire.rooms:
                wire.enters(room)


def connected(chat: Chat, joined: Joined) -> Wire:
    """The next connection that a client makes."""
    while not joined.network.attempts:
        joined.clock.advance(0.25)
    return Wire(chat, joined.network.accepts())
