#!/usr/bin/env python3
"""What logins cost those who chat meanwhile, and whether a failed one tells if there is such an account.

  .venv/bin/python bench/logins.py [--rounds 3] [--people 50] [--logins 200] [--rate 20] [--only crowd,failures]

crowd: so many people chat at a steady rate, then so many others log in at once with their passwords, each over a
connection of their own.  The latency of a message counts at each of the people, from the moment at which it was due.
failures: 40 wrong logins of each kind, in turn: a wrong password, no such account, an account without a password.

It starts a server that listens on 127.0.0.1 only, with a journal on the disk, and ends it.  Those who log in are a
process of their own.  Run by root, all of it goes before whatever else the machine does, and those who measure first.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

from serving import serving

from lanchat.stores.folder import JOURNAL

PASSWORD = "correct horse battery"
LONGEST = 120.0
"""Seconds in which all have to be in."""
QUIET = 6.0
"""Seconds of chat that are measured before anybody logs in."""
TRIES = 40
"""Wrong logins of each kind; one account takes five a minute."""
EACH = 5


def prioritize(niceness: int) -> None:
    """Go before others, if we may."""
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, niceness)


def hello(connection: socket.socket, **fields: object) -> None:
    connection.sendall(json.dumps({"op": "hello", **fields}).encode() + b"\n")


def until(connection: socket.socket, *events: str) -> dict[str, object]:
    """Read until one of these events comes."""
    with connection.makefile("rb") as lines:
        for line in lines:
            if line.startswith(b"{") and (heard := json.loads(line))["event"] in events:
                return heard
    raise SystemExit("the server closed a connection")


def prepare(folder: Path, logins: int) -> None:
    """Make the accounts: one is registered, the others are copies of it under other names, some without a password."""
    with serving(folder) as port, socket.create_connection(("127.0.0.1", port), 30) as one:
        hello(one, nick="first")
        one.sendall(json.dumps({"op": "register", "password": PASSWORD}).encode() + b"\n")
        until(one, "loggedin")
    names = [f"login{number}" for number in range(logins)]
    names += [f"{kind}{number}" for kind in ("wrong", "bare") for number in range(TRIES // EACH)]
    with closing(sqlite3.connect(folder / "data" / JOURNAL)) as connection, connection:
        (content,) = connection.execute("select content from account").fetchone()
        for name in names:
            account = {**json.loads(content), "name": name, "admin": False, "tokens": {}}
            if name.startswith("bare"):
                account["password"] = ""
            connection.execute("insert into account (folded, content) values (?, ?)", [name, json.dumps(account)])


# -- a crowd -----------------------------------------------------------------------------------------------------


class Listener(asyncio.Protocol):
    """One of those who chat: notes how late each message is."""

    def __init__(self, late: list[tuple[float, float]]) -> None:
        self._late = late
        self._rest = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if b'"due ' in line:
                due = float(line.partition(b'"due ')[2].partition(b'"')[0])
                self._late.append((due, now - due))
            elif b'"event":"ping"' in line:
                self.transport.write(b'{"op":"pong"}\n')


async def chat(port: int, people: int, rate: float, logins: int) -> dict[str, float]:
    """Chat, let the others log in, and give what came of it: seconds."""
    loop = asyncio.get_running_loop()
    late: list[tuple[float, float]] = []
    talkers = []
    for number in range(people):
        _, talker = await loop.create_connection(lambda: Listener(late), "127.0.0.1", port)
        talker.transport.write(json.dumps({"op": "hello", "nick": f"talker{number}"}).encode() + b"\n")
        talkers.append(talker)
    await asyncio.sleep(2)
    start, spoken = time.monotonic() + 0.1, 0
    others: asyncio.Task[tuple[float, float]] | None = None
    while others is None or not others.done():
        due = start + spoken / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        say = {"op": "say", "room": "#lobby", "text": f"due {due:.6f}"}
        talkers[spoken % people].transport.write(json.dumps(say).encode() + b"\n")
        spoken += 1
        if others is None and due > start + QUIET:
            others = asyncio.create_task(asyncio.wait_for(log_in(port, logins), LONGEST))
    began, ended = others.result()
    for talker in talkers:
        talker.transport.close()
    before = [each for due, each in late if start <= due < began]  # a backlog has those of the round before
    during = [each for due, each in late if began <= due < ended]
    found = {"all are in after, s": ended - began}
    for name, values in (("before", before), ("during", during)):
        for shown, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
            found[f"{name} {shown}, ms"] = at(values, part) * 1000
    return found


async def log_in(port: int, logins: int) -> tuple[float, float]:
    """Let the others log in, in a process of their own; give when that began, and when all were in."""
    words = [sys.executable, __file__, "--crowd", str(port), "--logins", str(logins)]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    began, ended = said.split()
    return float(began), float(ended)


def crowd(port: int, logins: int) -> None:
    """Log in, all at once; tell when that began, and when all were in."""
    prioritize(-5)
    people = [socket.create_connection(("127.0.0.1", port), LONGEST) for _ in range(logins)]
    time.sleep(0.5)
    print(time.monotonic(), flush=True)
    for number, each in enumerate(people):
        hello(each, nick=f"login{number}", password=PASSWORD)
    for each in people:
        heard = until(each, "welcome", "refused", "closed")
        if heard["event"] != "welcome":
            raise SystemExit(str(heard))
    print(time.monotonic(), flush=True)


# -- failures ----------------------------------------------------------------------------------------------------


def failures(port: int) -> dict[str, list[float]]:
    """Try wrong logins in turn; give the seconds that each took, of each kind."""
    took: dict[str, list[float]] = {}
    kinds = {"wrong password": "wrong{}", "no such account": "nobody{}", "no password": "bare{}"}
    for number in range(TRIES):
        for kind, name in kinds.items():
            with socket.create_connection(("127.0.0.1", port), 30) as one:
                hello(one, nick="x")
                began = time.monotonic()
                one.sendall(
                    json.dumps(
                        {"op": "login", "name": name.format(number // EACH), "password": "wrong horse battery"}
                    ).encode()
                    + b"\n"
                )
                heard = until(one, "refused")
                if heard["code"] != "bad-password":
                    raise SystemExit(str(heard))
                took.setdefault(kind, []).append(time.monotonic() - began)
    return took


def at(values: list[float], part: float) -> float:
    """The value below which such a part is."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--logins", type=int, default=200)
    options.add_argument("--rate", type=float, default=20.0)
    options.add_argument("--only", default="crowd,failures")
    options.add_argument("--data", type=Path, default=Path(__file__).parent / "work", help="where the journal is")
    options.add_argument("--crowd", type=int, default=0, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.crowd:
        crowd(asked.crowd, asked.logins)
        return
    prioritize(-10)
    asked.data.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.data, prefix="logins.") as name:
        folder = Path(name)
        prepare(folder, asked.logins)
        runs: list[dict[str, float]] = []
        for _ in range(asked.rounds if "crowd" in asked.only else 0):
            with serving(folder) as port:
                prioritize(-15)
                runs.append(asyncio.run(chat(port, asked.people, asked.rate, asked.logins)))
                prioritize(-10)
            print(", ".join(f"{name} {value:.1f}" for name, value in runs[-1].items()), flush=True)
        if runs:
            print(f"medians of {len(runs)} runs, {asked.people} people, {asked.logins} logins:")
            for name in runs[0]:
                print(f"  {name}: {statistics.median(run[name] for run in runs):.1f}")
        if "failures" in asked.only:
            with serving(folder) as port:
                took = failures(port)
            print(f"failed logins, {TRIES} of each, ms:")
            usual = statistics.median(took["wrong password"])
            for kind, values in took.items():
                low, middle, high = (each * 1000 for each in statistics.quantiles(values, n=4))
                ratio = middle / 1000 / usual
                print(f"  {kind}: median {middle:.1f}, quartiles {low:.1f} to {high:.1f}, ratio {ratio:.3f}")


if __name__ == "__main__":
    main()
