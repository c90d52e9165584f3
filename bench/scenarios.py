"""The loads: how many clients, how many of them speak, and how.

`sparseN`   one sender, one message at a time: each message is one send() a receiver, whatever the design.
`satN`      10 to 50 senders, 20 messages each under way; receivers delay their ACKs as real clients do.
`satqN`     the same with ACKs at once: takes Nagle's waits out of servers without TCP_NODELAY, so that
            they are bound by their CPU. The fair comparison.
`lat200`    50 messages a second into 200 clients, whether or not the server keeps up: the latency counts
            from when a message was due. `paced200` and `paced200x1000`: 300 and 1,000 a second.
`quiet10`   30 messages a second into 10 clients: each message is alone.
`connN`     connect and give a name; nobody is told where a server can do that. `join2000`: all are told.
`atonce2000` IRC: 2,000 have their welcome, and then all of them ask for the same room at once.
`stall…`    some of 200 clients stop reading.
"""

from __future__ import annotations

from dataclasses import dataclass

TLS = "tls:"
"""Before a scenario's name on the command line: the same over TLS."""


@dataclass(frozen=True)
class Scenario:
    """One load: the generator's mode and arguments."""

    name: str
    mode: str
    clients: int
    arguments: tuple[str, ...]
    irc: tuple[str, ...] = ()
    """What is added for a server that speaks IRC."""
    announce: bool = True
    """Whether everybody is told who joins (naive and the C limit can leave it)."""

    @property
    def command(self) -> list[str]:
        return [self.mode, "--clients", str(self.clients), *self.arguments]


def fanout(name: str, clients: int, arguments: str) -> Scenario:
    return Scenario(name, "fanout", clients, tuple(arguments.split()))


def latency(name: str, clients: int, arguments: str) -> Scenario:
    return Scenario(name, "latency", clients, tuple(arguments.split()))


def _all() -> list[Scenario]:
    scenarios = []
    for clients, senders in ((10, 10), (100, 20), (500, 50), (1000, 50)):
        busy = f"--senders {senders} --window 20 --secs 1.5 --warmup 0.6"
        scenarios += [
            fanout(f"sparse{clients}", clients, "--senders 1 --window 1 --secs 1.5 --warmup 0.3"),
            fanout(f"sat{clients}", clients, busy),
            fanout(f"satq{clients}", clients, f"{busy} --quickack"),
        ]
    stalling = "--senders 10 --window 20 --warmup 1 --quickack"
    quiet = {"irc": ("--nojoin",), "announce": False}
    return [
        *scenarios,
        latency("lat200", 200, "--senders 5 --rate 50 --secs 6 --warmup 1"),
        latency("quiet10", 10, "--senders 10 --rate 30 --secs 10 --warmup 1"),
        latency("paced200", 200, "--senders 20 --rate 300 --secs 3 --warmup 1"),
        latency("paced200x1000", 200, "--senders 50 --rate 1000 --secs 3 --warmup 1"),
        Scenario("conn2000", "connect", 2000, ("--conc", "64"), **quiet),
        Scenario("conn10000", "connect", 10000, ("--conc", "1000", "--quickack"), **quiet),
        Scenario("join2000", "connect", 2000, ("--conc", "64")),
        Scenario("atonce2000", "join", 2000, ("--conc", "500")),
        fanout("stall200", 200, f"{stalling} --stall 5 --secs 3"),
        fanout("stall200long", 200, f"{stalling} --stall 20 --secs 8"),
    ]


SCENARIOS = {scenario.name: scenario for scenario in _all()}
