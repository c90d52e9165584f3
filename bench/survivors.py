"""Those who write while the server is killed, and what each of them saw.

All of them write numbered messages as fast as the server takes them, in two rooms. A number is in one message only,
so that what was seen can be looked up in the journal by its text.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

LOBBY, SECOND = ROOMS = ("#lobby", "#two")
NUMBERED = re.compile(r"\b(\w+-said-\d+)\b")
PRIVATE = "whispered"
"""Is in every private message, and may never be on the disk."""
WINDOW = 12
"""Messages of one client that are under way."""


@dataclass
class Ledger:
    """What was seen by anybody: the events by their numbers, the messages by theirs, and what was wrong about them."""

    events: dict[int, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    """Message to who saw it first, and in which life of the server."""
    problems: list[str] = field(default_factory=list)
    life: int = 0
    stopping: bool = False
    """Whether the server stops in peace."""
    journal: str = ""
    again: int = 0
    """Messages that were sent once more and had been said already."""
    drops: int = 0

    def saw(self, text: str, who: str) -> None:
        for message in NUMBERED.findall(text):
            self.messages.setdefault(message, f"{who} in life {self.life}")

    def numbered(self, event: dict[str, Any], who: str) -> None:
        """Note an event; its number may never have been another's."""
        told = json.dumps({key: value for key, value in event.items() if key != "ref"}, sort_keys=True)
        before = self.events.setdefault(event["id"], told)
        if before != told:
            self.wrong(f"{who}: number {event['id']} is {told}, and was {before}")

    def wrong(self, what: str) -> None:
        self.problems.append(f"life {self.life}: {what}")


class Survivor:
    """One who comes back whenever the connection ends, until the server is dead."""

    def __init__(self, nick: str, ledger: Ledger, chance: random.Random, tls: ssl.SSLContext | None = None) -> None:
        self.nick = nick
        self.ledger = ledger
        self.chance = random.Random(chance.random())
        self.said = 0
        self.quiet = False
        """Whether nothing new is said in the rooms."""
        self._tls = tls
        self._writer: asyncio.StreamWriter | None = None

    async def live(self, port: int, alive: asyncio.Event) -> None:
        """Be there as long as the server is alive; what it had sent is read to the end."""
        while alive.is_set():
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=self._tls, limit=1 << 24)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            self._writer = writer
            try:
                await self.visit(reader)
            except OSError:
                pass  # killed, or dropped by ourselves
            finally:
                self._writer = None
                writer.transport.abort()
            await asyncio.sleep(0.005)

    async def visit(self, reader: asyncio.StreamReader) -> None:
        raise NotImplementedError

    def drop(self) -> None:
        """Lose the connection, as a hotspot does."""
        if self._writer is not None:
            self.ledger.drops += 1
            self._writer.transport.abort()

    def message(self) -> str:
        """The next message of this one: nobody says the same ever again."""
        self.said += 1
        return f"{self.nick}-said-{self.said} ünd “{'x' * self.chance.randrange(60)}”"

    def _write(self, text: str) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(text.encode())

    async def _lines(self, reader: asyncio.StreamReader) -> AsyncIterator[str]:
        while (line := await reader.readline()).endswith(b"\n"):  # half a line was not seen
            yield line.decode()


class TextSurvivor(Survivor):
    """A person with nc: says some lines, waits for the answer to a ping, and goes on."""

    async def visit(self, reader: asyncio.StreamReader) -> None:
        self._write(f"{self.nick}\n/join {SECOND}\n")
        self._say()
        async for line in self._lines(reader):
            self.ledger.saw(line, self.nick)
            if line.startswith("-- pong"):
                if self.quiet:
                    await asyncio.sleep(0.01)
                self._say()

    def _say(self) -> None:
        lines = [] if self.quiet else [f"/say {self.chance.choice(ROOMS)} {self.message()}\n" for _ in range(WINDOW)]
        self._write("".join([*lines, "/ping\n"]))


