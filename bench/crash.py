#!/usr/bin/env python3
"""Kills the server again and again while people write, and looks whether anything that anybody saw was lost.

    bench/crash.py -n 200        a few minutes; the seed is printed, and `--seed` repeats its choices

Each life of the server ends by `kill -9` at a random moment: while all write in two rooms, while there are only
private messages (their numbers must not come back either), while it starts, while clients resume. After the last:

* every message that anybody saw is in the journal, under the number that was seen with it;
* the numbers in the journal rise, and none was ever seen with another event, private messages and new nicks included;
* whoever resumes has exactly the journal's list: no gap, nothing twice, in its order;
* what was acknowledged, and what was sent once more, is in the journal exactly once;
* no private message is on the disk.

Nothing listens on anything but 127.0.0.1.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kept import Kept, compare
from survivors import JsonSurvivor, Ledger, Resumer, Survivor, TextSurvivor, Whisperer

PATIENCE = 20.0
"""Seconds after which something that should have happened has not."""
LONGEST = 0.5
"""Seconds that a server lives at most, once it listens."""


class Crash:
    """One server that dies many times, and those who survive it."""

    def __init__(self, directory: Path, python: Path, seed: int, options: Sequence[str] = ()) -> None:
        self.data = directory / "data"
        self.log = directory / "log"
        self.ledger = ledger = Ledger()
        self.starts: list[float] = []
        """Seconds that the server took to start."""
        self.unborn = 0
        """Lives that ended before the server listened."""
        self._chance = chance = random.Random(seed)
        self._port = free_port(chance)
        lanchat, certificates = str(python.with_name("lanchat")), directory / "certs"
        subprocess.run([lanchat, "certs", "--name", "127.0.0.1", certificates], check=True, capture_output=True)
        self._command = [
            *(lanchat, "serve", "--port", f"tcp:{self._port}:interface=127.0.0.1", "--rate", "0"),
            *("--certificate", str(certificates / "server.pem"), "--data", str(self.data), *options),
        ]
        tls = ssl.create_default_context(cafile=certificates / "ca.pem")
        self.resumers = [Resumer("ada", ledger, chance), Resumer("bea", ledger, chance, tls)]
        self._survivors: list[Survivor] = [
            *self.resumers,
            JsonSurvivor("cem", ledger, chance),
            TextSurvivor("dan", ledger, chance),
            TextSurvivor("eve", ledger, chance),
            Whisperer("fay", "ada", ledger, chance),
        ]

    async def run(self, rounds: int) -> Kept:
        """Let the server die so often, and then come up once more for all to get what they miss; gives the journal."""
        for _ in range(rounds):
            self.ledger.life += 1
            if self.ledger.life % 12 == 5:
                await self._die_unborn()
            else:
                await self._die(quiet=self.ledger.life % 4 == 2)
        self.ledger.life += 1
        await self._settle()
        return Kept.read(self.data)

    # -- a life ----------------------------------------------------------------------------------------------

    async def _die_unborn(self) -> None:
        """Kill the server while it starts."""
        self.unborn += 1
        with self._server():
            await asyncio.sleep(self._chance.uniform(0.0, 0.6))

    async def _die(self, *, quiet: bool) -> None:
        """Kill the server while all write; in a ``quiet`` life nothing new is said but in private."""
        end = self._chance.uniform(0.15 if quiet else 0.0, LONGEST)
        drop = self._chance.uniform(0.0, end)
        with self._server() as server:
            await self._up(server)
            tasks, alive = self._wake(quiet=quiet)
            await asyncio.sleep(drop)
            if self._chance.random() < 0.5:
                self._chance.choice(self.resumers).drop()
            await asyncio.sleep(end - drop)
            if server.poll() is not None:
                self.ledger.wrong(f"the server ended by itself; see {self.log}")
            alive.clear()
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)

    async def _settle(self) -> None:
        """Start once more, wait until everybody has everything, and stop in peace."""
        with self._server() as server:
            await self._up(server)
            tasks, alive = self._wake(quiet=True)
            await self._until("all that was sent once more is acknowledged", self._all_acknowledged)
            for resumer in self.resumers:
                resumer.say_last()  # it is heard live, so everything before it is heard then
            await self._until("all have heard the last messages", self._all_have_heard)
            compare(Kept.read(self.data), self.ledger, self.resumers)
            alive.clear()
            self.ledger.stopping = True
            server.send_signal(signal.SIGTERM)
            await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)
            await self._until("the server has stopped", lambda: server.poll() is not None)

    def _all_acknowledged(self) -> bool:
        return all(resumer.inside and not resumer.pending for resumer in self.resumers)

    def _all_have_heard(self) -> bool:
        return self._all_acknowledged() and len({resumer.heard[-1] for resumer in self.resumers}) == 1

    def _wake(self, *, quiet: bool) -> tuple[list[asyncio.Task[None]], asyncio.Event]:
        alive = asyncio.Event()
        alive.set()
        for survivor in self._survivors:
            survivor.quiet = quiet
        return [asyncio.create_task(survivor.live(self._port, alive)) for survivor in self._survivors], alive

    # -- the server ------------------------------------------------------------------------------------------

    @contextmanager
    def _server(self) -> Iterator[subprocess.Popen[bytes]]:
        """A server that is killed at the end, if it is still there."""
        with self.log.open("ab") as log:
            server = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield server
        finally:
            server.kill()
            server.wait()

    async def _up(self, server: subprocess.Popen[bytes]) -> None:
        """Wait until it says how to join."""
        began, size = time.monotonic(), self.log.stat().st_size
        await self._until("the server is up", lambda: self._announced(server, size))
        self.starts.append(time.monotonic() - began)

    def _announced(self, server: subprocess.Popen[bytes], size: int) -> bool:
        if server.poll() is not None:
            raise SystemExit(f"crash: the server does not start; see {self.log}")
        with self.log.open("rb") as log:
            log.seek(size)
            return b"lanchat join" in log.read()

    async def _until(self, what: str, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                self.ledger.wrong(f"{what}: not within {PATIENCE:g} s")
                return
            await asyncio.sleep(0.01)


def free_port(chance: random.Random) -> int:
    """A port that nobody has, outside of the range from which the kernel gives clients theirs."""
    while True:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port := chance.randrange(20_000, 30_000)))
            except OSError:
                continue
            return port


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    environment = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "python"
    parser.add_argument("-n", "--rounds", type=int, default=200, help="how often the server is killed")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--directory", type=Path, help="an empty folder, which stays; a temporary one unless told")
    parser.add_argument("--python", type=Path, default=environment, help="the Python that has lanchat")
    parser.add_argument("--sync", default="full", choices=("full", "normal"))
    arguments = parser.parse_args()
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of each write to a server that is dead
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as temporary:
        directory = arguments.directory or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        crash = Crash(directory, arguments.python, arguments.seed, ["--sync", arguments.sync])
        print(f"seed {arguments.seed}", flush=True)
        began = time.monotonic()
        kept = asyncio.run(crash.run(arguments.rounds))
        compare(kept, crash.ledger, crash.resumers)
        report(crash, kept, time.monotonic() - began)
    return bool(crash.ledger.problems)


def report(crash: Crash, kept: Kept, seconds: float) -> None:
    ledger, shown = crash.ledger, 20
    deaths = ledger.life - 1
    print(
        f"killed {deaths} times ({crash.unborn} while starting), {ledger.drops} dropped connections; "
        f"{len(kept.events):,} events in the journal, {len(ledger.messages):,} messages and "
        f"{len(ledger.events):,} numbers seen; {ledger.again:,} sent once more that were said already; "
        f"start {statistics.median(crash.starts):.2f} s in the median, {crash.starts[-1]:.2f} s the last; "
        f"{seconds:.0f} s in all"
    )
    for problem in ledger.problems[:shown]:
        print(problem)
    if len(ledger.problems) > shown:
        print(f"… and {len(ledger.problems) - shown} more")
    print("something is wrong" if ledger.problems else "nothing was lost, nothing came twice")


if __name__ == "__main__":
    sys.exit(main())
