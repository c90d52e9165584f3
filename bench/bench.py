#!/usr/bin/env python3
"""Puts loads on chat servers, one after the other and round and round, and prints medians.

  bench.py issue -r 5 -o out.jsonl           run all that lanchat has to reach, and print the table
  bench.py journal -r 5 -o out.jsonl         the same for the journal: on the disk and in memory, side by side
  bench.py irc -r 5 -o out.jsonl             the same for the IRC door, beside other IRC servers
  bench.py web -r 5 -o out.jsonl             the same for WebSockets, beside the text door
  bench.py run -s SERVERS -c LOADS -r N -o FILE      any servers, any loads
  bench.py table FILE... [--base SERVER] [--metric FIGURE,FIGURE]    all figures of each load
  bench.py targets FILE...                   the table of one of these again, from its file
  bench.py list                              the servers and the loads
  bench.py build                             compile and make the certificate (run and issue do it too)

LOADS and SERVERS are names with commas between them, `sparse*` is all that begin so, and
`tls:sparse100` is a load over TLS. Nothing listens on anything but 127.0.0.1.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import resource
import signal
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from machine import Calm, Record, crowded, far
from place import SOURCES, Place, SetupError
from runner import check_machine, run_one
from scenarios import SCENARIOS, TLS
from servers import SERVERS
from table import COLUMNS, MAIN, load, print_tables
from targets import TABLES, print_targets, table_of

Job = tuple[str, str]
"""A load and a server."""


def pick(words: str, names: Collection[str]) -> list[str]:
    """The names that a list such as `sparse*,lat200` means, in its order."""
    picked: dict[str, None] = {}
    for word in words.split(","):
        found = [name for name in names if name == word or (word[-1:] == "*" and name.startswith(word[:-1]))]
        if not found:
            raise SetupError(f"there is no {word!r}; `bench.py list` shows what there is")
        picked |= dict.fromkeys(found)
    return list(picked)


def jobs_of_run(arguments: argparse.Namespace) -> list[Job]:
    names = [*SCENARIOS, *(TLS + name for name in SCENARIOS)]
    servers = pick(arguments.servers or ",".join(TABLES["issue"].servers), SERVERS)
    return [(name, server) for name in pick(arguments.loads, names) for server in servers]


def jobs_of_table(arguments: argparse.Namespace) -> list[Job]:
    without = TABLES[arguments.command].loads()
    names = pick(arguments.loads, without) if arguments.loads else list(without)
    servers = pick(arguments.servers or ",".join(TABLES[arguments.command].servers), SERVERS)
    return [(name, server) for name in names for server in servers if server not in without[name]]


def possible(jobs: Iterable[Job], place: Place) -> list[Job]:
    """The jobs that this machine and these servers can do; says in one line what cannot be."""
    check_machine()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    done = []
    for name, server in jobs:
        if name.startswith(TLS) and not SERVERS[server].tls:
            continue
        if most != resource.RLIM_INFINITY and SCENARIOS[name.removeprefix(TLS)].clients + 200 > most:
            print(
                f"{name} left out: it needs more open files than `ulimit -Hn` allows ({most})",
                file=sys.stderr,
            )
            continue
        SERVERS[server].command(place, 0, False)  # raises SetupError before anything was run
        done.append((name, server))
    return done


def run(jobs: list[Job], arguments: argparse.Namespace, place: Place, calm: Calm) -> list[Record]:
    """Every job in turn, `reps` times; each run is written down at once, spoiled ones are repeated."""
    records = []
    with (place.work / "lock").open("w") as lock, arguments.out.open("a") as out:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError("another bench is running here, and two would spoil each other's figures") from None
        for rep in range(arguments.reps):
            for name, server in jobs:
                for attempt in range(arguments.attempts):
                    scenario = SCENARIOS[name.removeprefix(TLS)]
                    record = run_one(SERVERS[server], scenario, name.startswith(TLS), place, calm)
                    record["rep"] = rep
                    out.write(json.dumps(record) + "\n")
                    out.flush()
                    records.append(record)
                    print(rep, name, server, progress(record, scenario.mode, calm), file=sys.stderr, flush=True)
                    if settled(record, scenario.mode, attempt, calm):
                        break
    return records


def settled(record: Record, mode: str, attempt: int, calm: Calm) -> bool:
    """Whether there is nothing to gain from another attempt."""
    if "error" in record or mode in MAIN or not (far(record, calm) or crowded(record)):
        return True
    return attempt > 0 and not far(record, calm)


def progress(record: Record, mode: str, calm: Calm) -> str:
    figures = [f"{key}={record[key]:.4g}" for key in COLUMNS[mode] if key in record]
    weather = f"cross={record['cross_before']},{record['cross_after']}"
    spoiled = [word for word, found in (("FAR", far(record, calm)), ("CROWDED", crowded(record))) if found]
    return " ".join([*figures, weather, *spoiled, record.get("error", "").replace("\n", " ")])


def parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    calm = Calm()
    top = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    commands = top.add_subparsers(dest="command", required=True)
    environment = SOURCES.parent / ".venv" / "bin" / "python"
    python = environment if environment.exists() else Path(sys.executable)
    for name in (*TABLES, "run", "table", "targets", "list", "build"):
        command = commands.add_parser(name, description=__doc__, formatter_class=raw)
        command.add_argument("--work", type=Path, default=SOURCES / "work", help="directory for what is built")
        command.add_argument("--data", type=Path, help="folder for journals: its disk is measured [WORK/data]")
        command.add_argument("--python", type=Path, default=python, help="the Python that has lanchat")
        command.add_argument("--cross", type=float, default=calm.cross, help="how far the cores may be apart")
        if name in ("table", "targets"):
            command.add_argument("files", type=Path, nargs="+")
        if name == "table":
            command.add_argument("--base", default="inspircd", help="the server to divide by")
            command.add_argument("--metric", help="figures to show, commas between them")
        if name in (*TABLES, "run"):
            command.add_argument("-s", "--servers", help="in place of those of the table")
            command.add_argument("-c", "--loads", required=name == "run")
            command.add_argument("-r", "--reps", type=int, default=5)
            command.add_argument("-o", "--out", type=Path, default=Path("out.jsonl"), help="JSON lines, added to")
            command.add_argument("--patience", type=float, default=calm.patience, help="seconds to wait for calm")
            command.add_argument("--attempts", type=int, default=3, help="runs until one is not spoiled")
    return top


def do(arguments: argparse.Namespace) -> None:
    work = arguments.work.resolve()
    place = Place(work, arguments.python.absolute(), (arguments.data or work / "data").resolve())
    calm = Calm(cross=arguments.cross, patience=getattr(arguments, "patience", 0.0))
    match arguments.command:
        case "list":
            print("servers:", *SERVERS)
            print("loads:", *SCENARIOS)
        case "build":
            place.build()
        case "table":
            figures = arguments.metric.split(",") if arguments.metric else None
            print_tables(load(arguments.files), arguments.base, figures, calm)
        case "targets":
            records = load(arguments.files)
            print_targets(table_of(records), records, calm)
        case "run":
            jobs = jobs_of_run(arguments)
            place.build()
            run(possible(jobs, place), arguments, place, calm)
        case _:
            jobs = jobs_of_table(arguments)
            place.build()
            print_targets(TABLES[arguments.command], run(possible(jobs, place), arguments, place, calm), calm)


def terminated(_number: int, _frame: object) -> None:
    """Unwinds, so that the server and the generator that are running now are ended on the way out."""
    raise KeyboardInterrupt


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, terminated)
    try:
        do(parser().parse_args())
    except SetupError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: stopped; what was measured until now is in the file", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