class JsonSurvivor(Survivor):
    """A program without a memory: it comes in as new each time."""

    def __init__(self, nick: str, ledger: Ledger, chance: random.Random, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(nick, ledger, chance, tls)
        self.pending: dict[str, dict[str, str]] = {}
        """What was sent and is not acknowledged, by its reference."""
        self.inside = False
        self.since = 0
        """The newest event that was heard."""

    def hello(self) -> dict[str, Any]:
        self.pending.clear()
        self.since = 0
        return {}

    async def visit(self, reader: asyncio.StreamReader) -> None:
        self.inside = False
        self._send({"op": "hello", "nick": self.nick, "rooms": [SECOND], **self.hello()})
        async for line in self._lines(reader):
            event = json.loads(line)
            if event["event"] == "refused" and event["code"] == "nick-taken":
                await asyncio.sleep(0.02)
                return  # the connection that was dropped is not gone yet
            self.ledger.saw(line, self.nick)
            if "id" in event and event["event"] != "acknowledged":
                self.ledger.numbered(event, self.nick)
                if event["id"] <= self.since:
                    self.ledger.wrong(f"{self.nick} hears number {event['id']} after {self.since}: {event}")
                self.since = event["id"]
            for old in event.get("events", []):
                self.ledger.numbered(old, self.nick)
            self.hears(event)
            if self.inside:
                self._say()

    def hears(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "welcome":
                self.ledger.journal = self.ledger.journal or event["journal"]
                if event["journal"] != self.ledger.journal:
                    self.ledger.wrong(f"{self.nick}: journal {event['journal']} was {self.ledger.journal}")
            case "entered" if event["room"] == SECOND:
                self.inside = True
            case "refused":
                self.refused(event)
            case "closed" if not self.ledger.stopping:
                self.ledger.wrong(f"{self.nick}: {event}")
            case _:
                self.pending.pop(event.get("ref", ""), None)

    def refused(self, event: dict[str, Any]) -> None:
        self.ledger.wrong(f"{self.nick}: {event}")

    def next(self) -> dict[str, str] | None:
        """What to send next, without its reference; nothing when it is time to be quiet."""
        return None if self.quiet else {"op": "say", "room": self.chance.choice(ROOMS), "text": self.message()}

    def _say(self) -> None:
        while len(self.pending) < WINDOW and (command := self.next()):
            ref = f"{self.nick}{self.said}"
            self.pending[ref] = command
            self._send({**command, "ref": ref})

    def _send(self, command: dict[str, Any]) -> None:
        self._write(json.dumps(command, ensure_ascii=False) + "\n")


class Whisperer(JsonSurvivor):
    """Says nothing in any room: private messages and new nicks have numbers too, and are not kept."""

    def __init__(self, nick: str, to: str, ledger: Ledger, chance: random.Random) -> None:
        super().__init__(nick, ledger, chance)
        self._to = to

    def next(self) -> dict[str, str]:
        self.said += 1
        if self.said % 50 == 0:
            return {"op": "nick", "nick": f"{self.nick}_" if self.said % 100 else self.nick}
        return {"op": "msg", "nick": self._to, "text": f"{PRIVATE} {self.said}"}

    def refused(self, event: dict[str, Any]) -> None:
        if event["code"] not in ("no-such-nick", "behind", "same-nick"):  # the other comes back; so did this one
            super().refused(event)
        self.pending.pop(event.get("ref", ""), None)


class Resumer(JsonSurvivor):
    """A program that comes back with ``since``, and sends once more what was not acknowledged.

    It has what every person wants to have: each message of its rooms once, from when it first came in.
    """

    def __init__(self, nick: str, ledger: Ledger, chance: random.Random, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(nick, ledger, chance, tls)
        self.began = 0
        """The event with which it was in both rooms; 0 when it was never in."""
        self.heard: list[tuple[int, str, str]] = []
        """Number, room and text of the messages, in the order in which they came."""
        self.acknowledged: dict[str, int] = {}
        self.wanted: dict[str, str] = {}
        """Reference to text, of everything that was ever sent."""

    def hello(self) -> dict[str, Any]:
        who = {"client": f"{self.nick}'s very own, which nobody guesses"}
        if not self.began:
            super().hello()
            return who
        return {**who, "since": self.since, "journal": self.ledger.journal}

    def hears(self, event: dict[str, Any]) -> None:
        ref = event.get("ref", "")
        match event["event"]:
            case "said":
                self.heard.append((event["id"], event["room"], event["text"]))
                if ref:
                    self.pending.pop(ref)
                    self._acknowledge(ref, event["id"])
            case "acknowledged":
                self.ledger.again += 1
                self.pending.pop(ref)
                self._acknowledge(ref, event["id"])
            case "joined" if event["nick"] == self.nick and event["room"] == SECOND and not self.began:
                self.began = event["id"]
            case "missed":
                self.ledger.wrong(f"{self.nick} is told of a gap: {event}")
            case _:
                before = self.inside
                super().hears(event)
                if self.inside and not before:
                    self._send_again()

    def next(self) -> dict[str, str] | None:
        command = super().next()
        if command:
            self.wanted[f"{self.nick}{self.said}"] = command["text"]
        return command

    def say_last(self) -> None:
        """Say one thing more, although it is quiet."""
        self.quiet = False
        command = self.next()
        self.quiet = True
        assert command is not None
        ref = f"{self.nick}{self.said}"
        self.pending[ref] = command
        self._send({**command, "ref": ref})

    def _send_again(self) -> None:
        for ref, command in self.pending.items():
            self._send({**command, "ref": ref})

    def _acknowledge(self, ref: str, number: int) -> None:
        if self.acknowledged.setdefault(ref, number) != number:
            self.ledger.wrong(f"{self.nick}: {ref} is {number}, and was {self.acknowledged[ref]}")
