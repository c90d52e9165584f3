"""One run: start a server on core 0, put a load on it from core 1, end it, and say what was seen.

Only the server that was started here is ended, by its own process id, also when the run is interrupted.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from machine import Calm, Record, calib, commit_cost, quiet
from place import Place, SetupError
from scenarios import Scenario
from servers import Server, free_port

LONGEST_RUN = 240.0
"""Seconds until a run is given up."""


class StartError(Exception):
    """The server did not come up."""


def check_machine() -> None:
    if not {0, 1} <= os.sched_getaffinity(0):
        raise SetupError("two cores are needed: the server runs on core 0, the load on core 1")


@contextmanager
def running(server: Server, scenario: Scenario, tls: bool, place: Place) -> Iterator[tuple[int, int]]:
    """The server, pinned to core 0 and accepting connections: its port and its process id."""
    port = free_port()
    command = ["taskset", "-c", "0", *server.command(place, port, tls)]
    environment = {**os.environ, "ANNOUNCE": "1" if scenario.announce else "0"}
    if server.keeps:
        shutil.rmtree(place.data / server.name, ignore_errors=True)
        place.data.mkdir(parents=True, exist_ok=True)
    with (place.directory("logs") / f"{server.name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=place.work
        )
        try:
            _wait_for(port, process)
            time.sleep(0.3)  # Twisted loads some modules only with the first connection
            yield port, process.pid
        finally:
            process.terminate()
            try:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(3)
            finally:  # also after a second Ctrl-C; nothing happens to a process that has ended
                process.kill()
                process.wait()
                if server.keeps:
                    shutil.rmtree(place.data / server.name, ignore_errors=True)


def _wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise StartError(f"the server ended with {process.returncode}; see its log under logs/")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise StartError("the server does not listen; see its log under logs/")


def _load(server: Server, scenario: Scenario, tls: bool, place: Place, port: int, pid: int) -> Record:
    command = ["taskset", "-c", "1", str(place.generator), *scenario.command, "--port", str(port)]
    command += ["--server-pid", str(pid), "--dialect", server.dialect, "--label", server.name, *server.flags]
    if server.dialect == "irc":
        command += scenario.irc
    if tls:
        command.append("--tls")
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN, check=False)
    try:
        record = json.loads(done.stdout)
    except ValueError:
        return {"error": (done.stderr or done.stdout)[-300:]}
    if done.returncode:
        record["error"] = done.stderr[-300:] or f"the generator ended with {done.returncode}"
    if "core0_pct" in record:
        record["foreign_core0_pct"] = round(record["core0_pct"] - record["server_cpu_pct"], 1)
        record["foreign_core1_pct"] = round(record["core1_pct"] - record["gen_cpu_pct"], 1)
        record["rss_growth_kb"] = max(record["rss_traffic_kb"], record["rss_end_kb"]) - record["rss_after_kb"]
    return record


def run_one(server: Server, scenario: Scenario, tls: bool, place: Place, calm: Calm) -> Record:
    """One run once the machine is calm. `error` in the record says that its figures do not count."""
    before = quiet(place, calm)
    record: Record = {"server": server.name, "scenario": scenario.name, "tls": int(tls)}
    record |= {"foreign_before": round(before.busy, 3), "slow_before": round(before.slow, 3)}
    record |= {"cross_before": round(before.cross, 2), "cross_ns_before": before.cross_ns}
    if server.keeps:
        record["commit_us"] = commit_cost(place.data)
    try:
        with running(server, scenario, tls, place) as (port, pid):
            record |= _load(server, scenario, tls, place, port, pid)
    except (StartError, OSError, subprocess.SubprocessError) as error:
        record["error"] = str(error)[-300:]
    slow, cross, cross_ns = calib(place)
    return record | {"slow_after": round(slow, 3), "cross_after": round(cross, 2), "cross_ns_after": cross_ns}
